// SPDX-License-Identifier: Apache-2.0
#include "law_runs.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/QR>

#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/dynamics/reduced_instances.hpp>
#include <alignproof/random/normal.hpp>

namespace alignproof {

namespace {

Data linear_data(const Settings& settings, Inputs inputs, std::size_t n, std::size_t d,
                 double scale = 1) {
  DataSpec spec;
  spec.inputs = inputs, spec.n = n, spec.d = d, spec.input_scale = scale;
  spec.seed = settings.seed, spec.activation = Activation::identity;
  return make_data(spec);
}

Matrix<double> gram(const Data& data) {
  const Matrix<double> X = matrix_from<double>(data.X);
  return X * X.transpose();
}

double lambda_at(const LawCase& c, double tau) {
  switch (c.decay) {
    case Decay::constant:
      return c.lambda;
    case Decay::geometric:
      return c.lambda * std::exp(-tau / c.scale);
    case Decay::inverse_square:
      return c.lambda / ((1 + tau / c.scale) * (1 + tau / c.scale));
  }
  throw std::logic_error("no such decay");
}

/// The scale of a penalty that falls at the pace of the case, counted in steps at width p.
double decay_scale(const LawCase& c, double root_p) {
  switch (c.decay) {
    case Decay::constant:
      return 1;
    case Decay::geometric:
      return std::exp(-c.eta / (root_p * c.scale));
    case Decay::inverse_square:
      return c.scale * root_p / c.eta;
  }
  throw std::logic_error("no such decay");
}

NetworkSpec network_of(const LawCase& c, std::size_t p, std::uint64_t seed) {
  NetworkSpec spec;
  spec.p = p, spec.activation = Activation::identity, spec.eta = c.eta, spec.seed = seed;
  const double root = std::sqrt(static_cast<double>(p));
  spec.penalty.lambda = c.lambda, spec.penalty.decay = c.decay;
  spec.penalty.scale = decay_scale(c, root);
  const std::size_t until = steps_until(c.tau, c.eta, static_cast<double>(p));
  if (c.steps_after > 0) spec.penalty.cut = until;
  spec.steps = until + c.steps_after;
  return spec;
}

std::string replay(const LawCase& c, std::size_t p, std::uint64_t seed) {
  return fmt::format("alignproof simulate --form reduced --weights wishart {} {}", c.data.options,
                     options_of(network_of(c, p, seed)));
}

}  // namespace

LawCase isometric_case(const Settings& settings) {
  LawCase c;
  c.name = "isometric, $K = 2I$";
  c.data = linear_data(settings, Inputs::isometric, 6, 6, std::sqrt(2.0));
  c.eta = 0.1, c.lambda = 1.5, c.tau = 1.2, c.steps_after = 1000;
  return c;
}

std::vector<LawCase> general_cases(const Settings& settings) {
  LawCase sphere;
  sphere.name = "unit sphere";
  sphere.data = linear_data(settings, Inputs::sphere, 5, 20);
  sphere.eta = 0.2, sphere.lambda = 1, sphere.tau = 3, sphere.steps_after = 2000;
  LawCase ill = sphere;
  ill.name = "ill conditioned";
  ill.data = linear_data(settings, Inputs::gaussian, 5, 6);
  ill.eta = 0.2, ill.lambda = 0.5, ill.tau = 4, ill.steps_after = 0;
  LawCase parallel = sphere;
  parallel.name = "nearly parallel samples";
  parallel.data = linear_data(settings, Inputs::nearly_parallel, 4, 8);
  parallel.steps_after = 0;
  return {sphere, ill, parallel};
}

std::vector<LawCase> schedule_cases(const Settings& settings) {
  LawCase cut = general_cases(settings).front();
  cut.name = "cut", cut.tau = 2;
  LawCase geometric = cut;
  geometric.name = "geometric, $\\lambda e^{-\\tau/2}$";
  geometric.decay = Decay::geometric, geometric.scale = 2, geometric.tau = 8;
  geometric.steps_after = 0;
  LawCase square = geometric;
  square.name = "inverse square, $\\lambda/(1 + \\tau/2)^2$";
  square.decay = Decay::inverse_square;
  return {cut, geometric, square};
}

void want_law(Study& study, const LawCase& c, const std::vector<std::size_t>& widths) {
  if (study.laws.contains(c.name)) return;
  LawRecord& record = study.laws[c.name];
  const std::size_t seeds = study.profile().laws.tuples * study.profile().laws.runs;
  constexpr std::size_t points = 24;
  std::vector<double> times;
  for (std::size_t k = 1; k <= points; ++k)
    times.push_back(c.tau * static_cast<double>(k) / static_cast<double>(points));
  const Vector<double> y = vector_from<double>(c.data.y);
  record.course = alignment_law(
      gram(c.data), y, [c](double tau) { return lambda_at(c, tau); }, times);
  record.law = record.course.back();
  for (const LawPoint& point : record.course)
    record.stability =
        std::max(record.stability, c.eta * (lambda_at(c, point.tau) + point.curvature));
  record.replay = replay(c, widths.back(), seed_of(study.settings(), 0));
  record.cosine.resize(widths.size());
  for (auto* table : {&record.gap, &record.gap_after, &record.moved, &record.after})
    table->assign(widths.size(), std::vector<double>(seeds, 0.0));
  for (std::size_t w = 0; w < widths.size(); ++w) {
    record.widths.push_back(static_cast<double>(widths[w]));
    for (std::size_t s = 0; s < seeds; ++s) {
      // A width has initialisations of its own, so that tuples are independent.
      const std::uint64_t seed = seed_of(study.settings(), 700000 + 1000 * w + s);
      const NetworkSpec spec = network_of(c, widths[w], seed);
      study.want(fmt::format("law {} p={} {}", c.name, widths[w], s),
                 static_cast<double>(spec.steps) * 20, [c, spec, times, w, s, &record] {
                   NetworkSpec own = spec;
                   own.penalty.cut = Penalty::never;  // run_slowly cuts
                   const SlowRun run =
                       run_slowly(reduced_problem<double>(sample_linear_network(c.data, own)),
                                  times, c.steps_after);
                   const double at_end = run.cosine.back();
                   for (std::size_t k = times.size() / 2; k < times.size(); ++k) {
                     const double gap = std::abs(run.cosine[k] - record.course[k].cosine);
                     record.gap[w][s] = largest_so_far(record.gap[w][s], gap);
                   }
                   record.gap_after[w][s] = std::abs(run.after_cut - record.law.cosine_after_cut);
                   record.moved[w][s] = std::abs(run.after_cut - at_end);
                   record.after[w][s] = run.after_cut;
                   if (s == 0) record.cosine[w] = run.cosine;
                 });
    }
  }
}

void want_checks(Study& study, const std::string& name, double cost,
                 std::function<std::vector<LawCheck>()> make) {
  std::vector<LawCheck>& checks = study.law_checks[name];
  study.want("checks of " + name, cost, [&checks, make] { checks = make(); });
}

// ---------------------------------------------------------------- law2

std::vector<LawCheck> closed_form_checks(const Settings& settings) {
  std::vector<LawCheck> checks;
  const auto log_uniform = [&](std::size_t k, std::uint32_t column, double low, double high) {
    const double u = uniform(settings.seed, Stream::choice, static_cast<std::uint32_t>(k), column);
    return low * std::pow(high / low, u);
  };
  for (std::size_t k = 0; k < settings.profile.laws.cases; ++k) {
    const double gamma = log_uniform(k, 1, 0.01, 100), lambda = log_uniform(k, 2, 0.01, 100);
    const double y_norm = log_uniform(k, 3, 0.1, 10), tau = log_uniform(k, 4, 0.01, 1e4);
    const Eigen::Index n = 1 + static_cast<Eigen::Index>(k % 5);
    Vector<double> y(n);
    for (Eigen::Index i = 0; i < n; ++i)
      y(i) = standard_normal(settings.seed, Stream::choice, static_cast<std::uint32_t>(k),
                             static_cast<std::uint32_t>(10 + i));
    y *= y_norm / y.norm();
    const LawPoint point =
        alignment_law(gamma * Matrix<double>::Identity(n, n), y, lambda, std::vector{tau}).back();
    checks.push_back({fmt::format("gamma={:.3g} lambda={:.3g} |y|={:.3g} tau={:.3g}", gamma, lambda,
                                  y_norm, tau),
                      "", isometric_cosine(gamma, lambda, y_norm, tau), point.cosine, 1e-12});
  }
  return checks;
}

// ---------------------------------------------------------------- law4

namespace {

/// ln |m| summed over steps along the law of isometric data, from the start to the onset (all of it
/// negative but for its sign): what the initial transient has been damped by.
double damping_before_onset(double gamma, double lambda, double eta, double y_norm, double p) {
  const double z_on = std::sqrt((2 / eta - lambda) / gamma - 1);
  const auto multiplier = [&](double z) { return 1 - eta * (lambda + gamma * (1 + z * z)); };
  const double zero2 = ((1 / eta - lambda) / gamma) - 1;  // where m = 0
  // Midpoint rule in z, dtau = (gamma z^2 + lambda + gamma) dz / (lambda sqrt(gamma) |y|), refined
  // about the integrable singularity of ln |m| by splitting there.
  const auto integrate = [&](double from, double to) {
    constexpr int parts = 200000;
    double sum = 0;
    for (int k = 0; k < parts; ++k) {
      const double z = from + (to - from) * (k + 0.5) / parts;
      sum -= std::log(std::abs(multiplier(z))) * (gamma * z * z + lambda + gamma);
    }
    return sum * (to - from) / parts;
  };
  const double total = zero2 > 0 && std::sqrt(zero2) < z_on
                           ? integrate(0, std::sqrt(zero2)) + integrate(std::sqrt(zero2), z_on)
                           : integrate(0, z_on);
  return total * std::sqrt(p) / (eta * lambda * std::sqrt(gamma) * y_norm);
}

}  // namespace

std::vector<LawCheck> delay_checks(const Settings& settings, double gamma, double lambda,
                                   double eta, std::size_t p, unsigned digits) {
  LawCase c;
  c.data = linear_data(settings, Inputs::isometric, 1, 1, std::sqrt(gamma));
  c.eta = eta, c.lambda = lambda;
  const double y_norm = 2;
  c.data.y.values = {y_norm};
  const double width = static_cast<double>(p);
  NetworkSpec spec = network_of(c, p, seed_of(settings, 790000));
  const std::size_t most = steps_until(100 / (lambda * std::sqrt(gamma)), eta, width);
  const LinearNetwork network = sample_linear_network(c.data, spec);
  std::optional<Loss> loss;
  double bits = 53;
  if (digits == 16) {
    loss = loss_of_stability(reduced_problem<double>(network), most);
  } else {
    const ScopedDigits guard(digits);
    bits = -std::log2(to_double(unit_roundoff<Mpfr>()));
    if (!(bits < 1e9)) bits = digits * std::log2(10.0);  // 2^-bits is no double
    loss = loss_of_stability(reduced_problem<Mpfr>(network), most);
  }
  // reports/docs/alignment_law.md: rounding kicks of size 2^-bits |y|, felt at |e*| = eta lambda
  // |y| / 2, collected around the onset.
  const double z_on = std::sqrt((2 / eta - lambda) / gamma - 1);
  const double dz = eta / std::sqrt(width) * lambda * std::sqrt(gamma) * y_norm /
                    (gamma * z_on * z_on + lambda + gamma);
  const double rate = 2 * eta * gamma * z_on * dz;  // d ln |m| / dt at the onset
  const double pi = 3.141592653589793;
  const double by_digits =
      bits * std::log(2.0) - std::log(2 / (eta * lambda)) - std::log(pi / rate) / 4;
  const double exact = damping_before_onset(gamma, lambda, eta, y_norm, width);
  const double expected = std::min(by_digits, exact);
  spec.steps = most;
  const std::string digits_option =
      digits == 16 ? std::string() : fmt::format(" --number mpfr --digits {}", digits);
  return {{fmt::format("$\\gamma={}$ $\\eta={}$ $\\lambda={}$ $p={}$, {} digits{}", gamma, eta,
                       lambda, p, digits, by_digits < exact ? "" : ", the exact exit"),
           "", expected, loss ? loss->gain : INFINITY,
           settings.profile.laws.nats + expected / std::sqrt(width), eta * (lambda + gamma) < 2, true}};
}

// ---------------------------------------------------------------- law5

namespace {

/// Slope of log y on log x between two points.
double slope(double x0, double y0, double x1, double y1) {
  return std::log(y1 / y0) / std::log(x1 / x0);
}

}  // namespace

std::vector<LawCheck> rate_checks(const Settings& settings) {
  std::vector<LawCheck> checks;
  for (const LawCase& c : general_cases(settings)) {
    const Matrix<double> K = gram(c.data);
    const Vector<double> y = vector_from<double>(c.data.y);
    if (c.name.starts_with("nearly")) continue;  // N >> lambda / lambda_min lies beyond any run
    const Conditioning at = conditioning(K, y, c.lambda);
    const double per_tau = c.lambda * std::sqrt(at.least_Y);
    // N = (3L)^{2/3} a hundred times what C's spread asks for.
    const double L = std::max(1e6, std::pow(100 * at.most, 1.5));
    const auto points = alignment_law(K, y, c.lambda, std::vector{L / per_tau, 10 * L / per_tau});
    const double N = points[1].zeta * points[1].zeta * at.least_Y / y.squaredNorm();
    const double second_order = 4 * (at.mean + at.variance / at.mean) / std::pow(3 * L, 2.0 / 3);
    checks.push_back({c.name + ", $|e| \\sim t^{-2/3}$", "", -2.0 / 3,
                      slope(points[0].tau, points[0].error, points[1].tau, points[1].error),
                      second_order});
    checks.push_back(
        {c.name + ", $1 - \\cos \\sim t^{-2/3}$", "", -2.0 / 3,
         slope(points[0].tau, 1 - points[0].cosine, points[1].tau, 1 - points[1].cosine),
         second_order});
    checks.push_back(
        {c.name + ", $N/(3L)^{2/3}$", "", 1, N / std::pow(30 * L, 2.0 / 3), second_order});
    checks.push_back(
        {c.name + ", $2N(1 - \\cos)$", "", 1, 2 * N * (1 - points[1].cosine), second_order});
    checks.push_back({c.name + ", $2N(1 - \\cos)/(1 + V)$ after a cut", "", 1,
                      2 * N * (1 - points[1].cosine_after_cut) / (1 + at.variance),
                      second_order * (1 + at.variance)});
  }
  return checks;
}

std::vector<LawCheck> rate_run_checks(const Settings& settings, const Data& data) {
  LawCase c;
  c.data = data, c.eta = 0.008, c.lambda = 1;
  const Matrix<double> K = gram(data);
  const Vector<double> y = vector_from<double>(data.y);
  const Conditioning at = conditioning(K, y, c.lambda);
  const auto tau_of = [&](double N) {
    return (N * std::sqrt(N) / 3 + at.mean * std::sqrt(N)) / (c.lambda * std::sqrt(at.least_Y));
  };
  const std::vector<double> times = {tau_of(25), tau_of(100)};
  c.tau = times.back();
  const std::size_t p = 4000;
  const std::uint64_t seed = seed_of(settings, 795000);
  const SlowRun run = run_slowly(
      reduced_problem<double>(sample_linear_network(data, network_of(c, p, seed))), times, 0);
  const auto law = alignment_law(K, y, c.lambda, times);
  const auto checked = [&](const char* what, double measured, double expected, double allowed) {
    return LawCheck{fmt::format("{}, $p = {}$, $\\eta = {}$: {}", data.name, p, c.eta, what),
                    replay(c, p, seed),
                    expected,
                    measured,
                    allowed,
                    true};
  };
  // What width does: order p^{-1/2}, here 1/63.
  const double margin = 0.03;
  return {checked("exponent of $|e|$ against the law's",
                  slope(times[0], run.error[0], times[1], run.error[1]),
                  slope(times[0], law[0].error, times[1], law[1].error), margin),
          checked("exponent of $1 - \\cos$ against the law's",
                  slope(times[0], 1 - run.cosine[0], times[1], 1 - run.cosine[1]),
                  slope(times[0], 1 - law[0].cosine, times[1], 1 - law[1].cosine), margin),
          checked("exponent of $|e|$ against $-2/3$",
                  slope(times[0], run.error[0], times[1], run.error[1]), -2.0 / 3, 0.05),
          checked("exponent of $1 - \\cos$ against $-2/3$",
                  slope(times[0], 1 - run.cosine[0], times[1], 1 - run.cosine[1]), -2.0 / 3, 0.05)};
}

// ---------------------------------------------------------------- law6

std::vector<LawCheck> ceiling_checks(const Settings& settings) {
  std::vector<LawCheck> checks;
  const double eta = 0.05, gamma = 2, lambda = 1;
  LawCase c;
  c.data = linear_data(settings, Inputs::isometric, 1, 1, std::sqrt(gamma));
  c.data.y.values = {2};
  c.eta = eta, c.lambda = lambda;
  const Vector<double> y = vector_from<double>(c.data.y);
  for (const std::size_t p : {std::size_t{10000}, std::size_t{1000000}}) {
    const double width = static_cast<double>(p), scale = 2 * std::sqrt(width) / eta;
    ReducedProblem<double> problem = reduced_problem<double>(
        sample_linear_network(c.data, network_of(c, p, seed_of(settings, 796000))));
    // lambda / sqrt(1 + tau/2): vanishes, with an infinite sum.
    problem.penalty = [=](std::size_t t) {
      return lambda / std::sqrt(1 + static_cast<double>(t) / scale);
    };
    const double z_on = std::sqrt(2 / (eta * gamma) - 1);
    const double Lambda = (gamma * z_on * z_on * z_on / 3 + (gamma + lambda) * z_on) /
                          (std::sqrt(gamma) * y.norm());  // reached by then, for every schedule
    const double tau = 2 * (std::pow(Lambda / (4 * lambda) + 1, 2) - 1);
    const std::optional<Loss> loss = loss_of_stability(problem, 2 * steps_until(tau, eta, width));
    const double curvature =
        loss ? gamma / (1 - loss->cosine * loss->cosine) * eta : 0;  // 1 + z^2 = 1/(1 - cos^2)
    checks.push_back({fmt::format("$\\lambda/\\sqrt{{1 + \\tau/2}}$, $p = {}$: lost at the "
                                  "ceiling, $\\eta\\gamma(1 + z^2)$ there",
                                  p),
                      "", 2, curvature, 0.1, true});
  }
  return checks;
}

// ---------------------------------------------------------------- T3 for general K

std::vector<LevelSample> level_samples(const Settings& settings) {
  std::vector<LevelSample> samples;
  for (std::size_t k = 0; k < settings.profile.laws.cases; ++k) {
    const auto row = static_cast<std::uint32_t>(k);
    const auto number = [&](std::uint32_t column, double low, double high) {
      return low * std::pow(high / low, uniform(settings.seed, Stream::choice, row, column));
    };
    const Eigen::Index n = 1 + static_cast<Eigen::Index>(k % 6);
    const double kappa = number(101, 1, 1000), gamma = number(102, 0.1, 10);
    const double lambda = number(103, 0.01, 100), T = number(104, 0.01, 1000);
    Matrix<double> random(n, n);
    Vector<double> y(n), eigenvalues(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto at = static_cast<std::uint32_t>(200 + 20 * i);
      y(i) = standard_normal(settings.seed, Stream::choice, row, at);
      eigenvalues(i) = i == 0   ? gamma
                       : i == 1 ? kappa * gamma
                                : number(at + 1, gamma, kappa * gamma);
      for (Eigen::Index j = 0; j < n; ++j)
        random(i, j) = standard_normal(settings.seed, Stream::choice, row,
                                       at + 2 + static_cast<std::uint32_t>(j));
    }
    const Matrix<double> Q = Eigen::HouseholderQR<Matrix<double>>(random).householderQ();
    const Matrix<double> K = Q * eigenvalues.asDiagonal() * Q.transpose();
    const Conditioning exact = conditioning(K, y, lambda);
    const LawPoint law = alignment_law(K, y, lambda, std::vector{T}).back();
    samples.push_back({exact.most / exact.least, guaranteed_cosine(exact, lambda, T),
                       guaranteed_cosine(conditioning(gamma, kappa, lambda, y.norm()), lambda, T),
                       law.cosine_after_cut});
  }
  return samples;
}

}  // namespace alignproof
