// SPDX-License-Identifier: Apache-2.0
// Where doubles do not resolve what the theorem needs, the producer takes more digits by itself,
// and alignproof-check, whose precision follows, proves what it finds.
#include <alignproof/certificates/producer.hpp>
#include <alignproof/core/receipt.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/network/data.hpp>

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

/// Two samples of which the second differs from the first by so little that lambda_min(M) is
/// below what doubles resolve of M, and targets that start close to the outputs.
Instance nearly_parallel() {
  Data data = make_data({.n = 2, .d = 2});
  data.X(0, 0) = 1, data.X(0, 1) = 0, data.X(1, 0) = 1, data.X(1, 1) = 0x1p-11;
  NetworkSpec network{.p = 400, .activation = Activation::identity, .eta = 0.5, .penalty = {}};
  network.steps = 0, network.zero_error = true;
  return make_instance(data, network);
}

}  // namespace

TEST_CASE("Doubles are enough where they resolve the theorem", "[certificates]") {
  NetworkSpec network{.p = 60, .eta = 0.5, .penalty = {}};
  network.steps = 300;
  const Instance instance = make_instance(make_data({.n = 2, .d = 6}), network);
  const Proposal proposal = propose_certificate(instance, {}, true_step<double>());
  REQUIRE(proposal.certificate);
  CHECK(proposal.digits == 0);
  // Too few steps: more digits are not tried where they would not help.
  network.steps = 1;
  const Instance early = make_instance(make_data({.n = 2, .d = 6}), network);
  const Proposal none = propose_certificate(early, {}, true_step<double>());
  REQUIRE_FALSE(none.certificate);
  CHECK(none.digits == 0);
}

TEST_CASE("T1 where |e| is mostly rounding in doubles", "[certificates]") {
  NetworkSpec network{.p = 60, .eta = 0.5, .penalty = {}};
  network.steps = 800;
  const Instance instance = make_instance(make_data({.n = 2, .d = 6}), network);
  const Search late{.first = 500};
  const Proposal proposal = propose_certificate(instance, late, true_step<double>());
  REQUIRE(proposal.certificate);
  CHECK(proposal.digits == 40);
  CHECK(proposal.certificate->whole_run.decay);
  // Below the last digit of a double beside the targets.
  CHECK(proposal.certificate->leg.statement.error < 1e-18);
  const CheckReceipt receipt = check(*proposal.certificate);
  INFO(receipt.lines().back());
  CHECK(receipt.accepted());
}

TEST_CASE("An eigenvalue of M that doubles do not resolve", "[certificates]") {
  const Instance instance = nearly_parallel();
  const Proposal proposal = propose_certificate(instance, {}, true_step<double>());
  INFO(proposal.obstacle);
  REQUIRE(proposal.certificate);
  CHECK(proposal.digits == 40);
  CHECK(proposal.certificate->leg.witness.M_min < 1e-6);
  const CheckReceipt receipt = check(*proposal.certificate);
  INFO(receipt.lines().back());
  CHECK(receipt.accepted());
}
