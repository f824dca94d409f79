// SPDX-License-Identifier: Apache-2.0
#include "sweeps/classifier_weights.hpp"

#include <cstdint>

#include <alignproof/random/normal.hpp>

namespace alignproof::inline sweeps {

ClassifierWeights initial_weights(const ClassifierSpec& spec, std::size_t d, Team& team) {
  const std::size_t p = spec.width;
  const Chunks chunks(p);
  const auto draw = [&](Stream stream, std::size_t cols) {
    std::vector<float> values(p * cols);
    team.for_each(chunks.count(), [&](std::size_t c) {
      for (std::size_t r = chunks.begin(c); r < chunks.begin(c + 1); ++r)
        for (std::size_t j = 0; j < cols; ++j)
          values[r * cols + j] = static_cast<float>(standard_normal(
              spec.seed, stream, static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(j)));
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
