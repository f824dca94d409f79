// SPDX-License-Identifier: Apache-2.0
// Writes a few good inputs for each harness, so that fuzzing begins behind the first checks.
// Usage: seeds FOLDER
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alignproof/format/certificate.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/format/law_certificate.hpp>
#include <alignproof/format/number.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/format/width_certificate.hpp>

#include "format/npy.hpp"

using namespace alignproof;

namespace {

constexpr double numbers[] = {
    0.0, -0.0, 1.0, -1.5, 0.1, 5e-324, -2.2250738585072014e-308, 1.7976931348623157e308};

std::vector<std::string> npy_files() {
  const std::vector<std::vector<std::size_t>> shapes = {
      {}, {0}, {3}, {2, 3}, {4, 0}, {1, 2, 3}, std::vector<std::size_t>(32, 1)};
  std::vector<std::string> files;
  for (const auto& shape : shapes) {
    Array array(shape);
    for (std::size_t i = 0; i < array.values.size(); ++i) array.values[i] = numbers[i % 8];
    files.push_back(format::detail::to_npy(array, "seed"));
    files.push_back(files.back().substr(10));  // without the preamble
  }
  // Sizes that wrap around, which must be refused.
  for (const char* shape :
       {"2305843009213693952,", "4294967296, 4294967296", "0, 18446744073709551615"})
    files.push_back(
        fmt::format("{{'descr': '<f8', 'fortran_order': False, 'shape': ({}), }}\n", shape));
  return files;
}

std::vector<std::string> number_texts() {
  std::vector<std::string> texts;
  for (double number : numbers) texts.push_back(to_hex(number));
  return texts;
}

std::vector<std::string> json_texts() {
  return {R"({"format": "x", "version": 2, "list": [1, 2], "object": {}, "real": "0x1.8p+1"})",
          R"({"eta": 0.1, "big": 18446744073709551615, "low": -1, "none": null, "yes": true})",
          R"([[], {}, "\u00e9\n\"", 1e-7, -0.0])",
          R"({"a": {"a": {"a": [[[[[[[[[[]]]]]]]]]]}}})",
          "\"text\"",
          " 12 ",
          std::string("{}\0]", 4),
          "\xef\xbb\xbf{}",
          R"([-0, 1e400, 1e-400, 18446744073709551616, -9223372036854775809, 0.1e+1])",
          R"(["\ud83d\ude00", "\ud800", "\u0000", "\/"])"};
}

std::vector<std::string> csv_files() {
  return {"1x,y\n1,2\n3,4\n",
          "1\xef\xbb\xbf# a table\r\n1.5;-2e-3;+7\r\n",
          "2\"a\"\"b\"\tc\td\n 1 \t 2\t3\n",
          "31,2,3,4\n5e-324,-0,1e308,0.1\n",
          "21,2,3",
          "1\n1,nan\n",
          "1# made by us\n# a b\n1 2\n 3  4\n",
          "1x,kind\n1,no\n2,\"yes\"\n3,no\n",
          "1\"a\nb\",c\n\"1\",2\n",
          "1#N/A,2\n1,2\n",
          "1\xe2\x88\x92"
          "1,2\n3,4\n",
          std::string("1\xff\xfe"
                      "1\0,\0"
                      "2\0\n\0",
                      11)};
}

std::string words(const std::vector<std::uint32_t>& values) {
  std::string bytes;
  for (std::uint32_t value : values)
    for (int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

std::vector<std::string> idx_files() {
  std::vector<std::string> files;
  for (char mode : {0, 1, 2, 3}) {
    const std::string images = words({0x803, 3, 2, 2}) + "0123456789ab";
    const std::string labels = words({0x801, 3}) + std::string("\x00\x01\x00", 3);
    files.push_back(std::string{mode, 0, static_cast<char>(images.size())} + images + labels);
  }
  const std::string none = words({0x803, 0, 1, 1});
  files.push_back(std::string{0, 0, static_cast<char>(none.size())} + none + words({0x801, 0}));
  return files;
}

std::string without_indentation(const std::string& json) {
  std::string text;
  bool indented = false;
  for (char c : json) {
    indented = c == '\n' || (indented && c == ' ');
    if (!indented) text += c;
  }
  return text;
}

/// As the harness of certificates reads a folder: arrays first, places for hashes.
std::string packed(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    files[entry.path().filename().string()] = read_file(entry.path());
  std::map<std::string, std::string> places;  // hash -> "@NAME@"
  for (const auto& [name, bytes] : files) places[sha256(bytes)] = fmt::format("@{}@", name);
  std::string text;
  for (bool arrays : {true, false})
    for (auto& [name, bytes] : files) {
      if (name.ends_with(".npy") != arrays) continue;
      if (!arrays) bytes = without_indentation(bytes);
      for (const auto& [hash, place] : places)
        if (const auto at = bytes.find(hash); !arrays && at != std::string::npos)
          bytes.replace(at, hash.size(), place);
      text += fmt::format("\n=== {}\n{}", name, bytes);
    }
  return text;
}

Array filled(std::vector<std::size_t> shape) {
  Array array(std::move(shape));
  for (std::size_t i = 0; i < array.values.size(); ++i)
    array.values[i] = 0.5 + static_cast<double>(i);
  return array;
}

RunCertificate conditional() {
  RunCertificate c;
  c.start.eta = 0.5;
  c.start.X = filled({2, 1});
  c.start.y = filled({2});
  c.start.b = filled({3});
  c.start.A = filled({3, 2});
  c.start.beta = filled({3});
  c.leg = {0, {1, 2, 3, 4}, {0.25, 1, 2, 3, -1, 1}};
  c.origin = {{"seed", "7"}};
  return c;
}

/// From the initialisation, without a penalty (T1 and T2) or with one (T3).
RunCertificate whole(bool penalty) {
  RunCertificate c;
  c.start = {CertificateKind::from_initialisation,
             Rule::fa,
             Activation::gelu,
             0.5,
             {},
             filled({1, 2}),
             filled({1}),
             filled({1}),
             filled({1, 2}),
             {},
             filled({1})};
  c.radius = 0.125;
  c.leg = {1, {1, 2, 3, 4}, {0.25, 1, 2, 3, -1, 1}};
  c.whole_run.errors = filled({2, 2});
  if (penalty) {
    c.start.penalty = {0.5, 7, Decay::geometric, 0.5};
    c.whole_run.alignment = {0.5, c.leg};
  } else {
    c.whole_run.decay = {1, 2};
    c.whole_run.no_alignment = {3};
  }
  return c;
}

/// With what version 3 adds: all of it, and times alone beside a penalty.
RunCertificate of_version_3(bool penalty) {
  RunCertificate c = whole(penalty);
  c.whole_run.times = {{0.5, 1, 9}, {0.25, 2, 1000000}};
  if (penalty) return c;
  c.whole_run.rows = {filled({1, 2}), PublishedDisplacements{1, 2}};
  c.whole_run.limit = {filled({1}), 0.5};
  return c;
}

std::vector<std::string> certificates(const std::filesystem::path& folder) {
  std::vector<std::string> texts;
  for (const RunCertificate& c :
       {conditional(), whole(false), whole(true), of_version_3(false), of_version_3(true)}) {
    std::filesystem::remove_all(folder);
    write_certificate(folder, c);
    texts.push_back(packed(folder));
  }
  std::filesystem::remove_all(folder);
  return texts;
}

std::vector<std::string> kernel_certificates(const std::filesystem::path& folder) {
  std::vector<std::string> texts;
  for (const KernelCertificate& c : {KernelCertificate{Activation::tanh, filled({2, 3}), 0, 0.5},
                                     {Activation::softplus, filled({1, 1}), -0.0, 1e300},
                                     {Activation::relu, filled({4, 1}), 5e-324, 0.25}}) {
    std::filesystem::remove_all(folder);
    write_kernel_certificate(folder, c);
    texts.push_back(packed(folder));
  }
  std::filesystem::remove_all(folder);
  return texts;
}

std::vector<std::string> law_certificates(const std::filesystem::path& folder) {
  std::vector<std::string> texts;
  for (LawCertificate c :
       {LawCertificate{Activation::erf, filled({1}), 1, 0.5, 3, {}},
        LawCertificate{Activation::relu, filled({3}), 5e-324, -0.0, 1e300, {}}}) {
    for (const LawQuantity& quantity : law_quantities) c.values.*quantity.bounds = {0.25, 1.5};
    std::filesystem::remove_all(folder);
    write_law_certificate(folder, c);
    texts.push_back(packed(folder));
  }
  std::filesystem::remove_all(folder);
  return texts;
}

std::vector<std::string> width_certificates(const std::filesystem::path& folder) {
  std::vector<std::string> texts;
  for (const bool T2 : {true, false}) {
    WidthCertificate c;
    c.X = filled({2, 1}),
    c.y = filled(T2 ? std::vector<std::size_t>{2} : std::vector<std::size_t>{2, 2});
    c.p = 1000, c.eta = 0.1, c.delta = 0.5;
    if (T2) c.claims.kappa = 3;
    std::filesystem::remove_all(folder);
    write_width_certificate(folder, c);
    texts.push_back(packed(folder));
  }
  std::filesystem::remove_all(folder);
  return texts;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  const std::map<std::string, std::vector<std::string>> seeds = {
      {"certificate", certificates(folder / "c")},
      {"csv", csv_files()},
      {"idx", idx_files()},
      {"json", json_texts()},
      {"kernel", kernel_certificates(folder / "k")},
      {"law", law_certificates(folder / "l")},
      {"npy", npy_files()},
      {"number", number_texts()},
      {"width", width_certificates(folder / "w")}};
  for (const auto& [harness, inputs] : seeds) {
    std::map<std::string, std::string> files;
    for (const std::string& input : inputs) files[fmt::format("seed-{}", files.size())] = input;
    write_files(folder / harness, files);
  }
}
