// SPDX-License-Identifier: Apache-2.0
// The classifier against a plain reference in double that shares no code with it, with the order of
// the images, the pixels' factor and the dropped units made again from their description; against
// finite differences of the reference's loss; and its bits against themselves on more threads.
#include <alignproof/sweeps/classifier.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include <alignproof/core/error.hpp>
#include <alignproof/random/normal.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

using Doubles = std::vector<double>;
constexpr std::size_t k = classifier_outputs;

/// Ten noisy prototypes in turn.
ImageSet toy_images(std::size_t count, std::size_t rows, std::size_t cols, std::uint32_t noise_from,
                    std::uint64_t noise = 60) {
  ImageSet set{rows, cols, {}, {}};
  for (std::uint32_t i = 0; i < count; ++i) {
    set.labels.push_back(static_cast<std::uint8_t>(i % k));
    for (std::uint32_t j = 0; j < rows * cols; ++j) {
      const auto base = random_bits(1, Stream::choice, i % k, j) % (255 - noise);
      const auto more = random_bits(2, Stream::choice, noise_from + i, j) % noise;
      set.pixels.push_back(static_cast<std::uint8_t>(1 + base + more));
    }
  }
  return set;
}

// ---- The reference ------------------------------------------------------------------------------

namespace plain {

struct Weights {
  Doubles W, V, beta, b, B;
};

Weights from(const ClassifierWeights& w) {
  const auto wide = [](const std::vector<float>& v) { return Doubles(v.begin(), v.end()); };
  return {wide(w.W), wide(w.V), wide(w.beta), wide(w.b), wide(w.B)};
}

Doubles gaussian(std::uint64_t seed, Stream stream, std::size_t rows, std::size_t cols) {
  Doubles values;
  for (std::uint32_t r = 0; r < rows; ++r)
    for (std::uint32_t j = 0; j < cols; ++j)
      values.push_back(static_cast<float>(standard_normal(seed, stream, r, j)));
  return values;
}

Weights initial(const ClassifierSpec& s, std::size_t d) {
  Weights w{gaussian(s.seed, Stream::W, s.width, d),
            {},
            gaussian(s.seed, Stream::beta, s.width, k),
            gaussian(s.seed, Stream::b, s.width, k),
            {}};
  if (s.layers == 3) w.V = gaussian(s.seed, Stream::V, s.width, s.width);
  if (s.layers == 3) w.B = gaussian(s.seed, Stream::B, s.width, s.width);
  return w;
}

struct Sample {
  Doubles x;
  std::size_t label;
  Doubles kept;  ///< 0 or 1 / (1 - q) for every unit
};
using Batch = std::vector<Sample>;

/// The batch after t others; without dropout every unit is kept.
Batch batch(const ImageSet& images, const ClassifierSpec& s, std::size_t t, bool dropout) {
  const std::size_t d = images.rows * images.cols, an_epoch = images.count() / s.batch;
  std::vector<std::size_t> order(images.count());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto key = [&](std::size_t i) {
    return random_bits(s.seed, Stream::batches, static_cast<std::uint32_t>(t / an_epoch),
                       static_cast<std::uint32_t>(i));
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return key(i) < key(j); });
  double squares = 0;
  for (const double pixel : images.pixels) squares += pixel * pixel / 255 / 255;
  const double factor = s.input_norm / std::sqrt(squares / static_cast<double>(images.count()));
  const double below = std::round(65536 * s.dropout);
  Batch chosen;
  for (std::size_t i = 0; i < s.batch; ++i) {
    const std::size_t image = order[t % an_epoch * s.batch + i];
    Sample sample{{}, images.labels[image], Doubles(s.width, 1)};
    for (std::size_t j = 0; j < d; ++j)
      sample.x.push_back(factor * images.pixels[image * d + j] / 255);
    for (std::size_t r = 0; dropout && r < s.width; ++r) {
      const auto words = (s.batch + 3) / 4;
      const auto bits = random_bits(s.seed, Stream::dropout, static_cast<std::uint32_t>(t),
                                    static_cast<std::uint32_t>(r * words + i / 4));
      const auto sixteen = static_cast<double>(bits >> (16 * (i % 4)) & 0xffff);
      sample.kept[r] = sixteen < below ? 0 : 1 / (1 - below / 65536);
    }
    chosen.push_back(sample);
  }
  return chosen;
}

double psi(Activation kind, double a) {
  if (kind == Activation::relu) return a > 0 ? a : 0;
  if (kind == Activation::tanh) return std::tanh(a);
  if (kind == Activation::sigmoid) return 1 / (1 + std::exp(-a));
  return a;
}

double slope(Activation kind, double a) {
  if (kind == Activation::relu) return a > 0 ? 1 : 0;
  if (kind == Activation::tanh) return 1 / std::cosh(a) / std::cosh(a);
  if (kind == Activation::sigmoid) return psi(kind, a) * psi(kind, -a);
  return 1;
}

struct Values {
  Doubles a1, h1, a, h;  ///< a, h: the last hidden layer, h after dropout
  Doubles f, e;
  double loss;
  double growth;  ///< how much larger the sums of absolute values are than 1
  double to_kink;
};

Values forward(const ClassifierSpec& s, const Weights& w, const Sample& sample) {
  const std::size_t p = s.width, d = sample.x.size();
  const double root_p = std::sqrt(static_cast<double>(p));
  Values v{Doubles(p), Doubles(p), {}, Doubles(p), Doubles(k), Doubles(k), 0, 1, 1};
  double most_1 = 0, most_2 = 0, most_f = 0;
  for (std::size_t r = 0; r < p; ++r) {
    double size = 0;
    for (std::size_t j = 0; j < d; ++j) {
      v.a1[r] += w.W[r * d + j] * sample.x[j];
      size += std::abs(w.W[r * d + j] * sample.x[j]);
    }
    v.h1[r] = psi(s.activation, v.a1[r]);
    most_1 = std::max(most_1, size);
  }
  v.a = v.a1;
  for (std::size_t r = 0; s.layers == 3 && r < p; ++r) {
    double size = 0;
    v.a[r] = 0;
    for (std::size_t q = 0; q < p; ++q) {
      v.a[r] += w.V[r * p + q] * v.h1[q] / root_p;
      size += std::abs(w.V[r * p + q] * v.h1[q] / root_p);
    }
    most_2 = std::max(most_2, size);
  }
  for (std::size_t r = 0; r < p; ++r) {
    v.h[r] = psi(s.activation, v.a[r]) * sample.kept[r];
    v.to_kink = std::min({v.to_kink, std::abs(v.a[r]), std::abs(v.a1[r])});
  }
  double sum = 0;
  for (std::size_t o = 0; o < k; ++o) {
    double size = 0;
    for (std::size_t r = 0; r < p; ++r) {
      v.f[o] += w.beta[r * k + o] * v.h[r] / root_p;
      size += std::abs(w.beta[r * k + o] * v.h[r] / root_p);
    }
    most_f = std::max(most_f, size);
    sum += std::exp(v.f[o]);
  }
  for (std::size_t o = 0; o < k; ++o) v.e[o] = std::exp(v.f[o]) / sum - (o == sample.label ? 1 : 0);
  v.loss = std::log(sum) - v.f[sample.label];
  v.growth = (1 + most_1) * (1 + most_2) * (1 + most_f);
  return v;
}

/// What backpropagation descends: cross-entropy and penalty.
double objective(const ClassifierSpec& s, const Weights& w, const Batch& batch) {
  double loss = 0, squares = 0;
  for (const Sample& sample : batch) loss += forward(s, w, sample).loss;
  for (const double value : w.beta) squares += value * value;
  return loss / static_cast<double>(batch.size()) + s.reg / 2 * squares;
}

Weights step(const ClassifierSpec& s, const Weights& w, const Batch& batch) {
  const std::size_t p = s.width, d = batch.front().x.size();
  const double root_p = std::sqrt(static_cast<double>(p));
  const double rate = s.step / static_cast<double>(batch.size());
  const Doubles& back = s.learning == Rule::fa ? w.b : w.beta;
  const Doubles& M = s.learning == Rule::fa ? w.B : w.V;
  Weights next = w;
  for (double& value : next.beta) value -= s.step * s.reg * value;
  for (const Sample& sample : batch) {
    const Values v = forward(s, w, sample);
    Doubles delta(p);
    for (std::size_t r = 0; r < p; ++r)
      for (std::size_t o = 0; o < k; ++o) {
        next.beta[r * k + o] -= rate * v.h[r] * v.e[o] / root_p;
        delta[r] +=
            back[r * k + o] * v.e[o] * slope(s.activation, v.a[r]) * sample.kept[r] / root_p;
      }
    if (!s.learning.hidden_learns()) continue;
    Doubles first = delta;
    if (s.layers == 3)
      for (std::size_t q = 0; q < p; ++q) {
        first[q] = 0;
        for (std::size_t r = 0; r < p; ++r) {
          first[q] += delta[r] * M[r * p + q] * slope(s.activation, v.a1[q]) / root_p;
          next.V[r * p + q] -= rate * delta[r] * v.h1[q] / root_p;
        }
      }
    for (std::size_t r = 0; r < p; ++r)
      for (std::size_t j = 0; j < d; ++j) next.W[r * d + j] -= rate * first[r] * sample.x[j];
  }
  return next;
}

}  // namespace plain

double largest(const Doubles& values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

double distance(const Doubles& u, const Doubles& v) {
  Doubles gap(u.size());
  std::transform(u.begin(), u.end(), v.begin(), gap.begin(), std::minus<>());
  return largest(gap);
}

/// Every sum has at most d + p + m + 10 terms, each rounded by 2^-24 of its size, and an activation
/// or exponential adds a few roundings; `growth` bounds how sums of absolute values, layer after
/// layer, exceed what is added to the weights.
bool close(const Doubles& got, const Doubles& expected, const Doubles& before, double growth,
           std::size_t terms) {
  const double size = largest(before) + distance(expected, before);
  return got.size() == expected.size() &&
         distance(got, expected) <= 2 * 0x1p-24 * static_cast<double>(terms) * growth * size;
}

/// Steps of the training, each from the weights where it stood: what is wrong first, or "". Where a
/// unit is so near to the kink of relu that rounding may decide its side, weights are not compared.
std::string first_difference(const ClassifierSpec& s, const ImageSet& images, std::size_t steps) {
  const std::size_t d = images.rows * images.cols, terms = d + s.width + s.batch + 20;
  ClassifierTraining training(images, images, s, 2);
  const plain::Weights fixed = plain::initial(s, d);
  plain::Weights before = plain::from(training.weights());
  if (before.W != fixed.W || before.V != fixed.V || before.beta != fixed.beta) return "start";
  for (std::size_t t = 0; t < steps; ++t) {
    const plain::Batch batch = plain::batch(images, s, t, s.dropout > 0);
    const plain::Weights expected = plain::step(s, before, batch);
    double growth = 1, to_kink = 1, loss = 0;
    for (const auto& sample : batch) {
      const auto v = plain::forward(s, before, sample);
      growth = std::max(growth, v.growth), to_kink = std::min(to_kink, v.to_kink);
      loss += v.loss / static_cast<double>(s.batch);
    }
    const double loss_error = std::abs(training.train_batch() - loss);
    const plain::Weights after = plain::from(training.weights());
    if (!(loss_error <= 2 * 0x1p-24 * static_cast<double>(terms) * growth * (1 + loss)))
      return "loss";
    if (after.b != fixed.b || after.B != fixed.B) return "feedback";
    if (s.activation != Activation::relu || to_kink > 1e-5) {
      if (!close(after.W, expected.W, before.W, growth, terms)) return "W";
      if (!close(after.V, expected.V, before.V, growth, terms)) return "V";
      if (!close(after.beta, expected.beta, before.beta, growth, terms)) return "beta";
    }
    before = after;
  }
  return training.batches_done() == steps ? "" : "batches done";
}

constexpr Activation activations[] = {Activation::relu, Activation::tanh, Activation::sigmoid,
                                      Activation::identity};

ClassifierSpec small_spec() {
  ClassifierSpec s;
  s.width = 9, s.batch = 7, s.step = 4;
  return s;
}

/// Entries of (before - after) / step against central differences of the objective.
void check_gradient(const ClassifierSpec& s, const plain::Weights& at, const Doubles& after,
                    Doubles plain::Weights::*part, const plain::Batch& batch) {
  constexpr double h = 1e-6;
  for (std::size_t i = 0; i < after.size(); ++i) {
    plain::Weights up = at, down = at;
    (up.*part)[i] += h, (down.*part)[i] -= h;
    const double slope =
        (plain::objective(s, up, batch) - plain::objective(s, down, batch)) / (2 * h);
    const double moved = ((at.*part)[i] - after[i]) / s.step;
    CHECK(std::abs(moved - slope) <= 1e-6 * (1 + std::abs(slope)));
  }
}

bool same_bits(const std::vector<float>& u, const std::vector<float>& v) {
  return u.size() == v.size() && std::memcmp(u.data(), v.data(), u.size() * sizeof(float)) == 0;
}

bool same(const ClassifierPoint& u, const ClassifierPoint& v) {
  return u.batch == v.batch && u.loss == v.loss && u.train_accuracy == v.train_accuracy &&
         u.test_accuracy == v.test_accuracy && u.weight_cosine == v.weight_cosine &&
         u.signal_cosine == v.signal_cosine && u.middle_cosine == v.middle_cosine;
}

}  // namespace

TEST_CASE("a step of backpropagation is the gradient of the loss", "[classifier]") {
  const ImageSet images = toy_images(23, 2, 3, 0);
  for (const std::size_t layers : {2, 3})
    for (const Activation activation : activations)
      for (const double dropout : {0.0, 0.3}) {
        ClassifierSpec s = small_spec();
        s.layers = layers, s.activation = activation, s.dropout = dropout;
        s.learning = Rule::bp, s.reg = 0.3;
        CAPTURE(layers, to_string(activation), dropout);
        ClassifierTraining training(images, images, s, 1);
        const plain::Weights at = plain::from(training.weights());
        training.train_batch();
        const plain::Weights after = plain::from(training.weights());
        const plain::Batch batch = plain::batch(images, s, 0, dropout > 0);
        check_gradient(s, at, after.W, &plain::Weights::W, batch);
        check_gradient(s, at, after.V, &plain::Weights::V, batch);
        check_gradient(s, at, after.beta, &plain::Weights::beta, batch);
      }
}

TEST_CASE("steps of the classifier = definition", "[classifier][property]") {
  check_property("each step within rounding of a plain reference", [] {
    ClassifierSpec s;
    s.layers = *rc::gen::element<std::size_t>(2, 3);
    s.width = *rc::gen::inRange<std::size_t>(1, 20);
    s.activation = *rc::gen::elementOf(
        std::vector<Activation>(std::begin(activations), std::end(activations)));
    s.learning = learning_rule_from(*rc::gen::element("fa", "bp", "shallow"));
    s.step = *rc::gen::element(0.01, 0.5, 3.0);
    s.reg = *rc::gen::element(0.0, 1e-3, 0.2);
    s.dropout = *rc::gen::element(0.0, 0.1, 0.5);
    s.batch = *rc::gen::inRange<std::size_t>(1, 12);
    s.seed = *rc::gen::arbitrary<std::uint64_t>();
    s.input_norm = *rc::gen::element(1.0, 3.0);
    const auto rows = *rc::gen::inRange<std::size_t>(1, 5),
               cols = *rc::gen::inRange<std::size_t>(1, 5);
    // Up to three batches an epoch and an incomplete one, so that five steps see two epochs.
    const auto count =
        s.batch * *rc::gen::inRange<std::size_t>(1, 4) + *rc::gen::inRange<std::size_t>(0, s.batch);
    RC_ASSERT(first_difference(s, toy_images(count, rows, cols, 0), 5) == "");
  });
}

TEST_CASE("steps of a network of several chunks and whole vectors = definition", "[classifier]") {
  const ImageSet images = toy_images(80, 4, 4, 0);
  for (const Activation activation : activations)
    for (const double dropout : {0.0, 0.4}) {
      ClassifierSpec s;
      s.width = 1100, s.batch = 37, s.activation = activation, s.dropout = dropout;
      CAPTURE(to_string(activation), dropout);
      CHECK(first_difference(s, images, 2) == "");
    }
}

TEST_CASE("the bits of a training do not depend on its threads", "[classifier]") {
  const ImageSet images = toy_images(130, 5, 5, 0);
  for (const std::size_t layers : {2, 3}) {
    ClassifierSpec s;
    s.layers = layers, s.width = 301, s.batch = 40, s.dropout = 0.2, s.reg = 0.01, s.every = 2;
    s.activation = Activation::tanh, s.epochs = 2;
    ClassifierTraining one(images, images, s, 1);
    for (int t = 0; t < 5; ++t) one.train_batch();
    const ClassifierRun run = train_classifier(images, images, s, 1);
    for (const std::size_t threads : {2, 3, 7}) {
      ClassifierTraining more(images, images, s, threads);
      for (int t = 0; t < 5; ++t) more.train_batch();
      CHECK(same_bits(one.weights().W, more.weights().W));
      CHECK(same_bits(one.weights().V, more.weights().V));
      CHECK(same_bits(one.weights().beta, more.weights().beta));
      const ClassifierRun again = train_classifier(images, images, s, threads);
      REQUIRE(again.points.size() == run.points.size());
      for (std::size_t i = 0; i < run.points.size(); ++i)
        CHECK(same(again.points[i], run.points[i]));
    }
  }
}

TEST_CASE("what is observed = definition: loss, accuracies, angles in p dimensions",
          "[classifier]") {
  const ImageSet images = toy_images(60, 3, 4, 0), test = toy_images(33, 3, 4, 1000);
  const auto cosine = [](const Doubles& u, const Doubles& v) {
    const double uv = std::inner_product(u.begin(), u.end(), v.begin(), 0.0);
    return uv / std::sqrt(std::inner_product(u.begin(), u.end(), u.begin(), 0.0)) /
           std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0));
  };
  const auto right = [](const plain::Values& v, std::size_t label) {
    return std::max_element(v.f.begin(), v.f.end()) - v.f.begin() ==
           static_cast<std::ptrdiff_t>(label);
  };
  for (const std::size_t layers : {2, 3}) {
    ClassifierSpec s;
    s.layers = layers, s.width = 40, s.batch = 20, s.dropout = 0.3, s.step = 2;
    ClassifierTraining training(images, test, s, 2);
    for (std::size_t t = 0; t <= 4; ++t) {
      if (t > 0) training.train_batch();
      const ClassifierPoint point = training.observe();
      const plain::Weights w = plain::from(training.weights());
      const plain::Batch batch = plain::batch(images, s, t == 0 ? 0 : t - 1, false);
      double loss = 0, hits = 0, signal = 0, test_hits = 0;
      for (const auto& sample : batch) {
        const plain::Values v = plain::forward(s, w, sample);
        loss += v.loss / 20, hits += right(v, sample.label);
        Doubles fed(s.width), sent(s.width);
        for (std::size_t r = 0; r < s.width; ++r)
          for (std::size_t o = 0; o < k; ++o)
            fed[r] += w.b[r * k + o] * v.e[o], sent[r] += w.beta[r * k + o] * v.e[o];
        signal += cosine(fed, sent) / 20;
      }
      double squares = 0;
      for (const double pixel : images.pixels) squares += pixel * pixel;
      for (std::size_t i = 0; i < test.count(); ++i) {
        plain::Sample sample{{}, test.labels[i], Doubles(s.width, 1)};
        for (std::size_t j = 0; j < 12; ++j)
          sample.x.push_back(test.pixels[i * 12 + j] / std::sqrt(squares / 60));
        test_hits += right(plain::forward(s, w, sample), test.labels[i]);
      }
      CHECK(point.batch == t);
      CHECK(std::abs(point.loss - loss) <= 1e-5);
      CHECK(point.train_accuracy == Approx(hits / 20));
      CHECK(point.test_accuracy == Approx(test_hits / 33));
      CHECK(std::abs(point.signal_cosine - signal) <= 1e-5);
      CHECK(std::abs(point.weight_cosine - cosine(w.b, w.beta)) <= 1e-12);
      CHECK(point.middle_cosine.has_value() == (layers == 3));
      if (layers == 3) CHECK(std::abs(*point.middle_cosine - cosine(w.B, w.V)) <= 1e-12);
    }
  }
}

TEST_CASE("a toy problem is learned by feedback alignment and by backpropagation", "[classifier]") {
  const ImageSet images = toy_images(600, 5, 5, 0, 100), test = toy_images(200, 5, 5, 5000, 100);
  for (const std::size_t layers : {2, 3})
    for (const Rule rule : {Rule::fa, Rule::bp}) {
      ClassifierSpec s;
      s.layers = layers, s.learning = rule, s.width = 100, s.batch = 50, s.epochs = 60, s.step = 5;
      const ClassifierRun run = train_classifier(images, test, s, 2);
      CAPTURE(layers, std::string(to_string(rule)));
      CHECK_FALSE(run.diverged_at);
      CHECK(run.points.front().test_accuracy < 0.5);
      CHECK(run.points.back().test_accuracy > 0.95);
      CHECK(run.points.back().loss < run.points.front().loss / 3);
    }
}

TEST_CASE("points lie at 0, every so many batches, and at the end", "[classifier]") {
  const ImageSet images = toy_images(50, 2, 2, 0);
  ClassifierSpec s = small_spec();
  s.epochs = 2, s.every = 5;  // 7 batches an epoch: one image is left out
  std::vector<std::size_t> told, at;
  const ClassifierRun run =
      train_classifier(images, images, s, 1, [&](std::size_t done) { told.push_back(done); });
  for (const auto& point : run.points) at.push_back(point.batch);
  CHECK(at == std::vector<std::size_t>{0, 5, 10, 14});
  CHECK(told.size() == 14);
  CHECK(told.back() == 14);
}

TEST_CASE("the shallow rule leaves the hidden layers alone", "[classifier]") {
  const ImageSet images = toy_images(50, 2, 2, 0);
  ClassifierSpec s = small_spec();
  s.layers = 3, s.learning = learning_rule_from("shallow");
  ClassifierTraining training(images, images, s, 2);
  const ClassifierWeights before = training.weights();
  for (int t = 0; t < 10; ++t) training.train_batch();
  CHECK(same_bits(before.W, training.weights().W));
  CHECK(same_bits(before.V, training.weights().V));
  CHECK_FALSE(same_bits(before.beta, training.weights().beta));
}

TEST_CASE("a training that diverges says after how many batches", "[classifier]") {
  const ImageSet images = toy_images(50, 2, 2, 0);
  for (const Activation activation : activations) {
    ClassifierSpec s = small_spec();
    s.activation = activation, s.reg = 11 / s.step, s.epochs = 1000, s.every = 10;
    const ClassifierRun run = train_classifier(images, images, s, 2);
    CAPTURE(to_string(activation));
    REQUIRE(run.diverged_at);
    // |beta| grows by 10 in each step: past the largest float, 3e38, after about 38.
    CHECK(*run.diverged_at >= 30);
    CHECK(*run.diverged_at <= 42);
    CHECK(run.points.size() == *run.diverged_at / 10 + (*run.diverged_at % 10 == 0 ? 0 : 1));
    for (const auto& point : run.points) CHECK(std::isfinite(point.loss));
  }
}

TEST_CASE("bad specs and images are refused, and the line says what is accepted", "[classifier]") {
  const ImageSet images = toy_images(50, 2, 2, 0);
  const auto refused = [&](const auto& change, const std::string& what) {
    ClassifierSpec s = small_spec();
    ImageSet train = images, test = images;
    std::size_t threads = 1;
    change(s, train, test, threads);
    CAPTURE(what);
    CHECK_THROWS_AS(train_classifier(train, test, s, threads), InputError);
    CHECK_THROWS_WITH(train_classifier(train, test, s, threads), Catch::StartsWith(what));
  };
  using Spec = ClassifierSpec&;
  using Set = ImageSet&;
  using Threads = std::size_t&;
  const double nan = std::nan(""), infinity = HUGE_VAL;
  refused([](Spec s, Set, Set, Threads) { s.layers = 4; }, "layers = 4");
  refused([](Spec s, Set, Set, Threads) { s.layers = 1; }, "layers = 1");
  refused([](Spec s, Set, Set, Threads) { s.width = 0; }, "width = 0");
  refused([](Spec s, Set, Set, Threads) { s.width = 65537; }, "width = 65537");
  refused([](Spec s, Set, Set, Threads) { s.activation = Activation::gelu; }, "activation = gelu");
  for (const char* rule : {"sign-symmetric", "kolen-pollack"})
    refused([&](Spec s, Set, Set, Threads) { s.learning = learning_rule_from(rule); },
            "rule = '" + std::string(rule) + "' is not accepted: give fa, bp or shallow");
  for (const double bad : {0.0, -1.0, nan, infinity})
    refused([&](Spec s, Set, Set, Threads) { s.step = bad; }, "step = ");
  for (const double bad : {-1e-9, nan, infinity})
    refused([&](Spec s, Set, Set, Threads) { s.reg = bad; }, "reg = ");
  for (const double bad : {-0.1, 1.0, 1 - 1e-7, nan, infinity})
    refused([&](Spec s, Set, Set, Threads) { s.dropout = bad; }, "dropout = ");
  refused([](Spec s, Set, Set, Threads) { s.batch = 0; }, "batch = 0");
  refused([](Spec s, Set, Set, Threads) { s.batch = 51; }, "batch = 51");
  refused([](Spec s, Set, Set, Threads) { s.epochs = 0; }, "epochs = 0");
  refused([](Spec s, Set, Set, Threads) { s.every = 0; }, "every = 0");
  for (const double bad : {0.0, -1.0, nan, infinity})
    refused([&](Spec s, Set, Set, Threads) { s.input_norm = bad; }, "input norm = ");
  refused([](Spec, Set, Set, Threads threads) { threads = 0; }, "threads = 0");
  refused([](Spec, Set train, Set, Threads) { train.labels[3] = 10; }, "training set = label 10");
  refused([](Spec, Set train, Set, Threads) { train = {2, 2, {}, {}}; }, "training set = an empty");
  refused([](Spec, Set train, Set, Threads) { train.pixels.pop_back(); }, "training set = 199");
  refused([](Spec, Set train, Set, Threads) { train.pixels.assign(200, 0); }, "training images");
  refused([](Spec, Set, Set test, Threads) { test.labels[0] = 11; }, "test set = label 11");
  refused([](Spec, Set, Set test, Threads) { test = toy_images(9, 1, 4, 0); }, "test images");
}

TEST_CASE("the core of the matrix product has a name", "[classifier]") {
  CHECK_FALSE(blas_core().empty());
}

TEST_CASE("the test part of an image folder is read", "[classifier]") {
  const auto folder = fashion_mnist_folder();
  if (!folder) return;
  const ImageSet test = read_image_folder(*folder, ImagePart::test);
  CHECK(test.count() == 10000);
  for (std::uint8_t label = 0; label < k; ++label)
    CHECK(std::count(test.labels.begin(), test.labels.end(), label) == 1000);
}
