// SPDX-License-Identifier: Apache-2.0
#include <claims/identities/two_forms.hpp>

#include "claims/filled.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

/// All cases fine but the first.
VerdictKind with_first(const std::string& id, const std::vector<double>& recursion,
                       const std::vector<double>& forms) {
  bool first = true;
  return filled_row(id,
                    [&](AskedWork& work) {
                      auto& both = *work.as<TwoForms>();
                      both.recursion.distance = both.forms.distance = {-49, -99};
                      both.recursion.rounding = {-47, -97};
                      if (first) both.recursion.distance = recursion, both.forms.distance = forms;
                      first = false;
                    })
      .verdict.kind();
}

constexpr auto sampled = VerdictKind::sampled, refuted = VerdictKind::refuted;
const std::vector<double> fine = {-49, -99};

}  // namespace

TEST_CASE("ID: residuals of the recursion below their bounds that shrink with the digits",
          "[claims]") {
  CHECK(with_first("ID", fine, {0, 0}) == sampled);
  CHECK(with_first("ID", {-46.9, -99}, fine) == refuted);
  CHECK(with_first("ID", {-49, -96.9}, fine) == refuted);
  CHECK(with_first("ID", {-55, -101}, fine) == refuted);  // below the bounds, hardly shrinking
}

TEST_CASE("KF: gaps between the forms that shrink with the digits", "[claims]") {
  CHECK(with_first("KF", {0, 0}, fine) == sampled);
  CHECK(with_first("KF", fine, {-49, -96.1}) == sampled);
  CHECK(with_first("KF", fine, {-49, -95.9}) == refuted);
}

TEST_CASE("identities whose runs diverge are not called sampled", "[claims]") {
  Settings settings;
  settings.profile = self_test_profile();
  settings.dynamics.in_mpfr = [](const Problem<Mpfr>& problem, const Forward<Mpfr>& at,
                                 std::size_t t, KernelState<Mpfr>& state) {
    step(problem, at, t, state);
    state.beta /= Mpfr(0);
  };
  Progress silent;
  for (const ClaimRow& row : verify(settings, {"ID", "KF"}, silent).rows)
    CHECK(row.verdict.kind() == VerdictKind::undecided);
}
