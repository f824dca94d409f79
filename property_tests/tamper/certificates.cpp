// SPDX-License-Identifier: Apache-2.0
#include "tamper/certificates.hpp"

#include <cmath>
#include <functional>
#include <stdexcept>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/dynamics/step.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "check/verify.hpp"
#include "tamper/draws.hpp"
#include "tamper/slack.hpp"

namespace alignproof::tamper {

using truth::Judge;

namespace {

/// A small instance whose initial error is small enough, mostly, for Theorem A to close early.
/// (rows), or (rows, k) with k > 1 outputs.
std::vector<std::size_t> with_outputs(std::size_t rows, std::size_t k) {
  return k == 1 ? std::vector<std::size_t>{rows} : std::vector<std::size_t>{rows, k};
}

Instance random_instance(Random& random, Wanted wanted, Activation activation, std::size_t k) {
  Instance x;
  x.activation = activation;
  const std::size_t n = one_in(random, 2) ? 1 : whole(random, 2, wanted == Wanted::twin ? 2 : 4);
  const std::size_t d = n + whole(random, 0, 2);
  const std::size_t p = one_in(random, 8) ? whole(random, 20, 60) : whole(random, 4, 16);
  x.X = gaussian(random, {n, d}, 1 / std::sqrt(static_cast<double>(d)));
  x.W0 = gaussian(random, {p, d});
  x.beta0 = gaussian(random, with_outputs(p, k));
  x.b = gaussian(random, with_outputs(p, k));
  x.y = gaussian(random, with_outputs(n, k), decades(random, -3, 0));
  if (wanted == Wanted::neighbourhood && k == 1 &&
      one_in(random, 2)) {  // one sample, one term the largest
    const double scale = decades(random, -0.7, 0.5);
    x.X = gaussian(random, {1, 1}, scale);
    const std::size_t few = whole(random, 1, 6);
    x.W0 = gaussian(random, {few, 1}, 1 / scale);
    x.b = gaussian(random, {few}, decades(random, -1, 0.7));
    x.beta0 = gaussian(random, {few}, decades(random, -1, 0.7));
    x.y = gaussian(random, {1}, decades(random, -2, 0.3));
  }
  if (!one_in(random, 4) && wanted != Wanted::twin)  // y near f(0)
    for (std::size_t i = 0; i < x.n(); ++i)
      for (std::size_t r = 0; r < x.p(); ++r) {
        truth::Number a = 0;
        for (std::size_t l = 0; l < x.d(); ++l) a += truth::Number(x.W0(r, l)) * x.X(i, l);
        for (std::size_t c = 0; c < k; ++c)
          x.y.values[i * k + c] += truth::psi(x.activation, a).convert_to<double>() *
                                   x.beta0.values[r * k + c] /
                                   std::sqrt(static_cast<double>(x.p()));
      }
  x.eta = uniform(random, 0.2, 1.2) / (1 + 0.5 * static_cast<double>(n));
  if (x.activation == Activation::sigmoid) x.eta *= 3;
  x.steps = whole(random, 8, 40);
  if (wanted == Wanted::penalty || wanted == Wanted::twin) {
    x.penalty.lambda = uniform(random, 0.05, 0.9) / x.eta;
    x.penalty.cut = whole(random, 1, 10);
    x.penalty.decay = all_decays[whole(random, 0, std::size(all_decays) - 1)];
    if (falls(x.penalty.decay)) x.penalty.scale = uniform(random, 0.3, 0.9);
  }
  return x;
}

bool is_wanted(const RunCertificate& c, Wanted wanted) {
  const WholeRun& w = c.whole_run;
  switch (wanted) {
    case Wanted::decay:
      return w.decay.has_value();
    case Wanted::twin:
      return w.alignment.has_value() && w.alignment->twin.checkpoint <= 40;
    case Wanted::no_penalty:
    case Wanted::penalty:
    case Wanted::checkpoint:
    case Wanted::neighbourhood:
      return true;
  }
  throw std::logic_error("no such certificate");
}

/// The first that suits, with legs that close in the form that is drawn for each.
RunCertificate found(Random& random, Judge& judge, Wanted wanted, Activation first,
                     const Network& network, const std::function<ClosingForm()>& form) {
  for (int attempt = 0; attempt < 100'000; ++attempt) {
    const Activation activation = attempt < 3000 ? first : five_activations[whole(random, 0, 4)];
    const Instance instance = random_instance(random, wanted, activation, network.k);
    Search search;
    search.rule = network.rule;
    const bool plain = network.rule == Rule::fa && network.k == 1;
    const bool neighbourhood = wanted == Wanted::neighbourhood;
    search.kind = wanted == Wanted::checkpoint || (neighbourhood && one_in(random, 2))
                      ? CertificateKind::from_checkpoint
                      : CertificateKind::from_initialisation;
    search.forms = {form()};
    search.first = whole(random, 0, 8);
    search.stride = whole(random, 1, 3);
    search.share = uniform(random, 0.05, 0.6);
    search.width = uniform(random, 0.02, 1);
    search.margin = 1e-3;
    search.kappa = uniform(random, 0.3, 0.99) * std::sqrt(static_cast<double>(instance.p()));
    if (neighbourhood && plain) search.radius = decades(random, -8, -1.5);
    const Proposal proposal = propose_certificate(instance, search, true_step<double>());
    if (!proposal.certificate || !is_wanted(*proposal.certificate, wanted)) continue;
    RunCertificate c = *proposal.certificate;
    if (c.leg.checkpoint > 40 || c.start.p() * c.start.n() * c.leg.checkpoint > 2000) continue;
    if (c.start.activation == Activation::erf && c.start.p() * c.start.n() * c.leg.checkpoint > 400)
      continue;
    // The truth is not sure of what lies within so little of a bound.
    if (c.whole_run.decay)
      c.whole_run.decay->gamma_min *= 1 - 1e-9, c.whole_run.decay->gamma_max *= 1 + 1e-9;
    if (c.radius == 0) {
      const RunCertificate proposed = c;
      draw_up(c, random);
      if (!judge.judge(c).holds()) c = proposed;
    }
    if (neighbourhood && !plain) {  // of which none is searched for
      loosen(c);
      c.whole_run.decay.reset();
      for (std::size_t j = 0; j < c.whole_run.errors.values.size(); ++j)
        c.whole_run.errors.values[j] *= j % 2 == 0 ? 0.5 : 1.5;
      c.radius = decades(random, -10, -5) * c.leg.statement.error;
      if (check::verify(c, 128, 128).decision != check::Decision::proved) continue;
    }
    if (judge.judge(c).holds()) return c;
  }
  throw std::runtime_error("no small certificate was found");
}

}  // namespace

RunCertificate random_certificate(Random& random, Judge& judge, Wanted wanted) {
  const Activation first = five_activations[whole(random, 0, 4)];
  return random_certificate(random, judge, wanted, first);
}

RunCertificate random_first_form(Random& random, Judge& judge, Wanted wanted, Activation first) {
  RunCertificate c;
  do c = found(random, judge, wanted, first, {}, [] { return ClosingForm::rate; });
  while (wanted == Wanted::neighbourhood && is_initial(c.start.kind));
  return c;
}

RunCertificate random_certificate(Random& random, Judge& judge, Wanted wanted, Activation first,
                                  const Network& network) {
  return found(random, judge, wanted, first, network, [&random] {
    return one_in(random, 2) ? ClosingForm::rate : all_closing_forms[whole(random, 1, 2)];
  });
}

}  // namespace alignproof::tamper
