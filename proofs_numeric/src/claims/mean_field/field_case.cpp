// SPDX-License-Identifier: Apache-2.0
#include "claims/mean_field/field_case.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <alignproof/claims/summary.hpp>
#include <alignproof/core/program_name.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/network/activation.hpp>
#include <alignproof/network/data.hpp>

namespace alignproof::inline claims {

bool FieldCase::smooth() const {
  return smoothness<double>(psi).L2.has_value();
}

DataSpec field_data(const Settings& settings, Inputs inputs, std::size_t n, std::size_t d,
                    std::size_t k) {
  DataSpec spec;
  spec.inputs = inputs, spec.n = n, spec.d = d, spec.k = k, spec.seed = settings.seed;
  return spec;
}

FieldCase field_case(std::string name, const DataSpec& spec, const Activation& psi) {
  const Data data = make_data(spec);
  const Matrix<double> X = matrix_from<double>(data.X);
  FieldCase c;
  c.name = std::move(name);
  c.options = data.options;
  c.data.K = X * X.transpose();
  c.data.Y = matrix_from<double>(data.y);
  c.psi = psi;
  return c;
}

double stability(const FieldCase& c, const std::vector<FieldPoint>& course) {
  double most = 0;
  for (const FieldPoint& point : course)
    most = largest_so_far(most, c.eta * (c.lambda + point.spectrum.maxCoeff()));
  return most;
}

std::string replay(const FieldCase& c, std::size_t p, std::uint64_t seed) {
  std::string line = fmt::format(
      "{} law {} --activation {} --lambda {} --eta {} --tau {} --widths {},{} --seed {}",
      shell_word(program_name()), c.options, c.psi.name(), c.lambda, c.eta, c.tau, (p + 3) / 4, p,
      seed);
  if (c.steps_after > 0) line += fmt::format(" --steps-after {}", c.steps_after);
  return line;
}

}  // namespace alignproof::inline claims
