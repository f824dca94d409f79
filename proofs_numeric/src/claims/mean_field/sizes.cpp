// SPDX-License-Identifier: Apache-2.0
#include "claims/mean_field/sizes.hpp"

namespace alignproof::inline claims {

FieldSizes field_sizes(const Profile& profile) {
  FieldSizes sizes;
  if (profile.scale >= Scale::standard) {
    sizes.widths = {160, 800, 4000};
    sizes.learning_widths = {64, 512, 4096}, sizes.bp_widths = {64, 128, 256, 512};
    sizes.runs = 4;
    sizes.nodes = 40, sizes.particles = 1 << 19;
    sizes.particles_where_steep = true;
    sizes.onset_widths = {2000, 16000, 128000};
    sizes.small_penalty = true;
  }
  if (profile.scale == Scale::full) {
    sizes.widths = {1000, 10000, 100000}, sizes.bp_widths = {64, 256, 1024};
    sizes.nodes = 64, sizes.particles = 1 << 22;
  }
  return sizes;
}

}  // namespace alignproof::inline claims
