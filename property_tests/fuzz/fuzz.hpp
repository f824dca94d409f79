// SPDX-License-Identifier: Apache-2.0
// What every harness uses: a property that stops the fuzzer, a reader that may refuse, a file in
// memory.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

#include <alignproof/core/error.hpp>

namespace alignproof::fuzz {

/// Ends the program, and libFuzzer keeps the input, unless `held`.
inline void require(bool held, const char* property) {
  if (held) return;
  std::fprintf(stderr, "property violated: %s\n", property);
  std::abort();
}

/// One line that people can read, however large and hostile the input.
inline void require_readable(const char* message) {
  constexpr std::size_t longest = 1000;
  const std::string_view text(message);
  if (text.size() > longest)
    std::fprintf(stderr, "message of %zu bytes: %.200s ...\n", text.size(), message);
  require(text.size() <= longest, "a message has at most 1000 bytes");
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    require(byte >= 0x20 && byte != 0x7f, "a message has no control characters");
  }
}

/// What `read` returns, or nothing where it throws an InputError. Any other exception ends the
/// program.
template <class Read>
auto accepted(const Read& read) -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const InputError& error) {
    require_readable(error.what());
    return std::nullopt;
  }
}

/// A file that readers of paths can open, but that is on no disk.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("fuzz", 0)) {
    if (descriptor_ < 0) throw std::runtime_error("memfd_create failed");
    path_ = "/proc/self/fd/" + std::to_string(descriptor_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }

  const std::filesystem::path& holding(std::string_view bytes) const {
    const auto size = static_cast<ssize_t>(bytes.size());
    if (ftruncate(descriptor_, 0) != 0 ||
        pwrite(descriptor_, bytes.data(), bytes.size(), 0) != size)
      throw std::runtime_error("a file in memory cannot be written");
    return path_;
  }

 private:
  int descriptor_;
  std::filesystem::path path_;
};

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace alignproof::fuzz
