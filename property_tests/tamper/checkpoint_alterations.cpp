// SPDX-License-Identifier: Apache-2.0
#include "tamper/checkpoint_alterations.hpp"

#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "tamper/draws.hpp"
#include "tamper/fields.hpp"
#include "tamper/slack.hpp"

namespace alignproof::tamper {

using truth::Run;

namespace {

/// Changes beta or A of a checkpoint and moves y along, so that e stays what it is.
void keeping_e(RunCertificate& c, const std::function<void(Start&)>& change) {
  Start& s = c.start;
  const truth::Orbit before(s, {});
  change(s);
  const truth::Orbit after(s, {});
  for (std::size_t j = 0; j < s.y.values.size(); ++j)
    s.y.values[j] = truth::Number(after.e[j] + after.y[j] - before.e[j]).convert_to<double>();
}

}  // namespace

void to_centre(Random& random, Altered& altered) {
  RunCertificate& c = altered.certificate;
  RunCertificate centre = c;
  draw_up(centre.leg, truth::run(c.start, {}, c.leg.checkpoint, true),
          [&] { return decades(random, -13, -8); });
  const std::vector<Field> fields = claimed_fields(c);
  if (one_in(random, 4)) {
    altered.how += "all numbers of the centre";
    c = centre;
    return;
  }
  const Field& field = fields[whole(random, 0, fields.size() - 1)];
  altered.how += field.name + " of the centre";
  field.of(c) = field.of(centre);
}

void to_kink(Random& random, Altered& altered) {
  RunCertificate& c = altered.certificate;
  loosen(c);
  const Run x = truth::run(c.start, {}, 0, false);
  const std::size_t k = whole(random, 0, x.size_a.size() - 1);
  const truth::Number R = c.leg.statement.error / truth::Number(c.leg.statement.alpha);
  const truth::Number limit = x.reach[k] * R / x.root_p + c.radius * uniform(random, 0, 1);
  const double factor = uniform(random, 0, 2);
  keeping_e(c, [&](Start& s) {
    double& a = s.A.values[k];
    a = std::copysign(truth::Number(limit * factor).convert_to<double>(), a);
  });
  altered.how += fmt::format("a pre-activation at {:.3g} of the least allowed", factor);
  const Run moved = truth::run(c.start, {}, 0, false);
  if (c.radius == 0) draw_up(c.leg, moved, [] { return 1e-4; });
}

void to_short_beta(Random& random, Altered& altered) {
  RunCertificate& c = altered.certificate;
  const Run x = truth::run(c.start, {}, 0, false);
  const double factor =
      truth::Number(c.leg.statement.beta_displacement / x.beta_norm).convert_to<double>() *
      uniform(random, 0.3, 1.5);
  keeping_e(c, [&](Start& s) {
    for (double& beta : s.beta.values) beta *= factor;
  });
  draw_up(c.leg, truth::run(c.start, {}, 0, false), [] { return 1e-6; });
  c.leg.statement.cos_min = uniform(random, -1, 0);
  c.leg.statement.cos_max = 1;
  if (one_in(random, 2)) {
    c.leg.statement.cos_max = -c.leg.statement.cos_min;
    c.leg.statement.cos_min = -1;
  }
  altered.how += "beta as short as its displacement";
}

}  // namespace alignproof::tamper
