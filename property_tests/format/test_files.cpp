// SPDX-License-Identifier: Apache-2.0
// A file is read whole or not at all.
#include <filesystem>
#include <string>

#include <unistd.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
namespace fs = std::filesystem;

TEST_CASE("all bytes of a file are read", "[format]") {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "bytes";
  // About the block in which it is read.
  for (const std::size_t size : {0u, 1u, 65535u, 65536u, 65537u, 200000u}) {
    std::string bytes(size, '\0');
    for (std::size_t k = 0; k < size; ++k) bytes[k] = static_cast<char>(k * 7 + k / 256);
    write_file(file, bytes);
    CHECK(read_file(file) == bytes);
  }
}

TEST_CASE("a reading that fails on the way yields no prefix", "[format]") {
  // Opens, but the first page of memory cannot be read.
  if (fs::exists("/proc/self/mem")) CHECK_THROWS_AS(read_file("/proc/self/mem"), InputError);
  CHECK_THROWS_AS(read_file("/"), InputError);
  const test::TemporaryFolder folder;
  CHECK_THROWS_AS(read_file(folder.path() / "missing"), InputError);
  fs::create_symlink("loop", folder.path() / "loop");
  CHECK_THROWS_AS(read_file(folder.path() / "loop"), InputError);
  CHECK_THROWS_AS(read_file(folder.path() / std::string(300, 'x')), InputError);
}
