// SPDX-License-Identifier: Apache-2.0
#define ALIGNPROOF_ISA fused_avx2
#include "dynamics/fused_kernel.hpp"
