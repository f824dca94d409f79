// SPDX-License-Identifier: Apache-2.0
// The program of reports/docs/your_own_claim.md, which quotes all of it.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/shares.hpp>
#include <alignproof/claims/summary.hpp>
#include <alignproof/command/suite.hpp>
#include <alignproof/dynamics/exact.hpp>
#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/dynamics/rule_definition.hpp>
#include <alignproof/dynamics/run.hpp>

using namespace alignproof;

namespace {

struct OwnKolenPollack {
  static constexpr std::string_view name = "own-kp";
  template <class Real>
  static Real back(const Real& b, const Real&) {
    return b;
  }
  template <class Real>
  static Real next_b(const Real& b, const Real&, const BetaStep<Real>& step) {
    return step.kept * b + step.update;
  }
};

LearningRule own_rule() {
  return learning_rule<OwnKolenPollack>();
}

Batch small_case(std::uint64_t seed) {
  Batch batch;
  DataSpec data;
  data.n = 2, data.d = 2;
  batch.data = make_data(data);
  batch.network.activation = Activation::identity;
  batch.network.p = 4, batch.network.eta = 0.25, batch.network.steps = 4;
  batch.network.penalty.lambda = 0.5;
  batch.network.seed = seed;
  batch.rule = own_rule();
  return batch;
}

/// The first t at which b - beta is not (1 - eta lambda)^t times what it was.
std::optional<std::size_t> fails_at(const Batch& batch) {
  const Instance instance = make_instance(batch.data, batch.network);
  const Problem<Exact> problem = problem_from<Exact>(instance, batch.rule);
  KernelState<Exact> state = initial_kernel<Exact>(problem, instance);
  Matrix<Exact> expected = state.b - state.beta;
  std::optional<std::size_t> fails;
  run(problem, state, instance.steps, true_step<Exact>(),
      [&](std::size_t t, const KernelState<Exact>& now, const Forward<Exact>&) {
        if (now.b - now.beta != expected) fails = t;
        expected *= Exact(1) - problem.eta * Exact(problem.penalty(t));
        return !fails;
      });
  return fails;
}

Claim shrinks() {
  Claim claim;
  claim.text = {.id = "own-kp",
                .title = "Feedback and forward weights approach each other",
                .statement =
                    "By the rule of Kolen and Pollack "
                    "$b(t+1) - \\beta(t+1) = (1 - \\eta\\lambda)(b(t) - \\beta(t))$.",
                .source = "Kolen, Pollack 1994; Akrout et al. 2019",
                .premises = {"$b$ receives the update of $\\beta$, and both decay"},
                .conclusion = "Equality at every step.",
                .constants = "None: the factor is known.",
                .method = "A run in rational arithmetic, compared without rounding.",
                .falsifier = "One entry that differs."};
  claim.plan = [](Study& study) -> Conclusion {
    const Batch batch = small_case(seed_of(study.settings(), 0));
    const auto fails = study.want("own-kp", 1e5, [batch] { return fails_at(batch); });
    return [fails, batch](ClaimRow& row) {
      const std::string replay = replay_line(batch, batch.network.seed) + " --number exact";
      row.verdict = *fails ? Verdict::refuted("at step " + std::to_string(**fails) + "; " + replay)
                           : Verdict::exact(std::to_string(batch.network.steps) + " steps");
      row.results = {{"identity, n=2 d=2 p=4", row.verdict, replay}};
      row.instances = row.seeds = 1;
      row.digits = 0;
    };
  };
  return claim;
}

Batch wide_case() {
  Batch batch;
  DataSpec data;
  data.inputs = Inputs::sphere, data.n = 5, data.d = 20;
  batch.data = make_data(data);
  batch.network.p = 256, batch.network.eta = 0.2, batch.network.steps = 60;
  batch.network.penalty.lambda = 0.5;
  batch.rule = own_rule();
  return batch;
}

constexpr double level = 0.9;

Claim aligns() {
  Claim claim;
  claim.text = {
      .id = "own-kp-aligns",
      .title = "Kolen and Pollack's rule aligns",
      .statement =
          "With a penalty that is kept, with high probability over the initialisation "
          "$\\cos(b, \\beta(t)) \\ge 0.9$ at the end.",
      .source = "ours, from own-kp",
      .premises = {"$\\lambda > 0$ for all $t$"},
      .conclusion = "$\\cos(b, \\beta(T)) \\ge 0.9$",
      .constants = "One width, one step size, one penalty.",
      .method = "A seed succeeds if the cosine reaches the level; Clopper-Pearson limits.",
      .falsifier = "Significantly more than a share $\\delta$ of seeds below the level."};
  claim.plan = [](Study& study) -> Conclusion {
    Batch batch = wide_case();
    batch.seeds = study.profile().seeds;
    const auto runs = study.want<AlignmentProbe>(batch);
    return [runs, share = share_wanted(study.profile())](ClaimRow& row) {
      const auto aligned = judged(
          *runs, [](const Seen<AlignmentProbe>& run) { return success_if(run.cos_end >= level); });
      conclude_shares(
          share, {aligned}, [](const RunSet&) { return Premises{}; }, row);
      row.bound = level, row.bound_label = "declared level";
      row.measured = smallest(values(*runs, &Seen<AlignmentProbe>::cos_end));
      row.measured_label = "least $\\cos(b, \\beta(T))$";
      row.ratio = level / *row.measured, row.ratio_label = "bound / measured, a lower bound";
    };
  };
  return claim;
}

}  // namespace

void alignproof::bring(Suite& suite) {
  suite.add(own_rule());
  suite.add(shrinks());
  suite.add(aligns());
}
