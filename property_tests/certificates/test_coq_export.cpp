// SPDX-License-Identifier: Apache-2.0
// What a file for Coq says of the numbers of a certificate. That Coq accepts such files, and
// refuses altered ones, property_tests/formal/exported_theorems tests with Coq itself.
#include <alignproof/certificates/coq_export.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <regex>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/network/data.hpp>

#include "check/closing_instance.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// The doubles behind P and N, in their order.
std::vector<double> words_in(const std::string& coq) {
  static const std::regex word("([PN]) 0x([0-9a-f]+)");
  std::vector<double> values;
  for (std::sregex_iterator at(coq.begin(), coq.end(), word), end; at != end; ++at) {
    const double size = std::bit_cast<double>(std::stoull((*at)[2], nullptr, 16));
    values.push_back((*at)[1] == "N" ? -size : size);
  }
  return values;
}

/// The numbers (m, e) in their order, those of the file's head left out.
std::vector<double> pairs_in(const std::string& coq) {
  static const std::regex pair("\\((-?[0-9]+), (-?[0-9]+)\\)");
  std::vector<double> values;
  for (std::sregex_iterator at(coq.begin(), coq.end(), pair), end; at != end; ++at)
    values.push_back(std::ldexp(std::stod((*at)[1]), std::stoi((*at)[2])));
  return values;
}

void append(std::vector<double>& all, const std::vector<double>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

std::vector<double> columns(const Array& a) {
  std::vector<double> all;
  for (std::size_t j = 0; j < a.cols(); ++j)
    for (std::size_t i = 0; i < a.rows(); ++i) all.push_back(a(i, j));
  return all;
}

/// Of an instance whose run is proved from its initial data.
RunCertificate initial(double lambda = 0) {
  NetworkSpec network{60, lambda > 0 ? Activation::identity : Activation::tanh, 0.2, {}, 400, 1};
  if (lambda > 0) network.p = 100, network.penalty = {lambda, 30};
  Search search;
  search.margin = 0.01;
  const Data data = make_data({Inputs::sphere, Targets::linear, 2, 20, 1, network.activation});
  const Proposal proposal =
      propose_certificate(make_instance(data, network), search, true_step<double>());
  REQUIRE(proposal.certificate);
  return *proposal.certificate;
}

RunCertificate from_state() {
  return test::closing_certificate({.n = 3, .d = 5, .p = 40, .activation = Activation::tanh});
}

constexpr CoqIntegers z = CoqIntegers::z, bigz = CoqIntegers::bigz;

}  // namespace

TEST_CASE("a file for Coq has every number of the folder, exactly, by both routes",
          "[certificates]") {
  const RunCertificate c = from_state();
  std::vector<double> arrays = c.start.X.values;
  for (const Array* array : {&c.start.y, &c.start.b, &c.start.beta}) append(arrays, array->values);
  append(arrays, columns(c.start.A));
  CHECK(words_in(to_coq(c, "5eed", bigz)) == arrays);

  const std::vector<double> by_pairs = pairs_in(to_coq(c, "5eed", z));
  const Statement& s = c.leg.statement;
  const SpectralWitness& w = c.leg.witness;
  for (const double number :
       {c.start.eta, c.radius, s.alpha, s.error, s.beta_displacement, s.A_displacement, s.cos_min,
        s.cos_max, w.M_min, w.M_max, w.G_max, w.K_norm}) {
    INFO(number);
    CHECK(std::find(by_pairs.begin(), by_pairs.end(), number) != by_pairs.end());
  }
  CHECK(std::search(by_pairs.begin(), by_pairs.end(), arrays.begin(),
                    arrays.begin() + static_cast<std::ptrdiff_t>(c.start.X.values.size())) !=
        by_pairs.end());
  CHECK(by_pairs.size() == arrays.size() + 12);
  CHECK(words_in(to_coq(c, "5eed", z)).empty());
}

TEST_CASE("a pair (m, e) is the double it stands for", "[certificates][property]") {
  RunCertificate c = from_state();
  check_property("any finite double as the radius", [&] {
    const double x = *rc::gen::suchThat(rc::gen::arbitrary<double>(),
                                        [](double value) { return std::isfinite(value); });
    c.radius = std::abs(x);
    const std::string coq = to_coq(c, "5eed", bigz);
    const std::string after = coq.substr(coq.find("p_radius := "));
    RC_ASSERT(pairs_in(after).front() == c.radius);
  });
  for (const double x : {0.0, 5e-324, 0x1p-1022, 0x1.fffffffffffffp1023, 0.1}) {
    c.radius = x;
    const std::string coq = to_coq(c, "5eed", bigz);
    CHECK(pairs_in(coq.substr(coq.find("p_radius := "))).front() == x);
  }
}

TEST_CASE("a theorem for Coq says what is claimed of the whole run, and nothing else",
          "[certificates]") {
  const RunCertificate free = initial(), cut = initial(1);
  REQUIRE(free.whole_run.decay);
  REQUIRE(free.whole_run.no_alignment);
  REQUIRE(cut.whole_run.alignment);
  const std::string one = to_coq(free, "5eed", bigz), two = to_coq(cut, "5eed", bigz);
  CHECK_THAT(one, Catch::Contains("SHA-256 of its certificate.json: 5eed\n") &&
                      Catch::Contains("(* T1_on_instance; of gamma nothing is said *)") &&
                      Catch::Contains("(* T2_on_instance *)") &&
                      !Catch::Contains("(* T3_on_instance *)") && Catch::Contains("r_T3 := None"));
  CHECK_THAT(two, Catch::Contains("(* T3_on_instance *)") &&
                      !Catch::Contains("T1_on_instance") && Catch::Contains("twin_run") &&
                      Catch::Contains("r_T1 := None"));
  CHECK_THAT(to_coq(from_state(), "5eed", bigz), !Catch::Contains("whole_run"));
  // One penalty a step to the checkpoint, and the orbit of each has bits for its steps.
  const std::string penalties = two.substr(two.find("i_lambda := "));
  const std::vector<double> lambda = words_in(penalties.substr(0, penalties.find("i_leg")));
  REQUIRE(lambda.size() == cut.leg.checkpoint);
  CHECK(lambda.front() == 1);
  CHECK(lambda.back() == 0);
  CHECK(std::count(lambda.begin(), lambda.end(), 1.0) == 30);
  RunCertificate without = free;
  without.whole_run.decay.reset();
  CHECK_THAT(to_coq(without, "5eed", bigz), !Catch::Contains("T1_on"));
}

TEST_CASE("what the formal checker does not know, and what is too large for a kernel, is refused",
          "[certificates]") {
  const auto refusal = [](const RunCertificate& c, CoqIntegers integers) {
    try {
      to_coq(c, "5eed", integers);
      return std::string();
    } catch (const InputError& error) {
      return std::string(error.what());
    }
  };
  RunCertificate c = from_state();
  CHECK(refusal(c, z).empty());
  c.start.activation = Activation{"silu"};
  CHECK_THAT(refusal(c, bigz), Catch::StartsWith("activation = 'silu' is not accepted: give one "
                                                 "that the formal checker knows: identity, "));
  c = from_state();
  c.start.rule = Rule::bp;
  CHECK_THAT(refusal(c, bigz), Catch::StartsWith("rule = 'bp' is not accepted: give fa"));
  c = from_state();
  c.start.b.shape[0] = 6000;  // its size alone is looked at
  CHECK_THAT(refusal(c, z), Catch::StartsWith("size of the certificate = n p = 18000 is not "
                                              "accepted: give at most 15000 for --coq-integers z"));
  c = initial();
  c.leg.checkpoint = 500;
  CHECK_THAT(refusal(c, bigz), Catch::Contains("n p (T + 1) = 60120 is not accepted"));
  c = initial(1);
  c.start.penalty.cut = Penalty::never;
  CHECK_THAT(refusal(c, bigz), Catch::Contains("on beyond the checkpoint"));
  CHECK_THROWS_AS(coq_integers_from("int63"), InputError);
}
