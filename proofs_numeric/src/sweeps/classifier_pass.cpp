// SPDX-License-Identifier: Apache-2.0
#include "sweeps/classifier_pass.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "sweeps/classifier_rows.hpp"
#include "sweeps/classifier_weights.hpp"

namespace alignproof::inline sweeps {

using namespace rows;

namespace {

constexpr std::size_t outputs = classifier_outputs;

/// Of fixed weights and those that are learnt, what errors return through.
const std::vector<float>& sent_through(const LearningRule& rule, const std::vector<float>& fixed,
                                       const std::vector<float>& learnt) {
  switch (require_theorem_rule(rule)) {
    case Rule::fa:
      return fixed;
    case Rule::bp:
      return learnt;
  }
  throw std::logic_error("no such rule");
}

}  // namespace

ClassifierPass::ClassifierPass(const ClassifierSpec& spec, std::size_t d, float factor,
                               std::size_t threads)
    : spec_(spec),
      d_(d),
      p_(spec.width),
      m_(spec.batch),
      root_p_(std::sqrt(static_cast<double>(p_))),
      factor_(factor),
      mask_({spec.dropout, spec.seed}, p_, m_),
      chunks_(p_),
      team_(std::min(threads, chunks_.count())),
      weights_(initial_weights(spec, d, team_)),
      x_(m_ * d_),
      h1_(p_ * m_),
      delta1_(p_ * m_),
      f_(outputs * m_),
      e_(outputs * m_),
      partial_(chunks_.count() * outputs * m_),
      beta_step_(p_ * outputs),
      sums_(m_),
      most_(m_) {
  if (deep()) h2_.resize(p_ * m_), delta2_.resize(p_ * m_);
  if (mask_.drops()) kept_.resize(p_ * m_);
}

void ClassifierPass::load(const ImageSet& images, std::span<const std::size_t> chosen) {
  n_ = chosen.size();
  labels_.resize(n_);
  const Chunks rows(n_);
  team_.for_each(rows.count(), [&](std::size_t c) {
    for (std::size_t i = rows.begin(c); i < rows.begin(c + 1); ++i) {
      labels_[i] = images.labels[chosen[i]];
      scale_pixels(images.pixels.data() + chosen[i] * d_, factor_, x_.data() + i * d_, d_);
    }
  });
}

/// h <- psi(factor weights input) for the units of a chunk.
void ClassifierPass::hidden(std::size_t c, const std::vector<float>& weights, std::size_t inner,
                            Operand input, double factor, std::vector<float>& h) {
  const std::size_t first = chunks_.begin(c);
  multiply(chunks_.length(c), n_, inner, factor, {weights.data() + first * inner, inner}, input, 0,
           h.data() + first * m_, m_);
  for (std::size_t r = first; r < chunks_.begin(c + 1); ++r)
    activate_row(spec_.activation, h.data() + r * m_, n_);
}

void ClassifierPass::drop(std::size_t c, std::size_t t) {
  for (std::size_t r = chunks_.begin(c); r < chunks_.begin(c + 1); ++r) {
    std::uint8_t* kept = kept_.data() + r * m_;
    mask_.for_each_sample(t, r, [&](std::size_t i, bool stays) { kept[i] = stays; });
    keep_where(kept, last_hidden().data() + r * m_, m_);
  }
}

/// The chunk's part of f, 10 x n.
void ClassifierPass::partial_logits(std::size_t c, double scale) {
  const std::size_t first = chunks_.begin(c);
  multiply(outputs, n_, chunks_.length(c), 1 / scale,
           {weights_.beta.data() + first * outputs, outputs, true},
           {last_hidden().data() + first * m_, m_}, 0, partial_.data() + c * outputs * m_, m_);
}

void ClassifierPass::forward(std::optional<std::size_t> dropping_at) {
  const bool drops = dropping_at && mask_.drops();
  const double scale = drops ? root_p_ * mask_.kept_share() : root_p_;
  const auto finish = [&](std::size_t c) {
    if (drops) drop(c, *dropping_at);
    partial_logits(c, scale);
  };
  team_.for_each(chunks_.count(), [&](std::size_t c) {
    hidden(c, weights_.W, d_, {x_.data(), d_, true}, 1, h1_);
    if (!deep()) finish(c);
  });
  if (deep())
    team_.for_each(chunks_.count(), [&](std::size_t c) {
      hidden(c, weights_.V, p_, {h1_.data(), m_}, 1 / root_p_, h2_);
      finish(c);
    });
  std::fill(f_.begin(), f_.end(), 0.0f);
  for (std::size_t c = 0; c < chunks_.count(); ++c)
    for (std::size_t o = 0; o < outputs; ++o)
      add(partial_.data() + (c * outputs + o) * m_, f_.data() + o * m_, n_);
}

double ClassifierPass::errors() {
  exponentials(f_.data(), e_.data(), sums_.data(), most_.data(), m_, n_);
  for (std::size_t o = 0; o < outputs; ++o) divide(e_.data() + o * m_, sums_.data(), n_);
  double loss = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    const std::size_t at = labels_[i] * m_ + i;
    loss += std::log(double{sums_[i]}) - f_[at];
    e_[at] -= 1;
  }
  return loss / static_cast<double>(n_);
}

std::size_t ClassifierPass::hits() const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    std::size_t best = 0;
    for (std::size_t o = 1; o < outputs; ++o)
      if (f_[o * m_ + i] > f_[best * m_ + i]) best = o;
    count += best == labels_[i];
  }
  return count;
}

/// delta = (back e) o psi'(a) for a chunk of the last hidden layer; its factors come with the step.
void ClassifierPass::send_to_last(std::size_t c) {
  const auto& back = sent_through(spec_.learning, weights_.b, weights_.beta);
  for (std::size_t r = chunks_.begin(c); r < chunks_.begin(c + 1); ++r) {
    float* delta = last_delta().data() + r * m_;
    combine(back.data() + r * outputs, e_.data(), m_, delta, m_);
    times_slope(spec_.activation, last_hidden().data() + r * m_, delta, m_);
    if (mask_.drops()) keep_where(kept_.data() + r * m_, delta, m_);
  }
}

void ClassifierPass::step_beta(std::size_t c) {
  const std::size_t first = chunks_.begin(c), size = chunks_.length(c) * outputs;
  float *beta = weights_.beta.data() + first * outputs,
        *change = beta_step_.data() + first * outputs;
  std::copy(beta, beta + size, change);
  multiply(chunks_.length(c), outputs, m_,
           spec_.step / (static_cast<double>(m_) * root_p_ * mask_.kept_share()),
           {last_hidden().data() + first * m_, m_}, {e_.data(), m_, true}, spec_.step * spec_.reg,
           change, outputs);
  subtract(change, beta, size);
}

/// delta1 = (M^T delta2) o psi'(a1) for a chunk of the first hidden layer.
void ClassifierPass::send_to_first(std::size_t c) {
  const auto& M = sent_through(spec_.learning, weights_.B, weights_.V);
  const std::size_t first = chunks_.begin(c);
  multiply(chunks_.length(c), m_, p_, 1, {M.data() + first, p_, true}, {delta2_.data(), m_}, 0,
           delta1_.data() + first * m_, m_);
  for (std::size_t r = first; r < chunks_.begin(c + 1); ++r)
    times_slope(spec_.activation, h1_.data() + r * m_, delta1_.data() + r * m_, m_);
}

/// weights -= factor delta input for the units of a chunk.
void ClassifierPass::step_hidden(std::size_t c, const std::vector<float>& delta, Operand input,
                                 std::size_t inner, double factor,
                                 std::vector<float>& changed) const {
  const std::size_t first = chunks_.begin(c);
  multiply(chunks_.length(c), inner, m_, -factor, {delta.data() + first * m_, m_}, input, 1,
           changed.data() + first * inner, inner);
}

void ClassifierPass::backward() {
  const bool shallow = !spec_.learning.hidden_learns();
  const double mean_step = spec_.step / (static_cast<double>(m_) * mask_.kept_share());
  const Operand x{x_.data(), d_}, h1{h1_.data(), m_, true};
  team_.for_each(chunks_.count(), [&](std::size_t c) {
    if (!shallow) send_to_last(c);  // before beta moves: backpropagation sends through it
    step_beta(c);
    if (!shallow && !deep()) step_hidden(c, delta1_, x, d_, mean_step / root_p_, weights_.W);
  });
  if (shallow || !deep()) return;
  const double deep_step = mean_step / static_cast<double>(p_);
  team_.for_each(chunks_.count(), [&](std::size_t c) {
    send_to_first(c);
    step_hidden(c, delta1_, x, d_, deep_step, weights_.W);
  });
  team_.for_each(chunks_.count(),
                 [&](std::size_t c) { step_hidden(c, delta2_, h1, p_, deep_step, weights_.V); });
}

std::array<double, outputs> ClassifierPass::error(std::size_t i) const {
  std::array<double, outputs> e;
  for (std::size_t o = 0; o < outputs; ++o) e[o] = e_[o * m_ + i];
  return e;
}

}  // namespace alignproof::inline sweeps
