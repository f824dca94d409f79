// SPDX-License-Identifier: Apache-2.0
#include <cfenv>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <mpfr.h>
#include <boost/version.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/core/floating_point.hpp>
#include <alignproof/core/limits.hpp>
#include <alignproof/core/program_name.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/dynamics/fused.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/network/idx.hpp>
#include <alignproof/sweeps/classifier.hpp>

#include "cli.hpp"
#include "resources.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

namespace {

constexpr int wrong_here = 2;

/// Prevents the compiler from computing at compile time what we want to see at run time.
double opaque(double a) {
  volatile double b = a;
  return b;
}

/// What is found, and what is wrong with it.
struct Finding {
  std::string value;
  bool wrong = false;
};

Finding rounding_mode() {
  switch (std::fegetround()) {
    case FE_TONEAREST:
      if (rounds_to_nearest()) return {"to nearest"};
      return {"not to nearest in the vector unit: results are not reproducible", true};
    case FE_UPWARD:
      return {"upward: results are not reproducible", true};
    case FE_DOWNWARD:
      return {"downward: results are not reproducible", true};
    default:
      return {"towards zero: results are not reproducible", true};
  }
}

Finding subnormals() {
  if (keeps_subnormals()) return {"kept"};
  return {"flushed to zero: bounds do not hold", true};
}

Finding contraction() {
  // (1 + 2^-30)^2 - (1 + 2^-29) is 2^-60 fused and 0 with two roundings.
  const double a = opaque(1 + 0x1p-30), c = opaque(1 + 0x1p-29);
  const double product = a * a;
  if (opaque(product) - c == a * a - c) return {"none"};
  return {"products are fused: bits depend on the compiler", true};
}

Finding checker() {
  if (const auto trouble = checker_trouble()) return {*trouble, true};
  return {checker_path().string()};
}

/// Without it certificates are proved by alignproof-check alone; one that is there must answer.
Finding formal_checker() {
  if (const auto trouble = formal_checker_trouble()) return {*trouble, true};
  const std::filesystem::path formal = formal_checker_path();
  if (is_file(formal)) return {formal.string()};
  return {"not found: certificates are proved by alignproof-check alone"};
}

Finding stack() {
  try {
    require_stack();
    return {"enough"};
  } catch (const InputError& error) {
    return {error.what(), true};
  }
}

/// Without it claims about images stay undecided; nothing else needs it, so nothing is wrong.
std::string images() {
  const auto folder = fashion_mnist_folder();
  return folder ? folder->string()
                : fmt::format("not found: install the Debian package {} for claims about images",
                              fashion_mnist_package);
}

/// Without it sweeps of images are refused; nothing else needs it.
std::string matrix_products() {
  try {
    return "OpenBLAS, kernels " + blas_core();
  } catch (const InputError& error) {
    return fmt::format("not found, for sweeps of images: {}", error.what());
  }
}

std::string instructions() {
  std::string all;
  for (const Instructions each : available_instructions())
    all += (all.empty() ? "" : ", ") + std::string(to_string(each));
  return all;
}

void line(const std::string& name, const std::string& value) {
  fmt::print("{:<23} {}\n", name, value);
}

int doctor_command() {
  for (const auto& [name, value] : build_versions()) line(name, value);
  line("boost", BOOST_LIB_VERSION);
  line("eigen",
       fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION));
  line("mpfr", mpfr_get_version());
  line("gmp", gmp_version);
  line("processors",
       fmt::format("{} of {}", allowed_processors(), std::thread::hardware_concurrency()));
  line("instructions", instructions());
  line("memory left", bytes_in_words(allowed_memory()));
  line("matrix products", matrix_products());
  line("Fashion-MNIST", images());
  const std::pair<std::string, Finding> needed[] = {
      {"rounding", rounding_mode()},        {"subnormal numbers", subnormals()},
      {"contraction (FMA)", contraction()}, {"stack", stack()},
      {"alignproof-check", checker()},      {"alignproof-check-formal", formal_checker()}};
  bool fine = true;
  for (const auto& [name, finding] : needed) {
    line(name, finding.value);
    if (finding.wrong) to_stderr("{}: wrong here: {}: {}\n", program_name(), name, finding.value);
    fine = fine && !finding.wrong;
  }
  return fine ? 0 : wrong_here;
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("doctor", "versions, floating-point self-test, what is installed");
  command->footer(
      "Examples:\n  alignproof doctor\n"
      "That there are no images, no OpenBLAS for them, or no alignproof-check-formal, is said and "
      "not wrong.\n"
      "Exit codes: 0 nothing is wrong, 2 something is, with a line on standard error for each, 4 "
      "internal error.");
  command->callback([&action] { action = doctor_command; });
}

}  // namespace alignproof::cli
