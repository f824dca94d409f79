// SPDX-License-Identifier: Apache-2.0
// RapidCheck inside Catch2 2.13: the one place where either is included.
#pragma once

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
