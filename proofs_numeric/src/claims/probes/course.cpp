// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/probes/course.hpp>

namespace alignproof::inline claims {

void CourseProbe::observe(const Moment& now) {
  record_.error.push_back(now.at.e.norm());
  record_.cos.push_back(cosine(now.state.b, now.state.beta));
}

}  // namespace alignproof::inline claims
