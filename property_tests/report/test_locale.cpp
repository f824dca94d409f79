// SPDX-License-Identifier: Apache-2.0
// A program that uses the library may have any locale; what is read and written does not change.
#include <clocale>
#include <cstdlib>
#include <locale>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/settings.hpp>
#include <alignproof/core/parallel.hpp>
#include <alignproof/dynamics/bin_float.hpp>
#include <alignproof/format/number.hpp>
#include <alignproof/report/findings.hpp>
#include <alignproof/report/writers.hpp>
#include <alignproof/scalar/exact.hpp>
#include <alignproof/scalar/mpfr.hpp>
#include <alignproof/sweeps/sweep.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"
#include "report/records.hpp"
#include "report/words.hpp"

using namespace alignproof;

namespace {

/// Numbers with a decimal comma and groups of digits, in C and in C++, until its end.
class GermanLocale {
 public:
  GermanLocale() {
    // The machine may have the definition of the locale and not the locale.
    const std::string made = (folder_.path() / "de_DE.UTF-8").string();
    REQUIRE(std::system(("localedef -i de_DE -f UTF-8 " + made + " > /dev/null 2>&1").c_str()) ==
            0);
    REQUIRE(setenv("LOCPATH", folder_.path().c_str(), 1) == 0);
    std::locale::global(std::locale("de_DE.UTF-8"));  // also that of C
    REQUIRE(std::string(std::localeconv()->decimal_point) == ",");
  }
  ~GermanLocale() {
    std::locale::global(std::locale::classic());
    unsetenv("LOCPATH");
  }

 private:
  test::TemporaryFolder folder_;
};

std::string written(const Report& report) {
  std::string all = to_text(report) + to_json(report) + to_html(report) + to_tex(report) +
                    to_junit(report) + (report.rows.empty() ? "" : to_baseline(findings_of(report)));
  for (const Figure& figure : report.figures) all += to_svg_file(figure);
  return all;
}

Report some_claims(const std::filesystem::path& certificates) {
  Settings settings;
  settings.profile = profile_named("quick");
  settings.seed = 1, settings.jobs = 1;
  settings.certificates = certificates;
  Progress quiet;
  return verify(settings, {"KF"}, quiet);
}

/// Numbers of every type, as text and read from it.
std::string numbers() {
  const ScopedDigits digits(40);
  const Mpfr third = Mpfr(1) / 3;
  std::string all = third.str(0, std::ios_base::scientific) + " " + Mpfr("1234567.5").str() + " " +
                    (BinFloat100(1) / 3).str(0, std::ios_base::scientific) + " " +
                    BinFloat100("1234567.5").str() + " " + to_hex(0.1) + " " +
                    quoted(from_hex("0x1.8p+10")) + " " + quoted(1234567.875) + " " +
                    quoted(report::detail::rounded_down(0.98765)) + " " +
                    quoted(report::detail::rounded_up(1.25)) + " ";
  Sweep sweep = read_sweep(
      "name = 'a'\n[run]\nactivation = 'relu'\nn = 2\nd = 3\nwidth = 1000\nstep = 0.25\n"
      "reg = 1.5\nsteps = 20\nschedule = 'geometric 0.5 cut 1000'\nseeds = 2\n",
      "full");
  for (const RunSpec& run : sweep.runs) {
    const std::string line = to_line(run);
    all += line + (spec_from_line(line) == run ? " again" : " another") + "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("reports and numbers are the same in every locale", "[locale]") {
  const test::TemporaryFolder scratch;
  const Report report = some_claims(scratch.path());
  const std::string plain = written(report), values = numbers();
  const GermanLocale german;
  CHECK(written(report) == plain);
  CHECK(numbers() == values);
  CHECK(written(some_claims(scratch.path())) == plain);
}

TEST_CASE("random reports are the same in every locale", "[locale][property]") {
  const GermanLocale german;
  check_property("awkward words and numbers", [&] {
    const Report report = testing::random_report();
    const std::string there = written(report);
    std::locale::global(std::locale::classic());
    const std::string plain = written(report);
    std::locale::global(std::locale("de_DE.UTF-8"));
    RC_ASSERT(there == plain);
  });
}
