// SPDX-License-Identifier: Apache-2.0
#include <cfenv>
#include <thread>

#include <fmt/format.h>
#include <mpfr.h>
#include <Eigen/Core>
#include <boost/version.hpp>

#include <alignproof/core/floating_point.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/network/idx.hpp>

#include "cli.hpp"

namespace alignproof::cli {

namespace {

/// Prevents the compiler from computing at compile time what we want to see at run time.
double opaque(double a) {
  volatile double b = a;
  return b;
}

std::string rounding_mode() {
  switch (std::fegetround()) {
    case FE_TONEAREST:
      return rounds_to_nearest() ? "to nearest"
                                 : "not to nearest in the vector unit: results are not reproducible";
    case FE_UPWARD:
      return "upward: results are not reproducible";
    case FE_DOWNWARD:
      return "downward: results are not reproducible";
    default:
      return "towards zero: results are not reproducible";
  }
}

std::string subnormals() {
  return keeps_subnormals() ? "kept" : "flushed to zero: bounds do not hold";
}

std::string contraction() {
  // (1 + 2^-30)^2 - (1 + 2^-29) is 2^-60 fused and 0 with two roundings.
  const double a = opaque(1 + 0x1p-30), c = opaque(1 + 0x1p-29);
  const double product = a * a;
  return opaque(product) - c == a * a - c ? "none"
                                          : "products are fused: bits depend on the compiler";
}

void line(const std::string& name, const std::string& value) {
  fmt::print("{:<22} {}\n", name, value);
}

int doctor_command() {
  for (const auto& [name, value] : build_versions()) line(name, value);
  line("boost", BOOST_LIB_VERSION);
  line("eigen",
       fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION));
  line("mpfr", mpfr_get_version());
  line("gmp", gmp_version);
  line("rounding", rounding_mode());
  line("subnormal numbers", subnormals());
  line("contraction (FMA)", contraction());
  line("threads", fmt::format("{}", std::thread::hardware_concurrency()));
  const auto images = fashion_mnist_folder();
  line("Fashion-MNIST",
       images ? images->string()
              : fmt::format("not found: install the Debian package {}", fashion_mnist_package));
  const std::filesystem::path checker = checker_path();
  const CheckReceipt receipt = CheckReceipt::obtain(checker, "--help", "");
  line("alignproof-check",
       receipt.exit_status() >= 0 ? checker.string() : "not found beside this program or on PATH");
  return floating_point_fault() ? 4 : 0;  // no bound holds there
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("doctor", "versions, floating-point self-test, data sets found");
  command->footer("Example:\n  alignproof doctor");
  command->callback([&action] { action = doctor_command; });
}

}  // namespace alignproof::cli
