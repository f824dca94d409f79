// SPDX-License-Identifier: Apache-2.0
#include <alignproof/certificates/coq_export.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/core/provenance.hpp>

namespace alignproof::inline certificates {

namespace {

// ---------------------------------------------------------------- what can be written

/// The activations of the formal checker, and their names there.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> activations = {
    {{"identity", "Identity"},
     {"tanh", "Tanh"},
     {"sigmoid", "Sigmoid"},
     {"relu", "Relu"},
     {"erf", "Erf"},
     {"gelu", "Gelu"},
     {"softplus", "Softplus"}}};

std::string_view coq_activation(Activation activation) {
  std::vector<std::string_view> known;
  for (const auto& [name, coq] : activations) {
    if (name == to_string(activation)) return coq;
    known.push_back(name);
  }
  throw InputError("activation", fmt::format("'{}'", to_string(activation)),
                   fmt::format("one that the formal checker knows: {}", fmt::join(known, ", ")));
}

double steps_of(const RunCertificate& c) {
  double steps = static_cast<double>(c.leg.checkpoint) + 1;
  if (c.whole_run.alignment)
    steps += static_cast<double>(c.whole_run.alignment->twin.checkpoint) + 1;
  return steps;
}

void require_plain(Rule rule, std::size_t k) {
  if (k != 1) throw InputError("outputs", fmt::format("{}", k), "1 for a theorem in Coq");
  if (!is_feedback_alignment(rule))
    throw InputError("rule", fmt::format("'{}'", to_string(rule)), "fa for a theorem in Coq");
}

void require_size(std::size_t n, std::size_t p, double steps, CertificateKind kind,
                  CoqIntegers integers) {
  const double limit = coq_work_limit(integers, kind),
               work = static_cast<double>(n) * static_cast<double>(p) * steps;
  if (work > limit)
    throw InputError(
        "size of the certificate",
        fmt::format("{} = {:.0f}", is_initial(kind) ? "n p (T + 1)" : "n p", work),
        fmt::format("at most {:.0f} for --coq-integers {}: more takes Coq's kernel over a minute",
                    limit, to_string(integers)));
}

void require_exportable(const RunCertificate& c, CoqIntegers integers) {
  require_plain(c.start.rule, c.start.k());
  if (!is_read_by_formal_checker(c))
    throw InputError("version of the certificate", fmt::format("{}", version_of(c)),
                     "one of version 2 for a theorem in Coq");
  // The list of penalties ends at the checkpoint, and 0 follows.
  const Penalty& penalty = c.start.penalty;
  if (order_of(penalty.lambda) != 0 && penalty.cut > c.leg.checkpoint)
    throw InputError("penalty",
                     fmt::format("on beyond the checkpoint at step {}", c.leg.checkpoint),
                     "one that is cut at the checkpoint or before");
  require_size(c.start.n(), c.start.p(), steps_of(c), c.start.kind, integers);
}

/// Bits after the binary point at which the check is tried, one after the other. Balls of a run
/// lose about so many bits a step (measured for n from 3 to 30).
std::vector<long> precisions(const RunCertificate& c) {
  double steps = static_cast<double>(c.leg.checkpoint);
  if (c.whole_run.alignment)
    steps = std::max(steps, static_cast<double>(c.whole_run.alignment->twin.checkpoint));
  const double lost = 0.22 * std::pow(static_cast<double>(c.start.n()), 0.65) * steps;
  const long first = 60 + 10 * std::lround(lost / 10);
  return {first, first * 3 / 2, first * 9 / 4};
}

// ---------------------------------------------------------------- numbers

/// (m, e) with m 2^e = x, m odd or 0.
std::string pair(double x) {
  if (order_of(x) == 0) return "(0, 0)";  // by its bits: a subnormal number is not 0
  int e = 0;
  auto m = static_cast<std::int64_t>(std::ldexp(std::frexp(x, &e), 53));
  for (e -= 53; m % 2 == 0; ++e) m /= 2;
  return fmt::format("({}, {})", m, e);
}

/// "P 0x3fd8413713df6bc3": the sign, and the bits of the double without it.
std::string word(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  return fmt::format("{} {:#x}", bits >> 63 ? 'N' : 'P', bits & ~(std::uint64_t{1} << 63));
}

/// Writes lists of doubles, in the form of the route.
class Lists {
 public:
  explicit Lists(CoqIntegers integers) : integers_(integers) {}

  template <class Entry>
  std::string list(std::size_t count, const Entry& entry) const {
    std::string out;
    for (std::size_t k = 0; k < count; ++k) {
      if (k > 0) out += k % 4 == 0 ? ";\n    " : "; ";
      out += integers_ == CoqIntegers::z ? pair(entry(k)) : word(entry(k));
    }
    switch (integers_) {
      case CoqIntegers::z:
        return "[" + out + "]%Z";
      case CoqIntegers::bigz:
        return "(map ieeeD [" + out + "]%uint63)";
    }
    throw std::logic_error("no such integers");
  }

  std::string vector(const Array& v) const {
    return list(v.rows(), [&](std::size_t k) { return v(k); });
  }
  std::string rows(const Array& a) const {
    return lists(a.rows(), [&](std::size_t i) {
      return list(a.shape[1], [&, i](std::size_t j) { return a(i, j); });
    });
  }
  std::string columns(const Array& a) const {
    return lists(a.shape[1], [&](std::size_t j) {
      return list(a.rows(), [&, j](std::size_t i) { return a(i, j); });
    });
  }
  /// Of the rows of `errors`, T + 1 times (lower, upper).
  std::string pairs(const Array& a) const {
    const auto column = [&](std::size_t j) {
      return list(a.rows(), [&, j](std::size_t i) { return a(i, j); });
    };
    return fmt::format("combine\n   {}\n   {}", column(0), column(1));
  }

 private:
  template <class Line>
  std::string lists(std::size_t count, const Line& line) const {
    std::string out;
    for (std::size_t k = 0; k < count; ++k) out += (k == 0 ? "" : ";\n   ") + line(k);
    return "[" + out + "]";
  }

  CoqIntegers integers_;
};

// ---------------------------------------------------------------- definitions

std::string define(const std::string& name, const std::string& type, const std::string& value,
                   const std::string& comment = "") {
  return fmt::format("Definition {} : {} := {}.{}\n", name, type, value,
                     comment.empty() ? "" : "   (* " + comment + " *)");
}

std::string number(const std::string& name, double value) {
  return define(name, "double", pair(value) + "%Z", quoted(value));
}

/// A leg with its claims as definitions of their own, so that the theorem can speak of them.
std::string leg(const std::string& prefix, const Leg& l) {
  const Statement& s = l.statement;
  const SpectralWitness& w = l.witness;
  std::string out = define(prefix + "T", "nat", fmt::format("{}", l.checkpoint));
  const std::pair<const char*, double> claims[] = {{"alpha", s.alpha},
                                                   {"error", s.error},
                                                   {"beta_displacement", s.beta_displacement},
                                                   {"A_displacement", s.A_displacement},
                                                   {"cos_min", s.cos_min},
                                                   {"cos_max", s.cos_max}};
  std::string statement;
  for (const auto& [name, value] : claims) {
    out += number(prefix + name, value);
    statement += fmt::format("{}s_{} := {}{}", statement.empty() ? "" : "; ", name, prefix, name);
  }
  return out + define(prefix + "leg", "leg",
                      fmt::format("{{|\n  l_checkpoint := {0}T;\n"
                                  "  l_witness := {{| w_M_min := {1}; w_M_max := {2}; "
                                  "w_G_max := {3}; w_K_norm := {4} |}}%Z;\n"
                                  "  l_statement := {{| {5} |}} |}}",
                                  prefix, pair(w.M_min), pair(w.M_max), pair(w.G_max),
                                  pair(w.K_norm), statement));
}

std::string problem(const RunCertificate& c, const Lists& in) {
  const Start& s = c.start;
  return number("claimed_eta", s.eta) +
         define("network", "problem",
                fmt::format("{{|\n  p_psi := {};\n  p_X := {};\n  p_y := {};\n  p_b := {};\n"
                            "  p_beta := {};\n  p_eta := claimed_eta; p_radius := {}%Z |}}",
                            coq_activation(s.activation), in.rows(s.X), in.vector(s.y),
                            in.vector(s.b), in.vector(s.beta), pair(c.radius)));
}

template <class Value, class Write>
std::string option(const std::optional<Value>& value, const Write& write) {
  return value ? fmt::format("Some {}", write(*value)) : std::string("None");
}

std::string whole_run(const WholeRun& r, const Lists& in) {
  std::string out = number("claimed_run_beta_displacement", r.beta_displacement) +
                    number("claimed_run_A_displacement", r.A_displacement) +
                    define("claimed_errors", "list (double * double)", in.pairs(r.errors));
  if (r.decay) out += number("claimed_gamma", r.decay->gamma_max);
  if (r.no_alignment) out += number("claimed_kappa", r.no_alignment->kappa);
  if (r.alignment)
    out += number("claimed_margin", r.alignment->margin) + leg("twin_", r.alignment->twin);
  return out +
         define("claimed_run", "whole_run",
                fmt::format(
                    "{{|\n  r_errors := claimed_errors; r_beta_displacement := "
                    "claimed_run_beta_displacement; r_A_displacement := "
                    "claimed_run_A_displacement;\n  r_T1 := {}; r_T2 := {}; r_T3 := {} |}}",
                    option(r.decay, [](const auto&) { return "claimed_gamma"; }),
                    option(r.no_alignment, [](const auto&) { return "claimed_kappa"; }),
                    option(r.alignment, [](const auto&) { return "(claimed_margin, twin_leg)"; })));
}

std::string certificate(const RunCertificate& c, const Lists& in) {
  const std::string first = problem(c, in) + leg("claimed_", c.leg);
  if (!is_initial(c.start.kind))
    return first + define("certificate", "checkpoint_certificate",
                          fmt::format("{{|\n  k_problem := network;\n  k_A := {};\n"
                                      "  k_leg := claimed_leg |}}",
                                      in.columns(c.start.A)));
  const std::string penalties =
      in.list(c.leg.checkpoint, [&](std::size_t t) { return c.start.penalty(t); });
  return first + whole_run(c.whole_run, in) +
         define("certificate", "initial_certificate",
                fmt::format("{{|\n  i_problem := network;\n  i_W := {};\n  i_lambda := {};\n"
                            "  i_leg := claimed_leg; i_run := claimed_run |}}",
                            in.rows(c.start.W), penalties));
}

// ---------------------------------------------------------------- the theorem

/// A part of the conclusion, and the tactic that proves it.
using Part = std::pair<std::string, std::string>;

/// What Theorem A gives of a run from its checkpoint on; `holds` is the hypothesis leg_holds.
std::vector<Part> leg_parts(const std::string& prefix, const std::string& A,
                            const std::string& beta, const std::string& holds) {
  const auto from_T = [&](const std::string& conclusion) {
    return fmt::format("(forall t, ({}T <= t)%nat -> {})", prefix, conclusion);
  };
  const auto by = [&](const char* field) {
    return fmt::format("exact ({} _ _ _ _ {})", field, holds);
  };
  return {
      {fmt::format("(0 <= 1 - valD claimed_eta * valD {}alpha < 1)", prefix), by("leg_rate_range")},
      {from_T(fmt::format("error network {0} {1} (S t) <= (1 - valD claimed_eta * valD {2}alpha) * "
                          "error network {0} {1} t",
                          A, beta, prefix)),
       by("leg_rate")},
      {from_T(fmt::format("error network {0} {1} t <= (1 - valD claimed_eta * valD {2}alpha) ^ (t "
                          "- {2}T) * valD {2}error",
                          A, beta, prefix)),
       by("leg_error")},
      {from_T(fmt::format("beta_distance network ({0} t) ({0} {1}T) <= valD "
                          "{1}beta_displacement",
                          beta, prefix)),
       by("leg_beta")},
      {from_T(fmt::format("A_distance network ({0} t) ({0} {1}T) <= valD {1}A_displacement", A,
                          prefix)),
       by("leg_A")},
      {from_T(fmt::format("valD {0}cos_min <= cosine network ({1} t) <= valD {0}cos_max", prefix,
                          beta)),
       by("leg_cosine")},
      {fmt::format(
           "(-1 < valD {0}cos_min \\/ valD {0}cos_max < 1 ->\n    0 < nrm (width network) "
           "(bof network) /\\ forall t, ({0}T <= t)%nat -> 0 < nrm (width network) ({1} t))",
           prefix, beta),
       by("leg_defined")}};
}

std::vector<Part> run_parts(const WholeRun& r) {
  std::vector<Part> parts = {
      {"(forall t, (t <= claimed_T)%nat ->\n    valD (fst (nth t claimed_errors ((0, 0), (0, "
       "0))%Z)) "
       "<= error network A beta t\n      <= valD (snd (nth t claimed_errors ((0, 0), (0, 0))%Z)))",
       "exact (whole_errors _ _ _ holds)"},
      {"(forall t, beta_distance network (beta t) (beta 0%nat) <= valD "
       "claimed_run_beta_displacement)",
       "exact (whole_beta _ _ _ holds)"},
      {"(forall t, A_distance network (A t) (A 0%nat) <= valD claimed_run_A_displacement)",
       "exact (whole_A _ _ _ holds)"}};
  if (r.decay)
    parts.emplace_back(
        "(* T1_on_instance; of gamma nothing is said *) (forall t, error network A beta (S t) <=\n "
        "   "
        "(1 - valD claimed_eta * (valD claimed_gamma / 4)) * error network A beta t)",
        "exact (whole_T1 _ _ _ holds _ eq_refl)");
  if (r.no_alignment)
    parts.emplace_back(
        "(* T2_on_instance *) (0 < nrm (width network) (bof network) /\\ "
        "valD claimed_kappa / sqrt (INR (width network)) < 1 /\\\n    forall t, 0 < nrm (width "
        "network) (beta t) /\\ Rabs (cosine network (beta t)) <= valD claimed_kappa / sqrt (INR "
        "(width network)))",
        "exact (whole_T2 _ _ _ holds _ eq_refl)");
  return parts;
}

std::string together(const std::vector<Part>& parts, const char* indent) {
  std::string out;
  for (const auto& [conclusion, tactic] : parts)
    out += fmt::format("{}{}{}", out.empty() ? "" : " /\\\n", indent, conclusion);
  return out;
}

std::string proof_of(const std::vector<Part>& parts, const char* indent) {
  std::string out;
  for (std::size_t k = 0; k < parts.size(); ++k)
    out += k + 1 < parts.size() ? fmt::format("{}split; [{}|].\n", indent, parts[k].second)
                                : fmt::format("{}{}.\n", indent, parts[k].second);
  return out;
}

/// T3: about every run of the twin, the same data without a penalty.
std::vector<Part> twin_parts() {
  std::vector<Part> parts = leg_parts("twin_", "A'", "beta'", "twin");
  parts.emplace_back(
      "(* T3_on_instance *) (0 < nrm (width network) (bof network) /\\ valD twin_cos_max + valD "
      "claimed_margin < valD claimed_cos_min /\\\n      (forall t, (claimed_T <= t)%nat -> 0 < nrm "
      "(width network) (beta t) /\\ valD claimed_cos_min <= cosine network (beta t)) /\\\n      "
      "(forall t, 0 < nrm (width network) (beta' t) /\\ cosine network (beta' t) <= valD "
      "twin_cos_max))",
      "exact apart");
  return parts;
}

std::string theorem(const RunCertificate& c) {
  const bool initial = is_initial(c.start.kind);
  std::vector<Part> parts =
      leg_parts("claimed_", "A", "beta", initial ? "(whole_leg _ _ _ holds)" : "holds");
  if (initial)
    for (Part& part : run_parts(c.whole_run)) parts.push_back(std::move(part));
  if (c.whole_run.alignment) {
    const std::vector<Part> twin = twin_parts();
    parts.emplace_back("0 < valD claimed_margin",
                       "exact (proj1 (whole_T3 _ _ _ holds _ _ eq_refl))");
    parts.emplace_back(
        fmt::format("(forall A' beta', twin_run certificate A' beta' ->\n{})",
                    together(twin, "    ")),
        fmt::format("intros A' beta' run'. destruct (proj2 (whole_T3 _ _ _ holds _ _ eq_refl) A' "
                    "beta' run') as [twin apart].\n{}",
                    proof_of(twin, "    ")));
    parts.back().second.erase(parts.back().second.size() - 2);  // the last full stop
  }
  return fmt::format(
      "Theorem certificate_holds A beta : {}_run certificate A beta ->\n{}.\n"
      "Proof.\n  intros run. assert (holds := proj2 certificate_sound A beta run).\n{}Qed.\n",
      initial ? "initial" : "checkpoint", together(parts, "  "), proof_of(parts, "  "));
}

/// The precision is no part of the theorem: any at which the check succeeds proves it.
std::string decision(const RunCertificate& c, CoqIntegers integers) {
  const char* kind = is_initial(c.start.kind) ? "run" : "checkpoint";
  const char* holds = is_initial(c.start.kind) ? "initial" : "checkpoint";
  const char* route = integers == CoqIntegers::z ? "Z" : "B";
  return fmt::format(
      "Lemma accepted : accepted_at (fun w => check_{0}{1} w certificate) [{2}]%Z = true.\n"
      "Proof. vm_cast_no_check (eq_refl true). Qed.\n"
      "Lemma certificate_sound : {3}_holds certificate.\n"
      "Proof. destruct (accepted_at_one _ _ accepted) as [w proved]. exact (check_{0}{1}_sound w "
      "certificate proved). Qed.\n",
      kind, route, fmt::join(precisions(c), "; "), holds);
}

std::string heading(const RunCertificate& c, const std::string& hash, CoqIntegers integers) {
  const Start& s = c.start;
  std::string out = fmt::format(
      "(* A certificate of alignproof {} as a theorem: certificate_holds, at the end of this "
      "file.\n"
      "   SHA-256 of its certificate.json: {}\n"
      "   One output, feedback alignment, {}, n = {}, d = {}, p = {}; {}.\n",
      version(), hash, to_string(s.activation), s.n(), s.d(), s.p(),
      is_initial(s.kind)
          ? "about the run from its initial data, for every t >= 0"
          : "about every run from a state, of which nothing is said how it came about");
  out += fmt::format("   Route {}: Coq's kernel runs the checker by vm_compute. Axioms:\n   {}.\n",
                     to_string(integers), coq_axioms(integers));
  switch (integers) {
    case CoqIntegers::z:
      out +=
          "   (m, e) stands for m 2^e. That these are the numbers of the folder is for the reader "
          "to see.\n";
      break;
    case CoqIntegers::bigz:
      out +=
          "   P and N are signs, and behind them stand the bits of the double without its sign. "
          "That these are the numbers\n   of the folder is for the reader to see.\n";
      break;
  }
  return out + "   coqc -R build/proofs_numeric/formal/coq Alignproof FILE.v *)\n";
}

}  // namespace

std::string_view to_string(CoqIntegers integers) {
  switch (integers) {
    case CoqIntegers::z:
      return "z";
    case CoqIntegers::bigz:
      return "bigz";
  }
  throw std::logic_error("no such integers");
}

CoqIntegers coq_integers_from(const std::string& name) {
  for (const CoqIntegers each : {CoqIntegers::z, CoqIntegers::bigz})
    if (name == to_string(each)) return each;
  throw InputError("coq-integers", fmt::format("'{}'", name), "z or bigz");
}

std::string_view coq_axioms(CoqIntegers integers) {
  switch (integers) {
    case CoqIntegers::z:
      return "sig_not_dec, sig_forall_dec, functional_extensionality_dep (real numbers), classic";
    case CoqIntegers::bigz:
      return "sig_not_dec, sig_forall_dec, functional_extensionality_dep (real numbers), classic, "
             "PrimInt63, Uint63 (machine words)";
  }
  throw std::logic_error("no such integers");
}

double coq_work_limit(CoqIntegers integers, CertificateKind kind) {
  const double with_words = is_initial(kind) ? 50'000 : 150'000;
  switch (integers) {
    case CoqIntegers::z:
      return with_words / 10;
    case CoqIntegers::bigz:
      return with_words;
  }
  throw std::logic_error("no such integers");
}

void require_exportable(const Instance& instance, Rule rule, CertificateKind kind,
                        CoqIntegers integers) {
  require_plain(rule, instance.k());
  coq_activation(instance.activation);
  require_size(instance.n(), instance.p(), 1, kind, integers);
}

std::string to_coq(const RunCertificate& c, const std::string& hash, CoqIntegers integers) {
  require_exportable(c, integers);
  const Lists in(integers);
  return heading(c, hash, integers) +
         // Reals last: Uint63 has names of its own for sqrt and others.
         (integers == CoqIntegers::z ? "" : "Require Import Uint63.\n") +
         "Require Import ZArith Reals List.\n"
         "From Alignproof Require Import Sums Certificate Ball Meaning Ieee Exported.\n"
         "Import ListNotations.\nOpen Scope R_scope.\n\n" +
         certificate(c, in) + "\n" + decision(c, integers) + "\n" + theorem(c) +
         "Print Assumptions certificate_holds.\n";
}

}  // namespace alignproof::inline certificates
