// SPDX-License-Identifier: Apache-2.0
// Matrices are row-major, hidden values p x m with a row a unit, errors 10 x m. A training is a
// sequence of passes over chunks of units; what a pass reads, no chunk of the same pass writes.
#include <alignproof/sweeps/classifier.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <utility>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/random/normal.hpp>

#include "format/enumerators.hpp"
#include "sweeps/blas.hpp"
#include "sweeps/classifier_rows.hpp"

namespace alignproof {

namespace {

using namespace rows;

constexpr std::size_t outputs = classifier_outputs;
/// The largest width and batch: the counters of dropout then fit 32 bits.
constexpr std::size_t most_units = 65536;
static_assert(most_units * ((most_units + 3) / 4) <= std::numeric_limits<std::uint32_t>::max());

// ---- Matrix products ----------------------------------------------------------------------------

struct Operand {
  const float* data;
  std::size_t stride;
  bool transposed = false;
};

/// C (rows x cols) <- factor A B + kept C, with `inner` terms a sum.
void multiply(std::size_t rows, std::size_t cols, std::size_t inner, double factor, Operand A,
              Operand B, double kept, float* C, std::size_t stride) {
  const auto size = [](std::size_t n) { return static_cast<blasint>(n); };
  const auto form = [](bool transposed) { return transposed ? CblasTrans : CblasNoTrans; };
  blas().sgemm(CblasRowMajor, form(A.transposed), form(B.transposed), size(rows), size(cols),
               size(inner), static_cast<float>(factor), A.data, size(A.stride), B.data,
               size(B.stride), static_cast<float>(kept), C, size(stride));
}

// ---- Threads ------------------------------------------------------------------------------------

/// Threads that wait between passes. Bodies must not throw.
class Team {
 public:
  explicit Team(std::size_t threads) : gate_(static_cast<std::ptrdiff_t>(threads)) {
    std::size_t t = 1;
    try {
      for (; t < threads; ++t) helpers_.emplace_back([this] { help(); });
    } catch (const std::exception&) {
      for (; t < threads; ++t) gate_.arrive_and_drop();  // no more are to be had
    }
  }
  ~Team() {
    body_ = nullptr;
    gate_.arrive_and_wait();
  }

  /// body(0), ..., body(count - 1), in any order, by whichever thread is free.
  void for_each(std::size_t count, const std::function<void(std::size_t)>& body) {
    body_ = &body, count_ = count, next_ = 0;
    gate_.arrive_and_wait();
    work();
    gate_.arrive_and_wait();
  }

 private:
  void help() {
    for (;;) {
      gate_.arrive_and_wait();
      if (!body_) return;
      work();
      gate_.arrive_and_wait();
    }
  }
  void work() noexcept {
    for (std::size_t i; (i = next_.fetch_add(1)) < count_;) (*body_)(i);
  }

  std::barrier<> gate_;
  const std::function<void(std::size_t)>* body_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_{0};
  std::vector<std::jthread> helpers_;
};

/// A split of 0, ..., size - 1 that depends on the size alone. Few large chunks: a product first
/// copies its operands, and every chunk copies the images again.
class Chunks {
 public:
  explicit Chunks(std::size_t size)
      : size_(size), count_(std::max((size + 511) / 512, std::min<std::size_t>(size, 2))) {}
  std::size_t count() const { return count_; }
  std::size_t begin(std::size_t c) const { return size_ * c / count_; }
  std::size_t length(std::size_t c) const { return begin(c + 1) - begin(c); }

 private:
  std::size_t size_, count_;
};

// ---- Input --------------------------------------------------------------------------------------

void require(bool fine, const char* what, const std::string& value, const std::string& accepted) {
  if (!fine) throw InputError(what, value, accepted);
}

void require_count(const char* what, std::size_t value, std::size_t most) {
  require(value >= 1 && value <= most, what, fmt::format("{}", value),
          fmt::format("a whole number from 1 to {}", most));
}

void require_set(const char* what, const ImageSet& images) {
  require(images.count() > 0, what, "an empty one", "at least one image");
  const std::size_t d = images.rows * images.cols;
  require(d > 0 && d <= std::numeric_limits<std::int32_t>::max() &&
              images.pixels.size() == images.count() * d,
          what, fmt::format("{} pixels", images.pixels.size()),
          fmt::format("{} images of {} x {}", images.count(), images.rows, images.cols));
  for (const std::uint8_t label : images.labels)
    require(label < outputs, what, fmt::format("label {}", label), "labels 0 to 9");
}

void require_sets(const ImageSet& train, const ImageSet& test) {
  require_set("training set", train);
  require_set("test set", test);
  require(train.rows == test.rows && train.cols == test.cols, "test images",
          fmt::format("{} x {}", test.rows, test.cols),
          fmt::format("the {} x {} of the training images", train.rows, train.cols));
}

void require_spec(const ClassifierSpec& s, std::size_t images) {
  constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
  require(s.layers == 2 || s.layers == 3, "layers", fmt::format("{}", s.layers), "2 or 3");
  require_count("width", s.width, most_units);
  require(properties(s.activation).fused, "activation", std::string(to_string(s.activation)),
          "relu, tanh, sigmoid or identity");
  require(has_fast_form(s.learning), "rule", fmt::format("'{}'", s.learning.name()),
          "fa, bp or shallow");
  require(std::isfinite(s.step) && s.step > 0, "step", quoted(s.step), "a finite number > 0");
  require(std::isfinite(s.reg) && s.reg >= 0, "reg", quoted(s.reg), "a finite number >= 0");
  require(s.dropout >= 0 && s.dropout < 1 && std::lround(s.dropout * 0x1p16) < 0x10000, "dropout",
          quoted(s.dropout), "a number in [0, 1), not within 2^-17 of 1");
  require_count("batch", s.batch, std::min(most_units, images));
  require_count("epochs", s.epochs, most / (images / s.batch));
  require_count("every", s.every, std::numeric_limits<std::size_t>::max());
  require(std::isfinite(s.input_norm) && s.input_norm > 0, "input norm", quoted(s.input_norm),
          "a finite number > 0");
}

/// What makes the mean of |x_i|^2 input_norm^2; the sum of squares is a whole number.
float pixel_factor(const ImageSet& train, double input_norm) {
  std::uint64_t sum = 0;
  for (const std::uint64_t pixel : train.pixels) sum += pixel * pixel;
  require(sum > 0, "training images", "black ones only", "at least one pixel above 0");
  return static_cast<float>(
      input_norm / std::sqrt(static_cast<double>(sum) / static_cast<double>(train.count())));
}

// ---- Angles -------------------------------------------------------------------------------------

using Gram = std::array<std::array<double, outputs>, outputs>;

/// A^T B for p x 10 matrices.
Gram gram(const std::vector<float>& A, const std::vector<float>& B) {
  Gram G{};
  for (std::size_t r = 0; r < A.size(); r += outputs)
    for (std::size_t i = 0; i < outputs; ++i)
      for (std::size_t j = 0; j < outputs; ++j) G[i][j] += double{A[r + i]} * B[r + j];
  return G;
}

double quadratic(const Gram& G, const std::array<double, outputs>& e) {
  double sum = 0;
  for (std::size_t i = 0; i < outputs; ++i)
    for (std::size_t j = 0; j < outputs; ++j) sum += e[i] * G[i][j] * e[j];
  return sum;
}

double cosine_from(double product, double square_1, double square_2) {
  if (!(square_1 > 0) || !(square_2 > 0)) return 0;
  return product / (std::sqrt(square_1) * std::sqrt(square_2));
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
  return sum;
}

double cosine_of(const std::vector<float>& a, const std::vector<float>& b) {
  return cosine_from(dot(a, b), dot(a, a), dot(b, b));
}

}  // namespace

// ---- Training -----------------------------------------------------------------------------------

class ClassifierTraining::Impl {
 public:
  Impl(const ImageSet& train, const ImageSet& test, const ClassifierSpec& spec,
       std::size_t threads);

  double train_batch();
  ClassifierPoint observe();

  std::size_t done = 0;
  ClassifierWeights weights;
  std::size_t batches() const { return train_.count() / m_; }

 private:
  enum class Dropping { no, yes };

  bool deep() const { return spec_.layers == 3; }
  void draw(Stream stream, std::size_t cols, std::vector<float>& values);
  void choose_batch(std::size_t batch);
  void gather(const ImageSet& images, const std::size_t* chosen, std::size_t n);
  void load_batch(std::size_t batch);

  void forward(std::size_t n, Dropping dropping);
  void hidden(std::size_t c, const std::vector<float>& weights, std::size_t inner, Operand input,
              double factor, std::vector<float>& h);
  void drop(std::size_t c);
  void partial_logits(std::size_t c, Dropping dropping);
  double errors(const ImageSet& images, const std::size_t* chosen);
  std::size_t hits(const ImageSet& images, const std::size_t* chosen) const;
  double test_accuracy();
  double signal_cosine() const;

  void backward();
  void send_to_last(std::size_t c);
  void step_beta(std::size_t c);
  void send_to_first(std::size_t c);
  void step_hidden(std::size_t c, const std::vector<float>& delta, Operand input, std::size_t inner,
                   double factor, std::vector<float>& weights) const;

  std::vector<float>& last_hidden() { return deep() ? h2_ : h1_; }
  std::vector<float>& last_delta() { return deep() ? delta2_ : delta1_; }
  double kept_share() const { return 1 - static_cast<double>(dropped_below_) * 0x1p-16; }

  const ImageSet &train_, &test_;
  ClassifierSpec spec_;
  std::size_t d_, p_, m_;
  double root_p_;
  float factor_;
  std::uint32_t dropped_below_;
  Chunks chunks_;
  Team team_;

  std::vector<std::size_t> order_, all_test_;
  std::size_t ordered_epoch_ = std::numeric_limits<std::size_t>::max();
  const std::size_t* chosen_ = nullptr;  ///< images of the batch
  std::size_t n_ = 0;                    ///< images in x_
  std::vector<float> x_, h1_, h2_, delta1_, delta2_, f_, e_, partial_, beta_step_, sums_, most_;
  std::vector<std::uint8_t> kept_;
};

ClassifierTraining::Impl::Impl(const ImageSet& train, const ImageSet& test,
                               const ClassifierSpec& spec, std::size_t threads)
    : train_(train),
      test_(test),
      spec_(spec),
      d_(train.rows * train.cols),
      p_(spec.width),
      m_(spec.batch),
      root_p_(std::sqrt(static_cast<double>(p_))),
      factor_(pixel_factor(train, spec.input_norm)),
      dropped_below_(static_cast<std::uint32_t>(std::lround(spec.dropout * 0x1p16))),
      chunks_(p_),
      team_(std::min(threads, chunks_.count())),
      order_(train.count()),
      all_test_(test.count()),
      x_(m_ * d_),
      h1_(p_ * m_),
      delta1_(p_ * m_),
      f_(outputs * m_),
      e_(outputs * m_),
      partial_(chunks_.count() * outputs * m_),
      beta_step_(p_ * outputs),
      sums_(m_),
      most_(m_) {
  std::iota(all_test_.begin(), all_test_.end(), std::size_t{0});
  draw(Stream::W, d_, weights.W);
  draw(Stream::beta, outputs, weights.beta);
  draw(Stream::b, outputs, weights.b);
  if (deep()) {
    draw(Stream::V, p_, weights.V);
    draw(Stream::B, p_, weights.B);
    h2_.resize(p_ * m_), delta2_.resize(p_ * m_);
  }
  if (dropped_below_ > 0) kept_.resize(p_ * m_);
}

void ClassifierTraining::Impl::draw(Stream stream, std::size_t cols, std::vector<float>& values) {
  values.resize(p_ * cols);
  team_.for_each(chunks_.count(), [&](std::size_t c) {
    for (std::size_t r = chunks_.begin(c); r < chunks_.begin(c + 1); ++r)
      for (std::size_t j = 0; j < cols; ++j)
        values[r * cols + j] = static_cast<float>(standard_normal(
            spec_.seed, stream, static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(j)));
  });
}

/// Sorted by random keys, ties by index.
void ClassifierTraining::Impl::choose_batch(std::size_t batch) {
  const std::size_t epoch = batch / batches();
  if (epoch != ordered_epoch_) {
    std::vector<std::pair<std::uint64_t, std::size_t>> keys(train_.count());
    for (std::size_t i = 0; i < keys.size(); ++i)
      keys[i] = {random_bits(spec_.seed, Stream::batches, static_cast<std::uint32_t>(epoch),
                             static_cast<std::uint32_t>(i)),
                 i};
    std::sort(keys.begin(), keys.end());
    for (std::size_t i = 0; i < keys.size(); ++i) order_[i] = keys[i].second;
    ordered_epoch_ = epoch;
  }
  chosen_ = order_.data() + batch % batches() * m_;
}

void ClassifierTraining::Impl::gather(const ImageSet& images, const std::size_t* chosen,
                                      std::size_t n) {
  n_ = n;
  const Chunks rows(n);
  team_.for_each(rows.count(), [&](std::size_t c) {
    for (std::size_t i = rows.begin(c); i < rows.begin(c + 1); ++i)
      scale_pixels(images.pixels.data() + chosen[i] * d_, factor_, x_.data() + i * d_, d_);
  });
}

void ClassifierTraining::Impl::load_batch(std::size_t batch) {
  choose_batch(batch);
  gather(train_, chosen_, m_);
}

/// h <- psi(factor weights input) for the units of a chunk.
void ClassifierTraining::Impl::hidden(std::size_t c, const std::vector<float>& weights,
                                      std::size_t inner, Operand input, double factor,
                                      std::vector<float>& h) {
  const std::size_t first = chunks_.begin(c);
  multiply(chunks_.length(c), n_, inner, factor, {weights.data() + first * inner, inner}, input, 0,
           h.data() + first * m_, m_);
  for (std::size_t r = first; r < chunks_.begin(c + 1); ++r)
    activate_row(spec_.activation, h.data() + r * m_, n_);
}

void ClassifierTraining::Impl::drop(std::size_t c) {
  const std::size_t words = (m_ + 3) / 4;
  for (std::size_t r = chunks_.begin(c); r < chunks_.begin(c + 1); ++r) {
    std::uint8_t* kept = kept_.data() + r * m_;
    for (std::size_t i = 0; i < m_; i += 4) {
      const std::uint64_t bits =
          random_bits(spec_.seed, Stream::dropout, static_cast<std::uint32_t>(done),
                      static_cast<std::uint32_t>(r * words + i / 4));
      for (std::size_t j = i; j < std::min(i + 4, m_); ++j)
        kept[j] = (bits >> (16 * (j - i)) & 0xffff) >= dropped_below_;
    }
    keep_where(kept, last_hidden().data() + r * m_, m_);
  }
}

/// The chunk's part of f, 10 x n.
void ClassifierTraining::Impl::partial_logits(std::size_t c, Dropping dropping) {
  const std::size_t first = chunks_.begin(c);
  const double scale = dropping == Dropping::yes ? root_p_ * kept_share() : root_p_;
  multiply(outputs, n_, chunks_.length(c), 1 / scale,
           {weights.beta.data() + first * outputs, outputs, true},
           {last_hidden().data() + first * m_, m_}, 0, partial_.data() + c * outputs * m_, m_);
}

/// f at the images in x_.
void ClassifierTraining::Impl::forward(std::size_t n, Dropping dropping) {
  const auto finish = [&](std::size_t c) {
    if (dropping == Dropping::yes) drop(c);
    partial_logits(c, dropping);
  };
  team_.for_each(chunks_.count(), [&](std::size_t c) {
    hidden(c, weights.W, d_, {x_.data(), d_, true}, 1, h1_);
    if (!deep()) finish(c);
  });
  if (deep())
    team_.for_each(chunks_.count(), [&](std::size_t c) {
      hidden(c, weights.V, p_, {h1_.data(), m_}, 1 / root_p_, h2_);
      finish(c);
    });
  std::fill(f_.begin(), f_.end(), 0.0f);
  for (std::size_t c = 0; c < chunks_.count(); ++c)
    for (std::size_t o = 0; o < outputs; ++o)
      add(partial_.data() + (c * outputs + o) * m_, f_.data() + o * m_, n);
}

/// e = softmax(f) - onehot; returns the mean cross-entropy.
double ClassifierTraining::Impl::errors(const ImageSet& images, const std::size_t* chosen) {
  exponentials(f_.data(), e_.data(), sums_.data(), most_.data(), m_, n_);
  for (std::size_t o = 0; o < outputs; ++o) divide(e_.data() + o * m_, sums_.data(), n_);
  double loss = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    const std::size_t at = images.labels[chosen[i]] * m_ + i;
    loss += std::log(double{sums_[i]}) - f_[at];
    e_[at] -= 1;
  }
  return loss / static_cast<double>(n_);
}

/// Images whose largest logit (the first of equal ones) is that of their label.
std::size_t ClassifierTraining::Impl::hits(const ImageSet& images,
                                           const std::size_t* chosen) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    std::size_t best = 0;
    for (std::size_t o = 1; o < outputs; ++o)
      if (f_[o * m_ + i] > f_[best * m_ + i]) best = o;
    count += best == images.labels[chosen[i]];
  }
  return count;
}

double ClassifierTraining::Impl::test_accuracy() {
  std::size_t count = 0;
  for (std::size_t i = 0; i < test_.count(); i += m_) {
    const std::size_t n = std::min(m_, test_.count() - i);
    gather(test_, all_test_.data() + i, n);
    forward(n, Dropping::no);
    count += hits(test_, all_test_.data() + i);
  }
  return static_cast<double>(count) / static_cast<double>(test_.count());
}

/// <b e, beta e> = e^T (b^T beta) e, and so on.
double ClassifierTraining::Impl::signal_cosine() const {
  const Gram b_beta = gram(weights.b, weights.beta), b_b = gram(weights.b, weights.b),
             beta_beta = gram(weights.beta, weights.beta);
  double sum = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    std::array<double, outputs> e;
    for (std::size_t o = 0; o < outputs; ++o) e[o] = e_[o * m_ + i];
    sum += cosine_from(quadratic(b_beta, e), quadratic(b_b, e), quadratic(beta_beta, e));
  }
  return sum / static_cast<double>(n_);
}

ClassifierPoint ClassifierTraining::Impl::observe() {
  ClassifierPoint point;
  point.batch = done;
  load_batch(done == 0 ? 0 : done - 1);
  forward(m_, Dropping::no);
  point.train_accuracy = static_cast<double>(hits(train_, chosen_)) / static_cast<double>(m_);
  point.loss = errors(train_, chosen_);
  point.signal_cosine = signal_cosine();
  point.weight_cosine = cosine_of(weights.b, weights.beta);
  if (deep()) point.middle_cosine = cosine_of(weights.B, weights.V);
  point.test_accuracy = test_accuracy();
  return point;
}

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

/// delta = (back e) o psi'(a) for a chunk of the last hidden layer; its factors come with the step.
void ClassifierTraining::Impl::send_to_last(std::size_t c) {
  const auto& back = sent_through(spec_.learning, weights.b, weights.beta);
  for (std::size_t r = chunks_.begin(c); r < chunks_.begin(c + 1); ++r) {
    float* delta = last_delta().data() + r * m_;
    combine(back.data() + r * outputs, e_.data(), m_, delta, m_);
    times_slope(spec_.activation, last_hidden().data() + r * m_, delta, m_);
    if (dropped_below_ > 0) keep_where(kept_.data() + r * m_, delta, m_);
  }
}

void ClassifierTraining::Impl::step_beta(std::size_t c) {
  const std::size_t first = chunks_.begin(c), size = chunks_.length(c) * outputs;
  float *beta = weights.beta.data() + first * outputs,
        *change = beta_step_.data() + first * outputs;
  std::copy(beta, beta + size, change);
  multiply(chunks_.length(c), outputs, m_,
           spec_.step / (static_cast<double>(m_) * root_p_ * kept_share()),
           {last_hidden().data() + first * m_, m_}, {e_.data(), m_, true}, spec_.step * spec_.reg,
           change, outputs);
  subtract(change, beta, size);
}

/// delta1 = (M^T delta2) o psi'(a1) for a chunk of the first hidden layer.
void ClassifierTraining::Impl::send_to_first(std::size_t c) {
  const auto& M = sent_through(spec_.learning, weights.B, weights.V);
  const std::size_t first = chunks_.begin(c);
  multiply(chunks_.length(c), m_, p_, 1, {M.data() + first, p_, true}, {delta2_.data(), m_}, 0,
           delta1_.data() + first * m_, m_);
  for (std::size_t r = first; r < chunks_.begin(c + 1); ++r)
    times_slope(spec_.activation, h1_.data() + r * m_, delta1_.data() + r * m_, m_);
}

/// weights -= factor delta input for the units of a chunk.
void ClassifierTraining::Impl::step_hidden(std::size_t c, const std::vector<float>& delta,
                                           Operand input, std::size_t inner, double factor,
                                           std::vector<float>& changed) const {
  const std::size_t first = chunks_.begin(c);
  multiply(chunks_.length(c), inner, m_, -factor, {delta.data() + first * m_, m_}, input, 1,
           changed.data() + first * inner, inner);
}

void ClassifierTraining::Impl::backward() {
  const bool shallow = !spec_.learning.hidden_learns();
  const double mean_step = spec_.step / (static_cast<double>(m_) * kept_share());
  const Operand x{x_.data(), d_}, h1{h1_.data(), m_, true};
  team_.for_each(chunks_.count(), [&](std::size_t c) {
    if (!shallow) send_to_last(c);  // before beta moves: backpropagation sends through it
    step_beta(c);
    if (!shallow && !deep()) step_hidden(c, delta1_, x, d_, mean_step / root_p_, weights.W);
  });
  if (shallow || !deep()) return;
  const double deep_step = mean_step / static_cast<double>(p_);
  team_.for_each(chunks_.count(), [&](std::size_t c) {
    send_to_first(c);
    step_hidden(c, delta1_, x, d_, deep_step, weights.W);
  });
  team_.for_each(chunks_.count(),
                 [&](std::size_t c) { step_hidden(c, delta2_, h1, p_, deep_step, weights.V); });
}

double ClassifierTraining::Impl::train_batch() {
  load_batch(done);
  forward(m_, dropped_below_ > 0 ? Dropping::yes : Dropping::no);
  const double loss = errors(train_, chosen_);
  if (!std::isfinite(loss)) return loss;
  backward();
  ++done;
  return loss;
}

// ---- Interface ----------------------------------------------------------------------------------

ClassifierTraining::ClassifierTraining(const ImageSet& train, const ImageSet& test,
                                       const ClassifierSpec& spec, std::size_t threads) {
  require_sets(train, test);
  require_spec(spec, train.count());
  require_count("threads", threads, 4096);
  impl_ = std::make_unique<Impl>(train, test, spec, threads);
}

ClassifierTraining::~ClassifierTraining() = default;

double ClassifierTraining::train_batch() {
  return impl_->train_batch();
}
ClassifierPoint ClassifierTraining::observe() {
  return impl_->observe();
}
std::size_t ClassifierTraining::batches_done() const {
  return impl_->done;
}
std::size_t ClassifierTraining::batches_an_epoch() const {
  return impl_->batches();
}
const ClassifierWeights& ClassifierTraining::weights() const {
  return impl_->weights;
}

ClassifierRun train_classifier(const ImageSet& train, const ImageSet& test,
                               const ClassifierSpec& spec, std::size_t threads,
                               const std::function<void(std::size_t)>& progress) {
  ClassifierTraining training(train, test, spec, threads);
  const std::size_t total = spec.epochs * training.batches_an_epoch();
  ClassifierRun run;
  for (std::size_t t = 0;; ++t) {
    if (t % spec.every == 0 || t == total) {
      const ClassifierPoint point = training.observe();
      if (!std::isfinite(point.loss)) return run.diverged_at = t, run;
      run.points.push_back(point);
    }
    if (t == total) return run;
    if (!std::isfinite(training.train_batch())) return run.diverged_at = t, run;
    if (progress) progress(t + 1);
  }
}

std::string blas_core() {
  return blas().core;
}

}  // namespace alignproof
