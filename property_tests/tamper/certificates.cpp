// SPDX-License-Identifier: Apache-2.0
// Small valid certificates, and ways to alter them.
#include "tamper/certificates.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/dynamics/step.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "format/edit_certificate.hpp"

namespace alignproof::tamper {

using truth::Judge;
using truth::Run;

namespace {

Array gaussian(Random& random, std::vector<std::size_t> shape, double scale = 1) {
  Array x(std::move(shape));
  std::normal_distribution<double> normal;
  for (double& value : x.values) value = scale * normal(random);
  return x;
}

double decades(Random& random, double low, double high) {
  return std::pow(10, uniform(random, low, high));
}

bool one_in(Random& random, std::size_t k) {
  return whole(random, 1, k) == 1;
}

/// A small instance whose initial error is small enough, mostly, for Theorem A to close early.
Instance random_instance(Random& random, Wanted wanted, Activation activation) {
  Instance x;
  x.activation = activation;
  const std::size_t n = one_in(random, 2) ? 1 : whole(random, 2, wanted == Wanted::twin ? 2 : 4);
  const std::size_t d = n + whole(random, 0, 2);
  const std::size_t p = one_in(random, 8) ? whole(random, 20, 60) : whole(random, 4, 16);
  x.X = gaussian(random, {n, d}, 1 / std::sqrt(static_cast<double>(d)));
  x.W0 = gaussian(random, {p, d});
  x.beta0 = gaussian(random, {p});
  x.b = gaussian(random, {p});
  x.y = gaussian(random, {n}, decades(random, -3, 0));
  if (wanted == Wanted::neighbourhood && one_in(random, 2)) {  // one sample, one term the largest
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
        x.y(i) += truth::psi(x.activation, a).convert_to<double>() * x.beta0(r) /
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

double below(const truth::Number& x, double slack) {
  return truth::Number(x - abs(x) * slack).convert_to<double>();
}

/// Every number of the leg as close to its bound as the slack says; alpha stays.
void draw_up(Leg& leg, const Run& x, const std::function<double()>& slack) {
  const auto above = [](const truth::Number& value, double by) { return below(value, -by); };
  SpectralWitness& w = leg.witness;
  const truth::Number spread = std::max(abs(x.M_max), abs(x.M_min));
  w = {below(x.M_min, slack()), above(x.M_max, slack()), above(x.G_max, slack()),
       above(x.K_norm, slack())};
  if (!(truth::Number(w.M_min) < x.M_min)) w.M_min = below(x.M_min - spread * 1e-12, 0);
  if (!(truth::Number(w.M_max) > x.M_max)) w.M_max = above(x.M_max + spread * 1e-12, 0);
  Statement& s = leg.statement;
  const truth::Consequence c = truth::theorem_a(x, w, s.alpha);
  s.error = above(x.E, slack());
  s.beta_displacement = above(c.beta_displacement, slack());
  s.A_displacement = above(c.A_displacement, slack());
  s.cos_min = std::max(-1.0, below(c.cos_min, slack()));
  s.cos_max = std::min(1.0, above(c.cos_max, slack()));
}

void draw_up(Certificate& c, Random& random) {
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

/// Room in everything but the premises, so that one of those is what binds.
void loosen(Certificate& c) {
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

bool is_wanted(const Certificate& c, Wanted wanted) {
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

}  // namespace

Certificate random_certificate(Random& random, Judge& judge, Wanted wanted) {
  const Activation first = five_activations[whole(random, 0, 4)];
  return random_certificate(random, judge, wanted, first);
}

Certificate random_certificate(Random& random, Judge& judge, Wanted wanted, Activation first) {
  for (int attempt = 0; attempt < 100'000; ++attempt) {
    const Activation activation = attempt < 3000 ? first : five_activations[whole(random, 0, 4)];
    const Instance instance = random_instance(random, wanted, activation);
    Search search;
    search.kind = wanted == Wanted::checkpoint || wanted == Wanted::neighbourhood
                      ? CertificateKind::from_checkpoint
                      : CertificateKind::from_initialisation;
    search.first = whole(random, 0, 8);
    search.stride = whole(random, 1, 3);
    search.share = uniform(random, 0.05, 0.6);
    search.width = uniform(random, 0.02, 1);
    search.margin = 1e-3;
    search.kappa = uniform(random, 0.3, 0.99) * std::sqrt(static_cast<double>(instance.p()));
    if (wanted == Wanted::neighbourhood) search.radius = decades(random, -8, -1.5);
    const Proposal proposal = propose_certificate(instance, search, true_step<double>());
    if (!proposal.certificate || !is_wanted(*proposal.certificate, wanted)) continue;
    Certificate c = *proposal.certificate;
    if (c.leg.checkpoint > 40 || c.start.p() * c.start.n() * c.leg.checkpoint > 2000) continue;
    if (c.start.activation == Activation::erf && c.start.p() * c.start.n() * c.leg.checkpoint > 400)
      continue;
    // The truth is not sure of what lies within so little of a bound.
    if (c.whole_run.decay)
      c.whole_run.decay->gamma_min *= 1 - 1e-9, c.whole_run.decay->gamma_max *= 1 + 1e-9;
    if (c.radius == 0) {
      const Certificate proposed = c;
      draw_up(c, random);
      if (!judge.judge(c).holds()) c = proposed;
    }
    if (judge.judge(c).holds()) return c;
  }
  throw std::runtime_error("no small certificate was found");
}

std::vector<Field> claimed_fields(const Certificate& c) {
  std::vector<Field> fields;
  const auto leg = [&](const std::string& name, std::function<Leg&(Certificate&)> of) {
    const auto witness = [&](const char* what, double SpectralWitness::*member) {
      fields.push_back(
          {name + what, [of, member](Certificate& k) -> double& { return of(k).witness.*member; }});
    };
    const auto statement = [&](const char* what, double Statement::*member) {
      fields.push_back({name + what, [of, member](Certificate& k) -> double& {
                          return of(k).statement.*member;
                        }});
    };
    witness("M_min", &SpectralWitness::M_min);
    witness("M_max", &SpectralWitness::M_max);
    witness("G_max", &SpectralWitness::G_max);
    witness("K_norm", &SpectralWitness::K_norm);
    statement("alpha", &Statement::alpha);
    statement("error", &Statement::error);
    statement("beta_displacement", &Statement::beta_displacement);
    statement("A_displacement", &Statement::A_displacement);
    statement("cos_min", &Statement::cos_min);
    statement("cos_max", &Statement::cos_max);
  };
  leg("", [](Certificate& k) -> Leg& { return k.leg; });
  if (c.start.kind == CertificateKind::from_checkpoint) return fields;
  fields.push_back({"whole beta_displacement",
                    [](Certificate& k) -> double& { return k.whole_run.beta_displacement; }});
  fields.push_back({"whole A_displacement",
                    [](Certificate& k) -> double& { return k.whole_run.A_displacement; }});
  for (std::size_t column : {0u, 1u})
    for (std::size_t t : {std::size_t{0}, c.leg.checkpoint})
      fields.push_back(
          {fmt::format("errors({}, {})", t, column), [t, column](Certificate& k) -> double& {
             return k.whole_run.errors(std::min(t, k.whole_run.errors.rows() - 1), column);
           }});
  if (c.whole_run.decay) {
    fields.push_back(
        {"gamma_min", [](Certificate& k) -> double& { return k.whole_run.decay->gamma_min; }});
    fields.push_back(
        {"gamma_max", [](Certificate& k) -> double& { return k.whole_run.decay->gamma_max; }});
  }
  if (c.whole_run.no_alignment)
    fields.push_back(
        {"kappa", [](Certificate& k) -> double& { return k.whole_run.no_alignment->kappa; }});
  if (c.whole_run.alignment) {
    fields.push_back(
        {"margin", [](Certificate& k) -> double& { return k.whole_run.alignment->margin; }});
    leg("twin ", [](Certificate& k) -> Leg& { return k.whole_run.alignment->twin; });
  }
  return fields;
}

std::vector<Field> all_fields(const Certificate& c) {
  std::vector<Field> fields = claimed_fields(c);
  fields.push_back({"eta", [](Certificate& k) -> double& { return k.start.eta; }});
  fields.push_back({"radius", [](Certificate& k) -> double& { return k.radius; }});
  if (c.start.kind == CertificateKind::from_initialisation) {
    fields.push_back({"lambda", [](Certificate& k) -> double& { return k.start.penalty.lambda; }});
    fields.push_back({"scale", [](Certificate& k) -> double& { return k.start.penalty.scale; }});
  }
  return fields;
}

namespace {

/// Doubles in their order as integers.
std::int64_t rank_of(double x) {
  const auto bits = std::bit_cast<std::int64_t>(x);
  return bits >= 0 ? bits : std::numeric_limits<std::int64_t>::min() - bits;
}

double of_rank(std::int64_t rank) {
  return std::bit_cast<double>(rank >= 0 ? rank : std::numeric_limits<std::int64_t>::min() - rank);
}

}  // namespace

std::optional<Edge> edge(const std::function<bool(double)>& holds, double start, int direction) {
  double good = start, bad = start;
  for (double by = 1e-13;; by *= 8) {
    if (by > 1e8) return std::nullopt;
    bad = start + direction * by * (std::abs(start) + 1e-9);
    if (!holds(bad)) break;
    good = bad;
  }
  std::int64_t low = rank_of(good), high = rank_of(bad);
  while (std::abs(high - low) > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (holds(of_rank(middle)) ? low : high) = middle;
  }
  return Edge{of_rank(low), of_rank(high)};
}

namespace {

double moved(Random& random, double value, std::string& how) {
  const double sign = one_in(random, 2) ? 1 : -1;
  switch (whole(random, 0, 11)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: {
      const double by = sign * decades(random, -12, 0);
      how += fmt::format(" times 1 {:+.2g}", by);
      return value * (1 + by);
    }
    case 5: {
      const double factor = decades(random, -6, 6);
      how += fmt::format(" times {:.2g}", factor);
      return value * factor;
    }
    case 6:
      how += " negated";
      return -value;
    case 7:
      how += " zero";
      return sign * 0.0;
    case 8:
      how += " huge";
      return sign * decades(random, 10, 307);
    case 9:
      how += " denormal";
      return sign * std::numeric_limits<double>::denorm_min() *
             static_cast<double>(whole(random, 1, 1000));
    case 10:
      how += " next double";
      return std::nextafter(value, sign * INFINITY);
    default:
      how += " shifted";
      return value + sign * decades(random, -12, 1);
  }
}

/// Just beyond the truth's boundary of one number, or just within.
void to_edge(Random& random, Judge& judge, Altered& altered) {
  Certificate& c = altered.certificate;
  if (one_in(random, 2)) {
    Certificate loose = c;
    loosen(loose);
    if (judge.judge(loose).holds()) c = loose, altered.how += "loosened, ";
  }
  const std::vector<Field> fields = claimed_fields(c);
  // Of the claims about the whole run there are fewer than of the numbers of legs.
  std::vector<std::size_t> whole_run;
  for (std::size_t k = 10; k < fields.size(); ++k)
    if (!fields[k].name.starts_with("twin")) whole_run.push_back(k);
  const Field& field = !whole_run.empty() && one_in(random, 2)
                           ? fields[whole_run[whole(random, 0, whole_run.size() - 1)]]
                           : fields[whole(random, 0, fields.size() - 1)];
  double& value = field.of(c);
  const double start = value;
  // gamma itself is costly and has boundaries of its own below.
  std::optional<Edge> found;
  int direction = one_in(random, 2) ? 1 : -1;
  for (int both = 0; both < 2 && !found; ++both, direction = -direction) {
    found = edge(
        [&](double x) {
          value = x;
          return judge.judge(c).worst().margin > 0;
        },
        start, direction);
    if (found) break;
  }
  value = start;
  if (!found) {
    altered.how += field.name + " has no boundary";
    return;
  }
  const bool beyond = !one_in(random, 3);
  const double by = decades(random, -12, -6);
  const double outward = direction * std::abs(found->fails) * by;
  value = beyond ? found->fails + outward : found->holds - outward;
  altered.how +=
      fmt::format("{} {} its boundary by {:.2g}", field.name, beyond ? "beyond" : "within", by);
}

std::vector<std::pair<std::string, Array*>> arrays_of(Certificate& c) {
  std::vector<std::pair<std::string, Array*>> arrays = {
      {"X", &c.start.X}, {"y", &c.start.y}, {"b", &c.start.b}, {"beta", &c.start.beta}};
  if (c.start.kind == CertificateKind::from_checkpoint) {
    arrays.emplace_back("A", &c.start.A);
  } else {
    arrays.emplace_back("W", &c.start.W);
    arrays.emplace_back("errors", &c.whole_run.errors);
  }
  return arrays;
}

void in_array(Random& random, Altered& altered) {
  auto arrays = arrays_of(altered.certificate);
  auto& [name, array] = arrays[whole(random, 0, arrays.size() - 1)];
  std::vector<double>& x = array->values;
  if (x.empty()) return;
  const std::size_t k = whole(random, 0, x.size() - 1);
  switch (whole(random, 0, 4)) {
    case 0: {
      std::string how;
      const double factor = moved(random, 1, how);
      for (double& value : x) value *= factor;
      altered.how += fmt::format("all of {} times {:.17g}", name, factor);
      break;
    }
    case 1:
      std::swap(x[k], x[whole(random, 0, x.size() - 1)]);
      altered.how += "two entries of " + name + " swapped";
      break;
    case 2:
      std::shuffle(x.begin(), x.end(), random);
      altered.how += name + " shuffled";
      break;
    default:
      altered.how += fmt::format("{}[{}]", name, k);
      x[k] = moved(random, x[k], altered.how);
  }
  for (double& value : x)
    if (!std::isfinite(value)) value = 1e300;
}

void resize_errors(Random& random, Certificate& c, std::size_t T) {
  Array errors({T + 1, 2});
  const std::size_t known = c.whole_run.errors.values.size() / 2;
  for (std::size_t t = 0; t <= T; ++t)
    for (std::size_t column : {0u, 1u})
      errors(t, column) =
          t < known ? c.whole_run.errors(t, column) : uniform(random, 0, 1e-3) * double(column);
  c.whole_run.errors = errors;
}

/// T1 with the true gamma, mostly: then other premises of T1 decide.
DecayClaim about_gamma(Random& random, const Start& start) {
  const truth::Orbit at(start, {});
  const std::optional<truth::Gamma> gamma = truth::gamma(start.activation, at.K, at.n);
  if (!gamma || one_in(random, 4)) return {decades(random, -3, 0), decades(random, -3, 0)};
  const double value = gamma->value.convert_to<double>();
  return {value * (1 - 1e-7), value * (1 + 1e-7)};
}

void in_structure(Random& random, Altered& altered) {
  Certificate& c = altered.certificate;
  WholeRun& w = c.whole_run;
  Penalty& penalty = c.start.penalty;
  const bool initial = c.start.kind == CertificateKind::from_initialisation;
  constexpr std::size_t likelier[] = {9, 10, 13};
  const std::size_t kind = whole(random, 0, initial ? 19 : 3);
  switch (kind < 14 ? kind : likelier[kind % 3]) {
    case 0:
    case 1:
      c.start.activation = all_activations[whole(random, 0, std::size(all_activations) - 1)];
      altered.how += fmt::format("activation {}", to_string(c.start.activation));
      break;
    case 2:
      c.radius = decades(random, -14, 0);
      altered.how += fmt::format("radius {:.2g}", c.radius);
      break;
    case 3:
      altered.how += "the other kind";
      if (initial) {
        c.start.kind = CertificateKind::from_checkpoint;
        c.start.A = Array({c.start.p(), c.start.n()});
        for (std::size_t r = 0; r < c.start.p(); ++r)
          for (std::size_t i = 0; i < c.start.n(); ++i)
            for (std::size_t l = 0; l < c.start.d(); ++l)
              c.start.A(r, i) += c.start.W(r, l) * c.start.X(i, l);
        c.start.W = {};
        penalty = {};
        w = {};
        if (!one_in(random, 8)) c.leg.checkpoint = 0;
      } else {
        c.start.kind = CertificateKind::from_initialisation;
        c.start.W = gaussian(random, {c.start.p(), c.start.d()});
        c.start.A = {};
        resize_errors(random, c, 0);
      }
      break;
    case 4:
    case 5: {
      const std::size_t T = c.leg.checkpoint;
      c.leg.checkpoint =
          one_in(random, 2) ? T + whole(random, 1, 5) : T - std::min(T, whole(random, 1, 5));
      if (!one_in(random, 8)) resize_errors(random, c, c.leg.checkpoint);
      altered.how += fmt::format("checkpoint {} -> {}", T, c.leg.checkpoint);
      break;
    }
    case 6:
      penalty.cut = one_in(random, 4) ? Penalty::never : whole(random, 0, c.leg.checkpoint + 2);
      altered.how += fmt::format("cut at {}", penalty.cut);
      break;
    case 7:
      penalty.decay = all_decays[whole(random, 0, std::size(all_decays) - 1)];
      if (one_in(random, 2)) {  // where lambda(t) may be no number at all
        const double next = -static_cast<double>(c.leg.checkpoint + 1);
        const double odd[] = {0, 1e300, -1, 2, next, next - 1};
        penalty.scale = odd[whole(random, 0, 5)];
      }
      altered.how +=
          fmt::format("decay {} with scale {:.3g}", to_string(penalty.decay), penalty.scale);
      break;
    case 8:
      altered.how += "scale";
      penalty.scale = moved(random, penalty.scale, altered.how);
      break;
    case 9:
      penalty.lambda = penalty.lambda == 0 ? decades(random, -16, -2) : 0;
      altered.how += fmt::format("lambda {:.2g}", penalty.lambda);
      if (!one_in(random, 4)) w.decay.reset(), w.no_alignment.reset(), w.alignment.reset();
      if (!one_in(random, 4)) penalty.cut = c.leg.checkpoint + whole(random, 0, 2);
      break;
    case 10:
      if (w.decay)
        w.decay.reset();
      else
        w.decay = about_gamma(random, c.start);
      altered.how += "T1 dropped or added";
      break;
    case 11:
      if (w.no_alignment)
        w.no_alignment.reset();
      else
        w.no_alignment = {decades(random, -2, 1)};
      altered.how += "T2 dropped or added";
      break;
    case 12:
      if (w.alignment)
        w.alignment.reset();
      else
        w.alignment = {decades(random, -3, 0), c.leg};
      altered.how += "T3 dropped or added";
      break;
    default:
      if (w.alignment && one_in(random, 2)) {
        altered.how += "the twin is a run with the penalty";
        Leg& twin = w.alignment->twin;
        twin.checkpoint = whole(random, 0, std::min<std::size_t>(penalty.cut, 40));
        draw_up(twin, truth::run(c.start, {}, twin.checkpoint, true),
                [&] { return decades(random, -11, -4); });
        w.alignment->margin = 1e-6;
        break;
      }
      if (w.alignment) {
        std::size_t& T = w.alignment->twin.checkpoint;
        T = one_in(random, 2) ? T + whole(random, 1, 5) : T - std::min(T, whole(random, 1, 5));
        altered.how += fmt::format("checkpoint of the twin {}", T);
      } else if (initial && penalty.lambda != 0) {
        w.alignment = {1e-3, c.leg};
        altered.how += "T3 added";
      }
  }
}

}  // namespace

namespace {

/// Numbers of the centre in place of those of the ball around it: one, or all of them.
void to_centre(Random& random, Altered& altered) {
  Certificate& c = altered.certificate;
  Certificate centre = c;
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

}  // namespace

namespace {

/// Changes beta or A of a checkpoint and moves y along, so that e stays what it is.
void keeping_e(Certificate& c, const std::function<void(Start&)>& change) {
  Start& s = c.start;
  const truth::Orbit before(s, {});
  change(s);
  const truth::Orbit after(s, {});
  for (std::size_t i = 0; i < s.n(); ++i)
    s.y(i) = truth::Number(after.e[i] + after.y[i] - before.e[i]).convert_to<double>();
}

/// relu: a pre-activation about as close to 0 as it may be.
void to_kink(Random& random, Altered& altered) {
  Certificate& c = altered.certificate;
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

/// beta so short that it may vanish, and a claim about its direction.
void to_short_beta(Random& random, Altered& altered) {
  Certificate& c = altered.certificate;
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

}  // namespace

Altered alter(Random& random, Judge& judge, const Certificate& certificate) {
  Altered altered{"", certificate};
  Certificate& c = altered.certificate;
  const std::size_t times = one_in(random, 8) ? whole(random, 2, 4) : 1;
  for (std::size_t k = 0; k < times; ++k) {
    if (k > 0) altered.how += "; ";
    switch (whole(random, 0, 9)) {
      case 0:
      case 1: {
        const std::vector<Field> fields = all_fields(c);
        const Field& field = fields[whole(random, 0, fields.size() - 1)];
        altered.how += field.name;
        double& value = field.of(c);
        value = moved(random, value, altered.how);
        if (!std::isfinite(value)) value = 1e300;
        break;
      }
      case 3: {
        const std::vector<Field> fields = all_fields(c);
        const Field &a = fields[whole(random, 0, fields.size() - 1)],
                    &b = fields[whole(random, 0, fields.size() - 1)];
        std::swap(a.of(c), b.of(c));
        altered.how += fmt::format("{} and {} swapped", a.name, b.name);
        break;
      }
      case 4:
      case 5:
        in_array(random, altered);
        break;
      case 2:
      case 6:
        in_structure(random, altered);
        break;
      default:
        if (times > 1) {
          in_array(random, altered);
        } else if (c.start.kind == CertificateKind::from_checkpoint && one_in(random, 3)) {
          if (c.start.activation == Activation::relu && !one_in(random, 3))
            to_kink(random, altered);
          else if (c.radius == 0)
            to_short_beta(random, altered);
          else
            to_centre(random, altered);
        } else if (c.radius > 0) {
          to_centre(random, altered);
        } else {
          to_edge(random, judge, altered);
        }
    }
  }
  return altered;
}

std::vector<Altered> near_lies(Random& random, const Certificate& certificate) {
  std::vector<Altered> lies;
  const auto add = [&](const char* how) -> Certificate& {
    lies.push_back({how, certificate});
    return lies.back().certificate;
  };
  if (certificate.start.kind == CertificateKind::from_checkpoint) return lies;
  if (certificate.start.penalty.lambda == 0) {
    for (std::size_t late : {1u, 2u}) {
      Certificate& c = add("a tiny penalty, cut too late");
      c.start.penalty.lambda = 1e-14;
      c.start.penalty.cut = c.leg.checkpoint + late;
      c.whole_run.decay.reset();
      c.whole_run.no_alignment.reset();
    }
    Certificate& c = add("T1 with the true gamma");
    c.whole_run.decay = about_gamma(random, c.start);
  }
  return lies;
}

namespace {

using test::Json;

/// Every place of a document.
void places(Json& json, std::vector<Json*>& out) {
  out.push_back(&json);
  for (auto& child : json)
    if (child.is_structured())
      places(child, out);
    else
      out.push_back(&child);
}

Json nonsense(Random& random) {
  const std::vector<Json> values = {nullptr,
                                    true,
                                    -1,
                                    0,
                                    1e308,
                                    "",
                                    "nan",
                                    "inf",
                                    "0x1p0",
                                    "0x1p99999",
                                    "1.5",
                                    Json::array(),
                                    Json::object(),
                                    18446744073709551615u,
                                    "tanh",
                                    Json::array({1, 2})};
  return values[whole(random, 0, values.size() - 1)];
}

}  // namespace

std::string spoil(Random& random, const std::filesystem::path& folder) {
  const char* names[] = {"certificate.json", "certificate.json", "certificate.json", "claim.json",
                         "provenance.json"};
  const std::string name = names[whole(random, 0, 4)];
  const std::size_t kind = whole(random, 0, 9);
  if (kind >= 8) {  // bytes of any file
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry);
    std::sort(files.begin(), files.end());
    const std::filesystem::path& file = files[whole(random, 0, files.size() - 1)];
    std::string bytes = read_file(file);
    if (one_in(random, 3) || bytes.empty())
      bytes.resize(whole(random, 0, bytes.size()));
    else
      bytes[whole(random, 0, bytes.size() - 1)] = static_cast<char>(whole(random, 0, 255));
    write_file(file, bytes);
    if (file.extension() == ".npy" && one_in(random, 2)) test::rehash(folder);
    return fmt::format("bytes of {}", file.filename().string());
  }
  std::string how;
  const auto change = [&](Json& json) {
    std::vector<Json*> all;
    places(json, all);
    Json& at = *all[whole(random, 0, all.size() - 1)];
    switch (kind) {
      case 0:
        if (at.is_object() && !at.empty()) {
          auto entry = at.begin();
          std::advance(entry, static_cast<long>(whole(random, 0, at.size() - 1)));
          how = "field " + entry.key() + " removed";
          at.erase(entry);
          break;
        }
        [[fallthrough]];
      case 1:
        if (at.is_object()) {
          at["added"] = nonsense(random);
          how = "field added";
          break;
        }
        [[fallthrough]];
      case 2:
        if (at.is_number_unsigned()) {
          at = at.get<std::uint64_t>() + 1;
          how = "count + 1";
          break;
        }
        [[fallthrough]];
      default:
        at = nonsense(random);
        how = "value replaced by " + at.dump();
    }
  };
  try {
    test::edit(folder, name, change);
  } catch (const std::exception&) {
    // Hashes of a document without its tables cannot be put right: the folder stays as it is.
  }
  return fmt::format("{}: {}", name, how);
}

}  // namespace alignproof::tamper
