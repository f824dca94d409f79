// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/sweep.hpp>

namespace alignproof::embedded {

// Made from proofs_numeric/simulations by cmake/embed.cmake.
extern const std::string_view alignment_linear_toml, alignment_relu_toml, alignment_sigmoid_toml,
    alignment_tanh_toml, loss_curves_toml, dropout_toml, rules_toml, schedules_toml, images_toml,
    images_three_layers_toml;

}  // namespace alignproof::embedded

namespace alignproof::inline sweeps {

const std::vector<std::pair<std::string_view, std::string_view>>& ready_sweeps() {
  static const std::vector<std::pair<std::string_view, std::string_view>> all = {
      {"alignment-linear", embedded::alignment_linear_toml},
      {"alignment-relu", embedded::alignment_relu_toml},
      {"alignment-sigmoid", embedded::alignment_sigmoid_toml},
      {"alignment-tanh", embedded::alignment_tanh_toml},
      {"loss-curves", embedded::loss_curves_toml},
      {"dropout", embedded::dropout_toml},
      {"rules", embedded::rules_toml},
      {"schedules", embedded::schedules_toml},
      {"images", embedded::images_toml},
      {"images-three-layers", embedded::images_three_layers_toml},
  };
  return all;
}

}  // namespace alignproof::inline sweeps
