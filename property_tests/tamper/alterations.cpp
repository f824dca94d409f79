// SPDX-License-Identifier: Apache-2.0
#include "tamper/alterations.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include <alignproof/dynamics/step.hpp>

#include "tamper/checkpoint_alterations.hpp"
#include "tamper/draws.hpp"
#include "tamper/fields.hpp"
#include "tamper/new_claims.hpp"
#include "tamper/slack.hpp"

namespace alignproof::tamper {

using truth::Judge;
using truth::Run;

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
  RunCertificate& c = altered.certificate;
  if (one_in(random, 2)) {
    RunCertificate loose = c;
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

std::vector<std::pair<std::string, Array*>> arrays_of(RunCertificate& c) {
  std::vector<std::pair<std::string, Array*>> arrays = {
      {"X", &c.start.X}, {"y", &c.start.y}, {"b", &c.start.b}, {"beta", &c.start.beta}};
  if (c.start.kind == CertificateKind::from_checkpoint) {
    arrays.emplace_back("A", &c.start.A);
  } else {
    arrays.emplace_back("W", &c.start.W);
    arrays.emplace_back("errors", &c.whole_run.errors);
    if (c.whole_run.rows) arrays.emplace_back("rows", &c.whole_run.rows->bounds);
    if (c.whole_run.limit) arrays.emplace_back("limit", &c.whole_run.limit->centre);
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

void resize_errors(Random& random, RunCertificate& c, std::size_t T) {
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

/// The same numbers by another form, with an S and a linear drift that may do.
void to_another_form(Random& random, Altered& altered) {
  Leg& leg = altered.certificate.leg;
  leg.form = all_closing_forms[whole(random, 0, std::size(all_closing_forms) - 1)];
  if (leg.S == 0) leg.S = leg.statement.error / leg.statement.alpha * uniform(random, 0.3, 1.2);
  if (leg.linear_drift == 0) leg.linear_drift = decades(random, -6, 1);
  if (one_in(random, 2)) leg.statement.alpha *= uniform(random, 0.1, 1);
  altered.how += fmt::format("form {}", to_string(leg.form));
}

void in_structure(Random& random, Altered& altered) {
  if (one_in(random, 6)) return to_another_form(random, altered);
  RunCertificate& c = altered.certificate;
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

/// What only k outputs and backpropagation have: columns, and the other rule.
void in_outputs(Random& random, Altered& altered) {
  Start& s = altered.certificate.start;
  WholeRun& w = altered.certificate.whole_run;
  const std::size_t k = s.k();
  if (k == 1 || one_in(random, 3)) {
    altered.how += "the other rule";
    const bool fa = s.rule == Rule::fa;
    s.rule = fa ? Rule::bp : Rule::fa;
    // So that what the rules do at the start is the same.
    if (one_in(random, 2)) altered.how += ", b = beta", s.b = s.beta;
    if (fa) w.no_alignment.reset(), w.alignment.reset();
    return;
  }
  const std::pair<const char*, Array*> arrays[] = {{"y", &s.y}, {"b", &s.b}, {"beta", &s.beta}};
  const auto& [name, x] = arrays[whole(random, 0, 2)];
  const std::size_t row = whole(random, 0, x->rows() - 1), c = whole(random, 0, k - 2);
  if (one_in(random, 2)) {
    altered.how += fmt::format("two columns of {} swapped", name);
    for (std::size_t r = 0; r < x->rows(); ++r) std::swap((*x)(r, c), (*x)(r, c + 1));
  } else {
    altered.how += fmt::format("two outputs of row {} of {} swapped", row, name);
    std::swap((*x)(row, c), (*x)(row, c + 1));
  }
}

}  // namespace

Altered alter(Random& random, Judge& judge, const RunCertificate& certificate) {
  Altered altered{"", certificate};
  RunCertificate& c = altered.certificate;
  const std::size_t times = one_in(random, 8) ? whole(random, 2, 4) : 1;
  for (std::size_t k = 0; k < times; ++k) {
    if (k > 0) altered.how += "; ";
    if (!c.start.plain() && one_in(random, 4)) {
      in_outputs(random, altered);
      continue;
    }
    if (version_of(c) > 2 && one_in(random, 4)) {
      in_new_claims(random, altered);
      continue;
    }
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

std::vector<Altered> near_lies(Random& random, const RunCertificate& certificate) {
  std::vector<Altered> lies;
  const auto add = [&](const char* how) -> RunCertificate& {
    lies.push_back({how, certificate});
    return lies.back().certificate;
  };
  if (certificate.start.kind == CertificateKind::from_checkpoint) return lies;
  if (certificate.start.penalty.lambda == 0) {
    for (std::size_t late : {1u, 2u}) {
      RunCertificate& c = add("a tiny penalty, cut too late");
      c.start.penalty.lambda = 1e-14;
      c.start.penalty.cut = c.leg.checkpoint + late;
      c.whole_run.decay.reset();
      c.whole_run.no_alignment.reset();
    }
    RunCertificate& c = add("T1 with the true gamma");
    c.whole_run.decay = about_gamma(random, c.start);
  }
  return lies;
}

}  // namespace alignproof::tamper
