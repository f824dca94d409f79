// SPDX-License-Identifier: Apache-2.0
// Neighbourhoods of initial data: runs from within the radius stay within the distances that the
// producer foresees, and the largest radius is one that alignproof-check accepts.
#include <cmath>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/random/normal.hpp>

#include "certificates/shadow.hpp"
#include "check/checker.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

CheckReceipt check(const RunCertificate& certificate) {
  const test::TemporaryFolder scratch;
  write_certificate(scratch.path() / "c", certificate);
  return CheckReceipt::obtain(test::checker(), scratch.path() / "c",
                              sha256_of_file(scratch.path() / "c" / "certificate.json"));
}

/// Another start, at the distance `radius` in W(0) and in beta(0), in a random direction.
Instance moved(Instance instance, double radius, std::uint64_t seed) {
  for (Array* array : {&instance.W0, &instance.beta0}) {
    double square = 0;
    std::vector<double> step(array->values.size());
    for (std::size_t k = 0; k < step.size(); ++k) {
      step[k] = standard_normal(seed, Stream::choice, static_cast<std::uint32_t>(k),
                                array == &instance.W0);
      square += step[k] * step[k];
    }
    for (std::size_t k = 0; k < step.size(); ++k)
      array->values[k] += radius / std::sqrt(square) * step[k];
  }
  return instance;
}

/// All states of a run, with what the network computes there.
std::vector<std::pair<KernelState<double>, Forward<double>>> states(const Instance& instance) {
  const Problem<double> problem = problem_from<double>(instance);
  KernelState<double> state = initial_kernel(problem, instance);
  std::vector<std::pair<KernelState<double>, Forward<double>>> all;
  run(problem, state, instance.steps, true_step<double>(),
      [&](std::size_t, const KernelState<double>& now, const Forward<double>& at) {
        all.emplace_back(now, at);
        return true;
      });
  return all;
}

}  // namespace

TEST_CASE("Runs from a neighbourhood stay within the distances foreseen",
          "[certificates][property]") {
  check_property("the comparison system of Theorem B", [] {
    const Activation psi = *rc::gen::element(Activation::tanh, Activation::identity,
                                             Activation::relu, Activation::softplus);
    const auto seed = *rc::gen::inRange<std::uint64_t>(1, 100000);
    const bool penalty = *rc::gen::arbitrary<bool>();
    NetworkSpec network{
        .p = *rc::gen::inRange<std::size_t>(4, 60), .activation = psi, .eta = 0.3, .penalty = {}};
    network.steps = 40, network.seed = seed;
    if (penalty) network.penalty = {.lambda = 0.5, .cut = 20};
    const Instance instance = make_instance(
        make_data({.n = *rc::gen::inRange<std::size_t>(1, 4), .d = 5, .seed = seed}), network);
    const double radius = std::pow(10.0, -*rc::gen::inRange(1, 9));
    const Problem<double> problem = problem_from<double>(instance);
    const auto middle = states(instance), other = states(moved(instance, radius, seed + 7));
    Distances distances = distances_at_start(problem, middle[0].first, middle[0].second, radius);
    for (std::size_t t = 0; t < middle.size() && std::isfinite(distances.e); ++t) {
      if (t > 0)
        distances = distances_after_step(problem, middle[t - 1].first, middle[t - 1].second,
                                         middle[t].first, middle[t].second, instance.penalty(t - 1),
                                         distances);
      const auto within = [](double distance, double bound) {
        return distance <= bound * (1 + 1e-9) + 1e-12;
      };
      RC_ASSERT(within((middle[t].second.e - other[t].second.e).norm(), distances.e));
      RC_ASSERT(within((middle[t].first.beta - other[t].first.beta).norm(), distances.beta));
      RC_ASSERT(within((middle[t].first.A - other[t].first.A).norm(), distances.A));
    }
  });
}

TEST_CASE("The largest radius is accepted, and its starts do what is claimed", "[certificates]") {
  for (const std::size_t steps : {200}) {
    NetworkSpec network{.p = 100, .eta = 0.5, .penalty = {}};
    network.steps = steps;
    const Instance instance = make_instance(make_data({.n = 2, .d = 8}), network);
    const Proposal plain = propose_certificate(instance, {}, true_step<double>());
    REQUIRE(plain.certificate);
    const Proposal proposal =
        propose_certificate(instance, {.largest_radius = true}, true_step<double>());
    REQUIRE(proposal.certificate);
    const RunCertificate& c = *proposal.certificate;
    INFO("radius " << c.radius);
    CHECK(c.radius > 1e-9);
    CHECK(c.whole_run.decay.has_value() == plain.certificate->whole_run.decay.has_value());
    CHECK(c.whole_run.alignment.has_value() == plain.certificate->whole_run.alignment.has_value());
    const CheckReceipt receipt = check(c);
    INFO(receipt.lines().back());
    REQUIRE(receipt.accepted());
    CHECK_THAT(receipt.lines()[3], Catch::Contains("have the probability 10^x"));
    // Half as much again is too much, for the producer and for the checker.
    Search more;
    more.radius = 1.5 * c.radius;
    const Proposal wider = propose_certificate(instance, more, true_step<double>());
    CHECK(
        (!wider.certificate ||
         (wider.certificate->whole_run.decay.has_value() < c.whole_run.decay.has_value()) ||
         (wider.certificate->whole_run.no_alignment.has_value() <
          c.whole_run.no_alignment.has_value()) ||
         (wider.certificate->whole_run.alignment.has_value() < c.whole_run.alignment.has_value())));
    RunCertificate false_claim = c;
    false_claim.radius *= 1.5;
    CHECK_FALSE(check(false_claim).accepted());
    // Starts at the rim.
    for (const std::uint64_t seed : {1, 2, 3}) {
      const auto run = states(moved(instance, c.radius, seed));
      for (std::size_t t = 0; t <= c.leg.checkpoint; ++t) {
        CHECK(run[t].second.e.norm() <= c.whole_run.errors(t, 1) * (1 + 1e-12));
        CHECK(run[t].second.e.norm() >= c.whole_run.errors(t, 0) * (1 - 1e-12));
      }
    }
  }
}

namespace {

/// Counts what was announced and what was done.
class Counted : public Progress {
 public:
  void expect(std::size_t units) override { expected += units; }
  void advance(std::size_t units) override { done += units; }
  std::size_t expected = 0, done = 0;
};

Instance with_cut_penalty(Activation psi) {
  NetworkSpec network{
      .p = 100, .activation = psi, .eta = 0.2, .penalty = {.lambda = 1, .cut = 100}};
  network.steps = 300, network.seed = 2;
  return make_instance(make_data({.n = 3, .d = 20}), network);
}

}  // namespace

TEST_CASE("The largest radius with a penalty is accepted, though |e| may vanish within it",
          "[certificates]") {
  Counted progress;
  const Proposal proposal = propose_certificate(
      with_cut_penalty(Activation::tanh), {.largest_radius = true}, true_step<double>(), progress);
  REQUIRE(proposal.certificate);
  const RunCertificate& c = *proposal.certificate;
  REQUIRE(c.whole_run.alignment);
  CHECK(c.radius > 1e-6);
  std::size_t vanishing = 0;
  for (std::size_t t = 0; t <= c.leg.checkpoint; ++t) vanishing += c.whole_run.errors(t, 0) == 0;
  CHECK(vanishing > 0);
  const CheckReceipt receipt = check(c);
  INFO(receipt.lines().back());
  CHECK(receipt.accepted());
  CHECK(progress.expected >= 13 * 2 * 301);
  CHECK(progress.done == progress.expected);
}

TEST_CASE("Where no radius is found it is said, and what radii cost ends", "[certificates]") {
  // The signs of one unit are not known even of the nearest starts.
  Instance instance = with_cut_penalty(Activation::relu);
  for (std::size_t j = 0; j < instance.d(); ++j) instance.W0(0, j) *= 1e-14;
  Counted progress;
  const Proposal proposal =
      propose_certificate(instance, {.largest_radius = true}, true_step<double>(), progress);
  REQUIRE(proposal.certificate);
  CHECK(proposal.certificate->radius == 0);
  REQUIRE_FALSE(proposal.not_claimed.empty());
  CHECK_THAT(proposal.not_claimed.back(),
             Catch::StartsWith("a neighbourhood: the same theorems hold at no radius of 1e-12"));
  CHECK(progress.done == progress.expected);
}

TEST_CASE("What a neighbourhood hides is not looked for with more digits", "[certificates]") {
  for (const double radius : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5}) {
    Search search;
    search.radius = radius;
    const Proposal proposal =
        propose_certificate(with_cut_penalty(Activation::tanh), search, true_step<double>());
    INFO("radius " << radius << ": " << proposal.obstacle);
    CHECK(proposal.digits == 0);
    if (proposal.certificate)
      CHECK_FALSE(next_search(with_cut_penalty(Activation::tanh), search, proposal));
  }
  // Half of the largest is tried once where the checker leaves that open.
  Proposal refused;
  refused.certificate.emplace();
  refused.certificate->radius = 0.5;
  const Instance instance = with_cut_penalty(Activation::tanh);
  const auto next = next_search(instance, {.largest_radius = true}, refused);
  REQUIRE(next);
  CHECK(next->radius == 0.25);
  CHECK_FALSE(next->largest_radius);
  refused.certificate->radius = 0.25;
  CHECK_FALSE(next_search(instance, *next, refused));
}
