// SPDX-License-Identifier: Apache-2.0
#include <alignproof/certificates/width_producer.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "scalar/outward.hpp"

namespace alignproof::inline certificates {

namespace {

using Ball = RealBall<Mpfr>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest_p = 0x1p53;  ///< up to it every whole number is a double

/// With room for another enclosure of the same number.
double well_below(const Ball& x) {
  return std::nextafter(below(x), -infinity);
}
double well_above(const Ball& x) {
  return std::nextafter(above(x), infinity);
}

Ball number(double exact) {
  return Mpfr(exact);
}

double WidthShares::*share_of(Line line) {
  for (const WidthLine& each : width_lines)
    if (each.name == to_string(line)) return each.share;
  throw std::logic_error(
      fmt::format("a line that width certificates do not have: {}", to_string(line)));
}

}  // namespace

WidthCertificate propose_width_certificate(const WidthStatement& statement,
                                           const AprioriData<Ball>& data,
                                           const AprioriVariant& variant,
                                           const SufficientWidth& found) {
  if (!(found.p <= largest_p))
    throw InputError("width of a certificate", quoted(found.p), "at most 2^53 = 9007199254740992");
  WidthCertificate c;
  c.rule = statement.rule, c.activation = statement.activation;
  c.X = statement.X, c.y = statement.y;
  c.eta = found.eta, c.delta = found.delta, c.S = found.S;
  c.p = static_cast<std::size_t>(found.p);
  c.spectra = {.gamma_lower = well_below(data.gamma),
               .gamma_upper = well_above(data.gamma_max),
               .Gbar_upper = well_above(data.Gam),
               .K_upper = well_above(data.kap)};
  if (data.psi.L0) c.tails.lower = found.tails.lower, c.tails.upper = found.tails.upper;
  c.tails.level = found.tails.level, c.tails.spread = found.tails.spread;
  for (const Line line : all_lines) c.shares.*share_of(line) = found.shares[line];
  AprioriData<Ball> stated = data;
  stated.gamma = number(c.spectra.gamma_lower), stated.gamma_max = number(c.spectra.gamma_upper);
  stated.Gam = number(c.spectra.Gbar_upper), stated.kap = number(c.spectra.K_upper);
  const std::optional<SufficientWidth> again = verify_width(
      stated, found.eta, variant, found.delta, found.shares, found.tails, found.p, found.S);
  if (!again)
    throw InputError("width of a certificate", quoted(found.p),
                     "one at which (P.5) holds with room for bounds that are doubles");
  c.claims = {.beta_displacement = well_above(again->rho),
              .A_displacement = well_above(again->A_displacement),
              .c1 = well_above(again->c1),
              .c2 = well_above(again->c2),
              .kappa = std::nullopt};
  if (again->kappa && is_feedback_alignment(c.rule)) c.claims.kappa = well_above(*again->kappa);
  return c;
}

}  // namespace alignproof::inline certificates
