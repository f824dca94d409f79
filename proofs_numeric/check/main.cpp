// SPDX-License-Identifier: Apache-2.0
// alignproof-check: decides whether a certificate folder proves what it claims.
#include <alignproof/core/no_fast_math.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <unistd.h>

#include <flint/flint.h>
#include <gmp.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/floating_point.hpp>
#include <alignproof/core/limits.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/core/standard_streams.hpp>
#include <alignproof/format/certificate.hpp>
#include <alignproof/format/family_certificate.hpp>
#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/format/law_certificate.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/format/width_certificate.hpp>

#include "decide_family.hpp"
#include "decide_kernel.hpp"
#include "decide_law.hpp"
#include "decide_width.hpp"
#include "family_bar.hpp"
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
limit kernel. A folder with a width.json is a width certificate: the theorems T1
and T2 for every width from one on, with a probability over the initialisation.
A folder with a law.json is a law certificate: values of the alignment law,
p -> infinity, on isometric data. A folder with a family.json is a family: one
certificate for each of many seeds, all of which are checked, each against the
numbers of its seed.

  --precision BITS  first precision, 32 to 16384 (default 128); while a comparison is undecided
                    the precision is doubled, up to 1024 (256 of kernel, law and width
                    certificates) or BITS if that is more
  --help            this text; without a FOLDER
  --version         the version of alignproof that it belongs to

The work of a check is bounded: by 1e9 units (a multiplication at 128 bits each) and 1e5 for each
number in the arrays. What would cost more ends with code 3 and says so.

exit codes
  0  proved: five lines object, read, checked, implies, trusted, all of them written to standard
     output; and --help
  1  the certificate does not prove its claim: the line `fails:` says which inequality, and by
     how much
  2  malformed certificate or bad usage: one line on standard error
  3  undecided at the last precision, or beyond the bound of work: the line `undecided:` says which
     inequality, or which work
  4  no verdict: standard output is closed or cannot be written, memory or open files do not
     suffice, doubles are not those of IEEE 754 in this process (another rounding mode, subnormal
     numbers flushed to zero; looked at before anything is read and again before a verdict is
     printed), or an internal error: one line on standard error
A program that a signal ended has given no verdict either.

example
  alignproof-check certificates/tanh-n10-p1000
)";

struct Options {
  bool help = false, version = false;
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
    else if (argument == "--version")
      options.version = true;
    else if (argument == "--precision")
      options.precision = precision_from(i + 1 < arguments.size() ? arguments[++i] : "");
    else if (argument.starts_with("--precision="))
      options.precision = precision_from(std::string_view(argument).substr(12));
    else
      throw InputError("option", fmt::format("'{}'", argument),
                       "--precision BITS, --help or --version");
  }
  if ((options.help || options.version) && !folders.empty())
    throw InputError(options.help ? "--help with a folder" : "--version with a folder",
                     fmt::format("'{}'", folders.front()),
                     "that option alone: where it is asked for, nothing is checked");
  if (!options.help && !options.version && folders.size() != 1)
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
  throw std::logic_error("no such decision");
}

/// The certificate may be right, but this process cannot say so.
class NoVerdict : public std::runtime_error {
 public:
  explicit NoVerdict(const std::string& why) : std::runtime_error("no verdict: " + why) {}
};

/// A verdict that could not be delivered is no verdict.
void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0 ||
      std::fclose(stdout) != 0)
    throw NoVerdict(fmt::format("standard output cannot be written ({})", std::strerror(errno)));
}

/// lambda(t) of a decaying penalty is defined by IEEE arithmetic, and the libraries compute with
/// doubles here and there.
void require_ieee_arithmetic() {
  if (const char* fault = floating_point_fault())
    throw NoVerdict(
        fmt::format("{} in this process (code linked with -ffast-math, or loaded "
                    "before the program, may have done that)",
                    fault));
}

/// The last word: whatever was done to the process while it ran, the state is looked at again.
int deliver(const std::string& verdict, Decision decision) {
  require_ieee_arithmetic();
  print(verdict);
  return exit_code(decision);
}

int check_kernel(const Options& options) {
  const auto files = read_kernel_certificate_files(options.folder);
  const KernelCertificate certificate = kernel_certificate_from(files);
  const Findings findings =
      verify(certificate, options.precision, std::max(options.precision, last_kernel_precision));
  return deliver(report(certificate, sha256(files.at("kernel.json")), findings), findings.decision);
}

int check_law(const Options& options) {
  const auto files = read_law_certificate_files(options.folder);
  const LawCertificate certificate = law_certificate_from(files);
  const Findings findings =
      verify(certificate, options.precision, std::max(options.precision, last_kernel_precision));
  return deliver(report(certificate, sha256(files.at("law.json")), findings), findings.decision);
}

int check_width(const Options& options) {
  const auto files = read_width_certificate_files(options.folder);
  const WidthCertificate certificate = width_certificate_from(files);
  const Findings findings =
      verify(certificate, options.precision, std::max(options.precision, last_kernel_precision));
  return deliver(report(certificate, sha256(files.at("width.json")), findings), findings.decision);
}

int check_family(const Options& options) {
  const std::string bytes = read_family_file(options.folder);
  const FamilyCertificate family = family_from(bytes);
  FamilyBar bar;
  const FamilyFindings findings =
      verify_family(options.folder, family, options.precision,
                    std::max(options.precision, last_precision), allowed_processors(), bar);
  bar.clear();
  return deliver(report(family, sha256(bytes), findings), findings.decision);
}

int check_run(const Options& options) {
  const auto files = read_certificate_files(options.folder);
  const RunCertificate certificate = certificate_from(files);
  const Findings findings =
      verify(certificate, options.precision, std::max(options.precision, last_precision));
  return deliver(report(certificate, sha256(files.at("certificate.json")), findings),
                 findings.decision);
}

int run(const std::vector<std::string>& arguments) {
  const Options options = parse(arguments);
  if (!standard_output_is_open()) throw NoVerdict("standard output is closed");
  if (options.help) {
    print(help);
    return exit_proved;
  }
  if (options.version) {
    print(alignproof::version() + "\n");
    return exit_proved;
  }
  require_ieee_arithmetic();
  if (holds_kernel_certificate(options.folder)) return check_kernel(options);
  if (holds_law_certificate(options.folder)) return check_law(options);
  if (holds_family(options.folder)) return check_family(options);
  return holds_width_certificate(options.folder) ? check_width(options) : check_run(options);
}

/// One line, whatever the offending file contained; where it cannot be written the code stands.
int to_stderr(int code, std::string message) {
  std::replace_if(
      message.begin(), message.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, '?');
  message = "alignproof-check: " + message + "\n";
  std::fwrite(message.data(), 1, message.size(), stderr);
  return code;
}

/// For ends that no exception reaches: nothing is allocated any more.
template <std::size_t size>
[[noreturn]] void stop_saying(const char (&line)[size]) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, line, size - 1);
  std::_Exit(exit_internal);
}

[[noreturn]] void out_of_memory() {
  stop_saying("alignproof-check: no verdict: memory does not suffice\n");
}

/// FLINT has said why.
[[noreturn]] __attribute__((noreturn)) void stop_on_library_abort() {
  std::_Exit(exit_internal);
}

void* or_stop(void* memory) {
  if (!memory) out_of_memory();
  return memory;
}

/// GMP would abort, FLINT print a line of its own.
void stop_where_memory_ends() {
  std::set_new_handler(out_of_memory);
  std::set_terminate([] { stop_saying("alignproof-check: internal error\n"); });
  mp_set_memory_functions([](std::size_t size) { return or_stop(std::malloc(size)); },
                          [](void* memory, std::size_t, std::size_t size) {
                            return or_stop(std::realloc(memory, size));
                          },
                          [](void* memory, std::size_t) { std::free(memory); });
  __flint_set_memory_functions(
      [](std::size_t size) { return or_stop(std::malloc(size)); },
      [](std::size_t count, std::size_t size) { return or_stop(std::calloc(count, size)); },
      [](void* memory, std::size_t size) { return or_stop(std::realloc(memory, size)); },
      std::free);
  flint_set_abort(stop_on_library_abort);
}

}  // namespace

}  // namespace alignproof::check

int main(int argc, char** argv) {
  using namespace alignproof::check;
  // A reader that went away, or a limit of the size of files, is an error of writing.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  alignproof::hold_standard_streams();
  stop_where_memory_ends();
  try {
    return run({argv + 1, argv + std::max(argc, 1)});
  } catch (const alignproof::InputError& error) {
    return to_stderr(exit_malformed, error.what());
  } catch (const NoVerdict& error) {
    return to_stderr(exit_internal, error.what());
  } catch (const std::bad_alloc&) {
    out_of_memory();
  } catch (const std::system_error& error) {
    return to_stderr(exit_internal, fmt::format("no verdict: {}", error.what()));
  } catch (const std::exception& error) {
    return to_stderr(exit_internal, fmt::format("internal error: {}", error.what()));
  } catch (...) {
    return to_stderr(exit_internal, "internal error");
  }
}
