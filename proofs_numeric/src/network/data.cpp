// SPDX-License-Identifier: Apache-2.0
// Compiled with -ffp-contract=off and written in a fixed order: data are the same bits everywhere,
// but for the network teacher, whose activation is libm's.
#include <alignproof/network/data.hpp>

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/random/normal.hpp>

namespace alignproof {

Inputs inputs_from(std::string_view name) {
  for (Inputs i : {Inputs::gaussian, Inputs::sphere, Inputs::isometric})
    if (name == to_string(i)) return i;
  throw InputError("inputs", fmt::format("'{}'", name), "gaussian, sphere or isometric");
}

Targets targets_from(std::string_view name) {
  for (Targets t : {Targets::linear, Targets::network})
    if (name == to_string(t)) return t;
  throw InputError("targets", fmt::format("'{}'", name), "linear or network");
}

std::string_view to_string(Inputs inputs) {
  switch (inputs) {
    case Inputs::gaussian:
      return "gaussian";
    case Inputs::sphere:
      return "sphere";
    case Inputs::isometric:
      return "isometric";
  }
  return "?";
}

std::string_view to_string(Targets targets) {
  return targets == Targets::linear ? "linear" : "network";
}

namespace {

Array normals(std::uint64_t seed, Stream stream, std::vector<std::size_t> shape) {
  Array array(std::move(shape));
  const std::size_t cols = array.cols();
  for (std::size_t i = 0; i < array.rows(); ++i)
    for (std::size_t j = 0; j < cols; ++j)
      array.values[i * cols + j] = standard_normal(seed, stream, static_cast<std::uint32_t>(i),
                                                   static_cast<std::uint32_t>(j));
  return array;
}

double dot(const double* x, const double* y, std::size_t count) {
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k) sum += x[k] * y[k];
  return sum;
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
    const double scale = spec.inputs == Inputs::sphere ? std::sqrt(dot(row, row, d))
                                                       : std::sqrt(static_cast<double>(d));
    for (std::size_t k = 0; k < d; ++k) row[k] /= scale;
  }
  return X;
}

double apply(Activation psi, double a) {
  switch (psi) {
    case Activation::identity:
      return a;
    case Activation::tanh:
      return std::tanh(a);
    case Activation::relu:
      return a > 0 ? a : 0;
  }
  return a;
}

Array make_targets(const DataSpec& spec, const Array& X) {
  const std::size_t n = spec.n, d = spec.d, m = spec.teacher_width;
  Array y({n});
  if (spec.targets == Targets::linear) {
    const Array w = normals(spec.seed, Stream::teacher, {d});
    for (std::size_t i = 0; i < n; ++i) y(i) = dot(&X.values[i * d], w.values.data(), d);
    return y;
  }
  const Array beta = normals(spec.seed, Stream::teacher, {m});
  const Array W = normals(spec.seed, Stream::teacher_W, {m, d});
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0;
    for (std::size_t r = 0; r < m; ++r)
      sum += beta(r) * apply(spec.activation, dot(&W.values[r * d], &X.values[i * d], d));
    y(i) = sum / std::sqrt(static_cast<double>(m));
  }
  return y;
}

void require_count(const char* name, std::size_t count) {
  if (count == 0 || count > std::numeric_limits<std::uint32_t>::max())
    throw InputError(name, fmt::format("{}", count), "1 to 4294967295");
}

}  // namespace

Data make_data(const DataSpec& spec) {
  require_count("n", spec.n);
  require_count("d", spec.d);
  require_count("teacher width", spec.teacher_width);
  if (spec.inputs == Inputs::isometric && spec.d < spec.n)
    throw InputError(
        "d", fmt::format("{}", spec.d),
        fmt::format("at least n = {}, so that {} rows can be orthogonal", spec.n, spec.n));
  Data data;
  data.name = fmt::format("{} inputs, {} teacher, n={} d={}", to_string(spec.inputs),
                          to_string(spec.targets), spec.n, spec.d);
  data.options =
      fmt::format("--inputs {} --targets {} --n {} --d {} --data-seed {}", to_string(spec.inputs),
                  to_string(spec.targets), spec.n, spec.d, spec.seed);
  data.X = make_inputs(spec);
  data.y = make_targets(spec, data.X);
  return data;
}

Instance make_instance(const Data& data, const NetworkSpec& spec) {
  require_count("p", spec.p);
  Instance instance;
  instance.X = data.X;
  instance.y = data.y;
  instance.W0 = normals(spec.seed, Stream::W, {spec.p, data.X.cols()});
  instance.beta0 = normals(spec.seed, Stream::beta, {spec.p});
  instance.b = normals(spec.seed, Stream::b, {spec.p});
  instance.eta = spec.eta;
  instance.penalty = spec.penalty;
  instance.activation = spec.activation;
  instance.steps = spec.steps;
  require_valid(instance);
  return instance;
}

}  // namespace alignproof
