// SPDX-License-Identifier: Apache-2.0
#include <alignproof/dynamics/fused.hpp>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cmath>
#include <cstdlib>
#include <latch>
#include <new>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/random/normal.hpp>

#include "dynamics/fused_pass.hpp"

namespace alignproof::inline dynamics {

namespace {

template <class Real>
const FusedKernel<Real>& kernel_of(Instructions instructions) {
  const auto available = available_instructions();
  if (std::find(available.begin(), available.end(), instructions) == available.end())
    throw InputError("instructions", std::string(to_string(instructions)),
                     "some that this processor has");
  const auto pick = [](const FusedKernel<double>& of_double,
                       const FusedKernel<float>& of_float) -> const FusedKernel<Real>& {
    if constexpr (std::is_same_v<Real, double>)
      return of_double;
    else
      return of_float;
  };
#if defined(ALIGNPROOF_X86)
  if (instructions == Instructions::avx512)
    return pick(fused_avx512::of_double, fused_avx512::of_float);
  if (instructions == Instructions::avx2) return pick(fused_avx2::of_double, fused_avx2::of_float);
#endif
  return pick(fused_portable::of_double, fused_portable::of_float);
}

FusedPsi fused_psi(const Activation& psi) {
  const std::optional<FusedForm> form = properties(psi).fused;
  if (!form)
    throw InputError("activation", std::string(to_string(psi)),
                     "identity, relu, tanh or sigmoid in the fused form");
  switch (*form) {
    case FusedForm::identity:
      return FusedPsi::identity;
    case FusedForm::relu:
      return FusedPsi::relu;
    case FusedForm::tanh:
      return FusedPsi::tanh;
    case FusedForm::sigmoid:
      return FusedPsi::sigmoid;
  }
  throw std::logic_error("no such fused form");
}

/// What the error is sent back through; where beta alone learns, nobody looks.
template <class Weights>
const Weights& sent_through(const LearningRule& rule, const Weights& b, const Weights& beta) {
  switch (rule.theorem_rule().value_or(Rule::fa)) {
    case Rule::fa:
      return b;
    case Rule::bp:
      return beta;
  }
  throw std::logic_error("no such rule");
}

/// Zeros at an address that vectors of 64 bytes accept.
template <class Real>
class Aligned {
 public:
  explicit Aligned(std::size_t size)
      : at_(static_cast<Real*>(
            ::operator new(std::max<std::size_t>(size, 1) * sizeof(Real), align))) {
    std::fill(at_, at_ + size, Real(0));
  }
  ~Aligned() { ::operator delete(at_, align); }
  Aligned(const Aligned&) = delete;
  Aligned& operator=(const Aligned&) = delete;
  Real* data() const { return at_; }
  Real& operator[](std::size_t i) const { return at_[i]; }

 private:
  static constexpr std::align_val_t align{64};
  Real* at_;
};

/// Sums over units are sums over chunks of so many tiles, whatever the number of threads is.
constexpr std::size_t tiles_of_chunk = 16;

}  // namespace

template <class Real>
struct FusedRun<Real>::Parts {
  Parts(const Problem<Real>& problem, const KernelState<Real>& state, const Dropout& dropout,
        Instructions instructions)
      : kernel(kernel_of<Real>(instructions)),
        units(kernel.units_of_tile()),
        n(static_cast<std::size_t>(problem.n())),
        p(static_cast<std::size_t>(problem.p())),
        tiles((p + units - 1) / units),
        chunks((tiles + tiles_of_chunk - 1) / tiles_of_chunk),
        eta(problem.eta),
        sqrt_p(problem.sqrt_p),
        y(problem.y),
        penalty(problem.penalty),
        K((n + columns_of_group - 1) / columns_of_group * columns_of_group * n),
        scaled_e(n),
        A(tiles * units * n),
        Psi(tiles * units * n),
        beta(tiles * units),
        b(tiles * units),
        live(tiles * units),
        dropped(dropout, p, n),
        outputs(dropped.drops() ? 2 * n : n),
        f(chunks * outputs),
        masks{Aligned<Real>(dropped.drops() ? tiles * units * n : 0),
              Aligned<Real>(dropped.drops() ? tiles * units * n : 0)},
        e(Matrix<Real>::Zero(problem.n(), 1)) {
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        K[(j / columns_of_group * n + i) * columns_of_group + j % columns_of_group] =
            problem.K(index(i), index(j));
    for (std::size_t r = 0; r < p; ++r) {
      beta[r] = state.beta(index(r), 0);
      b[r] = state.b(index(r), 0);
      live[r] = 1;
      for (std::size_t i = 0; i < n; ++i) A[place(r, i)] = state.A(index(r), index(i));
    }
    pass.psi = fused_psi(problem.psi);
    pass.hidden_learns = problem.rule.hidden_learns();
    pass.n = n;
    pass.K = K.data(), pass.e = scaled_e.data();
    pass.A = A.data(), pass.Psi = Psi.data(), pass.beta = beta.data();
    pass.live = live.data();
    pass.back = sent_through(problem.rule, b, beta).data();
    pass.kept = 1;
    if (dropped.drops()) pass.mask = masks[1].data(), pass.next_mask = masks[0].data();
    // With no error a pass changes nothing but Psi and f: the forward values at the start.
    const Aligned<Real> scratch(scratch_size());
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) work(chunk, 0, scratch.data());
    observe();
  }

  static Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }
  std::size_t place(std::size_t r, std::size_t i) const {
    return (r / units * n + i) * units + r % units;
  }
  std::size_t scratch_size() const { return (units + units / 3 * 2) * n; }

  /// The tiles of one chunk up to time `next`.
  void work(std::size_t chunk, std::size_t next, Real* scratch) {
    FusedPass<Real> mine = pass;
    mine.scratch = scratch;
    const std::size_t first = chunk * tiles_of_chunk,
                      last = std::min(first + tiles_of_chunk, tiles);
    if (dropped.drops()) draw_mask(first * units, std::min(last * units, p), next);
    kernel.tiles(mine, first, last, f.data() + chunk * outputs);
  }

  void draw_mask(std::size_t first, std::size_t last, std::size_t time) {
    const Real kept = Real(1) / Real(dropped.kept_share());
    Aligned<Real>& mask = masks[time % 2];
    for (std::size_t r = first; r < last; ++r)
      dropped.for_each_sample(
          time, r, [&](std::size_t i, bool stays) { mask[place(r, i)] = stays ? kept : Real(0); });
  }

  /// e(t) from the sums of the chunks, and what the next pass takes of it.
  void observe() {
    Real square = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const Real seen = error_at(i);  // by the step
      e(index(i), 0) = dropped.drops() ? error_at(n + i) : seen;
      scaled_e[i] = seen * (eta / sqrt_p);
      square += seen * seen;
    }
    pass.kept = Real(1) - eta * Real(penalty(t));
    if (dropped.drops())
      pass.mask = masks[t % 2].data(), pass.next_mask = masks[(t + 1) % 2].data();
    for (const double size : {to_double(square), to_double(e.squaredNorm())})
      if (!(size <= divergence_threshold * divergence_threshold)) diverged_at = t;
  }

  /// Of sample i, from the sums of the chunks.
  Real error_at(std::size_t i) const {
    Real sum = 0;
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) sum += f[chunk * outputs + i];
    return sum / sqrt_p - y(index(i % n), 0);
  }

  const FusedKernel<Real>& kernel;
  std::size_t units;  ///< of a tile
  std::size_t n, p, tiles, chunks;
  Real eta, sqrt_p;
  Matrix<Real> y;
  Penalty penalty;
  Aligned<Real> K, scaled_e, A, Psi, beta, b, live;
  DropoutMask dropped;
  std::size_t outputs;  ///< sums of a chunk
  Aligned<Real> f;
  Aligned<Real> masks[2];  ///< of even and of odd t
  Matrix<Real> e;
  std::size_t t = 0;
  std::optional<std::size_t> diverged_at;
  FusedPass<Real> pass{};
};

template <class Real>
FusedRun<Real>::FusedRun(const Problem<Real>& problem, const KernelState<Real>& state,
                         Dropout dropout, Instructions instructions) {
  if (!has_fast_form(problem.rule))
    throw InputError("rule", fmt::format("'{}'", problem.rule.name()),
                     "fa, bp or shallow in the fused form");
  if (problem.k() != 1)
    throw InputError("outputs", std::to_string(problem.k()), "1 in the fused form");
  parts_ = std::make_unique<Parts>(problem, state, dropout, instructions);
}

template <class Real>
FusedRun<Real>::~FusedRun() = default;

template <class Real>
void FusedRun<Real>::advance(std::size_t steps, std::size_t threads) {
  Parts& parts = *parts_;
  const std::size_t until = parts.t + steps;
  threads = std::clamp<std::size_t>(threads, 1, parts.chunks);
  const auto next = [&]() noexcept { ++parts.t, parts.observe(); };
  std::optional<std::barrier<decltype(next)>> together;
  const auto work = [&](std::size_t me) {
    const Aligned<Real> scratch(parts.scratch_size());
    while (parts.t < until && !parts.diverged_at) {
      const std::size_t first = parts.chunks * me / threads,
                        last = parts.chunks * (me + 1) / threads;
      for (std::size_t chunk = first; chunk < last; ++chunk)
        parts.work(chunk, parts.t + 1, scratch.data());
      together->arrive_and_wait();
    }
  };
  std::latch known(1);  // how many threads there are
  std::vector<std::jthread> others;
  try {
    for (std::size_t me = 1; me < threads; ++me)
      others.emplace_back([&, me] { known.wait(), work(me); });
  } catch (const std::exception&) {
    threads = others.size() + 1;  // no more are to be had
  }
  together.emplace(static_cast<std::ptrdiff_t>(threads), next);
  known.count_down();
  work(0);
}

template <class Real>
std::size_t FusedRun<Real>::t() const {
  return parts_->t;
}
template <class Real>
std::optional<std::size_t> FusedRun<Real>::diverged_at() const {
  return parts_->diverged_at;
}
template <class Real>
Matrix<Real> FusedRun<Real>::error() const {
  return parts_->e;
}
template <class Real>
Matrix<Real> FusedRun<Real>::beta() const {
  return Eigen::Map<const Matrix<Real>>(parts_->beta.data(), Parts::index(parts_->p), 1);
}
template <class Real>
Matrix<Real> FusedRun<Real>::A() const {
  Matrix<Real> A(Parts::index(parts_->p), Parts::index(parts_->n));
  for (std::size_t r = 0; r < parts_->p; ++r)
    for (std::size_t i = 0; i < parts_->n; ++i)
      A(Parts::index(r), Parts::index(i)) = parts_->A[parts_->place(r, i)];
  return A;
}

template class FusedRun<double>;
template class FusedRun<float>;

template <class Real>
void fused_activation(Activation psi, const Real* a, Real* values, std::size_t size,
                      Instructions instructions) {
  kernel_of<Real>(instructions).values(fused_psi(psi), a, values, size);
}
template void fused_activation<double>(Activation, const double*, double*, std::size_t,
                                       Instructions);
template void fused_activation<float>(Activation, const float*, float*, std::size_t, Instructions);

std::vector<Instructions> available_instructions() {
  std::vector<Instructions> available = {Instructions::portable};
#if defined(ALIGNPROOF_X86)
  static const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"),
                    avx512 = avx2 && __builtin_cpu_supports("avx512f");
  if (avx2) available.push_back(Instructions::avx2);
  if (avx512) available.push_back(Instructions::avx512);
#endif
  return available;
}

std::string_view to_string(Instructions instructions) {
  switch (instructions) {
    case Instructions::portable:
      return "portable";
    case Instructions::avx2:
      return "avx2+fma";
    case Instructions::avx512:
      return "avx512";
  }
  throw std::logic_error("no such instructions");
}

Instructions instructions_from(std::string_view name) {
  std::string accepted;
  for (const Instructions instructions : available_instructions()) {
    const std::string_view full = to_string(instructions),
                           short_name = full.substr(0, full.find('+'));
    if (name == full || name == short_name) return instructions;
    accepted += (accepted.empty() ? "" : " or ") + std::string(short_name);
  }
  throw InputError("instructions", "'" + std::string(name) + "'",
                   accepted + ": this processor has no others");
}

namespace {

std::atomic<int> chosen{-1};

}  // namespace

void choose_instructions(Instructions instructions) {
  kernel_of<double>(instructions);  // refuses those that are not there
  chosen = static_cast<int>(instructions);
}

std::optional<Instructions> chosen_instructions() {
  const int now = chosen;
  return now < 0 ? std::nullopt : std::optional(static_cast<Instructions>(now));
}

Instructions fused_instructions() {
  return chosen_instructions().value_or(available_instructions().back());
}

}  // namespace alignproof::inline dynamics
