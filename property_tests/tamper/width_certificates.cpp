// SPDX-License-Identifier: Apache-2.0
#include "tamper/width_certificates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/bounds/width.hpp>
#include <alignproof/kernels/limit_kernel.hpp>

#include "tamper/draws.hpp"

namespace alignproof::tamper {

namespace {

using Data = AprioriData<double>;

/// In doubles: a guess, as all that follows from it.
Data data_of(const WidthCertificate& c, const EnclosedKernel& kernel) {
  const ScopedDigits digits(width_digits);
  Data data = in_doubles(apriori_data(c.activation, c.X, c.y, kernel));
  data.kap = c.spectra.K_upper, data.Gam = c.spectra.Gbar_upper;
  data.gamma = c.spectra.gamma_lower, data.gamma_max = c.spectra.gamma_upper;
  data.eta = c.eta;
  return data;
}

double WidthShares::*share_of(Line line) {
  for (const WidthLine& each : width_lines)
    if (each.name == to_string(line)) return each.share;
  throw std::logic_error("a line without a share");
}

Shares library_shares(const WidthShares& shares) {
  Shares of;
  for (const Line line : all_lines) of[line] = shares.*share_of(line);
  return of;
}

/// Where `holds` begins to hold in (0, high], at whose end it holds, up to a double.
double least(double high, const std::function<bool(double)>& holds) {
  double low = 0;
  for (int k = 0; k < 100 && low < high; ++k) {
    const double middle = (low + high) / 2;
    (holds(middle) ? high : low) = middle;
  }
  return high;
}

/// The same in (0, infinity).
double least(const std::function<bool(double)>& holds) {
  double high = 1;
  while (high < 1e300 && !holds(high)) high *= 2;
  return least(high, holds);
}

struct Point {
  Tails tails;
  Growth<double> growth;
  double first, last;  ///< between them (P.5) holds for S
};

/// (P.5) at a width, or nothing.
std::optional<Point> closes(const AprioriVariant& variant, const Data& data, double eta, double p,
                            const Shares& shares) {
  const Tails tails = variant.tails(data, p, shares);
  const std::optional<Growth<double>> growth = variant.in_doubles(data, p, shares, tails);
  if (!growth) return std::nullopt;
  Point x{tails, *growth, 0, 0};
  const auto slack = [&](double S) { return apriori_slack(x.growth, data.gamma_max, eta, S); };
  if (!(slack(0).rate > 0) || !(slack(0).step > 0)) return std::nullopt;
  x.last = least([&](double S) { return slack(S).rate < 0 || slack(S).step < 0; }) * (1 - 1e-14);
  if (tails.level > 0) x.last = std::min(x.last, tails.level);
  if (!(slack(x.last).budget >= 0)) return std::nullopt;
  x.first = least(x.last, [&](double S) { return slack(S).budget >= 0; }) * (1 + 1e-14);
  return x;
}

/// A relative slack: mostly small.
double slack(Random& random) {
  return decades(random, -13, one_in(random, 3) ? 0 : -3);
}

WidthShares random_shares(Random& random, double delta, const std::vector<Line>& lines, bool T2) {
  WidthShares shares;
  double sum = 0;
  for (const Line line : all_lines) {
    const bool of_T2 = line == Line::cos_b || line == Line::beta0;
    const bool used = std::find(lines.begin(), lines.end(), line) != lines.end() && (T2 || !of_T2);
    if (used || one_in(random, 12))
      sum += shares.*share_of(line) = decades(random, one_in(random, 6) ? -5 : -1, 0);
  }
  for (const WidthLine& line : width_lines)
    shares.*line.share *= delta / sum * (1 - std::max(1e-15, slack(random) / 4));
  return shares;
}

void claim(Random& random, WidthCertificate& c, const Growth<double>& g) {
  const double p = static_cast<double>(c.p), n = static_cast<double>(c.n());
  const auto above = [&](double x) { return x * (1 + std::max(1e-13, slack(random))); };
  c.claims.beta_displacement = above(value_at(g.rho, c.S));
  c.claims.A_displacement = above(g.A_moved * c.S);
  const double unit = n / (c.spectra.gamma_upper * std::sqrt(p)), root_log = std::sqrt(std::log(p));
  c.claims.c1 = above(g.w_row * c.S / (unit * root_log));
  c.claims.c2 = above(value_at(g.beta_row, c.S) /
                      (smoothness<double>(c.activation).L0 ? unit : unit * root_log));
  if (c.claims.kappa) {
    const std::optional<double> kappa = kappa_at(g, p, c.S);
    c.claims.kappa = kappa ? std::optional(above(*kappa)) : std::nullopt;
  }
}

double data_largest(const WidthCertificate& c, const EnclosedKernel& kernel) {
  const ScopedDigits digits(width_digits);
  return in_doubles(apriori_data(c.activation, c.X, c.y, kernel)).kap;
}

}  // namespace

WidthCertificate random_width_certificate(Random& random, truth::WidthJudge& judge,
                                          const Activation& activation, std::size_t k, Rule rule) {
  for (int tries = 0; tries < 1000; ++tries) {
    WidthCertificate c;
    c.activation = activation, c.rule = rule;
    const std::size_t n = one_in(random, 3) ? 1 : whole(random, 2, 3), d = n + whole(random, 0, 6);
    c.X = gaussian(random, {n, d}, decades(random, -0.6, 0) / std::sqrt(static_cast<double>(d)));
    c.y = gaussian(random, k == 1 ? std::vector{n} : std::vector{n, k}, decades(random, -1.5, 1));
    const LimitKernel kernel = limit_kernel(activation, c.X);
    if (!(kernel.gamma > 1e-6)) continue;
    const EnclosedKernel enclosed = enclose_limit_kernel(activation, c.X, width_digits);
    const double largest = data_largest(c, enclosed);
    c.spectra = {.gamma_lower = kernel.gamma * (1 - slack(random) / 4 - 1e-14),
                 .gamma_upper = kernel.gamma_upper * (1 + slack(random) / 4 + 1e-14),
                 .Gbar_upper = kernel.largest_eigenvalue * (1 + slack(random) + 1e-13),
                 .K_upper = largest * (1 + slack(random) + 1e-13)};
    c.delta = decades(random, -12, -0.31);
    c.eta = uniform(random, 0.02, 1.5) / (c.spectra.Gbar_upper + c.spectra.gamma_upper);
    if (rule == Rule::fa && !one_in(random, 4)) c.claims.kappa = 0;
    const AprioriVariant variant = apriori_variant(activation, c.rule, c.k());
    c.shares = random_shares(random, c.delta, variant.lines, c.claims.kappa.has_value());
    const Data data = data_of(c, enclosed);
    const Shares shares = library_shares(c.shares);
    const auto at = [&](double p) { return closes(variant, data, c.eta, p, shares); };
    double p = 4;
    while (p < 1e15 && !at(p)) p *= 2;
    for (double low = p / 2; p < 1e15 && p - low > std::max(1.0, 1e-9 * p);) {
      const double middle = std::floor((low + p) / 2);
      (at(middle) ? p : low) = middle;
    }
    const double width = std::ceil(p * (1 + slack(random)));
    const std::optional<Point> found = width < 1e15 ? at(width) : std::nullopt;
    if (!found || !(found->first <= found->last)) continue;
    c.p = static_cast<std::size_t>(width);
    if (data.psi.L0) {
      c.tails.lower = found->tails.lower * (1 + 1e-14);
      c.tails.upper = found->tails.upper * (1 + slack(random));
    }
    c.tails.level = found->tails.level, c.tails.spread = found->tails.spread;
    const double where = one_in(random, 3) ? 0 : one_in(random, 2) ? 1 : uniform(random, 0, 1);
    c.S = found->first + where * (found->last - found->first);
    claim(random, c, found->growth);
    if (judge.judge(c).holds()) return c;  // doubles guess
  }
  throw std::logic_error("no width certificate was found");
}

std::vector<WidthField> width_fields(const WidthCertificate& certificate) {
  using C = WidthCertificate;
  std::vector<WidthField> fields = {
      {"eta", [](C& c) -> double& { return c.eta; }},
      {"delta", [](C& c) -> double& { return c.delta; }},
      {"S", [](C& c) -> double& { return c.S; }},
      {"gamma_lower", [](C& c) -> double& { return c.spectra.gamma_lower; }},
      {"gamma_upper", [](C& c) -> double& { return c.spectra.gamma_upper; }},
      {"Gbar_upper", [](C& c) -> double& { return c.spectra.Gbar_upper; }},
      {"K_upper", [](C& c) -> double& { return c.spectra.K_upper; }},
      {"eps", [](C& c) -> double& { return c.tails.lower; }},
      {"eps'", [](C& c) -> double& { return c.tails.upper; }},
      {"S*", [](C& c) -> double& { return c.tails.level; }},
      {"y", [](C& c) -> double& { return c.tails.spread; }},
      {"beta_displacement", [](C& c) -> double& { return c.claims.beta_displacement; }},
      {"A_displacement", [](C& c) -> double& { return c.claims.A_displacement; }},
      {"c1", [](C& c) -> double& { return c.claims.c1; }},
      {"c2", [](C& c) -> double& { return c.claims.c2; }}};
  for (const WidthLine& line : width_lines)
    fields.push_back({fmt::format("share of {}", line.name),
                      [share = line.share](C& c) -> double& { return c.shares.*share; }});
  if (certificate.claims.kappa)
    fields.push_back({"kappa", [](C& c) -> double& { return *c.claims.kappa; }});
  return fields;
}

namespace {

double other_number(Random& random, double x) {
  switch (whole(random, 0, 7)) {
    case 0:
      return 0;
    case 1:
      return -x;
    case 2:
      return x * decades(random, -3, 3);
    case 3:
      return std::nextafter(x, std::numeric_limits<double>::infinity());
    case 4:
      return std::nextafter(x, -std::numeric_limits<double>::infinity());
    case 5:
      return decades(random, -20, 5);
    default:
      return x * (1 + (one_in(random, 2) ? 1 : -1) * decades(random, -15, -0.5));
  }
}

}  // namespace

AlteredWidth alter(Random& random, const WidthCertificate& base) {
  AlteredWidth altered{"", base};
  WidthCertificate& c = altered.certificate;
  const std::vector<WidthField> fields = width_fields(c);
  for (std::size_t changes = one_in(random, 3) ? 2 : 1; changes > 0; --changes) {
    const std::size_t which = whole(random, 0, fields.size() + 3);
    std::string what;
    if (which < fields.size()) {
      double& value = fields[which].of(c);
      value = other_number(random, value);
      what = fmt::format("{} is {:.17g}", fields[which].name, value);
    } else if (which == fields.size()) {
      const double p = static_cast<double>(c.p) * (1 - decades(random, -9, -0.1));
      c.p = one_in(random, 3)   ? c.p - 1
            : one_in(random, 4) ? whole(random, 1, 3)
                                : static_cast<std::size_t>(p);
      c.p = std::max<std::size_t>(c.p, 1);
      what = fmt::format("p is {}", c.p);
    } else if (which == fields.size() + 1) {
      c.activation = width_activations[whole(random, 0, std::size(width_activations) - 1)];
      what = fmt::format("psi is {}", to_string(c.activation));
    } else {
      // Another X asks the truth for another limit kernel, which takes it long.
      Array& values = which == fields.size() + 2 && one_in(random, 2) ? c.X : c.y;
      double& value = values.values[whole(random, 0, values.values.size() - 1)];
      value = one_in(random, 4) ? 0 : value * (1 + decades(random, -14, 0));
      what = fmt::format("an entry is {:.17g}", value);
    }
    altered.how += (altered.how.empty() ? "" : ", ") + what;
  }
  return altered;
}

}  // namespace alignproof::tamper
