// SPDX-License-Identifier: Apache-2.0
#include <alignproof/statistics/concentration.hpp>

#include <algorithm>
#include <utility>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/recursion.hpp>
#include <alignproof/dynamics/step.hpp>
#include <alignproof/linalg/spectrum.hpp>

namespace alignproof::inline statistics {

double distance_to_limit(const Instance& instance, const LimitKernel& limit) {
  const auto problem = problem_from<double>(instance, Rule::fa);  // at t = 0 no rule matters
  Forward<double> at;
  forward(problem, initial_kernel(problem, instance), at);
  return symmetric_norm(Matrix<double>(gram_G(at) - limit.Gbar));
}

Concentration concentrate(const Data& data, NetworkSpec network,
                          const std::vector<std::size_t>& widths, std::size_t runs, double level,
                          std::size_t jobs, Progress& progress) {
  const LimitKernel limit = limit_kernel(network.activation, data.X, jobs);
  Concentration found;
  found.widths = widths;
  network.steps = 0;
  const std::uint64_t first = network.seed;
  progress.expect(runs * widths.size());
  for (std::size_t w = 0; w < widths.size(); ++w) {
    std::vector<double> distance(runs);
    parallel_for(runs, jobs, [&](std::size_t s) {
      NetworkSpec spec = network;
      spec.p = widths[w];
      spec.seed = first + s * widths.size() + w;
      distance[s] = distance_to_limit(make_instance(data, spec), limit);
      progress.advance(1);
    });
    found.distance.push_back(std::move(distance));
  }
  found.order = median_slope({widths.begin(), widths.end()}, found.distance, level);
  return found;
}

double upper_median(std::vector<double> values) {
  if (values.empty()) throw InputError("values of a median", "none", "one or more");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace alignproof::inline statistics
