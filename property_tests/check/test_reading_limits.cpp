// SPDX-License-Identifier: Apache-2.0
// What is too large for a certificate is refused before it is read, and what the system lacks is
// not called a fault of the certificate.
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

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

constexpr int proved = 0, malformed = 2, internal = 4;

/// psi = identity, n = d = 1, p = 2: a certificate that is proved.
void write_small_certificate(const fs::path& folder) {
  Start start = test::from_checkpoint(Activation::identity, 0.5, Array({1, 1}), Array({1}),
                                      Array({2}), Array({2, 1}), Array({2}));
  start.X(0, 0) = 1, start.y(0) = 1e-3;
  for (std::size_t r = 0; r < 2; ++r) start.b(r) = start.beta(r) = 0.5;
  start.A(0, 0) = 0.5, start.A(1, 0) = -0.5;
  write_certificate(folder, test::certify(start, 0.5L));
}

struct Said {
  int code = -1;
  std::string line;
};

/// The checker on a folder, after `before` in the same shell.
Said check(const fs::path& folder, const std::string& before = "true") {
  const test::TemporaryFolder scratch;
  const fs::path err = scratch.path() / "err";
  // Redirected outside: after ulimit the shell itself might have no more files.
  const std::string command = "( " + before + "; exec " + test::checker() + " '" + folder.string() +
                              "' ) > /dev/null 2> '" + err.string() + "'";
  const int status = std::system(command.c_str());
  Said said{WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(err)};
  return said;
}

/// No more files can be opened while it lives.
class NoMoreFiles {
 public:
  NoMoreFiles() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int next = open("/dev/null", O_RDONLY);
    close(next);
    const rlimit now{static_cast<rlim_t>(next), before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &now);
  }
  ~NoMoreFiles() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("files larger than any certificate needs are refused before they are read", "[check]") {
  const test::TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "c";
  write_small_certificate(folder);
  REQUIRE(check(folder).code == proved);
  // Files with holes take no room; read, they would take the memory of most machines.
  for (const auto& [name, accepted] : {std::pair{"claim.json", "at most 16777216 bytes"},
                                       {"certificate.json", "at most 16777216 bytes"},
                                       {"provenance.json", "at most 16777216 bytes"},
                                       {"X.npy", "at most 4294967296 bytes"}}) {
    const std::string before = read_file(folder / name);
    fs::resize_file(folder / name, 10'000'000'000);
    const Said said = check(folder, "ulimit -v 4000000");
    INFO(name << ": " << said.line);
    CHECK(said.code == malformed);
    CHECK_THAT(said.line, Catch::Contains(name) && Catch::Contains(accepted));
    CHECK(said.line.find('\n') == said.line.size() - 1);
    write_file(folder / name, before);
  }
  CHECK(check(folder).code == proved);
}

TEST_CASE("a file of the largest size is read, of one byte more is not", "[format]") {
  const test::TemporaryFolder scratch;
  const fs::path file = scratch.path() / "file";
  write_file(file, "12345");
  CHECK(read_file(file, 5) == "12345");
  CHECK_THROWS_WITH(read_file(file, 4), Catch::EndsWith("give a file of at most 4 bytes"));
  // Its size is not known before it is read.
  if (fs::exists("/proc/self/status"))
    CHECK_THROWS_WITH(read_file("/proc/self/status", 20), Catch::Contains("at most 20 bytes"));
}

TEST_CASE("a program that may open no more files says nothing of the certificate", "[check]") {
  const test::TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "c";
  write_small_certificate(folder);
  SECTION("in the program") {
    // The least with which the loader finds its libraries, whatever files this program had from its
    // parent: it is enough for the folder too, not for a file in it beside the folder.
    int files = 4;
    Said said;
    do said = check(folder, "ulimit -n " + std::to_string(files++));
    while (said.code == 127 && files < 100);
    CHECK(said.code == internal);
    CHECK_THAT(said.line, Catch::StartsWith("alignproof-check: no verdict: ") &&
                              Catch::Contains("cannot be opened: Too many open files"));
    CHECK(said.line.find('\n') == said.line.size() - 1);
  }
  SECTION("in the library, of a file and of a folder") {
    int of_file = 0, of_folder = 0;
    {
      const NoMoreFiles none;  // nothing is checked before it ends: that might open files
      try {
        read_file(folder / "claim.json");
      } catch (const std::system_error& error) {
        of_file = error.code().value();
      } catch (const std::exception&) {
      }
      try {
        read_certificate(folder);
      } catch (const std::system_error& error) {
        of_folder = error.code().value();
      } catch (const std::exception&) {
      }
    }
    CHECK(of_file == EMFILE);
    CHECK(of_folder == EMFILE);
  }
  CHECK(check(folder).code == proved);
}
