// SPDX-License-Identifier: Apache-2.0
// CSV files written here and read back; every way they can be wrong; bytes at random.
#include <alignproof/network/csv.hpp>

#include <unistd.h>

#include <bit>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "property.hpp"

namespace {

using namespace alignproof;
namespace fs = std::filesystem;
using Catch::Contains;

/// A file in a folder of its own, gone at the end of the scope.
class TemporaryCsv {
 public:
  TemporaryCsv() {
    std::string name = (fs::temp_directory_path() / "alignproof-csv-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    folder = name;
    path = folder / "table.csv";
  }
  ~TemporaryCsv() { fs::remove_all(folder); }
  TemporaryCsv(const TemporaryCsv&) = delete;
  TemporaryCsv& operator=(const TemporaryCsv&) = delete;

  Data read(std::string_view bytes, std::size_t targets = 1) const {
    std::ofstream(path, std::ios::binary) << bytes;
    return read_csv(path, targets);
  }

  /// What is said about the file; the message is one line that names it.
  std::string complaint(std::string_view bytes, std::size_t targets = 1) const {
    try {
      read(bytes, targets);
    } catch (const InputError& error) {
      const std::string message = error.what();
      CHECK(message.find(path.string()) != std::string::npos);
      CHECK(message.find('\n') == std::string::npos);
      return message;
    }
    return "accepted";
  }

  fs::path folder, path;
};

double any_finite_double() {
  const auto bits = *rc::gen::resize(1000, rc::gen::arbitrary<std::uint64_t>());
  const auto value = std::bit_cast<double>(bits);
  return std::isfinite(value) ? value : 0.1;
}

/// The same bits; -0 is not 0.
bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace

TEST_CASE("a table of doubles is read back as written", "[csv][property]") {
  const TemporaryCsv file;
  check_property("every separator, line end, header and spelling", [&file] {
    const auto n = *rc::gen::inRange<std::size_t>(1, 6), d = *rc::gen::inRange<std::size_t>(1, 5),
               k = *rc::gen::inRange<std::size_t>(1, 4);
    const auto separator = *rc::gen::element<std::string>(",", ";", "\t", ", ", " ;");
    const auto end =
        *rc::gen::element<std::string>("\n", "\r\n", "\n\n", "\n# comment\n", "\r\n  \r\n");
    const auto header = *rc::gen::inRange(0, 3);
    const bool shortest = *rc::gen::arbitrary<bool>();
    std::string text = *rc::gen::element<std::string>("", "\xef\xbb\xbf", "# 1,2;3\n", "\n\r\n");
    const auto line = [&](auto&& field) {
      for (std::size_t j = 0; j < d + k; ++j) text += (j ? separator : "") + field(j);
      text += end;
    };
    if (header == 1) line([](std::size_t j) { return fmt::format("x{}", j); });
    if (header == 2) line([](std::size_t j) { return fmt::format("\"a,;\t \"\"{}\"\"\"", j); });
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i)
      line([&](std::size_t) {
        values.push_back(any_finite_double());
        return shortest ? fmt::format("{}", values.back()) : fmt::format("{:+.17g}", values.back());
      });
    if (*rc::gen::arbitrary<bool>()) text.erase(text.find_last_not_of("\r\n") + 1);
    const Data data = file.read(text, k);
    RC_ASSERT((data.X.shape == std::vector<std::size_t>{n, d}));
    RC_ASSERT(data.y.shape ==
              (k == 1 ? std::vector<std::size_t>{n} : std::vector<std::size_t>{n, k}));
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < d + k; ++j)
        RC_ASSERT(same(values[i * (d + k) + j], j < d ? data.X(i, j) : data.y(i * k + j - d)));
  });
}

TEST_CASE("name and options of a table", "[csv]") {
  const TemporaryCsv file;
  const Data data = file.read("1,2,3\n");
  CHECK(data.name == "csv table.csv, n=1 d=2");
  CHECK(data.options == "--csv " + file.path.string() + " --outputs 1");
  CHECK(file.read("1,2,3\n", 2).name == "csv table.csv, n=1 d=1 k=2");
  const fs::path odd = file.folder / "it's 1.csv";
  std::ofstream(odd) << "1,2";
  CHECK(read_csv(odd).options == "--csv '" + file.folder.string() + "/it'\\''s 1.csv' --outputs 1");
}

TEST_CASE("numbers are rounded once, whatever their spelling", "[csv]") {
  const TemporaryCsv file;
  const Data data = file.read("+1,.5,1.,1E5,5e-324,2.4703282292062328e-324,-0,0e999,0.1,7\n");
  CHECK(data.X.values == std::vector<double>{1, 0.5, 1, 1e5, 0x1p-1074, 0x1p-1074, 0, 0, 0.1});
  CHECK(std::signbit(data.X(6)));
  const std::string long_digits = "0." + std::string(1000, '3');
  CHECK(file.read(long_digits + ",1\n").X(0) == 1.0 / 3);
}

TEST_CASE("each malformed table is refused where it is wrong", "[csv]") {
  const TemporaryCsv file;
  for (const char* bad :
       {"0x10", "1_0", "1e", "--1", "+-1", "1 2",  "1.2.3", "abc",  "\"1\"",     "1#", "#1",
        "1e+",  ".",   "-",  "nan", "NaN", "-nan", "inf",   "+inf", "-Infinity", "NA"})
    CHECK_THAT(file.complaint(fmt::format("a,b\n1,2\n\n3,{}\n", bad)),
               Contains(fmt::format("line 4, column 2 = '{}' is not accepted", bad)));
  for (const char* bad : {"1e400", "-1e400", "1e-400", "1.8e308", "1e99999999999999999999"})
    CHECK_THAT(file.complaint(fmt::format("{},2\n", bad)),
               Contains(fmt::format("line 1, column 1 = '{}'", bad)) && Contains("range"));
  CHECK_THAT(file.complaint("1,2\n1,\n"), Contains("line 2, column 2 = ''") && Contains("empty"));
  CHECK_THAT(file.complaint("1,2\n,2\n"), Contains("line 2, column 1 = ''"));
  CHECK_THAT(file.complaint("1,2\n1,2,3\n"),
             Contains("line 2, number of columns = 3 ('1,2,3')") && Contains("2 as in line 1"));
  CHECK_THAT(file.complaint("\na,b\n1\n"), Contains("line 3, number of columns = 1"));
  CHECK_THAT(file.complaint("1;2\n1,2\n"), Contains("line 2, number of columns = 1"));
  CHECK_THAT(file.complaint("1,5;2,5\n"), Contains("column 1 = '1,5'"));
  CHECK_THAT(file.complaint("1 2\n"), Contains("line 1, number of columns = 1"));
  CHECK_THAT(file.complaint("1,2\n", 2),
             Contains("number of columns = 2") && Contains("at least 3"));
  CHECK_THAT(file.complaint("1,2\n", static_cast<std::size_t>(-1)),
             Contains("number of columns = 2"));
  CHECK_THAT(file.complaint(""), Contains("number of samples") && Contains("= 0"));
  CHECK_THAT(file.complaint("# 1,2\n\n"), Contains("number of samples"));
  CHECK_THAT(file.complaint("a,b\n"), Contains("number of samples"));
  CHECK_THAT(file.complaint("1,\"2\n"), Contains("column 2 = '\"2'") && Contains("closed"));
  CHECK_THAT(file.complaint(std::string_view("1,2\0\n", 5)), Contains("column 2 = '2\\x00'"));
  CHECK_THAT(file.complaint("1,2\r3,4\r"),
             Contains("column 2 = '2\\x0d3'") || Contains("number of columns"));
  CHECK_THAT(file.complaint("1," + std::string(100, 'z')),
             Contains("'" + std::string(40, 'z') + "'..."));
  CHECK_THROWS_WITH(read_csv(file.path, 0), Contains("outputs = 0"));
}

TEST_CASE("a sample is never taken for a header, nor a second header for a sample", "[csv]") {
  const TemporaryCsv file;
  for (const char* first : {"nan,nan", "NA,NA", "inf,-inf", "null,None", "x,1", "1,x", "n/a,NaN"})
    CHECK_THAT(file.complaint(fmt::format("{}\n1,2\n", first)), Contains("line 1, column"));
  CHECK_THAT(file.complaint("x,\n1,2\n"), Contains("line 1, column 1 = 'x'"));
  CHECK_THAT(file.complaint("a,b\na,b\n1,2\n"), Contains("line 2, column 1 = 'a'"));
  CHECK(file.read("\"1\",_b\n1,2\n").X.rows() == 1);
  CHECK(file.read("\xc3\xa9,b\n1,2\n").X.rows() == 1);
}

TEST_CASE("what is no file, or too large a one", "[csv]") {
  const TemporaryCsv file;
  CHECK_THROWS_WITH(read_csv(file.folder), Contains(file.folder.string()) && Contains("folder"));
  CHECK_THROWS_WITH(read_csv(file.folder / "absent"), Contains("absent") && Contains("exists"));
  CHECK_THROWS_WITH(read_csv(file.folder / "two\nlines"), Contains("two\\x0alines"));
  CHECK_THROWS_AS(read_csv(""), InputError);
  CHECK_THROWS_AS(read_csv(std::string(100000, 'x')), InputError);
  CHECK_THROWS_AS(read_csv("/dev/null"), InputError);
  std::ofstream(file.path) << "1,2\n";
  fs::resize_file(file.path, largest_csv + 1);  // a hole, no bytes on disk
  CHECK_THROWS_WITH(read_csv(file.path), Contains("268435457 bytes"));
}

TEST_CASE("no bytes make read_csv do anything but read or refuse", "[csv][property]") {
  const TemporaryCsv file;
  const auto survives = [&file](const std::string& bytes, std::size_t targets) {
    try {
      const Data data = file.read(bytes, targets);
      RC_ASSERT(data.X.rows() > 0u);
      RC_ASSERT(data.X.values.size() == data.X.rows() * data.X.cols());
      RC_ASSERT(data.y.values.size() == data.X.rows() * targets);
      for (double x : data.X.values) RC_ASSERT(std::isfinite(x));
      for (double y : data.y.values) RC_ASSERT(std::isfinite(y));
    } catch (const InputError& error) {
      for (const char* c = error.what(); *c; ++c) RC_ASSERT(static_cast<unsigned char>(*c) >= 0x20);
    }
  };
  check_property("bytes at random", [&] { survives(*rc::gen::arbitrary<std::string>(), 1); });
  check_property("characters of tables at random", [&] {
    const auto characters =
        rc::gen::elementOf(std::string("0123456789..--+eE,,,;\t\n\n\r\"#xnaif \xff"));
    survives(*rc::gen::container<std::string>(characters), *rc::gen::inRange<std::size_t>(1, 3));
  });
  check_property("a table with one byte changed, left out or put in", [&] {
    std::string bytes = "a,\"b\",c\r\n1,2.5,-3e5\r\n# c\r\n\r\n4,5,6e-7\r\n";
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    const auto byte = *rc::gen::arbitrary<char>();
    const int how = *rc::gen::inRange(0, 3);
    if (how == 0) bytes[at] = byte;
    if (how == 1) bytes.erase(at, 1);
    if (how == 2) bytes.insert(at, 1, byte);
    survives(bytes, *rc::gen::inRange<std::size_t>(1, 3));
  });
}
