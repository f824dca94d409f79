// SPDX-License-Identifier: Apache-2.0
#include "tamper/fields.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace alignproof::tamper {

namespace {

/// What a leg has beside witness and statement, by its form.
std::vector<std::pair<const char*, double Leg::*>> sharp_numbers(ClosingForm form) {
  switch (form) {
    case ClosingForm::rate:
      return {};
    case ClosingForm::bootstrap:
      return {{"S", &Leg::S}};
    case ClosingForm::second_order_drift:
      return {{"S", &Leg::S}, {"linear_drift", &Leg::linear_drift}};
  }
  throw std::logic_error("no such form");
}

}  // namespace

std::vector<Field> claimed_fields(const RunCertificate& c) {
  std::vector<Field> fields;
  const auto leg = [&](const std::string& name, std::function<Leg&(RunCertificate&)> of) {
    const auto witness = [&](const char* what, double SpectralWitness::*member) {
      fields.push_back({name + what, [of, member](RunCertificate& k) -> double& {
                          return of(k).witness.*member;
                        }});
    };
    const auto statement = [&](const char* what, double Statement::*member) {
      fields.push_back({name + what, [of, member](RunCertificate& k) -> double& {
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
  leg("", [](RunCertificate& k) -> Leg& { return k.leg; });
  const auto add_sharp = [&](const std::string& name, const Leg& of,
                             std::function<Leg&(RunCertificate&)> in) {
    for (const auto& [what, member] : sharp_numbers(of.form))
      fields.push_back({name + what, [in, member = member](RunCertificate& k) -> double& {
                          return in(k).*member;
                        }});
  };
  add_sharp("", c.leg, [](RunCertificate& k) -> Leg& { return k.leg; });
  if (c.start.kind == CertificateKind::from_checkpoint) return fields;
  fields.push_back({"whole beta_displacement",
                    [](RunCertificate& k) -> double& { return k.whole_run.beta_displacement; }});
  fields.push_back({"whole A_displacement",
                    [](RunCertificate& k) -> double& { return k.whole_run.A_displacement; }});
  for (std::size_t column : {0u, 1u})
    for (std::size_t t : {std::size_t{0}, c.leg.checkpoint})
      fields.push_back(
          {fmt::format("errors({}, {})", t, column), [t, column](RunCertificate& k) -> double& {
             return k.whole_run.errors(std::min(t, k.whole_run.errors.rows() - 1), column);
           }});
  if (c.whole_run.decay) {
    fields.push_back(
        {"gamma_min", [](RunCertificate& k) -> double& { return k.whole_run.decay->gamma_min; }});
    fields.push_back(
        {"gamma_max", [](RunCertificate& k) -> double& { return k.whole_run.decay->gamma_max; }});
  }
  if (c.whole_run.no_alignment)
    fields.push_back(
        {"kappa", [](RunCertificate& k) -> double& { return k.whole_run.no_alignment->kappa; }});
  const WholeRun& run = c.whole_run;
  if (run.rows)
    for (std::size_t column : {0u, 1u})
      for (std::size_t r : {std::size_t{0}, c.start.p() - 1})
        fields.push_back(
            {fmt::format("rows({}, {})", r, column), [r, column](RunCertificate& k) -> double& {
               return k.whole_run.rows->bounds(r, column);
             }});
  if (run.rows && run.rows->published) {
    fields.push_back(
        {"c1", [](RunCertificate& k) -> double& { return k.whole_run.rows->published->c1; }});
    fields.push_back(
        {"c2", [](RunCertificate& k) -> double& { return k.whole_run.rows->published->c2; }});
  }
  if (run.limit)
    fields.push_back(
        {"distance", [](RunCertificate& k) -> double& { return k.whole_run.limit->distance; }});
  for (std::size_t k = 0; k < run.times.size(); ++k)
    fields.push_back({fmt::format("threshold {}", k), [k](RunCertificate& other) -> double& {
                        return other.whole_run.times[k].threshold;
                      }});
  if (c.whole_run.alignment) {
    fields.push_back(
        {"margin", [](RunCertificate& k) -> double& { return k.whole_run.alignment->margin; }});
    leg("twin ", [](RunCertificate& k) -> Leg& { return k.whole_run.alignment->twin; });
    add_sharp("twin ", c.whole_run.alignment->twin,
              [](RunCertificate& k) -> Leg& { return k.whole_run.alignment->twin; });
  }
  return fields;
}

std::vector<Field> all_fields(const RunCertificate& c) {
  std::vector<Field> fields = claimed_fields(c);
  fields.push_back({"eta", [](RunCertificate& k) -> double& { return k.start.eta; }});
  fields.push_back({"radius", [](RunCertificate& k) -> double& { return k.radius; }});
  if (c.start.kind == CertificateKind::from_initialisation) {
    fields.push_back(
        {"lambda", [](RunCertificate& k) -> double& { return k.start.penalty.lambda; }});
    fields.push_back({"scale", [](RunCertificate& k) -> double& { return k.start.penalty.scale; }});
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

}  // namespace alignproof::tamper
