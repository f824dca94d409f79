// SPDX-License-Identifier: Apache-2.0
#include "sweeps/spec_fields.hpp"

#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include <alignproof/network/activation_properties.hpp>
#include <alignproof/random/dropout.hpp>
#include <alignproof/scalar/mpfr.hpp>

namespace alignproof::inline sweeps {

namespace {

constexpr std::uint64_t step_limit = 1000000000;
constexpr std::uint64_t any_count = std::numeric_limits<std::uint64_t>::max();

// ---- Values -------------------------------------------------------------------------------------

/// A finite one, also where it was written as a whole number that a double holds; -0 is 0.
std::optional<double> number_in(const FieldValue& value) {
  if (const auto* whole = std::get_if<std::uint64_t>(&value)) {
    const auto x = static_cast<double>(*whole);
    return x < 0x1p64 && static_cast<std::uint64_t>(x) == *whole ? std::optional(x) : std::nullopt;
  }
  const auto* x = std::get_if<double>(&value);
  return x && std::isfinite(*x) ? std::optional(*x + 0.0) : std::nullopt;
}

std::string text_in(const FieldValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : std::string();
}

std::string_view to_string(Form form) {
  return form == Form::fused ? "fused" : form == Form::kernel ? "kernel" : "reduced";
}

/// "float", "double" or "mpfr D" with D decimal digits.
FieldValue number_type(const RegressionSpec& spec) {
  if (spec.precision == Precision::mpfr) return fmt::format("mpfr {}", spec.digits);
  return spec.precision == Precision::float32 ? "float" : "double";
}

bool set_number_type(RegressionSpec& spec, const FieldValue& value) {
  const std::string type = text_in(value);
  unsigned digits = 0;
  if (type == "float")
    spec.precision = Precision::float32;
  else if (type == "double")
    spec.precision = Precision::float64;
  else if (std::sscanf(type.c_str(), "mpfr %u", &digits) == 1 &&
           type == fmt::format("mpfr {}", digits) && digits >= min_digits && digits <= max_digits)
    spec.precision = Precision::mpfr;
  else
    return false;
  spec.digits = digits;
  return true;
}

bool set_schedule(RegressionSpec& spec, const FieldValue& value) {
  const auto* words = std::get_if<std::string>(&value);
  if (words) spec.schedule = schedule_from(*words);
  return words != nullptr;
}

bool set_images(ClassificationSpec& spec, const FieldValue& value) {
  const auto* hash = std::get_if<std::string>(&value);
  if (hash) spec.images = *hash;
  return hash != nullptr;
}

// ---- Members of a spec --------------------------------------------------------------------------

template <auto Member>
constexpr auto own = [](auto& spec) -> auto& {
  return spec.*Member;
};
template <auto Member>
constexpr auto value_of = [](auto& spec) -> auto& {
  return *(spec.*Member);
};
template <auto Member>
constexpr auto network = [](auto& spec) -> auto& {
  return spec.network.*Member;
};

// ---- Fields of one kind: `at` is the member they stand for --------------------------------------

template <class Spec, class At>
Field<Spec> whole(const char* name, At at, std::uint64_t least, std::uint64_t most, FieldUse use) {
  return {name, [at](const Spec& s) { return FieldValue(std::uint64_t{at(s)}); },
          [=](Spec& s, const FieldValue& value) {
            const auto* count = std::get_if<std::uint64_t>(&value);
            if (!count || *count < least || *count > most) return false;
            at(s) = *count;
            return true;
          },
          fmt::format("a whole number from {} to {}", least, most), use};
}

template <class Spec, class At>
Field<Spec> number(const char* name, At at, bool (*accepts)(double), const char* accepted,
                   FieldUse use) {
  return {name, [at](const Spec& s) { return FieldValue(at(s)); },
          [=](Spec& s, const FieldValue& value) {
            const std::optional<double> x = number_in(value);
            if (!x || !accepts(*x)) return false;
            at(s) = *x;
            return true;
          },
          accepted, use};
}

template <class Spec, class At>
Field<Spec> positive(const char* name, At at, FieldUse use) {
  return number<Spec>(
      name, at, [](double x) { return x > 0; }, "a finite number > 0", use);
}

template <class Spec, class At>
Field<Spec> not_negative(const char* name, At at, FieldUse use) {
  return number<Spec>(
      name, at, [](double x) { return x >= 0; }, "a finite number >= 0", use);
}

template <class Spec, class At>
Field<Spec> rate(const char* name, At at, FieldUse use) {
  return number<Spec>(name, at, is_dropout_rate, dropout_rates, use);
}

/// A name that `from` reads, or refuses with a list of those that there are.
template <class Spec, class At, class From>
Field<Spec> named(const char* name, At at, From from, FieldUse use) {
  return {name, [at](const Spec& s) { return FieldValue(std::string(to_string(at(s)))); },
          [at, from](Spec& s, const FieldValue& value) {
            const auto* text = std::get_if<std::string>(&value);
            if (text) at(s) = from(*text);
            return text != nullptr;
          },
          "a word in quotes", use};
}

/// One of few names.
template <class Spec, class At, class Choice>
Field<Spec> one_of(const char* name, At at, std::initializer_list<Choice> from, FieldUse use) {
  const std::vector<Choice> choices = from;
  std::string accepted;
  for (const Choice choice : choices)
    accepted += fmt::format("{}\"{}\"",
                            accepted.empty()           ? ""
                            : choice == choices.back() ? " or "
                                                       : ", ",
                            to_string(choice));
  return {name, [at](const Spec& s) { return FieldValue(std::string(to_string(at(s)))); },
          [=](Spec& s, const FieldValue& value) {
            for (const Choice choice : choices)
              if (text_in(value) == to_string(choice)) {
                at(s) = choice;
                return true;
              }
            return false;
          },
          accepted, use};
}

/// A field that may have no value, which `none` says.
template <class Spec, class At>
Field<Spec> or_word(const char* none, At at, const Field<Spec>& some) {
  return {some.name,
          [=](const Spec& s) { return at(s) ? some.get(s) : FieldValue(std::string(none)); },
          [=](Spec& s, const FieldValue& value) {
            const auto before = at(s);
            at(s).reset();
            if (text_in(value) == none) return true;
            at(s).emplace();  // a place to write to
            if (some.set(s, value)) return true;
            at(s) = before;
            return false;
          },
          fmt::format("\"{}\" or {}", none, some.accepted), some.use};
}

/// What a run is told, not a configuration.
constexpr FieldUse not_varied;

}  // namespace

template <>
const Fields<RegressionSpec>& fields_of<RegressionSpec>() {
  using S = RegressionSpec;
  static const Fields<S> all = {
      named<S>("activation", own<&S::activation>, activation_from, {.loop = 1, .speaks = true}),
      named<S>("inputs", own<&S::inputs>, inputs_from, {.loop = 3, .speaks = true}),
      one_of<S>("targets", own<&S::targets>, {Targets::linear, Targets::network}, {.loop = 2}),
      whole<S>("n", own<&S::n>, 1, 10000, {.loop = 4}),
      whole<S>("d", own<&S::d>, 1, 100000, {.loop = 5}),
      or_word("sqrt d", own<&S::input_norm>,
              positive<S>("input_norm", value_of<&S::input_norm>,
                          {.loop = 6, .heading = "input norm"})),
      whole<S>("width", own<&S::width>, 1, 1000000000000, {.loop = 13, .heading = "$p$"}),
      named<S>("rule", own<&S::learning>, learning_rule_from, {.loop = 7, .speaks = true}),
      one_of<S>("form", own<&S::form>, {Form::fused, Form::kernel, Form::reduced}, {.loop = 8}),
      {"number",
       number_type,
       set_number_type,
       fmt::format("\"float\", \"double\" or \"mpfr D\" with {} to {} digits D", min_digits,
                   max_digits),
       {.loop = 9, .speaks = true}},
      positive<S>("step", own<&S::step>, {.loop = 12, .heading = "step size"}),
      not_negative<S>("reg", own<&S::reg>, {.loop = 14, .heading = "penalty"}),
      {"schedule",
       [](const S& s) { return FieldValue(schedule_in_words(s.schedule)); },
       set_schedule,
       "a word in quotes",
       {.loop = 15, .speaks = true}},
      rate<S>("dropout", own<&S::dropout>, {.loop = 16}),
      // The table says in its place how many were done.
      or_word(
          "settled", own<&S::steps>,
          whole<S>("steps", value_of<&S::steps>, 0, step_limit, {.loop = 10, .in_table = false})),
      whole<S>("every", own<&S::every>, 0, step_limit, {.loop = 11, .in_table = false}),
      whole<S>("seed", own<&S::seed>, 0, any_count, not_varied),
  };
  return all;
}

template <>
const Fields<ClassificationSpec>& fields_of<ClassificationSpec>() {
  using S = ClassificationSpec;
  using N = ClassifierSpec;
  static const Fields<S> all = {
      {"images",
       [](const S& s) { return FieldValue(s.images); },
       set_images,
       "a hash",
       {.table_characters = 12}},
      whole<S>("train", own<&S::train>, 1, any_count, not_varied),
      whole<S>("test", own<&S::test>, 1, any_count, not_varied),
      whole<S>("layers", network<&N::layers>, 2, 3, {.loop = 1}),
      whole<S>("width", network<&N::width>, 1, 65536, {.loop = 9, .heading = "$p$"}),
      named<S>("activation", network<&N::activation>, activation_from, {.loop = 2, .speaks = true}),
      named<S>("rule", network<&N::learning>, learning_rule_from, {.loop = 3, .speaks = true}),
      positive<S>("input_norm", network<&N::input_norm>, {.loop = 7, .heading = "input norm"}),
      positive<S>("step", network<&N::step>, {.loop = 8, .heading = "step size"}),
      not_negative<S>("reg", network<&N::reg>, {.loop = 10, .heading = "penalty"}),
      rate<S>("dropout", network<&N::dropout>, {.loop = 11}),
      whole<S>("batch", network<&N::batch>, 1, 65536, {.loop = 4}),
      whole<S>("epochs", network<&N::epochs>, 1, 1000000, {.loop = 5}),
      whole<S>("every", network<&N::every>, 1, step_limit, {.loop = 6, .in_table = false}),
      whole<S>("seed", network<&N::seed>, 0, any_count, not_varied),
  };
  return all;
}

}  // namespace alignproof::inline sweeps
