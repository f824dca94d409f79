// SPDX-License-Identifier: Apache-2.0
#include <alignproof/dynamics/law_widths.hpp>

#include <atomic>
#include <cmath>
#include <set>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

LawSetting isometric() {
  DataSpec spec;
  spec.inputs = Inputs::isometric, spec.n = 2, spec.d = 2;
  return law_setting(make_data(spec));
}

struct Counting : Progress {
  std::atomic<std::size_t> expected = 0, advanced = 0;

  void expect(std::size_t units) override { expected += units; }
  void advance(std::size_t units) override { advanced += units; }
};

}  // namespace

TEST_CASE("slow times are equally far apart and end at tau", "[law]") {
  CHECK(slow_times(2, 4) == std::vector<double>{0.5, 1, 1.5, 2});
  CHECK(slow_times(1.2, 1) == std::vector<double>{1.2});
}

TEST_CASE("data of a given K have it", "[law]") {
  Matrix<double> K(3, 3);
  K << 2, 1, 0.5, 1, 3, -1, 0.5, -1, 4;
  const Array y = array_from(Vector<double>(Vector<double>::Constant(3, 1.5)));
  const LawSetting setting = law_setting("K of a test", K, y);
  const Matrix<double> X = matrix_from<double>(setting.data.X);
  CHECK((X * X.transpose() - K).norm() < 1e-14 * K.norm() * 10);
  CHECK(setting.K == K);
  CHECK(setting.y == Vector<double>::Constant(3, 1.5));
  CHECK(setting.data.name == "K of a test");
  K(0, 0) = -2;
  CHECK_THROWS_AS(law_setting("K of a test", K, y), InputError);
  DataSpec several;
  several.targets = Targets::classes, several.k = 2;
  CHECK_THROWS_AS(law_setting(make_data(several)), InputError);
}

TEST_CASE("K is isometric up to rounding or not at all", "[law]") {
  const Matrix<double> I = Matrix<double>::Identity(3, 3);
  CHECK(isometric_gamma(2.5 * I) == 2.5);
  Matrix<double> K = I;
  K(0, 1) = K(1, 0) = 1e-15;
  CHECK(isometric_gamma(K) == 1);
  K(0, 1) = K(1, 0) = 1e-9;
  CHECK(isometric_gamma(K) == 0);
}

TEST_CASE("runs of several widths are those of their seeds, on any number of threads", "[law]") {
  const LawSetting setting = isometric();
  LawWidths widths;
  widths.widths = {100, 10000}, widths.seeds = 3, widths.lambda = 1.5, widths.eta = 0.05;
  widths.steps_after = 200, widths.seed = 4;
  const auto times = slow_times(1.2, 2);
  Counting progress;
  const WidthRuns runs = run_widths(setting, widths, times, 1, progress);
  CHECK(progress.expected == 3 * (1 + 3));  // thousands of steps, rounded up
  CHECK(progress.advanced == progress.expected);
  CHECK(runs.p == std::vector<double>{100, 10000});
  const WidthRuns again = run_widths(setting, widths, times, 3, progress);
  std::set<double> different;
  for (std::size_t w = 0; w < 2; ++w)
    for (std::size_t s = 0; s < 3; ++s) {
      NetworkSpec spec;
      spec.activation = Activation::identity, spec.eta = 0.05, spec.penalty.lambda = 1.5;
      spec.p = widths.widths[w], spec.seed = 4000000 + w * 100000 + s;
      const SlowRun alone = run_on_slow_time(
          reduced_problem<double>(sample_linear_network(setting.data, spec)), times, 200);
      CHECK(runs.runs[w][s].cosine == alone.cosine);
      CHECK(runs.runs[w][s].after_cut == alone.after_cut);
      CHECK(again.runs[w][s].cosine == alone.cosine);
      different.insert(alone.after_cut);
    }
  CHECK(different.size() == 6);
  CHECK_FALSE(runs.any_diverged());

  const double law = alignment_law(setting.K, setting.y, 1.5, times).back().cosine;
  const auto distance = gaps(runs, law, LawCosine::with_penalty);
  CHECK(distance[1][2] == std::abs(runs.runs[1][2].cosine.back() - law));
  const auto after = gaps(runs, runs.runs[0][1].after_cut, LawCosine::after_cut);
  CHECK(after[0][1] == 0x1p-53);  // nothing, but it has a logarithm
}

TEST_CASE("a run that diverges is seen among many", "[law]") {
  LawWidths widths;
  widths.widths = {10, 30}, widths.seeds = 2, widths.lambda = 0.5, widths.eta = 1.3;
  Progress silent;
  CHECK(run_widths(isometric(), widths, slow_times(30, 1), 1, silent).any_diverged());
}
