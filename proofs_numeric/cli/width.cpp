// SPDX-License-Identifier: Apache-2.0
#include "width.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/bounds/apriori_closed_form.hpp>
#include <alignproof/bounds/theorem_a_variants.hpp>
#include <alignproof/claims/least_width.hpp>
#include <alignproof/claims/premises.hpp>
#include <alignproof/core/limits.hpp>
#include <alignproof/linalg/ball_spectrum.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/report/writers.hpp>

#include "command_line.hpp"
#include "enclosure_text.hpp"
#include "output.hpp"
#include "progress_bar.hpp"
#include "resources.hpp"
#include "shared_options.hpp"

namespace alignproof::cli {

namespace {

using Ball = RealBall<Mpfr>;

constexpr double measured_level = 1e-6;  ///< each limit of a measured share errs with as much
constexpr std::size_t most_seeds = 100000;
constexpr unsigned kernel_digits = 30;
constexpr int text_digits = 9, json_digits = 20;
const std::vector<std::string> width_files{"width-delta.svg", "width-samples.svg", "widths.csv"};

/// The instance, or the constants that stand for every instance that has them.
struct WidthProblem {
  Activation psi;
  Rule rule;
  std::optional<Data> data;  ///< nothing with --from-constants
  EnclosedKernel kernel;     ///< of the data
  AprioriData<Ball> apriori;
  AprioriVariant variant;
  double bound_x, bound_y;  ///< |x_i| and |y_i| are at most these
};

// ---- Numbers that stand beside the width ----

/// The thresholds of the paper with C1 = 1 and with C2 = 1; the second is the least p beyond which
/// p >= n^4 log p / gamma^4.
double published_first(double n, double gamma, double delta) {
  return n * n / (delta * gamma * gamma);
}
double published_second(double n, double gamma) {
  const double c = std::pow(n / gamma, 4);
  double p = c;
  for (int k = 0; k < 200; ++k) p = std::max(c, c * std::log(p));
  return p;
}

struct Beside {
  double usual = INFINITY;       ///< the width with the usual split of delta
  double norms = 0;              ///< without the third derivative; 0 where there is no such form
  double first = 0, second = 0;  ///< of the paper
  std::optional<ClosedWidth> closed;
  std::string no_closed;  ///< why there is none
  std::optional<MeasuredWidth> measured;
};

double width_or_infinity(const std::optional<SufficientWidth>& width) {
  return width ? width->p : INFINITY;
}

double lower_double(const Ball& x) {
  return mpfr_get_d(x.lower().backend().data(), MPFR_RNDD);
}

/// The width by norms alone, where the variant at hand is another one that can do without L3.
std::optional<AprioriVariant> norms_variant(const WidthProblem& problem) {
  if (through_beta(problem.rule) || !problem.apriori.psi.L2) return std::nullopt;
  return problem.apriori.k == 1 ? one_output_variant(problem.psi, DriftBound::norms)
                                : outputs_variant(problem.psi, DriftBound::norms);
}

Beside beside(const WidthOptions& options, const WidthProblem& problem) {
  const double eta = options.instance.eta, delta = options.delta, n = problem.apriori.n;
  Beside b;
  b.usual = width_or_infinity(
      width_sufficient(problem.apriori, eta, problem.variant, delta, usual_split()));
  if (const std::optional<AprioriVariant> norms = norms_variant(problem))
    b.norms = width_or_infinity(width_sufficient(problem.apriori, eta, *norms, delta));
  const double gamma = lower_double(problem.apriori.gamma);
  b.first = published_first(n, gamma, delta), b.second = published_second(n, gamma);
  const Smoothness<Ball>& psi = problem.apriori.psi;
  if (through_beta(problem.rule) || problem.apriori.k != 1 || !psi.L0 || !psi.L2 || !psi.L3) {
    b.no_closed = "for feedback alignment, one output, bounded psi alone";
    return b;
  }
  const double L0 = to_double(psi.L0->mid), step = 2 / ((n + 2) * L0 * L0);
  if (!(eta < step)) {
    b.no_closed = fmt::format("asks for eta < {:.6g} = 2/((n + 2) L0^2)", step);
    return b;
  }
  try {
    b.closed = closed_form_width(problem.psi, static_cast<std::size_t>(n), gamma, problem.bound_x,
                                 problem.bound_y, eta, delta);
  } catch (const InputError& error) {
    b.no_closed = error.what();
  }
  return b;
}

MeasuredWidth measured_width(const WidthOptions& options, const WidthProblem& problem) {
  ProgressBar bar("measure");
  NetworkSpec network = options.instance.network_spec();
  network.penalty = {};
  return measure_width(*problem.data, network, problem.rule, {1 - options.delta, measured_level},
                       {options.widths.begin(), options.widths.end()},
                       static_cast<std::size_t>(options.seeds), threads_for(options.jobs), bar);
}

// ---- The width against delta and n ----

struct Curve {
  std::vector<double> x, proved, first, second;
};

/// Least-squares slope of log y on log x; nothing where fewer than two widths were found.
std::optional<double> exponent_of(const std::vector<double>& x, const std::vector<double>& y) {
  double sx = 0, sy = 0, sxx = 0, sxy = 0, m = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (!std::isfinite(y[k])) continue;
    const double a = std::log(x[k]), b = std::log(y[k]);
    sx += a, sy += b, sxx += a * a, sxy += a * b, m += 1;
  }
  if (m < 2) return std::nullopt;
  const double slope = (m * sxy - sx * sy) / (m * sxx - sx * sx);
  return std::abs(slope) < 1e-9 ? 0 : slope;  // of a constant: without a sign
}

Curve against_delta(const WidthOptions& options, const WidthProblem& problem) {
  Curve curve;
  const double n = problem.apriori.n, gamma = lower_double(problem.apriori.gamma);
  for (const double delta :
       {0.5, 0.2, 0.1, 0.03, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10, 1e-12}) {
    curve.x.push_back(1 / delta);
    curve.proved.push_back(width_or_infinity(
        width_sufficient(problem.apriori, options.instance.eta, problem.variant, delta)));
    curve.first.push_back(published_first(n, gamma, delta));
    curve.second.push_back(published_second(n, gamma));
  }
  return curve;
}

Array first_rows(const Array& array, std::size_t m) {
  Array part = array;
  part.shape[0] = m;
  part.values.resize(m * array.cols());
  return part;
}

/// Of the first m samples, or of m samples with the constants.
AprioriData<Ball> first_samples(const WidthOptions& options, const WidthProblem& problem,
                                std::size_t m) {
  if (!problem.data)
    return worst_data(problem.psi, m, *options.gamma, options.bound_x, options.bound_y);
  EnclosedKernel kernel = problem.kernel;
  const auto size = static_cast<Eigen::Index>(m);
  kernel.Gbar = BallMatrix<Mpfr>(Matrix<Mpfr>(problem.kernel.Gbar.mid.topLeftCorner(size, size)),
                                 Matrix<Mpfr>(problem.kernel.Gbar.rad.topLeftCorner(size, size)));
  const ExtremeBalls<Mpfr> spectrum = extreme_eigenvalues(kernel.Gbar);
  kernel.gamma = spectrum.min, kernel.largest = spectrum.max;
  return apriori_data(problem.psi, first_rows(problem.data->X, m), first_rows(problem.data->y, m),
                      kernel);
}

/// At most twenty numbers of samples up to all.
std::vector<std::size_t> sample_numbers(std::size_t n) {
  std::vector<std::size_t> numbers;
  for (std::size_t m = 1; m <= n; m = std::max(m + 1, m + (n > 20 ? m / 4 : 0)))
    numbers.push_back(m);
  if (numbers.back() != n) numbers.push_back(n);
  return numbers;
}

Curve against_samples(const WidthOptions& options, const WidthProblem& problem) {
  Curve curve;
  for (const std::size_t m : sample_numbers(static_cast<std::size_t>(problem.apriori.n))) {
    const AprioriData<Ball> apriori = first_samples(options, problem, m);
    if (!(options.instance.eta < largest_step(apriori, problem.rule))) continue;
    const double n = apriori.n, gamma = lower_double(apriori.gamma);
    curve.x.push_back(n);
    curve.proved.push_back(width_or_infinity(
        width_sufficient(apriori, options.instance.eta, problem.variant, options.delta)));
    curve.first.push_back(published_first(n, gamma, options.delta));
    curve.second.push_back(published_second(n, gamma));
  }
  return curve;
}

std::string words_of(const WidthOptions& options, const WidthProblem& problem) {
  return problem.data ? problem.data->name
                      : fmt::format("gamma >= {}, |x_i| <= {}, |y_i| <= {}", *options.gamma,
                                    options.bound_x, options.bound_y);
}

Figure width_figure(const std::string& id, const std::string& against, const std::string& caption,
                    const Curve& curve) {
  const auto series = [&](const std::string& name, Series::Style style,
                          const std::vector<double>& y) {
    const std::optional<double> exponent = exponent_of(curve.x, y);
    return Series{name + (exponent ? fmt::format(", exponent {:.2f}", *exponent) : ""), style,
                  curve.x, y};
  };
  return {id,
          "Widths that are sufficient",
          caption + " Exponents are least-squares slopes over the points shown.",
          against,
          "width $p$",
          true,
          true,
          {series("proved", Series::Style::line_and_points, curve.proved),
           series("$n^2/(\\delta\\gamma^2)$", Series::Style::dashed, curve.first),
           series("$n^4 \\log p/\\gamma^4$", Series::Style::dashed, curve.second)}};
}

std::string width_table(const Curve& deltas, const Curve& samples, double n, double delta) {
  std::string csv = "n,delta,proved,first,second\n";
  for (std::size_t k = 0; k < deltas.x.size(); ++k)
    csv += fmt::format("{},{},{},{},{}\n", n, 1 / deltas.x[k], deltas.proved[k], deltas.first[k],
                       deltas.second[k]);
  for (std::size_t k = 0; k < samples.x.size(); ++k)
    csv += fmt::format("{},{},{},{},{}\n", samples.x[k], delta, samples.proved[k], samples.first[k],
                       samples.second[k]);
  return csv;
}

void write_width_figures(const WidthOptions& options, const WidthProblem& problem) {
  const Curve deltas = against_delta(options, problem), samples = against_samples(options, problem);
  const std::string of = fmt::format("{}, {}, $\\eta = {}$", words_of(options, problem),
                                     to_string(problem.psi), options.instance.eta);
  write_files(options.out,
              {{"width-delta.svg",
                to_svg_file(width_figure("width-delta", "$1/\\delta$", of + ".", deltas))},
               {"width-samples.svg",
                to_svg_file(width_figure(
                    "width-samples", "samples $n$",
                    fmt::format("{}, $\\delta = {}$: the first $n$ samples.", of, options.delta),
                    samples))},
               {"widths.csv", width_table(deltas, samples, problem.apriori.n, options.delta)}});
}

// ---- What is printed ----

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

void print_width(const WidthProblem& problem, const SufficientWidth& w, const Beside& b) {
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

void print_other(const std::string& what, double p, double proved) {
  fmt::print("  {:<40}{:>16} {:>11.3g}\n", what, std::isfinite(p) ? whole_text(p) : "none",
             p / proved);
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

void print_beside(const SufficientWidth& w, const Beside& b) {
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

nlohmann::ordered_json width_json(const WidthOptions& options, const WidthProblem& problem,
                                  const std::optional<SufficientWidth>& w, const Beside& b) {
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

void print_certified_width(const WidthOptions& options, const CertifiedWidth& certified) {
  print_line("certificate", *options.certify);
  for (const std::string& line : certified.lines) fmt::print("{}\n", line);
  if (options.no_check)
    fmt::print("proposed, not checked: run alignproof-check {}\n", shell_word(*options.certify));
}

// ---- The command ----

void require_numbers(const WidthOptions& options) {
  if (!(options.delta > 0 && options.delta < 1))
    throw InputError("delta", quoted(options.delta), "a number between 0 and 1");
  require_positive("eta", options.instance.eta);
  threads_for(options.jobs);
}

/// The theorems speak of independent N(0, 1) entries of W(0), beta(0) and b, and of no other y.
void require_gaussian_start(const InstanceOptions& instance) {
  if (instance.initial_scale != 1)
    throw InputError("initial-scale", quoted(instance.initial_scale),
                     "1: the entries of W(0), beta(0) and b have variance 1");
  if (instance.feedback != "independent")
    throw InputError("feedback", fmt::format("'{}'", instance.feedback),
                     "independent: b does not depend on beta(0)");
  if (instance.zero_error)
    throw InputError("zero-error", "y = f(0)", "y that do not depend on W(0) and beta(0)");
}

void require_no_penalty(const InstanceOptions& instance) {
  if (instance.lambda != 0)
    throw InputError("lambda", quoted(instance.lambda), "0: T1 is about no penalty");
}

/// An option that nothing reads is refused: the answer would not be about what it says.
void require_read(const WidthOptions& options) {
  const auto refuse = [&](std::initializer_list<const char*> unread, const char* with,
                          const char* accepted) {
    for (const char* option : unread)
      if (options.command->count(option) > 0)
        throw InputError("option", fmt::format("'{}' with {}", option, with), accepted);
  };
  if (options.from_constants)
    refuse({"--inputs", "--targets", "--csv", "--data", "--npy", "--d", "--teacher-width",
            "--data-seed", "--input-scale", "--target-scale", "--target"},
           "--from-constants", "with it no option of data but --n");
  if (options.theorem == "t3")
    refuse({"--bound-x", "--bound-y"}, "--theorem t3",
           "--y-norm alone, which is all that T3 asks of y");
  else
    refuse({"--tau", "--level", "--y-norm", "--at", "--runs"}, "--theorem t1",
           "with it --theorem t3");
}

void require_constants(const WidthOptions& options) {
  if (!options.from_constants) return;
  if (options.instance.outputs != 1)
    throw InputError("outputs", fmt::format("{}", options.instance.outputs),
                     "1 together with --from-constants");
  require_positive("gamma", *options.gamma);
  require_positive("bound-x", options.bound_x);
  require_not_negative("bound-y", options.bound_y);
  // n gamma <= tr Gbar, and that is at most the bound of lambda_max(Gbar) at one sample.
  const Activation psi = activation_from(options.instance.activation);
  const ScopedDigits digits(width_digits);
  const double most = to_double(worst_data(psi, 1, 1, options.bound_x, options.bound_y).Gam.mid);
  if (*options.gamma > most)
    throw InputError("gamma", quoted(*options.gamma),
                     fmt::format("at most {:.6g}, the largest mean of psi^2", most));
}

void require_measure(const WidthOptions& options) {
  if (!options.measure) return;
  const std::size_t least = least_seeds({1 - options.delta, measured_level});
  if (least > most_seeds)
    throw InputError("delta", quoted(options.delta),
                     fmt::format("together with --measure one of at least 2e-4: a share of {} "
                                 "takes more than {} seeds to be seen",
                                 1 - options.delta, most_seeds));
  if (options.seeds < static_cast<long long>(least) ||
      options.seeds > static_cast<long long>(most_seeds))
    throw InputError("seeds", fmt::format("{}", options.seeds),
                     fmt::format("{} to {}: a share of {} takes so many to be seen at level {}",
                                 least, most_seeds, 1 - options.delta, measured_level));
  if (options.widths.empty() || std::adjacent_find(options.widths.begin(), options.widths.end(),
                                                   std::greater_equal<>()) != options.widths.end())
    throw InputError("widths", fmt::format("{}", fmt::join(options.widths, ",")),
                     "widths that rise");
  for (const long long p : options.widths)
    if (p < 1 || p > 10000000)
      throw InputError("widths", fmt::format("{}", p), "whole numbers from 1 to 10000000");
  at_least("steps", options.instance.steps, 1);
}

double largest_norm(const Array& rows) {
  double most = 0;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < rows.cols(); ++j) {
      const double entry = rows.values[i * rows.cols() + j];
      sum += entry * entry;
    }
    most = std::max(most, std::sqrt(sum));
  }
  return most * (1 + 1e-9);  // beyond all rounding
}

WidthProblem problem_of(const WidthOptions& options) {
  const Activation psi = activation_from(options.instance.activation);
  const Rule rule = require_theorem_rule(learning_rule_from(options.rule));
  if (options.from_constants) {
    AprioriVariant variant = apriori_variant(psi, rule, 1);
    return {psi,
            rule,
            std::nullopt,
            {},
            worst_data(psi, at_least("n", options.instance.n, 1), *options.gamma, options.bound_x,
                       options.bound_y),
            std::move(variant),
            options.bound_x,
            options.bound_y};
  }
  require_kernel(psi);
  Data data = options.instance.make_data();
  AprioriVariant variant = apriori_variant(psi, rule, data.y.cols());
  std::unique_ptr<Progress> progress = std::make_unique<Progress>();
  if (data.X.rows() >= 20) progress = std::make_unique<ProgressBar>("kernel");
  EnclosedKernel kernel =
      enclose_limit_kernel(psi, data.X, kernel_digits, threads_for(options.jobs), *progress);
  progress.reset();
  AprioriData<Ball> apriori = apriori_data(psi, data.X, data.y, kernel);
  const double bound_x = largest_norm(data.X), bound_y = largest_norm(data.y);
  return {
      psi,     rule,   std::move(data), std::move(kernel), std::move(apriori), std::move(variant),
      bound_x, bound_y};
}

int width_command(const WidthOptions& options) {
  require_numbers(options);
  require_gaussian_start(options.instance);
  require_read(options);
  if (options.theorem == "t3") return width_t3(options);
  require_no_penalty(options.instance);
  require_constants(options);
  require_measure(options);
  if (options.certify) require_width_certificate(options);
  std::optional<CertificateFolder> certificate;
  std::optional<ResultFolder> folder;
  if (!options.out.empty()) {
    for (const std::string& name : width_files)
      require_apart(std::filesystem::path(options.out) / name, options.instance.files());
    folder.emplace(options.out, width_files);
  }
  if (options.certify) certificate.emplace(*options.certify);
  const ScopedDigits digits(width_digits);
  const WidthProblem problem = problem_of(options);
  const std::optional<SufficientWidth> width =
      width_sufficient(problem.apriori, options.instance.eta, problem.variant, options.delta);
  Beside other = beside(options, problem);
  if (options.measure) other.measured = measured_width(options, problem);
  // Files first: a reader of standard output may end at any line.
  if (!options.out.empty()) write_width_figures(options, problem);
  std::optional<CertifiedWidth> certified;
  if (width && options.certify)
    certified = certify_width(options, *problem.data, problem.rule, problem.apriori, *width);
  if (options.format == "json") {
    nlohmann::ordered_json json = width_json(options, problem, width, other);
    if (certified)
      json["certificate"] = {{"folder", *options.certify},
                             {"verdict", std::string(to_string(certified->verdict.kind()))},
                             {"detail", certified->verdict.detail()},
                             {"checker", certified->lines}};
    fmt::print("{}\n", json.dump(2));
  } else {
    print_header(options, problem);
    if (width) {
      print_width(problem, *width, other);
      print_costs(problem, *width);
      print_beside(*width, other);
    } else {
      print_line("sufficient width N", "none up to 1e300: undecided");
    }
    if (other.measured) print_measured(options, *other.measured);
    if (certified) print_certified_width(options, *certified);
  }
  if (!width) return undecided_code;
  return certified ? exit_code({certified->verdict}) : 0;
}

}  // namespace

void add_width(CLI::App& app, Action& action) {
  auto options = std::make_shared<WidthOptions>();
  CLI::App* command =
      app.add_subcommand("width", "a width from which on T1 and T2 are proved, with a probability");
  options->command = command;
  options->instance.add_to(*command);
  command->add_option("--rule", options->rule, "fa or bp")->capture_default_str();
  add_number(*command, "--delta", options->delta, "probability that may be lost");
  command->add_option("--theorem", options->theorem, "t1 (and t2), or t3 on isometric data")
      ->capture_default_str()
      ->check(CLI::IsMember({"t1", "t3"}));
  CLI::Option* constants =
      command->add_flag("--from-constants", options->from_constants,
                        "know no more than --n, --gamma, --bound-x and --bound-y");
  CLI::Option* gamma = command
                           ->add_option_function<std::string>(
                               "--gamma",
                               [options](const std::string& text) {
                                 options->gamma = std::strtod(text.c_str(), nullptr);
                               },
                               "a lower bound of lambda_min(Gbar)")
                           ->type_name("FLOAT")
                           ->check(decimal_number())
                           ->needs(constants);
  constants->needs(gamma);
  add_number(*command, "--bound-x", options->bound_x, "|x_i| is at most this")->needs(constants);
  add_number(*command, "--bound-y", options->bound_y, "|y_i| is at most this")->needs(constants);
  options->alignment.add_to(*command, constants);
  CLI::Option* measure = command->add_flag("--measure", options->measure,
                                           "also the least width at which T1 is seen to hold");
  measure->excludes(constants);
  add_list(*command, "--widths", options->widths, "widths of --measure, separated by commas")
      ->needs(measure);
  add_count(*command, "--seeds", options->seeds, "initialisations at each width of --measure")
      ->needs(measure);
  CLI::Option* certify = command->add_option(
      "--certify", options->certify,
      "write a width certificate to this folder and have alignproof-check prove it");
  certify->check(folder_given())->excludes(constants);
  command
      ->add_flag("--no-check", options->no_check,
                 "write the certificate without running alignproof-check")
      ->needs(certify);
  add_format(*command, options->format, {"text", "json"}, "text or json");
  add_jobs(*command, options->jobs);
  add_out_folder(*command, options->out, "folder for figures of the width against delta and n");
  command->footer(
      "Examples:\n  alignproof width --n 5 --d 100 --activation tanh --eta 0.2 --delta 0.1\n"
      "  alignproof width --n 3 --d 30 --measure --steps 60\n"
      "  alignproof width --n 10 --d 100 --out widths --format json\n"
      "  alignproof width --from-constants --n 5 --gamma 0.27 --bound-x 1 --bound-y 1\n"
      "  alignproof width --theorem t3 --activation identity --inputs isometric \\\n"
      "    --n 5 --d 5 --lambda 1 --level 0.5 --at 1000000,1000000000 --runs 20\n"
      "Of the options of an instance those of the data, --activation and --eta matter,\n"
      "--steps and --seed with --measure, --lambda with --theorem t3; --width does not.\n"
      "Exit code 3: no width up to 1e300 was found, or --certify proved nothing.");
  command->callback([options, &action] { action = [options] { return width_command(*options); }; });
}

}  // namespace alignproof::cli
