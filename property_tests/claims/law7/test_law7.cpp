// SPDX-License-Identifier: Apache-2.0
#include <claims/law7/cases.hpp>
#include <claims/law7/wrong_laws.hpp>
#include <claims/mean_field/sizes.hpp>

#include "claims/mean_field/made_up_fields.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

const std::string of = "networks, ";

FillWork gap(const std::string& name, double exponent, double spread = 0) {
  return with_field(of + name, [=](FieldRecord& record) {
    beside_law(record, power_of_p(record, exponent, spread));
  });
}

FillWork after_a_cut(const std::string& name, double exponent) {
  return with_field(of + name, [=](FieldRecord& record) {
    const auto off = power_of_p(record, exponent);
    for (std::size_t w = 0; w < record.runs.size(); ++w)
      for (std::size_t s = 0; s < record.runs[w].size(); ++s)
        record.runs[w][s].after_cut = record.end().cosine_after_cut + off(w, s);
  });
}

const std::vector<std::string> smooth_cases = {
    "tanh", "sigmoid", "erf", "softplus", "gelu", "tanh, three outputs", "tanh, ill-conditioned"};

}  // namespace

TEST_CASE("law7: the exponent of every activation, and after a cut", "[claims]") {
  CHECK(field_kind("law7") == holds);
  for (const std::string& name : smooth_cases) {
    INFO(name);
    CHECK(field_kind("law7", gap(name, -0.2)) == refuted);
    CHECK(field_kind("law7", gap(name, -0.25, 0.3)) == undecided);
    CHECK(field_kind("law7", with_field(of + name, [](FieldRecord& r) {
                       for (NetworkSlowRun& run : r.runs.back()) run.cosine.back() = NAN;
                     })) == refuted);
  }
  for (const char* cut : {"tanh", "sigmoid", "tanh, three outputs"})
    CHECK(field_kind("law7", after_a_cut(cut, -0.2)) == refuted);
}

TEST_CASE("law7: each of what is compared counts", "[claims]") {
  const auto off_by = [](const std::string& name, std::vector<double> NetworkSlowRun::*course) {
    return field_kind("law7", with_field(of + name, [=](FieldRecord& r) {
                        for (auto& width : r.runs)
                          for (NetworkSlowRun& run : width) (run.*course).front() += 0.3;
                      }));
  };
  CHECK(off_by("tanh, three outputs", &NetworkSlowRun::cosine) == refuted);
  CHECK(off_by("tanh, three outputs", &NetworkSlowRun::error) == refuted);
  CHECK(off_by("tanh, three outputs", &NetworkSlowRun::signal) == refuted);
}

TEST_CASE("law7: relu lies outside the theorem, which it can leave undecided only", "[claims]") {
  const ClaimRow fine = filled_row("law7", make_up_fields);
  for (const double exponent : {-0.2, 0.0})
    CHECK(field_kind("law7", gap("relu", exponent)) == undecided);
  const PremiseCount& smooth = fine.premises.back();
  CHECK(smooth.of == smooth.held + 1);
  CHECK(fine.instances == smooth.held);
}

TEST_CASE("law7: a law that is not stable counts as no instance", "[claims]") {
  const ClaimRow fine = filled_row("law7", make_up_fields);
  const ClaimRow outside = filled_row("law7", with_field(of + "softplus", [](FieldRecord& r) {
                                        r.course[2].spectrum(0) = 2 / r.field_case.eta;
                                      }));
  CHECK(outside.verdict.kind() == undecided);
  CHECK(outside.instances + 1 == fine.instances);
}

TEST_CASE("law7: the law must be known to a tenth of the gaps", "[claims]") {
  const auto with_error = [](double times_gap) {
    return field_kind("law7", with_field(of + "gelu", [=](FieldRecord& r) {
                        r.course[1].error_estimate = times_gap * 0.1 / std::sqrt(r.widths.back());
                      }));
  };
  CHECK(with_error(0.09) == holds);
  CHECK(with_error(0.11) == undecided);
  CHECK(with_error(NAN) == undecided);
}

TEST_CASE("law7: laws with a term in another way are refused by the networks nearer to them",
          "[claims]") {
  const auto like_the_law = [](AskedWork& work) {
    make_up_fields(work);
    if (auto* wrong = work.as<std::vector<FieldPoint>>())
      for (std::size_t k = 0; k < wrong->size(); ++k) {
        // The networks are above the law: this is on their side of it.
        FieldRecord of_the_case;
        of_the_case.field_case = contradicting_case();
        (*wrong)[k].cosine = 0.5 + 1e-4;
        (*wrong)[k].error =
            made_up_error(of_the_case, later_half(of_the_case.field_case.tau)[k]) + 1e-4;
      }
  };
  for (const std::size_t index : {0U, 1U}) {
    CHECK(caught("law7", index, make_up_fields));
    CHECK_FALSE(caught("law7", index, like_the_law));
  }
  CHECK(caught("law7", 2, make_up_fields));
  CHECK_FALSE(caught("law7", 2, with_field(of + "tanh", [](FieldRecord& r) {
                       for (NetworkSlowRun& run : r.runs.back()) run.after_cut = 0.5;
                     })));
}

TEST_CASE("the law with none of its terms changed is the law", "[claims]") {
  const FieldCase c = contradicting_case();
  const std::vector<double> times = later_half(c.tau);
  const auto apart = [](const std::vector<FieldPoint>& a, const std::vector<FieldPoint>& b) {
    double most = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
      most = std::max(most, std::abs(a[k].cosine - b[k].cosine));
      most = std::max(most, std::abs(a[k].error - b[k].error));
    }
    return most;
  };
  // Of equal weights, and of others.
  for (const Cloud& cloud :
       {quasi_random_cloud(c.data.K, 1, 1024, 3), gauss_hermite_cloud(c.data.K, 1, 12)}) {
    const auto of_terms = [&](const LawTerms& terms, const LawData& data) {
      return law_of_terms(terms, data, c.psi, cloud, c.lambda, times);
    };
    const auto law = mean_field_law(c.data, c.psi, cloud, {.lambda = c.lambda}, times);
    CHECK(apart(of_terms(true_terms, c.data), law) < 1e-5);
    CHECK(apart(of_terms(kernel_inside, c.data), law) > 0.02);
    CHECK(apart(of_terms(first_layer_kept, c.data), law) > 0.02);
    // Where K is diagonal the order of the products is the same.
    LawData diagonal = c.data;
    diagonal.K(0, 1) = diagonal.K(1, 0) = 0;
    CHECK(apart(of_terms(kernel_inside, diagonal), of_terms(true_terms, diagonal)) < 1e-12);
  }
}
