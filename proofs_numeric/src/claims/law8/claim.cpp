// SPDX-License-Identifier: Apache-2.0
// law8: the alignment law of isometric data in closed form for every activation, and where it goes.
#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/mean_field/isometric.hpp>
#include <alignproof/mean_field/runs.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/random/normal.hpp>

#include "claims/law8/courses.hpp"
#include "claims/laws/checks.hpp"

namespace alignproof::inline claims {

namespace {

constexpr double steady = 1e-9;          ///< of two ways to solve the law with the same nodes
constexpr double late_allowance = 2e-3;  ///< of the cosine at slow time `late` from its limit
constexpr double late = 30000;

struct IsometricSizes {
  std::size_t cases = 1;  ///< random laws for each activation
  std::size_t particles = 1 << 13;
  std::vector<std::size_t> widths = {500, 2000};
};

IsometricSizes sizes_of(const Profile& profile) {
  IsometricSizes sizes;
  if (profile.scale >= Scale::standard) {
    sizes.cases = 8, sizes.particles = 1 << 15;
    sizes.widths = {500, 2000, 8000, 32000};
  }
  return sizes;
}

/// Fewer than the default: what is compared is solved with the same ones.
constexpr IsometricNodes few{30, 12, 14};

double log_uniform(std::uint64_t seed, std::size_t k, std::uint32_t column, double low,
                   double high) {
  return low *
         std::pow(high / low, uniform(seed, Stream::choice, static_cast<std::uint32_t>(k), column));
}

// ---------------------------------------------------------------- the quadrature

/// (I2) against (I1), and where the cut leaves it, at random gamma, lambda, |y_i| and tau; linear
/// psi also against law2.
std::vector<LawCheck> quadrature_checks(std::uint64_t seed, std::size_t cases) {
  std::vector<LawCheck> checks;
  std::size_t k = 0;
  for (const Activation& psi : all_activations)
    for (std::size_t each = 0; each < cases; ++each, ++k) {
      const double gamma = log_uniform(seed, k, 801, 0.2, 5);
      const double lambda = log_uniform(seed, k, 802, 0.1, 10);
      const double size = log_uniform(seed, k, 803, 0.2, 2);
      const double tau = log_uniform(seed, k, 804, 0.1, 5);
      IsometricData data{gamma,
                         Vector<double>::Constant(1 + static_cast<Eigen::Index>(k % 4), size)};
      if (properties(psi).reflection == Reflection::odd) data.y(0) = -size;
      const IsometricOptions options{FeedbackLaw::normal, few};
      const FieldPoint quadrature =
          isometric_quadrature(data, psi, lambda, {tau}, options).back().field;
      const FieldPoint equation = isometric_law(data, psi, lambda, {tau}, options).back().field;
      const auto add = [&](const char* what, double expected, double measured) {
        checks.push_back(
            {.name = fmt::format("{}, {}: gamma={:.3g} lambda={:.3g} |y_i|={:.3g} "
                                 "tau={:.3g} n={}",
                                 psi.name(), what, gamma, lambda, size, tau, data.y.size()),
             .replay = "",
             .expected = expected,
             .measured = measured,
             .allowed = steady});
      };
      add("cosine", equation.cosine, quadrature.cosine);
      add("error", equation.error, quadrature.error);
      add("cosine after a cut", quadrature.cosine, quadrature.cosine_after_cut);
      if (properties(psi).linear)
        add("cosine of law2", isometric_cosine(gamma, lambda, data.y.norm(), tau),
            quadrature.cosine);
    }
  return checks;
}

// ---------------------------------------------------------------- particles and networks

/// Targets of different sizes, which only (I1) has in closed form.
IsometricData unequal_data() {
  IsometricData data{1.5, Vector<double>(2)};
  data.y << 1, -0.4;
  return data;
}

/// Beside particles of the law for any K, within four half-widths of their interval at 99 %, and
/// networks, within 5 / sqrt(p).
std::vector<LawCheck> neighbour_checks(const Settings& settings, const IsometricSizes& sizes) {
  std::vector<LawCheck> checks;
  const IsometricData data = unequal_data();
  const LawData general{data.gamma * Matrix<double>::Identity(2, 2), data.y};
  const double tau = 2;
  for (const Activation& psi : all_activations) {
    const FieldPoint law =
        isometric_law(data, psi, 1, {tau}, {FeedbackLaw::normal, few}).back().field;
    const auto add = [&](const std::string& what, double measured, double expected,
                         double allowed) {
      checks.push_back({.name = fmt::format("{}, {}", psi.name(), what),
                        .replay = "",
                        .expected = expected,
                        .measured = measured,
                        .allowed = allowed});
    };
    const Cloud cloud =
        quasi_random_cloud(general.K, 1, sizes.particles, seed_of(settings, 796000));
    const FieldPoint particles = mean_field_law(general, psi, cloud, {}, {tau}).back();
    const double allowed = 4 * particles.error_estimate;
    add("particles, cosine", particles.cosine, law.cosine, allowed);
    add("particles, cosine after a cut", particles.cosine_after_cut, law.cosine_after_cut, allowed);
    NetworkRuns runs;
    runs.widths = sizes.widths, runs.seed = seed_of(settings, 796001);
    Progress silent;
    const NetworkSlowRuns networks = run_networks(general, psi, runs, {tau}, 1, silent);
    for (std::size_t w = 0; w < networks.p.size(); ++w)
      add(fmt::format("a network of width {}, cosine", networks.p[w]),
          networks.runs[w].front().cosine.back(), law.cosine, 5 / std::sqrt(networks.p[w]));
  }
  return checks;
}

// ---------------------------------------------------------------- late times

struct Limit {
  const char* what;
  Activation psi;
  bool balanced;  ///< as many targets of each sign, else all of one
  FeedbackLaw feedback;
  double cosine;  ///< as tau tends to infinity
};

/// For n = 2.
std::vector<Limit> limits() {
  const double pi = std::numbers::pi;
  return {
      {"$\\sqrt{2/\\pi}$", Activation::tanh, true, FeedbackLaw::normal, std::sqrt(2 / pi)},
      {"$\\sqrt{2/\\pi}$", Activation::erf, false, FeedbackLaw::normal, std::sqrt(2 / pi)},
      {"1, feedback of signs", Activation::tanh, true, FeedbackLaw::signs, 1},
      {"$1/\\sqrt{\\pi}$", Activation::sigmoid, false, FeedbackLaw::normal, 1 / std::sqrt(pi)},
      {"$\\sqrt{2/\\pi}$", Activation::sigmoid, true, FeedbackLaw::normal, std::sqrt(2 / pi)},
      {"$1/\\sqrt{2(1 + 1/n)}$", Activation::relu, false, FeedbackLaw::normal, std::sqrt(1.0 / 3)},
      {"$1/\\sqrt{1 + 2/n}$", Activation::relu, true, FeedbackLaw::normal, std::sqrt(0.5)}};
}

std::vector<LawCheck> late_checks() {
  std::vector<LawCheck> checks;
  for (const Limit& limit : limits()) {
    IsometricData data{1, Vector<double>::Ones(2)};
    if (limit.balanced) data.y(1) = -1;
    const IsometricOptions options{limit.feedback, few};
    const FieldPoint point = isometric_law(data, limit.psi, 1, {late}, options).back().field;
    checks.push_back({.name = fmt::format("{}, targets of {}, limit {}", limit.psi.name(),
                                          limit.balanced ? "both signs" : "one sign", limit.what),
                      .replay = "",
                      .expected = limit.cosine,
                      .measured = point.cosine,
                      .allowed = late_allowance});
  }
  return checks;
}

// ---------------------------------------------------------------- courses of tanh

IsometricCourses courses() {
  IsometricCourses all;
  const IsometricOptions options{FeedbackLaw::normal, few};
  IsometricData data = unequal_data();
  all.unequal = isometric_law(data, Activation::tanh, 1, {3}, options).back().field;
  data = {1, Vector<double>::Ones(4)};
  const auto points =
      isometric_quadrature(data, Activation::tanh, 1, {1, 3, 9, 36, 130, 1000, late}, options);
  for (const IsometricPoint& point : points) all.equal.push_back(point.field);
  return all;
}

Handle<IsometricCourses> want_courses(Study& study) {
  return study.want("courses of isometric data, tanh", 1e7, courses);
}

// ---------------------------------------------------------------- the row

void conclude(const std::vector<LawChecks>& checks, const IsometricCourses& tanh, ClaimRow& row) {
  conclude_closest(checks, row);
  for (const FieldPoint& point : tanh.equal)
    row.measurements.push_back({fmt::format("tanh, $n = 4$, cosine at $\\tau = {}$", point.tau),
                                point.cosine, std::nullopt,
                                fmt::format("quadrature, error {:.1e}", point.error_estimate)});
  if (!falls(tanh.equal)) row.verdict = Verdict::refuted("tanh: the cosine does not fall again");
}

Conclusion plan(Study& study) {
  const IsometricSizes sizes = sizes_of(study.profile());
  const Settings& settings = study.settings();
  const std::vector<Handle<LawChecks>> checks = {
      want_checks(
          study, "quadrature against differential equation", LawChecks::Of::law,
          2e7 * static_cast<double>(sizes.cases),
          [seed = settings.seed, cases = sizes.cases] { return quadrature_checks(seed, cases); }),
      want_checks(study, "particles and networks", LawChecks::Of::single_runs,
                  4e3 * static_cast<double>(sizes.particles),
                  [settings, sizes] { return neighbour_checks(settings, sizes); }),
      want_checks(study, "late limits", LawChecks::Of::law, 4e7, late_checks)};
  return
      [checks, tanh = want_courses(study)](ClaimRow& row) { conclude(done(checks), *tanh, row); };
}

// ---------------------------------------------------------------- false claims

Refused refused(const std::string& name, bool caught, const std::string& detail) {
  Rejection rejection{Rejection::Kind::false_claim, name, {}, detail};
  if (caught) rejection.caught_by = {"law8"};
  return {rejection, {}};
}

std::function<Refused()> cut_changes_nothing(Study& study) {
  return [tanh = want_courses(study)] {
    const FieldPoint& at = tanh->unequal;
    const double moved = std::abs(at.cosine - at.cosine_after_cut);
    return refused("isometric data, tanh: a cut leaves the cosine alone whatever the targets are",
                   moved > 1e-3 + 2 * at.error_estimate,
                   fmt::format("it moves by {:.4f} for targets of different sizes", moved));
  };
}

std::function<Refused()> cosine_is_monotone(Study& study) {
  return [tanh = want_courses(study)] {
    const double last = tanh->equal.back().cosine;
    return refused("isometric data, tanh: the cosine rises as long as the penalty is on",
                   falls(tanh->equal),
                   fmt::format("{:.4f} at slow time {}", last, tanh->equal.back().tau));
  };
}

std::function<Refused()> limit_is_one(Study& study) {
  return [tanh = want_courses(study)] {
    const FieldPoint& end = tanh->equal.back();
    return refused("isometric data, tanh, normal feedback: the cosine tends to 1",
                   falls(tanh->equal) && 1 - end.cosine > 0.1 + end.error_estimate,
                   fmt::format("{:.4f} at slow time {}, and falling", end.cosine, end.tau));
  };
}

}  // namespace

bool falls(const std::vector<FieldPoint>& course) {
  const auto largest = std::max_element(
      course.begin(), course.end(),
      [](const FieldPoint& a, const FieldPoint& b) { return a.cosine < b.cosine; });
  if (largest == course.end() || largest + 1 == course.end()) return false;
  for (auto at = largest; at + 1 != course.end(); ++at)
    if (!(at->cosine - at[1].cosine > at->error_estimate + at[1].error_estimate)) return false;
  return true;
}

Claim law8_claim() {
  return {
      .text =
          {.id = "law8",
           .title = "Closed form for isometric data, every activation",
           .statement =
               "$K = \\gamma I$, one output: with the flow $\\Phi$ of $x' = \\psi'(x)$ and $q(s) = "
               "E\\psi(\\Phi_s(g))$, $q_2(s) = E\\psi(\\Phi_s(g))^2$, $g \\sim N(0, \\gamma)$, the "
               "law closes in $n$ numbers $M$: $dM/d\\tau = \\lambda(\\lambda + G(M))^{-1}y$, "
               "$G_{ij} = E q(b\\gamma M_i)q(b\\gamma M_j)$, $G_{ii} = E q_2(b\\gamma M_i)$. If "
               "all $|y_i|$ are equal, and $\\psi$ odd or all $y_i$ equal, a cut leaves the cosine "
               "alone and it is a quadrature.",
           .source = "ours, reports/docs/alignment_law_nonlinear.md",
           .premises = {"K a multiple of the identity", "$\\psi'$ Lipschitz, or relu",
                        "a constant penalty $\\lambda > 0$"},
           .conclusion =
               "the closed form; late limits $\\sqrt{2/\\pi}$ (odd saturating $\\psi$), "
               "$1/\\sqrt{\\pi}$ (sigmoid, targets of one sign), $1/\\sqrt{2(1 + 1/n)}$ and "
               "$1/\\sqrt{1 + 2/n}$ (relu, targets of one and of both signs), 1 (feedback of "
               "signs); for tanh the cosine rises above its limit and falls again",
           .constants = "none",
           .method =
               "Both ways at random $\\gamma$, $\\lambda$, $y$, $\\tau$ for every activation, to "
               "$10^{-9}$; particles of the law for any K, within four intervals at 99 %, and one "
               "network a width, within $5/\\sqrt{p}$; the limits at $\\tau = 30000$ within 0.002.",
           .falsifier =
               "Two solutions of the law that differ, a limit that is not approached, or a "
               "cosine of tanh that does not fall again. A network or a cloud that is "
               "off, being one, makes the row undecided."},
      .place = 173,
      .plan = plan,
      .false_claims = {{.place = 322, .plan = cut_changes_nothing},
                       {.place = 324, .plan = cosine_is_monotone},
                       {.place = 326, .plan = limit_is_one}}};
}

}  // namespace alignproof::inline claims
