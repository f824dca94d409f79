// SPDX-License-Identifier: Apache-2.0
// The runs and checks behind law1 to law6 and T3K.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common.hpp"

namespace alignproof {

/// A linear network on the slow time, at many widths.
struct LawCase {
  std::string name;
  Data data;
  double eta = 0.1;
  double tau = 1;
  /// lambda on the slow time; `decay` and `scale` are those of the command line, scale in slow
  /// time.
  double lambda = 1;
  Decay decay = Decay::constant;
  double scale = 1;
  std::size_t steps_after = 0;  ///< after a cut at tau
};

LawCase isometric_case(const Settings& settings);
/// Unit sphere; d = n + 1, ill conditioned; nearly parallel samples, numerically singular.
std::vector<LawCase> general_cases(const Settings& settings);
/// A general case with each of the schedules, to a slow time at which lambda is small or 0.
std::vector<LawCase> schedule_cases(const Settings& settings);

/// Runs the case at every width and seed of the profile and fills its record.
void want_law(Study& study, const LawCase& c, const std::vector<std::size_t>& widths);
/// Asks for checks, listed under this name.
void want_checks(Study& study, const std::string& name, double cost,
                 std::function<std::vector<LawCheck>()> make);

/// law2: the solver against the closed form.
std::vector<LawCheck> closed_form_checks(const Settings& settings);
/// law4: sum of ln |m| at the loss of stability against the predicted one.
std::vector<LawCheck> delay_checks(const Settings& settings, double gamma, double lambda,
                                   double eta, std::size_t p, unsigned digits);
/// law5: exponents and constants of the law, and of a run inside the window where they exist.
std::vector<LawCheck> rate_checks(const Settings& settings);
std::vector<LawCheck> rate_run_checks(const Settings& settings, const Data& data);
/// law6: a penalty of infinite sum is lost at the ceiling; one run a width.
std::vector<LawCheck> ceiling_checks(const Settings& settings);
/// T3K: guaranteed levels of random K, y, lambda and T.
std::vector<LevelSample> level_samples(const Settings& settings);

}  // namespace alignproof
