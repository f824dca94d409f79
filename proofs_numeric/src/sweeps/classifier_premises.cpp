// SPDX-License-Identifier: Apache-2.0
#include "sweeps/classifier_premises.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/random/dropout.hpp>

namespace alignproof::inline sweeps {

namespace {

/// The largest width and batch: the counters of dropout then fit 32 bits.
constexpr std::size_t most_units = 65536;
static_assert(most_units * ((most_units + 3) / 4) <= std::numeric_limits<std::uint32_t>::max());

void require(bool fine, const char* what, const std::string& value, const std::string& accepted) {
  if (!fine) throw InputError(what, value, accepted);
}

void require_set(const char* what, const ImageSet& images) {
  require(images.count() > 0, what, "an empty one", "at least one image");
  const std::size_t d = images.rows * images.cols;
  require(d > 0 && d <= std::numeric_limits<std::int32_t>::max() &&
              images.pixels.size() == images.count() * d,
          what, fmt::format("{} pixels", images.pixels.size()),
          fmt::format("{} images of {} x {}", images.count(), images.rows, images.cols));
  for (const std::uint8_t label : images.labels)
    require(label < classifier_outputs, what, fmt::format("label {}", label), "labels 0 to 9");
}

}  // namespace

void require_count(const char* what, std::size_t value, std::size_t most) {
  require(value >= 1 && value <= most, what, fmt::format("{}", value),
          fmt::format("a whole number from 1 to {}", most));
}

void require_sets(const ImageSet& train, const ImageSet& test) {
  require_set("training set", train);
  require_set("test set", test);
  require(train.rows == test.rows && train.cols == test.cols, "test images",
          fmt::format("{} x {}", test.rows, test.cols),
          fmt::format("the {} x {} of the training images", train.rows, train.cols));
}

void require_spec(const ClassifierSpec& s, std::size_t images) {
  constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
  require(s.layers == 2 || s.layers == 3, "layers", fmt::format("{}", s.layers), "2 or 3");
  require_count("width", s.width, most_units);
  require(properties(s.activation).fused.has_value(), "activation",
          std::string(to_string(s.activation)), "relu, tanh, sigmoid or identity");
  require(has_fast_form(s.learning), "rule", fmt::format("'{}'", s.learning.name()),
          "fa, bp or shallow");
  require(std::isfinite(s.step) && s.step > 0, "step", quoted(s.step), "a finite number > 0");
  require(std::isfinite(s.reg) && s.reg >= 0, "reg", quoted(s.reg), "a finite number >= 0");
  require(is_dropout_rate(s.dropout), "dropout", quoted(s.dropout), dropout_rates);
  require_count("batch", s.batch, std::min(most_units, images));
  require_count("epochs", s.epochs, most / (images / s.batch));
  require_count("every", s.every, std::numeric_limits<std::size_t>::max());
  require(std::isfinite(s.input_norm) && s.input_norm > 0, "input norm", quoted(s.input_norm),
          "a finite number > 0");
}

float pixel_factor(const ImageSet& train, double input_norm) {
  std::uint64_t sum = 0;  // exact
  for (const std::uint64_t pixel : train.pixels) sum += pixel * pixel;
  require(sum > 0, "training images", "black ones only", "at least one pixel above 0");
  return static_cast<float>(
      input_norm / std::sqrt(static_cast<double>(sum) / static_cast<double>(train.count())));
}

}  // namespace alignproof::inline sweeps
