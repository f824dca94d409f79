// SPDX-License-Identifier: Apache-2.0
// What a verification run is asked to do: sizes, levels, seeds, and which dynamics to look at.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/dynamics/exact.hpp>
#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/network/data_source.hpp>

namespace alignproof::inline claims {

/// Instances of which T1, T2 and T3 are proved; p = 0: none.
struct CertificateSizes {
  std::size_t n = 3, d = 30, p = 200;
  std::size_t cut = 200;     ///< step at which the penalty ends
  std::size_t steps = 1500;  ///< checkpoints are looked for up to here
  std::size_t image_count = 4;
  double margin = 0.1;  ///< declared distance of cosines with and without the penalty
  /// The formal checker is asked about runs, with their twins, of at most so many units x samples x
  /// steps: it takes up to 15 us for each.
  double formal_work = 220'000;
};

/// How large the sizes are that a claim takes.
enum class Scale { self_test, quick, standard, full };

/// Sizes and levels, declared before the run.
struct Profile {
  std::string name;
  Scale scale = Scale::quick;
  /// T1-T3 are tested as "with probability >= 1 - delta over the initialisation", each one-sided
  /// confidence limit erring with probability at most `level`.
  double delta = 0.1;
  double level = 1e-8;
  std::size_t seeds = 175;  ///< the least number whose unbroken success clears 1 - delta at `level`
  double eta = 0.2;

  /// Scaling exponents: a quantity "does not grow" if the upper limit of its exponent is below
  /// `growth_margin`, half of the exponent that the alternative (a p-independent cosine) would give
  /// it. Each limit errs with probability at most `level`.
  double growth_margin = 0.25;
  /// T2's declared level: no alignment means |cos| <= kappa / sqrt p for all t.
  double kappa = 5;

  double lambda = 1;

  CertificateSizes certificates;

  std::size_t image_count = 10, image_seeds = 12, p_image = 2048, image_steps = 150;
};

/// quick (40 s on two cores), standard (a quarter of an hour) or full (never timed). Throws
/// InputError on another name.
Profile profile_named(std::string_view name);

/// A small profile in which every planted error shows: too few seeds to say that anything holds,
/// enough to refute what is grossly false.
Profile self_test_profile();

/// The dynamics under test. A test may put a wrong step in place of the true one and must then see
/// rows of the table change.
struct Dynamics {
  Dynamics();  ///< the true one
  Dynamics(KernelStep<double> in_double, KernelStep<Mpfr> in_mpfr, KernelStep<Exact> exact);

  KernelStep<double> in_double;
  KernelStep<Mpfr> in_mpfr;
  KernelStep<Exact> exact;
};

struct Settings {
  Profile profile;
  std::uint64_t seed = 1;
  std::size_t jobs = 1;
  std::shared_ptr<const DataChoice> data;  ///< of the user's; null: there are none
  std::filesystem::path checker;           ///< alignproof-check
  std::filesystem::path formal_checker;    ///< alignproof-check-formal; empty: it is not asked
  std::filesystem::path certificates;      ///< folder that takes the certificates
  Dynamics dynamics;
};

}  // namespace alignproof::inline claims
