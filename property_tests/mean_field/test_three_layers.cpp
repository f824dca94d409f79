// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/three_layers.hpp>

#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include <alignproof/core/error.hpp>

#include "mean_field/gaussian_process.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// Three samples of |x|^2 = 2 in R^12, and the data of the published reference values.
LawData own_data() {
  Matrix<double> X(3, 12);
  for (Eigen::Index i = 0; i < 3; ++i) {
    for (Eigen::Index j = 0; j < 12; ++j)
      X(i, j) = standard_normal(7, Stream::X, static_cast<std::uint32_t>(i),
                                static_cast<std::uint32_t>(j));
    X.row(i) *= std::sqrt(2.0) / X.row(i).norm();
  }
  LawData data{X * X.transpose(), Matrix<double>(3, 1)};
  data.Y << 1.1, -0.8, 0.6;
  return data;
}

LawData reference_data() {
  LawData data{Matrix<double>(3, 3), Matrix<double>(3, 1)};
  data.K << 2, -0.27586207739, 0.38091952853, -0.27586207739, 2, 0.58399007911, 0.38091952853,
      0.58399007911, 2;
  data.Y << -0.04878255742, 1.32658480107, -0.87540064911;
  return data;
}

const std::vector<LayerRule> both = {LayerRule::fa, LayerRule::dfa};

/// Mean of the runs and the half-width of its interval at 99.9 %.
Sampled mean_of(const std::vector<double>& values) {
  const double count = static_cast<double>(values.size());
  double mean = 0, square = 0;
  for (double value : values) mean += value / count;
  for (double value : values) square += (value - mean) * (value - mean);
  const double t = quantile(complement(boost::math::students_t(count - 1), 0.0005));
  return {mean, t * std::sqrt(square / (count - 1) / count)};
}

}  // namespace

TEST_CASE("three layers: the published values of the law, within both errors", "[mean_field]") {
  // By an independent program, with Euler's method: its errors are about 0.003, as one deviation.
  const double published = 2.6 * 0.003;
  struct Reference {
    LayerRule rule;
    std::vector<double> cosine, error;  // at tau = 1, 2
  };
  for (const Reference& each : {Reference{LayerRule::fa, {0.512, 0.717}, {1.187, 1.044}},
                                Reference{LayerRule::dfa, {0.505, 0.712}, {1.155, 1.001}}}) {
    const auto law = three_layer_law(reference_data(), Activation::tanh, each.rule, 1, {1, 2},
                                     {.particles = 4096, .samples = 6});
    for (std::size_t k = 0; k < 2; ++k) {
      CHECK(law[k].tau == static_cast<double>(k + 1));
      CHECK(law[k].cosine.error < 0.008);
      CHECK_THAT(law[k].cosine.value,
                 Catch::WithinAbs(each.cosine[k], law[k].cosine.error + published));
      CHECK_THAT(law[k].error.value,
                 Catch::WithinAbs(each.error[k], law[k].error.error + published));
    }
  }
}

TEST_CASE("networks of three layers follow the law", "[mean_field]") {
  const LawData data = own_data();
  for (LayerRule rule : both) {
    INFO((rule == LayerRule::fa ? "fa" : "dfa"));
    const auto law =
        three_layer_law(data, Activation::tanh, rule, 1, {1}, {.particles = 4096, .samples = 6})
            .back();
    const std::size_t p = 300, seeds = 16;
    std::vector<double> cosine, error;
    for (std::size_t s = 0; s < seeds; ++s) {
      const auto run = run_three_layers(data, Activation::tanh, rule, 1, {1}, {p, 0.3, 50 + s});
      cosine.push_back(run.cosine.back()), error.push_back(run.error.back());
    }
    const Sampled measured = mean_of(cosine), left = mean_of(error);
    // What width does to the mean: of order 1/sqrt(p), less than half of it for two layers.
    const double finite = 0.5 / std::sqrt(static_cast<double>(p));
    CHECK_THAT(measured.value,
               Catch::WithinAbs(law.cosine.value, law.cosine.error + measured.error + finite));
    CHECK_THAT(left.value,
               Catch::WithinAbs(law.error.value, law.error.error + left.error + finite));
    CHECK(law.cosine.value > 0.3);
  }
}

TEST_CASE("three layers: halving the step moves the law by less than it states", "[mean_field]") {
  for (LayerRule rule : both) {
    const auto law = [&](double step) {
      return three_layer_law(own_data(), Activation::tanh, rule, 1, {2},
                             {.particles = 2048, .samples = 4, .step = step})
          .back();
    };
    const auto coarse = law(0.5), fine = law(0.2);
    CHECK_THAT(coarse.error.value,
               Catch::WithinAbs(fine.error.value, coarse.error.error + fine.error.error));
    CHECK_THAT(coarse.cosine.value,
               Catch::WithinAbs(fine.cosine.value, coarse.cosine.error + fine.cosine.error));
  }
}

TEST_CASE("a linear middle layer that hears nothing is the law of two layers", "[mean_field]") {
  // At the start chi ~ N(0, K1): the same G as two layers of kernel K1 = E psi psi^T, here K
  // itself.
  const LawData data = own_data();
  const auto start = three_layer_law(data, Activation::identity, LayerRule::dfa, 0.7, {0},
                                     {.particles = 256, .samples = 2})
                         .back();
  const Vector<double> e =
      -0.7 * (data.K + 0.7 * Matrix<double>::Identity(3, 3)).inverse() * data.Y.col(0);
  CHECK_THAT(start.error.value, Catch::WithinAbs(e.norm(), 1e-10));  // whitened samples
  CHECK_THAT(start.cosine.value, Catch::WithinAbs(0, 1e-10));
}

TEST_CASE("the law of three layers is the same bits for any number of jobs", "[mean_field]") {
  ThreeLayerOptions options{.particles = 64, .samples = 3};
  const auto one = three_layer_law(own_data(), Activation::gelu, LayerRule::fa, 1, {0.5}, options);
  options.jobs = 3;
  const auto three =
      three_layer_law(own_data(), Activation::gelu, LayerRule::fa, 1, {0.5}, options);
  CHECK(one[0].cosine.value == three[0].cosine.value);
  CHECK(one[0].error.error == three[0].error.error);
}

TEST_CASE("paths of a Gaussian process have the covariance that was asked for", "[mean_field]") {
  // Features exp(c t) for many c, smooth in t: few members of a basis suffice for many times. The
  // sample is orthonormal, so that its covariances are those asked for up to rounding and what
  // was left out.
  const Eigen::Index N = 200, paths = 500;
  const auto features = [&](double t) -> Matrix<double> {
    Matrix<double> F(N, 2);
    for (Eigen::Index r = 0; r < N; ++r) {
      const double c = static_cast<double>(r) / static_cast<double>(N);
      F(r, 0) = std::exp(c * t), F(r, 1) = std::cos(3 * c + t);
    }
    return F;
  };
  GaussianProcess process(paths, 3, Stream::V);
  std::vector<Matrix<double>> values;
  const double h = 0.1;
  for (std::size_t k = 0; k < 30; ++k) {
    process.next(features(9));  // what is not kept leaves nothing
    const Matrix<double> first = process.next(features(h * static_cast<double>(k)));
    CHECK(process.next(features(h * static_cast<double>(k))) == first);
    values.push_back(first);
    process.keep();
  }
  CHECK(process.rank() < 20);  // of 60 values
  double largest = 0;
  for (std::size_t k = 0; k < values.size(); ++k)
    for (std::size_t j = 0; j <= k; ++j) {
      const Matrix<double> measured = values[j].transpose() * values[k] / paths;
      const Matrix<double> expected = features(h * static_cast<double>(j)).transpose() *
                                      features(h * static_cast<double>(k)) / N;
      largest = std::max(
          largest, (measured - expected).cwiseAbs().maxCoeff() / expected.cwiseAbs().maxCoeff());
    }
  CHECK(largest < 1e-5);
}

TEST_CASE("three layers: what is asked wrongly is said before any work", "[mean_field]") {
  using Catch::Contains;
  const LawData data = own_data();
  const auto law = [&](const LawData& of, const Activation& psi, double lambda,
                       const ThreeLayerOptions& options) {
    return three_layer_law(of, psi, LayerRule::fa, lambda, {1}, options);
  };
  CHECK_THROWS_WITH(law(data, Activation::relu, 1, {}), Contains("relu") && Contains("Lipschitz"));
  CHECK_THROWS_WITH(law(data, Activation::tanh, 0, {}), Contains("lambda = 0"));
  CHECK_THROWS_WITH(law({data.K, Matrix<double>::Ones(3, 2)}, Activation::tanh, 1, {}),
                    Contains("2 outputs"));
  CHECK_THROWS_WITH(law(data, Activation::tanh, 1, {.samples = 1}), Contains("samples = 1"));
  CHECK_THROWS_WITH(law(data, Activation::tanh, 1, {.particles = 9}), Contains("particles = 9"));
  CHECK_THROWS_WITH(law(data, Activation::tanh, 1, {.step = 0}), Contains("step = 0"));
  const auto run = [&](std::size_t p, double eta) {
    return run_three_layers(data, Activation::tanh, LayerRule::fa, 1, {1}, {p, eta, 1});
  };
  CHECK_THROWS_WITH(run(0, 0.1), Contains("width = 0"));
  CHECK_THROWS_WITH(run(9000, 0.1), Contains("width = 9000"));
  CHECK_THROWS_WITH(run(10, 2), Contains("eta lambda = 2"));
  CHECK(layer_rule_from("dfa") == LayerRule::dfa);
  CHECK_THROWS_WITH(layer_rule_from("bp"), Contains("'bp'") && Contains("fa or dfa"));
}
