// SPDX-License-Identifier: Apache-2.0
#define ALIGNPROOF_ISA fused_avx512
#include "dynamics/fused_kernel.hpp"
