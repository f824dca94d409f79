// SPDX-License-Identifier: Apache-2.0
// Probes look at a run while it goes on; what a probe keeps of it is its record. A probe P has
//
//   struct Record { ... };                 a value whose default says that nothing was seen
//   explicit P(const RunContext& run);     once a run
//   void observe(const Moment& now);       at t = 0, 1, ..., the last step done
//   Record finish(const Outcome& outcome);
//
// and, if nothing after t = 0 concerns it, `static constexpr bool only_start = true`: a run that
// nobody else looks at then ends there. What it measures must follow from the run alone.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/kernels/limit_kernel.hpp>

namespace alignproof::inline claims {

/// What is known of a run before its first step. Outlives the probe.
struct RunContext {
  const Problem<double>& problem;
  const LimitKernel& limit;  ///< of the network's activation on the data

  double gamma() const { return limit.gamma; }  ///< a lower bound
};

/// What there is to see at time t.
struct Moment {
  std::size_t t;
  const KernelState<double>& state;
  const Forward<double>& at;
  const Transition<double>* step;  ///< from t - 1 to t; none at t = 0
};

template <class P>
concept Probe = std::constructible_from<P, const RunContext&> &&
    requires(P probe, const Moment& now, const Outcome& outcome) {
  probe.observe(now);
  { probe.finish(outcome) } -> std::same_as<typename P::Record>;
};

/// Which run it was and how it ended.
struct Run {
  std::uint64_t seed = 0;
  std::optional<std::size_t> diverged_at;
};

/// A run as several probes saw it.
template <Probe... Probes>
struct Seen : Run, Probes::Record... {};

/// A probe at work on one run, whatever its type.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void observe(const Moment& now) = 0;
  virtual void finish(const Outcome& outcome) = 0;
};

template <Probe P>
class WatcherWith final : public Watcher {
 public:
  WatcherWith(const RunContext& run, typename P::Record& record) : probe_(run), record_(record) {}
  void observe(const Moment& now) override { probe_.observe(now); }
  void finish(const Outcome& outcome) override { record_ = probe_.finish(outcome); }

 private:
  P probe_;
  typename P::Record& record_;
};

template <Probe P>
constexpr bool looks_at_start_only() {
  if constexpr (requires { P::only_start; })
    return P::only_start;
  else
    return false;
}

using MakeWatchers = std::function<std::vector<std::unique_ptr<Watcher>>(const RunContext&)>;

/// Runs the instance in double with the given rule and step, for `steps` steps at most. The run
/// takes its own copy of `advance`, which may remember. Throws InputError for k > 1.
Outcome watch_run(const Instance& instance, LearningRule rule, const LimitKernel& limit,
                  std::size_t steps, KernelStep<double> advance, const MakeWatchers& make);

/// One run, looked at outside of any study. `limit` is the kernel of its data.
template <Probe... Probes>
Seen<Probes...> look_at(const Instance& instance, LearningRule rule, const LimitKernel& limit,
                        KernelStep<double> advance = true_step<double>()) {
  Seen<Probes...> seen;
  const std::size_t steps = (looks_at_start_only<Probes>() && ...) ? 0 : instance.steps;
  const Outcome outcome =
      watch_run(instance, rule, limit, steps, std::move(advance), [&](const RunContext& run) {
        std::vector<std::unique_ptr<Watcher>> watchers;
        (watchers.push_back(std::make_unique<WatcherWith<Probes>>(
             run, static_cast<typename Probes::Record&>(seen))),
         ...);
        return watchers;
      });
  seen.diverged_at = outcome.diverged_at;
  return seen;
}

}  // namespace alignproof::inline claims
