// SPDX-License-Identifier: Apache-2.0
// The error recursion e(t+1) = (1 - eta lambda) e - eta M e - eta lambda y + v is an identity. In
// arithmetic with more digits what is left of it must shrink as the digits do.
#include <cstdio>

#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/network/data.hpp>

using namespace alignproof;

namespace {

/// |left side - right side| after one step, at this many digits.
double residual_log10(const Instance& instance, unsigned digits) {
  const ScopedDigits guard(digits);
  const Problem<Mpfr> problem = problem_from<Mpfr>(instance);
  Transition<Mpfr> s;
  s.before = initial_kernel(problem, instance);
  forward(problem, s.before, s.at);
  s.after = s.before;
  step(problem, s.at, 0, s.after);
  forward(problem, s.after, s.next);
  return to_double(log10(recursion_residual(problem, s, 0).norm()));
}

}  // namespace

int main() {
  NetworkSpec network;
  network.p = 20;
  network.penalty = {0.5, Penalty::never};
  const Instance instance = make_instance(make_data({}), network);
  for (unsigned digits : {20u, 50u, 100u, 300u})
    std::printf("%4u digits: residual 10^%.1f\n", digits, residual_log10(instance, digits));
  const double shrink = residual_log10(instance, 50) - residual_log10(instance, 100);
  return shrink > 45 && shrink < 55 ? 0 : 1;
}
