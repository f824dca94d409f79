// SPDX-License-Identifier: Apache-2.0
#include "certificates/digits.hpp"

#include <algorithm>

namespace alignproof::inline certificates {

bool rounding_hides_decay(const RunCertificate& certificate, const History& history) {
  if (certificate.whole_run.decay || certificate.start.penalty.lambda != 0) return false;
  // A few thousand times what is lost: there the enclosure is within a thousandth of |e(t)|.
  const double resolved =
      4000 * history.rounding * (1 + *std::max_element(history.error.begin(), history.error.end()));
  const auto& e = history.error;
  bool hidden = false;
  for (std::size_t t = 0; t + 1 < e.size(); ++t) {
    if (e[t + 1] < resolved)
      hidden = true;
    else if (e[t + 1] > e[t])
      return false;
  }
  return hidden;
}

}  // namespace alignproof::inline certificates
