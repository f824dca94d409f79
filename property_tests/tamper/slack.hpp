// SPDX-License-Identifier: Apache-2.0
// How far the numbers of a certificate are from their bounds of 300 digits.
#pragma once

#include <functional>

#include <alignproof/format/certificate.hpp>

#include "tamper/orbit_cases.hpp"
#include "tamper/truth.hpp"

namespace alignproof::tamper {

/// Every number of the leg as close to its bound as the slack says; alpha stays.
void draw_up(Leg& leg, const truth::Run& x, const std::function<double()>& slack);
/// Every number of the certificate, to a random slack.
void draw_up(RunCertificate& c, Random& random);
/// Room in everything but the premises, so that one of those is what binds.
void loosen(RunCertificate& c);

}  // namespace alignproof::tamper
