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
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

#include <flint/flint.h>
#include <gmp.h>
#include <openssl/crypto.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/core/floating_point.hpp>
#include <alignproof/core/limits.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/core/standard_streams.hpp>
#include <alignproof/format/certificate.hpp>
#include <alignproof/format/family_certificate.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/format/law_certificate.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/format/width_certificate.hpp>

#include "decide_family.hpp"
#include "decide_kernel.hpp"
#include "decide_law.hpp"
#include "decide_width.hpp"
#include "family_bar.hpp"
#include "print.hpp"
#include "report.hpp"
#include "threads.hpp"
#include "verify.hpp"

namespace alignproof::check {

namespace {

constexpr int exit_proved = 0, exit_violated = 1, exit_malformed = 2, exit_undecided = 3,
              exit_internal = 4;

constexpr long smallest_precision = 32, largest_precision = 16384, last_precision = 1024;
// The time for a kernel grows with the third power of the precision.
constexpr long last_kernel_precision = 256;
/// Of a kernel, law or width certificate; of a run it is that of verify.hpp.
constexpr long first_kernel_precision = 128;
constexpr std::size_t most_jobs = 4096;

constexpr const char* help =
    R"(usage: alignproof-check [--precision BITS] [--jobs N] [--format text|json]
                        FOLDER...

Decides whether the certificate in each FOLDER proves what it claims, for all
time. Everything is derived again from the data in ball arithmetic (FLINT/Arb);
no number of the certificate is trusted. A folder with a kernel.json is a kernel
certificate: bounds of gamma, the smallest eigenvalue of a limit kernel. A
folder with a width.json is a width certificate: the theorems T1 and T2 for
every width from one on, with a probability over the initialisation. A folder
with a law.json is a law certificate: values of the alignment law,
p -> infinity, on isometric data. A folder with a family.json is a family: one
certificate for each of many seeds, all of which are checked, each against the
numbers of its seed.

It prints a table of the inequalities on which the claim rests: their two sides
to five digits, and by how much they hold, rounded to the safe side. Of one that
ranges over steps the worst step stands there. `!` marks what is violated, `?`
what is left open. Then come five facts: the object of the claim, what was read,
how it was checked, what it implies, and what is trusted.

  --precision BITS  first precision, 32 to 16384 (default 64 of runs, else 128);
                    while a comparison is undecided the precision is doubled, up
                    to 1024 (256 of kernel, law and width certificates) or BITS
                    if that is more
  --jobs N          threads, no more than processors (the default); the result
                    does not depend on it
  --format FORMAT   text (default), or json: one document about all folders,
                    with both sides enclosed to 17 digits
                    (reports/schema/check.schema.json)
  --help            this text; without a FOLDER
  --version         the version of alignproof that it belongs to

The work of a check is bounded: by 1e9 units (a multiplication at 128 bits each)
and 1e5 for each number in the arrays. What would cost more ends with code 3 and
says so.

exit codes
  0  proved, all of it written to standard output; and --help
  1  a certificate does not prove its claim: `fails:` says which inequality, and
     by how much
  2  malformed certificate or bad usage: one line on standard error, nothing
     about this folder on standard output
  3  undecided at the last precision, or beyond the bound of work: `undecided:`
     says which inequality, or which work
  4  no verdict: standard output is closed or cannot be written, memory or open
     files do not suffice, doubles are not those of IEEE 754 in this process
     (another rounding mode, subnormal numbers flushed to zero; looked at before
     anything is read and again before a verdict is printed), or an internal
     error: one line on standard error
Of several folders all are looked at, and the first of 2, 1, 3, 0 that occurs is
the exit code; 4 ends the program at once.
A program that a signal ended has given no verdict either.

examples
  alignproof-check certificates/tanh-n10-p1000
  alignproof-check --format json certificates/* > checked.json
)";

enum class Format { text, json };

struct Options {
  bool help = false, version = false;
  std::optional<long> precision;
  std::size_t jobs = most_jobs;
  Format format = Format::text;
  std::vector<std::filesystem::path> folders;
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

std::size_t jobs_from(std::string_view text) {
  std::size_t jobs = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), jobs);
  if (error != std::errc{} || end != text.data() + text.size() || jobs < 1 || jobs > most_jobs)
    throw InputError("--jobs", fmt::format("'{}'", text), fmt::format("1 to {}", most_jobs));
  return jobs;
}

Format format_from(std::string_view text) {
  if (text == "text") return Format::text;
  if (text == "json") return Format::json;
  throw InputError("--format", fmt::format("'{}'", text), "text or json");
}

Options parse(const std::vector<std::string>& arguments) {
  Options options;
  std::vector<std::filesystem::path>& folders = options.folders;
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
    else if (argument == "--jobs")
      options.jobs = jobs_from(i + 1 < arguments.size() ? arguments[++i] : "");
    else if (argument.starts_with("--jobs="))
      options.jobs = jobs_from(std::string_view(argument).substr(7));
    else if (argument == "--format")
      options.format = format_from(i + 1 < arguments.size() ? arguments[++i] : "");
    else if (argument.starts_with("--format="))
      options.format = format_from(std::string_view(argument).substr(9));
    else
      throw InputError("option", fmt::format("'{}'", argument),
                       "--precision BITS, --jobs N, --format text or json, --help or --version");
  }
  if ((options.help || options.version) && !folders.empty())
    throw InputError(options.help ? "--help with a folder" : "--version with a folder",
                     fmt::format("'{}'", folders.front().string()),
                     "that option alone: where it is asked for, nothing is checked");
  if (!options.help && !options.version && folders.empty())
    throw InputError("no folder is named: give a certificate folder or more (try --help)");
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
void require_delivered(bool delivered) {
  if (!delivered)
    throw NoVerdict(fmt::format("standard output cannot be written ({})", std::strerror(errno)));
}

void print(const std::string& text) {
  require_delivered(std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
                    std::fflush(stdout) == 0);
}

void end_output() {
  require_delivered(std::fclose(stdout) == 0);
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
void deliver(const std::string& verdict) {
  require_ieee_arithmetic();
  print(verdict);
}

Report kernel_report(const std::filesystem::path& folder, long bits) {
  const auto files = read_kernel_certificate_files(folder);
  const KernelCertificate certificate = kernel_certificate_from(files);
  return report(certificate, sha256(files.at("kernel.json")),
                verify(certificate, bits, std::max(bits, last_kernel_precision)));
}

Report law_report(const std::filesystem::path& folder, long bits) {
  const auto files = read_law_certificate_files(folder);
  const LawCertificate certificate = law_certificate_from(files);
  return report(certificate, sha256(files.at("law.json")),
                verify(certificate, bits, std::max(bits, last_kernel_precision)));
}

Report width_report(const std::filesystem::path& folder, long bits) {
  const auto files = read_width_certificate_files(folder);
  const WidthCertificate certificate = width_certificate_from(files);
  return report(certificate, sha256(files.at("width.json")),
                verify(certificate, bits, std::max(bits, last_kernel_precision)));
}

Report family_report(const std::filesystem::path& folder, long bits) {
  const std::string bytes = read_family_file(folder);
  const FamilyCertificate family = family_from(bytes);
  FamilyBar bar;
  // Members side by side keep the processors busier than the rows of one.
  const std::size_t jobs = threads_in_use();
  use_threads(1);
  FamilyFindings findings =
      verify_family(folder, family, bits, std::max(bits, last_precision), jobs, bar);
  use_threads(jobs);
  return report(family, sha256(bytes), findings);
}

/// Throws InputError on a folder without the file that says what is certified.
void require_certificate(const std::filesystem::path& folder) {
  std::error_code error;
  const bool lacks_it =
      is_folder(folder) &&
      std::filesystem::symlink_status(folder / "certificate.json", error).type() ==
          std::filesystem::file_type::not_found;
  if (lacks_it)
    throw InputError("folder", fmt::format("'{}'", folder.string()),
                     "one with a certificate.json, kernel.json, law.json, width.json or "
                     "family.json: there is none of them");
}

Report run_report(const std::filesystem::path& folder, long bits) {
  require_certificate(folder);
  const auto files = read_certificate_files(folder);
  const RunCertificate certificate = certificate_from(files);
  return report(certificate, sha256(files.at("certificate.json")),
                verify(certificate, bits, std::max(bits, last_precision)));
}

Report checked(const std::filesystem::path& folder, const std::optional<long>& precision) {
  const long bits = precision.value_or(first_kernel_precision);
  if (holds_kernel_certificate(folder)) return kernel_report(folder, bits);
  if (holds_law_certificate(folder)) return law_report(folder, bits);
  if (holds_family(folder)) return family_report(folder, precision.value_or(first_precision));
  if (holds_width_certificate(folder)) return width_report(folder, bits);
  return run_report(folder, precision.value_or(first_precision));
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

/// Each verdict as soon as it is known, or all of them in one document.
class Output {
 public:
  explicit Output(Format format) : format_(format) {}

  void take(const std::string& folder, const Report& report) {
    switch (format_) {
      case Format::text:
        deliver(fmt::format("{}{}\n", std::exchange(between_, "\n"),
                            fmt::join(lines_for_people(folder, report), "\n")));
        return;
      case Format::json:
        require_ieee_arithmetic();
        entries_.push_back(json_of(folder, report));
        return;
    }
    throw std::logic_error("no such format");
  }

  void end() {
    if (!entries_.empty()) deliver(document_of(entries_));
    end_output();
  }

 private:
  Format format_;
  std::string between_;
  std::vector<nlohmann::ordered_json> entries_;
};

int check_one(const std::filesystem::path& folder, const Options& options, Output& output) {
  try {
    const Report report = checked(folder, options.precision);
    output.take(folder.string(), report);
    return exit_code(report.findings.decision);
  } catch (const InputError& error) {
    if (options.folders.size() == 1) throw;
    return to_stderr(exit_malformed, fmt::format("{}: {}", folder.string(), error.what()));
  }
}

/// The more serious of two exit codes of folders.
int worse(int a, int b) {
  for (const int code : {exit_malformed, exit_violated, exit_undecided})
    if (a == code || b == code) return code;
  return exit_proved;
}

int check_all(const Options& options) {
  Output output(options.format);
  int code = exit_proved;
  for (const std::filesystem::path& folder : options.folders)
    code = worse(code, check_one(folder, options, output));
  output.end();
  return code;
}

int run(const std::vector<std::string>& arguments) {
  const Options options = parse(arguments);
  if (!standard_output_is_open()) throw NoVerdict("standard output is closed");
  if (options.help || options.version) {
    print(options.help ? help : alignproof::version() + "\n");
    end_output();
    return exit_proved;
  }
  require_ieee_arithmetic();
  use_threads(std::min(options.jobs, allowed_processors()));
  return check_all(options);
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

/// GMP would abort, FLINT print a line of its own, OpenSSL go on without.
void stop_where_memory_ends() {
  std::set_new_handler(out_of_memory);
  std::set_terminate([] { stop_saying("alignproof-check: internal error\n"); });
  mp_set_memory_functions([](std::size_t size) { return or_stop(std::malloc(size)); },
                          [](void* memory, std::size_t, std::size_t size) {
                            return or_stop(std::realloc(memory, size));
                          },
                          [](void* memory, std::size_t) { std::free(memory); });
  CRYPTO_set_mem_functions(
      [](std::size_t size, const char*, int) { return or_stop(std::malloc(size)); },
      [](void* memory, std::size_t size, const char*, int) {
        return or_stop(std::realloc(memory, size));
      },
      [](void* memory, const char*, int) { std::free(memory); });
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
