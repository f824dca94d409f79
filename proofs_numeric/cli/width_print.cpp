// SPDX-License-Identifier: Apache-2.0
// What `alignproof width` prints, as text and as JSON.
#include <cmath>

#include <fmt/format.h>

#include <alignproof/bounds/theorem_a_variants.hpp>

#include "enclosure_text.hpp"
#include "output.hpp"
#include "width.hpp"

namespace alignproof::cli {

namespace {

using Ball = RealBall<Mpfr>;

constexpr int text_digits = 9, json_digits = 20;

std::string whole_text(double p) {
  return p < 1e15 ? fmt::format("{:.0f}", p) : fmt::format("{:.6g}", p);
}

std::string width_text(double p) {
  if (!std::isfinite(p)) return "none up to 1e300";
  return fmt::format("{} = 2^{:.2f}", whole_text(p), std::log2(p));
}

/// What a term of mu(S) costs.
struct Cost {
  std::string name;
  Ball value;
};

std::vector<Cost> costs_of(const SufficientWidth& w) {
  const Ball S = Mpfr(w.S);
  std::vector<Cost> costs;
  for (const Part<Ball>& part : w.growth.parts)
    costs.push_back({std::string(part.name), value_at(part.cost, S)});
  costs.push_back({"remainder of a step: eta C_v(S) E",
                   Ball(Mpfr(w.eta)) * value_at(w.growth.C_v, S) * w.growth.E});
  costs.push_back({"left: mu(S)", mu_at(w.growth, Ball(Mpfr(w.eta)), S)});
  return costs;
}

void print_header(const WidthOptions& options, const WidthProblem& problem) {
  const bool bp = through_beta(problem.rule);
  fmt::print("{} for every p >= N, with probability >= 1 - delta over W(0), beta(0){}\n\n",
             bp ? "T1" : "T1 and T2", bp ? "" : ", b");
  print_line("activation",
             fmt::format("{}, {} output{}, {}", to_string(problem.psi), problem.apriori.k,
                         problem.apriori.k > 1 ? "s" : "", to_string(problem.rule)));
  if (problem.data)
    print_line("n, d", fmt::format("{}, {}", problem.data->X.rows(), problem.data->X.cols()));
  else
    print_line("known alone",
               fmt::format("n = {}, gamma >= {}, |x_i| <= {}, |y_i| <= {}", problem.apriori.n,
                           *options.gamma, options.bound_x, options.bound_y));
  print_line("eta, delta", fmt::format("{}, {}", options.instance.eta, options.delta));
  print_line("gamma", interval_text(problem.apriori.gamma, text_digits));
}

void print_width(const WidthProblem& problem, const SufficientWidth& w, const WidthsBeside& b) {
  const auto line = [](const char* name, const Ball& x, const char* what) {
    print_line(name, fmt::format("{:<29} {}", interval_text(x, text_digits), what));
  };
  print_line("sufficient width N", width_text(w.p));
  print_line("  usual split", width_text(b.usual) + " with the usual split of delta");
  if (b.norms > 0) print_line("  by norms alone", width_text(b.norms) + " without L3");
  print_line("S", fmt::format("{:<29} {}", quoted(w.S), "eta sum_t |e(t)| <= S"));
  line("rate", w.rate, "|e(t+1)| <= rate |e(t)|");
  line("rho", w.rho, "|beta(t) - beta(0)| <= rho");
  line("c1", w.c1, "|w_r - w_r(0)|: see below");
  line("c2", w.c2, "|beta_r - beta_r(0)|");
  if (w.kappa)
    line("kappa", *w.kappa, "|cos| <= kappa/sqrt p");
  else
    print_line("kappa", through_beta(problem.rule) ? "none: T2 is about feedback alignment"
                                                   : "none: beta may vanish at this width");
  fmt::print(
      "\nfor all t and r: |w_r - w_r(0)| <= c1 n sqrt(log p)/(gamma sqrt p),\n"
      "                 |beta_r - beta_r(0)| <= c2 n{}/(gamma sqrt p)\n",
      problem.apriori.psi.L0 ? "" : " sqrt(log p)");
}

void print_costs(const WidthProblem& problem, const SufficientWidth& w) {
  fmt::print("\nwhat of gamma is lost at S, where gamma/4 must be left\n\n");
  for (const Cost& cost : costs_of(w)) {
    const Ball share = cost.value / problem.apriori.gamma;
    fmt::print("  {:<40}{:>16.6g} {:>9.2f} %\n", cost.name, to_double(cost.value.mid),
               100 * to_double(share.mid));
  }
}

void print_other(const std::string& what, double p, double sufficient) {
  fmt::print("  {:<40}{:>16} {:>11.3g}\n", what, std::isfinite(p) ? whole_text(p) : "none",
             p / sufficient);
}

std::string bracket_text(const MeasuredWidth& found) {
  const WidthBracket& b = found.bracket;
  if (!std::isfinite(b.holds)) return fmt::format("above {}: at no width of the grid", b.refuted);
  return b.refuted > 0 ? fmt::format("above {}, at most {}", b.refuted, b.holds)
                       : fmt::format("at most {}", b.holds);
}

void print_measured(const WidthOptions& options, const MeasuredWidth& found) {
  fmt::print("\nseen to hold, of {} seeds and {} steps: {}\n\n", options.seeds,
             options.instance.steps, bracket_text(found));
  fmt::print("{:>10} {:>10} {:>24}\n", "p", "decayed", "share, level 1e-6");
  for (const MeasuredWidth::AtWidth& at : found.grid)
    fmt::print("{:>10} {:>10} {:>14.4f} to {:.4f}  {}\n", at.p, at.seeds.successes, at.limits.lower,
               at.limits.upper, to_string(at.kind));
}

void print_beside(const SufficientWidth& w, const WidthsBeside& b) {
  fmt::print("\n  {:<40}{:>16} {:>11}\n", "other widths", "p", "of N");
  print_other("published, C1 = 1: n^2/(delta gamma^2)", b.first, w.p);
  print_other("published, C2 = 1: n^4 log p/gamma^4", b.second, w.p);
  if (b.closed)
    print_other("closed form, of n, gamma, |x_i|, |y_i|", b.closed->p, w.p);
  else
    fmt::print("  closed form: {}\n", b.no_closed);
  if (b.measured && std::isfinite(b.measured->bracket.holds))
    print_other("seen to hold at (--measure)", b.measured->bracket.holds, w.p);
}

nlohmann::ordered_json number_json(double x) {
  return std::isfinite(x) ? nlohmann::ordered_json(x) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json measured_json(const WidthOptions& options, const MeasuredWidth& found) {
  nlohmann::ordered_json grid = nlohmann::ordered_json::array();
  for (const MeasuredWidth::AtWidth& at : found.grid)
    grid.push_back({{"p", at.p},
                    {"decayed", at.seeds.successes},
                    {"lower", at.limits.lower},
                    {"upper", at.limits.upper},
                    {"verdict", std::string(to_string(at.kind))}});
  return {{"seeds", options.seeds},
          {"steps", options.instance.steps},
          {"level", measured_level},
          {"refuted_at", found.bracket.refuted},
          {"holds_at", number_json(found.bracket.holds)},
          {"widths", grid}};
}

}  // namespace

void print_widths(const WidthOptions& options, const WidthProblem& problem,
                  const std::optional<SufficientWidth>& width, const WidthsBeside& beside) {
  print_header(options, problem);
  if (width) {
    print_width(problem, *width, beside);
    print_costs(problem, *width);
    print_beside(*width, beside);
  } else {
    print_line("sufficient width N", "none up to 1e300: undecided");
  }
  if (beside.measured) print_measured(options, *beside.measured);
}

nlohmann::ordered_json width_json(const WidthOptions& options, const WidthProblem& problem,
                                  const std::optional<SufficientWidth>& w, const WidthsBeside& b) {
  const auto ball = [](const Ball& x) { return enclosure_json(x, json_digits); };
  const AprioriData<Ball>& a = problem.apriori;
  nlohmann::ordered_json json{{"theorem", "t1"},
                              {"variant", problem.variant.name},
                              {"activation", std::string(to_string(problem.psi))},
                              {"rule", std::string(to_string(problem.rule))},
                              {"n", a.n},
                              {"outputs", a.k},
                              {"from_constants", options.from_constants},
                              {"eta", options.instance.eta},
                              {"delta", options.delta},
                              {"gamma", ball(a.gamma)},
                              {"lambda_max", ball(a.Gam)},
                              {"K_norm", ball(a.kap)},
                              {"y_norm", ball(a.y)},
                              {"sufficient_width", nullptr}};
  if (w) {
    json["sufficient_width"] = w->p;
    json["log2_width"] = std::log2(w->p);
    json["S"] = w->S;
    json["rate"] = ball(w->rate);
    json["beta_displacement"] = ball(w->rho);
    json["A_displacement"] = ball(w->A_displacement);
    json["c1"] = ball(w->c1);
    json["c2"] = ball(w->c2);
    json["c2_has_sqrt_log_p"] = !a.psi.L0.has_value();
    json["kappa"] = w->kappa ? ball(*w->kappa) : nlohmann::ordered_json(nullptr);
    for (const Line line : problem.variant.lines)
      json["shares"][std::string(to_string(line))] = w->shares[line];
    json["tails"] = {{"lower", w->tails.lower},
                     {"upper", w->tails.upper},
                     {"level", w->tails.level},
                     {"spread", w->tails.spread}};
    for (const Cost& cost : costs_of(*w))
      json["costs"].push_back({{"term", cost.name},
                               {"value", ball(cost.value)},
                               {"of_gamma", ball(cost.value / a.gamma)}});
    json["slack"] = {{"rate", ball(w->slack.rate)},
                     {"budget", ball(w->slack.budget)},
                     {"step", ball(w->slack.step)}};
  }
  json["usual_split"] = number_json(b.usual);
  json["by_norms"] = b.norms > 0 ? number_json(b.norms) : nlohmann::ordered_json(nullptr);
  json["published"] = {{"first", b.first}, {"second", number_json(b.second)}};
  json["closed_form"] =
      b.closed ? nlohmann::ordered_json(b.closed->p) : nlohmann::ordered_json(nullptr);
  if (b.measured) json["measured"] = measured_json(options, *b.measured);
  return json;
}

}  // namespace alignproof::cli
