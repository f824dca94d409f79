// SPDX-License-Identifier: Apache-2.0
// Runs beside the alignment law that nobody did, of which law1 to law6 and T3K are true; a test
// spoils some.
#pragma once

#include <cmath>
#include <string>

#include <claims/laws/checks.hpp>
#include <claims/laws/law_runs.hpp>
#include <claims/t3k/levels.hpp>

#include "claims/filled.hpp"

namespace alignproof::test {

inline void fill_table(LawTable& table, double value) {
  for (auto& width : table) width.assign(width.size(), value);
}

/// Of every tuple p^exponent, or exponents spread evenly by `spread` about it.
inline void power_of_width(const LawRecord& law, LawTable& table, double exponent,
                           double spread = 0) {
  for (std::size_t w = 0; w < table.size(); ++w)
    for (std::size_t s = 0; s < table[w].size(); ++s) {
      // Of a tuple, all four runs alike.
      const double place =
          static_cast<double>(s / 4) / static_cast<double>(table[w].size() / 4) - 0.5;
      table[w][s] = std::pow(law.widths[w], exponent + spread * place);
    }
}

inline void make_up_law(AskedWork& work) {
  if (auto* law = work.as<LawRecord>()) {
    for (LawTable* table : {&law->gap, &law->gap_after, &law->moved})
      power_of_width(*law, *table, -0.5);
    fill_table(law->after, 0.9);
    // The general K is law3's control: there a cut moves the cosine.
    if (law->name() == "unit sphere") fill_table(law->moved, 0.2);
  }
  if (auto* all = work.as<LawChecks>())
    all->checks = {{.name = all->name + ", exponent of |e|",
                    .replay = "replay",
                    .expected = -2.0 / 3,
                    .measured = -2.0 / 3 + 0.001,
                    .allowed = 0.01}};
  if (auto* levels = work.as<std::vector<LevelSample>>())
    levels->assign(20, {.spread = 2, .level = 0.5, .uniform = 0.4, .cosine = 0.6});
}

/// What a test does to the laws, or to the checks, of this name.
inline FillWork with_law(const std::string& name, const std::function<void(LawRecord&)>& spoil) {
  return [=](AskedWork& work) {
    make_up_law(work);
    if (auto* law = work.as<LawRecord>(); law && law->name() == name) spoil(*law);
  };
}
inline FillWork with_checks(const std::string& name,
                            const std::function<void(std::vector<LawCheck>&)>& spoil) {
  return [=](AskedWork& work) {
    make_up_law(work);
    if (auto* all = work.as<LawChecks>(); all && all->name == name) spoil(all->checks);
  };
}
inline FillWork gaps(const std::string& name, LawTable LawRecord::*table, double exponent,
                     double spread = 0) {
  return with_law(name, [=](LawRecord& law) { power_of_width(law, law.*table, exponent, spread); });
}
inline FillWork one_check_off(const std::string& name) {
  return with_checks(name, [](std::vector<LawCheck>& checks) {
    LawCheck& check = checks.front();
    check.measured = check.expected + 1.01 * check.allowed;
  });
}

inline VerdictKind law_kind(const std::string& id, const FillWork& fill = make_up_law) {
  return filled_row(id, fill).verdict.kind();
}

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided, sampled = VerdictKind::sampled;

}  // namespace alignproof::test
