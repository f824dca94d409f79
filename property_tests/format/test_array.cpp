// SPDX-License-Identifier: Apache-2.0
// Arrays in .npy files: exact, readable by numpy, and strict about everything else.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/format/array.hpp>
#include <alignproof/format/files.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

Array arbitrary_array() {
  Array array(*rc::gen::container<std::vector<std::size_t>>(*rc::gen::inRange<std::size_t>(0, 4),
                                                            rc::gen::inRange<std::size_t>(0, 6)));
  for (double& value : array.values) {
    value = std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>());
    if (!std::isfinite(value)) value = -0.0;
  }
  return array;
}

/// A .npy file by hand: the format as numpy's documentation states it.
std::string npy(const std::string& dictionary, const std::vector<double>& values) {
  const std::string header = dictionary + "\n";
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size() % 256);
  bytes += static_cast<char>(header.size() / 256);
  bytes += header;
  const std::size_t data = bytes.size();
  bytes.resize(data + 8 * values.size());
  if (!values.empty()) std::memcpy(&bytes[data], values.data(), 8 * values.size());
  return bytes;
}

class Reader {
 public:
  Array read(const std::string& bytes) const {
    write_file(folder_.path() / "a.npy", bytes);
    return read_npy(folder_.path() / "a.npy");
  }
  std::string written(const Array& array) const {
    write_npy(folder_.path() / "a.npy", array);
    return read_file(folder_.path() / "a.npy");
  }

 private:
  test::TemporaryFolder folder_;
};

std::string good_dictionary(const std::string& shape) {
  return "{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }";
}

}  // namespace

TEST_CASE("an array reads back bit for bit", "[format][array][property]") {
  const Reader file;
  check_property("any shape, any finite entries", [&] {
    const Array array = arbitrary_array();
    const Array back = file.read(file.written(array));
    RC_ASSERT(back.shape == array.shape);
    for (std::size_t i = 0; i < array.values.size(); ++i)
      RC_ASSERT(std::bit_cast<std::uint64_t>(back.values[i]) ==
                std::bit_cast<std::uint64_t>(array.values[i]));
  });
}

TEST_CASE("the bytes are those of numpy", "[format][array][property]") {
  const Reader file;
  Array array({2, 3});
  array(1, 2) = 1.5;
  const std::string bytes = file.written(array);
  CHECK(bytes.size() == 128 + 6 * 8);
  CHECK(bytes ==
        npy(good_dictionary("(2, 3)") + std::string(128 - 10 - 59 - 1, ' '), {0, 0, 0, 0, 0, 1.5}));
  check_property("the data start at a multiple of 64 bytes",
                 [&] { RC_ASSERT(file.written(arbitrary_array()).find('\n') % 64 == 63u); });
}

TEST_CASE("headers other than those written are rejected", "[format][array]") {
  const Reader file;
  const std::vector<double> two = {1, 2};
  CHECK(file.read(npy(good_dictionary("(2,)"), two)).values == two);
  for (const std::string& dictionary :
       {good_dictionary("(2)"),
        good_dictionary("(2, )"),
        good_dictionary("(02,)"),
        good_dictionary("(+2,)"),
        good_dictionary("(-2,)"),
        good_dictionary("(2.0,)"),
        good_dictionary("(2,),"),
        good_dictionary("[2]"),
        good_dictionary("(1,2)"),
        good_dictionary("(1, 2,)"),
        good_dictionary("(1, 2"),
        good_dictionary("(,2)"),
        good_dictionary("(18446744073709551618,)"),
        good_dictionary("(2,)") + "x",
        std::string("{'descr': '>f8', 'fortran_order': False, 'shape': (2,), }"),
        std::string("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"),
        std::string("{'descr': '<f8', 'fortran_order': True, 'shape': (2,), }"),
        std::string("{'fortran_order': False, 'descr': '<f8', 'shape': (2,), }"),
        std::string("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }"),
        std::string()}) {
    INFO(dictionary);
    CHECK_THROWS_AS(file.read(npy(dictionary, two)), InputError);
  }
}

TEST_CASE("a size that is not that of the header is rejected", "[format][array][property]") {
  const Reader file;
  for (const char* shape :
       {"(1,)", "(3,)", "(0,)", "()", "(2, 2)", "(1152921504606846978,)",
        "(4294967296, 4294967296)", "(2, 9223372036854775808, 2)", "(0, 18446744073709551615)"})
    CHECK_THROWS_AS(file.read(npy(good_dictionary(shape), {1, 2})), InputError);
  check_property("every truncation and every addition", [&] {
    const std::string bytes = file.written(arbitrary_array());
    const auto length = *rc::gen::inRange<std::size_t>(0, bytes.size());
    RC_ASSERT_THROWS_AS(file.read(bytes.substr(0, length)), InputError);
    RC_ASSERT_THROWS_AS(file.read(bytes + std::string(1 + length % 9, '\0')), InputError);
  });
}

TEST_CASE("other versions of the format are rejected", "[format][array]") {
  const Reader file;
  std::string bytes = file.written(Array({2}));
  for (std::size_t place : {0u, 1u, 6u, 7u}) {
    std::string changed = bytes;
    ++changed[place];
    CHECK_THROWS_AS(file.read(changed), InputError);
  }
}

TEST_CASE("NaN and infinity are rejected, and the message says where", "[format][array]") {
  const Reader file;
  const double infinity = std::numeric_limits<double>::infinity();
  for (double bad : {infinity, -infinity, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_AS(file.read(npy(good_dictionary("(2,)"), {1, bad})), InputError);
    Array array({2});
    array(1) = bad;
    CHECK_THROWS_AS(file.written(array), InputError);
  }
  CHECK_THROWS_WITH(file.read(npy(good_dictionary("(2,)"), {1, infinity})),
                    Catch::Contains("a.npy: entry 1 = inf"));
}

TEST_CASE("an array whose shape does not count its values is not written", "[format][array]") {
  const Reader file;
  CHECK_THROWS_AS(file.written(Array()), InputError);  // shape () has one entry
  Array array({2, 2});
  array.values.pop_back();
  CHECK_THROWS_AS(file.written(array), InputError);
  CHECK_THROWS_AS(Array({std::size_t{1} << 40, std::size_t{1} << 40}), InputError);
}
