// SPDX-License-Identifier: Apache-2.0
#include "tamper/width_suite.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <sys/wait.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "check/decide_width.hpp"
#include "format/temporary_folder.hpp"
#include "tamper/draws.hpp"
#include "tamper/fields.hpp"
#include "tamper/spoil.hpp"
#include "tamper/width_certificates.hpp"

namespace alignproof::tamper {

namespace {

using check::Decision;

/// Refusing what holds by more than this (relative) is a failure, and refuting what holds is one.
constexpr double stated_tightness = 1e-12;
constexpr long first_bits = 128, last_bits = 256;

std::string describe(const truth::Verdict& verdict) {
  return fmt::format("'{}' {:.3g}", verdict.worst().name, verdict.worst().margin);
}

std::string describe(const WidthCertificate& c) {
  return fmt::format("width, {}, n={} p={} delta={:.3g}", to_string(c.activation), c.n(), c.p,
                     c.delta);
}

int code_of(Decision decision) {
  switch (decision) {
    case Decision::proved:
      return 0;
    case Decision::violated:
      return 1;
    case Decision::undecided:
      return 3;
  }
  return -1;
}

}  // namespace

WidthSuite::WidthSuite(Random& random, std::string checker, bool grade, Fail fail)
    : random_(random), checker_(std::move(checker)), grade_(grade), fail_(std::move(fail)) {}

void WidthSuite::too_strict(const std::string& what, const WidthCertificate& c) {
  ++strict_;
  if (!grade_) fail_(what, &c);
}

void WidthSuite::through_program(const std::string& folder, int expected) {
  ++by_program_;
  const int status =
      std::system(fmt::format("'{}' '{}' > /dev/null 2>&1", checker_, folder).c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code != expected)
    fail_(fmt::format("{} ends with {} instead of {}", checker_, code, expected), nullptr);
}

void WidthSuite::judge_one(const std::string& how, const WidthCertificate& c,
                           const std::string& folder) {
  const check::Findings findings = check::verify(c, first_bits, last_bits);
  const truth::Verdict verdict = judge_.judge(c);
  const auto tell = [&](const char* what) {
    return fmt::format("{}: {} ({}): truth {}", what, how, describe(c), describe(verdict));
  };
  if (!verdict.holds() && !verdict.fails()) ++near_;
  switch (findings.decision) {
    case Decision::proved:
      ++accepted_;
      if (verdict.fails()) ++unsound_, fail_(tell("accepted although false"), &c);
      break;
    case Decision::violated:
      ++refuted_;
      if (verdict.holds()) too_strict(tell("refuted although true"), c);
      break;
    case Decision::undecided:
      ++undecided_;
      if (verdict.worst().margin > stated_tightness) too_strict(tell("undecided although true"), c);
      break;
  }
  if (findings.decision != Decision::proved)
    for (const check::Condition& condition : findings.conditions)
      if (condition.decision == findings.decision) {
        ++reasons_[condition.inequality];
        break;
      }
  const long few[] = {32, 40, 53, 64};
  if (check::verify_at(c, few[whole(random_, 0, 3)]).decision == Decision::proved &&
      verdict.fails())
    ++unsound_, fail_(tell("accepted at few bits although false"), &c);
  if (!checker_.empty() && !folder.empty() && altered_ % 25 == 0)
    through_program(folder, code_of(findings.decision));
}

void WidthSuite::alter_one(const WidthCertificate& base) {
  const test::TemporaryFolder scratch;
  const std::filesystem::path folder = scratch.path() / "c";
  ++altered_;
  std::string how;
  try {
    if (one_in(random_, 10)) {
      write_width_certificate(folder, base);
      how = spoil_width(random_, folder);
    } else {
      const AlteredWidth altered = alter(random_, base);
      how = altered.how;
      write_width_certificate(folder, altered.certificate);
    }
    const WidthCertificate read = read_width_certificate(folder);
    check::verify_at(read, first_bits);  // of a variant that is not decided the truth says nothing
    judge_one(how, read, folder.string());
  } catch (const InputError&) {
    ++malformed_;
    if (!checker_.empty() && altered_ % 25 == 0 && std::filesystem::exists(folder))
      through_program(folder.string(), 2);
  } catch (const std::exception& error) {
    fail_(fmt::format("{}: {}", how, error.what()), nullptr);
  }
}

void WidthSuite::altered(std::size_t cases) {
  std::vector<WidthCertificate> bases;
  for (std::size_t k = 0; k < cases; ++k) {
    if (k % 120 == 0) {
      bases.clear();
      for (const Activation& activation : width_activations) {
        const std::size_t k = activation != Activation::relu && one_in(random_, 3) ? 2 : 1;
        const Rule rule =
            activation != Activation::relu && one_in(random_, 4) ? Rule::bp : Rule::fa;
        bases.push_back(random_width_certificate(random_, judge_, activation, k, rule));
        judge_one("unaltered", bases.back(), "");
        if (check::verify(bases.back(), first_bits, last_bits).decision != Decision::proved)
          too_strict(fmt::format("not accepted unaltered ({}): truth {}", describe(bases.back()),
                                 describe(judge_.judge(bases.back()))),
                     bases.back());
      }
    }
    alter_one(bases[k % bases.size()]);
  }
  fmt::print(
      "altered width certificates {}: accepted {}, refuted {}, undecided {}, malformed {}; near "
      "the "
      "boundary {}; unsound {}, too strict {}; by the program {}\n",
      altered_, accepted_, refuted_, undecided_, malformed_, near_, unsound_, strict_, by_program_);
  for (const auto& [inequality, count] : reasons_) fmt::print("  {:6} {}\n", count, inequality);
}

void WidthSuite::bisected(std::size_t certificates) {
  std::size_t edges = 0;
  double farthest = 0;
  std::string farthest_name;
  struct Kind {
    Activation activation;
    std::size_t k;
    Rule rule;
  };
  // Each activation with one output; then, but for relu, with 2 or many, and by backpropagation.
  std::vector<Kind> kinds;
  for (const Activation& activation : width_activations) kinds.push_back({activation, 1, Rule::fa});
  for (const Activation& activation : width_activations)
    if (activation != Activation::relu)
      kinds.push_back({activation, kinds.size() % 2 ? 2u : 40u, Rule::fa});
  for (const Activation& activation : width_activations)
    if (activation != Activation::relu)
      kinds.push_back({activation, kinds.size() % 2 ? 1u : 3u, Rule::bp});
  for (std::size_t round = 0; round < certificates; ++round) {
    const Kind& kind = kinds[made_++ % kinds.size()];
    const WidthCertificate c =
        random_width_certificate(random_, judge_, kind.activation, kind.k, kind.rule);
    for (const WidthField& field : width_fields(c))
      for (const int direction : {-1, 1}) {
        WidthCertificate moved = c;
        double& value = field.of(moved);
        const auto accepted = [&](double x) {
          value = x;
          return check::verify_at(moved, first_bits).decision == Decision::proved;
        };
        const double start = value;
        if (!accepted(start)) continue;
        const std::optional<Edge> found = edge(accepted, start, direction);
        if (!found) continue;
        ++edges;
        value = found->holds;
        const truth::Verdict inside = judge_.judge(moved);
        const auto tell = [&](const char* what, const truth::Verdict& verdict) {
          return fmt::format("bisection of {}: {} at {:.17g} ({}): truth {}", field.name, what,
                             value, describe(moved), describe(verdict));
        };
        if (inside.fails()) ++unsound_, fail_(tell("accepted", inside), &moved);
        double distance = 0;
        for (double by = 1e-16; by < 1; by *= 10) {
          value = found->fails + direction * by * std::abs(found->fails);
          if (!judge_.judge(moved).holds()) break;
          distance = by;
        }
        if (distance > farthest) farthest = distance, farthest_name = field.name;
        if (distance > stated_tightness)
          too_strict(tell("refused although true", judge_.judge(moved)), moved);
      }
  }
  fmt::print(
      "width certificates bisected: {} edges; refused although true by at most {:.1g} of a "
      "number ({})\n",
      edges, farthest, farthest_name);
}

}  // namespace alignproof::tamper
