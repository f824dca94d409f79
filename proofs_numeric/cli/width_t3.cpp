// SPDX-License-Identifier: Apache-2.0
// alignproof width --theorem t3: from which width on a penalty that is cut aligns, on isometric
// data. Page: reports/docs/apriori_t3.md.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/bounds/apriori_t3.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/dynamics/law_widths.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>
#include <alignproof/linalg/spectrum.hpp>

#include "command_line.hpp"
#include "enclosure_text.hpp"
#include "progress_bar.hpp"
#include "shared_options.hpp"
#include "width.hpp"

namespace alignproof::cli {

namespace {

using Ball = RealBall<Mpfr>;
using Bound = AlignmentBound<Ball>;

constexpr std::size_t steps_after = 2000;  ///< of a run beyond the cut
constexpr int t3_digits = 20;              ///< of numbers in JSON
constexpr double longest_run = 1e9;        ///< steps

/// Any n samples with K = gamma I: the law of a run depends on |y| alone.
Data orthogonal_data(std::size_t n, double gamma, double y_norm) {
  const auto size = static_cast<Eigen::Index>(n);
  Vector<double> y = Vector<double>::Zero(size);
  y(0) = y_norm;
  return {fmt::format("{} samples with K = {} I", n, gamma), "",
          array_from(Matrix<double>(std::sqrt(gamma) * Matrix<double>::Identity(size, size))),
          array_from(y)};
}

struct T3Setting {
  Data data;
  CutPenalty<double> c;
};

/// Throws InputError, quoting |K - gamma I|, unless K = gamma I up to rounding.
double require_isometric(const Data& data) {
  const Matrix<double> X = matrix_from<double>(data.X), K = X * X.transpose();
  if (const double gamma = isometric_gamma(K); gamma > 0) return gamma;
  const Extremes<double> range = extreme_eigenvalues(K);
  throw InputError("|K - gamma I|",
                   fmt::format("{:.3g} (gamma = {:.6g})", (range.max - range.min) / 2,
                               (range.max + range.min) / 2),
                   "isometric data, for instance --inputs isometric, or --from-constants");
}

CutPenalty<double> cut_penalty(const WidthOptions& options, double n, double gamma, double y) {
  return {n, gamma, y, options.instance.lambda, options.instance.eta, options.alignment.tau};
}

T3Setting setting_of(const WidthOptions& options) {
  if (options.from_constants) {
    if (!options.alignment.y_norm)
      throw InputError("y-norm", "none", "|y|, with --from-constants and --theorem t3");
    const std::size_t n = at_least("n", options.instance.n, 1);
    const double gamma = *options.gamma, y = *options.alignment.y_norm;
    const CutPenalty<double> c = cut_penalty(options, static_cast<double>(n), gamma, y);
    require_valid(c);
    return {orthogonal_data(n, gamma, y), c};
  }
  Data data = options.instance.make_data();
  if (data.y.cols() != 1) throw InputError("outputs", fmt::format("{}", data.y.cols()), "1 for T3");
  const CutPenalty<double> c =
      cut_penalty(options, static_cast<double>(data.X.rows()), require_isometric(data),
                  matrix_from<double>(data.y).norm());
  require_valid(c);
  return {std::move(data), c};
}

/// What T3 is not about is refused before anything is computed.
void require_t3(const WidthOptions& options) {
  if (options.instance.activation != "identity")
    throw InputError("activation", fmt::format("'{}'", options.instance.activation),
                     "identity: T3 is about linear networks");
  if (options.rule != "fa")
    throw InputError("rule", fmt::format("'{}'", options.rule), "fa for T3");
  if (options.instance.decay != "constant")
    throw InputError("decay", fmt::format("'{}'", options.instance.decay),
                     "constant: the penalty of T3 is constant until it is cut");
  if (options.instance.cut)
    throw InputError(
        "cut", fmt::format("{}", *options.instance.cut),
        "none: T3's penalty is cut at the slow time --tau, at a step that grows with p");
  if (options.measure || options.certify || !options.out.empty())
    throw InputError("theorem", "'t3'", "t1 together with --measure, --certify or --out");
  const auto& [tau, level, y_norm, at, runs] = options.alignment;
  if (runs < 0 || runs > 100000) throw InputError("runs", fmt::format("{}", runs), "0 to 100000");
  for (const long long p : at) {
    if (p < 1 || p > 1000000000000000)
      throw InputError("at", fmt::format("{}", p), "widths from 1 to 10^15");
    const double steps = tau * std::sqrt(static_cast<double>(p)) / options.instance.eta;
    if (runs > 0 && !(steps <= longest_run))
      throw InputError(
          "at", fmt::format("{}", p),
          fmt::format("with --runs one that reaches the cut within 10^9 steps, not {:.2g}", steps));
  }
}

/// The least cosine at the cut and in the steps after it.
double least_cosine(const T3Setting& setting, long long p, std::uint64_t seed) {
  const std::size_t N = steps_until(setting.c.tau, setting.c.eta, static_cast<double>(p));
  NetworkSpec network;
  network.p = static_cast<std::size_t>(p), network.activation = Activation::identity;
  network.eta = setting.c.eta, network.penalty = {setting.c.lambda, N}, network.seed = seed;
  const ReducedProblem<double> problem =
      reduced_problem<double>(sample_linear_network(setting.data, network));
  double least = 1;
  ReducedState<double> state = initial_reduced(problem);
  const Outcome outcome =
      run(problem, state, N + steps_after,
          [&](std::size_t t, const ReducedState<double>& now, const ReducedForward<double>& at) {
            if (t >= N) least = std::min(least, cosine(problem, now, at));
            return true;
          });
  return outcome.diverged_at ? -1 : least;
}

struct Row {
  long long p = 0;
  Bound bound;
  std::optional<double> simulated;
};

std::vector<Row> rows_of(const WidthOptions& options, const T3Setting& setting) {
  std::vector<Row> rows;
  const auto& [at, runs] = std::pair(options.alignment.at, options.alignment.runs);
  const std::size_t first_seed = at_least("seed", options.instance.seed, 0);
  ProgressBar progress("runs");
  progress.expect(at.size() * static_cast<std::size_t>(runs));
  for (const long long p : at) {
    Row row{p, guaranteed_alignment(setting.c, static_cast<double>(p), options.delta),
            std::nullopt};
    for (std::size_t i = 0; i < static_cast<std::size_t>(runs); ++i) {
      const double least = least_cosine(setting, p, first_seed + i);
      row.simulated = std::min(row.simulated.value_or(1), least);
      progress.advance(1);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Six decimals that do not exceed, or are not exceeded by, any point of the ball.
std::string from_below(const Ball& x) {
  return fmt::format("{:.6f}", std::floor(to_double(x.lower()) * 1e6 - 1e-9) / 1e6);
}
std::string from_above(const Ball& x) {
  return fmt::format("{:.6f}", std::ceil(to_double(x.upper()) * 1e6 + 1e-9) / 1e6);
}

/// Parts of eps and of rho, each with the words for it.
std::vector<std::pair<const char*, Ball>> parts_of_eps(const Bound& bound) {
  const Disturbance<Ball>& P = bound.before.P;
  return {{"|S - gamma I|", P.S},        {"h", P.h},
          {"|b|^2/p - 1", P.b},          {"<b, beta>", P.a},
          {"second order, h", P.step_h}, {"second order, b", P.step_b}};
}
std::vector<std::pair<const char*, Ball>> parts_of_rho(const T3Setting& setting, double p,
                                                       const Bound& bound) {
  const Ball scale = Ball::sqrt(Ball(setting.c.gamma) / Ball(p));
  const SlowError<Ball>& slow = bound.before.slow;
  return {{"e(0)", scale * slow.start},
          {"eps", scale * slow.disturbance},
          {"movement of e*", scale * slow.moving}};
}

void print_parts(const char* whole, const std::vector<std::pair<const char*, Ball>>& parts) {
  fmt::print("  {}:\n", whole);
  for (const auto& [name, part] : parts) fmt::print("    {:<20} {}\n", name, from_above(part));
}

void print_row(const Row& row) {
  const std::string simulated = row.simulated ? fmt::format("{:.6f}", *row.simulated) : "-";
  if (!row.bound.fails.empty()) {
    fmt::print("{:>8.0e} {:>9} {:>9} {:>9}  not: {}\n", static_cast<double>(row.p), "-", "-",
               simulated, row.bound.fails);
    return;
  }
  const BeforeCut<Ball>& before = row.bound.before;
  fmt::print("{:>8.0e} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}\n", static_cast<double>(row.p),
             from_below(row.bound.z), from_below(row.bound.cosine), simulated,
             from_above(before.P.sum()), from_above(before.rho), from_above(row.bound.lag),
             from_above(row.bound.across / row.bound.along));
}

struct T3Result {
  std::optional<double> p;
  std::optional<Bound> bound;  ///< there
  std::vector<Row> rows;
};

void print_text(const WidthOptions& options, const T3Setting& setting, const T3Result& result) {
  const CutPenalty<double>& c = setting.c;
  const double z = isometric_z(c.gamma, c.lambda, c.y, c.tau);
  fmt::print("T3, identity, one output, K = gamma I: n = {}, gamma = {:.6g}, |y| = {:.6g}\n", c.n,
             c.gamma, c.y);
  fmt::print("penalty {} for N = ceil({} sqrt p / {}) steps, then none; eta = {}\n", c.lambda,
             c.tau, c.eta, c.eta);
  fmt::print("the alignment law, p -> infinity: z = {:.6f}, cosine {:.6f}\n\n", z,
             isometric_cosine(c.gamma, c.lambda, c.y, c.tau));
  if (result.p) {
    const Bound& bound = *result.bound;
    const Ball rate = Ball(c.gamma) - bound.after.P.sum();
    fmt::print("width_sufficient: {:.0f}\n", *result.p);
    fmt::print(
        "For every p >= {:.0f}, with probability at least 1 - {} over Gaussian\nW(0), beta(0), b: "
        "cos(b, beta(t)) >= {} for all t >= N, and\n|e(t)| <= (1 - {} eta)^(t - N) {}.\n",
        *result.p, options.delta, options.alignment.level, from_below(rate), from_above(bound.E_N));
    print_parts(fmt::format("eps <= {}, what disturbs e", from_above(bound.before.P.sum())).c_str(),
                parts_of_eps(bound));
    print_parts(fmt::format("rho <= {}, what z can lose", from_above(bound.before.rho)).c_str(),
                parts_of_rho(setting, *result.p, bound));
  } else {
    fmt::print("no width up to 2^53 is sufficient for the cosine {}\n", options.alignment.level);
  }
  if (result.rows.empty()) return;
  fmt::print("\n{:>8} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}\n", "p", "z >=", "cos >=", "runs",
             "eps <=", "rho <=", "lag <=", "tilt <=");
  for (const Row& row : result.rows) print_row(row);
  if (options.alignment.runs > 0)
    fmt::print("\nruns: the least cosine from the cut to {} steps later, of {} runs.\n",
               steps_after, options.alignment.runs);
}

nlohmann::ordered_json json_of(const Ball& x) {
  return enclosure_json(x, t3_digits);
}

nlohmann::ordered_json json_of(const T3Setting& setting, double p, const Bound& bound) {
  nlohmann::ordered_json json = {{"p", p}};
  if (!bound.fails.empty()) {
    json["fails"] = bound.fails;
    return json;
  }
  nlohmann::ordered_json eps, rho;
  for (const auto& [name, part] : parts_of_eps(bound)) eps[name] = json_of(part);
  for (const auto& [name, part] : parts_of_rho(setting, p, bound)) rho[name] = json_of(part);
  json["z"] = json_of(bound.z), json["cosine"] = json_of(bound.cosine);
  json["eps"] = json_of(bound.before.P.sum()), json["eps_parts"] = eps;
  json["rho"] = json_of(bound.before.rho), json["rho_parts"] = rho;
  json["eps_after"] = json_of(bound.after.P.sum()), json["error_at_cut"] = json_of(bound.E_N);
  json["lag"] = json_of(bound.lag);
  json["across"] = json_of(bound.across), json["along"] = json_of(bound.along);
  return json;
}

nlohmann::ordered_json json_of(const WidthOptions& options, const T3Setting& setting,
                               const T3Result& result) {
  const CutPenalty<double>& c = setting.c;
  nlohmann::ordered_json json = {{"theorem", "T3"},
                                 {"n", c.n},
                                 {"gamma", c.gamma},
                                 {"y_norm", c.y},
                                 {"lambda", c.lambda},
                                 {"eta", c.eta},
                                 {"tau", c.tau},
                                 {"delta", options.delta},
                                 {"level", options.alignment.level},
                                 {"law",
                                  {{"z", isometric_z(c.gamma, c.lambda, c.y, c.tau)},
                                   {"cosine", isometric_cosine(c.gamma, c.lambda, c.y, c.tau)}}}};
  json["width_sufficient"] =
      result.p ? nlohmann::ordered_json(json_of(setting, *result.p, *result.bound))
               : nlohmann::ordered_json(nullptr);
  json["widths"] = nlohmann::ordered_json::array();
  for (const Row& row : result.rows) {
    nlohmann::ordered_json one = json_of(setting, static_cast<double>(row.p), row.bound);
    if (row.simulated) one["least_cosine_of_runs"] = *row.simulated;
    json["widths"].push_back(one);
  }
  return json;
}

}  // namespace

void AlignmentWidthOptions::add_to(CLI::App& command, CLI::Option* constants) {
  add_number(command, "--tau", tau, "t3: slow time eta t / sqrt p at which the penalty is cut");
  add_number(command, "--level", level, "t3: the cosine that is wanted from the cut on");
  command
      .add_option_function<std::string>(
          "--y-norm",
          [this](const std::string& text) { y_norm = std::strtod(text.c_str(), nullptr); },
          "t3: |y|")
      ->type_name("FLOAT")
      ->check(decimal_number())
      ->needs(constants);
  add_list(command, "--at", at, "t3: widths of a table of guaranteed cosines");
  add_count(command, "--runs", runs, "t3: runs at each width of the table, from --seed on");
}

int width_t3(const WidthOptions& options) {
  require_t3(options);
  const T3Setting setting = setting_of(options);
  T3Result result;
  result.p = sufficient_alignment_width(setting.c, options.delta, options.alignment.level);
  const ScopedDigits guard(alignment_digits);
  if (result.p) result.bound = guaranteed_alignment(setting.c, *result.p, options.delta);
  result.rows = rows_of(options, setting);
  if (options.format == "json")
    fmt::print("{}\n", json_of(options, setting, result).dump(2));
  else
    print_text(options, setting, result);
  return result.p ? 0 : undecided_code;
}

}  // namespace alignproof::cli
