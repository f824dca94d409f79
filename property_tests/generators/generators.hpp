// SPDX-License-Identifier: Apache-2.0
// Random instances for property tests, biased to the cases that break things; one place for all
// tests.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/format/instance.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/network/data.hpp>

#include "property.hpp"

namespace alignproof::gen {

/// Every whole number of [first, last] alike, whatever RapidCheck's size; shrinks to `first`.
template <class T>
rc::Gen<T> whole(T first, T last) {
  return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(first, last + 1));
}

/// Every value alike; shrinks to the first (rc::gen::element does not shrink).
template <class T>
rc::Gen<T> one_of(std::vector<T> values) {
  const std::size_t last = values.size() - 1;
  return rc::gen::map(whole<std::size_t>(0, last),
                      [values = std::move(values)](std::size_t k) -> T { return values[k]; });
}

/// The few numbers from which an instance is made.
struct Case {
  DataSpec data;
  NetworkSpec network;
  Rule rule = Rule::fa;
  /// Options of `simulate` for the form, weights and numbers that the property runs.
  std::string form{};

  Instance instance() const { return make_instance(make_data(data), network); }
};

/// One line that replays the case: "alignproof simulate --inputs ...". `case_from` reads it with
/// the command's own parser, and throws on anything else.
std::string line(const Case& c);
Case case_from(const std::string& line);
std::ostream& operator<<(std::ostream& out, const Case& c);

/// How far `nasty_case` may go.
struct Limits {
  std::vector<Activation> activations{std::begin(all_activations), std::end(all_activations)};
  std::size_t p = 40, steps = 12, outputs = 3;
  bool huge_and_tiny = true;  ///< scales of X, y and the initial weights over many binary orders
};

/// Instances with, each in a good share of cases: n = 1, p = 1, d < n, samples repeated or nearly
/// parallel (K singular), huge and tiny scales, eta at the edge of stability, y = 0, b orthogonal
/// or parallel to beta, no penalty, one that never ends, one that decays, e(0) = 0, several
/// outputs. Shrinks to small shapes and plain choices.
rc::Gen<Case> nasty_case(const Limits& limits = {});

/// nasty_case without huge and tiny scales, for properties that compare numbers of one size.
inline rc::Gen<Case> small_case(std::vector<Activation> activations, std::size_t p = 40,
                                std::size_t steps = 12) {
  return nasty_case({std::move(activations), p, steps, 3, false});
}

inline std::vector<Activation> every_activation() {
  return {std::begin(all_activations), std::end(all_activations)};
}
inline std::vector<Activation> smooth_activations() {
  std::vector<Activation> smooth = every_activation();
  std::erase(smooth, Activation::relu);
  return smooth;
}

/// The same cases with these options, as "--form reduced --weights wishart", in their lines.
rc::Gen<Case> run_as(const std::string& form, rc::Gen<Case> cases);

/// Whether the premise of the property holds for the case; the property itself asserts (RC_ASSERT).
using Property = std::function<bool(const Case&)>;

struct Outcome {
  std::size_t tried = 0, held = 0;     ///< generated cases, and those whose premise held
  std::optional<std::string> failure;  ///< what failed, with lines that run and replay it
};

/// Fewer premises than this share and a property has hardly been tested: it fails.
inline constexpr double least_premises = 0.2;

/// Tries the cases kept in `folder` under this name first, then generated ones. The smallest
/// failing case is kept there as a line for next time.
Outcome try_cases(const std::string& name, const rc::Gen<Case>& cases, const Property& property,
                  const std::filesystem::path& folder, const CaseNumbers& numbers = {});

/// try_cases as a section of a Catch2 test; kept cases stand in ALIGNPROOF_FAILED_CASES, or in the
/// build folder.
void check_cases(const std::string& name, const rc::Gen<Case>& cases, const Property& property);

}  // namespace alignproof::gen
