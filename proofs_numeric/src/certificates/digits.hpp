// SPDX-License-Identifier: Apache-2.0
// When more digits than those of doubles are worth their time.
#pragma once

#include <alignproof/certificates/producer.hpp>

#include "certificates/leg_search.hpp"

namespace alignproof::inline certificates {

/// T1 is not claimed, and only where |e(t)| is so small that its enclosure is mostly rounding.
bool rounding_hides_decay(const RunCertificate& certificate, const History& history);

}  // namespace alignproof::inline certificates
