// SPDX-License-Identifier: Apache-2.0
#include "tamper/law_suite.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <utility>

#include <sys/wait.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "check/decide_law.hpp"
#include "format/temporary_folder.hpp"
#include "tamper/draws.hpp"
#include "tamper/spoil.hpp"

namespace alignproof::tamper {

namespace {

using check::Decision;

/// What the truth is off by at most, relatively.
constexpr double truth_error = 4e-15;
/// More would settle few of the undecided ones, and takes long.
constexpr long bits = 128;
constexpr double infinity = std::numeric_limits<double>::infinity();

const Activation enclosed[] = {Activation::identity, Activation::tanh, Activation::erf,
                               Activation::sigmoid, Activation::relu};

struct LawField {
  std::string name;
  std::function<double&(LawCertificate&)> of;
};

/// All numbers but the entries of y.
std::vector<LawField> law_fields() {
  std::vector<LawField> fields = {{"gamma", [](LawCertificate& c) -> double& { return c.gamma; }},
                                  {"lambda", [](LawCertificate& c) -> double& { return c.lambda; }},
                                  {"tau", [](LawCertificate& c) -> double& { return c.tau; }}};
  for (const auto& [name, bounds] : law_quantities)
    for (const auto& [side, which] :
         {std::pair{"lower", &LawBounds::lower}, {"upper", &LawBounds::upper}})
      fields.push_back({fmt::format("{}_{}", name, side),
                        [=](LawCertificate& c) -> double& { return c.values.*bounds.*which; }});
  return fields;
}

struct Claimed {
  const char* name;
  LawBounds bounds;
  double value;
};

std::vector<Claimed> claimed(const LawCertificate& c, const truth::LawTruth& v) {
  return {{"M", c.values.M, v.M},
          {"cosine", c.values.cosine, v.cosine},
          {"error", c.values.error, v.error},
          {"smallest", c.values.smallest, v.smallest},
          {"largest", c.values.largest, v.largest}};
}

bool odd(const Activation& activation) {
  return properties(activation).reflection == Reflection::odd;
}

/// What the law is about: of other statements the truth has no values.
bool speaks(const LawCertificate& c) {
  const double first = c.y.values[0];
  for (const double y : c.y.values)
    if (!(odd(c.activation) ? std::abs(y) == std::abs(first) : y == first)) return false;
  return first != 0 && c.gamma > 0 && c.lambda > 0 && c.tau > 0;
}

bool same_statement(const LawCertificate& a, const LawCertificate& b) {
  return a.activation == b.activation && a.n() == b.n() && a.gamma == b.gamma &&
         a.lambda == b.lambda && a.tau == b.tau &&
         std::abs(a.y.values[0]) == std::abs(b.y.values[0]);
}

double other_number(Random& random, double x) {
  switch (whole(random, 0, 7)) {
    case 0:
      return 0;
    case 1:
      return -x;
    case 2:
      return x * decades(random, -3, 3);
    case 3:
      return std::nextafter(x, infinity);
    case 4:
      return std::nextafter(x, -infinity);
    case 5:
      return decades(random, -5, 2);
    default:
      return x * (1 + (one_in(random, 2) ? 1 : -1) * decades(random, -15, -0.5));
  }
}

std::string alter_targets(Random& random, LawCertificate& c) {
  std::vector<double>& y = c.y.values;
  switch (whole(random, 0, 5)) {
    case 0:
      for (double& each : y) each = -each;
      return "y is -y";
    case 1: {
      double& each = y[whole(random, 0, y.size() - 1)];
      each = other_number(random, each);
      return fmt::format("an entry of y is {:.17g}", each);
    }
    case 2: {
      const double factor = 1 + (one_in(random, 2) ? 1 : -1) * decades(random, -15, -1);
      for (double& each : y) each *= factor;
      return fmt::format("y is y times {:.17g}", factor);
    }
    case 3:
      for (double& each : y) each = one_in(random, 2) ? each : -each;
      return "signs of y";
    case 4:
      y.push_back(y.back());
      c.y.shape = {y.size()};
      return "one sample more";
    default:
      if (y.size() > 1) y.pop_back();
      c.y.shape = {y.size()};
      return "one sample less";
  }
}

/// One or two changes.
std::string alter(Random& random, LawCertificate& c) {
  std::string how;
  for (std::size_t changes = one_in(random, 3) ? 2 : 1; changes > 0; --changes) {
    std::string what;
    const std::vector<LawField> fields = law_fields();
    const std::size_t which = whole(random, 0, fields.size() + 4);
    if (which < fields.size()) {
      double& value = fields[which].of(c);
      value = other_number(random, value);
      what = fmt::format("{} is {:.17g}", fields[which].name, value);
    } else if (which < fields.size() + 3) {
      what = alter_targets(random, c);
    } else if (which == fields.size() + 3) {
      c.activation = enclosed[whole(random, 0, std::size(enclosed) - 1)];
      what = fmt::format("psi is {}", to_string(c.activation));
    } else {
      LawBounds& bounds = c.values.*law_quantities[whole(random, 0, 4)].bounds;
      if (one_in(random, 2)) {
        std::swap(bounds.lower, bounds.upper);
        what = "bounds swapped";
      } else {
        bounds = c.values.*law_quantities[whole(random, 0, 4)].bounds;
        what = "bounds of another value";
      }
    }
    how += (how.empty() ? "" : ", ") + what;
  }
  return how;
}

std::string describe(const LawCertificate& c) {
  return fmt::format("law, {}, n={} gamma={:.3g} lambda={:.3g} tau={:.3g}", to_string(c.activation),
                     c.n(), c.gamma, c.lambda, c.tau);
}

}  // namespace

LawSuite::LawSuite(Random& random, std::string checker, bool grade, Fail fail)
    : random_(random), checker_(std::move(checker)), grade_(grade), fail_(std::move(fail)) {}

const truth::LawTruth& LawSuite::truth_of(const LawCertificate& c) {
  for (const auto& [statement, truth] : known_)
    if (same_statement(statement, c)) return truth;
  known_.emplace_back(c, truth::law_truth(c));
  return known_.back().second;
}

LawSuite::Room LawSuite::room(const LawCertificate& c) {
  if (!speaks(c)) return {-1, "premise"};
  if (!(c.values.M.lower >= 0)) return {-1, "M_lower"};
  Room least{infinity, ""};
  for (const auto& [name, bounds, value] : claimed(c, truth_of(c)))
    for (const double room : {(value - bounds.lower) / value, (bounds.upper - value) / value})
      if (!(room >= least.least)) least = {room, name};
  return least;
}

/// Small gamma M: few nodes do.
LawCertificate LawSuite::random_certificate(const Activation& activation) {
  LawCertificate c{.activation = activation,
                   .y = Array({whole(random_, 1, 4)}),
                   .gamma = decades(random_, -2, -1),
                   .lambda = decades(random_, -0.5, 0.5),
                   .tau = decades(random_, -1, 0.2),
                   .values = {}};
  const double ybar = (one_in(random_, 2) ? 1 : -1) * decades(random_, -0.5, 0.2);
  for (double& y : c.y.values) y = odd(activation) && one_in(random_, 2) ? -ybar : ybar;
  const truth::LawTruth& v = truth_of(c);
  const auto around = [&](double value, double most) {
    const auto slack = [&] { return value * decades(random_, -13.5, most); };
    return LawBounds{value - slack(), value + slack()};
  };
  c.values = {.M = {v.M * (1 - 1e-14), v.M * (1 + 1e-14)},
              .cosine = around(v.cosine, -2),
              .error = around(v.error, -2),
              .smallest = around(v.smallest, -2),
              .largest = around(v.largest, -2)};
  // An interval of M costs digits of the other values.
  if (one_in(random_, 3)) {
    c.values.M = around(v.M, -10);
    for (const LawQuantity& quantity : law_quantities) {
      if (quantity.bounds == &LawValues::M) continue;
      LawBounds& bounds = c.values.*quantity.bounds;
      bounds = {bounds.lower * (1 - 1e-8), bounds.upper * (1 + 1e-8)};
    }
  }
  return c;
}

void LawSuite::through_program(const std::string& folder, int expected) {
  ++by_program_;
  const int status =
      std::system(fmt::format("'{}' '{}' > /dev/null 2>&1", checker_, folder).c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code != expected)
    fail_(fmt::format("{} ends with {} instead of {}", checker_, code, expected), nullptr);
}

check::Decision LawSuite::judge_one(const std::string& how, const LawCertificate& c,
                                    const std::string& folder) {
  const check::Findings findings = check::verify(c, bits, bits);
  const long few[] = {24, 32, 40, 53, 64};
  const bool at_few_bits =
      check::verify_at(c, few[whole(random_, 0, 4)]).decision == Decision::proved;
  const bool accepted = findings.decision == Decision::proved;
  const auto tell = [&](const char* what, const Room& room) {
    return fmt::format("{}: {} ({}): room {:.3g} of {}", what, how, describe(c), room.least,
                       room.of);
  };
  // The truth takes long: where nothing was accepted, it is asked of statements that it knows.
  const bool known = speaks(c) && std::any_of(known_.begin(), known_.end(), [&](const auto& each) {
                       return same_statement(each.first, c);
                     });
  if (accepted || at_few_bits || known || !speaks(c)) {
    const Room within = room(c);
    const bool fails = within.least<-truth_error, holds = within.least> truth_error;
    if (!fails && !holds) ++near_;
    if (accepted && fails) ++unsound_, fail_(tell("accepted although false", within), &c);
    if (at_few_bits && fails)
      ++unsound_, fail_(tell("accepted at few bits although false", within), &c);
    if (findings.decision == Decision::violated && holds) {
      ++strict_;
      if (!grade_) fail_(tell("refuted although true", within), &c);
    }
  }
  ++(accepted ? accepted_ : findings.decision == Decision::violated ? refuted_ : undecided_);
  if (!accepted)
    for (const check::Condition& condition : findings.conditions)
      if (condition.decision == findings.decision) {
        ++reasons_[condition.inequality];
        break;
      }
  // The program takes more bits.
  if (findings.decision != Decision::undecided && !checker_.empty() && !folder.empty() &&
      altered_ % 25 == 0)
    through_program(folder, accepted ? 0 : 1);
  return findings.decision;
}

/// One bound lies just beyond the truth, on the wrong side.
void LawSuite::lie_by_little(const LawCertificate& base) {
  for (const LawQuantity& quantity : law_quantities)
    for (const int side : {-1, 1}) {
      LawCertificate c = base;
      LawBounds& bounds = c.values.*quantity.bounds;
      const double value = [&] {
        for (const Claimed& each : claimed(base, truth_of(base)))
          if (std::string(each.name) == quantity.name) return each.value;
        return 0.0;
      }();
      double& moved = side < 0 ? bounds.lower : bounds.upper;
      const double by = decades(random_, -13.7, -3);
      moved = value * (1 - side * by);
      (side < 0 ? bounds.upper : bounds.lower) = value * (1 + side * 1e-2);
      ++altered_;
      const std::string how = fmt::format("{} is off by {:.2g}", quantity.name, by);
      if (judge_one(how, c, "") == Decision::proved)
        ++unsound_, fail_(fmt::format("a lie of {:.2g} about {} accepted ({})", by, quantity.name,
                                      describe(c)),
                          &c);
    }
}

void LawSuite::alter_one(const LawCertificate& base) {
  const test::TemporaryFolder scratch;
  const std::filesystem::path folder = scratch.path() / "c";
  ++altered_;
  std::string how;
  try {
    if (one_in(random_, 10)) {
      write_law_certificate(folder, base);
      how = spoil_law(random_, folder);
    } else {
      LawCertificate c = base;
      how = alter(random_, c);
      write_law_certificate(folder, c);
    }
    judge_one(how, read_law_certificate(folder), folder.string());
  } catch (const InputError&) {
    ++malformed_;
    if (!checker_.empty() && altered_ % 25 == 0 && std::filesystem::exists(folder))
      through_program(folder.string(), 2);
  } catch (const std::exception& error) {
    fail_(fmt::format("{}: {}", how, error.what()), nullptr);
  }
}

void LawSuite::altered(std::size_t cases) {
  std::vector<LawCertificate> bases;
  for (std::size_t k = 0; k < cases; ++k) {
    if (k % 400 == 0) {
      bases.clear();
      known_.clear();
      for (const Activation& activation : enclosed) {
        bases.push_back(random_certificate(activation));
        if (judge_one("unaltered", bases.back(), "") != Decision::proved) {
          ++strict_;
          if (!grade_)
            fail_(fmt::format("not accepted unaltered ({})", describe(bases.back())),
                  &bases.back());
        }
        lie_by_little(bases.back());
      }
    }
    alter_one(bases[k % bases.size()]);
  }
  fmt::print(
      "altered law certificates {}: accepted {}, refuted {}, undecided {}, malformed {}; near the "
      "boundary {}; unsound {}, too strict {}; by the program {}\n",
      altered_, accepted_, refuted_, undecided_, malformed_, near_, unsound_, strict_, by_program_);
  for (const auto& [inequality, count] : reasons_) fmt::print("  {:6} {}\n", count, inequality);
}

}  // namespace alignproof::tamper
