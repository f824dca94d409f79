// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/provenance.hpp>

#include <nlohmann/json.hpp>

#include <fmt/format.h>
#include <openssl/opensslv.h>

#ifndef ALIGNPROOF_VERSION
#error "the build system defines ALIGNPROOF_VERSION"
#endif

namespace alignproof::inline core {

std::string version() {
  return ALIGNPROOF_VERSION;
}

std::vector<std::pair<std::string, std::string>> build_versions() {
  return {
    {"alignproof", version()},
#if defined(__clang__)
        {"compiler", "clang " __clang_version__},
#else
        {"compiler", "g++ " __VERSION__},
#endif
        {"nlohmann-json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                      NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
        {"fmt",
         fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
    {
      "openssl", OPENSSL_VERSION_TEXT
    }
  };
}

}  // namespace alignproof::inline core
