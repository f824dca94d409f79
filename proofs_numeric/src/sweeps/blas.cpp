// SPDX-License-Identifier: Apache-2.0
#include "sweeps/blas.hpp"

#include <cstdlib>

#include <dlfcn.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/limits.hpp>
#include <alignproof/dynamics/fused.hpp>

namespace alignproof::inline sweeps {

namespace {

constexpr const char* library = "libopenblas.so.0";
/// What it maps for one thread. Without it, it ends the program with a status of its own.
constexpr double needed_memory = 300e6;

/// Its own name of the kernels for these instructions.
const char* core_of(Instructions instructions) {
  switch (instructions) {
    case Instructions::portable:
      return "Prescott";
    case Instructions::avx2:
      return "Haswell";
    case Instructions::avx512:
      return "SkylakeX";
  }
  return "";
}

template <class Function>
Function* function(void* handle, const char* name) {
  void* const found = dlsym(handle, name);
  if (!found) throw InputError("OpenBLAS", library, std::string("one that has ") + name);
  return reinterpret_cast<Function*>(found);
}

Blas load() {
  require_memory(needed_memory, "OpenBLAS", "more memory for the products of classifiers");
  setenv("OPENBLAS_NUM_THREADS", "1", 1);  // it reads them as it is loaded
  if (const auto chosen = chosen_instructions()) setenv("OPENBLAS_CORETYPE", core_of(*chosen), 1);
  void* const handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    throw InputError(
        "OpenBLAS", std::string("'") + library + "'",
        std::string("a library that can be loaded (Debian: libopenblas0); ") + dlerror());
  // Another part of the program may have loaded it before, with its threads.
  function<decltype(openblas_set_num_threads)>(handle, "openblas_set_num_threads")(1);
  return {function<decltype(cblas_sgemm)>(handle, "cblas_sgemm"),
          function<decltype(openblas_get_corename)>(handle, "openblas_get_corename")()};
}

}  // namespace

const Blas& blas() {
  static const Blas loaded = load();
  return loaded;
}

}  // namespace alignproof::inline sweeps
