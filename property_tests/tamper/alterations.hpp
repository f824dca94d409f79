// SPDX-License-Identifier: Apache-2.0
// Ways to alter a certificate.
#pragma once

#include <string>
#include <vector>

#include <alignproof/format/certificate.hpp>

#include "tamper/orbit_cases.hpp"
#include "tamper/truth.hpp"

namespace alignproof::tamper {

struct Altered {
  std::string how;
  RunCertificate certificate;
};

/// One alteration, or a few at once.
Altered alter(Random& random, truth::Judge& judge, const RunCertificate& certificate);

/// Claims that fail in one respect only, whose failure moves nothing else.
std::vector<Altered> near_lies(Random& random, const RunCertificate& certificate);

}  // namespace alignproof::tamper
