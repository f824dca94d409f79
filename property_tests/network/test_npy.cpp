// SPDX-License-Identifier: Apache-2.0
// Arrays in every spelling that numpy has for them, and what is none that doubles hold.
#include <alignproof/network/npy.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

namespace {

using namespace alignproof;
using Catch::Contains;
using Shape = std::vector<std::size_t>;

std::string bytes_of(std::uint64_t bits, std::size_t size, bool big_endian) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(bits >> 8 * i & 0xff);
  if (big_endian) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

/// A file of this version around a header and data.
std::string file_of(const std::string& header, const std::string& data, int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  return bytes + bytes_of(header.size(), version == 1 ? 2 : 4, false) + header + data;
}

std::string header_of(const std::string& type, const std::string& shape, bool fortran = false) {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}   \n", type,
                     fortran ? "True" : "False", shape);
}

class Folder {
 public:
  std::string write(const std::string& name, const std::string& bytes) const {
    const std::string file = (folder_.path() / name).string();
    write_file(file, bytes);
    return file;
  }
  Array read(const std::string& bytes) const { return read_user_npy(write("a.npy", bytes)); }
  /// One line that names the file.
  std::string complaint(const std::string& bytes) const {
    try {
      read(bytes);
    } catch (const InputError& error) {
      CHECK_THAT(error.what(), Contains("a.npy") && !Contains("\n"));
      return error.what();
    }
    return "accepted";
  }

 private:
  test::TemporaryFolder folder_;
};

/// The one entry of a file of this type with these bits, if it is accepted.
std::optional<double> entry(const Folder& folder, const std::string& type, std::uint64_t bits) {
  const std::size_t size = static_cast<std::size_t>(type.back() - '0');
  const std::string bytes = file_of(header_of(type, "(1,)"), bytes_of(bits, size, type[0] == '>'));
  try {
    return folder.read(bytes).values.at(0);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

}  // namespace

TEST_CASE("every type of numbers that doubles hold is read exactly", "[npy][property]") {
  const Folder folder;
  check_property("integers of all sizes", [&] {
    const auto bits = *rc::gen::resize(1000, rc::gen::arbitrary<std::uint64_t>());
    const auto order = *rc::gen::element<std::string>("<", ">");
    for (const int size : {1, 2, 4, 8}) {
      const std::uint64_t kept = size == 8 ? bits : bits & ((std::uint64_t{1} << 8 * size) - 1);
      const std::int64_t with_sign = size == 1   ? static_cast<std::int8_t>(kept)
                                     : size == 2 ? static_cast<std::int16_t>(kept)
                                     : size == 4 ? static_cast<std::int32_t>(kept)
                                                 : static_cast<std::int64_t>(kept);
      const auto u = entry(folder, fmt::format("{}u{}", order, size), kept);
      const auto i = entry(folder, fmt::format("{}i{}", order, size), kept);
      // long double holds all of them.
      RC_ASSERT((u ? static_cast<long double>(*u) == static_cast<long double>(kept)
                   : static_cast<long double>(static_cast<double>(kept)) !=
                         static_cast<long double>(kept)));
      RC_ASSERT((i ? static_cast<long double>(*i) == static_cast<long double>(with_sign)
                   : static_cast<long double>(static_cast<double>(with_sign)) !=
                         static_cast<long double>(with_sign)));
    }
    const auto x = std::bit_cast<double>(bits);
    const auto f8 = entry(folder, order + "f8", bits);
    RC_ASSERT(f8.has_value() == std::isfinite(x));
    if (f8) RC_ASSERT(std::bit_cast<std::uint64_t>(*f8) == bits);
    const auto y = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    const auto f4 = entry(folder, order + "f4", bits & 0xffffffff);
    RC_ASSERT(f4.has_value() == std::isfinite(y));
    if (f4) RC_ASSERT(*f4 == static_cast<double>(y));
  });
  for (const auto& [bits, value] :
       std::vector<std::pair<std::uint64_t, double>>{{0x3c00, 1},
                                                     {0xc000, -2},
                                                     {0x7bff, 65504},
                                                     {1, 0x1p-24},
                                                     {0x03ff, 1023 * 0x1p-24},
                                                     {0x0400, 0x1p-14},
                                                     {0x3555, 0x1.554p-2},
                                                     {0, 0}})
    CHECK(entry(folder, "<f2", bits) == value);
  CHECK(std::signbit(*entry(folder, "<f2", 0x8000)));
  CHECK_FALSE(entry(folder, "<f2", 0x7c00));
  CHECK_FALSE(entry(folder, ">f2", 0x7e00));
  CHECK(entry(folder, "|b1", 1) == 1.0);
  CHECK_FALSE(entry(folder, "|b1", 2));
  CHECK(entry(folder, "|u1", 255) == 255.0);
  CHECK(entry(folder, "<i8", std::uint64_t{1} << 63) == -0x1p63);
  CHECK_FALSE(entry(folder, "<u8", ~std::uint64_t{0}));
  CHECK_FALSE(entry(folder, "<i8", (std::uint64_t{1} << 53) + 1));
  CHECK(entry(folder, "<i8", (std::uint64_t{1} << 53) + 2) == 0x1p53 + 2);
}

TEST_CASE("axes in Fortran's order, versions and spellings of the header", "[npy]") {
  const Folder folder;
  std::string data;
  for (std::uint64_t i = 0; i < 24; ++i) data += static_cast<char>(i);
  for (const int version : {1, 2, 3}) {
    const Array rows = folder.read(file_of(header_of("|u1", "(4, 6)"), data, version));
    CHECK(rows(2, 5) == 17);
    const Array columns = folder.read(file_of(header_of("|u1", "(4, 6)", true), data, version));
    CHECK(columns.shape == Shape{4, 6});
    CHECK(columns(2, 5) == 22);
    const Array cube = folder.read(file_of(header_of("|u1", "(2, 3, 4)", true), data, version));
    for (std::size_t i = 0; i < 24; ++i)
      CHECK(cube.values[i] == static_cast<double>(i / 12 + 2 * (i / 4 % 3) + 6 * (i % 4)));
  }
  for (const char* header :
       {"{'descr': '|u1', 'fortran_order': False, 'shape': (4L, 6L)}",
        "{\"shape\":(4,6),\"fortran_order\":False,\"descr\":\"|u1\"}\n",
        " { 'fortran_order' : False , 'shape' : ( 4 , 6 , ) , 'descr' : '|u1' , } "})
    CHECK(folder.read(file_of(header, data)).shape == Shape{4, 6});
}

TEST_CASE("what is no array of numbers is refused by what it is", "[npy]") {
  const Folder folder;
  const std::string eight(8, '\0');
  for (const auto& [type, cause] :
       std::vector<std::pair<std::string, std::string>>{{"|O", "objects"},
                                                        {"<c16", "complex"},
                                                        {"<U1", "texts"},
                                                        {"|S8", "texts"},
                                                        {"<M8[ns]", "times"},
                                                        {"<f16", "long doubles"},
                                                        {"<f3", "real numbers"},
                                                        {"f8", "byte order"},
                                                        {"=f8", "byte order"},
                                                        {"", "real numbers"}})
    CHECK_THAT(folder.complaint(file_of(header_of(type, "(1,)"), eight)),
               Contains(fmt::format("type of ")) && Contains(cause) && Contains("'" + type + "'"));
  CHECK_THAT(folder.complaint(file_of(
                 "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", eight)),
             Contains("records"));
  for (const char* header :
       {"", "{}", "{'descr': '<f8'}", "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 1}"})
    CHECK_THAT(folder.complaint(file_of(header, eight)), Contains("header of "));
  CHECK_THAT(folder.complaint(file_of(header_of("<f8", "(1,)"), eight.substr(1))),
             Contains("7 bytes") && Contains("truncated"));
  CHECK_THAT(folder.complaint(file_of(header_of("<f8", "(1,)"), eight + eight)),
             Contains("16 bytes") && Contains("overlong"));
  CHECK_THAT(folder.complaint(file_of(header_of("|u1", "(4294967296, 4294967296)"), eight)),
             Contains("shape of ") && Contains("entries"));
  CHECK_THAT(folder.complaint(file_of(header_of("<f8", "(1,)"), eight, 4)), Contains("= 4.0"));
  CHECK_THAT(folder.complaint(""), Contains("empty file"));
  CHECK_THAT(folder.complaint(std::string("PK\x03\x04 archive")), Contains(".npz"));
  CHECK_THAT(folder.complaint(std::string("\x80\x04\x95 pickle")), Contains("pickle"));
  CHECK_THAT(folder.complaint("1,2,3\n"), Contains("'1,2,3"));
  const std::string whole = file_of(header_of("<f8", "(1,)"), eight);
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_THROWS_AS(folder.read(whole.substr(0, size)), InputError);
  const auto nan = bytes_of(std::bit_cast<std::uint64_t>(std::nan("")), 8, false);
  CHECK_THAT(
      folder.complaint(file_of(header_of("<f8", "(2, 2)", true), eight + eight + nan + eight)),
      Contains("[0, 1] = nan") && Contains("finite"));
  CHECK_THAT(folder.complaint(file_of(header_of("<i8", "(1, 2)"),
                                      eight + bytes_of((std::uint64_t{1} << 53) + 1, 8, false))),
             Contains("[0, 1] = 9007199254740993") && Contains("2^53"));
  CHECK_THROWS_WITH(read_user_npy("/no/such.npy"), Contains("/no/such.npy") && Contains("exists"));
  CHECK_THROWS_WITH(read_user_npy("/tmp"), Contains("folder"));
}

TEST_CASE("X and y from arrays", "[npy]") {
  const Folder folder;
  const auto file = [&](const char* name, const char* shape, const std::string& data) {
    return folder.write(name, file_of(header_of("|u1", shape), data));
  };
  const std::string X = file("X.npy", "(2, 3)", {1, 2, 3, 4, 5, 6});
  const std::string y = file("y.npy", "(2,)", {7, 8});
  const Data data = read_npy_data(X, y);
  CHECK(data.X.shape == Shape{2, 3});
  CHECK(data.X.values == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(data.y.shape == Shape{2});
  CHECK(data.y.values == std::vector<double>{7, 8});
  CHECK(data.name == "npy X.npy y.npy, n=2 d=3");
  CHECK(data.options == "--npy " + X + " " + y);
  CHECK(read_npy_data(X, file("y1.npy", "(2, 1)", {7, 8})).y.shape == Shape{2});
  CHECK(read_npy_data(X, file("y2.npy", "(2, 2)", {7, 8, 9, 1})).y.shape == Shape{2, 2});
  CHECK_THROWS_WITH(read_npy_data(y, X), Contains("(2,)") && Contains("(n, d)"));
  CHECK_THROWS_WITH(read_npy_data(file("Z.npy", "(2, 1, 3)", {1, 2, 3, 4, 5, 6}), y),
                    Contains("(2, 1, 3)") && Contains("reshape"));
  for (const char* shape : {"(0, 3)", "(2, 0)"})
    CHECK_THROWS_WITH(read_npy_data(file("E.npy", shape, ""), y), Contains(shape));
  CHECK_THROWS_WITH(read_npy_data(X, file("y3.npy", "(3,)", {7, 8, 9})),
                    Contains("(3,)") && Contains("2 samples"));
  CHECK_THROWS_WITH(read_npy_data(X, file("y4.npy", "(2, 0)", "")), Contains("(2, 0)"));
  CHECK_THROWS_WITH(read_npy_data(X, file("y5.npy", "()", {7})), Contains("()"));
  CHECK_THROWS_WITH(read_npy_data("/dev/null", "/dev/null"), Contains("twice"));
}
