// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "certificate_parts.hpp"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/error.hpp>

namespace alignproof::inline format::detail {

Sizes sizes_of(const RunCertificate& c) {
  return {c.start.n(), c.start.d(), c.start.p(), c.start.k(), c.leg.checkpoint};
}

std::vector<NamedArray> arrays_of(RunCertificate& c, const Sizes& s) {
  Start& start = c.start;
  const auto with_outputs = [&](std::size_t rows) {
    return s.k == 1 ? std::vector<std::size_t>{rows} : std::vector<std::size_t>{rows, s.k};
  };
  std::vector<NamedArray> arrays = {{"X", &start.X, {s.n, s.d}},
                                    {"y", &start.y, with_outputs(s.n)},
                                    {"b", &start.b, with_outputs(s.p)}};
  if (is_initial(start.kind)) {
    arrays.push_back({"W", &start.W, {s.p, s.d}});
    arrays.push_back({"beta", &start.beta, with_outputs(s.p)});
    arrays.push_back({"errors", &c.whole_run.errors, {s.checkpoint + 1, 2}});
    if (c.whole_run.rows) arrays.push_back({"rows", &c.whole_run.rows->bounds, {s.p, 2}});
    if (c.whole_run.limit)
      arrays.push_back({"limit", &c.whole_run.limit->centre, with_outputs(s.p)});
  } else {
    arrays.push_back({"A", &start.A, {s.p, s.n}});
    arrays.push_back({"beta", &start.beta, with_outputs(s.p)});
  }
  return arrays;
}

std::set<std::string> files_of(RunCertificate c) {
  std::set<std::string> files = {"claim.json", "certificate.json", "provenance.json"};
  for (const NamedArray& a : arrays_of(c, {})) files.insert(file_of(a.name));
  return files;
}

std::set<std::string> all_files() {
  std::set<std::string> files;
  for (const CertificateKind kind : all_certificate_kinds) {
    RunCertificate c;
    c.start.kind = kind;
    c.whole_run.rows.emplace();
    c.whole_run.limit.emplace();
    files.merge(files_of(c));
  }
  return files;
}

void require_sizes(const Sizes& sizes) {
  for (const auto& [name, size] :
       {std::pair{"n", sizes.n}, {"d", sizes.d}, {"p", sizes.p}, {"k", sizes.k}})
    if (size == 0) throw InputError(name, "0", "at least 1");
}

void require_checkpoint(const std::string& name, const Leg& leg) {
  if (leg.checkpoint > Leg::largest_checkpoint)
    throw InputError(name, fmt::format("{}", leg.checkpoint),
                     fmt::format("at most {}", Leg::largest_checkpoint));
}

bool is_sharp(const RunCertificate& c) {
  const auto beyond_rate = [](const Leg& leg) {
    switch (leg.form) {
      case ClosingForm::rate:
        return false;
      case ClosingForm::bootstrap:
      case ClosingForm::second_order_drift:
        return true;
    }
    throw std::logic_error("no such form");
  };
  return beyond_rate(c.leg) || (c.whole_run.alignment && beyond_rate(c.whole_run.alignment->twin));
}

void require_consistent(const RunCertificate& c, const Sizes& sizes) {
  const WholeRun& run = c.whole_run;
  const bool initial = is_initial(c.start.kind);
  const bool penalty = order_of(c.start.penalty.lambda) != 0;
  const auto refuse = [](const char* what, const char* accepted) {
    throw InputError(what, "(present)", accepted);
  };
  const bool plain = sizes.k == 1 && is_feedback_alignment(c.start.rule);
  if (is_sharp(c) && !plain)
    refuse("closing", "no other form than the rate with k outputs or by backpropagation");
  // lambda(t) must be a number for all t.
  require_valid(c.start.penalty);
  require_checkpoint("checkpoint", c.leg);
  if (run.alignment) require_checkpoint("twin.checkpoint", run.alignment->twin);
  if (!initial && c.leg.checkpoint != 0)
    throw InputError("checkpoint", fmt::format("{}", c.leg.checkpoint),
                     "0 in a certificate from a checkpoint");
  if (!initial &&
      (penalty || c.start.penalty.cut != Penalty::never || falls(c.start.penalty.decay)))
    refuse("penalty", "no penalty in a certificate from a checkpoint");
  if (!initial && (run.decay || run.no_alignment || run.alignment))
    refuse("T1, T2, T3", "none of them in a certificate from a checkpoint");
  const bool of_rows = run.rows || run.limit || !run.times.empty();
  if (of_rows && !initial)
    refuse("rows, limit, times", "none of them in a certificate from a checkpoint");
  if (run.rows && run.rows->published && !run.decay)
    refuse("T1 of the rows", "null where T1 is not claimed");
  if (run.times.size() > WholeRun::most_times)
    throw InputError("times", fmt::format("{} of them", run.times.size()),
                     fmt::format("at most {}", WholeRun::most_times));
  if (!is_feedback_alignment(c.start.rule) && (run.no_alignment || run.alignment))
    refuse("T2, T3", "null of backpropagation: they speak of the feedback b");
  if (penalty && run.decay) refuse("T1", "null: T1 speaks of lambda = 0");
  if (penalty && run.no_alignment) refuse("T2", "null: T2 speaks of lambda = 0");
  if (!penalty && run.alignment) refuse("T3", "null: T3 speaks of lambda > 0");
}

}  // namespace alignproof::inline format::detail

namespace alignproof::inline format {

int version_of(const RunCertificate& c) {
  const WholeRun& run = c.whole_run;
  const bool new_claims = run.rows || run.limit || !run.times.empty();
  // Version 2 knows k outputs and backpropagation from a checkpoint only.
  const bool new_start = is_initial(c.start.kind) && !c.start.plain();
  return new_claims || new_start || detail::is_sharp(c) ? 3 : 2;
}

}  // namespace alignproof::inline format
