// SPDX-License-Identifier: Apache-2.0
// What alignproof-check prints of a report, for people at 80 columns and for machines by a schema:
// every kind of certificate, every verdict, and numbers of any size.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <mpfr.h>

#include <nlohmann/json.hpp>

#include <alignproof/core/columns.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/format/files.hpp>

#include "check/conditions.hpp"
#include "check/decimals.hpp"
#include "check/print.hpp"
#include "format/json_schema.hpp"
#include "property.hpp"

using namespace alignproof;
using check::Ball;
using check::Condition;
using check::Decision;
using check::Findings;
using check::PrecisionScope;
using Json = nlohmann::ordered_json;

namespace {

const std::vector<Decision> all_decisions = {Decision::proved, Decision::violated,
                                             Decision::undecided};
const std::string sha(64, 'a');

/// An inequality between numbers about which this is known.
Condition last(Decision decision) {
  switch (decision) {
    case Decision::proved:
      return check::require_at_least("x >= y", 1, 0.75);
    case Decision::violated:
      return check::require_at_least("x >= y", Ball(1) / 3, 0.75);
    case Decision::undecided:
      return check::require_at_least("x >= y", check::widened(0.75, 0.0009765625), 0.75);
  }
  throw std::logic_error("no such decision");
}

Findings findings(Decision decision) {
  const PrecisionScope scope(128);
  Findings found{.bits = 128, .decision = decision};
  Condition ranged = check::require_at_least("(1 - eta gamma_max / 4) |e(t)| >= |e(t+1)|, t < T",
                                             Ball(2) / 3, 0.25);
  ranged.step = 17;
  found.conditions = {check::require_greater("eta > 0", 0.2, 0),
                      check::require_at_least("short >= right", 5e-324, -1.7976931348623157e308),
                      ranged,
                      {"M - M_min I positive definite", Decision::proved, "all pivots > 0"},
                      last(decision)};
  found.cosine_defined = true;
  return found;
}

RunCertificate run_from_checkpoint() {
  RunCertificate c;
  c.start.activation = Activation::erf;
  c.start.eta = 0.5;
  c.start.X = Array({2, 3});
  c.start.y = Array({2}), c.start.b = Array({4}), c.start.beta = Array({4});
  c.start.A = Array({4, 2});
  c.leg.statement = {.alpha = 0.25,
                     .error = 2,
                     .beta_displacement = 3,
                     .A_displacement = 4,
                     .cos_min = -0.5,
                     .cos_max = 0.75};
  return c;
}

/// Every number as long as a number can be.
RunCertificate run_from_initialisation() {
  constexpr double longest = -1.7976931348623157e308;
  RunCertificate c = run_from_checkpoint();
  Start& s = c.start;
  s.kind = CertificateKind::from_initialisation;
  s.W = s.A, s.A = Array(), s.eta = longest, s.penalty = {longest, 1, Decay::geometric, longest};
  c.radius = 1.7976931348623157e308;
  c.leg.checkpoint = Leg::largest_checkpoint;
  c.leg.statement = {longest, longest, longest, longest, -0.50000000000000011, 0.70000000000000007};
  c.whole_run.beta_displacement = c.whole_run.A_displacement = longest;
  c.whole_run.errors = Array({2, 2});
  c.whole_run.errors(0, 1) = 9;
  c.whole_run.decay = DecayClaim{longest, longest};
  c.whole_run.no_alignment = NoAlignmentClaim{longest};
  c.whole_run.alignment = AlignmentClaim{0.1, {}};
  return c;
}

KernelCertificate kernel() {
  return {Activation::softplus, Array({2, 3}), 0.25, 0.5};
}

LawCertificate law() {
  LawCertificate c;
  c.activation = Activation::sigmoid;
  c.y = Array({2});
  c.y.values = {-1.5, -1.5};
  c.gamma = 0.5, c.lambda = 0.25, c.tau = 3;
  c.values = {{1, 2}, {0.125, 0.375}, {5, 6}, {7, 8}, {9, 10}};
  return c;
}

WidthCertificate width() {
  WidthCertificate c;
  c.X = Array({2, 3}), c.y = Array({2, 4});
  c.eta = 0.5, c.delta = 0.125, c.p = 4096;
  c.spectra = {0.25, 0.375, 3, 4};
  c.claims = {5, 6, 7, 8, 9};
  return c;
}

std::vector<check::Report> reports(const Findings& found) {
  return {check::report(run_from_checkpoint(), sha, found),
          check::report(run_from_initialisation(), sha, found), check::report(kernel(), sha, found),
          check::report(law(), sha, found), check::report(width(), sha, found)};
}

std::string printed(const check::Report& report) {
  std::string text;
  for (const std::string& line : check::lines_for_people("certificates/c", report))
    text += line + "\n";
  return text;
}

/// The text without what depends on the libraries that are linked.
std::string without_trust(const std::string& text) {
  return text.substr(0, text.find("trusted:"));
}

std::string facts(const check::Report& report) {
  const std::string text = printed(report);
  return without_trust(text.substr(text.find("object:")));
}

}  // namespace

TEST_CASE("a proved run, as it is printed", "[check]") {
  CHECK(without_trust(
            printed(check::report(run_from_checkpoint(), sha, findings(Decision::proved)))) ==
        R"text(folder:    certificates/c
verdict:   proved: all 5 inequalities hold, at 128 bits

  inequality                                        left       right      margin
--------------------------------------------------------------------------------
  eta > 0                                            0.2           0         0.2
  short >= right                             4.9407e-324 -1.798e+308 1.7976e+308
  (1 - eta gamma_max / 4) |e(t)| >=              0.66667        0.25     0.41666
    |e(t+1)|, t < T
    worst at t = 17
  M - M_min I positive definite                                   all pivots > 0
  x >= y                                               1        0.75        0.25

object:    feedback alignment in kernel form, lambda = 0, one output, psi = erf,
           n = 2, d = 3, p = 4, eta = 0.5, from the stored state (A, beta); t
           counts steps from there, T = 0
read:      certificate.json with SHA-256
           aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and
           24 finite doubles in X, y, b, A, beta, taken as exact; the hashes of
           all files agree
checked:   in ball arithmetic of 128 bits, from X, y, b, A, beta, eta
implies:   proved (conditional on the state at the checkpoint): by Theorem A,
           - for all t >= T, |e(t)| <= (1 - eta alpha)^(t-T) |e(T)| with alpha =
             0.25 and |e(T)| <= 2
           - |beta(t) - beta(T)| <= 3
           - |A(t) - A(T)|_F <= 4
           - -0.5 <= cos(b, beta(t)) <= 0.75
           (a decimal stands for the double nearest to it)
)text");
  CHECK(facts(check::report(run_from_initialisation(), sha, findings(Decision::proved))) ==
        R"text(object:    feedback alignment in kernel form, lambda = -1.7976931348623157e+308,
           geometric with scale -1.7976931348623157e+308 for t < 1 and 0 from
           then on, one output, psi = erf, n = 2, d = 3, p = 4, eta =
           -1.7976931348623157e+308, from the stored initial data W(0), beta(0),
           and from all within 1.7976931348623157e+308 of each (Frobenius norm);
           t counts steps from there; T = 10000000
read:      certificate.json with SHA-256
           aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and
           28 finite doubles in X, y, b, W, beta, errors, taken as exact; the
           hashes of all files agree
checked:   in ball arithmetic of 128 bits, along an orbit computed here from X,
           y, b, W, beta, eta
implies:   proved: by Theorems A and B,
           - for all t >= 0, |beta(t) - beta(0)| <= -1.7976931348623157e+308,
             |A(t) - A(0)|_F <= -1.7976931348623157e+308, and for t <= T |e(t)|
             lies in row t of errors.npy
           - T1 on this instance: |e(t+1)| <= (1 - eta gamma/4) |e(t)| for all t
             >= 0, with -1.7976931348623157e+308 <= gamma <=
             -1.7976931348623157e+308
           - T2 on this instance: b and beta(t) are not 0 and |cos(b, beta(t))|
             <= kappa/sqrt p < 1 for all t >= 0, with kappa =
             -1.7976931348623157e+308
           - T3 on this instance: cos(b, beta(t)) >= -0.5000000000000001 for all
             t >= T, while without the penalty cos(b, beta(t)) <= 0 for all t >=
             0
           - for all t >= T, |e(t)| <= (1 - eta alpha)^(t-T) |e(T)| with alpha =
             -1.7976931348623157e+308 and |e(T)| <= -1.7976931348623157e+308
           - |beta(t) - beta(T)| <= -1.7976931348623157e+308
           - |A(t) - A(T)|_F <= -1.7976931348623157e+308
           - -0.5000000000000001 <= cos(b, beta(t)) <= 0.7000000000000001
           (a decimal stands for the double nearest to it)
)text");
}

TEST_CASE("a check that ended early says that some inequalities were not looked at", "[check]") {
  for (const Decision decision : {Decision::violated, Decision::undecided}) {
    Findings found = findings(decision);
    CHECK_THAT(printed(check::report(kernel(), sha, found)), !Catch::Contains("not looked at"));
    CHECK(check::json_of("c", check::report(kernel(), sha, found)).at("complete") == true);
    found.complete = false;
    CHECK_THAT(printed(check::report(kernel(), sha, found)),
               Catch::Contains("at 128 bits; those that") && Catch::Contains("not looked at\n"));
    CHECK(check::json_of("c", check::report(kernel(), sha, found)).at("complete") == false);
  }
}

TEST_CASE("what is violated or left open is marked, and nothing is implied", "[check]") {
  const auto from_table = [](Decision decision) {
    const std::string text = printed(check::report(kernel(), sha, findings(decision)));
    return text.substr(text.find("verdict:"));
  };
  CHECK(from_table(Decision::violated) ==
        R"text(verdict:   fails: 1 of 5 inequalities violated (!), at 128 bits

  inequality                                        left       right      margin
--------------------------------------------------------------------------------
  eta > 0                                            0.2           0         0.2
  short >= right                             4.9407e-324 -1.798e+308 1.7976e+308
  (1 - eta gamma_max / 4) |e(t)| >=              0.66667        0.25     0.41666
    |e(t+1)|, t < T
    worst at t = 17
  M - M_min I positive definite                                   all pivots > 0
! x >= y                                         0.33333        0.75    -0.41666

object:    gamma, the smallest eigenvalue of the limit kernel Gbar_ij = E
           psi(<w, x_i>) psi(<w, x_j>), w ~ N(0, I), psi = softplus, of the n =
           2 rows of X, d = 3
read:      kernel.json with SHA-256
           aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and
           6 finite doubles in X, taken as exact; the hash of X agrees
fails:     the certificate does not prove its claim: (at 128 bits) x >= y:
           0.333333 against 0.750000, short by 0.416667
)text");
  CHECK(from_table(Decision::undecided) ==
        R"text(verdict:   undecided: 1 of 5 inequalities left open (?), at 128 bits

  inequality                                        left       right      margin
--------------------------------------------------------------------------------
  eta > 0                                            0.2           0         0.2
  short >= right                             4.9407e-324 -1.798e+308 1.7976e+308
  (1 - eta gamma_max / 4) |e(t)| >=              0.66667        0.25     0.41666
    |e(t+1)|, t < T
    worst at t = 17
  M - M_min I positive definite                                   all pivots > 0
? x >= y                                         0.74902        0.75 -0.00097657
      the margin lies between -0.00097657 and 0.00097657

object:    gamma, the smallest eigenvalue of the limit kernel Gbar_ij = E
           psi(<w, x_i>) psi(<w, x_j>), w ~ N(0, I), psi = softplus, of the n =
           2 rows of X, d = 3
read:      kernel.json with SHA-256
           aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and
           6 finite doubles in X, taken as exact; the hash of X agrees
undecided: left open: (at 128 bits) x >= y: the difference is [+/- 9.77e-4]
)text");
}

TEST_CASE("kernel, law and width, as they are printed", "[check]") {
  CHECK(facts(check::report(kernel(), sha, findings(Decision::proved))) ==
        R"text(object:    gamma, the smallest eigenvalue of the limit kernel Gbar_ij = E
           psi(<w, x_i>) psi(<w, x_j>), w ~ N(0, I), psi = softplus, of the n =
           2 rows of X, d = 3
read:      kernel.json with SHA-256
           aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and
           6 finite doubles in X, taken as exact; the hash of X agrees
checked:   in ball arithmetic of 128 bits, from X
implies:   proved: gamma of softplus on 2 samples lies in [0.25, 0.5], so Gbar
           is positive definite (a decimal stands for the double nearest to it)
)text");
  CHECK(facts(check::report(law(), sha, findings(Decision::proved))) ==
        R"text(object:    the alignment law, the limit p -> infinity of feedback alignment with
           one output on the slow time tau, psi = sigmoid, K = gamma I with
           gamma = 0.5, n = 2, ybar = |y_i| = 1.5, lambda = 0.25, tau = 3
read:      law.json with SHA-256
           aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and
           2 finite doubles in y, taken as exact; the hash of y agrees
checked:   in ball arithmetic of 128 bits, from y, gamma, lambda, tau
implies:   proved:
           - the law at tau = 3 has cos(b, beta) in [0.125, 0.375], also after a
             cut of the penalty there
           - |e| in [5, 6]
           - M in [1, 2]
           - G = E psi(a) psi(a)^T has the eigenvalues [9, 10] in the direction
             of y and [7, 8] in the others
           (a decimal stands for the double nearest to it)
)text");
  CHECK(facts(check::report(width(), sha, findings(Decision::proved))) ==
        R"text(object:    feedback alignment, lambda = 0, 4 outputs, psi = tanh, n = 2, d = 3,
           eta = 0.5, from W(0), beta(0), b whose entries are independent and
           N(0, 1), at every width p >= N = 4096; gamma is the smallest
           eigenvalue of the limit kernel Gbar_ij = E psi(<w, x_i>) psi(<w,
           x_j>), w ~ N(0, I)
read:      width.json with SHA-256
           aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa and
           14 finite doubles in X, y, taken as exact; the hashes of both agree
checked:   in ball arithmetic of 128 bits, from X, y, eta
implies:   proved: by Theorem P, for every width p >= 4096, with probability at
           least 1 - 0.125 over W(0), beta(0) and b, for all t >= 0 and all r:
           - T1: |e(t+1)| <= (1 - eta gamma/4) |e(t)|, where 0.25 <= gamma <=
             0.375
           - |w_r(t) - w_r(0)| <= c1 n sqrt(log p) / (gamma sqrt p) with c1 = 7
           - |beta_r(t) - beta_r(0)| <= c2 n / (gamma sqrt p) with c2 = 8
           - |beta(t) - beta(0)| <= 5
           - |A(t) - A(0)|_F <= 6
           - T2: |cos(b, beta(t))| <= kappa/sqrt p with kappa = 9
           - of e, b and beta, matrices of k columns, |.| and the cosine are
             those of Frobenius
           (a decimal stands for the double nearest to it)
)text");
  CHECK_THAT(printed(check::report(width(), sha, findings(Decision::proved))),
             Catch::Contains("\ntrusted:   Theorem P, the inequalities of probability that it"));
}

TEST_CASE("an inequality without two sides says why on the same line, or below", "[check]") {
  Findings found = findings(Decision::undecided);
  found.conditions = {
      {"K_norm I - K positive definite", Decision::proved, "all pivots > 0"},
      {"work within the budget", Decision::undecided,
       "10000000 steps of the run without the penalty at 128 bits cost 1e12 units, of 1e9"}};
  CHECK_THAT(printed(check::report(kernel(), sha, found)), Catch::Contains(R"text(
? work within the budget
      10000000 steps of the run without the penalty at 128 bits cost 1e12 units,
      of 1e9

)text"));
}

namespace {

/// A ball of any size, or one of which nothing is known.
Ball any_ball() {
  using rc::gen::inRange;
  Ball x = *rc::gen::arbitrary<double>();
  if (!arb_is_finite(x.get())) return *inRange(0, 2) == 0 ? x : check::unknown();
  const long scale = *rc::gen::element(0L, 0L, 0L, 40L, -40L, 900000L, -900000L, 2000000L,
                                       -2000000L, 1000000000000L, -1000000000000L);
  arb_mul_2exp_si(x.get(), x.get(), scale);
  if (*inRange(0, 3) != 0) return x;
  Ball radius = *rc::gen::arbitrary<double>();
  arb_mul_2exp_si(radius.get(), radius.get(), scale - *inRange(0, 60));
  return check::widened(x, check::abs(radius));
}

Findings any_findings() {
  const PrecisionScope scope(128);
  const Findings usual = findings(*rc::gen::elementOf(all_decisions));
  Findings found{.bits = usual.bits, .decision = usual.decision, .conditions = usual.conditions};
  for (int k = *rc::gen::inRange(0, 4); k > 0; --k) {
    Condition c = check::require_at_least(
        std::string(static_cast<std::size_t>(*rc::gen::inRange(1, 100)), 'x') + " >= y", any_ball(),
        any_ball());
    if (*rc::gen::inRange(0, 2) == 0)
      c.step = *rc::gen::inRange(std::size_t{0}, Leg::largest_checkpoint);
    found.conditions.push_back(c);
  }
  return found;
}

std::string any_folder() {
  return *rc::gen::element<std::string>("c", std::string(300, 'd') + "/e", "two\nlines\tand\x7f",
                                        "\xce\xb1\xce\xb2 \xff", "");
}

}  // namespace

TEST_CASE("no line is longer than 80 columns, whatever the numbers", "[check][property]") {
  check_property("random inequalities of all kinds", [] {
    const Findings found = any_findings();
    const std::string folder = any_folder();
    for (const check::Report& report : reports(found))
      for (const std::string& line : check::lines_for_people(folder, report)) {
        if (text_width(line) > 80) RC_FAIL("too long: " + line);
        for (const char c : line)
          if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') RC_FAIL("control character");
      }
  });
}

TEST_CASE("the document for machines has exactly the keys of its schema", "[check][property]") {
  const test::Schema schema(
      Json::parse(read_file(ALIGNPROOF_SOURCE_DIR "/reports/schema/check.schema.json")));
  REQUIRE(schema.closed());
  const auto document = [](const std::string& folder, const std::vector<check::Report>& all) {
    std::vector<Json> entries;
    for (const check::Report& report : all) entries.push_back(check::json_of(folder, report));
    return Json::parse(check::document_of(entries));
  };
  check_property("random inequalities of all kinds", [&] {
    const std::string wrong = schema.complaint(document(any_folder(), reports(any_findings())));
    if (!wrong.empty()) RC_FAIL(wrong);
  });
  const Json good = document("c", reports(findings(Decision::proved)));
  REQUIRE(schema.complaint(good) == "");
  CHECK(good["version"] == version());
  CHECK(good["certificates"].size() == 5);
  const auto complains = [&](auto change) {
    Json bad = good;
    change(bad, bad["certificates"][0]);
    return schema.complaint(bad) != "";
  };
  CHECK(complains([](Json& all, Json&) { all["surplus"] = 1; }));
  CHECK(complains([](Json& all, Json&) { all["certificates"] = Json::array(); }));
  CHECK(complains([](Json& all, Json&) { all["program"] = "alignproof"; }));
  CHECK(complains([](Json&, Json& one) { one.erase("bits"); }));
  CHECK(complains([](Json&, Json& one) { one["bits"] = 16; }));
  CHECK(complains([](Json&, Json& one) { one["kind"] = "proof"; }));
  CHECK(complains([](Json&, Json& one) { one["sha256"] = "5eed"; }));
  CHECK(complains([](Json&, Json& one) { one["text"][0] = std::string(81, 'x'); }));
  CHECK(complains([](Json&, Json& one) { one["inequalities"][0]["decision"] = "true"; }));
  CHECK(complains([](Json&, Json& one) { one["inequalities"][0]["left"] = 1; }));
  CHECK(complains([](Json&, Json& one) { one["inequalities"][0]["left"]["lower"] = "nan"; }));
  CHECK(complains([](Json&, Json& one) { one["inequalities"][0]["step"] = -1; }));
}

TEST_CASE("the document says what the text says, and implies nothing unless proved", "[check]") {
  for (const Decision decision : all_decisions) {
    const Findings found = findings(decision);
    const check::Report report = check::report(run_from_checkpoint(), sha, found);
    const Json json = check::json_of("c", report);
    CHECK(json["text"] == check::lines_for_people("c", report));
    CHECK(json["sha256"] == sha);
    CHECK(json["bits"] == 128);
    const bool proved = decision == Decision::proved;
    CHECK(json["decision"] == (proved                           ? "proved"
                               : decision == Decision::violated ? "violated"
                                                                : "undecided"));
    CHECK(json["conditional"] == proved);
    CHECK(json["statements"].size() == (proved ? 4 : 0));
    CHECK(json["facts"].size() == (proved ? 5 : 3));
    CHECK(json["facts"].back()["name"] == (proved                           ? "trusted"
                                           : decision == Decision::violated ? "fails"
                                                                            : "undecided"));
    const Json& inequalities = json["inequalities"];
    REQUIRE(inequalities.size() == 5);
    CHECK(inequalities[0] ==
          Json({{"inequality", "eta > 0"},
                {"decision", "proved"},
                {"left", {{"lower", "0.20000000000000001"}, {"upper", "0.20000000000000002"}}},
                {"right", {{"lower", "0"}, {"upper", "0"}}},
                {"margin", {{"lower", "0.20000000000000001"}, {"upper", "0.20000000000000002"}}},
                {"step", nullptr},
                {"detail", "by 0.200000"}}));
    CHECK(inequalities[2]["step"] == 17);
    CHECK(inequalities[3]["margin"].is_null());
    CHECK(inequalities[4]["decision"] == json["decision"]);
  }
  CHECK_FALSE(check::json_of("c", check::report(kernel(), sha, findings(Decision::proved)))
                  .at("conditional"));
}

namespace {

/// The decimal as a number, exact to 2000 bits.
Ball number(const std::string& decimal) {
  Ball x;
  if (arb_set_str(x.get(), decimal.c_str(), 2000) != 0) throw std::runtime_error(decimal);
  return x;
}

}  // namespace

TEST_CASE("decimals lie on the side that is asked for, and close", "[check][property]") {
  check_property("balls of any size", [] {
    const PrecisionScope scope(2200);
    const Ball x = any_ball();
    const int digits = *rc::gen::inRange(1, 18);
    const std::string below = check::decimal_below(x, digits),
                      above = check::decimal_above(x, digits);
    if (below == "inf" || above == "-inf") RC_FAIL(below + " to " + above);
    const Ball lower = check::midpoint(x) - check::radius(x), upper = check::upper(x);
    if (below != "-inf" && arb_gt(number(below).get(), lower.get())) RC_FAIL(below + " is above");
    if (above != "inf" && arb_lt(number(above).get(), upper.get())) RC_FAIL(above + " is below");
  });
  const PrecisionScope scope(128);
  const Ball third = Ball(1) / 3;
  CHECK(check::decimal_below(third, 5) == "0.33333");
  CHECK(check::decimal_above(third, 5) == "0.33334");
  CHECK(check::lower_end(third, 5) == "0.33333");
  CHECK(check::upper_end(third, 5) == "0.33333");
  CHECK(check::decimal_below(0 - third, 5) == "-0.33334");
  CHECK(check::decimal_above(0 - third, 5) == "-0.33333");
  CHECK(check::decimal_below(0, 5) == "0");
  CHECK(check::decimal_above(1e300, 3) == "1.01e+300");
  CHECK(check::decimal_below(check::unknown(), 5) == "-inf");
  CHECK(check::decimal_above(check::unknown(), 5) == "inf");
  const Ball infinite = std::numeric_limits<double>::infinity();
  CHECK(check::lower_end(infinite, 5) == "inf");
  CHECK(check::upper_end(0 - infinite, 5) == "-inf");
  Ball huge = 3;
  arb_mul_2exp_si(huge.get(), huge.get(), 2000000);
  CHECK(check::decimal_below(huge, 5) == "1e301029");
  CHECK(check::decimal_above(huge, 5) == "inf");
  CHECK(check::lower_end(huge, 5) == "inf");
  CHECK(check::decimal_below(0 - huge, 5) == "-inf");
  CHECK(check::decimal_above(0 - huge, 5) == "-1e301029");
  Ball tiny = 3;
  arb_mul_2exp_si(tiny.get(), tiny.get(), -2000000);
  CHECK(check::decimal_below(tiny, 5) == "0");
  CHECK(check::decimal_above(tiny, 5) == "1e-301029");
  CHECK(check::lower_end(tiny, 5) == "0");
  CHECK(check::decimal_below(0 - tiny, 5) == "-1e-301029");
  CHECK(check::decimal_above(0 - tiny, 5) == "0");
}
