// SPDX-License-Identifier: Apache-2.0
// Instances from a few numbers: data X, y and the Gaussian initialisation W0, beta0, b.
#pragma once

#include <cstdint>
#include <string>

#include <alignproof/format/instance.hpp>

namespace alignproof {

enum class Inputs {
  gaussian,   ///< rows N(0, I/d), so that |x_i| is about 1
  sphere,     ///< rows uniform on the unit sphere
  isometric,  ///< K = I exactly: the first n coordinate vectors (W is rotation invariant)
};

enum class Targets {
  linear,   ///< y = X w*, w* ~ N(0, I); isometric rows make it N(0, I)
  network,  ///< y = output of a random two-layer teacher of width `teacher_width`, same activation
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
};

struct Data {
  std::string name;     ///< "sphere inputs, linear teacher, n=5 d=20"
  std::string options;  ///< command-line options that make it again
  Array X;              ///< n x d
  Array y;              ///< n
};

/// Throws InputError if n = 0, d = 0, or isometric with d < n.
Data make_data(const DataSpec& spec);

struct NetworkSpec {
  std::size_t p = 1000;
  Activation activation = Activation::tanh;
  double eta = 0.2;
  Penalty penalty;
  std::size_t steps = 200;
  std::uint64_t seed = 1;  ///< of W0, beta0, b: entries i.i.d. N(0, 1)
};

/// The whole instance. With the same seed, a wider network begins with the units of a narrower one.
/// Throws InputError as `require_valid` does.
Instance make_instance(const Data& data, const NetworkSpec& spec);

}  // namespace alignproof
