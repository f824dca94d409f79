// SPDX-License-Identifier: Apache-2.0
// What a verification run is asked to do: sizes, levels, seeds, and which dynamics to look at.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/dynamics/mpfr.hpp>

namespace alignproof {

/// Sizes and levels, declared before the run.
struct Profile {
  std::string name;
  /// T1-T3 are tested as "with probability >= 1 - delta over the initialisation", each one-sided
  /// confidence limit erring with probability at most `level`.
  double delta = 0.1;
  double level = 1e-8;
  std::size_t seeds = 175;  ///< the least number whose unbroken success clears 1 - delta at `level`
  std::size_t bp_seeds = 20;

  std::size_t p = 2048;        ///< width of the overparameterised runs
  std::size_t p_start = 8192;  ///< width at which the lemmas about t = 0 are tested
  std::size_t steps = 150;
  double eta = 0.2;

  std::size_t p_penalty = 1024;  ///< T1': penalty cut after `penalty_cut` steps
  std::size_t penalty_cut = 60, penalty_steps = 180;

  std::vector<std::size_t> widths = {128, 256, 512, 1024, 2048, 4096};
  std::size_t width_seeds = 60;
  std::size_t control_seeds = 10;
  std::size_t width_steps = 100;
  /// Scaling exponents: a quantity "does not grow" if the upper limit of its exponent in p is below
  /// `growth_margin`, half of the exponent that the alternative (a p-independent cosine) would give
  /// it.
  double exponent_level = 1e-6;
  double growth_margin = 0.25;

  std::size_t p_alignment = 1000;  ///< T3
  double lambda = 1;
  double slow_time = 1.8;  ///< eta T / sqrt p at the cut
  std::size_t steps_after_cut = 100;
  double aligned = 0.5;      ///< declared c of T3
  double twin_margin = 0.2;  ///< by which c must exceed the same instance with lambda = 0

  std::vector<unsigned> digits = {50, 100};
  std::size_t identity_cases = 12;
  std::size_t identity_steps = 12;

  std::size_t image_count = 10, image_seeds = 12, p_image = 2048, image_steps = 150;
};

/// The profiles on offer: "quick". Throws InputError on another name.
Profile profile_named(std::string_view name);

/// The dynamics under test. A test may put a wrong step in place of the true one and must then see
/// rows of the table change.
struct Dynamics {
  Dynamics();  ///< the true one
  Dynamics(KernelStep<double> in_double, KernelStep<Mpfr> in_mpfr);

  KernelStep<double> in_double;
  KernelStep<Mpfr> in_mpfr;
};

struct Settings {
  Profile profile;
  std::uint64_t seed = 1;
  std::size_t jobs = 1;
  std::optional<std::filesystem::path> image_folder;  ///< nothing: no data set was found
  std::filesystem::path checker;                      ///< alignproof-check
  std::filesystem::path certificates;                 ///< folder that takes the certificates
  Dynamics dynamics;
};

}  // namespace alignproof
