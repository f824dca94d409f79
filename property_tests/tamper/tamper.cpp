// SPDX-License-Identifier: Apache-2.0
// alignproof-tamper: valid certificates, altered in many ways and signed anew, must be accepted by
// the checker only where 300 digits say that the claim's conditions hold, and rejected only where
// they do not.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/wait.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/certificate.hpp>

#include "check/verify.hpp"
#include "format/temporary_folder.hpp"
#include "tamper/alterations.hpp"
#include "tamper/certificates.hpp"
#include "tamper/fields.hpp"
#include "tamper/law_suite.hpp"
#include "tamper/mutants.hpp"
#include "tamper/new_claims.hpp"
#include "tamper/orbit_cases.hpp"
#include "tamper/spoil.hpp"
#include "tamper/truth.hpp"
#include "tamper/width_suite.hpp"

namespace alignproof::tamper {

namespace {

namespace fs = std::filesystem;
using check::Decision;
using truth::Judge;
using truth::Verdict;

constexpr const char* help = R"(usage: alignproof-tamper [options]

  --cases N       altered certificates (default 1000)
  --seed S        (default 1)
  --orbits N      random orbits and climbs of Theorem B (default 100)
  --bisect N      certificates whose every number is bisected (default 2)
  --checker PATH  one altered certificate in 25 is also given to this program
  --keep FOLDER   certificates that fooled the checker (default tamper-failures)
  --parts LETTERS order of the parts: a altered, o orbits, b bisected, k orbits
                  and half as many altered of k outputs and backpropagation,
                  w altered width certificates, v these bisected, l altered law
                  certificates (default aobk)
  --rounds N      all of it N times (default 1)
  --grade         stop at the first failure; for mutated checkers
  --mutants       lists the mutants of the checker: name, file
  --misfits FOLDER
                  lists the mutants that do not fit the sources there, and files
                  without mutants
  --mutate NAME SOURCE TARGET
                  writes the mutated text of a file of the checker

examples
  alignproof-tamper --cases 1000 --checker build/bin/alignproof-check
  alignproof-tamper --misfits proofs_numeric/check

exit codes
  0  nothing found
  1  the checker was fooled or is too strict, or a mutant does not fit
  2  bad usage
)";

/// Rejecting what holds by more than this (relative, radius 0) is a failure.
constexpr double stated_tightness = 1e-9;

struct Options {
  std::size_t cases = 1000, orbits = 100, bisect = 2, rounds = 1;
  std::uint64_t seed = 1;
  std::string checker, parts = "aobk";
  fs::path keep = "tamper-failures";
  bool grade = false;
};

struct Counts {
  std::size_t altered = 0, accepted = 0, rejected = 0, undecided = 0, malformed = 0;
  std::size_t boundary = 0, unsound = 0, too_strict = 0, by_program = 0, followed = 0, shifted = 0;
  std::size_t at_few_bits = 0;  ///< decided once more at 24 to 64 bits
};

/// Stops the run at once, when a mutant is graded.
struct Caught {};

class Suite {
 public:
  explicit Suite(const Options& options)
      : options_(options),
        random_(options.seed),
        widths_(random_, options.checker, options.grade,
                [this](const std::string& what, const WidthCertificate* c) {
                  fail(what, c, write_width_certificate);
                }),
        laws_(random_, options.checker, options.grade,
              [this](const std::string& what, const LawCertificate* c) {
                fail(what, c, write_law_certificate);
              }) {}

  void altered() { alter_all(one_output_bases(), options_.cases); }
  void orbits() { try_orbits(false); }
  void outputs() {
    try_orbits(true);
    alter_all(outputs_bases(), options_.cases / 2);
  }
  void bisected();
  void altered_widths() { widths_.altered(options_.cases); }
  void bisected_widths() { widths_.bisected(options_.bisect); }
  void altered_laws() { laws_.altered(options_.cases); }
  bool failed() const { return failures_ > 0; }

 private:
  /// What certificates to make for the next alterations.
  struct Base {
    Wanted wanted;
    Network network;
    bool new_claims = false;  ///< those of version 3 too
  };
  static std::vector<Base> one_output_bases();
  static std::vector<Base> outputs_bases();
  void alter_all(const std::vector<Base>& kinds, std::size_t cases);
  void try_orbits(bool outputs);
  void alter_one(const RunCertificate& base);
  void judge_one(const std::string& how, const RunCertificate& certificate, const fs::path& folder);
  void through_program(const fs::path& folder, int expected);
  void bisect(const RunCertificate& certificate, const Field& field, int direction, long bits);
  Verdict worst_within(const RunCertificate& certificate);
  void fail(const std::string& what, const RunCertificate* certificate) {
    fail(what, certificate, write_certificate);
  }
  template <class Certificate>
  void fail(const std::string& what, const Certificate* certificate,
            void (*write)(const fs::path&, const Certificate&));
  void too_strict(const std::string& what, const RunCertificate& certificate);

  const Options& options_;
  Random random_;
  Judge judge_;
  WidthSuite widths_;
  LawSuite laws_;
  Counts counts_;
  std::size_t failures_ = 0, made_ = 0;
  std::map<std::string, std::size_t> reasons_;  ///< of rejections, by condition
  double farthest_ = 0;                         ///< of an accept/reject boundary from the truth
  std::string farthest_name_;
};

std::string describe(const Verdict& verdict) {
  return fmt::format("'{}' {:.3g}", verdict.worst().name, verdict.worst().margin);
}

std::string describe(const RunCertificate& c) {
  return fmt::format("{}, {}, {}, n={} p={} k={} T={}", to_string(c.start.kind),
                     to_string(c.start.rule), to_string(c.start.activation), c.start.n(),
                     c.start.p(), c.start.k(), c.leg.checkpoint);
}

template <class Certificate>
void Suite::fail(const std::string& what, const Certificate* certificate,
                 void (*write)(const fs::path&, const Certificate&)) {
  ++failures_;
  std::string kept;
  if (certificate != nullptr && !options_.grade) {
    fs::create_directories(options_.keep);
    const fs::path folder = options_.keep / fmt::format("{}-{}", options_.seed, failures_);
    fs::remove_all(folder);
    write(folder, *certificate);
    kept = fmt::format(" [{}]", folder.string());
  }
  fmt::print("FAILURE: {}{}\n", what, kept);
  std::fflush(stdout);
  if (options_.grade) throw Caught{};
}

/// A mutant that rejects too much fools nobody: it is not what a grade asks for.
void Suite::too_strict(const std::string& what, const RunCertificate& certificate) {
  ++counts_.too_strict;
  if (!options_.grade) fail(what, &certificate);
}

/// The truth knows no gamma of tanh and sigmoid between its two rules.
bool gamma_is_not_judged(const RunCertificate& c) {
  if (!c.whole_run.decay) return false;
  double largest = 0;
  for (double x : c.start.X.values) largest = std::max(largest, std::abs(x));
  return largest > 30 && largest < 1e18;
}

void Suite::judge_one(const std::string& how, const RunCertificate& c, const fs::path& folder) {
  // A twin may be asked to run for ever: that is no question of truth.
  if (c.whole_run.alignment && c.whole_run.alignment->twin.checkpoint > 200) return;
  if (gamma_is_not_judged(c)) return;
  const check::Findings findings = check::verify(c, 128, 1024);
  const Verdict verdict = judge_.judge(c, {}, findings.decision == Decision::proved);
  const auto tell = [&](const char* what) {
    return fmt::format("{}: {} ({}): truth {}", what, how, describe(c), describe(verdict));
  };
  const bool near = !verdict.holds() && !verdict.fails();
  if (near) ++counts_.boundary;
  switch (findings.decision) {
    case Decision::proved:
      ++counts_.accepted;
      if (verdict.fails()) ++counts_.unsound, fail(tell("accepted although false"), &c);
      break;
    case Decision::violated:
      ++counts_.rejected;
      break;
    case Decision::undecided:
      ++counts_.undecided;
      break;
  }
  if (findings.decision != Decision::proved) {
    for (const check::Condition& condition : findings.conditions)
      if (condition.decision == findings.decision) {
        ++reasons_[condition.inequality];
        break;
      }
    if (c.radius == 0 && verdict.worst().margin > stated_tightness)
      too_strict(tell("rejected although true"), c);
  }

  const long few[] = {24, 32, 40, 53, 64};
  const long bits = few[whole(random_, 0, 4)];
  ++counts_.at_few_bits;
  if (check::verify_at(c, bits).decision == Decision::proved) {
    const Verdict again = judge_.judge(c, {}, true);
    if (again.fails())
      ++counts_.unsound, fail(fmt::format("accepted at {} bits although false: {} ({}): {}", bits,
                                          how, describe(c), describe(again)),
                              &c);
  }

  if (findings.decision == Decision::proved) {
    if (c.radius > 0)
      for (int k = 0; k < 8; ++k) {
        ++counts_.shifted;
        const Verdict at = judge_.judge(c, random_shift(random_, c.start, c.radius));
        if (at.fails())
          ++counts_.unsound,
              fail(fmt::format("accepted although false within the radius {:.3g}: {} ({}): {}",
                               c.radius, how, describe(c), describe(at)),
                   &c);
      }
    if (whole(random_, 0, 9) == 0) {
      ++counts_.followed;
      const Verdict later = judge_.follow(c, random_shift(random_, c.start, c.radius), 20);
      if (later.fails())
        ++counts_.unsound, fail(fmt::format("claims of later steps do not hold: {} ({}): {}", how,
                                            describe(c), describe(later)),
                                &c);
    }
  }
  if (!options_.checker.empty() && !folder.empty() && counts_.altered % 25 == 0)
    through_program(folder, findings.decision == Decision::proved     ? 0
                            : findings.decision == Decision::violated ? 1
                                                                      : 3);
}

void Suite::through_program(const fs::path& folder, int expected) {
  ++counts_.by_program;
  const std::string command =
      fmt::format("'{}' '{}' > /dev/null 2>&1", options_.checker, folder.string());
  const int status = std::system(command.c_str());
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code != expected)
    fail(fmt::format("{} ends with {} instead of {}", options_.checker, code, expected), nullptr);
}

void Suite::alter_one(const RunCertificate& base) {
  const test::TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "c";
  ++counts_.altered;
  std::string how;
  try {
    if (whole(random_, 0, 9) == 0) {
      write_certificate(folder, base);
      how = spoil(random_, folder);
    } else {
      const Altered altered = alter(random_, judge_, base);
      how = altered.how;
      write_certificate(folder, altered.certificate);
    }
    const RunCertificate read = read_certificate(folder);
    judge_one(how, read, folder);
  } catch (const InputError&) {
    ++counts_.malformed;
    if (!options_.checker.empty() && counts_.altered % 25 == 0 && fs::exists(folder))
      through_program(folder, 2);
  } catch (const std::exception& error) {
    fail(fmt::format("{}: {}", how, error.what()), nullptr);
  }
}

std::vector<Suite::Base> Suite::one_output_bases() {
  std::vector<Base> kinds;
  for (Wanted wanted : all_wanted)
    for (const bool new_claims : {false, true}) kinds.push_back({wanted, {}, new_claims});
  return kinds;
}

std::vector<Suite::Base> Suite::outputs_bases() {
  std::vector<Base> kinds;
  for (Wanted wanted : all_wanted)
    for (const Network& network :
         {Network{Rule::fa, 2}, Network{Rule::bp, 1}, Network{Rule::bp, 2}})
      if (wanted != Wanted::twin || network.rule == Rule::fa)
        kinds.push_back({wanted, network, network.k > 1 && wanted != Wanted::neighbourhood});
  return kinds;
}

void Suite::alter_all(const std::vector<Base>& kinds, std::size_t cases) {
  std::vector<RunCertificate> bases;
  for (std::size_t k = 0; k < cases; ++k) {
    if (k % 240 == 0) {
      bases.clear();
      for (const auto& [wanted, network, new_claims] : kinds) {
        bases.push_back(
            random_certificate(random_, judge_, wanted, five_activations[made_++ % 5], network));
        // Rows, the limit and times are claimed of one start.
        if (new_claims && is_initial(bases.back().start.kind) && bases.back().radius == 0)
          add_new_claims(bases.back(), random_);
        if (check::verify(bases.back(), 128, 1024).decision != Decision::proved)
          too_strict(fmt::format("not accepted unaltered ({}): truth {}", describe(bases.back()),
                                 describe(judge_.judge(bases.back(), {}, true))),
                     bases.back());
      }
    }
    if (k % 240 == 0)
      for (const RunCertificate& base : bases)
        for (const Altered& lie : near_lies(random_, base)) {
          ++counts_.altered;
          judge_one(lie.how, lie.certificate, {});
        }
    alter_one(bases[k % bases.size()]);
  }
  const Counts& c = counts_;
  fmt::print(
      "altered {}: accepted {}, rejected {}, undecided {}, malformed {}; near the boundary {}; "
      "unsound {}, too strict {}; decided again at few bits {}, within a radius {}, followed {}, "
      "by "
      "the program {}\n",
      c.altered, c.accepted, c.rejected, c.undecided, c.malformed, c.boundary, c.unsound,
      c.too_strict, c.at_few_bits, c.shifted, c.followed, c.by_program);
  for (const auto& [inequality, count] : reasons_) fmt::print("  {:6} {}\n", count, inequality);
}

void Suite::try_orbits(bool outputs) {
  double largest = 0;
  for (std::size_t k = 0; k < options_.orbits; ++k) {
    const OrbitCase c = random_orbit_case(random_, k % 2 == 0, outputs);
    const Ratios ratios = exact_ratios(c);
    largest = std::max(largest, ratios.largest());
    if (ratios.largest() > 1)
      fail(fmt::format("Theorem B: an exact orbit leaves its radii: |e| {:.9g}, |beta| {:.9g}, |A| "
                       "{:.9g} of them, {} bits, radius {:.3g}",
                       ratios.e, ratios.beta, ratios.A, c.bits, c.radius),
           nullptr);
  }
  // Near its maximum a radius is hardly ever attained: that each term is there is asked directly.
  for (std::size_t k = 0; k <= options_.orbits; ++k) {
    OrbitCase c = k == 0 ? flip_case() : random_orbit_case(random_, true, outputs);
    c.outputs = outputs;
    c.bits = 128;
    const double shortfall = page_shortfall(c);
    if (shortfall > page_rounding)
      fail(fmt::format("Theorem B: a radius lacks {:.3g} of what the page gives, {} n={} p={} "
                       "steps={}{}",
                       shortfall, to_string(c.start.activation), c.start.n(), c.start.p(),
                       c.lambda.size(), k == 0 ? ", a flip with beta = 0" : ""),
           nullptr);
  }
  const Climb climbed = climb(random_, options_.orbits, 400, outputs);
  if (climbed.violation) fail(*climbed.violation, nullptr);
  fmt::print("orbits{}: {} at random, largest ratio {:.6f}; {} climbs, largest {:.6f}\n",
             outputs ? " of k outputs and backpropagation" : "", options_.orbits, largest,
             options_.orbits, climbed.best);
}

/// The worst that a search over starts within the radius finds.
Verdict Suite::worst_within(const RunCertificate& c) {
  Verdict worst = judge_.judge(c);
  truth::Shift best{};
  for (int k = 0; k < 150; ++k) {
    truth::Shift shift = random_shift(random_, c.start, c.radius);
    if (k >= 30 && !best.first.empty()) {  // near the best so far
      const double by = std::pow(10, -static_cast<double>(whole(random_, 0, 2)));
      const auto near = [&](std::vector<double>& x, const std::vector<double>& at) {
        for (std::size_t j = 0; j < x.size(); ++j) x[j] = at[j] + by * x[j];
        const double size = truth::norm(x);
        for (double& entry : x) entry *= size > 0 ? c.radius / size * (1 - 1e-12) : 0;
      };
      near(shift.first, best.first);
      near(shift.beta, best.beta);
    }
    Verdict verdict = judge_.judge(c, shift);
    if (best.first.empty() || verdict.worst().margin < worst.worst().margin) best = shift;
    if (verdict.worst().margin < worst.worst().margin) worst = std::move(verdict);
    if (worst.fails()) break;
  }
  return worst;
}

void Suite::bisect(const RunCertificate& certificate, const Field& field, int direction,
                   long bits) {
  RunCertificate c = certificate;
  // Enclosing gamma is slow; it matters for gamma alone.
  const bool with_gamma =
      field.name.starts_with("gamma") || field.name == "c1" || field.name == "c2";
  if (!with_gamma) c.whole_run.decay.reset();
  double& value = field.of(c);
  const auto accepted = [&](double x) {
    value = x;
    return check::verify(c, bits, bits < 128 ? bits : 256).decision == Decision::proved;
  };
  const double start = value;
  if (!accepted(start)) return;
  const std::optional<Edge> found = edge(accepted, start, direction);
  if (!found) return;
  value = found->holds;
  const Verdict inside = c.radius > 0 ? worst_within(c) : judge_.judge(c, {}, true);
  if (inside.fails())
    fail(fmt::format("bisection of {} at {} bits: accepted at {:.17g} ({}): truth {}", field.name,
                     bits, value, describe(c), describe(inside)),
         &c);
  if (c.radius > 0 || bits < 128) return;  // 300 digits at single starts do not say how tight
  // The truth's own boundary: how far is it?
  const auto outward = [&](double by) {
    return found->fails + direction * by * std::abs(found->fails);
  };
  double distance = 0;
  for (double by = 1e-16; by < 1; by *= 10) {
    value = outward(by);
    if (!judge_.judge(c, {}, true).holds()) break;
    distance = by;
  }
  if (distance > farthest_) farthest_ = distance, farthest_name_ = field.name;
  if (distance >= stated_tightness)
    too_strict(
        fmt::format("bisection of {}: rejected from {:.17g} on, true {:.1g} beyond ({}): truth {}",
                    field.name, found->fails, distance, describe(c),
                    (value = outward(distance), describe(judge_.judge(c, {}, true)))),
        c);
}

void Suite::bisected() {
  std::size_t numbers = 0;
  for (std::size_t k = 0; k < options_.bisect; ++k) {
    RunCertificate c;
    do c = random_certificate(random_, judge_, all_wanted[(k + 5) % 6]);
    while (c.start.p() * c.start.n() * (c.leg.checkpoint + 1) > 200);
    if (is_initial(c.start.kind)) add_new_claims(c, random_);
    for (const Field& field : all_fields(c)) {
      if (field.name == "radius" || field.name == "scale") continue;
      for (int direction : {-1, 1})
        // At few bits radii are large, and a radius turned inward shows.
        for (long bits : {24L, 40L, 128L}) bisect(c, field, direction, bits), ++numbers;
    }
  }
  fmt::print("bisected {} times; rejected although true by at most {:.1g} of a number ({})\n",
             numbers, farthest_, farthest_name_);
}

std::size_t count_from(const std::string& text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw InputError("number", fmt::format("'{}'", text), "a count");
  return value;
}

int run(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto next = [&] { return i + 1 < arguments.size() ? arguments[++i] : std::string(); };
    const std::string& a = arguments[i];
    if (a == "--help") {
      fmt::print("{}", help);
      return 0;
    } else if (a == "--mutants") {
      for (const Mutant& m : mutants()) fmt::print("{}\t{}\n", m.name, m.file);
      return 0;
    } else if (a == "--misfits") {
      const std::vector<std::string> found = misfits(next());
      for (const std::string& misfit : found) fmt::print("{}\n", misfit);
      fmt::print("{} mutants, {} misfits\n", mutants().size(), found.size());
      return found.empty() ? 0 : 1;
    } else if (a == "--mutate") {
      const std::string name = next(), source = next(), target = next();
      mutate(name, source, target);
      return 0;
    } else if (a == "--cases") {
      options.cases = count_from(next());
    } else if (a == "--seed") {
      options.seed = count_from(next());
    } else if (a == "--orbits") {
      options.orbits = count_from(next());
    } else if (a == "--bisect") {
      options.bisect = count_from(next());
    } else if (a == "--checker") {
      options.checker = next();
    } else if (a == "--parts") {
      options.parts = next();
    } else if (a == "--rounds") {
      options.rounds = count_from(next());
    } else if (a == "--keep") {
      options.keep = next();
    } else if (a == "--grade") {
      options.grade = true;
    } else {
      throw InputError("option", fmt::format("'{}'", a), "see --help");
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  Suite suite(options);
  try {
    for (std::size_t round = 0; round < options.rounds; ++round)
      for (char part : options.parts) {
        if (part == 'a') suite.altered();
        if (part == 'o') suite.orbits();
        if (part == 'b') suite.bisected();
        if (part == 'k') suite.outputs();
        if (part == 'w') suite.altered_widths();
        if (part == 'v') suite.bisected_widths();
        if (part == 'l') suite.altered_laws();
        fmt::print("{:.1f} s\n",
                   std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        std::fflush(stdout);
      }
  } catch (const Caught&) {
  }
  return suite.failed() ? 1 : 0;
}

}  // namespace

}  // namespace alignproof::tamper

int main(int argc, char** argv) {
  try {
    return alignproof::tamper::run({argv + 1, argv + std::max(argc, 1)});
  } catch (const alignproof::InputError& error) {
    fmt::print(stderr, "alignproof-tamper: {}\n", error.what());
    return 2;
  }
}
