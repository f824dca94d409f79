// SPDX-License-Identifier: Apache-2.0
// A violation is confirmed at more digits, without tolerance, or it is not one.
#include <alignproof/claims/violation.hpp>

#include <algorithm>
#include <cmath>

#include <alignproof/bounds/instantiations.hpp>
#include <alignproof/claims/decay_outcome.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/decay.hpp>
#include <alignproof/claims/probes/displacement.hpp>
#include <alignproof/network/data.hpp>

#include "claims/t1d/drift.hpp"
#include "property.hpp"

using namespace alignproof;

TEST_CASE("a rate that is too fast is violated, in doubles and at 50 digits alike", "[claims]") {
  const Dynamics dynamics;
  NetworkSpec spec;
  spec.p = 60, spec.steps = 20;
  const Instance instance = make_instance(make_data({}), spec);
  // gamma = 4/eta would mean that the error vanishes in one step; a tiny gamma is true of this run
  const double absurd = 4 / instance.eta - 1e-9, tiny = 1e-3;
  const auto measured = [&](double gamma) {
    LimitKernel limit;
    limit.gamma = gamma;
    return look_at<DecayProbe>(instance, Rule::fa, limit, dynamics.in_double);
  };
  const Seen<DecayProbe> record = measured(absurd);
  REQUIRE(record.violation == 0u);
  CHECK(violation_confirmed(instance, Rule::fa, absurd, 0, 50, dynamics.in_mpfr));
  CHECK_FALSE(measured(tiny).violation.has_value());
  CHECK_FALSE(violation_confirmed(instance, Rule::fa, tiny, 0, 50, dynamics.in_mpfr));
}

namespace {

/// A run with a penalty that is cut at step 3.
Instance penalised() {
  NetworkSpec spec;
  spec.p = 60, spec.steps = 12, spec.penalty = {1, 3};
  return make_instance(make_data({}), spec);
}

struct PlainRun {
  std::vector<double> e, cosine, D, dG, dH;
};

PlainRun plain_run(const Instance& instance) {
  const Problem<double> problem = problem_from<double>(instance, Rule::fa);
  KernelState<double> state = initial_kernel(problem, instance);
  const Matrix<double> beta0 = state.beta;
  Matrix<double> G0, H0;
  PlainRun out;
  run(problem, state, instance.steps, true_step<double>(),
      [&](std::size_t t, const KernelState<double>& now, const Forward<double>& at) {
        if (t == 0) G0 = gram_G(at), H0 = gram_H(problem, at, now.b, now.beta);
        out.e.push_back(at.e.norm());
        out.cosine.push_back(problem.b.col(0).dot(now.beta.col(0)) /
                             (problem.b.norm() * now.beta.norm()));
        out.D.push_back((now.beta - beta0).norm());
        out.dG.push_back(symmetric_norm(Matrix<double>(gram_G(at) - G0)));
        out.dH.push_back(symmetric_norm(Matrix<double>(gram_H(problem, at, now.b, now.beta) - H0)));
        return true;
      });
  return out;
}

double largest_of(const std::vector<double>& v) {
  return *std::max_element(v.begin(), v.end());
}

/// The gamma at which step t has equality in the decay that T1' states.
double threshold(const Instance& instance, const PlainRun& plain, std::size_t t) {
  double y = 0;
  for (const double value : instance.y.values) y += value * value;
  const double lambda = instance.penalty(t), eta = instance.eta;
  return 4 / eta * (1 - eta * lambda - (plain.e[t + 1] - eta * lambda * std::sqrt(y)) / plain.e[t]);
}

using Record = Seen<DecayProbe, DisplacementProbe, AlignmentProbe, DriftProbe>;

Record record_of(const Instance& instance, double gamma) {
  LimitKernel limit;
  limit.gamma = gamma;
  return look_at<DecayProbe, DisplacementProbe, AlignmentProbe, DriftProbe>(instance, Rule::fa,
                                                                            limit);
}

}  // namespace

TEST_CASE("a violation is confirmed from the exact threshold on, with a penalty too", "[claims]") {
  const Instance instance = penalised();
  const PlainRun plain = plain_run(instance);
  for (const std::size_t t : {std::size_t{1}, std::size_t{5}}) {  // with lambda, and after the cut
    const double gamma = threshold(instance, plain, t);
    const auto confirmed = [&](double at) {
      return violation_confirmed(instance, Rule::fa, at, t, 50, true_step<Mpfr>());
    };
    INFO(t << ", gamma " << gamma);
    CHECK(confirmed(gamma + 1e-9));
    CHECK_FALSE(confirmed(gamma - 1e-9));
  }
}

TEST_CASE("a violation is seen from the threshold on, with a penalty too", "[claims]") {
  const Instance instance = penalised();
  const PlainRun plain = plain_run(instance);
  double least = INFINITY;
  std::size_t first = 0;
  for (std::size_t t = 0; t < instance.steps; ++t)
    if (threshold(instance, plain, t) < least) least = threshold(instance, plain, t), first = t;
  CHECK(record_of(instance, least + 1e-9).violation == first);
  CHECK_FALSE(record_of(instance, least - 1e-9).violation.has_value());
  Instance under_penalty = instance;  // the steps with lambda > 0 alone
  under_penalty.steps = 2;
  const double there = std::min(threshold(instance, plain, 0), threshold(instance, plain, 1));
  CHECK(record_of(under_penalty, there + 1e-9).violation.has_value());
  CHECK_FALSE(record_of(under_penalty, there - 1e-9).violation.has_value());
}

TEST_CASE("a record holds what a plain run shows", "[claims]") {
  const Instance instance = penalised();
  const PlainRun plain = plain_run(instance);
  const Record record = record_of(instance, 1e-3);
  CHECK(record.E0 == plain.e.front());
  CHECK(record.E_end == plain.e.back());
  std::vector<double> size = plain.cosine;
  for (double& c : size) c = std::abs(c);
  const auto after = plain.cosine.begin() + 3;
  CHECK(record.sup_cos == Approx(largest_of(size)));
  CHECK(record.cos_at_cut == Approx(*after));
  CHECK(record.min_cos_after == Approx(*std::min_element(after, plain.cosine.end())));
  CHECK(record.cos_end == Approx(plain.cosine.back()));
  CHECK(record.D == Approx(largest_of(plain.D)));
  CHECK(record.sup_dG == Approx(largest_of(plain.dG)));
  CHECK(record.sup_dH == Approx(largest_of(plain.dH)));
  double ratio = 0;
  for (std::size_t t = 3; t < instance.steps; ++t)
    ratio = std::max(ratio, plain.e[t + 1] / plain.e[t]);
  CHECK(record.sup_ratio == Approx(ratio));
  CHECK(record.judged == instance.steps);
  CHECK(record.free_steps == instance.steps - 3);
}

TEST_CASE("a supremum is not the last value", "[claims]") {
  // Of many runs, some whose numbers are largest, or negative, before the end.
  std::size_t earlier = 0;
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    NetworkSpec spec;
    spec.p = 12, spec.steps = 25, spec.eta = 1, spec.penalty = {0.4, 6}, spec.seed = seed;
    const Instance instance = make_instance(make_data({}), spec);
    const PlainRun plain = plain_run(instance);
    const Record record = record_of(instance, 1e-3);
    std::vector<double> size = plain.cosine;
    for (double& c : size) c = std::abs(c);
    const auto check = [&](double recorded, const std::vector<double>& all) {
      CHECK(recorded == Approx(largest_of(all)));
      earlier += largest_of(all) > all.back() * 1.01 ? 1 : 0;
    };
    check(record.sup_cos, size), check(record.D, plain.D);
    check(record.sup_dG, plain.dG), check(record.sup_dH, plain.dH);
    CHECK(record.min_cos_after ==
          Approx(*std::min_element(plain.cosine.begin() + 6, plain.cosine.end())));
  }
  CHECK(earlier >= 12);
}

TEST_CASE("steps below rounding are not judged", "[claims]") {
  NetworkSpec spec;
  spec.p = 60, spec.steps = 600;
  const Instance instance = make_instance(make_data({}), spec);
  const Record record = record_of(instance, 1e-3);
  CHECK(record.below_rounding > 100);
  CHECK(record.judged > 100);
  CHECK(record.judged + record.below_rounding == spec.steps);
  CHECK_FALSE(record.violation.has_value());
  CHECK(record.sup_ratio < 1);
}

TEST_CASE("a run that diverges has no finite largest ratio", "[claims]") {
  // So large an error that rounding leaves no step to judge.
  Data data = make_data({});
  for (double& y : data.y.values) y *= 1e200;
  NetworkSpec spec;
  spec.p = 12, spec.steps = 5;
  const Record record = record_of(make_instance(data, spec), 1e-3);
  CHECK(record.diverged_at.has_value());
  CHECK(record.judged == 0);
  CHECK(std::isinf(record.sup_ratio));
  CHECK(std::isinf(record.sup_against_bound));
}

TEST_CASE("the share of a rate that is promised", "[claims]") {
  CHECK(share_promised(0.4, 0.8) == Approx(0.5));
  CHECK(share_promised(0.4, 0.95) == Approx(2));
  for (const double sup : {1.0, 1.5, double(INFINITY), std::nan("")})
    CHECK(std::isinf(share_promised(0.4, sup)));
}
