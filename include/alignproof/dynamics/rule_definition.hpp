// SPDX-License-Identifier: Apache-2.0
// How a learning rule is written: a struct with a name and one or two functions of single entries,
// templates over the number type.
//
//   struct KolenPollack {
//     static constexpr std::string_view name = "kolen-pollack";
//     template <class Real>
//     static Real back(const Real& b, const Real& beta) { return b; }
//     template <class Real>
//     static Real next_b(const Real& b, const Real& beta, const BetaStep<Real>& step) {
//       return step.kept * b + step.update;
//     }
//   };
//   const LearningRule rule = learning_rule<KolenPollack>();
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string_view>

#include <alignproof/dynamics/learning_rule.hpp>
#include <alignproof/scalar/bin_float.hpp>
#include <alignproof/scalar/exact.hpp>
#include <alignproof/scalar/mpfr.hpp>

namespace alignproof::inline dynamics {

/// Base of rules whose b stays: they say `back` alone.
struct FixedFeedback {
  template <class Real>
  static Real next_b(const Real& b, const Real&, const BetaStep<Real>&) {
    return b;
  }
};

/// Base of rules by which beta alone learns, on fixed features: they say nothing but their name.
struct BetaAlone : FixedFeedback {
  template <class Real>
  static Real back(const Real&, const Real&) {
    return Real(0);
  }
};

namespace detail {

template <class Definition, class Real>
concept DefinesRuleFor = requires(const Real& x, const BetaStep<Real>& step) {
  { Definition::back(x, x) } -> std::same_as<Real>;
  { Definition::next_b(x, x, step) } -> std::same_as<Real>;
};

template <class Definition, class... Real>
concept DefinesRule = std::convertible_to<decltype(Definition::name), std::string_view> &&
    (DefinesRuleFor<Definition, Real>&&...);

/// Lower-case letters, digits and hyphens, a letter first: fit for a line of a store or a shell.
constexpr bool is_rule_name(std::string_view name) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !name.empty() && name.size() <= 40 && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

template <class Definition, class Real>
inline constexpr RuleActions<Real> rule_actions = {
    [](std::span<const Real> b, std::span<const Real> beta, std::span<Real> back) {
      for (std::size_t i = 0; i < b.size(); ++i) back[i] = Definition::back(b[i], beta[i]);
    },
    [](std::span<Real> b, std::span<const Real> beta, const Real& kept,
       std::span<const Real> update) {
      for (std::size_t i = 0; i < b.size(); ++i)
        b[i] = Definition::next_b(b[i], beta[i], BetaStep<Real>{kept, update[i]});
    }};

template <class Definition, class... Real>
const void* actions_of(const std::type_info& number) {
  const void* found = nullptr;
  ((number == typeid(Real) ? void(found = &rule_actions<Definition, Real>) : void()), ...);
  return found;
}

/// Whether a base's member is the one that counts: a rule that says both would mean neither.
template <class Definition, class Base>
constexpr bool keeps_next_b() {
  return &Definition::template next_b<double> == &Base::template next_b<double>;
}
template <class Definition, class Base>
constexpr bool keeps_back() {
  return &Definition::template back<double> == &Base::template back<double>;
}

}  // namespace detail

/// The rule that a struct defines; called twice, the same value.
template <class Definition>
LearningRule learning_rule() {
  static_assert(detail::DefinesRule<Definition, float, double, BinFloat100, Mpfr, Exact>,
                "a rule has a name, Real back(b, beta) and Real next_b(b, beta, step) for every "
                "number type; derive from FixedFeedback if b stays, from BetaAlone if beta alone "
                "learns");
  static_assert(detail::is_rule_name(Definition::name),
                "a rule's name has at most 40 lower-case letters, digits and hyphens, a letter "
                "first");
  constexpr bool b_stays = std::derived_from<Definition, FixedFeedback>,
                 beta_alone = std::derived_from<Definition, BetaAlone>;
  if constexpr (b_stays)
    static_assert(detail::keeps_next_b<Definition, FixedFeedback>(),
                  "a rule whose b stays has no next_b of its own");
  if constexpr (beta_alone)
    static_assert(detail::keeps_back<Definition, BetaAlone>(),
                  "a rule by which beta alone learns sends nothing back");
  static constexpr detail::ErasedRule erased = {
      Definition::name, !beta_alone, !b_stays,
      &detail::actions_of<Definition, float, double, BinFloat100, Mpfr, Exact>};
  return LearningRule(erased);
}

}  // namespace alignproof::inline dynamics
