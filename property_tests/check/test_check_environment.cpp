// SPDX-License-Identifier: Apache-2.0
// alignproof-check where it cannot answer: another state of the floating-point unit, standard
// streams that are closed or full, too little memory. Never exit code 0, always one line.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sys/wait.h>

#include <alignproof/format/certificate.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/format/sha256.hpp>

#include "check/checker.hpp"
#include "check/decide_kernel.hpp"
#include "check/verify.hpp"
#include "floating_point_state.hpp"
#include "format/edit_certificate.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
namespace fs = std::filesystem;

namespace {

constexpr int proved = 0, malformed = 2, undecided = 3, no_verdict = 4;

struct Output {
  int exit_status = -1;  ///< -1 where a signal ended it
  std::string out, err;
};

/// Runs words of the shell in which $check is the program, with this in front.
Output run(const std::string& words, const std::string& before = "") {
  const test::TemporaryFolder temporary;
  const fs::path out = temporary.path() / "out", err = temporary.path() / "err",
                 script = temporary.path() / "script";
  write_file(script, before + "\nexec " + test::checker() + " " + words + "\n");
  const std::string command =
      "sh '" + script.string() + "' > '" + out.string() + "' 2> '" + err.string() + "'";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
}

bool is_one_line(const std::string& text) {
  return text.starts_with("alignproof-check: ") && text.find('\n') == text.size() - 1;
}

/// Rows (x, y) and (1, 0).
KernelCertificate two_rows(double x, double y, double gamma_lower, double gamma_upper) {
  KernelCertificate c{Activation::identity, Array({2, 2}), gamma_lower, gamma_upper};
  c.X(0, 0) = x;
  c.X(0, 1) = y;
  c.X(1, 0) = 1;
  return c;
}

/// gamma = 1.
KernelCertificate orthogonal() {
  return two_rows(0, 1, 0.5, 1.5);
}

/// Two rows that a unit which takes subnormal numbers as zero finds equal: gamma is not 0.
KernelCertificate nearly_equal() {
  return two_rows(1, 5e-324, 0, 0);
}

class Folder {
 public:
  explicit Folder(const KernelCertificate& certificate) {
    write_kernel_certificate(path(), certificate);
  }
  fs::path path() const { return temporary_.path() / "c"; }
  std::string word() const { return "'" + path().string() + "'"; }

 private:
  test::TemporaryFolder temporary_;
};

}  // namespace

// Nothing can be preloaded before the runtime of a sanitizer.
#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("another state of the floating-point unit is refused, whenever it came", "[check]") {
  const Folder folder(nearly_equal());
  CHECK(run(folder.word()).exit_status == undecided);
  const auto spoilt = [&](const std::string& state, const std::string& when) {
    return run(folder.word(), "export LD_PRELOAD='" ALIGNPROOF_FAILING_ARITHMETIC
                              "' ALIGNPROOF_ARITHMETIC='" +
                                  state + " " + when + "'");
  };
  std::vector<std::string> states = {"all-up"};
#if defined(__SSE2__)
  states = {"ftz", "daz", "up", "down", "zero", "x87-up", "x87-down", "x87-zero", "all-up"};
#endif
  for (const std::string& state : states)
    for (const char* when : {"start", "hashing", "numbers"}) {
      INFO(state << " " << when);
      const Output output = spoilt(state, when);
      CHECK(output.exit_status == no_verdict);
      CHECK(output.out.empty());
      CHECK(is_one_line(output.err));
      const bool flushes = state == "ftz" || state == "daz";
      CHECK_THAT(output.err, Catch::Contains(flushes ? "subnormal numbers" : "rounding mode"));
    }
  CHECK(spoilt("ftz", "thread").exit_status == undecided);
  CHECK(spoilt("ftz", "never").exit_status == undecided);
}
#endif

#if defined(__SSE2__)
namespace {

/// What `decide` says while operands that are subnormal are taken as zero.
template <class Decide>
check::Decision without_subnormals(const Decide& decide) {
  const ScopedControlBits guard(0x8040u);
  return decide();
}

}  // namespace

TEST_CASE("no comparison of the checker takes a subnormal number for zero", "[check]") {
  using check::Decision;
  const auto of_kernel = [](const KernelCertificate& c) {
    return without_subnormals([&] { return check::verify(c, 64, 128).decision; });
  };
  CHECK(of_kernel(orthogonal()) == Decision::proved);
  CHECK(of_kernel(nearly_equal()) == Decision::undecided);
  CHECK(of_kernel(two_rows(-1, 5e-324, 0, 0)) == Decision::undecided);  // opposite
  CHECK(of_kernel(two_rows(1, 0, 0, 0)) == Decision::proved);
  CHECK(of_kernel(two_rows(1, -0.0, -0.0, 0)) == Decision::proved);
  CHECK(of_kernel(two_rows(-1, 0, 0, -0.0)) == Decision::proved);
  CHECK(of_kernel(two_rows(1, 0, 5e-324, 5e-324)) == Decision::violated);  // gamma = 0
  CHECK(of_kernel(two_rows(1, 0, -1, -5e-324)) == Decision::violated);
  CHECK(of_kernel(two_rows(0, 5e-324, 0, 0)) == Decision::violated);  // no row is 0

  // A penalty that is never cut, however small.
  RunCertificate c;
  c.start.kind = CertificateKind::from_initialisation;
  c.start.eta = 0.5;
  c.leg.statement.alpha = 0.5;
  c.start.penalty.lambda = 5e-324;
  CHECK(without_subnormals([&] { return check::verify_at(c, 64).decision; }) == Decision::violated);
}
#endif

TEST_CASE("standard streams that are closed or full", "[check]") {
  const Folder good(orthogonal());
  const Output fine = run(good.word());
  REQUIRE(fine.exit_status == proved);
  const auto refused = [](const std::string& words, const std::string& before = "") {
    INFO(words);
    const Output output = run(words, before);
    CHECK(output.exit_status == no_verdict);
    CHECK(is_one_line(output.err));
    CHECK(output.out.empty());
  };
  for (const std::string& words : {good.word(), std::string("--help")}) {
    refused(words + " >&-");
    refused(words + " >&- <&-");
    refused(words + " 1< /dev/null");
    if (fs::exists("/dev/full")) refused(words + " > /dev/full");
    CHECK(run(words + " >&- 2>&-").exit_status == no_verdict);
    CHECK(run(words + " 2>&- <&-").exit_status == proved);
    if (fs::exists("/dev/full")) CHECK(run(words + " 2> /dev/full").exit_status == proved);
  }
  CHECK(run(good.word() + " 2>&- <&-").out == fine.out);
  // No code depends on whether its line can be read.
  CHECK(run("/nonexistent 2>&-").exit_status == malformed);
  CHECK(run("/nonexistent >&- 2>&-").exit_status == no_verdict);
  CHECK(run("a b 2>&-").exit_status == malformed);
  if (fs::exists("/dev/full")) CHECK(run("/nonexistent 2> /dev/full").exit_status == malformed);
  // A reader that has gone; a limit of the size of files.
  const test::TemporaryFolder temporary;
  const std::string code = temporary.path().string() + "/code",
                    script = temporary.path().string() + "/script";
  write_file(script, "(sleep 0.3; " + test::checker() + " " + good.word() +
                         " 2> /dev/null; echo $? > '" + code + "') | true\nwait\n");
  REQUIRE(std::system(("bash '" + script + "'").c_str()) == 0);
  CHECK(read_file(code) == "4\n");
  const std::string limited = temporary.path().string() + "/limited";
  CHECK(run(good.word() + " > '" + limited + "'", "ulimit -f 0").exit_status == no_verdict);
}

TEST_CASE("a file of the user's is not written to in the place of a closed stream", "[check]") {
  const Folder good(orthogonal());
  const std::string json = read_file(good.path() / "kernel.json"),
                    X = read_file(good.path() / "X.npy");
  for (const char* closed : {" >&-", " <&- >&-", " <&- >&- 2>&-", " 2>&-"})
    run(good.word() + closed);
  run("'" + good.path().string() + "/nothing' <&- >&- 2>&-");
  CHECK(read_file(good.path() / "kernel.json") == json);
  CHECK(read_file(good.path() / "X.npy") == X);
}

TEST_CASE("help proves nothing about a folder", "[check]") {
  const Folder good(orthogonal());
  for (const std::string& words : {"--help " + good.word(), good.word() + " --help",
                                   "-h -- " + good.word(), std::string("--help a b")}) {
    const Output output = run(words);
    CHECK(output.exit_status == malformed);
    CHECK(output.out.empty());
    CHECK(is_one_line(output.err));
  }
  CHECK(run("--help --precision 64").exit_status == proved);
}

TEST_CASE("what follows a NUL in kernel.json counts", "[check]") {
  for (const std::string& more :
       {std::string(1, '\0'), std::string("\0{}", 3), std::string("{}")}) {
    const Folder folder(orthogonal());
    const fs::path file = folder.path() / "kernel.json";
    write_file(file, read_file(file) + more);
    const Output output = run(folder.word());
    CHECK(output.exit_status == malformed);
    CHECK_THAT(output.err, Catch::Contains("kernel.json: content"));
  }
  // Samples whose line ends were changed were altered: nobody is told to give another hash.
  const Folder folder(orthogonal());
  write_file(folder.path() / "X.npy", read_file(folder.path() / "X.npy") + "\r");
  CHECK_THAT(run(folder.word()).err,
             Catch::Contains("X.npy was altered since it was signed, perhaps its line ends") &&
                 !Catch::Contains("give"));
}

// A sanitizer needs more memory than any limit leaves it.
#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("with too little memory a file is read whole or there is no verdict", "[check]") {
  const Folder folder(orthogonal());
  const fs::path file = folder.path() / "kernel.json";
  write_file(file, read_file(file) + std::string(std::size_t{12} << 20, ' '));
  const std::string hash = sha256_of_file(file);
  int refused = 0;
  for (const int kilobytes : {40'000, 60'000, 80'000, 100'000, 120'000, 150'000}) {
    INFO(kilobytes);
    const Output output = run(folder.word(), "ulimit -v " + std::to_string(kilobytes));
    if (output.exit_status == proved) {
      CHECK_THAT(output.out, Catch::Contains(hash));
    } else {
      CHECK(output.exit_status == no_verdict);
      CHECK(output.out.empty());
      CHECK_THAT(output.err, Catch::Contains("memory does not suffice"));
      CHECK(is_one_line(output.err));
      ++refused;
    }
  }
  CHECK(refused >= 2);
}

TEST_CASE("wherever memory ends, there is no verdict", "[check]") {
  // Closed forms at a high precision: FLINT, MPFR and GMP ask for memory too.
  KernelCertificate c = two_rows(0.5, 1, 0x1p-10, 1);
  c.activation = Activation::relu;
  const Folder folder(c);
  const test::TemporaryFolder temporary;
  const std::string words = "--precision 1024 " + folder.word(),
                    count = temporary.path().string() + "/count",
                    preload = "export LD_PRELOAD='" ALIGNPROOF_FAILING_MEMORY "' ";
  const Output fine = run(words, preload + "ALIGNPROOF_MEMORY_COUNT='" + count + "'");
  REQUIRE(fine.exit_status == proved);
  const int calls = std::stoi(read_file(count));
  REQUIRE(calls > 200);
  for (int call = 1; call <= calls; call += call < 20 ? 1 : calls / 60 + 1) {
    INFO("allocation " << call << " of " << calls);
    const Output output = run(words, preload + "ALIGNPROOF_MEMORY=" + std::to_string(call));
    CHECK(output.exit_status == no_verdict);
    CHECK(output.out.empty());
    CHECK_THAT(output.err, Catch::Contains("memory does not suffice"));
    CHECK(is_one_line(output.err));
  }
}
#endif
