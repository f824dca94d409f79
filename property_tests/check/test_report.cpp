// SPDX-License-Identifier: Apache-2.0
// What alignproof-check says of a certificate: the object, what was proved of it and under which
// condition, word by word.
#include <string>
#include <vector>

#include <alignproof/format/certificate.hpp>
#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/format/law_certificate.hpp>
#include <alignproof/format/width_certificate.hpp>

#include "check/report.hpp"
#include "check/report_lines.hpp"
#include "check/verify.hpp"
#include "property.hpp"

using namespace alignproof;
using check::Decision;
using check::Findings;

namespace {

Findings findings(Decision decision) {
  Findings found{.bits = 128};
  found.conditions = {{"one > 0", Decision::proved, "by 1"},
                      {"x >= y", decision, "the difference is z"}};
  found.decision = decision;
  found.cosine_defined = true;
  return found;
}

template <class AnyCertificate>
std::vector<std::string> said(const AnyCertificate& c, const Findings& found) {
  return test::lines_of(check::report(c, "abc", found));
}

RunCertificate from_checkpoint(Rule rule, std::size_t k) {
  RunCertificate c;
  Start& s = c.start;
  s.kind = CertificateKind::from_checkpoint, s.rule = rule, s.activation = Activation::erf;
  s.eta = 0.5;
  s.X = Array({2, 3});
  const auto with_outputs = [&](std::size_t rows) {
    return k == 1 ? std::vector<std::size_t>{rows} : std::vector<std::size_t>{rows, k};
  };
  s.y = Array(with_outputs(2)), s.b = Array(with_outputs(4)), s.beta = Array(with_outputs(4));
  s.A = Array({4, 2});
  c.leg.statement = {.alpha = 0.25,
                     .error = 2,
                     .beta_displacement = 3,
                     .A_displacement = 4,
                     .cos_min = -0.5,
                     .cos_max = 0.75};
  return c;
}

RunCertificate from_initialisation() {
  RunCertificate c = from_checkpoint(Rule::fa, 1);
  c.start.kind = CertificateKind::from_initialisation;
  c.start.W = c.start.A, c.start.W.shape = {4, 2};
  c.start.A = Array();
  c.leg.checkpoint = 1;
  c.whole_run.beta_displacement = 5, c.whole_run.A_displacement = 6;
  c.whole_run.errors = Array({2, 2});
  c.whole_run.errors(0, 1) = 9;
  return c;
}

}  // namespace

TEST_CASE("a report says what rows, the limit and times are", "[check]") {
  RunCertificate c = from_initialisation();
  const Findings proved = findings(Decision::proved);
  c.whole_run.decay = {0.25, 0.5};
  c.whole_run.rows = {Array({4, 2}), PublishedDisplacements{1.5, 2.5}};
  c.whole_run.limit = {Array({4}), 0.125};
  c.whole_run.times = {{0.75, 3, 9}};
  std::vector<std::string> lines = said(c, proved);
  CHECK_THAT(lines[1], Catch::Contains("40 finite doubles in X, y, b, W, beta, errors, rows, lim"));
  for (const char* words :
       {"; for all t >= 0 and every hidden unit r, |w_r(t) - w_r(0)| and |beta_r(t) - beta_r(0)| "
        "are at most the two numbers in row r of rows.npy; T1 as published is whole on this "
        "instance: for all t >= 0 and all r, |w_r(t) - w_r(0)| <= c1 n sqrt(log p) / (gamma sqrt "
        "p) with c1 = 1.5, and |beta_r(t) - beta_r(0)| <= c2 n / (gamma sqrt p) with c2 = 2.5, ",
        "; beta(t) converges, and |beta(infinity) - limit| <= 0.125, with limit in limit.npy; ",
        "; |e(t)| > 0.75 for all t < 3, and |e(t)| <= 0.75 for all t >= 9: the first t with |e(t)| "
        "<= 0.75 is one from 3 to 9, and from 9 on the error stays there; "})
    CHECK_THAT(lines[3], Catch::Contains(words));
  c.whole_run.rows->published.reset();
  CHECK_THAT(said(c, proved)[3], !Catch::Contains("whole"));
}

TEST_CASE("a report says what is proved of a run from a state", "[check]") {
  RunCertificate c = from_checkpoint(Rule::fa, 1);
  const Findings proved = findings(Decision::proved);
  std::vector<std::string> lines = said(c, proved);
  REQUIRE(lines.size() == 5);
  CHECK(
      lines[0] ==
      "object: feedback alignment in kernel form, lambda = 0, one output, psi = erf, n = 2, d = 3, "
      "p = 4, eta = 0.5, from the stored state (A, beta); t counts steps from there, T = 0");
  CHECK(
      lines[1] ==
      "read: certificate.json with SHA-256 abc and 24 finite doubles in X, y, b, A, beta, taken as "
      "exact; the hashes of all files agree");
  CHECK(lines[2] == "checked: in ball arithmetic of 128 bits, from X, y, b, A, beta, eta");
  const std::string implies =
      "for all t >= T, |e(t)| <= (1 - eta alpha)^(t-T) |e(T)| with alpha = 0.25 and |e(T)| <= 2; "
      "|beta(t) - beta(T)| <= 3; |A(t) - A(T)|_F <= 4; -0.5 <= cos(b, beta(t)) <= 0.75";
  const std::string decimals = " (a decimal stands for the double nearest to it)";
  CHECK(lines[3] == "implies: proved (conditional on the state at the checkpoint): by Theorem A, " +
                        implies + decimals);
  CHECK(lines[4].starts_with("trusted: Theorem A as written in reports/docs; "));

  c.radius = 0.125;
  CHECK(said(c, proved)[0].find("(A, beta), and from all within 0.125 of each (Frobenius norm);") !=
        std::string::npos);
  Findings undefined = proved;
  undefined.cosine_defined = false;
  CHECK(said(c, undefined)[3].find("<= 0.75 wherever b and beta(t) are not 0 (a") !=
        std::string::npos);

  lines = said(from_checkpoint(Rule::bp, 2), proved);
  CHECK(lines[0].starts_with("object: backpropagation in kernel form, lambda = 0, 2 outputs, "));
  CHECK(lines[3].find(" checkpoint): by Theorem A (variant), for all") != std::string::npos);
  CHECK(lines[4].starts_with("trusted: the variants of Theorem A as written"));
}

TEST_CASE("a report says what is proved of a whole run", "[check]") {
  const Findings proved = findings(Decision::proved);
  RunCertificate c = from_initialisation();
  c.whole_run.decay = DecayClaim{0.5, 0.625};
  c.whole_run.no_alignment = NoAlignmentClaim{7};
  std::vector<std::string> lines = said(c, proved);
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].ends_with(
      "from the stored initial data W(0), beta(0); t counts steps from there; T = 1"));
  CHECK(lines[1].find("28 finite doubles in X, y, b, W, beta, errors, ") != std::string::npos);
  CHECK_THAT(lines[2], Catch::EndsWith(" along an orbit computed here from X, y, b, W, beta, eta"));
  CHECK(lines[3].starts_with(
      "implies: proved: by Theorems A and B, for all t >= 0, |beta(t) - beta(0)| <= 5, |A(t) - "
      "A(0)|_F <= 6, and for t <= T |e(t)| lies in row t of errors.npy; T1 on this instance: "
      "|e(t+1)| <= (1 - eta gamma/4) |e(t)| for all t >= 0, with 0.5 <= gamma <= 0.625; "));
  CHECK(lines[3].find("T2 on this instance: b and beta(t) are not 0 and |cos(b, beta(t))| <= "
                      "kappa/sqrt p < 1 for all t >= 0") != std::string::npos);
  CHECK(lines[3].find("kappa = 7") != std::string::npos);
  CHECK(lines[4].starts_with("trusted: Theorems A and B as written"));
  c.whole_run.errors(0, 1) = 0;
  CHECK(
      said(c, proved)[3].find("T1 on this instance (e(t) = 0 for all t, so it says nothing): |e") !=
      std::string::npos);
  c.leg.statement.cos_min = -1, c.leg.statement.cos_max = 1;
  CHECK(said(c, proved)[3].find("; of cos(b, beta(t)) nothing is claimed (a decimal") !=
        std::string::npos);

  c = from_initialisation();
  c.start.penalty = {0.5, 1, Decay::geometric, 0.75};
  c.whole_run.alignment = AlignmentClaim{0.1, {}};
  c.whole_run.alignment->twin.checkpoint = 9;
  c.whole_run.alignment->twin.statement.cos_max = -0.625;
  lines = said(c, proved);
  CHECK(lines[0].find(", lambda = 0.5, geometric with scale 0.75 for t < 1 and 0 from then on, ") !=
        std::string::npos);
  CHECK(lines[3].find("T3 on this instance: cos(b, beta(t)) >= -0.5 for all t >= T, while without "
                      "the penalty cos(b, beta(t)) <= -0.625 for all t >= 0; ") !=
        std::string::npos);
  c.start.penalty = {0.5, 1};
  CHECK(said(c, proved)[0].find(", lambda = 0.5 for t < 1 and 0") != std::string::npos);
}

TEST_CASE("a report of what is not proved implies nothing", "[check]") {
  KernelCertificate kernel;
  kernel.X = Array({1, 2});
  for (const auto& [decision, words] :
       {std::pair{Decision::violated, "fails: the certificate does not prove its claim:"},
        {Decision::undecided, "undecided: left open:"}}) {
    const Findings open = findings(decision);
    for (const std::vector<std::string>& lines :
         {said(from_checkpoint(Rule::fa, 1), open), said(from_initialisation(), open),
          said(kernel, open)}) {
      REQUIRE(lines.size() == 3);
      CHECK(lines[2] == words + std::string(" (at 128 bits) x >= y: the difference is z"));
    }
  }
}

TEST_CASE("a report of a kernel", "[check]") {
  KernelCertificate c;
  c.activation = Activation::softplus;
  c.X = Array({2, 3});
  c.gamma_lower = 0.25, c.gamma_upper = 0.5;
  const Findings proved = findings(Decision::proved);
  std::vector<std::string> lines = said(c, proved);
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].ends_with("w ~ N(0, I), psi = softplus, of the n = 2 rows of X, d = 3"));
  CHECK(lines[1].starts_with("read: kernel.json with SHA-256 abc and 6 finite doubles in X, "));
  CHECK(lines[3] ==
        "implies: proved: gamma of softplus on 2 samples lies in [0.25, 0.5], so Gbar is positive "
        "definite (a decimal stands for the double nearest to it)");
  CHECK(
      lines[4].starts_with("trusted: the series and closed forms of the limit kernel as written"));
  c.gamma_lower = 0;
  CHECK(said(c, proved)[3].find("[0, 0.5] (a decimal") != std::string::npos);
}

TEST_CASE("a report says what is proved of every width", "[check]") {
  WidthCertificate c;
  c.activation = Activation::tanh;
  c.X = Array({2, 3}), c.y = Array({2});
  c.eta = 0.5, c.delta = 0.125, c.p = 4096;
  c.spectra = {0.25, 0.375, 3, 4};
  c.claims = {5, 6, 7, 8, 9};
  std::vector<std::string> lines = said(c, findings(Decision::proved));
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] ==
        "object: feedback alignment, lambda = 0, one output, psi = tanh, n = 2, d = 3, eta = 0.5, "
        "from W(0), beta(0), b whose entries are independent and N(0, 1), at every width p >= N = "
        "4096; gamma is the smallest eigenvalue of the limit kernel Gbar_ij = E psi(<w, x_i>) "
        "psi(<w, x_j>), w ~ N(0, I)");
  CHECK(lines[1] ==
        "read: width.json with SHA-256 abc and 8 finite doubles in X, y, taken as exact; the "
        "hashes of both agree");
  CHECK(lines[2] == "checked: in ball arithmetic of 128 bits, from X, y, eta");
  CHECK(lines[3] ==
        "implies: proved: by Theorem P, for every width p >= 4096, with probability at least 1 - "
        "0.125 over W(0), beta(0) and b, for all t >= 0 and all r: T1: |e(t+1)| <= (1 - eta "
        "gamma/4) |e(t)|, where 0.25 <= gamma <= 0.375; |w_r(t) - w_r(0)| <= c1 n sqrt(log p) / "
        "(gamma sqrt p) with c1 = 7; |beta_r(t) - beta_r(0)| <= c2 n / (gamma sqrt p) with c2 = 8; "
        "|beta(t) - beta(0)| <= 5; |A(t) - A(0)|_F <= 6; T2: |cos(b, beta(t))| <= kappa/sqrt p "
        "with kappa = 9 (a decimal stands for the double nearest to it)");
  CHECK(lines[4].starts_with("trusted: Theorem P, the inequalities of probability"));
  c.activation = Activation::identity;
  c.claims.kappa.reset();
  c.y = Array({2, 4});
  lines = said(c, findings(Decision::proved));
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].find("4 outputs") != std::string::npos);
  CHECK(lines[3].find("c2 n sqrt(log p) / (gamma sqrt p)") != std::string::npos);
  CHECK(lines[3].find("of T2 nothing is claimed; of e, b and beta") != std::string::npos);
  CHECK(said(c, findings(Decision::violated)).size() == 3);
  CHECK(said(c, findings(Decision::undecided)).back().starts_with("undecided: left open:"));
}

TEST_CASE("a report says what is proved of the law", "[check]") {
  LawCertificate c;
  c.activation = Activation::sigmoid;
  c.y = Array({2});
  c.y.values = {-1.5, -1.5};
  c.gamma = 0.5, c.lambda = 0.25, c.tau = 3;
  c.values = {{1, 2}, {0.125, 0.375}, {5, 6}, {7, 8}, {9, 10}};
  std::vector<std::string> lines = said(c, findings(Decision::proved));
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] ==
        "object: the alignment law, the limit p -> infinity of feedback alignment with one output "
        "on the slow time tau, psi = sigmoid, K = gamma I with gamma = 0.5, n = 2, ybar = |y_i| = "
        "1.5, lambda = 0.25, tau = 3");
  CHECK(lines[1] ==
        "read: law.json with SHA-256 abc and 2 finite doubles in y, taken as exact; the hash of y "
        "agrees");
  CHECK(lines[2] == "checked: in ball arithmetic of 128 bits, from y, gamma, lambda, tau");
  CHECK(lines[3] ==
        "implies: proved: the law at tau = 3 has cos(b, beta) in [0.125, 0.375], also after a cut "
        "of the penalty there; |e| in [5, 6]; M in [1, 2]; G = E psi(a) psi(a)^T has the "
        "eigenvalues [9, 10] in the direction of y and [7, 8] in the others (a decimal stands for "
        "the double nearest to it)");
  CHECK(lines[4].starts_with("trusted: the law of isometric data (I1) and the rules that enclose"));
  c.y = Array({1});
  c.y.values = {1};
  CHECK(said(c, findings(Decision::proved))[3].find("[9, 10] in the direction of y (a decimal") !=
        std::string::npos);
  CHECK(said(c, findings(Decision::violated)).size() == 3);
  CHECK(said(c, findings(Decision::undecided)).back().starts_with("undecided: left open:"));
}
