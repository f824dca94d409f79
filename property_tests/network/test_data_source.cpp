// SPDX-License-Identifier: Apache-2.0
// The table of sources of data, and the samples that are taken of them.
#include <alignproof/network/data_source.hpp>

#include <filesystem>
#include <set>
#include <string>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/network/csv.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using Catch::Matchers::Contains;
using test::TemporaryFolder;

namespace {

/// Row i is (i, -i), its target is i + 1/2.
Data counted(std::size_t rows) {
  Data data{fmt::format("counted, n={} d=2", rows), "--counted", Array({rows, 2}), Array({rows})};
  for (std::size_t i = 0; i < rows; ++i) {
    data.X(i, 0) = static_cast<double>(i), data.X(i, 1) = -static_cast<double>(i);
    data.y(i) = static_cast<double>(i) + 0.5;
  }
  return data;
}

/// Images of one pixel with these labels, in the folder.
void write_images(const std::filesystem::path& folder, const std::vector<int>& labels) {
  const auto count = static_cast<char>(labels.size());
  std::string images("\0\0\x08\x03\0\0\0", 7), classes("\0\0\x08\x01\0\0\0", 7);
  images += count, classes += count;
  images += std::string("\0\0\0\1\0\0\0\1", 8);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    images += static_cast<char>(i);
    classes += static_cast<char>(labels[i]);
  }
  write_file(folder / "train-images-idx3-ubyte", images);
  write_file(folder / "train-labels-idx1-ubyte", classes);
}

}  // namespace

TEST_CASE("every source of data has an option of its own, random data none", "[data]") {
  std::set<std::string_view> options;
  for (const DataSource& source : data_sources()) {
    INFO(source.option);
    CHECK(options.insert(source.option).second);
    CHECK(source.takes_option("--n"));
    CHECK((source.paths == 0) == source.option.empty());
    CHECK(data_source(source.option).read == source.read);
  }
  for (const char* known : {"", "--csv", "--data", "--npy"}) CHECK(options.count(known) == 1);
  CHECK(data_sources().back().option.empty());
  CHECK_THROWS_AS(data_source("--xlsx"), std::out_of_range);
}

TEST_CASE("some of the samples: whole rows, in order, part of what a larger number takes",
          "[data][property]") {
  check_property("rows", [] {
    const auto rows = *rc::gen::inRange<std::size_t>(1, 60);
    const auto n = *rc::gen::inRange<std::size_t>(1, rows + 1);
    const Data all = counted(rows), some = some_of(all, n);
    RC_ASSERT(some.X.shape == (std::vector<std::size_t>{n, 2}));
    RC_ASSERT(some.y.shape == std::vector<std::size_t>{n});
    const Data more = some_of(all, std::min(rows, n + 1));
    const std::set<double> of_more(more.y.values.begin(), more.y.values.end());
    for (std::size_t i = 0; i < n; ++i) {
      RC_ASSERT(some.X(i, 1) == -some.X(i, 0));
      RC_ASSERT(some.y(i) == some.X(i, 0) + 0.5);
      if (i > 0) RC_ASSERT(some.y(i) > some.y(i - 1));
      RC_ASSERT(of_more.contains(some.y(i)));
    }
    RC_ASSERT(some.options ==
              (n == rows ? std::string("--counted") : fmt::format("--counted --n {}", n)));
    RC_ASSERT(some.name ==
              (n == rows ? all.name : fmt::format("counted, n={} of {} d=2", n, rows)));
  });
  // Documented, so that whoever has another program can take the same.
  const Data ten = some_of(counted(150), 10);
  CHECK(ten.y.values != counted(10).y.values);
  CHECK(some_of(counted(150), 10).y.values == ten.y.values);
  for (const std::size_t n : {std::size_t{0}, std::size_t{6}})
    CHECK_THROWS_WITH(some_of(counted(5), n), Contains("1 to 5"));
}

TEST_CASE("one-hot targets keep their columns when some samples are taken", "[data]") {
  const TemporaryFolder scratch;
  const auto file = scratch.path() / "t.csv";
  write_file(file, "1,a\n2,b\n3,a\n4,c\n5,b\n");
  const Samples samples = data_source("--csv").read({{file.string()}, {}, {}});
  CHECK(samples.count == 5);
  CHECK_THAT(samples.note, Contains("are: a, b, c"));
  const Data some = samples.take(3), all = samples.take(5);
  CHECK(some.y.shape == std::vector<std::size_t>{3, 3});
  for (std::size_t i = 0; i < 3; ++i) {
    const auto row = static_cast<std::size_t>(some.X(i, 0)) - 1;
    for (std::size_t c = 0; c < 3; ++c) CHECK(some.y(i, c) == all.y(row, c));
  }
}

TEST_CASE("of images as many are there as can be taken in turn", "[data]") {
  const TemporaryFolder scratch;
  write_images(scratch.path(), {0, 1, 2, 0, 0, 1, 0, 2});
  const auto count = [&](std::size_t k) {
    DataRequest request{{scratch.path().string()}, {}, {}};
    request.spec.k = k;
    const Samples samples = data_source("--data").read(request);
    if (samples.count > 1) CHECK(samples.take(samples.count).X.rows() == samples.count);
    CHECK_THROWS_AS(samples.take(samples.count + 1), InputError);
    return samples.count;
  };
  CHECK(count(1) == 5);  // 0 1 0 1 0
  CHECK(count(2) == 5);
  CHECK(count(3) == 7);  // 0 1 2 0 1 2 0
  CHECK(count(4) == 3);  // 0 1 2, and there is no 3
  write_images(scratch.path(), {1, 1, 2});
  const auto none = images_of(scratch.path().string());
  CHECK(none->samples().count == 0);
  CHECK_THROWS_WITH(none->samples().take(2), Contains("its classes are 1, 2"));
}

TEST_CASE("random data of another size are those of their own specification", "[data]") {
  DataRequest request;
  request.spec.inputs = Inputs::gaussian, request.spec.d = 3;
  const Samples samples = data_source("").read(request);
  DataSpec seven = request.spec;
  seven.n = 7;
  CHECK(samples.take(7).X == make_data(seven).X);
  CHECK(samples.take(7).options == options_of(seven));
  CHECK_THAT(samples.options, !Contains("--n "));
}

TEST_CASE("a choice is read once, when it is looked at", "[data]") {
  const TemporaryFolder scratch;
  const auto file = scratch.path() / "t.csv";
  const DataChoice choice(data_source("--csv"), {{file.string()}, {}, {}});
  CHECK_THROWS_WITH(choice.samples(), Contains("give a file that exists"));
  write_file(file, "1,2\n3,4\n");
  CHECK(choice.samples().count == 2);
  std::filesystem::remove(file);
  CHECK(choice.samples().take(2).X.rows() == 2);
}
