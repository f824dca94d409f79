// SPDX-License-Identifier: Apache-2.0
// `alignproof` itself: our claims alone.
#include <alignproof/command/run.hpp>

void alignproof::bring(Suite&) {}
