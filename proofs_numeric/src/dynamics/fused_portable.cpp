// SPDX-License-Identifier: Apache-2.0
#define ALIGNPROOF_ISA fused_portable
#include "dynamics/fused_kernel.hpp"
