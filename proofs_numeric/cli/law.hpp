// SPDX-License-Identifier: Apache-2.0
// What `alignproof law` is asked, and the parts of it that stand in files of their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <alignproof/dynamics/law_widths.hpp>
#include <alignproof/mean_field/finite_width.hpp>
#include <alignproof/mean_field/law.hpp>
#include <alignproof/mean_field/runs.hpp>
#include <alignproof/sweeps/law_summary.hpp>

#include "cli.hpp"
#include "output.hpp"

namespace alignproof::cli {

/// What --certify is told beside the rest.
struct LawCertifyOptions {
  double gamma = 1, ybar = 1;
  long long digits = 12;
  bool no_check = false;
};

struct LawRequest {
  const CLI::App* command = nullptr;  ///< where it is asked which options are given
  InstanceOptions data;               ///< with the activation and the seed
  std::string kernel, out, rule = "fa", evaluator = "automatic", feedback = "normal",
                           decay = "constant";
  double lambda = 1, eta = 0.2, tau = 2, decay_scale = 1;
  std::optional<double> cut;  ///< slow time
  long long layers = 2, points = 10, seeds = 60, steps_after = 5000;
  std::optional<long long> particles, finite_width;
  std::vector<long long> widths;
  std::optional<std::string> certify;  ///< the folder of a certificate
  LawCertifyOptions certificate;
  std::optional<long long> jobs;

  bool given(const char* option) const;
  Activation psi() const;
  std::vector<double> times() const;
  SlowPenalty penalty() const;
  /// What is read.
  std::vector<std::string> files() const;
  /// Linear networks with one output, asked for nothing but what the linear law answers exactly.
  bool is_linear() const;
  /// The error is sent back through beta itself.
  bool is_backpropagation() const;
};

/// Data and what they are called.
struct LawProblem {
  std::string name;
  LawData data;
};

inline constexpr double order_level =
    1e-6;  ///< each limit of an exponent errs with this probability

/// Throws InputError, before anything is read, on what is not accepted and on every option that
/// would be ignored: law_options.cpp.
void require_accepted(const LawRequest& request);
/// Throws InputError on numbers whose squares, and the norms with them, overflow or vanish, and on
/// those with which zeta moves so far, measured by the square root of lambda + K, that the law
/// could not be followed: law_options.cpp.
void require_sizes(const LawRequest& request, const LawData& data);
/// Reads --kernel or the data: law_options.cpp.
LawProblem law_problem(const LawRequest& request);

/// Linear networks, exactly: law_linear.cpp. Exit code of the command.
int linear_law(const LawRequest& request);
/// Every activation: law_field.cpp.
int field_law(const LawRequest& request);
/// --layers 3: law_layers.cpp.
int layers_law(const LawRequest& request);

// ---- Every activation: law_field.cpp ----

/// Over several starts, with the standard error.
struct MeanOfStarts {
  double value = 0, error = 0;
};

/// The law with memory at each of the times.
struct FieldMemory {
  std::vector<MeanOfStarts> cosine, error;
};

struct FieldCourse {
  std::string evaluator;           ///< in words
  std::vector<FieldPoint> points;  ///< at each of the times
  double start_error = 0;          ///< |e| of beta alone, at tau = 0; 0 if it was not asked
  /// eta (lambda + lambda_max(G + Theta)) at the start: below 2 the theorem about backpropagation
  /// holds. 0 if it was not asked.
  double start_stability = 0;
  std::optional<FieldPoint> onset;  ///< where stability is lost, if it is until the last time
  bool never_unstable = false;      ///< by theorem, of the law
  double error_floor = 0;           ///< |e| is at least this; 0 if nothing is known
  std::optional<FieldMemory> memory;
};

/// Runs of networks, and what they amount to unless one diverged.
struct FieldRuns {
  NetworkSlowRuns runs;
  /// Of the cosine with the penalty and after the cut; of |e| with backpropagation.
  std::vector<LawOrder> orders;
  bool settled = false;  ///< after the cut |e| <= 10^-6 |y| in every run
};

// ---- What is printed, and files: law_print.cpp, law_files.cpp ----

/// `text` where it fits the column, else x with as many digits as do.
std::string in_column(const std::string& text, double x, std::size_t width);
void print_order(const char* what, const MedianSlope& order, const char* known);
void print_field(const LawRequest& request, const LawProblem& problem, const FieldCourse& course);
/// `unstable`: stability is lost before the last time.
void print_field_runs(const LawRequest& request, const FieldRuns& runs, bool unstable);
/// --out, held; throws InputError where the files cannot be written or would replace what is read.
std::optional<ResultFolder> law_folder(const LawRequest& request);
void write_field(const LawRequest& request, const LawProblem& problem, const FieldCourse& course,
                 const std::optional<FieldRuns>& runs);

// ---- Certificates: law_certify.cpp ----

/// Adds --certify and what goes with it.
void add_law_certify(CLI::App& command, LawRequest& request);
/// Throws InputError, before any work, where the certificate could not be made.
void require_law_certificate(const LawRequest& request);
/// Writes the certificate to request.certify and has alignproof-check decide: exit code.
int certify_law(const LawRequest& request);

}  // namespace alignproof::cli
