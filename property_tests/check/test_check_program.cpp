// SPDX-License-Identifier: Apache-2.0
// alignproof-check as a program: exit codes, malformed folders, extreme numbers, usage.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>

#include <sys/wait.h>

#include <alignproof/core/receipt.hpp>
#include <alignproof/format/certificate.hpp>
#include <alignproof/format/files.hpp>

#include "check/checker.hpp"
#include "check/closing_instance.hpp"
#include "format/edit_certificate.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
namespace fs = std::filesystem;

namespace {

constexpr int proved = 0, fails = 1, malformed = 2, undecided = 3, internal = 4;

struct Output {
  int exit_status = -1;
  std::string out, err;
};

/// Runs the program with arguments as a shell reads them.
Output run(const std::string& arguments, const std::string& redirect = "") {
  const test::TemporaryFolder temporary;
  const fs::path out = temporary.path() / "out", err = temporary.path() / "err";
  const std::string command = test::checker() + " " + arguments + " > '" +
                              (redirect.empty() ? out.string() : redirect) + "' 2> '" +
                              err.string() + "'";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, redirect.empty() ? read_file(out) : "",
          read_file(err)};
}

void require_one_line(const Output& output) {
  CHECK(output.out.empty());
  CHECK(output.err.starts_with("alignproof-check: "));
  CHECK(output.err.find('\n') == output.err.size() - 1);
}

/// psi = identity, n = d = 1, x = 1, a_r = +-1/2, all b_r = s, beta_r = u: everything is known in
/// closed form. f = 0, e = -y, K = 1, G = 1/4, M = 1/4 + s u.
RunCertificate one_sample(double s, double u, double y) {
  constexpr std::size_t p = 4;
  RunCertificate c;
  c.start = test::from_checkpoint(Activation::identity, 0.5, Array({1, 1}), Array({1}), Array({p}),
                                  Array({p, 1}), Array({p}));
  c.start.X(0, 0) = 1;
  c.start.y(0) = y;
  for (std::size_t r = 0; r < p; ++r) {
    c.start.b(r) = s;
    c.start.beta(r) = u;
    c.start.A(r, 0) = r % 2 == 0 ? 0.5 : -0.5;
  }
  return test::certify(c.start, 0.5L);
}

class Folder {
 public:
  explicit Folder(const RunCertificate& certificate) { write_certificate(path(), certificate); }
  fs::path path() const { return temporary_.path() / "c"; }
  Output check(const std::string& options = "") const {
    return run(options + " '" + path().string() + "'");
  }

 private:
  test::TemporaryFolder temporary_;
};

Output check(const RunCertificate& certificate) {
  return Folder(certificate).check();
}

}  // namespace

TEST_CASE("malformed folders end with code 2 and one line", "[check]") {
  const auto reject = [](auto change) {
    const Folder folder(one_sample(1, 1, 1e-3));
    REQUIRE(folder.check().exit_status == proved);
    change(folder.path());
    const Output output = folder.check();
    CHECK(output.exit_status == malformed);
    require_one_line(output);
  };
  using test::edit;
  using test::Json;
  const auto reject_edit = [&](auto change) {
    reject([&](const fs::path& f) { edit(f, "certificate.json", change); });
  };
  const auto reject_bytes = [&](auto change) {
    reject([&](const fs::path& f) {
      std::string bytes = read_file(f / "beta.npy");
      change(bytes);
      write_file(f / "beta.npy", bytes);
      test::rehash(f);
    });
  };
  reject_edit([](Json& j) { j["unknown"] = 1; });
  reject_edit([](Json& j) { j["two\nlines"] = 1; });
  reject_edit([](Json& j) { j["activation"] = "step"; });
  reject_edit([](Json& j) { j["p"] = 5; });
  reject_edit([](Json& j) { j["leg"]["statement"]["alpha"] = "inf"; });
  reject_edit([](Json& j) { j["version"] = 1; });
  reject([](const fs::path& f) { fs::remove(f / "X.npy"); });
  reject([](const fs::path& f) { fs::remove_all(f); });
  reject([](const fs::path& f) { write_file(f / "extra\nimplies: proved", ""); });
  reject([](const fs::path& f) { write_npy(f / "beta.npy", Array({4})); });  // hash mismatch
  reject([](const fs::path& f) {
    write_npy(f / "beta.npy", Array({5}));
    test::rehash(f);
  });
  reject_bytes([](std::string& s) { s.pop_back(); });
  reject_bytes([](std::string& s) { s.replace(s.size() - 2, 2, "\xf8\x7f"); });  // NaN
}

TEST_CASE("usage", "[check]") {
  const Folder folder(one_sample(1, 1, 1e-3));
  const Output help = run("--help");
  CHECK(help.exit_status == 0);
  CHECK(help.out.find("example") != std::string::npos);
  CHECK(help.out.find("implies: ") == std::string::npos);
  for (const char* arguments :
       {"", "a", "--bits 64 a", "--precision", "--precision=x a", "--precision 31 a",
        "--precision 1e3 a", "-- -x", "''", "--format", "--format=xml a", "--jobs", "--jobs 0 a"}) {
    INFO(arguments);
    const Output output = run(arguments);
    CHECK(output.exit_status == malformed);
    require_one_line(output);
  }
  // With a folder that is proved, nothing but the usage is wrong.
  const std::string good = "'" + folder.path().string() + "'";
  for (const std::string& arguments :
       {std::string("--format text"), "--format " + good, "--format=JSON " + good,
        "--bits 64 " + good, "--precision " + good, "--precision=x " + good,
        "--precision 31 " + good, "--precision 16385 " + good, "--precision 1e3 " + good,
        "--jobs " + good, "--jobs 0 " + good, "--jobs=-1 " + good, "--jobs 4097 " + good,
        "--jobs 2x " + good}) {
    INFO(arguments);
    const Output output = run(arguments);
    CHECK(output.exit_status == malformed);
    require_one_line(output);
  }
  const test::TemporaryFolder other;
  write_file(other.path() / "notes.txt", "no certificate");
  CHECK_THAT(
      run("'" + other.path().string() + "'").err,
      Catch::Contains("give one with a certificate.json, kernel.json, law.json, width.json"));
  CHECK_THAT(run("").err, Catch::Contains("no folder is named: give a certificate folder or more"));
  const Folder lacking(one_sample(1, 1, 1e-3));
  fs::remove(lacking.path() / "X.npy");
  CHECK_THAT(lacking.check().err, Catch::Contains("X.npy = (missing) is not accepted: give the"));
  CHECK(folder.check("--").exit_status == proved);
  CHECK(folder.check().out.find("of 64 bits") != std::string::npos);
  CHECK(folder.check("--jobs 1").out == folder.check().out);
  CHECK(folder.check("--jobs=4096").out == folder.check().out);
  CHECK(folder.check("--precision 256").out.find("of 256 bits") != std::string::npos);
  CHECK(folder.check("--precision=2048").out.find("of 2048 bits") != std::string::npos);
}

TEST_CASE("several folders: a verdict about each, and the worst of the codes", "[check]") {
  RunCertificate wrong = one_sample(1, 1, 1e-3);
  wrong.leg.statement.error /= 2;
  const Folder good(one_sample(1, 1, 1e-3)), bad(wrong);
  const auto word = [](const Folder& folder) { return "'" + folder.path().string() + "' "; };
  const std::string nothing = "'/nonexistent\nimplies: proved' ";
  const auto check_both = [&](const std::string& folders, int code, std::size_t verdicts) {
    INFO(folders);
    const Output text = run(folders), json = run("--format json " + folders);
    CHECK(text.exit_status == code);
    CHECK(json.exit_status == code);
    CHECK(text.err == json.err);
    const auto document = test::Json::parse(json.out);
    CHECK(document["certificates"].size() == verdicts);
    std::string lines;
    for (const auto& certificate : document["certificates"]) {
      if (!lines.empty()) lines += "\n";
      for (const std::string line : certificate["text"]) lines += line + "\n";
    }
    CHECK(text.out == lines);
    return text;
  };
  CHECK(check_both(word(good) + word(good), proved, 2).err.empty());
  CHECK(check_both(word(good) + word(bad), fails, 2).err.empty());
  CHECK(check_both(word(bad) + word(good), fails, 2).err.empty());
  const Output output = check_both(word(good) + nothing + word(bad) + word(good), malformed, 3);
  CHECK(output.err.starts_with("alignproof-check: /nonexistent?implies: proved: "));
  CHECK(output.err.find('\n') == output.err.size() - 1);
  const Output none = run("--format json " + nothing + nothing);
  CHECK(none.exit_status == malformed);
  CHECK(none.out.empty());
}

TEST_CASE("what is violated outranks what is undecided", "[check]") {
  RunCertificate wrong = one_sample(1, 1, 1e-3), open = one_sample(1, 1, 0);
  wrong.leg.statement.error /= 2;
  open.start.activation = Activation::tanh;
  for (std::size_t r = 0; r < 4; ++r) {
    open.start.A(r, 0) = 0.5;
    open.start.beta(r) = r % 2 == 0 ? 1 : -1;
  }
  open = test::certify(open.start, 0.5L);
  open.leg.statement.error = 0;  // E = 0 by cancellation that no finite precision sees
  const Folder bad(wrong), left_open(open), good(one_sample(1, 1, 1e-3));
  const auto word = [](const Folder& folder) { return "'" + folder.path().string() + "' "; };
  CHECK(run(word(left_open) + word(good)).exit_status == undecided);
  CHECK(run(word(left_open) + word(bad)).exit_status == fails);
  CHECK(run(word(bad) + word(left_open)).exit_status == fails);
}

TEST_CASE("a verdict that cannot be printed is no verdict", "[check]") {
  if (!fs::exists("/dev/full")) return;
  const Folder folder(one_sample(1, 1, 1e-3));
  CHECK(run("'" + folder.path().string() + "'", "/dev/full").exit_status == internal);
}

TEST_CASE("the answer does not depend on the first precision", "[check]") {
  const Folder good(one_sample(1, 1, 1e-3));
  RunCertificate wrong = one_sample(1, 1, 1e-3);
  wrong.leg.statement.error *= 1 - 3e-12;
  const Folder bad(wrong);
  for (const char* bits : {"--precision 32", "--precision 53", "--precision 128"}) {
    CHECK(good.check(bits).exit_status == proved);
    CHECK(bad.check(bits).exit_status == fails);
  }
}

TEST_CASE("equality is decided when it is exact, and only then", "[check]") {
  // E = |y| exactly: f = 0.
  RunCertificate c = one_sample(1, 1, 0.0009765625);
  c.leg.statement.error = 0.0009765625;
  CHECK(check(c).exit_status == proved);
  c.leg.statement.error = std::nextafter(0.0009765625, 0);
  CHECK(check(c).exit_status == fails);
  // K = 1 exactly: K_norm I - K is singular, not positive definite.
  c = one_sample(1, 1, 0.0009765625);
  c.leg.witness.K_norm = 1;
  CHECK(check(c).exit_status == fails);
  // E = 0 by cancellation of roundings that no finite precision sees: beta = (1, -1), equal A.
  c = one_sample(1, 1, 0);
  c.start.activation = Activation::tanh;
  for (std::size_t r = 0; r < 4; ++r) {
    c.start.A(r, 0) = 0.5;
    c.start.beta(r) = r % 2 == 0 ? 1 : -1;
  }
  c = test::certify(c.start, 0.5L);
  c.leg.statement.error = 0;
  const Output output = check(c);
  CHECK(output.exit_status == undecided);
  CHECK(output.out.find("undecided: ") != std::string::npos);
  CHECK(output.out.find("(at 1024 bits)") != std::string::npos);
  CHECK(output.out.find("proved") == std::string::npos);
  c.leg.statement.error = c.leg.statement.beta_displacement = c.leg.statement.A_displacement =
      1e-300;
  c.leg.statement.cos_min = -1e-300;
  c.leg.statement.cos_max = 1e-300;
  CHECK(check(c).exit_status == proved);
}

TEST_CASE("a singular matrix is not taken for a definite one", "[check]") {
  // G = 1/3 and H = 2/3, neither a dyadic number: M = 1, but no ball arithmetic can see it.
  RunCertificate c;
  c.start = test::from_checkpoint(Activation::identity, 0.5, Array({1, 1}), Array({1}), Array({3}),
                                  Array({3, 1}), Array({3}));
  c.start.X(0, 0) = c.start.A(0, 0) = 1;
  c.start.y(0) = 1e-3;
  for (double& b : c.start.b.values) b = 1;
  c.start.beta(1) = c.start.beta(2) = 1;
  c = test::certify(c.start, 0.5L);
  REQUIRE(check(c).exit_status == proved);
  RunCertificate low = c, high = c;
  low.leg.witness.M_min = 1;
  high.leg.witness.M_max = 1;
  CHECK(check(low).exit_status == undecided);
  CHECK(check(high).exit_status == undecided);
}

TEST_CASE("a state at rest is certified trivially", "[check]") {
  RunCertificate c = one_sample(1, 1, 0);
  c.leg.statement.error = c.leg.statement.beta_displacement = c.leg.statement.A_displacement = 0;
  c.leg.statement.cos_min = c.leg.statement.cos_max = 1;  // beta = b, for ever
  CHECK(check(c).exit_status == proved);
  c.leg.statement.alpha = c.leg.witness.M_min * 1.0001;
  CHECK(check(c).exit_status == fails);
}

TEST_CASE("huge and tiny numbers", "[check]") {
  // M = s u = 1 with |b| up to 2^1000: the squares overflow a double, the claim is still decided.
  const double large = std::ldexp(1.0, 900), small = std::ldexp(1.0, -900);
  RunCertificate c = one_sample(small, large, std::ldexp(1.0, -40));
  CHECK(check(c).exit_status == proved);
  c = one_sample(1, 1, 5e-324);
  CHECK(check(c).exit_status == proved);
  c.start.eta = 1e308;
  CHECK(check(c).exit_status == fails);
  c.start.eta = 5e-324;
  CHECK(check(c).exit_status == proved);
  c.leg.statement.alpha = 5e-324;
  CHECK(check(c).exit_status == fails);  // R = E / alpha is now 1
  c.leg.statement.alpha = 1e308;
  CHECK(check(c).exit_status == fails);
  // tanh far in its tails, and products beyond the range of a double
  c = one_sample(1, 1, 1e-3);
  c.start.activation = Activation::tanh;
  for (double& a : c.start.A.values) a = 1e308;
  CHECK(check(c).exit_status == fails);
  for (double& b : c.start.b.values) b = -1e308;
  for (double& beta : c.start.beta.values) beta = 1e308;
  c.start.X(0, 0) = 1e308;
  CHECK(check(c).exit_status == fails);
}
