// SPDX-License-Identifier: Apache-2.0
// SHA-256 against the examples of FIPS 180-2 and between memory and file.
#include <filesystem>
#include <string>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

TEST_CASE("published examples", "[format][sha256]") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("the hash of a file is the hash of its bytes", "[format][sha256][property]") {
  const test::TemporaryFolder folder;
  check_property("any bytes, zeros and newlines included", [&] {
    const std::string bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    write_file(folder.path() / "bytes", bytes);
    RC_ASSERT(sha256_of_file(folder.path() / "bytes") == sha256(bytes));
  });
  CHECK_THROWS_AS(sha256_of_file(folder.path() / "missing"), InputError);
}
