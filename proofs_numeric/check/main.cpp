// SPDX-License-Identifier: Apache-2.0
// alignproof-check: decides whether a certificate folder proves what it claims.
#include <algorithm>
#include <cfenv>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <flint/flint.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/certificate.hpp>
#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/format/sha256.hpp>

#include "kernel.hpp"
#include "report.hpp"
#include "verify.hpp"

namespace alignproof::check {

namespace {

constexpr int exit_proved = 0, exit_violated = 1, exit_malformed = 2, exit_undecided = 3,
              exit_internal = 4;

constexpr long smallest_precision = 32, largest_precision = 16384, last_precision = 1024;
// The time for a kernel grows with the third power of the precision.
constexpr long last_kernel_precision = 256;

constexpr const char* help = R"(usage: alignproof-check [--precision BITS] FOLDER

Decides whether the certificate in FOLDER proves what it claims, for all time. Everything is
derived again from the data in ball arithmetic (FLINT/Arb); no number of the certificate is trusted.
A folder with a kernel.json is a kernel certificate: bounds of gamma, the smallest eigenvalue of a
limit kernel.

  --precision BITS  first precision, 32 to 16384 (default 128); while a comparison is undecided
                    the precision is doubled, up to 1024 (256 of kernel certificates) or BITS if
                    that is more
  --help            this text

The work of a check is bounded: by 1e9 units (a multiplication at 128 bits each) and 1e5 for each
number in the arrays. What would cost more ends with code 3 and says so.

exit codes
  0  proved: five lines object, read, checked, implies, trusted
  1  the certificate does not prove its claim: the line `fails:` says which inequality, and by
     how much
  2  malformed certificate or bad usage: one line on standard error
  3  undecided at the last precision, or beyond the bound of work: the line `undecided:` says which
     inequality, or which work
  4  internal error

example
  alignproof-check certificates/tanh-n10-p1000
)";

struct Options {
  bool help = false;
  long precision = 128;
  std::filesystem::path folder;
};

long precision_from(std::string_view text) {
  long bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc{} || end != text.data() + text.size() || bits < smallest_precision ||
      bits > largest_precision)
    throw InputError(
        "--precision", fmt::format("'{}'", text),
        fmt::format("an integer from {} to {}", smallest_precision, largest_precision));
  return bits;
}

Options parse(const std::vector<std::string>& arguments) {
  Options options;
  std::vector<std::string> folders;
  bool only_folders = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (only_folders || !argument.starts_with('-'))
      folders.push_back(argument);
    else if (argument == "--")
      only_folders = true;
    else if (argument == "--help" || argument == "-h")
      options.help = true;
    else if (argument == "--precision")
      options.precision = precision_from(i + 1 < arguments.size() ? arguments[++i] : "");
    else if (argument.starts_with("--precision="))
      options.precision = precision_from(std::string_view(argument).substr(12));
    else
      throw InputError("option", fmt::format("'{}'", argument), "--precision BITS or --help");
  }
  if (!options.help && folders.size() != 1)
    throw InputError("number of folders", fmt::format("{}", folders.size()),
                     "one certificate folder (try --help)");
  if (!folders.empty()) options.folder = folders.front();
  return options;
}

int exit_code(Decision decision) {
  switch (decision) {
    case Decision::proved:
      return exit_proved;
    case Decision::violated:
      return exit_violated;
    case Decision::undecided:
      return exit_undecided;
  }
  return exit_internal;
}

/// A verdict that could not be delivered is no verdict.
void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw std::runtime_error("standard output cannot be written");
}

int run(const std::vector<std::string>& arguments) {
  const Options options = parse(arguments);
  if (options.help) {
    print(help);
    return exit_proved;
  }
  // lambda(t) of a decaying penalty is defined by IEEE arithmetic to the nearest double.
  if (std::fegetround() != FE_TONEAREST)
    throw std::runtime_error("the rounding mode of this process is not to nearest");
  if (holds_kernel_certificate(options.folder)) {
    const KernelCertificate certificate = read_kernel_certificate(options.folder);
    const std::string hash = sha256_of_file(options.folder / "kernel.json");
    const Findings findings =
        verify(certificate, options.precision, std::max(options.precision, last_kernel_precision));
    print(report(certificate, hash, findings));
    return exit_code(findings.decision);
  }
  const Certificate certificate = read_certificate(options.folder);
  const std::string hash = sha256_of_file(options.folder / "certificate.json");
  const Findings findings =
      verify(certificate, options.precision, std::max(options.precision, last_precision));
  print(report(certificate, hash, findings));
  return exit_code(findings.decision);
}

/// One line, whatever the offending file contained.
int to_stderr(int code, std::string message) {
  std::replace_if(
      message.begin(), message.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  fmt::print(stderr, "alignproof-check: {}\n", message);
  return code;
}

__attribute__((noreturn)) void stop_on_library_abort() {
  std::_Exit(exit_internal);
}

}  // namespace

}  // namespace alignproof::check

int main(int argc, char** argv) {
  using namespace alignproof::check;
  flint_set_abort(stop_on_library_abort);
  try {
    return run({argv + 1, argv + std::max(argc, 1)});
  } catch (const alignproof::InputError& error) {
    return to_stderr(exit_malformed, error.what());
  } catch (const std::exception& error) {
    return to_stderr(exit_internal, fmt::format("internal error: {}", error.what()));
  } catch (...) {
    return to_stderr(exit_internal, "internal error");
  }
}
