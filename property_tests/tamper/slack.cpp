// SPDX-License-Identifier: Apache-2.0
#include "tamper/slack.hpp"

#include <algorithm>

#include "tamper/draws.hpp"

namespace alignproof::tamper {

using truth::Run;

namespace {

double below(const truth::Number& x, double slack) {
  return truth::Number(x - abs(x) * slack).convert_to<double>();
}

}  // namespace

void draw_up(Leg& leg, const Run& x, const std::function<double()>& slack) {
  const auto above = [](const truth::Number& value, double by) { return below(value, -by); };
  SpectralWitness& w = leg.witness;
  const truth::Number spread = std::max(abs(x.M_max), abs(x.M_min));
  w = {below(x.M_min, slack()), above(x.M_max, slack()), above(x.G_max, slack()),
       above(x.K_norm, slack())};
  if (!(truth::Number(w.M_min) < x.M_min)) w.M_min = below(x.M_min - spread * 1e-12, 0);
  if (!(truth::Number(w.M_max) > x.M_max)) w.M_max = above(x.M_max + spread * 1e-12, 0);
  Statement& s = leg.statement;
  leg.linear_drift = above(x.linear_drift, slack());
  const truth::Consequence c = truth::consequence(x, leg);
  s.error = above(x.E, slack());
  s.beta_displacement = above(c.beta_displacement, slack());
  s.A_displacement = above(c.A_displacement, slack());
  s.cos_min = std::max(-1.0, below(c.cos_min, slack()));
  s.cos_max = std::min(1.0, above(c.cos_max, slack()));
}

void draw_up(RunCertificate& c, Random& random) {
  // With much room everything is decided at few bits, where one number at its boundary shows in
  // which direction the checker rounds.
  const bool room = one_in(random, 2);
  const auto slack = [&] { return room ? decades(random, -4, -2) : decades(random, -11, -7); };
  if (room) c.leg.statement.alpha *= uniform(random, 0.5, 0.95);
  const Run x = truth::run(c.start, {}, c.leg.checkpoint, true);
  draw_up(c.leg, x, slack);
  if (c.start.kind == CertificateKind::from_checkpoint) return;
  WholeRun& w = c.whole_run;
  const Statement& s = c.leg.statement;
  w.beta_displacement = below(std::max(*std::max_element(x.beta_moved.begin(), x.beta_moved.end()),
                                       truth::Number(x.beta_moved.back() + s.beta_displacement)),
                              -slack());
  w.A_displacement = below(std::max(*std::max_element(x.A_moved.begin(), x.A_moved.end()),
                                    truth::Number(x.A_moved.back() + s.A_displacement)),
                           -slack());
  for (std::size_t t = 0; t <= c.leg.checkpoint; ++t) {
    w.errors(t, 0) = below(x.error[t], slack());
    w.errors(t, 1) = below(x.error[t], -slack());
  }
  if (!w.alignment) return;
  Leg& twin = w.alignment->twin;
  const Run z = truth::run(c.start, {}, twin.checkpoint, false);
  draw_up(twin, z, slack);
  const truth::Number largest = *std::max_element(z.cosine.begin(), z.cosine.end());
  twin.statement.cos_max =
      std::max(twin.statement.cos_max, std::min(1.0, below(largest, -slack())));
}

void loosen(RunCertificate& c) {
  const auto loose = [](Leg& leg) {
    Statement& s = leg.statement;
    s.error *= 1.5, s.beta_displacement *= 1.5, s.A_displacement *= 1.5;
    s.cos_min = -1, s.cos_max = 1;
  };
  loose(c.leg);
  c.whole_run.beta_displacement *= 2;
  c.whole_run.A_displacement *= 2;
  c.whole_run.no_alignment.reset();
  if (c.whole_run.alignment) c.whole_run.alignment.reset();
}

}  // namespace alignproof::tamper
