// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/limits.hpp>
#include <alignproof/mean_field/three_layers.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/network/csv.hpp>

#include "law.hpp"
#include "resources.hpp"
#include "shared_options.hpp"

namespace alignproof::cli {

namespace {

constexpr double longest_run = 1e9;  ///< steps
constexpr double largest_number = 1e100;
constexpr double latest = 1e12;  ///< slow time
/// How far the law is followed in seconds, measured as in require_sizes: that of linear networks
/// has the longer steps.
constexpr double farthest_linear = 1e9, farthest = 1e4;

void require_numbers(const LawRequest& request) {
  require_positive("lambda", request.lambda);
  require_positive("eta", request.eta);
  // Beyond these squares overflow, and the cosine with them.
  for (const auto& [name, value] : {std::pair("lambda", request.lambda), {"eta", request.eta}})
    if (value > largest_number)
      throw InputError(name, fmt::format("{}", value), fmt::format("at most {}", largest_number));
  require_not_negative("tau", request.tau);
  if (request.tau > latest)
    throw InputError("tau", fmt::format("{}", request.tau), fmt::format("at most {}", latest));
  if (request.cut) require_positive("cut", *request.cut);
  if (request.points < 1 || request.points > 100000)
    throw InputError("points", fmt::format("{}", request.points), "1 to 100000");
  if (request.steps_after < 0)
    throw InputError("steps-after", fmt::format("{}", request.steps_after), "a whole number >= 0");
  if (request.particles && (*request.particles < 1 || *request.particles > 1 << 26))
    throw InputError("particles", fmt::format("{}", *request.particles), "1 to 67108864");
  if (request.finite_width &&
      (*request.finite_width < 1 || *request.finite_width > 1000000000000000))
    throw InputError("finite-width", fmt::format("{}", *request.finite_width), "1 to 10^15");
  at_least("seed", request.data.seed, 0);
  threads_for(request.jobs);
}

void require_names(const LawRequest& request) {
  request.psi();
  if (request.layers != 2 && request.layers != 3)
    throw InputError("layers", fmt::format("{}", request.layers), "2 or 3");
  if (request.layers == 3)
    layer_rule_from(request.rule);
  else if (request.rule != "fa" && request.rule != "bp")
    throw InputError("rule", fmt::format("'{}'", request.rule),
                     "fa or bp, and dfa with --layers 3");
  require_valid(request.penalty());
  const bool jumps = !smoothness<double>(request.psi()).L2;
  if (jumps && (request.layers == 3 || request.is_backpropagation()))
    throw InputError("activation",
                     fmt::format("'{}' with {}", request.data.activation,
                                 request.layers == 3 ? "3 layers" : "--rule bp"),
                     "one whose derivative does not jump");
  if (jumps && request.evaluator == "quadrature")
    throw InputError("activation",
                     fmt::format("'{}' with --evaluator quadrature", request.data.activation),
                     "one whose derivative does not jump; --evaluator particles takes all");
}

/// An option, and what it would be ignored without.
void require_heeded(const LawRequest& request) {
  const bool two = request.layers == 2, bp = request.is_backpropagation(), fa = !bp,
             runs = !request.widths.empty();
  request.data.require_heeded_data();
  const auto heeded = [&](const char* option, bool is_heeded, const char* accepted) {
    if (request.given(option) && !is_heeded)
      throw InputError("option", fmt::format("'{}'", option), accepted);
  };
  heeded("--evaluator", two, "it with 2 layers");
  heeded("--particles", request.evaluator != "quadrature", "it without --evaluator quadrature");
  heeded("--feedback", two && fa, "it with --rule fa and 2 layers");
  heeded("--decay", two, "it with 2 layers");
  heeded("--decay-scale", falls(decay_from(request.decay)),
         "it with --decay geometric or inverse-square");
  heeded("--points", request.tau > 0, "it with --tau above 0: there is one time");
  heeded("--cut", two, "it with 2 layers");
  if (request.cut && *request.cut >= request.tau)
    throw InputError(
        "cut", fmt::format("{}", *request.cut),
        fmt::format("a slow time before --tau {}, at which the course ends", request.tau));
  heeded("--finite-width",
         two && fa && request.feedback == "normal" && !request.cut &&
             !falls(decay_from(request.decay)),
         "it with --rule fa, normal feedback, a constant penalty without a cut and 2 layers");
  // The moments of the particles of three layers are exact, and the identity asks for no other.
  const bool is_sure = request.is_linear() || (!two && properties(request.psi()).linear);
  heeded("--seed", runs || !is_sure, "it with --widths");
  heeded("--seeds", runs, "it with --widths");
  heeded("--steps-after", runs && two && fa, "it with --widths, --rule fa and 2 layers");
}

void require_runs(const LawRequest& request) {
  if (request.widths.empty()) return;
  const bool linear = request.is_linear();
  if (request.layers == 2) {
    require_seeds(request.seeds, order_level, ": the intervals ask for so many");
    if (request.widths.size() == 1)
      throw InputError("widths", fmt::format("{}", request.widths.front()),
                       "none, or two widths and more");
  } else if (request.seeds < 2 || request.seeds > 100000)
    throw InputError("seeds", fmt::format("{}", request.seeds), "2 to 100000");
  std::set<long long> different;
  for (long long p : request.widths)
    if (!different.insert(p).second)
      throw InputError("width", fmt::format("{}", p), "each width once");
  require_memory(static_cast<double>(request.widths.size()) * static_cast<double>(request.seeds) *
                     static_cast<double>(request.points) * (linear ? 2 : 3) * sizeof(double),
                 "the courses of all runs", "fewer points, seeds or widths");
  const long long most = linear ? 1000000000000000 : request.layers == 3 ? 8192 : 100000000;
  for (long long p : request.widths) {
    if (p < 1 || p > most)
      throw InputError("width", fmt::format("{}", p),
                       linear                ? "1 to 10^15"
                       : request.layers == 3 ? "1 to 8192 with 3 layers"
                                             : "1 to 10^8, and more for linear networks alone");
    const double steps = request.tau *
                         std::pow(static_cast<double>(p), request.is_backpropagation() ? 1 : 0.5) /
                         request.eta;
    if (!(steps <= longest_run))
      throw InputError("width", fmt::format("{}", p),
                       fmt::format("one that reaches tau within 10^9 steps, not {:.2g}: a larger "
                                   "eta or a smaller tau",
                                   steps));
  }
}

/// A table of K and, behind it, the columns of y.
LawProblem read_kernel(const LawRequest& request) {
  const std::string& file = request.kernel;
  const CsvTable read = read_csv_table(file, {});
  if (!read.classes.empty())
    throw InputError(fmt::format("y in {}", file), fmt::format("'{}'", read.classes[0]),
                     "numbers: the law has no classes");
  const Matrix<double> X = matrix_from<double>(read.data.X), y = matrix_from<double>(read.data.y);
  Matrix<double> all(X.rows(), X.cols() + y.cols());
  all << X, y;
  const Eigen::Index n = all.rows(), k = all.cols() - n;
  const bool one = request.is_linear() || request.layers == 3;
  if (k < 1 || (one && k > 1))
    throw InputError(
        "kernel", fmt::format("{} rows of {} numbers", n, all.cols()),
        one ? "n rows of n + 1 numbers, K and y" : "n rows of n + k numbers, K and k columns of y");
  return {"K of " + file, {all.leftCols(n), all.rightCols(k)}};
}

/// X, K, and what its eigenvalues are found in. Of data from a file, n and d are not known here.
void require_room(const LawRequest& request) {
  if (!request.kernel.empty()) return;
  const double n = request.data.known_n(), d = request.data.known_d();
  require_memory((2 * n * d + 6 * n * n) * sizeof(double), "these data", "smaller n or d");
  announce_length((n * n * d + 10 * n * n * n) * 1e-9);
}

}  // namespace

void require_accepted(const LawRequest& request) {
  require_numbers(request);
  require_names(request);
  require_heeded(request);
  require_room(request);
  require_runs(request);
  if (request.data.outputs != 1 && request.is_linear())
    throw InputError("outputs", fmt::format("{}", request.data.outputs),
                     "1 for the identity: its law is exact for one output, and --evaluator "
                     "particles takes more");
  if (request.data.outputs != 1 && request.layers == 3)
    throw InputError("outputs", fmt::format("{}", request.data.outputs), "1 with 3 layers");
}

void require_sizes(const LawRequest& request, const LawData& data) {
  const std::vector<std::string> files = request.files();
  const auto refuse = [&](const char* option, double given, const std::string& size,
                          const std::string& accepted) {
    if (files.empty())
      throw InputError(option, fmt::format("{}, with which {},", given, size), accepted);
    throw InputError("numbers of " + files.front(), size, accepted);
  };
  const double K = data.K.cwiseAbs().maxCoeff(), y = data.Y.cwiseAbs().maxCoeff(),
               lambda = request.lambda;
  const std::string sizes = fmt::format("a size from {} to {}", 1 / largest_number, largest_number);
  if (K > largest_number || K < 1 / largest_number)
    refuse("input-scale", request.data.input_scale, fmt::format("max |K_ij| is {:.3g}", K), sizes);
  if (y > largest_number || (y != 0 && y < 1 / largest_number))
    refuse("target-scale", request.data.target_scale, fmt::format("max |y_i| is {:.3g}", y), sizes);
  const double way = lambda / (lambda + K) * K / std::sqrt(lambda + K) * y * request.tau;
  const double most = request.is_linear() ? farthest_linear : farthest;
  if (way > most)
    refuse("target-scale", request.data.target_scale, fmt::format("max |y_i| is {:.3g}", y),
           fmt::format("y so small that lambda K |y| tau / (lambda + K)^1.5, here {:.3g}, is at "
                       "most {:g}, or a smaller tau",
                       way, most));
}

LawProblem law_problem(const LawRequest& request) {
  LawProblem problem;
  if (!request.kernel.empty()) {
    problem = read_kernel(request);
  } else {
    const Data data = request.data.make_data();
    const Matrix<double> X = matrix_from<double>(data.X);
    problem = {data.name, {X * X.transpose(), matrix_from<double>(data.y)}};
    if (problem.data.Y.cols() > 1 && (request.is_linear() || request.layers == 3))
      throw InputError("outputs", fmt::format("{}", problem.data.Y.cols()), "1 for this law");
  }
  require_sizes(request, problem.data);
  if (!request.is_linear()) require_valid(problem.data);
  return problem;
}

}  // namespace alignproof::cli
