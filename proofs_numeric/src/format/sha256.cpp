// SPDX-License-Identifier: Apache-2.0
// SHA-256 by OpenSSL's libcrypto.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/sha256.hpp>

#include <array>
#include <stdexcept>

#include <openssl/evp.h>

#include <fmt/format.h>

#include <alignproof/format/files.hpp>

namespace alignproof::inline format {

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1 ||
      length != 32)
    throw std::runtime_error("libcrypto did not compute a SHA-256");
  return fmt::format("{:02x}", fmt::join(digest.data(), digest.data() + length, ""));
}

std::string sha256_of_file(const std::filesystem::path& file) {
  return sha256(read_file(file));
}

}  // namespace alignproof::inline format
