// SPDX-License-Identifier: Apache-2.0
// Instances from a few numbers: data X, y and the Gaussian initialisation W0, beta0, b. What can be
// chosen, and how exactly it is made: reports/docs/data.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <alignproof/format/instance.hpp>

namespace alignproof::inline network {

enum class Inputs {
  gaussian,         ///< rows N(0, I/d), so that |x_i| is about 1
  sphere,           ///< rows uniform on the unit sphere
  isometric,        ///< K = I exactly: the first n coordinate vectors (W is rotation invariant)
  repeated,         ///< sphere, but the last row is a copy of the first: K singular (n >= 2)
  nearly_parallel,  ///< sphere, but the last row is the first + 2^-20 times itself (n >= 2)
};

enum class Targets {
  linear,   ///< y = X w*, w* ~ N(0, I); isometric rows make it N(0, I)
  network,  ///< y = output of a random two-layer teacher of width `teacher_width`, same activation
  zero,     ///< y = 0
  classes,  ///< one-hot: y(i, c) = 1 if c = i mod k, else 0; k >= 2
};

Inputs inputs_from(std::string_view name);
Targets targets_from(std::string_view name);
std::string_view to_string(Inputs inputs);
std::string_view to_string(Targets targets);

/// `seed` fixes X and y whatever the width of the network is.
struct DataSpec {
  Inputs inputs = Inputs::sphere;
  Targets targets = Targets::linear;
  std::size_t n = 5, d = 20;
  std::uint64_t seed = 1;
  Activation activation = Activation::tanh;  ///< of the teacher network
  std::size_t teacher_width = 200;
  std::size_t k = 1;  ///< outputs; a teacher's first is that of k = 1
  /// X and y are multiplied by them (exact for powers of two, short of underflow). The teacher sees
  /// X before that.
  double input_scale = 1, target_scale = 1;
};

struct Data {
  std::string name;     ///< "sphere inputs, linear teacher, n=5 d=20"
  std::string options;  ///< command-line options that make it again
  Array X;              ///< n x d
  Array y;              ///< n, or n x k with k >= 2 outputs
};

/// Command-line options of `simulate` that make it again; those at their defaults are left out.
std::string options_of(const DataSpec& spec);

/// Throws InputError if n, d or k = 0, isometric with d < n, classes with k < 2, or a scale is not
/// finite and > 0 or makes an entry overflow.
Data make_data(const DataSpec& spec);

/// Where the fixed feedback b comes from.
enum class Feedback {
  independent,  ///< N(0, 1)
  parallel,     ///< b = beta0, bit for bit: FA begins as BP
  /// The independent b, each column minus its projection on the same column of beta0, in doubles:
  /// hence <b, beta0>_F = 0 up to rounding. p >= 2.
  orthogonal,
};

Feedback feedback_from(std::string_view name);
std::string_view to_string(Feedback feedback);

struct NetworkSpec {
  std::size_t p = 1000;
  Activation activation = Activation::tanh;
  double eta = 0.2;
  Penalty penalty;
  std::size_t steps = 200;
  std::uint64_t seed = 1;  ///< of W0, beta0, b: entries i.i.d. N(0, 1)
  Feedback feedback = Feedback::independent;
  double initial_scale = 1;  ///< multiplies W0, beta0 and b
  /// y is replaced by `network_output` at t = 0, so that e(0) = 0: exactly in that loop, up to
  /// rounding elsewhere.
  bool zero_error = false;
};

/// As options_of(DataSpec); the two together make the instance again.
std::string options_of(const NetworkSpec& spec);

/// The whole instance, with as many outputs as y has columns. With the same seed, a wider network
/// begins with the units of a narrower one (unless its feedback is orthogonal). Throws InputError
/// as `require_valid` does, on an initial scale that is not finite and > 0, and on orthogonal
/// feedback with p = 1.
Instance make_instance(const Data& data, const NetworkSpec& spec);

/// f = psi(W X^T)^T beta / sqrt p in doubles: n, or n x k where beta is p x k. Sums run in index
/// order without fused operations; psi is libm's.
Array network_output(Activation psi, const Array& W, const Array& beta, const Array& X);

}  // namespace alignproof::inline network
