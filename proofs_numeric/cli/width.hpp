// SPDX-License-Identifier: Apache-2.0
// What `alignproof width` is asked, and the parts of it that stand in files of their own.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/bounds/apriori_closed_form.hpp>
#include <alignproof/bounds/width.hpp>
#include <alignproof/claims/least_width.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/kernels/limit_kernel.hpp>

#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "width_t3.hpp"

namespace alignproof::cli {

struct WidthOptions {
  const CLI::App* command = nullptr;  ///< where it is asked which options are given
  InstanceOptions instance;
  std::string rule = "fa", theorem = "t1", format = "text", out;
  double delta = 0.1;
  bool from_constants = false;
  std::optional<double> gamma;
  double bound_x = 1, bound_y = 1;
  bool measure = false, no_check = false;
  std::vector<long long> widths{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  long long seeds = 300;
  std::optional<std::string> certify;
  std::optional<long long> jobs;
  AlignmentWidthOptions alignment;
};

/// The instance, or the constants that stand for every instance that has them.
struct WidthProblem {
  Activation psi;
  Rule rule;
  std::optional<Data> data;  ///< nothing with --from-constants
  EnclosedKernel kernel;     ///< of the data
  AprioriData<RealBall<Mpfr>> apriori;
  AprioriVariant variant;
  double bound_x, bound_y;  ///< |x_i| and |y_i| are at most these
};

// ---- Numbers that stand beside the width: width_beside.cpp ----

inline constexpr double measured_level = 1e-6;  ///< a limit of a measured share errs with as much

struct WidthsBeside {
  double usual = INFINITY;       ///< the width with the usual split of delta
  double norms = 0;              ///< without the third derivative; 0 where there is no such form
  double first = 0, second = 0;  ///< of the paper
  std::optional<ClosedWidth> closed;
  std::string no_closed;  ///< why there is none
  std::optional<MeasuredWidth> measured;
};

WidthsBeside widths_beside(const WidthOptions& options, const WidthProblem& problem);
MeasuredWidth measured_width(const WidthOptions& options, const WidthProblem& problem);

/// The thresholds of the paper with C1 = 1 and with C2 = 1; the second is the least p beyond which
/// p >= n^4 log p / gamma^4.
double published_first(double n, double gamma, double delta);
double published_second(double n, double gamma);

double width_or_infinity(const std::optional<SufficientWidth>& width);
/// A double below it.
double lower_double(const RealBall<Mpfr>& x);

// ---- The width against delta and n: width_figures.cpp ----

/// The files that write_width_figures writes to options.out.
extern const std::vector<std::string> width_files;
void write_width_figures(const WidthOptions& options, const WidthProblem& problem);

// ---- What is printed: width_print.cpp ----

void print_widths(const WidthOptions& options, const WidthProblem& problem,
                  const std::optional<SufficientWidth>& width, const WidthsBeside& beside);
nlohmann::ordered_json width_json(const WidthOptions& options, const WidthProblem& problem,
                                  const std::optional<SufficientWidth>& width,
                                  const WidthsBeside& beside);

// ---- T3: width_t3.cpp ----

/// --theorem t3, all of it: exit code of the command.
int width_t3(const WidthOptions& options);

// ---- Certificates: width_certify.cpp ----

/// What alignproof-check said of a width certificate.
struct CertifiedWidth {
  std::vector<std::string> lines, text;  ///< of the checker
  Verdict verdict;
};

/// --certify: throws InputError, before any work, where the certificate could not be made.
void require_width_certificate(const WidthOptions& options);
/// Writes the certificate to options.certify and has alignproof-check decide, unless --no-check.
CertifiedWidth certify_width(const WidthOptions& options, const Data& data, Rule rule,
                             const AprioriData<RealBall<Mpfr>>& apriori,
                             const SufficientWidth& width);

}  // namespace alignproof::cli
