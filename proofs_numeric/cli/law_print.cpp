// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/linalg/decompositions.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "law.hpp"

namespace alignproof::cli {

namespace {

/// "lambda = 1", and how it falls.
std::string penalty_in_words(const LawRequest& request) {
  std::string words = fmt::format("lambda = {}", request.lambda);
  switch (decay_from(request.decay)) {
    case Decay::constant:
      break;
    case Decay::geometric:
      words += fmt::format(" {}^tau", request.decay_scale);
      break;
    case Decay::inverse_square:
      words += fmt::format(" / (1 + tau/{})^2", request.decay_scale);
      break;
  }
  return request.cut ? fmt::format("{} until tau = {}", words, *request.cut) : words;
}

void print_rows(const LawRequest& request, const LawProblem& problem, const FieldCourse& course) {
  const bool bp = request.is_backpropagation(), several = problem.data.Y.cols() > 1;
  std::string heading = fmt::format("{:>6}", "tau");
  if (!bp) heading += fmt::format(" {:>8} {:>9}", "cosine", "after cut");
  if (!bp && several) heading += fmt::format(" {:>8} {:>9}", "signal", "after cut");
  heading += fmt::format(" {:>9} {:>7} {:>7} {:>9}", "|e|", "least", "largest", "stability");
  fmt::print("{}\n", heading);
  for (const FieldPoint& point : course.points) {
    std::string line = fmt::format("{:6.4g}", point.tau);
    if (!bp) line += fmt::format(" {:8.5f} {:9.5f}", point.cosine, point.cosine_after_cut);
    if (!bp && several)
      line += fmt::format(" {:8.5f} {:9.5f}", point.signal, point.signal_after_cut);
    const auto column = [&line](const char* format, double x, std::size_t width) {
      line += " " + in_column(fmt::format(fmt::runtime(format), x), x, width);
    };
    const double least = point.spectrum(0), largest = point.spectrum.tail(1)(0);
    column("{:9.3e}", point.error, 9), column("{:7.2g}", least, 7), column("{:7.4g}", largest, 7);
    column("{:9.4f}", request.eta * (point.lambda + largest), 9);
    fmt::print("{}\n", line);
  }
}

/// As six digits show it, and not above.
double rounded_down(double x) {
  const double unit = std::pow(10, std::floor(std::log10(x)) - 5);
  return std::floor(x / unit) * unit;
}

void print_stability(const LawRequest& request, const LawProblem& problem,
                     const FieldCourse& course) {
  fmt::print(
      "\nleast, largest: eigenvalues of G = E psi(a) psi(a)^T. stability:\n"
      "eta (lambda + largest); the law applies below 2.\n");
  if (problem.data.Y.cols() == 1 && !request.is_backpropagation())
    fmt::print("With one output the signal angle is the cosine.\n");
  if (course.never_unstable)
    fmt::print("Stability is never lost, by theorem: |psi| <= L0, eta (lambda + n L0^2) < 2.\n");
  else if (course.onset && course.onset->tau == 0)
    fmt::print("There is no stability from the start.\n");
  else if (course.onset && request.is_backpropagation())
    fmt::print("Stability is lost before tau = {:.6g}.\n", course.onset->tau);
  else if (course.onset)
    fmt::print("Stability is lost at tau = {:.6g}, cosine {:.7f}.\n", course.onset->tau,
               course.onset->cosine);
  else
    fmt::print("Stability is not lost at these times.\n");
  if (course.error_floor > 0)
    fmt::print("Under the penalty |e| >= {:.6g} at all times, by theorem.\n",
               rounded_down(course.error_floor));
}

void print_memory(const LawRequest& request, const FieldCourse& course) {
  if (!course.memory) return;
  fmt::print(
      "\nnetworks of width {}: the law with memory, means over beta(0) and their\nstandard "
      "errors\n\n",
      *request.finite_width);
  fmt::print("{:>7} {:>10} {:>10} {:>10} {:>11} {:>11} {:>10}\n", "tau", "cosine", "s.e.", "law",
             "|e|", "s.e.", "law");
  for (std::size_t k = 0; k < course.points.size(); ++k) {
    const MeanOfStarts &cosine = course.memory->cosine[k], &e = course.memory->error[k];
    fmt::print("{:7.4g} {:10.5f} {:10.1e} {:10.5f} {:11.4e} {:11.1e} {:10.4e}\n",
               course.points[k].tau, cosine.value, cosine.error, course.points[k].cosine, e.value,
               e.error, course.points[k].error);
  }
}

}  // namespace

std::string in_column(const std::string& text, double x, std::size_t width) {
  if (text.size() <= width) return text;
  for (int digits = 15; digits > 1; --digits)
    if (const auto shorter = fmt::format("{:.{}g}", x, digits); shorter.size() <= width)
      return fmt::format("{:>{}}", shorter, width);
  return fmt::format("{:>{}.0e}", x, width);
}

void print_order(const char* what, const MedianSlope& order, const char* known) {
  fmt::print(
      "{}: p^{:.3f}, interval [{:.3f}, {:.3f}], each limit wrong with\nprobability <= {}; "
      "{} runs a width; {}\n",
      what, order.exponent, order.lower, order.upper, order_level, order.tuples, known);
}

void print_field(const LawRequest& request, const LawProblem& problem, const FieldCourse& course) {
  const Vector<double> k = eigenvalues(problem.data.K);
  fmt::print("{}\nK has eigenvalues {:.6g} to {:.6g}; |y| = {:.6g}\n", problem.name, k(0),
             k.maxCoeff(), problem.data.Y.norm());
  const bool bp = request.is_backpropagation();
  fmt::print("{}, rule {}, k = {}\n{}\neta = {}; tau = eta t / {}\n", request.data.activation,
             request.rule, problem.data.Y.cols(), penalty_in_words(request), request.eta,
             bp ? "p" : "sqrt p");
  double error = 0;
  for (const FieldPoint& point : course.points) error = std::max(error, point.error_estimate);
  fmt::print("evaluator: {}\nits error, estimated: {:.1e}\n\n", course.evaluator, error);
  print_rows(request, problem, course);
  print_stability(request, problem, course);
  if (bp && course.start_stability < 2)
    fmt::print("At tau = 0, and at all eta t / sqrt p, |e| = {:.6g}: that of beta alone.\n",
               course.start_error);
  else if (bp)
    fmt::print(
        "eta (lambda + lambda_max(G + Theta)) = {:.4g} at the start, where 2 or more is\n"
        "outside of the theorem about backpropagation.\n",
        course.start_stability);
  print_memory(request, course);
}

namespace {

/// What is known of the exponent in p.
const char* known_order(const LawRequest& request, bool unstable) {
  if (request.is_backpropagation()) return "-0.5 is expected, not proved";
  if (!smoothness<double>(request.psi()).L2)
    return "-0.5 is not\nproved for it, since psi' jumps: numerical only";
  if (unstable) return "no theorem,\nas stability is lost before";
  return "-0.5 by theorem\nas p -> infinity";
}

}  // namespace

void print_field_runs(const LawRequest& request, const FieldRuns& found, bool unstable) {
  if (found.runs.any_diverged()) {
    fmt::print("\nruns diverged: the penalty was kept beyond the onset of instability\n");
    return;
  }
  const bool bp = request.is_backpropagation();
  const std::vector<double>& widths = found.runs.p;
  const LawOrder& first = found.orders.front();
  fmt::print("\nat tau = {}, {} runs a width; median |{} - law|\n\n", request.tau, request.seeds,
             bp ? "|e|" : "cosine");
  fmt::print("{:>8} {:>11} {:>11} {:>11}", "p", "steps", bp ? "|e|" : "cosine", "|gap|");
  fmt::print("{}\n", bp ? "" : fmt::format(" {:>11} {:>11}", "after cut", "|gap|"));
  for (std::size_t w = 0; w < widths.size(); ++w) {
    fmt::print("{:8.0e} {:11} {:11.8f} {:11.2e}", widths[w],
               mean_field::steps_until(request.tau, request.eta, widths[w], bp ? 1 : 0.5),
               first.cosine[w], first.gap[w]);
    fmt::print("{}\n", bp ? ""
                          : fmt::format(" {:11.8f} {:11.2e}", found.orders[1].cosine[w],
                                        found.orders[1].gap[w]));
  }
  fmt::print("{:>8} {:>11} {:11.8f}", "law", "", first.law);
  fmt::print("{}\n\n", bp ? "" : fmt::format(" {:>11} {:11.8f}", "", found.orders[1].law));
  const char* known = known_order(request, unstable);
  print_order(bp ? "||e| - law|" : "|cosine - law|", first.order, known);
  if (!bp)
    print_order(
        "after the cut", found.orders[1].order,
        found.settled ? known : "e has\nnot decayed after the cut: give more --steps-after");
}

}  // namespace alignproof::cli
