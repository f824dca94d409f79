# SPDX-License-Identifier: Apache-2.0
# One set of compiler settings for every target of the project.
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

add_library(alignproof_settings INTERFACE)
target_compile_features(alignproof_settings INTERFACE cxx_std_20)
target_compile_options(alignproof_settings INTERFACE -Wall -Wextra
  # Whoever adds an activation, a rule, a penalty or a kind of certificate is led to every place
  # that must know it, in every build: a switch names all enumerators, behind a default as well.
  -Werror=switch -Werror=switch-enum
  # g++ 12 warns of impossible lengths inside its own std::string and vector (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<BOOL:${ALIGNPROOF_WERROR}>:-Werror>)
if(ALIGNPROOF_SANITIZE)
  target_compile_options(alignproof_settings INTERFACE
    -fsanitize=${ALIGNPROOF_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(alignproof_settings INTERFACE -fsanitize=${ALIGNPROOF_SANITIZE})
endif()
