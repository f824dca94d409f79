// SPDX-License-Identifier: Apache-2.0
// The limit kernel of the checker against Mehler's series, badly chosen series, and kernel
// certificates: what is true is accepted, what is altered is refused.
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>

#include <alignproof/core/error.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/kernel_certificate.hpp>
#include <alignproof/format/sha256.hpp>

#include "check/checker.hpp"
#include "check/decide_kernel.hpp"
#include "check/limit_kernel.hpp"
#include "format/edit_certificate.hpp"
#include "format/temporary_folder.hpp"
#include "generators/with_kernel.hpp"
#include "property.hpp"
#include "reference/mehler.hpp"

using namespace alignproof;
using check::Ball;
using check::BallMatrix;
using check::Decision;
using check::Effort;
namespace fs = std::filesystem;

namespace {

/// n x d numbers between -1 and 1 with few bits, rows of about unit length, times `length`.
Array samples(std::size_t n, std::size_t d, double length, unsigned seed = 1) {
  Array X({n, d});
  std::uint64_t state = 88172645463325252u + seed;
  for (double& x : X.values) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    x = (std::ldexp(static_cast<double>(state >> 44), -19) - 1) * length /
        std::sqrt(static_cast<double>(d) / 3);
  }
  return X;
}

BallMatrix kernel(Activation activation, const Array& X, const Effort& effort) {
  return check::limit_kernel(activation, check::gram_of_rows(X), effort);
}

double log2_radius(const BallMatrix& G, std::size_t i, std::size_t j) {
  return std::log2(check::about(check::radius(G.at(i, j))));
}

bool definite(const BallMatrix& G, double shift) {
  return check::positive_definite(G - shift).decision == Decision::proved;
}

/// gamma in doubles, by bisection on the pivots.
double gamma_of(Activation activation, const Array& X) {
  const check::PrecisionScope scope(128);
  const BallMatrix G = kernel(activation, X, {.bits = 96});
  double low = 0, high = check::about(G.at(0, 0));
  for (int k = 0; k < 200 && low < high; ++k) {
    const double middle = low + (high - low) / 2;
    if (middle == low || middle == high) break;
    (definite(G, middle) ? low : high) = middle;
  }
  return low;
}

KernelCertificate certificate_of(Activation activation, const Array& X, double slack = 1e-13) {
  const double gamma = gamma_of(activation, X);
  return {activation, X, gamma * (1 - slack), gamma * (1 + slack)};
}

Decision decision_of(const KernelCertificate& c) {
  return check::verify(c, 64, 256).decision;
}

/// Three samples, two of them at a distance of about 1e-6.
Array nearly_parallel() {
  Array X = samples(3, 6, 1);
  for (std::size_t m = 0; m < 6; ++m) X(1, m) = X(0, m);
  X(1, 2) += 1e-6;
  return X;
}

Array with_rows(std::size_t i, std::size_t j, double factor) {
  Array X = samples(4, 6, 1);
  for (std::size_t m = 0; m < 6; ++m) X(i, m) = factor * X(j, m);
  return X;
}

CheckReceipt receipt_of(const fs::path& folder) {
  return CheckReceipt::obtain(
      test::checker(), folder,
      fs::exists(folder / "kernel.json") ? sha256_of_file(folder / "kernel.json") : std::string());
}

}  // namespace

TEST_CASE("the limit kernel of the checker agrees with Mehler's series", "[check]") {
  const check::PrecisionScope scope(128);
  for (double length : {0.1, 1.0}) {
    Array X = samples(3, 3, length);
    for (std::size_t m = 0; m < 3; ++m) X(2, m) = 0.5 * X(0, m);  // parallel
    const BallMatrix K = check::gram_of_rows(X);
    for (Activation activation :
         {Activation::tanh, Activation::sigmoid, Activation::softplus, Activation::gelu}) {
      const BallMatrix G = check::limit_kernel(activation, K),
                       other = check::mehler::limit_kernel(activation, K);
      const bool bounded = activation == Activation::tanh || activation == Activation::sigmoid;
      for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
          INFO(to_string(activation) << " " << length << " (" << i << ", " << j << ")");
          CHECK(log2_radius(G, i, j) < -100);
          if (bounded) {
            CHECK(arb_overlaps(G.entry(i, j), other.entry(i, j)));
            CHECK(log2_radius(other, i, j) < (length > 0.5 ? -40 : -80));
          } else {
            const Ball apart =
                check::abs(check::midpoint(G.at(i, j)) - check::midpoint(other.at(i, j)));
            CHECK(check::about(apart) < (length > 0.5 ? 1e-13 : 1e-22));
          }
        }
    }
  }
}

TEST_CASE("tiny and long inputs keep their digits", "[check]") {
  const check::PrecisionScope scope(128);
  const auto one = [](double x, double y, Activation activation) {
    Array X({2, 2});
    X(0, 0) = x, X(1, 0) = y * 0.6, X(1, 1) = y * 0.8;
    return kernel(activation, X, {.bits = 100});
  };
  // Identity and sign: relative errors of order |x|^2 and 1/|x|.
  const BallMatrix tiny = one(1e-140, 1e-120, Activation::tanh);
  CHECK(check::about(tiny.at(1, 0)) == Approx(0.6e-260).epsilon(1e-12));
  CHECK(log2_radius(tiny, 1, 0) < std::log2(1e-260) - 80);
  const BallMatrix wide = one(1e7, 1e12, Activation::tanh);
  CHECK(check::about(wide.at(1, 0)) == Approx(2 / M_PI * std::asin(0.6)).epsilon(1e-6));
  CHECK(log2_radius(wide, 1, 0) < -60);
  CHECK(check::about(wide.at(0, 0)) == Approx(1).epsilon(1e-6));
  const BallMatrix mixed = one(1e-30, 1e6, Activation::tanh);
  CHECK(check::about(mixed.at(1, 0)) == Approx(0.6e-30 * std::sqrt(2 / M_PI)).epsilon(1e-5));
  CHECK(log2_radius(mixed, 1, 0) < std::log2(1e-30) - 60);
  // softplus of long inputs is nearly relu.
  const BallMatrix ramp = one(60, 90, Activation::softplus), relu = one(60, 90, Activation::relu);
  CHECK(check::about(ramp.at(1, 0)) == Approx(check::about(relu.at(1, 0))).epsilon(1e-3));
  CHECK(log2_radius(ramp, 1, 0) < -60);
}

TEST_CASE("badly chosen series stay sound", "[check]") {
  std::size_t wide = 0;
  for (double length : {1e-3, 0.8, 4.0}) {
    Array X = samples(4, 5, length, 3);
    for (std::size_t m = 0; m < 5; ++m) X(1, m) = -X(0, m), X(2, m) = X(0, m) + (m == 0) * 1e-4;
    for (Activation activation : {Activation::tanh, Activation::sigmoid, Activation::softplus}) {
      const auto at = [&](long bits, const Effort& effort) {
        const check::PrecisionScope scope(bits);
        return kernel(activation, X, effort);
      };
      const BallMatrix sharp = at(128, {.bits = 90});
      for (double antiperiod : {0.0, 0.3, 0.8, 1.0, 1.5})
        for (double terms : {0.0, 0.3, 0.8, 1.0, 2.0}) {
          const BallMatrix G = at(80, {.bits = 40, .antiperiod = antiperiod, .terms = terms});
          for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t j = 0; j <= i; ++j) {
              INFO(to_string(activation) << " " << length << " (" << i << ", " << j
                                         << "): antiperiod " << antiperiod << ", terms " << terms);
              CHECK(arb_contains(G.entry(i, j), sharp.entry(i, j)));
              if (antiperiod >= 1 && terms >= 1)
                CHECK(log2_radius(G, i, j) < -30 + std::min(0.0, 2 * std::log2(length)));
              wide += !(log2_radius(G, i, j) < -30);
            }
        }
    }
  }
  CHECK(wide > 300);  // bad choices were bad
}

TEST_CASE("what lies below a window is bounded", "[check]") {
  // Nearly parallel rows of lengths 2 and 1/2: the weights of the short one fall slowly, so that
  // its first terms are most of what a window that is too narrow leaves out.
  Array X({2, 2});
  X(0, 0) = 0.5, X(1, 0) = 2, X(1, 1) = 2 * 0x1p-10;
  const auto entry = [&](Activation activation, const Effort& effort) {
    const check::PrecisionScope scope(160);
    return kernel(activation, X, effort).at(1, 0);
  };
  for (Activation activation : {Activation::tanh, Activation::sigmoid}) {
    const Ball sharp = entry(activation, {.bits = 110});
    for (double terms : {0.3, 0.4, 0.5, 0.6}) {
      INFO(to_string(activation) << ": terms " << terms);
      const Ball wide = entry(activation, {.bits = 60, .terms = terms});
      CHECK(arb_contains(wide.get(), sharp.get()));
      CHECK(check::about(check::radius(wide)) < 1e-2);
    }
  }
}

TEST_CASE("the kernel of balls holds the kernels of their points", "[check]") {
  const check::PrecisionScope scope(80);
  const auto at = [](Activation activation, const Ball& covariance) {
    BallMatrix K(2, 2);
    K.set(0, 0, 1), K.set(1, 1, 4), K.set(0, 1, covariance), K.set(1, 0, covariance);
    return check::limit_kernel(activation, K, {.bits = 40});
  };
  for (Activation activation : gen::activations_with_kernel())
    for (double middle : {-1.75, 0.0, 1.9375}) {
      const BallMatrix G = at(activation, check::widened(middle, 0x1p-6));
      for (double shift : {-0x1p-6, 0x1p-7, 0x1p-6}) {
        INFO(to_string(activation) << " " << middle << " " << shift);
        CHECK(arb_contains(G.entry(1, 0), at(activation, middle + shift).entry(1, 0)));
      }
      CHECK(check::about(check::radius(G.at(1, 0))) < 0.7);
    }
  // Too long for a series: E tanh tanh lies between 1 - 1e-5 and 1.
  Array X({2, 2});
  X(0, 0) = X(1, 0) = 1e7, X(1, 1) = 1;
  const BallMatrix G = kernel(Activation::tanh, X, {.bits = 80});
  CHECK(arb_contains(G.entry(1, 0), Ball(1 - 1e-5).get()));
  CHECK(check::about(check::radius(G.at(1, 0))) < 0.3);
}

TEST_CASE("true kernel certificates are accepted, false ones refuted", "[check]") {
  for (Activation activation : gen::activations_with_kernel()) {
    INFO(to_string(activation));
    for (const Array& X : {samples(3, 2, 2), nearly_parallel()}) {
      if (activation == Activation::identity && X.rows() > X.cols()) continue;
      const KernelCertificate good = certificate_of(activation, X);
      CHECK(good.gamma_lower > 0);
      CHECK(decision_of(good) == Decision::proved);
      KernelCertificate c = good;
      c.gamma_lower = c.gamma_upper = good.gamma_upper * (1 + 1e-10);
      CHECK(decision_of(c) == Decision::violated);
      c.gamma_lower = c.gamma_upper = good.gamma_lower * (1 - 1e-10);
      CHECK(decision_of(c) == Decision::violated);
      c.gamma_lower = good.gamma_upper, c.gamma_upper = good.gamma_lower;
      CHECK(decision_of(c) == Decision::violated);
      c = good;
      c.X(0, 0) *= 1.01;
      CHECK(decision_of(c) == Decision::violated);
      if (X.cols() > 2) continue;
      for (Activation other : gen::activations_with_kernel()) {
        c = good;
        c.activation = other;
        if (other != activation) CHECK(decision_of(c) == Decision::violated);
      }
    }
  }
}

/// What the formula of psi says at 0 and of -x.
struct AtZero {
  bool odd, zero;  ///< psi(-x) = -psi(x); psi(0) = 0
};

AtZero at_zero(const Activation& psi) {
  const std::map<Activation, AtZero> formulas{
      {Activation::identity, {.odd = true, .zero = true}},
      {Activation::tanh, {.odd = true, .zero = true}},
      {Activation::erf, {.odd = true, .zero = true}},
      {Activation::relu, {.odd = false, .zero = true}},
      {Activation::gelu, {.odd = false, .zero = true}},
      {Activation::sigmoid, {.odd = false, .zero = false}},
      {Activation::softplus, {.odd = false, .zero = false}}};
  return formulas.at(psi);
}

TEST_CASE("kernel certificates of singular and of nearly singular kernels", "[check]") {
  const double gamma = gamma_of(Activation::tanh, nearly_parallel());
  CHECK(gamma > 1e-14);
  CHECK(gamma < 1e-11);
  for (Activation activation : gen::activations_with_kernel()) {
    INFO(to_string(activation));
    const auto decide = [&](const Array& X, double lower, double upper) {
      return decision_of({activation, X, lower, upper});
    };
    const Array equal = with_rows(2, 0, 1);
    CHECK(decide(equal, 0, 0) == Decision::proved);
    CHECK(decide(equal, -1e-300, 1e-300) == Decision::proved);
    CHECK(decide(equal, 1e-300, 1e-3) == Decision::violated);
    CHECK(decide(equal, -1, -1e-300) == Decision::violated);
    const Array opposite = with_rows(1, 3, -1), zero = with_rows(1, 1, 0);
    const auto [odd, from_zero] = at_zero(activation);
    CHECK(decide(opposite, 1e-30, 10) == (odd ? Decision::violated : Decision::proved));
    CHECK(decide(zero, 1e-30, 10) == (from_zero ? Decision::violated : Decision::proved));
    CHECK(decide(zero, 0, 0) == (from_zero ? Decision::proved : Decision::violated));
  }
  // gamma = 1 exactly: both ends may be equal to it.
  Array one({1, 1});
  one(0, 0) = 1;
  CHECK(decision_of({Activation::identity, one, 1, 1}) == Decision::proved);
  CHECK(decision_of({Activation::identity, one, std::nextafter(1, 2), 2}) == Decision::violated);
  CHECK(decision_of({Activation::identity, one, 0, std::nextafter(1, 0)}) == Decision::violated);
  // Parallel rows: relu is positively homogeneous, and no ball arithmetic can see the 0.
  const Array parallel = with_rows(1, 0, 0.5);
  CHECK(decision_of({Activation::relu, parallel, 0, 1e-30}) == Decision::proved);
  CHECK(decision_of({Activation::relu, parallel, 0, 0}) != Decision::violated);
  CHECK(decision_of({Activation::relu, parallel, 1e-30, 1e-3}) == Decision::violated);
  // What no finite precision decides is not proved: 2^-1074 below and 0 above a gamma of 0.
  CHECK(decision_of({Activation::relu, parallel, 0x1p-1074, 1e-3}) == Decision::undecided);
  CHECK(decision_of({Activation::relu, parallel, 0, 0}) == Decision::undecided);
  // A pivot that is 0 says nothing of those behind it: gamma = 1/4.
  Array diagonal({2, 2});
  diagonal(0, 0) = 1, diagonal(1, 1) = 0.5;
  CHECK(decision_of({Activation::identity, diagonal, 1, 2}) == Decision::undecided);
  CHECK(decision_of({Activation::identity, diagonal, 0.25, 0.25}) == Decision::proved);
  // Gbar is positive semidefinite.
  CHECK(decision_of({Activation::tanh, samples(3, 6, 1), -2, -1}) == Decision::violated);
  // As many bits as it takes, up to the last.
  CHECK(check::verify(certificate_of(Activation::tanh, samples(3, 6, 1)), 32, 256).bits > 32);
  CHECK(check::verify(certificate_of(Activation::tanh, samples(3, 6, 1)), 32, 256).decision ==
        Decision::proved);
}

TEST_CASE("kernel certificate folders", "[check]") {
  const KernelCertificate good = certificate_of(Activation::softplus, samples(3, 8, 1));
  const test::TemporaryFolder temporary;
  const fs::path folder = temporary.path() / "c";
  write_kernel_certificate(folder, good);
  const KernelCertificate read = read_kernel_certificate(folder);
  CHECK(read.X == good.X);
  CHECK(read.activation == good.activation);
  CHECK(read.gamma_lower == good.gamma_lower);
  CHECK(read.gamma_upper == good.gamma_upper);

  const CheckReceipt receipt = receipt_of(folder);
  CHECK(receipt.accepted());
  REQUIRE(receipt.lines().size() == 5);
  CHECK(
      receipt.lines()[3].starts_with("implies: proved: gamma of softplus on 3 samples lies in ["));
  CHECK(receipt.lines()[3].find("positive definite") != std::string::npos);
  CHECK_THROWS_AS(write_kernel_certificate(folder, good), InputError);

  constexpr int fails = 1, malformed = 2;
  const auto outcome = [&](const std::function<void(const fs::path&)>& change) {
    const test::TemporaryFolder scratch;
    const fs::path copy = scratch.path() / "c";
    fs::copy(folder, copy);
    change(copy);
    const CheckReceipt found = receipt_of(copy);
    CHECK_FALSE(found.accepted());
    return found.exit_status();
  };
  const auto edited = [&](const std::function<void(test::Json&)>& change) {
    return outcome([&](const fs::path& f) {
      test::Json json = test::load(f / "kernel.json");
      change(json);
      test::store(f / "kernel.json", json);
    });
  };
  using test::Json;
  CHECK(edited([](Json& j) { j["gamma_lower"] = j["gamma_upper"]; }) == fails);
  CHECK(edited([](Json& j) { j["activation"] = "gelu"; }) == fails);
  CHECK(edited([](Json& j) { j["activation"] = "step"; }) == malformed);
  CHECK(edited([](Json& j) { j["gamma_lower"] = "nan"; }) == malformed);
  CHECK(edited([](Json& j) { j["gamma_upper"] = "inf"; }) == malformed);
  CHECK(edited([](Json& j) { j["gamma_lower"] = 0.0; }) == malformed);
  CHECK(edited([](Json& j) { j["extra"] = 1; }) == malformed);
  CHECK(edited([](Json& j) { j["arrays"]["y"] = j["arrays"]["X"]; }) == malformed);
  CHECK(edited([](Json& j) { j.erase("gamma_upper"); }) == malformed);
  CHECK(edited([](Json& j) { j["version"] = 2; }) == malformed);
  CHECK(edited([](Json& j) { j["kind"] = "kernel"; }) == malformed);
  CHECK(edited([](Json& j) { j["n"] = 8, j["d"] = 3; }) == malformed);
  CHECK(edited([](Json& j) { j["arrays"]["X"]["shape"] = {8, 3}; }) == malformed);
  CHECK(edited([](Json& j) { j["arrays"]["X"]["file"] = "../X.npy"; }) == malformed);
  CHECK(edited([](Json& j) { j["arrays"]["X"]["sha256"] = sha256("something else"); }) ==
        malformed);
  CHECK(outcome([](const fs::path& f) { fs::remove(f / "X.npy"); }) == malformed);
  CHECK(outcome([](const fs::path& f) { fs::remove(f / "kernel.json"); }) == malformed);
  CHECK(outcome([](const fs::path& f) { write_file(f / "claim.json", "{}"); }) == malformed);
  CHECK(outcome([](const fs::path& f) { write_file(f / "kernel.json", "{"); }) == malformed);
  const auto new_samples = [&](const std::function<void(std::string&)>& change) {
    return outcome([&](const fs::path& f) {
      std::string bytes = read_file(f / "X.npy");
      change(bytes);
      write_file(f / "X.npy", bytes);
      Json json = test::load(f / "kernel.json");
      json["arrays"]["X"]["sha256"] = sha256(bytes);
      test::store(f / "kernel.json", json);
    });
  };
  CHECK(new_samples([](std::string& s) { s[s.size() - 2] ^= 4; }) == fails);
  CHECK(new_samples([](std::string& s) { s.replace(s.size() - 2, 2, "\xf8\x7f"); }) == malformed);
  CHECK(new_samples([](std::string& s) { s.pop_back(); }) == malformed);

  KernelCertificate bad = good;
  bad.gamma_lower = NAN;
  CHECK_THROWS_AS(write_kernel_certificate(temporary.path() / "d", bad), InputError);
  bad = good;
  bad.X.values[3] = INFINITY;
  CHECK_THROWS_AS(write_kernel_certificate(temporary.path() / "d", bad), InputError);
  CHECK_FALSE(fs::exists(temporary.path() / "d"));
}
