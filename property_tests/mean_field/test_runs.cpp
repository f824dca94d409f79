// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/runs.hpp>

#include <atomic>
#include <cmath>
#include <vector>

#include <Eigen/Eigenvalues>

#include <alignproof/core/error.hpp>
#include <alignproof/network/data.hpp>

#include "property.hpp"
#include "reference/plain.hpp"

using namespace alignproof;

namespace {

struct Silent : Progress {};

struct Counting : Progress {
  std::atomic<std::size_t> expected = 0, advanced = 0;

  void expect(std::size_t units) override { expected += units; }
  void advance(std::size_t units) override { advanced += units; }
};

/// Three samples, not isometric, k outputs.
LawData three_samples(Eigen::Index k) {
  LawData data{Matrix<double>(3, 3), Matrix<double>(3, k)};
  data.K << 2, 0.5, -0.3, 0.5, 1.2, 0.4, -0.3, 0.4, 0.9;
  for (Eigen::Index i = 0; i < 3; ++i)
    for (Eigen::Index c = 0; c < k; ++c) data.Y(i, c) = 1 - 0.7 * double(i) + 0.4 * double(c * i);
  return data;
}

NetworkRuns few_runs(std::size_t p) {
  NetworkRuns runs;
  runs.widths = {p}, runs.eta = 0.2, runs.penalty.lambda = 0.8, runs.steps_after = 9;
  runs.seed = 4;
  return runs;
}

/// The network of run 0, by the same random numbers.
Instance instance_of(const LawData& data, const Activation& psi, const NetworkRuns& runs) {
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(data.K);
  NetworkSpec spec;
  spec.p = runs.widths[0], spec.activation = psi, spec.eta = runs.eta;
  spec.seed = runs.seed * 1000000;
  const Matrix<double> roots = solver.eigenvalues().cwiseSqrt().asDiagonal();
  return make_instance(
      {"", "", array_from(Matrix<double>(solver.eigenvectors() * roots)), array_from(data.Y)},
      spec);
}

/// What of A a step subtracts K from.
enum class Product { after, inside };

struct Seen {
  double cosine = 0, signal = 0, error = 0;
};

/// The recursion with indices only, on A, at a penalty by steps; `inside` takes K into the
/// entry-wise product, which is another rule unless psi is linear.
class PlainNetwork {
 public:
  PlainNetwork(const Instance& instance, const LawData& data, Rule rule, Product product)
      : instance_(instance),
        data_(data),
        rule_(rule),
        product_(product),
        p_(instance.p()),
        n_(instance.n()),
        k_(instance.k()),
        a_(p_ * n_),
        beta_(instance.beta0.values),
        b_(instance.b.values) {
    for (std::size_t r = 0; r < p_; ++r)
      for (std::size_t i = 0; i < n_; ++i)
        for (std::size_t l = 0; l < instance.d(); ++l)
          a_[r * n_ + i] += instance.W0(r, l) * instance.X(i, l);
    observe();
  }

  void step(double lambda) {
    const double scale = instance_.eta / std::sqrt(double(p_));
    for (std::size_t r = 0; r < p_; ++r) {
      std::vector<double> sent(n_), slope(n_), value(n_);
      for (std::size_t i = 0; i < n_; ++i) {
        value[i] = reference::psi<double>(instance_.activation, a_[r * n_ + i]);
        slope[i] = reference::psi_prime<double>(instance_.activation, a_[r * n_ + i]);
        for (std::size_t c = 0; c < k_; ++c) sent[i] += back(r * k_ + c) * e_[i * k_ + c];
      }
      for (std::size_t j = 0; j < n_; ++j)
        for (std::size_t i = 0; i < n_; ++i)
          a_[r * n_ + j] -= scale * data_.K(Eigen::Index(i), Eigen::Index(j)) * sent[i] *
                            (product_ == Product::after ? slope[i] : slope[j]);
      for (std::size_t c = 0; c < k_; ++c) {
        double& beta = beta_[r * k_ + c];
        beta *= 1 - instance_.eta * lambda;
        for (std::size_t i = 0; i < n_; ++i) beta -= scale * value[i] * e_[i * k_ + c];
      }
    }
    observe();
  }

  Seen seen() const {
    Seen now{angle(b_, beta_), 0, 0};
    for (double x : e_) now.error += x * x;
    now.error = std::sqrt(now.error);
    for (std::size_t i = 0; i < n_; ++i) {
      std::vector<double> sent(p_), fed(p_);
      for (std::size_t r = 0; r < p_; ++r)
        for (std::size_t c = 0; c < k_; ++c)
          sent[r] += beta_[r * k_ + c] * e_[i * k_ + c], fed[r] += b_[r * k_ + c] * e_[i * k_ + c];
      now.signal += angle(fed, sent) / double(n_);
    }
    return now;
  }

 private:
  double back(std::size_t at) const {
    switch (rule_) {
      case Rule::fa:
        return b_[at];
      case Rule::bp:
        return beta_[at];
    }
    throw std::logic_error("no such rule");
  }
  static double angle(const std::vector<double>& u, const std::vector<double>& v) {
    double uv = 0, uu = 0, vv = 0;
    for (std::size_t i = 0; i < u.size(); ++i)
      uv += u[i] * v[i], uu += u[i] * u[i], vv += v[i] * v[i];
    return uv / std::sqrt(uu * vv);
  }
  void observe() {
    e_.assign(n_ * k_, 0);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t c = 0; c < k_; ++c) {
        for (std::size_t r = 0; r < p_; ++r)
          e_[i * k_ + c] +=
              beta_[r * k_ + c] * reference::psi<double>(instance_.activation, a_[r * n_ + i]);
        e_[i * k_ + c] /= std::sqrt(double(p_));
        e_[i * k_ + c] -= data_.Y(Eigen::Index(i), Eigen::Index(c));
      }
  }

  const Instance& instance_;
  const LawData& data_;
  Rule rule_;
  Product product_;
  std::size_t p_, n_, k_;
  std::vector<double> a_, beta_, b_, e_;
};

struct Course {
  std::vector<Seen> at;
  Seen after;
};

/// To steps `stops` under `penalty(t)`, then `steps_after` without any.
template <class PenaltyAt>
Course plain_course(const LawData& data, const Activation& psi, const NetworkRuns& runs,
                    const std::vector<std::size_t>& stops, const PenaltyAt& penalty,
                    Product product = Product::after) {
  Instance instance = instance_of(data, psi, runs);
  if (runs.feedback == FeedbackLaw::signs)
    for (double& x : instance.b.values) x = x < 0 ? -1 : 1;
  PlainNetwork network(instance, data, runs.rule.theorem_rule().value(), product);
  Course course;
  std::size_t t = 0;
  for (const std::size_t stop : stops) {
    for (; t < stop; ++t) network.step(penalty(t));
    course.at.push_back(network.seen());
  }
  for (std::size_t s = 0; s < runs.steps_after; ++s) network.step(0);
  course.after = network.seen();
  return course;
}

void check_equal(const NetworkSlowRun& run, const Course& course) {
  for (std::size_t k = 0; k < course.at.size(); ++k) {
    CHECK(std::abs(run.cosine[k] - course.at[k].cosine) < 1e-11);
    CHECK(std::abs(run.signal[k] - course.at[k].signal) < 1e-10);
    CHECK(std::abs(run.error[k] - course.at[k].error) < 1e-11);
  }
  CHECK(std::abs(run.after_cut - course.after.cosine) < 1e-11);
  CHECK(std::abs(run.signal_after_cut - course.after.signal) < 1e-10);
  CHECK(std::abs(run.error_after_cut - course.after.error) < 1e-11);
}

double distance(const NetworkSlowRun& run, const Course& course) {
  return std::abs(run.cosine.back() - course.at.back().cosine) +
         std::abs(run.error.back() - course.at.back().error);
}

NetworkSlowRun only_run(const LawData& data, const Activation& psi, const NetworkRuns& runs,
                        const std::vector<double>& times) {
  Silent silent;
  return run_networks(data, psi, runs, times, 1, silent).runs[0][0];
}

}  // namespace

TEST_CASE("a run on the slow time is the recursion with indices only", "[law]") {
  const std::vector<double> times{0, 0.4, 1.1};
  for (const std::size_t k : {1, 3})
    for (const Rule rule : all_rules)
      for (const char* psi : {"tanh", "erf", "softplus", "relu", "identity"}) {
        const LawData data = three_samples(Eigen::Index(k));
        NetworkRuns runs = few_runs(64);
        runs.rule = rule;
        INFO(psi << ", k = " << k << ", " << to_string(rule));
        const NetworkSlowRun run = only_run(data, Activation(psi), runs, times);
        // tau sqrt p / eta steps, rounded up.
        const auto course =
            plain_course(data, Activation(psi), runs, {0, 16, 44}, [](std::size_t) { return 0.8; });
        check_equal(run, course);
        CHECK(!run.diverged_at);
        // The false rule, which takes K into the entry-wise product, is another one.
        const auto inside = plain_course(
            data, Activation(psi), runs, {0, 16, 44}, [](std::size_t) { return 0.8; },
            Product::inside);
        if (std::string_view(psi) == "identity")
          check_equal(run, inside);
        else
          CHECK(distance(run, inside) > 1e-3);
      }
}

TEST_CASE("blocks of hidden units are one network", "[law]") {
  // More units than a block has, and a last one that is not full.
  const LawData data = three_samples(3);
  const NetworkRuns runs = few_runs(1300);
  check_equal(only_run(data, Activation::gelu, runs, {0.05}),
              plain_course(data, Activation::gelu, runs, {10}, [](std::size_t) { return 0.8; }));
}

TEST_CASE("penalties of runs move on the slow time and end at their cut", "[law]") {
  const LawData data = three_samples(1);
  NetworkRuns runs = few_runs(64);
  const double of_step = 0.2 / 8;
  runs.penalty = {0.8, Decay::inverse_square, 0.5, 0.7};
  check_equal(only_run(data, Activation::erf, runs, {1.1}),
              plain_course(data, Activation::erf, runs, {44}, [&](std::size_t t) {
                return t >= 28 ? 0 : 0.8 / std::pow(1 + double(t) * of_step / 0.5, 2);
              }));
  runs.penalty = {0.8, Decay::geometric, 0.1};
  check_equal(only_run(data, Activation::erf, runs, {1.1}),
              plain_course(data, Activation::erf, runs, {44}, [&](std::size_t t) {
                return 0.8 * std::pow(0.1, double(t) * of_step);
              }));
}

TEST_CASE("runs on the time of backpropagation take p steps where others take sqrt p", "[law]") {
  const LawData data = three_samples(1);
  NetworkRuns runs = few_runs(16);
  runs.rule = Rule::bp, runs.power = 1;
  check_equal(only_run(data, Activation::tanh, runs, {0.5}),
              plain_course(data, Activation::tanh, runs, {40}, [](std::size_t) { return 0.8; }));
}

TEST_CASE("feedback of signs is +1 and -1", "[law]") {
  for (const std::size_t k : {1, 3}) {
    const LawData data = three_samples(Eigen::Index(k));
    NetworkRuns runs = few_runs(64);
    runs.feedback = FeedbackLaw::signs;
    check_equal(only_run(data, Activation::tanh, runs, {1.1}),
                plain_course(data, Activation::tanh, runs, {44}, [](std::size_t) { return 0.8; }));
  }
}

TEST_CASE("runs are the same on any number of threads, and no two have the same weights", "[law]") {
  const LawData data = three_samples(3);
  NetworkRuns runs = few_runs(20);
  runs.widths = {20, 600}, runs.seeds = 4;
  Counting alone, together;
  const auto one = run_networks(data, Activation::tanh, runs, {0.3, 0.9}, 1, alone),
             three = run_networks(data, Activation::tanh, runs, {0.3, 0.9}, 3, together);
  CHECK(one.p == std::vector<double>{20, 600});
  std::vector<double> ends;
  for (std::size_t w = 0; w < 2; ++w)
    for (std::size_t s = 0; s < 4; ++s) {
      const NetworkSlowRun &x = one.runs[w][s], &y = three.runs[w][s];
      CHECK((x.cosine == y.cosine && x.signal == y.signal && x.error == y.error));
      CHECK((x.after_cut == y.after_cut && x.signal_after_cut == y.signal_after_cut));
      ends.push_back(x.cosine.back());
    }
  std::sort(ends.begin(), ends.end());
  CHECK(std::adjacent_find(ends.begin(), ends.end()) == ends.end());
  for (const Counting* progress : {&alone, &together}) {
    CHECK(progress->advanced == progress->expected);
    CHECK(progress->expected >= 8);
  }
}

TEST_CASE("after the cut a run ends where its error is rounding", "[law]") {
  const LawData data = three_samples(3);
  NetworkRuns runs = few_runs(400);
  runs.steps_after = 1000000;
  const NetworkSlowRun run = only_run(data, Activation::tanh, runs, {0.5});
  CHECK(run.error_after_cut <= runs.noise * data.Y.norm());
  CHECK(run.error_after_cut > 0.01 * runs.noise * data.Y.norm());
  CHECK((run.signal_after_cut > -1 && run.signal_after_cut < 1));
}

TEST_CASE("a run that diverges says when, and what came before", "[law]") {
  for (const std::size_t k : {1, 3}) {
    const LawData data = three_samples(Eigen::Index(k));
    NetworkRuns runs = few_runs(64);
    runs.eta = 1.2, runs.penalty.lambda = 0.5;
    const NetworkSlowRun run = only_run(data, Activation::identity, runs, {0, 0.6, 400});
    REQUIRE(run.diverged_at);
    CHECK(*run.diverged_at > 4);
    CHECK(*run.diverged_at <= steps_until(400, 1.2, 64, 0.5));
    CHECK(std::isfinite(run.cosine[0]));
    CHECK(std::isnan(run.cosine[2]));
    CHECK(std::isnan(run.after_cut));
  }
}

TEST_CASE("what cannot be run is refused", "[law]") {
  Silent silent;
  const LawData data = three_samples(1);
  const auto refused = [&](const NetworkRuns& runs, const std::vector<double>& times) {
    CHECK_THROWS_AS(run_networks(data, Activation::tanh, runs, times, 1, silent), InputError);
  };
  NetworkRuns runs = few_runs(8);
  refused(runs, {1, 0.5});
  refused(runs, {-1});
  runs.widths = {0};
  refused(runs, {1});
  runs = few_runs(8), runs.eta = 0;
  refused(runs, {1});
  runs = few_runs(8), runs.eta = 2;  // eta lambda >= 1
  refused(runs, {1});
  runs = few_runs(8), runs.penalty.lambda = -1;
  refused(runs, {1});
}
