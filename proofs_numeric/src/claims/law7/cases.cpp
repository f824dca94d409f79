// SPDX-License-Identifier: Apache-2.0
#include "claims/law7/cases.hpp"

#include <cmath>

#include "claims/mean_field/sizes.hpp"

namespace alignproof::inline claims {

namespace {

const double root2 = std::sqrt(2.0);

struct Followed {
  const char* name;
  Inputs inputs;
  std::size_t n, d, k;
  double scale;  ///< |x| of inputs on the sphere
  Activation psi;
  double lambda, eta, tau;
  std::size_t steps_after;
  bool steep = false;
};

FieldCase case_of(const Settings& settings, const Followed& f) {
  DataSpec spec = field_data(settings, f.inputs, f.n, f.d, f.k);
  spec.input_scale = f.scale;
  FieldCase c = field_case(f.name, spec, f.psi);
  c.lambda = f.lambda, c.eta = f.eta, c.tau = f.tau, c.steps_after = f.steps_after;
  c.steep = f.steep;
  return c;
}

}  // namespace

std::vector<FieldCase> followed_cases(const Settings& settings) {
  std::vector<Followed> all = {
      {"sigmoid", Inputs::sphere, 2, 6, 1, root2, Activation::sigmoid, 1, 0.9, 1.5, 150},
      {"sigmoid, large penalty", Inputs::sphere, 2, 4, 1, root2, Activation::sigmoid, 10, 0.09, 0.6,
       0},
      {"erf", Inputs::sphere, 2, 6, 1, root2, Activation::erf, 1, 0.7, 1, 0, true},
      {"softplus", Inputs::sphere, 2, 6, 1, 1, Activation::softplus, 1, 0.6, 1, 0},
      {"gelu", Inputs::sphere, 2, 6, 1, 1, Activation::gelu, 1, 0.7, 1, 0},
      {"tanh, three outputs", Inputs::sphere, 3, 6, 3, root2, Activation::tanh, 1, 0.8, 1, 60},
      {"tanh, ill-conditioned", Inputs::nearly_parallel, 2, 4, 1, 1, Activation::tanh, 0.5, 1, 3,
       0}};
  if (field_sizes(settings.profile).small_penalty)
    all.push_back({"sigmoid, small penalty", Inputs::sphere, 1, 2, 1, root2, Activation::sigmoid,
                   0.01, 3, 100, 0});
  all.push_back({"relu", Inputs::sphere, 2, 6, 1, 1, Activation::relu, 1, 0.6, 1, 0});
  std::vector<FieldCase> cases = {telling_case()};
  for (const Followed& f : all) {
    cases.push_back(case_of(settings, f));
    if (f.inputs == Inputs::nearly_parallel)
      cases.back().particles = field_sizes(settings.profile).particles;
  }
  return cases;
}

FieldCase telling_case() {
  Settings fixed;
  fixed.seed = 5;
  return case_of(fixed,
                 {"tanh", Inputs::sphere, 2, 3, 1, root2, Activation::tanh, 1, 0.6, 1.5, 80, true});
}

FieldCase contradicting_case() {
  Settings fixed;
  fixed.seed = 2;
  return case_of(fixed, {"tanh, contradicting targets", Inputs::sphere, 2, 3, 1, 2,
                         Activation::tanh, 1, 0.6, 1.5, 0});
}

Handle<FieldRecord> want_followed(Study& study, const FieldCase& c) {
  const FieldSizes sizes = field_sizes(study.profile());
  return want_field(study, "networks, " + c.name, c,
                    {.widths = sizes.widths, .seeds = sizes.seeds(), .times = later_half(c.tau)});
}

}  // namespace alignproof::inline claims
