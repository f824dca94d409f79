// SPDX-License-Identifier: Apache-2.0
// IDX files written here and read back, plain and gzipped; every way they can be damaged; the
// two-class problem against its definition.
#include <alignproof/network/idx.hpp>

#include <unistd.h>
#include <zlib.h>

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <fstream>
#include <string>

#include <alignproof/core/error.hpp>

#include "../property.hpp"

namespace {

using namespace alignproof;
namespace fs = std::filesystem;
using Catch::Contains;
using Bytes = std::vector<std::uint8_t>;

/// A folder of its own, gone at the end of the scope.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "alignproof-idx-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  fs::path operator/(const std::string& name) const { return path_ / name; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void write_plain(const fs::path& file, const Bytes& bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
}

void write_gz(const fs::path& file, const Bytes& bytes) {
  const gzFile out = gzopen(file.c_str(), "wb");
  REQUIRE(out);
  if (!bytes.empty())
    REQUIRE(gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size())) ==
            static_cast<int>(bytes.size()));
  REQUIRE(gzclose(out) == Z_OK);
}

Bytes contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

void append_big_endian(Bytes& bytes, std::uint32_t value) {
  for (int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

Bytes with_header(const std::vector<std::uint32_t>& header, const Bytes& data) {
  Bytes bytes;
  for (auto word : header) append_big_endian(bytes, word);
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

Bytes image_bytes(const ImageSet& set) {
  return with_header({0x803, static_cast<std::uint32_t>(set.count()),
                      static_cast<std::uint32_t>(set.rows), static_cast<std::uint32_t>(set.cols)},
                     set.pixels);
}

Bytes label_bytes(const ImageSet& set) {
  return with_header({0x801, static_cast<std::uint32_t>(set.count())}, set.labels);
}

bool same(const ImageSet& a, const ImageSet& b) {
  return a.rows == b.rows && a.cols == b.cols && a.pixels == b.pixels && a.labels == b.labels;
}

/// Six images of 2 x 3 and three classes.
ImageSet example() {
  ImageSet set{2, 3, {}, {7, 1, 1, 7, 4, 7}};
  for (int i = 0; i < 36; ++i) set.pixels.push_back(static_cast<std::uint8_t>(i * i * 37 + i));
  return set;
}

/// The example as files "images" and "labels", with damage done by the test.
struct Files {
  TemporaryFolder folder;
  ImageSet set = example();
  fs::path images = folder / "images", labels = folder / "labels";

  Files() {
    write_plain(images, image_bytes(set));
    write_plain(labels, label_bytes(set));
  }

  void must_reject(const fs::path& culprit, const std::string& value) const {
    try {
      read_idx(images, labels);
      FAIL("accepted; expected a complaint about " << value);
    } catch (const InputError& error) {
      CHECK_THAT(error.what(), Contains(culprit.string()) && Contains(value));
    }
  }
};

}  // namespace

TEST_CASE("IDX files are read back as written, plain and gzipped", "[property]") {
  const TemporaryFolder folder;
  check_property("round trip", [&folder] {
    ImageSet set;
    set.rows = *rc::gen::inRange<std::size_t>(1, 6);
    set.cols = *rc::gen::inRange<std::size_t>(1, 6);
    set.labels = *rc::gen::arbitrary<Bytes>();
    set.pixels = *rc::gen::container<Bytes>(set.count() * set.rows * set.cols,
                                            rc::gen::arbitrary<std::uint8_t>());
    write_plain(folder / "images", image_bytes(set));
    write_plain(folder / "labels", label_bytes(set));
    write_gz(folder / "images.gz", image_bytes(set));
    write_gz(folder / "labels.gz", label_bytes(set));
    RC_ASSERT(same(set, read_idx(folder / "images", folder / "labels")));
    RC_ASSERT(same(set, read_idx(folder / "images.gz", folder / "labels.gz")));
  });
}

TEST_CASE("files of several chunks are read whole") {
  const TemporaryFolder folder;
  ImageSet set{64, 64, Bytes(1024 * 64 * 64), Bytes(1024)};  // 2^22 bytes: whole chunks exactly
  for (std::size_t i = 0; i < set.pixels.size(); ++i)
    set.pixels[i] = static_cast<std::uint8_t>(i * 2654435761u >> 24);
  for (std::size_t count : {1024u, 1023u, 1025u}) {
    set.labels.resize(count);
    set.pixels.resize(count * 64 * 64, 9);
    write_gz(folder / "images.gz", image_bytes(set));
    write_plain(folder / "labels", label_bytes(set));
    CHECK(same(set, read_idx(folder / "images.gz", folder / "labels")));
  }
}

TEST_CASE("an IDX file must have the right magic number") {
  const Files files;
  const auto swapped = [&](const fs::path& a, const fs::path& b) { return read_idx(a, b); };
  CHECK_THROWS_WITH(swapped(files.labels, files.labels),
                    Contains(files.labels.string()) && Contains("0x00000801 is not accepted"));
  CHECK_THROWS_WITH(swapped(files.images, files.images),
                    Contains(files.images.string()) && Contains("0x00000803 is not accepted"));
  CHECK_THROWS_WITH(swapped(files.labels, files.images),
                    Contains(files.labels.string()) && Contains("these are labels"));
  write_plain(files.images, {'P', 'K', 3, 4, 0, 0});
  files.must_reject(files.images, "zip");
  write_plain(files.images, {'h', 'e', 'l', 'l', 'o'});
  files.must_reject(files.images, "0x68656c6c");
}

TEST_CASE("truncated and overlong IDX files are rejected") {
  const Files files;
  const Bytes images = image_bytes(files.set), labels = label_bytes(files.set);
  for (std::size_t size : {0u, 3u, 4u, 15u})  // inside the header
    DYNAMIC_SECTION("header of " << size) {
      write_plain(files.images, Bytes(images.begin(), images.begin() + size));
      files.must_reject(files.images, fmt::format("{} of 4 bytes", size % 4));
    }
  SECTION("pixels missing") {
    write_plain(files.images, Bytes(images.begin(), images.end() - 1));
    files.must_reject(files.images, "35 bytes");
  }
  SECTION("labels missing") {
    write_plain(files.labels, Bytes(labels.begin(), labels.end() - 2));
    files.must_reject(files.labels, "4 bytes");
  }
  SECTION("one byte too many") {
    Bytes more = images;
    more.push_back(0);
    write_plain(files.images, more);
    files.must_reject(files.images, "37 bytes");
    write_plain(files.images, images);
    more = labels;
    more.push_back(0);
    write_gz(files.labels, more);
    files.must_reject(files.labels, "7 bytes");
  }
  SECTION("a header that announces more than there is, or than any memory") {
    write_plain(files.images, with_header({0x803, 1u << 10, 1u << 10, 1u << 11}, files.set.pixels));
    files.must_reject(files.images, "= 36 bytes is not accepted");
    write_plain(files.images, with_header({0x803, ~0u, ~0u, ~0u}, files.set.pixels));
    files.must_reject(files.images, "at most 2147483648");
    write_plain(files.images, with_header({0x803, 1, 1u << 16, (1u << 15) + 1}, {}));
    files.must_reject(files.images, "1 x 65536 x 32769");
    // 2^31 x 2^31 x 4 is 0 modulo 2^64: the product must not wrap around.
    write_plain(files.images, with_header({0x803, 1u << 31, 1u << 31, 4}, {}));
    files.must_reject(files.images, "2147483648 x 2147483648 x 4 is not accepted");
  }
  SECTION("gzip stream cut off, or damaged") {
    write_gz(files.images, images);
    const Bytes whole = contents(files.images);
    for (std::size_t size = 3; size < whole.size(); ++size) {
      write_plain(files.images, Bytes(whole.begin(), whole.begin() + size));
      CHECK_THROWS_AS(read_idx(files.images, files.labels), InputError);
    }
    Bytes damaged = whole;
    damaged[damaged.size() - 6] ^= 1;  // the checksum
    write_plain(files.images, damaged);
    files.must_reject(files.images, "gzip data");
  }
  SECTION("bytes after a gzip stream, or a second one in it") {
    write_gz(files.images, images);
    Bytes more = contents(files.images);
    const Bytes once = more;
    for (std::uint8_t byte : {0, 1, 0x1f}) {
      more.push_back(byte);
      write_plain(files.images, more);
      files.must_reject(files.images, "gzip data");
      more = once;
    }
    more.insert(more.end(), once.begin(), once.end());  // a member of its own: overlong data
    write_plain(files.images, more);
    files.must_reject(files.images, "overlong");
    write_gz(files.images, once);
    files.must_reject(files.images, "gzipped twice");
  }
  SECTION("members of gzip that together are the file") {
    const Bytes::difference_type half = 20;
    write_gz(files.images, Bytes(images.begin(), images.begin() + half));
    Bytes members = contents(files.images);
    write_gz(files.images, Bytes(images.begin() + half, images.end()));
    const Bytes second = contents(files.images);
    members.insert(members.end(), second.begin(), second.end());
    write_plain(files.images, members);
    CHECK(same(files.set, read_idx(files.images, files.labels)));
  }
}

TEST_CASE("counts and sizes in IDX headers must fit") {
  const Files files;
  SECTION("fewer labels than images") {
    write_plain(files.labels, with_header({0x801, 5}, {7, 1, 1, 7, 4}));
    files.must_reject(files.labels, "= 5 is not accepted");
  }
  SECTION("images without pixels") {
    write_plain(files.images, with_header({0x803, 6, 0, 3}, {}));
    files.must_reject(files.images, "0 x 3");
  }
  SECTION("missing file, or a folder in its place") {
    CHECK_THROWS_WITH(read_idx(files.folder / "absent", files.labels), Contains("absent"));
    CHECK_THROWS_WITH(read_idx(files.images, files.folder.path()),
                      Contains(files.folder.path().string()));
  }
}

TEST_CASE("read_image_folder accepts the four usual names and lists them") {
  const auto set = example();
  for (const auto& [dot, ending] : std::vector<std::pair<std::string, std::string>>{
           {"-", ""}, {"-", ".gz"}, {".", ""}, {".", ".gz"}}) {
    const TemporaryFolder folder;
    const auto write = ending.empty() ? write_plain : write_gz;
    write(folder / ("train-images" + dot + "idx3-ubyte" + ending), image_bytes(set));
    CHECK_THROWS_WITH(read_image_folder(folder.path()),
                      Contains(folder.path().string()) &&
                          Contains("train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz or"));
    write(folder / ("train-labels" + dot + "idx1-ubyte" + ending), label_bytes(set));
    CHECK(same(set, read_image_folder(folder.path())));
  }
  CHECK_THROWS_WITH(read_image_folder("/no/such/folder"),
                    Contains("/no/such/folder") && Contains("train-images.idx3-ubyte.gz") &&
                        Contains("does not exist"));
  const TemporaryFolder folder;
  write_plain(folder / "file", {});
  CHECK_THROWS_WITH(read_image_folder(folder / "file"), Contains("no folder"));
  fs::create_symlink("loop", folder / "loop");
  CHECK_THROWS_AS(read_image_folder(folder / "loop"), InputError);
  CHECK_THROWS_AS(read_image_folder(folder / std::string(5000, 'x')), InputError);
}

TEST_CASE("two_class_problem takes classes in turn, centres and scales") {
  const auto set = example();
  const auto [X, y] = two_class_problem(set, 4, 7, 1);
  REQUIRE(X.shape == std::vector<std::size_t>{4, 6});
  CHECK(y.shape == std::vector<std::size_t>{4});
  CHECK(y.values == std::vector<double>{1, -1, 1, -1});
  // Images 0, 1, 3, 2 of the file: differences of rows are those of the pixels, times one factor.
  const std::array<std::size_t, 4> chosen{0, 1, 3, 2};
  const auto pixel = [&](std::size_t i, std::size_t j) {
    return 1.0 * set.pixels[chosen[i] * 6 + j];
  };
  const double factor = (X(0, 0) - X(1, 0)) / (pixel(0, 0) - pixel(1, 0));
  double squares = 0;
  for (std::size_t j = 0; j < 6; ++j) {
    double column = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(X(i, j) - X(0, j) == Approx(factor * (pixel(i, j) - pixel(0, j))).margin(1e-15));
      column += X(i, j);
      squares += X(i, j) * X(i, j);
    }
    CHECK(std::abs(column) <= 1e-15);
  }
  CHECK(squares / 4 == Approx(1).epsilon(1e-15));
  CHECK(factor > 0);

  const auto odd = two_class_problem(set, 5, 7, 1).second;
  CHECK(odd.values == std::vector<double>{1, -1, 1, -1, 1});
  CHECK(two_class_problem(set, 3, 1, 4).second.values == std::vector<double>{1, -1, 1});
}

TEST_CASE("two_class_problem has the bits that its definition gives") {
  // Four pixels of 0 and 4 in two images: mean 2, entries +-2, sum of squares 16, factor sqrt(2 /
  // 16).
  const ImageSet set{1, 4, {4, 0, 4, 0, 0, 4, 0, 4}, {3, 5}};
  const auto X = two_class_problem(set, 2, 3, 5).first;
  const double entry = 0.5;
  CHECK(X.values ==
        std::vector<double>{entry, -entry, entry, -entry, -entry, entry, -entry, entry});
}

TEST_CASE("two_class_problem rejects what it cannot build") {
  const auto set = example();
  CHECK_THROWS_WITH(two_class_problem(set, 0, 7, 1), Contains("n = 0 is not accepted"));
  CHECK_THROWS_WITH(two_class_problem(set, 2, 7, 7), Contains("second class = 7"));
  CHECK_THROWS_WITH(two_class_problem(set, 2, 7, 9),
                    Contains("has no class 9: its classes are 1, 4, 7"));
  CHECK_THROWS_WITH(two_class_problem(set, 7, 7, 1),
                    Contains("n = 7 is not") && Contains("of class 7 there are 3, not the 4"));
  CHECK_THROWS_WITH(two_class_problem(set, 6, 7, 1),
                    Contains("n = 6 is not") && Contains("of class 1 there are 2, not the 3"));
  CHECK_THROWS_WITH(two_class_problem(set, 1, 7, 1), Contains("1 equal"));
  CHECK_THROWS_AS(two_class_problem(ImageSet{1, 1, {5, 5}, {0, 1}}, 2, 0, 1), InputError);
  CHECK_THROWS_AS(two_class_problem(ImageSet{2, 2, {5, 5}, {0, 1}}, 2, 0, 1), InputError);
}

TEST_CASE("one_hot_problem takes classes 0, 1, ... in turn") {
  const ImageSet set{1, 2, {0, 9, 8, 1, 2, 7, 6, 3, 4, 5, 5, 4}, {2, 0, 1, 0, 1, 3}};
  const auto [X, y] = one_hot_problem(set, 5, 3);
  CHECK(X.shape == std::vector<std::size_t>{5, 2});
  CHECK(y.shape == std::vector<std::size_t>{5, 3});
  CHECK(y.values == std::vector<double>{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0});
  // First pixels 8, 2, 0, 6, 4 of images 1, 2, 0, 3, 4.
  const std::vector<double> pixel{8, 2, 0, 6, 4};
  const double factor = (X(0, 0) - X(2, 0)) / 8;
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(X(i, 0) == Approx(factor * (pixel[i] - 4)).margin(1e-15));
  // With two classes, X is that of the two-class problem, bit for bit.
  for (std::size_t n : {2u, 3u, 4u})
    CHECK(one_hot_problem(set, n, 2).first == two_class_problem(set, n, 0, 1).first);

  CHECK_THROWS_WITH(one_hot_problem(set, 0, 3), Contains("n = 0 is not accepted"));
  CHECK_THROWS_WITH(one_hot_problem(set, 5, 1), Contains("classes = 1 is not accepted"));
  CHECK_THROWS_WITH(one_hot_problem(set, 5, 257), Contains("classes = 257 is not accepted"));
  CHECK_THROWS_WITH(one_hot_problem(set, 6, 3),
                    Contains("n = 6 is not") && Contains("of class 2 there are 1, not the 2"));
  CHECK_THROWS_WITH(one_hot_problem(set, 5, 5), Contains("has no class 4: its classes are 0 to 3"));
  CHECK_THROWS_WITH(one_hot_problem(set, 1, 3), Contains("1 equal"));
}

TEST_CASE("images without the first classes are said to have others") {
  // As EMNIST's letters: labels 1 to 26.
  ImageSet set{1, 1, {}, {}};
  for (std::uint8_t i = 0; i < 52; ++i) {
    set.labels.push_back(static_cast<std::uint8_t>(i % 26 + 1));
    set.pixels.push_back(i);
  }
  const auto text = Contains("has no class 0: its classes are 1 to 26");
  CHECK_THROWS_WITH(two_class_problem(set, 4, 0, 1), text);
  CHECK_THROWS_WITH(one_hot_problem(set, 30, 26), text);
  CHECK_THROWS_WITH(one_hot_problem(set, 52, 256), text);
  CHECK_THROWS_WITH(two_class_problem(set, 4, 26, 27), Contains("has no class 27"));
  set.labels.assign(52, 5), set.labels[0] = 255, set.labels[1] = 254, set.labels[2] = 0;
  CHECK_THROWS_WITH(two_class_problem(set, 4, 5, 1),
                    Contains("no class 1: its classes are 0, 5, 254, 255"));
  CHECK_THROWS_WITH(two_class_problem(ImageSet{1, 1, {}, {}}, 2, 0, 1),
                    Contains("its classes are none"));
  // No more images than of the classes that they need.
  set.labels[3] = 1;
  CHECK(one_hot_problem(set, 2, 256).first.rows() == 2);
}

TEST_CASE("Fashion-MNIST, where it is installed") {
  const auto folder = fashion_mnist_folder();
  if (!folder) {
    WARN("skipped: Debian package " << fashion_mnist_package << " is not installed");
    return;
  }
  const auto set = read_image_folder(*folder);
  CHECK(set.count() == 60000);
  CHECK((set.rows == 28 && set.cols == 28));
  std::array<int, 256> count{};
  for (auto label : set.labels) ++count[label];
  for (int c = 0; c < 256; ++c) CHECK(count[c] == (c < 10 ? 6000 : 0));
  const auto [X, y] = two_class_problem(set, 50, 0, 9);
  CHECK(X.shape == std::vector<std::size_t>{50, 784});
  double squares = 0;
  for (double x : X.values) squares += x * x;
  CHECK(squares / 50 == Approx(1).epsilon(1e-13));
}
