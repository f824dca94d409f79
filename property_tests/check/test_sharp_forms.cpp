// SPDX-License-Identifier: Apache-2.0
// Theorem A by the bootstrap and by the drift of second order: what the checker accepts is seen in
// runs, every number is needed, and what a false form of the theorem would give is refused.
#include <alignproof/bounds/sharp_forms.hpp>

#include <functional>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/format/certificate.hpp>
#include <alignproof/network/data.hpp>

#include "check/drift_tensor.hpp"
#include "check/verify.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

constexpr ClosingForm sharp_forms[] = {ClosingForm::bootstrap, ClosingForm::second_order_drift};

/// Wide enough to close at t = 0.
Instance instance_of(const Activation& psi, std::size_t p = 4096, std::uint64_t seed = 3,
                     std::size_t n = 2) {
  DataSpec spec;
  spec.n = n, spec.d = 8, spec.seed = seed;
  return make_instance(make_data(spec), {p, psi, 0.2, {}, 0, seed});
}

/// One sample, which needs less.
Instance narrow(std::uint64_t seed = 5) {
  return instance_of(Activation::tanh, 512, seed, 1);
}

Search search_for(ClosingForm form) {
  Search search;
  search.forms = {form}, search.share = 1e-3;
  return search;
}

std::optional<RunCertificate> proposed(const Instance& instance, ClosingForm form,
                                       double radius = 0) {
  Search search = search_for(form);
  search.radius = radius;
  if (radius > 0) search.kind = CertificateKind::from_checkpoint;
  return propose_certificate(instance, search, true_step<double>()).certificate;
}

check::Decision decision_on(const RunCertificate& c) {
  return check::verify(c, 128, 256).decision;
}

/// The checkpoint at t = 0 as the library sees it.
struct AtStart {
  Problem<double> problem;
  KernelState<double> state;
  Forward<double> at;
  CheckpointNumbers<double> numbers;
  DriftNumbers drift;

  explicit AtStart(const Instance& instance)
      : problem(problem_from<double>(instance)), state(initial_kernel(problem, instance)) {
    forward(problem, state, at);
    numbers = *checkpoint_numbers(problem, at, state);
    if (const auto moments = moments_of_drift(problem, state.beta)) drift = *moments;
  }

  /// The certificate with what a growth, be it true or false, gives with a little room.
  RunCertificate certificate_by(const SharpGrowth& growth, RunCertificate c) const {
    CheckpointNumbers<double> x = numbers;
    x.E = c.leg.statement.error, x.M_min = c.leg.witness.M_min, x.M_max = c.leg.witness.M_max;
    const std::optional<SharpClosing> closing = close_sharply(x, growth, 1e-6);
    REQUIRE(closing);
    c.leg.S = closing->S;
    c.leg.statement.alpha = closing->mu - 1e-6 * x.M_min;
    c.leg.statement.beta_displacement *= 2, c.leg.statement.A_displacement *= 2;
    c.leg.statement.cos_min = -1, c.leg.statement.cos_max = 1;
    c.whole_run.beta_displacement *= 2, c.whole_run.A_displacement *= 2;
    c.whole_run.decay.reset(), c.whole_run.no_alignment.reset();
    return c;
  }
};

}  // namespace

TEST_CASE("sharp forms: from t = 0 where the first form does not close", "[check]") {
  for (const Activation& psi :
       {Activation::tanh, Activation::erf, Activation::sigmoid, Activation::identity}) {
    const Instance instance = instance_of(psi);
    std::optional<double> S;
    for (const ClosingForm form : sharp_forms) {
      const std::optional<RunCertificate> c = proposed(instance, form);
      INFO(to_string(psi) << " by " << to_string(form));
      if (!c) {
        CHECK(form == ClosingForm::bootstrap);
        continue;
      }
      CHECK(decision_on(*c) == check::Decision::proved);
      // The drift of second order is the sharper: less can accumulate.
      if (S) CHECK(c->leg.S <= *S);
      S = c->leg.S;
    }
    CHECK(S);
  }
  CHECK_FALSE(proposed(instance_of(Activation::tanh, 2048), ClosingForm::rate));
  CHECK(proposed(instance_of(Activation::tanh, 2048), ClosingForm::second_order_drift));
}

TEST_CASE("sharp forms: what is claimed is seen", "[check][property]") {
  check_property("errors, their sum, displacements and T1 along the run", [] {
    const auto seed = *rc::gen::inRange<std::uint64_t>(1, 100000);
    const ClosingForm form =
        *rc::gen::element(ClosingForm::bootstrap, ClosingForm::second_order_drift);
    const Instance instance = narrow(seed);
    const std::optional<RunCertificate> c = proposed(instance, form);
    if (!c) return;
    RC_ASSERT(decision_on(*c) == check::Decision::proved);
    const AtStart start(instance);
    const Statement& s = c->leg.statement;
    KernelState<double> state = start.state;
    double envelope = s.error, sum = 0;
    run(start.problem, state, 300, true_step<double>(),
        [&](std::size_t, const KernelState<double>& now, const Forward<double>& at) {
          RC_ASSERT(at.e.norm() <= envelope + 1e-11);
          RC_ASSERT(sum <= c->leg.S + 1e-11);
          RC_ASSERT((now.beta - start.state.beta).norm() <= s.beta_displacement + 1e-11);
          RC_ASSERT((now.A - start.state.A).norm() <= s.A_displacement + 1e-11);
          sum += start.problem.eta * at.e.norm();
          envelope *= 1 - start.problem.eta * s.alpha;
          return true;
        });
  });
}

TEST_CASE("sharp forms: every number is checked", "[check]") {
  for (const ClosingForm form : sharp_forms) {
    const std::optional<RunCertificate> good = proposed(narrow(), form);
    REQUIRE(good);
    REQUIRE(decision_on(*good) == check::Decision::proved);
    const auto refused = [&](const std::function<void(RunCertificate&)>& change) {
      RunCertificate c = *good;
      change(c);
      CHECK(decision_on(c) == check::Decision::violated);
    };
    refused([](RunCertificate& c) { c.leg.S *= 0.999; });
    refused([](RunCertificate& c) { c.leg.S *= 2; });
    refused([](RunCertificate& c) { c.leg.S = -c.leg.S; });
    refused([](RunCertificate& c) { c.leg.S = 0; });
    refused([](RunCertificate& c) { c.leg.statement.alpha *= 1.001; });
    refused([](RunCertificate& c) { c.leg.statement.error *= 0.999; });
    refused([](RunCertificate& c) { c.leg.statement.beta_displacement *= 0.999; });
    refused([](RunCertificate& c) { c.leg.statement.A_displacement *= 0.999; });
    refused([](RunCertificate& c) { c.leg.witness.M_min *= 1.001; });
    refused([](RunCertificate& c) { c.leg.witness.M_max *= 0.999; });
    refused([](RunCertificate& c) { c.leg.witness.G_max *= 0.999; });
    refused([](RunCertificate& c) { c.leg.witness.K_norm *= 0.999; });
    // eta (M_min + M_max) <= 2 is all that is wrong with a looser bound.
    refused([](RunCertificate& c) { c.leg.witness.M_max = 2 / c.start.eta; });
    if (form == ClosingForm::bootstrap) continue;
    refused([](RunCertificate& c) { c.leg.linear_drift *= 0.999; });
    refused([](RunCertificate& c) { c.leg.linear_drift *= -1; });
    refused([](RunCertificate& c) { c.leg.linear_drift *= 100; });
  }
}

TEST_CASE("sharp forms: what a false form gives is refused", "[check]") {
  const Instance instance = instance_of(Activation::tanh);
  const AtStart start(instance);
  RunCertificate c = *proposed(instance, ClosingForm::second_order_drift);
  DriftNumbers drift = start.drift;
  drift.linear = c.leg.linear_drift;
  const SharpGrowth whole = growth(start.numbers, drift);
  REQUIRE(decision_on(start.certificate_by(whole, c)) == check::Decision::proved);
  const auto refused = [&](const char* what, const std::function<void(SharpGrowth&)>& drop) {
    SharpGrowth g = whole;
    drop(g);
    INFO(what);
    CHECK(decision_on(start.certificate_by(g, c)) == check::Decision::violated);
  };
  refused("mu without the remainder", [](SharpGrowth& g) { g.Cv = {}; });
  refused("the remainder at S = 0", [](SharpGrowth& g) { g.Cv[1] = g.Cv[2] = 0; });
  refused("without the linear part", [](SharpGrowth& g) { g.D[1] = 0; });
  refused("without what is of second order", [](SharpGrowth& g) { g.D[2] = 0; });
  refused("without what is of third order", [](SharpGrowth& g) { g.D[3] = 0; });
  refused("L3 dropped", [&](SharpGrowth& g) {
    DriftNumbers flat = drift;
    flat.L3 = 0;
    g = growth(start.numbers, flat);
  });
  refused("mean |beta| b^2 in place of mean |beta| |b|^3", [&](SharpGrowth& g) {
    DriftNumbers other = drift;
    other.Q3 = start.numbers.Q;
    g = growth(start.numbers, other);
  });
  c = *proposed(narrow(), ClosingForm::bootstrap);
  const AtStart one(narrow());
  const SharpGrowth norms = growth(one.numbers);
  REQUIRE(decision_on(one.certificate_by(norms, c)) == check::Decision::proved);
  SharpGrowth g = norms;
  g.D[2] = 0;
  CHECK(decision_on(one.certificate_by(g, c)) == check::Decision::violated);
  g = norms, g.D[1] *= 2.0 / 3;  // the drift of G alone
  CHECK(decision_on(one.certificate_by(g, c)) == check::Decision::violated);
}

TEST_CASE("sharp forms: a negative S that satisfies every inequality but its sign", "[check]") {
  Instance instance = instance_of(Activation::tanh);
  instance.eta = 1e-3;
  const AtStart start(instance);
  RunCertificate c = *proposed(instance, ClosingForm::second_order_drift);
  DriftNumbers drift = start.drift;
  drift.linear = c.leg.linear_drift;
  const SharpGrowth g = growth(start.numbers, drift);
  const double E = c.leg.statement.error, M_min = c.leg.witness.M_min;
  const auto mu = [&](double S) {
    return M_min - value_at(g.D, S) - instance.eta * E * value_at(g.Cv, S);
  };
  const auto budget = [&](double S) {
    return M_min * S - integral_to(g.D, S) - instance.eta * E * integral_to(g.Cv, S);
  };
  double S = -10;
  while (S > -1e6 && !(mu(S) > 0.1 && budget(S) > 2 * E)) S *= 1.001;
  REQUIRE(mu(S) > 0.1);
  REQUIRE(budget(S) > 2 * E);
  REQUIRE(instance.eta * (M_min + c.leg.witness.M_max + g.kap * g.kap * S * S) < 2);
  c.leg.S = S, c.leg.statement.alpha = 0.05;
  c.leg.statement.beta_displacement = c.whole_run.beta_displacement = 1e9;
  c.leg.statement.cos_min = -1, c.leg.statement.cos_max = 1;
  c.whole_run.decay.reset(), c.whole_run.no_alignment.reset();
  CHECK(decision_on(c) == check::Decision::violated);
}

TEST_CASE("the drift of second order: its norm holds within the radius", "[check]") {
  const double radius = 1e-3;
  const Instance instance = instance_of(Activation::tanh);
  const RunCertificate good = *proposed(instance, ClosingForm::second_order_drift, radius);
  CHECK(decision_on(good) == check::Decision::proved);
  const AtStart start(instance);
  RunCertificate c = good;
  c.leg.linear_drift = linear_drift(start.problem, start.at, start.state) * (1 + 1e-9);
  CHECK(decision_on(c) == check::Decision::undecided);
  // Of the state itself it is right, if everything else is.
  c.radius = 0;
  CHECK(decision_on(c) == check::Decision::proved);
}

TEST_CASE("the drift of second order: T sigma is the derivative of M", "[check][property]") {
  check_property("tensor of the checker and norm of the library", [] {
    const Activation psi =
        *rc::gen::element(Activation::tanh, Activation::erf, Activation::gelu, Activation::softplus,
                          Activation::sigmoid, Activation::identity, Activation::relu);
    const Instance instance = instance_of(psi, 40, *rc::gen::inRange<std::uint64_t>(1, 100000));
    const AtStart start(instance);
    const Matrix<double> sigma = Matrix<double>::Random(2, 1);
    // The state one step of the error vector sigma ahead and behind.
    const auto M_at = [&](double h) {
      KernelState<double> moved = start.state;
      const double share = h / start.problem.sqrt_p;
      moved.A -=
          share * (start.at.D.cwiseProduct(start.problem.b * sigma.transpose())) * start.problem.K;
      moved.beta -= share * start.at.Psi * sigma;
      Forward<double> at;
      forward(start.problem, moved, at);
      return error_operator(start.problem, at, start.problem.b, moved.beta);
    };
    const Matrix<double> L = (M_at(1e-5) - M_at(-1e-5)) / 2e-5;
    const check::PrecisionScope scope(128);
    Start stored;
    stored.activation = instance.activation, stored.eta = instance.eta;
    stored.X = instance.X, stored.y = instance.y, stored.b = instance.b, stored.W = instance.W0;
    stored.beta = instance.beta0, stored.kind = CertificateKind::from_initialisation;
    stored.y.shape = {2}, stored.b.shape = stored.beta.shape = {40};
    const check::Problem P = check::problem_from(stored, 1e3);
    const check::Orbit orbit(P, stored, 0);
    const check::BallMatrix T = check::drift_facts_at(P, orbit.point(), orbit.radii()).T;
    double norm2 = 0;
    for (std::size_t i = 0; i < 2; ++i)
      for (std::size_t j = 0; j < 2; ++j) {
        double entry = 0;
        for (std::size_t k = 0; k < 2; ++k)
          entry += check::about(T.at(2 * i + j, k)) * sigma(static_cast<Eigen::Index>(k));
        RC_ASSERT(std::abs(entry - L(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j))) <=
                  1e-8);
        norm2 += entry * entry;
      }
    const double norm = linear_drift(start.problem, start.at, start.state);
    RC_ASSERT(std::sqrt(norm2) <= norm * sigma.norm() * (1 + 1e-8) + 1e-12);
    // Few bits are a long difference of psi': only L3 says how far that is from psi''.
    {
      const check::PrecisionScope few(24);
      const check::BallMatrix rough = check::drift_facts_at(P, orbit.point(), orbit.radii()).T;
      for (std::size_t ij = 0; ij < 4; ++ij)
        for (std::size_t k = 0; k < 2; ++k)
          RC_ASSERT(arb_overlaps(rough.entry(ij, k), T.entry(ij, k)) != 0);
    }
    // (A.75) by its formula.
    check::Radii radii = orbit.radii();
    radii.A = 1e-3, radii.beta = 2e-3;
    const check::DriftFacts facts = check::drift_facts_at(P, orbit.point(), radii);
    const double L1 = check::about(P.psi.L1), L2 = check::about(P.psi.L2),
                 L3 = check::about(facts.L3), K_norm = check::about(P.K_norm),
                 kmax = start.problem.K.rowwise().norm().maxCoeff();
    const auto b2 = start.problem.b.array().square();
    const double B2 = b2.mean(), B4 = b2.square().mean(),
                 P1 = std::sqrt((b2 * start.at.Psi.rowwise().squaredNorm().array()).mean()),
                 N2 = std::sqrt((start.state.beta.array() * b2).square().mean());
    const double shift = (1e-3 * (3 * L1 * K_norm * (L1 * L1 * std::sqrt(B2) + 2 * L2 * P1) +
                                  2 * kmax * K_norm * (L1 * L1 * L3 + 2 * L1 * L2 * L2) * N2) +
                          2e-3 * 2 * L1 * L1 * L2 * kmax * K_norm * std::sqrt(B4)) /
                         static_cast<double>(instance.p());
    RC_ASSERT(std::abs(check::about(facts.shift) - shift) <= 1e-9 * shift);
    const double Q3 = (start.state.beta.array().abs() * b2 * b2.sqrt()).mean() +
                      2e-3 * std::sqrt(b2.cube().mean() / static_cast<double>(instance.p()));
    RC_ASSERT(std::abs(check::about(facts.Q3) - Q3) <= 1e-9 * Q3);
    const check::Ball bound = check::spectral_norm_bound(T);
    RC_ASSERT(std::abs(norm - check::about(bound)) <= 1e-4 * norm + 1e-12);
  });
}

TEST_CASE("sharp forms: written, read, and refused where they are not meant", "[check]") {
  RunCertificate c = *proposed(instance_of(Activation::tanh), ClosingForm::second_order_drift);
  CHECK(version_of(c) == 3);
  const test::TemporaryFolder temporary;
  write_certificate(temporary.path() / "c", c);
  const RunCertificate read = read_certificate(temporary.path() / "c");
  CHECK(read.leg.form == ClosingForm::second_order_drift);
  CHECK(read.leg.S == c.leg.S);
  CHECK(read.leg.linear_drift == c.leg.linear_drift);
  c.leg.form = ClosingForm::bootstrap;
  write_certificate(temporary.path() / "d", c);
  CHECK(read_certificate(temporary.path() / "d").leg.form == ClosingForm::bootstrap);
  CHECK(read_certificate(temporary.path() / "d").leg.linear_drift == 0);
  CHECK_THROWS_AS(closing_form_from("best"), InputError);
  c.leg.form = ClosingForm::rate;
  CHECK(version_of(c) == 2);
  c.start.rule = Rule::bp, c.start.kind = CertificateKind::from_checkpoint;
  c.start.A = Array({c.start.p(), c.start.n()}), c.start.W = {}, c.whole_run = {};
  write_certificate(temporary.path() / "bp", c);
  c.leg.form = ClosingForm::bootstrap;
  CHECK_THROWS_WITH(write_certificate(temporary.path() / "bp2", c), Catch::Contains("closing"));
}
