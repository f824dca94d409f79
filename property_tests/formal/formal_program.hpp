// SPDX-License-Identifier: Apache-2.0
// Runs alignproof-check-formal as a program.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/wait.h>

#include <fmt/format.h>

#include <alignproof/format/certificate.hpp>
#include <alignproof/format/files.hpp>

#include "check/closing_instance.hpp"
#include "format/edit_certificate.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"
#include "tamper/certificates.hpp"
#include "tamper/truth.hpp"

namespace alignproof::test::formal_program {

namespace fs = std::filesystem;

inline constexpr int proved = 0, malformed = 2, undecided = 3, no_verdict = 4;

/// The program of this build; where it could not be built, for want of OCaml, nothing is tested.
inline bool no_program() {
  if (fs::exists(ALIGNPROOF_FORMAL_PROGRAM)) return false;
  WARN("alignproof-check-formal was not built: nothing is tested");
  return true;
}

struct Output {
  int code = -1;  ///< -1 where a signal ended it
  std::string out, err;
};

/// Runs words of the shell in which $program is the program.
inline Output shell(const std::string& words) {
  const test::TemporaryFolder scratch;
  const fs::path out = scratch.path() / "out", err = scratch.path() / "err";
  const std::string command =
      fmt::format("program='{}'; ({}) > '{}' 2> '{}'", ALIGNPROOF_FORMAL_PROGRAM, words,
                  out.string(), err.string());
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
}

inline Output formal(const fs::path& folder) {
  return shell(fmt::format("exec \"$program\" '{}'", folder.string()));
}

inline bool is_one_line(const std::string& text) {
  return text.starts_with("alignproof-check-formal: ") && text.find('\n') == text.size() - 1;
}

/// psi = identity, n = d = 1, p = 2: a certificate that is proved.
inline RunCertificate small() {
  Start start = test::from_checkpoint(Activation::identity, 0.5, Array({1, 1}), Array({1}),
                                      Array({2}), Array({2, 1}), Array({2}));
  start.X(0, 0) = 1, start.y(0) = 1e-3;
  for (std::size_t r = 0; r < 2; ++r) start.b(r) = start.beta(r) = 0.5;
  start.A(0, 0) = 0.5, start.A(1, 0) = -0.5;
  return test::certify(start, 0.5L);
}

/// One of each kind.
inline std::vector<RunCertificate> bases(tamper::Random& random) {
  truth::Judge judge;
  std::vector<RunCertificate> all;
  for (tamper::Wanted wanted : tamper::all_wanted)
    all.push_back(tamper::random_first_form(random, judge, wanted, Activation::tanh));
  return all;
}

}  // namespace alignproof::test::formal_program
