// SPDX-License-Identifier: Apache-2.0
#include "claims/p/instances.hpp"

#include <cmath>
#include <map>
#include <mutex>
#include <stdexcept>
#include <tuple>

#include <fmt/format.h>

#include <alignproof/network/activation_properties.hpp>

#include "scalar/outward.hpp"

namespace alignproof::inline claims {

namespace {

using Ball = RealBall<Mpfr>;

struct Size {
  Activation psi;
  double delta;
  std::size_t seeds;  ///< as many as an unbroken success needs to show 1 - delta, or more
  /// On orthonormal samples |e| is rounding after about 150 steps, and a run that is rounding for
  /// half of its steps is not judged.
  std::size_t steps;
  double times = 1;  ///< of the width that was found
};

/// 30 seeds of which none fails show a share of 1/2 at level 1e-9, 197 one of 0.9.
std::vector<Size> sizes_of(const Profile& profile) {
  switch (profile.scale) {
    case Scale::self_test:
    case Scale::quick:
      return {{Activation::tanh, 0.5, 30, 40},
              {Activation::identity, 0.1, 197, 40},
              {Activation::identity, 0.5, 30, 40, 4}};
    case Scale::standard:
    case Scale::full:
      return {{Activation::tanh, 0.1, 197, 200},     {Activation::erf, 0.5, 30, 200},
              {Activation::sigmoid, 0.5, 30, 200},   {Activation::tanh, 0.5, 30, 200, 4},
              {Activation::identity, 0.1, 400, 100}, {Activation::identity, 0.5, 30, 100, 4}};
  }
  throw std::logic_error("no such scale");
}

/// Linear networks on orthonormal samples, where all eigenvalues of Gbar are gamma.
const Data& data_for(Study& study, const Activation& psi) {
  if (!properties(psi).linear) return sufficient_data(study);
  return study.data({Inputs::isometric, Targets::linear, 3, 3, study.settings().seed, psi});
}

SufficientRuns runs_of(Study& study, const Size& size, std::size_t number) {
  const ScopedDigits digits(width_digits);
  const double eta = study.profile().eta;
  SufficientRuns runs;
  runs.batch.data = data_for(study, size.psi), runs.delta = size.delta;
  const Data& data = runs.batch.data;
  const AprioriVariant variant = apriori_variant(size.psi, Rule::fa, 1);
  const AprioriData<Ball> constants =
      apriori_data(size.psi, data.X, data.y,
                   enclose_limit_kernel(size.psi, data.X, width_digits, study.settings().jobs));
  const auto found = width_sufficient(constants, eta, variant, size.delta, usual_split());
  if (!found)
    throw std::runtime_error(fmt::format("no sufficient width for {}", to_string(size.psi)));
  runs.width = found->p, runs.S = found->S;
  runs.beta_moved = above(found->rho), runs.A_moved = above(found->A_displacement);
  runs.c1 = above(found->c1), runs.c2 = above(found->c2);
  runs.kappa = found->kappa ? above(*found->kappa) : INFINITY;
  for (std::size_t k = 0; k < runs.D_lo.size(); ++k)
    runs.D_lo[k] = above(found->growth.D_lo[k]), runs.D_up[k] = above(found->growth.D_up[k]);
  const double p = size.times * found->p;
  runs.batch.name =
      fmt::format("sufficient width, {}, delta = {}", to_string(size.psi), size.delta);
  runs.batch.network = {static_cast<std::size_t>(p), size.psi, eta, {}, size.steps, 0};
  runs.batch.seeds = size.seeds;
  runs.batch.first_seed = 400000 + 10000 * number;
  const AprioriData<double> rounded = in_doubles(constants);
  const Tails tails = variant.tails(rounded, p, found->shares);
  const auto gram = rounded.linear ? gram_of_linear(rounded, p, found->shares)
                                   : gram_of_bounded(rounded, p, found->shares, tails);
  if (!gram) throw std::logic_error("no bound of G(0) at a width that was verified");
  const GoodStart<double> start = good_start(rounded, p, found->shares, *gram);
  runs.lines = event_lines(rounded, p, found->shares, start,
                           growth_without_drift(rounded, p, found->shares, start));
  return runs;
}

}  // namespace

double SufficientRuns::w_row(double gamma) const {
  return c1 * n() * std::sqrt(std::log(p())) / (gamma * std::sqrt(p()));
}
double SufficientRuns::beta_row(double gamma) const {
  const double factor = smoothness<double>(batch.network.activation).L0 ? 1 : std::log(p());
  return c2 * n() * std::sqrt(factor) / (gamma * std::sqrt(p()));
}

const Data& sufficient_data(Study& study) {
  return study.data(
      {Inputs::sphere, Targets::linear, 3, 30, study.settings().seed, Activation::tanh});
}

const std::vector<SufficientRuns>& sufficient_runs(Study& study) {
  static std::mutex mutex;
  static std::map<std::tuple<Scale, double, std::uint64_t>, std::vector<SufficientRuns>> known;
  const std::scoped_lock lock(mutex);
  const Profile& profile = study.profile();
  std::vector<SufficientRuns>& all = known[{profile.scale, profile.eta, study.settings().seed}];
  if (all.empty())
    for (const Size& size : sizes_of(profile)) all.push_back(runs_of(study, size, all.size()));
  return all;
}

std::string line_of_sufficient(const Profile& profile) {
  std::vector<std::string> words;
  for (const Size& size : sizes_of(profile))
    words.push_back(fmt::format("{} {} of {} seeds over {} steps{}", to_string(size.psi),
                                1 - size.delta, size.seeds, size.steps,
                                size.times == 1 ? "" : fmt::format(" at {} widths", size.times)));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string name_of(const SufficientRuns& runs) {
  return fmt::format("{}, delta = {}, width {}", to_string(runs.batch.network.activation),
                     runs.delta, runs.batch.network.p);
}

}  // namespace alignproof::inline claims
