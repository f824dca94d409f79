// SPDX-License-Identifier: Apache-2.0
#include "property.hpp"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include <alignproof/format/files.hpp>

namespace alignproof {

namespace {

using rc::detail::CaseDescription;
using rc::detail::CaseResult;

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (unsigned char c : text) hash = (hash ^ c) * 1099511628211u;
  return hash;
}

std::string values_of(const CaseDescription& description) {
  std::string text;
  for (const auto& [type, value] : description.example())
    text += fmt::format("  {}: {}\n", type, value);
  return text;
}

/// A whole number from the start of the text, which is dropped.
std::optional<std::size_t> take_number(std::string_view& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// ALIGNPROOF_PLANT=N makes case N of every property fail, and of its shrinks those whose values
/// hash to an even number: so replay lines are tested with failures that depend on the values.
std::optional<std::size_t> planted_case() {
  const char* number = std::getenv("ALIGNPROOF_PLANT");
  if (number == nullptr) return std::nullopt;
  std::string_view text = number;
  return take_number(text);
}

class Cases {
 public:
  Cases(const std::string& name, const rc::detail::Property& property)
      : name_(hash_of(name)), property_(property) {}

  rc::Shrinkable<CaseDescription> operator()(std::size_t number) const {
    return property_(rc::Random(rc::Random::Key{number, name_, 0, 0}),
                     static_cast<int>(number % 100));
  }

  /// Whether this shrink of the case fails too.
  bool fails(std::size_t number, const CaseDescription& shrunk) const {
    return shrunk.result.type == CaseResult::Type::Failure ||
           (number == planted_ && hash_of(values_of(shrunk)) % 2 == 0);
  }

  CaseDescription smallest(std::size_t number,
                           rc::Shrinkable<CaseDescription> failing) const {
    for (auto shrinks = failing.shrinks();;) {
      const auto next = shrinks.next();
      if (!next) return failing.value();
      if (!fails(number, next->value())) continue;
      failing = *next;
      shrinks = failing.shrinks();
    }
  }

  bool planted(std::size_t number) const { return number == planted_; }

 private:
  std::uint64_t name_;
  const rc::detail::Property& property_;
  std::optional<std::size_t> planted_ = planted_case();
};

/// The running test as Catch2's command line takes it.
std::string running_test() {
  std::string name;
  for (char c : Catch::getResultCapture().getCurrentTestName()) {
    if (std::string_view("\\,[").find(c) != std::string_view::npos) name += '\\';
    name += c;
  }
  return name;
}

std::string replay_line(std::size_t number) {
  return fmt::format("ALIGNPROOF_CASES={}:1 {} {}", number,
                     shell_word(std::filesystem::read_symlink("/proc/self/exe").string()),
                     shell_word(running_test()));
}

}  // namespace

CaseNumbers CaseNumbers::from_environment() {
  const char* chosen = std::getenv("ALIGNPROOF_CASES");
  if (chosen == nullptr) return {};
  std::string_view text = chosen;
  const std::optional<std::size_t> first = take_number(text);
  const bool colon = text.starts_with(':');
  text.remove_prefix(colon ? 1 : 0);
  const std::optional<std::size_t> count = take_number(text);
  if (!first || !colon || !count || *count == 0 || !text.empty())
    throw std::runtime_error(
        fmt::format("ALIGNPROOF_CASES = '{}' is not accepted: give FIRST:COUNT, as in 0:100",
                    chosen));
  return {*first, *count};
}

PropertyResult run_cases(const std::string& name, const rc::detail::Property& property,
                         const CaseNumbers& numbers) {
  const Cases cases(name, property);
  PropertyResult result;
  for (std::size_t number = numbers.first; number < numbers.first + numbers.count; ++number) {
    const auto shrinkable = cases(number);
    const CaseDescription description = shrinkable.value();
    if (description.result.type == CaseResult::Type::Failure || cases.planted(number)) {
      const CaseDescription smallest = cases.smallest(number, shrinkable);
      result.failure = fmt::format("case {} fails; the smallest like it:\n{}{}\nreplay: {}", number,
                                   values_of(smallest), smallest.result.description,
                                   replay_line(number));
      return result;
    }
    result.held += description.result.type == CaseResult::Type::Success;
  }
  if (numbers.many() && 11 * result.held < numbers.count)
    result.failure = fmt::format("RC_PRE lets {} of {} cases through: fewer than one in eleven",
                                 result.held, numbers.count);
  return result;
}

void report_cases(const std::string& name, const CaseNumbers& numbers,
                  const PropertyResult& result) {
  if (!running_test_has_tag("property"))
    FAIL("a test with random properties has the tag [property], so that soak finds it");
  if (const char* counts = std::getenv("ALIGNPROOF_COUNTS"))
    std::ofstream(counts, std::ios::app)
        << fmt::format("{}\t{}\t{}\t{}\t{}\n", Catch::getResultCapture().getCurrentTestName(), name,
                       numbers.first, result.held, result.failure ? "failed" : "passed");
  // Not by Catch2, which breaks lines that are to be copied.
  if (result.failure) std::cout << *result.failure << std::endl;
  REQUIRE_FALSE(result.failure.has_value());
}

}  // namespace alignproof
