// SPDX-License-Identifier: Apache-2.0
// Compiled with -ffp-contract=off and written in a fixed order: data are the same bits everywhere,
// but where network_output calls libm: the network teacher and a zero first error, unless psi is
// identity or ReLU.
#include <alignproof/network/data.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/network/linear_network.hpp>
#include <alignproof/random/normal.hpp>
#include <alignproof/random/wishart.hpp>

namespace alignproof::inline network {

namespace {

constexpr Inputs all_inputs[] = {Inputs::gaussian, Inputs::sphere, Inputs::isometric,
                                 Inputs::repeated, Inputs::nearly_parallel};
constexpr Targets all_targets[] = {Targets::linear, Targets::network, Targets::zero,
                                   Targets::classes};
constexpr Feedback all_feedback[] = {Feedback::independent, Feedback::parallel,
                                     Feedback::orthogonal};

template <class Enum, std::size_t count>
Enum named(const Enum (&all)[count], const char* what, std::string_view name,
           const char* accepted) {
  for (Enum value : all)
    if (name == to_string(value)) return value;
  throw InputError(what, fmt::format("'{}'", name), accepted);
}

}  // namespace

Inputs inputs_from(std::string_view name) {
  return named(all_inputs, "inputs", name,
               "gaussian, sphere, isometric, repeated or nearly-parallel");
}

Targets targets_from(std::string_view name) {
  return named(all_targets, "targets", name, "linear, network, zero or classes");
}

Feedback feedback_from(std::string_view name) {
  return named(all_feedback, "feedback", name, "independent, parallel or orthogonal");
}

std::string_view to_string(Inputs inputs) {
  switch (inputs) {
    case Inputs::gaussian:
      return "gaussian";
    case Inputs::sphere:
      return "sphere";
    case Inputs::isometric:
      return "isometric";
    case Inputs::repeated:
      return "repeated";
    case Inputs::nearly_parallel:
      return "nearly-parallel";
  }
  return "?";
}

std::string_view to_string(Targets targets) {
  switch (targets) {
    case Targets::linear:
      return "linear";
    case Targets::network:
      return "network";
    case Targets::zero:
      return "zero";
    case Targets::classes:
      return "classes";
  }
  return "?";
}

std::string_view to_string(Feedback feedback) {
  switch (feedback) {
    case Feedback::independent:
      return "independent";
    case Feedback::parallel:
      return "parallel";
    case Feedback::orthogonal:
      return "orthogonal";
  }
  return "?";
}

namespace {

Array normals(std::uint64_t seed, Stream stream, std::vector<std::size_t> shape) {
  Array array(std::move(shape));
  standard_normals(seed, stream, 0, static_cast<std::uint32_t>(array.cols()), array.values);
  return array;
}

double dot(const double* x, const double* y, std::size_t count) {
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k) sum += x[k] * y[k];
  return sum;
}

/// One output is written with one axis.
std::vector<std::size_t> with_outputs(std::size_t rows, std::size_t k) {
  return k == 1 ? std::vector<std::size_t>{rows} : std::vector<std::size_t>{rows, k};
}

Array make_inputs(const DataSpec& spec) {
  const std::size_t n = spec.n, d = spec.d;
  if (spec.inputs == Inputs::isometric) {
    Array X({n, d});
    for (std::size_t i = 0; i < n; ++i) X(i, i) = 1;
    return X;
  }
  Array X = normals(spec.seed, Stream::X, {n, d});
  for (std::size_t i = 0; i < n; ++i) {
    double* row = &X(i, 0);
    const double scale = spec.inputs == Inputs::gaussian ? std::sqrt(static_cast<double>(d))
                                                         : std::sqrt(dot(row, row, d));
    for (std::size_t j = 0; j < d; ++j) row[j] /= scale;
  }
  if (n >= 2 && spec.inputs == Inputs::repeated)
    for (std::size_t j = 0; j < d; ++j) X(n - 1, j) = X(0, j);
  if (n >= 2 && spec.inputs == Inputs::nearly_parallel)
    for (std::size_t j = 0; j < d; ++j) X(n - 1, j) = X(0, j) + 0x1p-20 * X(n - 1, j);
  return X;
}

Array make_targets(const DataSpec& spec, const Array& X) {
  const std::size_t n = spec.n, d = spec.d, m = spec.teacher_width, k = spec.k;
  Array y(with_outputs(n, k));
  switch (spec.targets) {
    case Targets::zero:
      return y;
    case Targets::classes:
      for (std::size_t i = 0; i < n; ++i) y(i, i % k) = 1;
      return y;
    case Targets::linear: {
      for (std::size_t c = 0; c < k; ++c) {
        std::vector<double> w(d);
        for (std::size_t j = 0; j < d; ++j)
          w[j] = standard_normal(spec.seed, Stream::teacher, static_cast<std::uint32_t>(j),
                                 static_cast<std::uint32_t>(c));
        for (std::size_t i = 0; i < n; ++i) y(i * k + c) = dot(&X.values[i * d], w.data(), d);
      }
      return y;
    }
    case Targets::network:
      return network_output(spec.activation, normals(spec.seed, Stream::teacher_W, {m, d}),
                            normals(spec.seed, Stream::teacher, with_outputs(m, k)), X);
  }
  return y;
}

void require_count(const char* name, std::size_t count) {
  if (count == 0 || count > std::numeric_limits<std::uint32_t>::max())
    throw InputError(name, fmt::format("{}", count), "1 to 4294967295");
}

void require_scale(const char* name, double scale) {
  if (!(scale > 0) || !std::isfinite(scale))
    throw InputError(name, quoted(scale), "a finite number > 0");
}

void multiply(Array& array, const char* name, double scale) {
  for (double& value : array.values) {
    value *= scale;
    if (!std::isfinite(value))
      throw InputError(name, quoted(scale), "a scale with which no entry overflows");
  }
}

std::string name_of(const DataSpec& spec) {
  std::string name = fmt::format("{} inputs, ", to_string(spec.inputs));
  switch (spec.targets) {
    case Targets::linear:
    case Targets::network:
      name += fmt::format("{} teacher", to_string(spec.targets));
      break;
    case Targets::zero:
      name += "zero targets";
      break;
    case Targets::classes:
      name += "one-hot targets";
      break;
  }
  name += fmt::format(", n={} d={}", spec.n, spec.d);
  if (spec.k != 1) name += fmt::format(" k={}", spec.k);
  if (spec.input_scale != 1) name += fmt::format(", inputs times {}", spec.input_scale);
  if (spec.target_scale != 1) name += fmt::format(", targets times {}", spec.target_scale);
  return name;
}

/// Column by column, b minus its projection on beta; sums run in row order.
void project_out(Array& b, const Array& beta) {
  const std::size_t p = b.rows(), k = b.cols();
  for (std::size_t c = 0; c < k; ++c) {
    double inner = 0, square = 0;
    for (std::size_t r = 0; r < p; ++r) {
      inner += b(r * k + c) * beta(r * k + c);
      square += beta(r * k + c) * beta(r * k + c);
    }
    const double factor = inner / square;
    for (std::size_t r = 0; r < p; ++r) b(r * k + c) -= factor * beta(r * k + c);
  }
}

/// The feedback, given the independent one.
Array make_feedback(const NetworkSpec& spec, const Array& beta0, Array independent) {
  if (spec.feedback == Feedback::parallel) return beta0;
  if (spec.feedback == Feedback::orthogonal) {
    if (spec.p < 2)
      throw InputError("width", fmt::format("{}", spec.p),
                       "at least 2: a feedback orthogonal to beta0 needs two units");
    project_out(independent, beta0);
  }
  return independent;
}

/// Scales the weights and adds what is no random number.
void finish(const NetworkSpec& spec, Instance& instance) {
  for (Array* array : {&instance.W0, &instance.beta0, &instance.b})
    multiply(*array, "initial-scale", spec.initial_scale);
  instance.eta = spec.eta;
  instance.penalty = spec.penalty;
  instance.activation = spec.activation;
  instance.steps = spec.steps;
  require_valid(instance);
}

/// One number a unit, or one a unit and output.
std::vector<std::size_t> per_unit(std::size_t units, const Data& data) {
  if (data.y.shape.size() < 2) return {units};
  return {units, data.y.cols()};
}

}  // namespace

std::string options_of(const DataSpec& spec) {
  const DataSpec plain;
  std::string options =
      fmt::format("--inputs {} --targets {} --n {} --d {} --data-seed {}", to_string(spec.inputs),
                  to_string(spec.targets), spec.n, spec.d, spec.seed);
  if (spec.k != plain.k) options += fmt::format(" --outputs {}", spec.k);
  if (spec.targets == Targets::network && spec.teacher_width != plain.teacher_width)
    options += fmt::format(" --teacher-width {}", spec.teacher_width);
  if (spec.input_scale != plain.input_scale)
    options += fmt::format(" --input-scale {}", spec.input_scale);
  if (spec.targets != Targets::zero && spec.target_scale != plain.target_scale)
    options += fmt::format(" --target-scale {}", spec.target_scale);
  return options;
}

std::string options_of(const NetworkSpec& spec) {
  const Penalty& penalty = spec.penalty;
  std::string options =
      fmt::format("--width {} --activation {} --eta {} --steps {} --seed {}", spec.p,
                  to_string(spec.activation), spec.eta, spec.steps, spec.seed);
  if (penalty.lambda > 0) {
    options += fmt::format(" --lambda {}", penalty.lambda);
    if (falls(penalty.decay))
      options +=
          fmt::format(" --decay {} --decay-scale {}", to_string(penalty.decay), penalty.scale);
    if (penalty.cut != Penalty::never) options += fmt::format(" --cut {}", penalty.cut);
  }
  if (spec.feedback != Feedback::independent)
    options += fmt::format(" --feedback {}", to_string(spec.feedback));
  if (spec.initial_scale != 1) options += fmt::format(" --initial-scale {}", spec.initial_scale);
  if (spec.zero_error) options += " --zero-error";
  return options;
}

Data make_data(const DataSpec& spec) {
  require_count("n", spec.n);
  require_count("d", spec.d);
  require_count("outputs", spec.k);
  require_count("teacher-width", spec.teacher_width);
  require_scale("input-scale", spec.input_scale);
  require_scale("target-scale", spec.target_scale);
  if (spec.inputs == Inputs::isometric && spec.d < spec.n)
    throw InputError(
        "d", fmt::format("{}", spec.d),
        fmt::format("at least n = {}, so that {} rows can be orthogonal", spec.n, spec.n));
  if (spec.targets == Targets::classes && spec.k < 2)
    throw InputError("outputs", fmt::format("{}", spec.k), "at least 2 classes");
  Data data{name_of(spec), options_of(spec), make_inputs(spec), {}};
  data.y = make_targets(spec, data.X);
  multiply(data.X, "input-scale", spec.input_scale);
  multiply(data.y, "target-scale", spec.target_scale);
  return data;
}

Array network_output(Activation psi, const Array& W, const Array& beta, const Array& X) {
  const std::size_t n = X.rows(), d = X.cols(), p = W.rows(), k = beta.cols();
  double (*const value_at)(const double&) = value_function(psi);
  Array f(beta.shape.size() == 1 ? std::vector<std::size_t>{n} : std::vector<std::size_t>{n, k});
  for (std::size_t i = 0; i < n; ++i) {
    double* row = &f.values[i * k];
    for (std::size_t r = 0; r < p; ++r) {
      const double value = value_at(dot(&W.values[r * d], &X.values[i * d], d));
      for (std::size_t c = 0; c < k; ++c) row[c] += beta(r * k + c) * value;
    }
    for (std::size_t c = 0; c < k; ++c) row[c] /= std::sqrt(static_cast<double>(p));
  }
  return f;
}

Instance make_instance(const Data& data, const NetworkSpec& spec) {
  require_count("width", spec.p);
  require_count("outputs", data.y.cols());
  require_scale("initial-scale", spec.initial_scale);
  constexpr std::size_t most = std::size_t{1} << 31;  // weights: 16 GiB
  if (spec.p > most / (data.X.cols() + 2 * data.y.cols()))
    throw InputError("width", fmt::format("{}", spec.p),
                     fmt::format("at most {} with so many inputs, {} weights in all",
                                 most / (data.X.cols() + 2 * data.y.cols()), most));
  Instance instance;
  instance.X = data.X;
  instance.y = data.y;
  instance.W0 = normals(spec.seed, Stream::W, {spec.p, data.X.cols()});
  instance.beta0 = normals(spec.seed, Stream::beta, per_unit(spec.p, data));
  instance.b =
      make_feedback(spec, instance.beta0, normals(spec.seed, Stream::b, per_unit(spec.p, data)));
  finish(spec, instance);
  if (spec.zero_error) {
    instance.y = network_output(spec.activation, instance.W0, instance.beta0, instance.X);
    require_valid(instance);
  }
  return instance;
}

LinearNetwork linear_network(const Instance& instance) {
  return {instance, instance.p()};
}

LinearNetwork sample_linear_network(const Data& data, const NetworkSpec& spec) {
  require_count("outputs", data.y.cols());
  require_scale("initial-scale", spec.initial_scale);
  if (spec.p == 0 || spec.p > most_degrees)
    throw InputError("width", fmt::format("{}", spec.p), "a whole number from 1 to 10^15");
  if (!properties(spec.activation).linear)
    throw InputError("activation", fmt::format("'{}'", to_string(spec.activation)),
                     "identity: only linear networks are sampled by their Gram matrix");
  const std::size_t d = data.X.cols(), k = data.y.cols();
  const Array T = bartlett_factor(d + 2 * k, spec.p, spec.seed);
  const std::size_t units = T.cols();
  // The rows of T are the columns of W0, beta0 and b.
  const auto columns = [&](std::size_t first, const std::vector<std::size_t>& shape) {
    Array part(shape);
    for (std::size_t r = 0; r < units; ++r)
      for (std::size_t c = 0; c < part.cols(); ++c)
        part.values[r * part.cols() + c] = T.values[(first + c) * units + r];
    return part;
  };
  LinearNetwork network{{}, spec.p};
  Instance& weights = network.weights;
  weights.X = data.X;
  weights.y = data.y;
  weights.W0 = columns(0, {units, d});
  weights.beta0 = columns(d, per_unit(units, data));
  weights.b = make_feedback(spec, weights.beta0, columns(d + k, per_unit(units, data)));
  finish(spec, weights);
  if (spec.zero_error) {
    weights.y = network_output(Activation::identity, weights.W0, weights.beta0, weights.X);
    multiply(weights.y, "initial output",
             std::sqrt(static_cast<double>(units)) / std::sqrt(static_cast<double>(spec.p)));
    require_valid(weights);
  }
  return network;
}

}  // namespace alignproof::inline network
