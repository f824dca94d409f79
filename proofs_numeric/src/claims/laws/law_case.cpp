// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/law_case.hpp"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/program_name.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/format/files.hpp>

namespace alignproof::inline claims {

const std::vector<std::string>& law_premises() {
  static const std::vector<std::string> premises = {
      "two-layer linear network, Gaussian initialisation",
      "$\\eta(\\lambda + \\lambda_{\\max}(K + \\zeta\\zeta^T)) < 2$ on $[0, \\tau]$"};
  return premises;
}

Data linear_data(const Settings& settings, Inputs inputs, std::size_t n, std::size_t d,
                 double scale) {
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

namespace {

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

}  // namespace

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
  return fmt::format("{} simulate --form reduced --weights wishart {} {}",
                     shell_word(program_name()), c.data.options,
                     options_of(network_of(c, p, seed)));
}

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

}  // namespace alignproof::inline claims
