# SPDX-License-Identifier: Apache-2.0
# What the library needs; also included by the installed package configuration.
find_package(Boost 1.81 REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)

find_library(ALIGNPROOF_MPFR_LIBRARY mpfr REQUIRED)
find_library(ALIGNPROOF_GMP_LIBRARY gmp REQUIRED)
if(NOT TARGET alignproof_mpfr)
  add_library(alignproof_mpfr INTERFACE IMPORTED)
  set_target_properties(alignproof_mpfr PROPERTIES
    INTERFACE_LINK_LIBRARIES "${ALIGNPROOF_MPFR_LIBRARY};${ALIGNPROOF_GMP_LIBRARY}")
endif()
