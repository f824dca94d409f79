// SPDX-License-Identifier: Apache-2.0
// CSV files written here and read back; every way they can be wrong; bytes at random.
#include <alignproof/network/csv.hpp>

#include <unistd.h>
#include <zlib.h>

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

  CsvTable table(std::string_view bytes, const std::optional<std::string>& column = {}) const {
    std::ofstream(path, std::ios::binary) << bytes;
    return read_csv_table(path, {1, column});
  }

  /// What is said about the file; the message is one line that names it.
  std::string complaint(std::string_view bytes, std::size_t targets = 1,
                        const std::optional<std::string>& column = {}) const {
    std::ofstream(path, std::ios::binary) << bytes;
    try {
      read_csv_table(path, {targets, column});
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

std::string gzipped(const std::string& bytes) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// The same text in UTF-16, with a mark or without.
std::string in_utf16(std::string_view text, bool big_endian, bool mark) {
  std::string out = !mark ? "" : big_endian ? "\xfe\xff" : "\xff\xfe";
  for (char c : text) out += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
  return out;
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
    const auto separator = *rc::gen::element<std::string>(",", ";", "\t", ", ", " ;", " ", " \t ");
    const auto end = *rc::gen::element<std::string>("\n", "\r\n", "\n\n", "\r\n\n", "\r\n  \r\n");
    const auto header = *rc::gen::inRange(0, 4);
    const bool quoted = *rc::gen::arbitrary<bool>(), zipped = *rc::gen::arbitrary<bool>();
    const bool shortest = *rc::gen::arbitrary<bool>();
    std::string text = *rc::gen::element<std::string>(
        "", "\xef\xbb\xbf", "# made by a program of ours, in 2020; for a test of many words\n",
        "\n\r\n");
    const auto line = [&](auto&& field) {
      for (std::size_t j = 0; j < d + k; ++j) text += (j ? separator : "") + field(j);
      text += end;
    };
    if (header == 1) line([](std::size_t j) { return fmt::format("x{}", j); });
    if (header == 2) line([](std::size_t j) { return fmt::format("\"a,;\t \"\"{}\"\"\"", j); });
    if (header == 3) line([](std::size_t j) { return fmt::format("\"a\n{}\r\n\"", j); });
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i)
      line([&](std::size_t) {
        values.push_back(any_finite_double());
        const char* const mark = quoted ? "\"" : "";
        return mark +
               (shortest ? fmt::format("{}", values.back())
                         : fmt::format("{:+.17g}", values.back())) +
               mark;
      });
    if (*rc::gen::arbitrary<bool>()) text.erase(text.find_last_not_of("\r\n") + 1);
    const Data data = file.read(zipped ? gzipped(text) : text, k);
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
       {"0x10", "0x1p3", "1_0", "1e",    "--1", "+-1", "1 2", "1.2.3", "abc", "'1'",  "1#",
        "#1",   "1e+",   ".",   "-",     "?",   "nan", "NaN", "-nan",  "inf", "+inf", "-Infinity",
        "NA",   "null",  "$1",  "1'000", "1d5", "1%",  "(1)", "true",  "1:2", "=1"})
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
  CHECK_THAT(file.complaint("1\n"), Contains("line 1, number of columns = 1"));
  CHECK_THAT(file.complaint("1;2\t3\n"), Contains("column 1 = '1;2'") && Contains("tabs here"));
  CHECK_THAT(file.complaint("1;2,5\n"), Contains("column 2 = '2,5'") && Contains("no commas"));
  CHECK_THAT(file.complaint("a\tb\n1\t2\n\t\n"), Contains("line 3, column 1 = ''"));
  CHECK_THAT(file.complaint("1,2,\n3,4,\n"), Contains("line 1, column 3 = ''"));
  CHECK_THAT(file.complaint("1 2 3\n1  3\n"),
             Contains("line 2, number of columns = 2") && Contains("blanks"));
  CHECK_THAT(file.complaint("1,2\n", 2),
             Contains("number of columns = 2") && Contains("at least 3"));
  CHECK_THAT(file.complaint("1,2\n", static_cast<std::size_t>(-1)),
             Contains("number of columns = 2"));
  CHECK_THAT(file.complaint(""), Contains("number of samples") && Contains("= 0"));
  CHECK_THAT(file.complaint("# 1,2\n\n"), Contains("number of samples"));
  CHECK_THAT(file.complaint("a,b\n"), Contains("number of samples"));
  CHECK_THAT(file.complaint("1,\"2\n"), Contains("line 1, column 2 = '\"2") && Contains("closed"));
  CHECK_THAT(file.complaint(std::string_view("1,2\0\n", 5)), Contains("column 2 = '2\\x00'"));
  for (const char* cr : {"x,y\r1,2\r", "1,2\r3,4", "1,2\n3,4\r5,6\n", "1,2\r\r\n", "# c\r1,2\r"})
    CHECK_THAT(file.complaint(cr), Contains("line ends are CR"));
  for (const bool big_endian : {false, true})
    for (const bool mark : {false, true})
      CHECK_THAT(file.complaint(in_utf16("x1,x2,y\r\n0.5,1.25,1\r\n", big_endian, mark)),
                 Contains("UTF-16") && Contains(big_endian ? "big-endian" : "little-endian"));
  CHECK_THAT(file.complaint(std::string_view("\xff\xfe\0\0x\0\0\0", 8)), Contains("UTF-32"));
  CHECK_THAT(file.complaint("1," + std::string(100, 'z')),
             Contains("'" + std::string(40, 'z') + "'..."));
  CHECK_THROWS_WITH(read_csv(file.path, 0), Contains("outputs = 0"));
}

TEST_CASE("a sample is never taken for a header, nor a second header for a sample", "[csv]") {
  const TemporaryCsv file;
  for (const char* first :
       {"nan,nan", "NA,NA", "inf,-inf", "null,None", "x,1", "n/a,NaN", "True,False", "NaN(0x1),y"})
    CHECK_THAT(file.complaint(fmt::format("{}\n1,2\n", first)), Contains("line 1, column"));
  CHECK_THAT(file.complaint("a,b\na,b\n1,2\n"), Contains("line 2, column 1 = 'a'"));
  CHECK(file.read("\xc3\xa9,b\n1,2\n").X.rows() == 1);
  CHECK(file.read("\"a\nb\",\"c,\"\n1,2\n").X.rows() == 1);
}

TEST_CASE("a heading has names only: what looks like a number is none, nor in quotes", "[csv]") {
  const TemporaryCsv file;
  // A sign of typesetting, wide and Arabic digits, currency, hard and thin spaces, fractions.
  for (const char* odd : {"\xe2\x88\x92"
                          "0.5",
                          "\xef\xbc\x91", "\xd9\xa1",
                          "\xe2\x82\xac"
                          "1",
                          "\xc2\xa3"
                          "1",
                          "\xc2\xa0"
                          "1",
                          "1\xe2\x80\x89"
                          "000",
                          "\xc2\xbd",
                          "\xe2\x80\x93"
                          "1",
                          "\xc3\x97"
                          "2"})
    for (const char* line : {"{0},{0}\n1,2\n", "\"{0}\",\"{0}\"\n1,2\n", "{0};1\n", "a,{0}\n1,2\n"})
      CHECK_THAT(
          file.complaint(fmt::format(fmt::runtime(line), odd)),
          Contains("line 1, column") && Contains("U+") && Contains("a heading has names only"));
  CHECK_THAT(file.complaint("label,1x1,1x2\n5,0,1\n"),
             Contains("line 1, column 2 = '1x1'") && Contains("names only"));
  CHECK_THAT(file.complaint(",x,y\n0,1,2\n"), Contains("line 1, column 1 = ''"));
  CHECK_THAT(file.complaint("x,\n1,2\n"), Contains("line 1, column 2 = ''"));
  CHECK_THAT(file.complaint("\"1\",_b\n1,2\n"),
             Contains("line 1, column 2 = '_b'") || Contains("line 2, column 2 = '2'"));
  CHECK(file.read("\"0.5\",\"1\"\n\"2\",\"3\"\n").X.values == std::vector<double>{0.5, 2});
}

TEST_CASE("a comment stands above the table and is no sample", "[csv]") {
  const TemporaryCsv file;
  CHECK_THAT(file.complaint("x1,x2,y\n0.5,1.0,1\n#N/A,2.0,-1\n0.75,0.5,-1\n"),
             Contains("line 3") && Contains("#N/A,2.0,-1"));
  for (const char* lost : {"#N/A,2.0\n1,2\n", "#1,2\n1,2\n", "# 1,2\n1,2\n", "#DIV/0!;1\n1;2\n",
                           "1,2\n# end\n", "1,2\n#\n3,4\n", "a,b\n# c\n1,2\n", "# 1,x\na,b\n1,2\n"})
    CHECK_THAT(file.complaint(lost), Contains("comment = '"));
  const CsvTable table = file.table("# made by us, in 3 parts\n#\n## x\n\n a , b \n1,2\n3,4\n");
  CHECK(table.comments == 3);
  CHECK(table.names == std::vector<std::string>{"a", "b"});
  CHECK(table.data.X.rows() == 2);
  // numpy.savetxt(header=...) writes the heading as a comment.
  const CsvTable numpy = file.table("# a note\n# x1 x2 y\n1 2 3\n", "x1");
  CHECK(numpy.comments == 1);
  CHECK(numpy.names == std::vector<std::string>{"x1", "x2", "y"});
  CHECK(numpy.data.y.values == std::vector<double>{1});
}

TEST_CASE("the target is any column, by name or number", "[csv]") {
  const TemporaryCsv file;
  const std::string text = "label,a,b\n5,1,2\n6,3,4\n";
  for (const char* column : {"label", "1"}) {
    const CsvTable table = file.table(text, column);
    CHECK(table.data.X.values == std::vector<double>{1, 2, 3, 4});
    CHECK(table.data.y.values == std::vector<double>{5, 6});
    CHECK(table.data.options == fmt::format("--csv {} --target {}", file.path.string(), column));
  }
  CHECK(file.table(text, "2").data.X.values == std::vector<double>{5, 2, 6, 4});
  CHECK(file.table(text).data.y.values == std::vector<double>{2, 4});
  for (const char* column : {"0", "4", "-1", "1.0", "Label", "c", "", "+1", "1 "})
    CHECK_THAT(file.complaint(text, 1, column), Contains(fmt::format("= '{}'", column)) &&
                                                    Contains("from 1 to 3") &&
                                                    Contains("'label', 'a', 'b'"));
  CHECK_THAT(file.complaint("1,2\n", 1, "a"), Contains("no heading"));
  CHECK_THAT(file.complaint("label,1x1\n1,2\n", 1, "label"), Contains("column 2 = '1x1'"));
  CHECK_THAT(file.complaint("a,b,a\n1,2,3\n", 1, "a"), Contains("columns 1 and 3"));
  CHECK(file.table("a,b,a\n1,2,3\n", "3").data.y.values == std::vector<double>{3});
}

TEST_CASE("words in the target column are classes, sorted", "[csv]") {
  const TemporaryCsv file;
  const CsvTable table =
      file.table("5.1,3.5,setosa\n7,3.2,versicolor\n6,3,Virginica\n7,3,setosa\n");
  CHECK(table.classes == std::vector<std::string>{"Virginica", "setosa", "versicolor"});
  CHECK(table.target == "3");
  CHECK(table.data.y.shape == std::vector<std::size_t>{4, 3});
  CHECK(table.data.y.values == std::vector<double>{0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0});
  CHECK(table.data.X.values == std::vector<double>{5.1, 3.5, 7, 3.2, 6, 3, 7, 3});
  const CsvTable first = file.table("kind,a\n\"b, c\",1\na,2\n", "kind");
  CHECK(first.classes == std::vector<std::string>{"a", "b, c"});
  CHECK(first.data.y.values == std::vector<double>{0, 1, 1, 0});
  CHECK(first.target == "kind");
  CHECK_THAT(file.complaint("1,a\n2,b\n3,1\n"), Contains("line 3, column 2 = '1'"));
  CHECK_THAT(file.complaint("1,2\n2,b\n"), Contains("line 2, column 2 = 'b'"));
  CHECK_THAT(file.complaint("1,a\n2,b\n3,NA\n"), Contains("line 3, column 2 = 'NA'"));
  CHECK_THAT(file.complaint("1,a\n2,b\n3,\n"), Contains("line 3, column 2 = ''"));
  CHECK_THAT(file.complaint("1,a\n2,a\n"), Contains("at least 2 different words"));
  CHECK_THAT(file.complaint("x,y\n1,2\nred,3\n"),
             Contains("line 3, column 1 = 'red'") && Contains("only in the target, column 2"));
  CHECK_THAT(file.complaint("1,a,b\n2,b,a\n", 2),
             Contains("line 1, column 2 = 'a'") && Contains("one column is the target"));
  // pandas' heading of columns without names is no class.
  CHECK_THAT(file.complaint("0,1,2,species\n5,3,4,a\n6,2,4,b\n7,2,1,a\n"),
             Contains("line 1, class = 'species'"));
  CHECK(file.table("0,1,a\n1,0,b\n").classes.size() == 2);
  CHECK(file.table("0,1,2,a\n1,0,2,b\n1,1,1,a\n").classes.size() == 2);
  CHECK_THAT(file.complaint("1,a\n2," + std::string(101, 'b') + "\n"),
             Contains("line 2, column 2") && Contains("at most 100 bytes"));
  std::string many;
  for (std::size_t i = 0; i <= most_classes; ++i) many += fmt::format("1,c{}\n", i);
  CHECK_THAT(file.complaint(many), Contains("line 1001") && Contains("at most 1000"));
}

TEST_CASE("gzip is known by its bytes, whole and alone", "[csv]") {
  const TemporaryCsv file;
  const std::string one = gzipped("1,2\n3,"), two = gzipped("4\n5,6\n");
  CHECK(file.read(one + two).y.values == std::vector<double>{2, 4, 6});
  for (std::size_t size = 2; size < two.size(); ++size)
    CHECK_THAT(file.complaint(one + two.substr(0, size)), Contains("gzip data"));
  for (const char* more : {"\n", "1,2\n", "\x1f"})
    CHECK_THAT(file.complaint(one + two + more), Contains("gzip data"));
  CHECK_THAT(file.complaint(gzipped(two)), Contains("gzipped twice"));
  CHECK_THAT(file.complaint("PK\x03\x04"), Contains("zip"));
  CHECK_THAT(file.complaint("\x93NUMPY\x01"), Contains("--npy"));
  // 300 MB of zeros are some 300 KB: refused by what they unpack to, before all is unpacked.
  std::string bomb = gzipped(std::string(std::size_t{1} << 24, '\n')), bombs;
  for (int i = 0; i < 17; ++i) bombs += bomb;
  CHECK_THAT(file.complaint(bombs), Contains("more than 268435456 bytes") && Contains("unpacked"));
}

TEST_CASE("every line is a sample, a heading, a comment or blank", "[csv][property]") {
  const TemporaryCsv file;
  check_property("counted apart from the reader", [&file] {
    const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "1,2\n", "-3,4e5\r\n", "a,b\n", "x,y\r\n", "# c\n", "#\n", "\n", "  \n", "#N/A,2\n",
        "3,w\n", "4,v\n", "# p,q\n", "5,\n", "\"6\",7\n", "# 1,2\n"));
    std::string text;
    std::size_t filled = 0;
    for (const std::string& piece : pieces) {
      text += piece;
      filled += piece.find_first_not_of(" \r\n") != std::string::npos;
    }
    try {
      const CsvTable table = file.table(text);
      const bool heading = !table.names.empty();
      RC_ASSERT(table.data.X.rows() + table.comments + (heading ? 1 : 0) == filled);
    } catch (const InputError&) {
    }
  });
}

TEST_CASE("what is no file, or too large a one", "[csv]") {
  const TemporaryCsv file;
  CHECK_THROWS_WITH(read_csv(file.folder), Contains(file.folder.string()) && Contains("folder"));
  CHECK_THROWS_WITH(read_csv(file.folder / "absent"), Contains("absent") && Contains("exists"));
  CHECK_THROWS_WITH(read_csv(file.folder / "two\nlines"), Contains("two\\x0alines"));
  CHECK_THROWS_AS(read_csv(""), InputError);
  CHECK_THROWS_AS(read_csv(std::string(100000, 'x')), InputError);
  CHECK_THROWS_WITH(read_csv("/dev/null"), Contains("number of samples in /dev/null"));
  CHECK_THROWS_WITH(read_csv("/dev/zero"), Contains("more than 268435456 bytes"));
  fs::create_symlink("loop", file.folder / "loop");
  CHECK_THROWS_WITH(read_csv(file.folder / "loop"), Contains("loop of links"));
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
