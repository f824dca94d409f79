// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "certificate_json.hpp"

#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/provenance.hpp>
#include <alignproof/format/number.hpp>
#include <alignproof/format/sha256.hpp>

namespace alignproof::inline format::detail {

namespace {

/// Two ways to spell a real number: exactly, or for people.
using Spelling = Json (*)(double);

template <class T, class Table>
Json spelled(const T& values, const Table& table, Spelling spelling) {
  Json json = Json::object();
  for (const auto& [name, member] : table) json[name] = spelling(values.*member);
  return json;
}

template <class T, class Table>
Json spelled(const std::optional<T>& values, const Table& table, Spelling spelling) {
  return values ? spelled(*values, table, spelling) : Json(nullptr);
}

Json leg_json(const Leg& leg, Spelling spelling) {
  Json json = {{"checkpoint", leg.checkpoint},
               {"witness", spelled(leg.witness, bounds, spelling)},
               {"statement", spelled(leg.statement, claims, spelling)}};
  switch (leg.form) {
    case ClosingForm::rate:
      break;
    case ClosingForm::bootstrap:
      json["closing"] = {{"form", to_string(leg.form)}, {"S", spelling(leg.S)}};
      break;
    case ClosingForm::second_order_drift:
      json["closing"] = {{"form", to_string(leg.form)},
                         {"S", spelling(leg.S)},
                         {"linear_drift", spelling(leg.linear_drift)}};
  }
  return json;
}

Json penalty_json(const Penalty& penalty, Spelling spelling) {
  return {{"lambda", spelling(penalty.lambda)},
          {"cut", penalty.cut == Penalty::never ? Json(nullptr) : Json(penalty.cut)},
          {"decay", to_string(penalty.decay)},
          {"scale", spelling(penalty.scale)}};
}

/// The claims of version 3, as far as they are made.
void add_new_claims(Json& whole, const WholeRun& run, Spelling spelling) {
  if (run.rows)
    whole["rows"] = {{"T1", spelled(run.rows->published, published_constants, spelling)}};
  if (run.limit) whole["limit"] = spelled(*run.limit, limit_bounds, spelling);
  for (const TimeClaim& time : run.times)
    whole["times"].push_back(
        {{"threshold", spelling(time.threshold)}, {"lower", time.lower}, {"upper", time.upper}});
}

/// The object and what is claimed of it, with numbers spelled in one of the two ways.
Json content_json(const RunCertificate& c, const Sizes& sizes, Spelling spelling) {
  Json json = {{"kind", to_string(c.start.kind)},
               {"rule", to_string(c.start.rule)},
               {"activation", to_string(c.start.activation)},
               {"n", sizes.n},
               {"d", sizes.d},
               {"p", sizes.p},
               {"k", sizes.k},
               {"eta", spelling(c.start.eta)},
               {"radius", spelling(c.radius)}};
  if (is_initial(c.start.kind)) {
    const WholeRun& run = c.whole_run;
    json["penalty"] = penalty_json(c.start.penalty, spelling);
    Json whole = spelled(run, displacements, spelling);
    whole["T1"] = spelled(run.decay, decay_bounds, spelling);
    whole["T2"] = spelled(run.no_alignment, no_alignment_bounds, spelling);
    whole["T3"] = nullptr;
    if (run.alignment)
      whole["T3"] = {{"margin", spelling(run.alignment->margin)},
                     {"twin", leg_json(run.alignment->twin, spelling)}};
    add_new_claims(whole, run, spelling);
    json["whole_run"] = std::move(whole);
  }
  json["leg"] = leg_json(c.leg, spelling);
  return json;
}

const char* name_of(Rule rule) {
  switch (rule) {
    case Rule::fa:
      return "Feedback alignment";
    case Rule::bp:
      return "Backpropagation";
  }
  throw std::logic_error("no such rule");
}

const char* words_of_T2(Wording wording) {
  switch (wording) {
    case Wording::now:
      return " T2: for all t >= 0, b and beta(t) are not 0 and |cos(b, beta(t))| <= kappa / "
             "sqrt(p) "
             "< 1.";
    case Wording::earlier:
      return " T2: for all t >= 0, |cos(b, beta(t))| <= kappa / sqrt(p).";
  }
  throw std::logic_error("no such wording");
}

const char* words_of_T3(Wording wording) {
  switch (wording) {
    case Wording::now:
      return " T3: cos_min exceeds, by more than the margin, the cos_max of the twin, the run from "
             "the same data with lambda = 0; for all t >= 0, that run has cos(b, beta(t)) <= its "
             "cos_max.";
    case Wording::earlier:
      return " T3: cos_min exceeds, by more than the margin, the cos_max of the run from the same "
             "data with lambda = 0.";
  }
  throw std::logic_error("no such wording");
}

std::string words_of_new_claims(const WholeRun& run) {
  std::string text;
  if (run.rows)
    text +=
        " For all t >= 0 and every hidden unit r, |w_r(t) - w_r(0)| and |beta_r(t) - beta_r(0)| "
        "are "
        "at most the two numbers in row r of rows.npy.";
  if (run.rows && run.rows->published)
    text +=
        " T1 as published, with the gamma above: these are at most c1 n sqrt(log p) / (gamma "
        "sqrt(p)) and c2 n / (gamma sqrt(p)), log being the natural logarithm.";
  if (run.limit)
    text +=
        " beta(t) converges, and |beta(infinity) - limit| <= distance for the limit in limit.npy.";
  if (!run.times.empty())
    text +=
        " Of each of the times: |e(t)| > threshold for all t < lower and |e(t)| <= threshold for "
        "all t >= upper; so the first t with |e(t)| <= threshold is one from lower to upper.";
  return text;
}

}  // namespace

Json certificate_json(const RunCertificate& c, const Sizes& sizes,
                      const std::vector<NamedArray>& arrays, const FileBytes& files) {
  Json json = {{"format", "alignproof-certificate"}, {"version", version_of(c)}};
  json.update(content_json(c, sizes, [](double x) { return Json(to_hex(x)); }));
  for (const NamedArray& a : arrays) json["arrays"][a.name] = listed(a, files);
  return json;
}

std::string statement_in_words(const RunCertificate& c, Wording wording) {
  const bool initial = is_initial(c.start.kind);
  std::string text =
      fmt::format("{}{}", name_of(c.start.rule),
                  initial ? " started at the stored W(0), beta(0)"
                          : " without penalty, started at the stored state (A, beta),");
  if (order_of(c.radius) > 0)
    text += initial ? ", and at any within the distance radius of each,"
                    : " and at any with A and beta within the distance radius of each,";
  text += initial ? " satisfies, T being the checkpoint, for all t >= T: "
                  : " satisfies, T being 0, for all t >= T: ";
  text +=
      "|e(t)| <= (1 - eta alpha)^(t-T) |e(T)| with |e(T)| <= error; "
      "|beta(t) - beta(T)| <= beta_displacement; |A(t) - A(T)|_F <= A_displacement; and "
      "cos_min <= cos(b, beta(t)) <= cos_max wherever the cosine is defined.";
  if (!initial) return text;
  text +=
      " For t <= T, |e(t)| lies in row t of errors.npy. For all t >= 0: |beta(t) - beta(0)| and "
      "|A(t) - A(0)|_F are at most the displacements of the whole run.";
  if (c.start.k() > 1)
    text += " Of e, b and beta, matrices of k columns, |.| and the cosine are those of Frobenius.";
  if (c.whole_run.decay)
    text +=
        " T1: gamma_min <= gamma <= gamma_max for the smallest eigenvalue gamma of the limit "
        "kernel, and for all t >= 0, |e(t+1)| <= (1 - eta gamma_max / 4) |e(t)|.";
  if (c.whole_run.no_alignment) text += words_of_T2(wording);
  if (c.whole_run.alignment) text += words_of_T3(wording);
  return text + words_of_new_claims(c.whole_run);
}

Json claim_json(const RunCertificate& c, const Sizes& sizes) {
  Json json = {{"format", "alignproof-claim"},
               {"version", version_of(c)},
               {"statement", statement_in_words(c, Wording::now)},
               {"dynamics",
                "beta <- (1 - eta lambda(t)) beta - (eta / sqrt p) psi(A) e;  "
                "A <- A - (eta / sqrt p) [psi'(A) o (b e^T)] K, backpropagation with beta for b;  "
                "A(0) = W(0) X^T;  K = X X^T;  "
                "e = psi(A)^T beta / sqrt p - y;  both updates use the A and e before the step"}};
  json["values"] = content_json(c, sizes, [](double x) { return Json(x); });
  return json;
}

Json provenance_json(const RunCertificate& certificate, const FileBytes& files) {
  Json hashes = Json::object();
  for (const auto& [name, bytes] : files) hashes[name] = sha256(bytes);
  return {{"format", "alignproof-provenance"},
          {"version", version_of(certificate)},
          {"versions", pairs_json(build_versions())},
          {"origin", pairs_json(certificate.origin)},
          {"sha256", std::move(hashes)}};
}

}  // namespace alignproof::inline format::detail
