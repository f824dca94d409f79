// SPDX-License-Identifier: Apache-2.0
// Theorem A with k outputs and for backpropagation: what the checker accepts is seen in runs, every
// number is needed, and what is false is refused.
#include <filesystem>
#include <functional>
#include <limits>
#include <utility>

#include <alignproof/bounds/theorem_a_variants.hpp>
#include <alignproof/certificates/producer.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/format/certificate.hpp>
#include <alignproof/network/data.hpp>

#include "check/checker.hpp"
#include "check/verify.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

constexpr int proved = 0, fails = 1;

int exit_of(const RunCertificate& certificate) {
  const test::TemporaryFolder temporary;
  write_certificate(temporary.path() / "c", certificate);
  return CheckReceipt::obtain(test::checker(), temporary.path() / "c", "").exit_status();
}

std::string last_line(const RunCertificate& certificate) {
  const test::TemporaryFolder temporary;
  write_certificate(temporary.path() / "c", certificate);
  return CheckReceipt::obtain(test::checker(), temporary.path() / "c", "").lines().back();
}

std::string implied_by(const RunCertificate& certificate) {
  const test::TemporaryFolder temporary;
  write_certificate(temporary.path() / "c", certificate);
  return CheckReceipt::obtain(ALIGNPROOF_CHECK_PROGRAM, temporary.path() / "c", "").lines().at(3);
}

struct Case {
  Instance instance;
  Rule rule = Rule::fa;
};

Case case_of(Activation psi, Rule rule, std::size_t k, std::uint64_t seed) {
  DataSpec spec;
  spec.n = 3, spec.d = 12, spec.k = k, spec.seed = seed;
  return {make_instance(make_data(spec), {300, psi, 0.2, {}, 1500, seed}), rule};
}

Search search_for(const Case& c) {
  Search search;
  search.kind = CertificateKind::from_checkpoint;
  search.rule = c.rule;
  return search;
}

std::optional<RunCertificate> certificate_of(const Case& c) {
  return propose_certificate(c.instance, search_for(c), true_step<double>()).certificate;
}

/// The run from the checkpoint stays within everything that is claimed.
void require_seen(const RunCertificate& c, const Case& made) {
  const Problem<double> problem = problem_from<double>(made.instance, made.rule);
  const Matrix<double> A0 = matrix_from<double>(c.start.A),
                       beta0 = matrix_from<double>(c.start.beta);
  KernelState<double> state{A0, beta0, Matrix<double>::Zero(A0.rows(), A0.cols()), problem.b};
  const Statement& s = c.leg.statement;
  double envelope = s.error;
  run(problem, state, 400, true_step<double>(),
      [&](std::size_t, const KernelState<double>& now, const Forward<double>& at) {
        // Rounding stays far below 1e-11 at these sizes.
        RC_ASSERT(at.e.norm() <= envelope + 1e-11);
        RC_ASSERT((now.beta - beta0).norm() <= s.beta_displacement + 1e-11);
        RC_ASSERT((now.A - A0).norm() <= s.A_displacement + 1e-11);
        const double cos = cosine(problem.b, now.beta);
        RC_ASSERT(s.cos_min - 1e-11 <= cos);
        RC_ASSERT(cos <= s.cos_max + 1e-11);
        envelope *= 1 - problem.eta * s.alpha;
        return true;
      });
}

}  // namespace

TEST_CASE("k outputs and backpropagation: accepted and seen", "[check][property]") {
  std::size_t closed = 0, tried = 0;
  check_property("any activation, rule and number of outputs", [&] {
    const Activation psi =
        *rc::gen::element(Activation::identity, Activation::tanh, Activation::erf, Activation::relu,
                          Activation::softplus);
    const Rule rule = *rc::gen::element(Rule::fa, Rule::bp);
    const std::size_t k = rule == Rule::bp ? *rc::gen::inRange<std::size_t>(1, 4)
                                           : *rc::gen::inRange<std::size_t>(2, 4);
    const Case c = case_of(psi, rule, k, *rc::gen::inRange<std::uint64_t>(1, 100000));
    ++tried;
    const std::optional<RunCertificate> certificate = certificate_of(c);
    if (!certificate) return;
    ++closed;
    RC_LOG() << last_line(*certificate) << '\n';
    RC_ASSERT(exit_of(*certificate) == proved);
    require_seen(*certificate, c);
  });
  INFO(closed << " of " << tried << " closed");
  if (CaseNumbers::from_environment().many()) CHECK(2 * closed > tried);
}

TEST_CASE("k outputs and backpropagation: every number is checked", "[check]") {
  for (Rule rule : {Rule::fa, Rule::bp})
    for (Activation psi : {Activation::tanh, Activation::relu}) {
      // With relu not every run closes: the first seed that does.
      std::optional<RunCertificate> good;
      for (std::uint64_t seed = 5; !good && seed < 25; ++seed)
        good = certificate_of(case_of(psi, rule, 2, seed));
      REQUIRE(good);
      REQUIRE(exit_of(*good) == proved);
      CHECK_THAT(implied_by(*good), Catch::Contains("those of Frobenius"));
      const auto refused = [&](const std::function<void(RunCertificate&)>& change) {
        RunCertificate c = *good;
        change(c);
        CHECK(exit_of(c) == fails);
      };
      refused([](RunCertificate& c) { c.leg.statement.alpha = c.leg.witness.M_min; });
      refused([](RunCertificate& c) { c.leg.witness.M_min *= 1.001; });
      refused(
          [](RunCertificate& c) { c.leg.witness.M_min = 2 / c.start.eta - c.leg.witness.M_min; });
      refused([](RunCertificate& c) { c.leg.witness.M_max *= 0.999; });
      refused([](RunCertificate& c) { c.leg.witness.G_max *= 0.999; });
      refused([](RunCertificate& c) { c.leg.witness.K_norm *= 0.999; });
      refused([](RunCertificate& c) { c.leg.statement.error *= 0.999; });
      refused([](RunCertificate& c) { c.leg.statement.beta_displacement *= 0.999; });
      refused([](RunCertificate& c) { c.leg.statement.A_displacement *= 0.999; });
      refused([](RunCertificate& c) { c.leg.statement.cos_min += 1e-4; });
      refused([](RunCertificate& c) { c.leg.statement.cos_max -= 1e-4; });
      refused([](RunCertificate& c) { c.radius = 0.1; });
      refused([](RunCertificate& c) { c.radius = -1e-9; });
      if (psi == Activation::relu) refused([](RunCertificate& c) { c.start.A(7, 1) = 1e-12; });
      // The other rule is another dynamics; its numbers are not these.
      refused([&](RunCertificate& c) { c.start.rule = rule == Rule::fa ? Rule::bp : Rule::fa; });
    }
}

TEST_CASE("k outputs and backpropagation: a small neighbourhood", "[check]") {
  for (Rule rule : {Rule::fa, Rule::bp}) {
    const Case made = case_of(Activation::tanh, rule, 2, 5);
    RunCertificate c = *certificate_of(made);
    // Room for states near by: every number gives way.
    c.radius = 1e-6;
    c.leg.statement.alpha *= 0.9;
    c.leg.witness.M_min *= 0.999;
    for (double* number : {&c.leg.witness.M_max, &c.leg.witness.G_max, &c.leg.statement.error,
                           &c.leg.statement.beta_displacement, &c.leg.statement.A_displacement})
      *number *= 1.4;
    c.leg.statement.cos_min -= 0.02, c.leg.statement.cos_max += 0.02;
    INFO(last_line(c));
    CHECK(exit_of(c) == proved);
    c.radius = 1;
    CHECK(exit_of(c) == fails);
  }
}

namespace {

constexpr double nudge = 1e-9;

/// What a certificate from a state may claim at most, in doubles: the producer's numbers, with
/// those of section 16 for all states within the radius.
class Edges {
 public:
  explicit Edges(const RunCertificate& c)
      : start_(c.start),
        w_(c.leg.witness),
        d_(c.radius),
        problem_(problem_of(c.start)),
        A_(matrix_from<double>(c.start.A)),
        beta_(matrix_from<double>(c.start.beta)) {
    activate(problem_.psi, A_, at_.Psi, at_.D);
    // An error that is small is what doubles leave of f - y.
    using Long = Matrix<long double>;
    const Long f = at_.Psi.cast<long double>().transpose() * beta_.cast<long double>() /
                   std::sqrt(static_cast<long double>(c.start.p()));
    at_.e = (f - problem_.y.cast<long double>()).cast<double>();
    centre_ = variant_numbers(problem_, at_, beta_);
    const VariantNumbers& c0 = centre_;
    Gs_ = std::sqrt(w_.G_max), q0_ = c0.L1 * d_ / c0.sqrt_p;
    // (A.63), (A.64)
    around_ = c0;
    around_.G_max = w_.G_max, around_.K_norm = w_.K_norm;
    const double p = c0.sqrt_p * c0.sqrt_p;
    if (c0.bp) {
      around_.s0 += d_ / c0.sqrt_p;
      around_.c_max += d_;
      around_.root_B4p = std::pow(std::sqrt(c0.root_B4p * c0.sqrt_p * c0.sqrt_p) + d_, 2) / p;
      around_.Q += 3 * c0.root_B4p * d_ + (3 * c0.c_max + d_) * d_ * d_ / p;
    } else {
      around_.Q += c0.root_B4p * d_;
    }
    around_.E = c0.E + (Gs_ + q0_) * d_ + q0_ * c0.beta_norm;  // (A.58)
  }

  double error() const { return around_.E; }
  double shift_G() const { return 2 * Gs_ * q0_ + q0_ * q0_; }  // (A.59)
  double shift_M() const {                                      // (A.60), (A.61)
    const VariantNumbers& c = centre_;
    const double s0 = around_.s0, d_p = d_ / c.sqrt_p, L1L1 = c.L1 * c.L1;
    const Matrix<double> fed = c.bp ? beta_ : problem_.b;
    const double N = beta_.rowwise().norm().cwiseProduct(fed.rowwise().norm()).norm() / c.sqrt_p;
    const double moved = c.bp ? 2 * s0 * d_p + d_p * d_p : s0 * d_p;
    return shift_G() + L1L1 * w_.K_norm * moved + 2 * c.L1 * c.L2 * w_.K_norm * N * d_p;
  }
  double M_min() const { return centre_.m0 - shift_M(); }
  double M_max() const { return centre_.M_norm + shift_M(); }
  /// The least G_max with G_max - (2 sqrt(G_max) q0 + q0^2) >= |G|: (sqrt(G_max) - q0)^2 = |G| + 2
  /// q0^2.
  double G_max() const { return std::pow(q0_ + std::sqrt(centre_.G_max + 2 * q0_ * q0_), 2); }
  double K_norm() const { return centre_.K_norm; }
  std::optional<VariantDrift> drift(double alpha) const {
    return variant_drift(around_, around_.E / alpha);
  }
  /// >= 0 where the rate closes, for this M_min; relu: and where no sign changes.
  double rate_margin(double alpha) const {
    const std::optional<VariantDrift> s = drift(alpha);
    return s ? w_.M_min - s->drift - start_.eta * s->Cv * around_.E - alpha : -1;
  }
  double sign_margin(double alpha) const {
    const VariantNumbers& c = centre_;
    const double R = around_.E / alpha, x = w_.K_norm * R / c.sqrt_p;
    const Vector<double> k = problem_.K.rowwise().norm();
    double least = std::numeric_limits<double>::infinity();
    for (Eigen::Index r = 0; r < A_.rows(); ++r) {
      double pull = problem_.b.row(r).norm();
      if (c.bp) {
        const double beta = beta_.row(r).norm() + d_, psi = at_.Psi.row(r).norm() + d_;
        pull = beta + R / c.sqrt_p * (psi + x * beta) / (1 - x * R / c.sqrt_p);
      }
      for (Eigen::Index i = 0; i < A_.cols(); ++i)
        least = std::min(least, std::abs(A_(r, i)) - d_ - pull * k(i) * R / c.sqrt_p);
    }
    return least;
  }
  /// The bracket of the cosine while |beta(t) - beta| <= rho.
  std::pair<double, double> cosines(double rho) const {
    const VariantNumbers& c = centre_;
    const double least = c.beta_norm - d_ - rho, most = c.beta_norm + d_ + rho;
    const double low = c.b_dot_beta / c.b_norm - d_ - rho,
                 high = c.b_dot_beta / c.b_norm + d_ + rho;
    return {low / (low > 0 ? most : least), high / (high > 0 ? least : most)};
  }

 private:
  static Problem<double> problem_of(const Start& s) {
    Instance instance;
    instance.X = s.X, instance.y = s.y, instance.b = s.b, instance.beta0 = s.beta;
    instance.W0 = Array({s.p(), s.d()});
    instance.eta = s.eta, instance.activation = s.activation;
    return problem_from<double>(instance, s.rule);
  }

  Start start_;
  SpectralWitness w_;
  double d_, Gs_ = 0, q0_ = 0;
  Problem<double> problem_;
  Matrix<double> A_, beta_;
  Forward<double> at_;
  VariantNumbers centre_, around_;
};

/// Everything as `Edges` has it, with room: a number moved to its edge is then what decides.
RunCertificate with_room(RunCertificate c) {
  SpectralWitness& w = c.leg.witness;
  // relu: with a rate that is lower by much some sign may change.
  const double share =
      properties(c.start.activation).homogeneous ? 0.99 * c.leg.statement.alpha / w.M_min : 0.6;
  const Edges first(c);
  w.K_norm = first.K_norm() * 1.001;
  w.G_max = first.G_max() * 1.001;
  const Edges second(c);
  w.M_max = second.M_max() * 1.001;
  w.M_min = second.M_min() * 0.999;
  c.leg.statement.alpha = share * w.M_min;
  const Edges edges(c);
  const VariantDrift s = *edges.drift(c.leg.statement.alpha);
  c.leg.statement.error = 1.001 * edges.error();
  c.leg.statement.beta_displacement = 1.001 * s.beta_displacement;
  c.leg.statement.A_displacement = 1.001 * s.A_displacement;
  c.leg.statement.cos_min = -1, c.leg.statement.cos_max = 1;
  return c;
}

check::Decision decision_of(const RunCertificate& c) {
  return check::verify(c, 128, 128).decision;
}

/// Accepts a number moved by so little to the safe side of its edge, and not on the other.
void require_edge(RunCertificate c, double& (*field)(RunCertificate&), double edge, int safe,
                  double by = nudge) {
  const double moved = safe * by * std::abs(edge);
  field(c) = edge + moved;
  CHECK(decision_of(c) == check::Decision::proved);
  field(c) = edge - moved;
  CHECK(decision_of(c) != check::Decision::proved);
}

/// Where the margin changes its sign between a (negative) and b (positive).
double root(const std::function<double(double)>& margin, double a, double b) {
  for (int k = 0; k < 200; ++k) {
    const double middle = (a + b) / 2;
    (margin(middle) < 0 ? a : b) = middle;
  }
  return b;
}

}  // namespace

TEST_CASE("k outputs and backpropagation: every number is tight", "[check]") {
  int by_sign = 0;
  for (const auto& [rule, k] :
       {std::pair<Rule, std::size_t>{Rule::fa, 2}, {Rule::bp, 1}, {Rule::bp, 2}})
    for (Activation psi : {Activation::tanh, Activation::sigmoid, Activation::relu})
      for (double radius : {0.0, 1e-3}) {
        INFO(to_string(rule) << ", " << k << " outputs, " << to_string(psi) << ", radius "
                             << radius);
        std::optional<RunCertificate> made;
        for (std::uint64_t seed = 5; !made && seed < 25; ++seed)
          made = certificate_of(case_of(psi, rule, k, seed));
        REQUIRE(made);
        // Of relu only states at which the error is nearly 0 close.
        made->radius = psi == Activation::relu ? radius * made->leg.statement.error : radius;
        const RunCertificate c = with_room(*made);
        REQUIRE(decision_of(c) == check::Decision::proved);
        const Edges edges(c);
        require_edge(
            c, [](RunCertificate& x) -> double& { return x.leg.statement.error; }, edges.error(),
            +1);
        const VariantDrift s = *edges.drift(c.leg.statement.alpha);
        require_edge(
            c, [](RunCertificate& x) -> double& { return x.leg.statement.beta_displacement; },
            s.beta_displacement, +1);
        require_edge(
            c, [](RunCertificate& x) -> double& { return x.leg.statement.A_displacement; },
            s.A_displacement, +1);
        // Balls of b beta and of |beta| forget that both are of the same state: of order radius^2.
        const double by = c.radius > 1e-6 ? 1e-5 : nudge;
        const auto [low, high] = edges.cosines(s.beta_displacement);
        require_edge(
            c, [](RunCertificate& x) -> double& { return x.leg.statement.cos_min; }, low, -1, by);
        require_edge(
            c, [](RunCertificate& x) -> double& { return x.leg.statement.cos_max; }, high, +1, by);
        require_edge(
            c, [](RunCertificate& x) -> double& { return x.leg.witness.M_min; }, edges.M_min(), -1);
        require_edge(
            c, [](RunCertificate& x) -> double& { return x.leg.witness.M_max; }, edges.M_max(), +1);

        // G_max and K_norm enter the bounds as well, which have the room.
        RunCertificate loose = c;
        loose.leg.witness.M_min *= 0.99, loose.leg.witness.M_max *= 1.01;
        loose.leg.statement.alpha *= 0.9;
        for (double* number : {&loose.leg.statement.error, &loose.leg.statement.beta_displacement,
                               &loose.leg.statement.A_displacement})
          *number *= 2;
        require_edge(
            loose, [](RunCertificate& x) -> double& { return x.leg.witness.G_max; }, edges.G_max(),
            +1);
        require_edge(
            loose, [](RunCertificate& x) -> double& { return x.leg.witness.K_norm; },
            edges.K_norm(), +1);

        // The rate, at both of its ends.
        loose = c;
        for (double* number :
             {&loose.leg.statement.beta_displacement, &loose.leg.statement.A_displacement})
          *number = 1e6;
        const auto margin = [&](double alpha) {
          const double rate = edges.rate_margin(alpha);
          return psi == Activation::relu ? std::min(rate, edges.sign_margin(alpha)) : rate;
        };
        const double alpha = c.leg.statement.alpha, M_min = c.leg.witness.M_min;
        REQUIRE(margin(alpha) > 0);
        const auto field = [](RunCertificate& x) -> double& { return x.leg.statement.alpha; };
        // Terms of higher order in the radius are small; only an error that is small itself is lost
        // to rounding.
        const double little = psi == Activation::relu ? nudge : 1e-12;
        require_edge(loose, field, root(margin, M_min, alpha), -1, little);
        const double least = root(margin, alpha * 1e-6, alpha);
        by_sign += edges.rate_margin(least * (1 - 1e-9)) > 0;
        require_edge(loose, field, least, +1, little);
      }
  CHECK(by_sign >= 3);  // what decides there is that a sign may change
}
