// SPDX-License-Identifier: Apache-2.0
// Random instances for property tests, biased to the cases that break things; one place for all
// tests.
#pragma once

#include <algorithm>
#include <ostream>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/format/instance.hpp>
#include <alignproof/network/data.hpp>

#include "property.hpp"

namespace alignproof::gen {

/// The few numbers from which an instance is made; a failure prints them as one line that replays
/// it.
struct Case {
  DataSpec data;
  NetworkSpec network;
  Rule rule = Rule::fa;

  Instance instance() const { return make_instance(make_data(data), network); }
};

inline std::ostream& operator<<(std::ostream& out, const Case& c) {
  out << "alignproof simulate --inputs " << to_string(c.data.inputs) << " --targets "
      << to_string(c.data.targets) << " --n " << c.data.n << " --d " << c.data.d << " --data-seed "
      << c.data.seed << " --width " << c.network.p << " --activation "
      << to_string(c.network.activation) << " --eta " << quoted(c.network.eta) << " --lambda "
      << quoted(c.network.penalty.lambda) << " --steps " << c.network.steps << " --seed "
      << c.network.seed << " --rule " << to_string(c.rule);
  if (c.network.penalty.cut != Penalty::never) out << " --cut " << c.network.penalty.cut;
  return out;
}

/// Shapes from n = 1, p = 1 and d < n (K singular) upwards; every activation of `allowed`, rule,
/// penalty (none, kept, cut at once, cut midway, cut after the end); step sizes over three decades.
inline rc::Gen<Case> small_case(std::vector<Activation> allowed, std::size_t largest_p = 40,
                                std::size_t largest_steps = 12) {
  return rc::gen::exec([=] {
    Case c;
    c.data.inputs = *rc::gen::element(Inputs::gaussian, Inputs::sphere, Inputs::isometric);
    c.data.targets = *rc::gen::element(Targets::linear, Targets::network);
    c.data.n = *rc::gen::weightedElement<std::size_t>({{2, 1}, {2, 2}, {1, 3}, {1, 5}});
    c.data.d = *rc::gen::weightedElement<std::size_t>({{1, 1}, {2, 2}, {2, 4}, {1, 9}});
    if (c.data.inputs == Inputs::isometric) c.data.d = std::max(c.data.d, c.data.n);
    c.data.seed = *rc::gen::inRange<std::uint64_t>(1, 1000000);
    c.network.activation = c.data.activation = *rc::gen::elementOf(allowed);
    c.data.teacher_width = 7;
    c.network.p = *rc::gen::oneOf(rc::gen::just<std::size_t>(1),
                                  rc::gen::inRange<std::size_t>(1, largest_p + 1));
    c.network.steps = *rc::gen::inRange<std::size_t>(1, largest_steps + 1);
    c.network.eta = *rc::gen::element(0.001, 0.05, 0.2, 0.3, 0.5);
    c.network.seed = *rc::gen::inRange<std::uint64_t>(1, 1000000);
    const double lambda = *rc::gen::element(0.0, 0.01, 1.0, 1.9);
    const std::size_t cut = *rc::gen::element<std::size_t>(0, 3, 100, Penalty::never);
    c.network.penalty = {lambda, lambda > 0 ? cut : Penalty::never};
    c.rule = *rc::gen::weightedElement<Rule>({{3, Rule::fa}, {1, Rule::bp}});
    return c;
  });
}

inline std::vector<Activation> every_activation() {
  return {Activation::identity, Activation::tanh, Activation::relu};
}
inline std::vector<Activation> smooth_activations() {
  return {Activation::identity, Activation::tanh};
}

}  // namespace alignproof::gen
