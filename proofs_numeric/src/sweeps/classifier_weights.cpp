// SPDX-License-Identifier: Apache-2.0
#include "sweeps/classifier_weights.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <alignproof/random/normal.hpp>

namespace alignproof::inline sweeps {

ClassifierWeights initial_weights(const ClassifierSpec& spec, std::size_t d, Team& team) {
  const std::size_t p = spec.width;
  const Chunks chunks(p);
  const auto draw = [&](Stream stream, std::size_t cols) {
    std::vector<float> values(p * cols);
    team.for_each(chunks.count(), [&](std::size_t c) {
      const std::size_t begin = chunks.begin(c), end = chunks.begin(c + 1);
      std::vector<double> rows((end - begin) * cols);
      standard_normals(spec.seed, stream, static_cast<std::uint32_t>(begin),
                       static_cast<std::uint32_t>(cols), rows);
      std::transform(rows.begin(), rows.end(), &values[begin * cols],
                     [](double x) { return static_cast<float>(x); });
    });
    return values;
  };
  ClassifierWeights weights;
  weights.W = draw(Stream::W, d);
  weights.beta = draw(Stream::beta, classifier_outputs);
  weights.b = draw(Stream::b, classifier_outputs);
  if (spec.layers == 3) weights.V = draw(Stream::V, p), weights.B = draw(Stream::B, p);
  return weights;
}

}  // namespace alignproof::inline sweeps
