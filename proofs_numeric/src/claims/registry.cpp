// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "claims/table.hpp"
#include "common.hpp"

namespace alignproof {

namespace {

/// Bridge: claims that are no folder yet.
std::vector<Claim> old_claims() {
  const std::pair<const char*, int> places[] = {
      {"T1w", 90},   {"law1", 120}, {"law2", 130}, {"law3", 140}, {"law4", 150}, {"law5", 160},
      {"law6", 170}, {"T3K", 180},  {"ID", 190},   {"KF", 200},   {"EX", 210},   {"RF", 220},
      {"TA", 230},   {"T1-img", 240}};
  std::vector<Claim> all;
  for (auto group : {least_width_claims, law_claims, identity_claims, exact_claims,
                     rounding_floor_claims, certificate_claims, image_claims})
    for (OldClaim& old : group()) {
      const std::string& id = old.text.id;
      Claim claim;
      claim.text = old.text;
      for (const auto& [known, place] : places)
        if (id == known) claim.place = place;
      claim.needs_checker = id == "TA" || id == "T1-img";
      claim.self_test = id == "ID" || id == "KF" || id == "EX";
      claim.plan = [old](Study& study) -> Conclusion {
        old.plan(study);
        return [old, &study](ClaimRow& row) { old.conclude(study, row); };
      };
      const auto figure = [&claim](int place, std::vector<Figure> (*draw)(const Study&)) {
        claim.figures = {{place, [draw](Study& study) {
                            return [draw, &study] { return draw(study); };
                          }}};
      };
      if (id == "RF") figure(40, floor_figures);
      if (id == "law2") figure(50, law_figures);
      all.push_back(std::move(claim));
    }
  return all;
}

}  // namespace

const std::vector<Claim>& all_claims() {
  static const std::vector<Claim> claims = [] {
    std::vector<Claim> all = old_claims();
    for (Claim (*make)() : claim_table()) all.push_back(make());
    std::stable_sort(all.begin(), all.end(),
                     [](const Claim& a, const Claim& b) { return a.place < b.place; });
    return all;
  }();
  return claims;
}

const Claim& claim_named(std::string_view id) {
  std::string known;
  for (const Claim& claim : all_claims()) {
    if (claim.text.id == id) return claim;
    known += (known.empty() ? "" : ", ") + claim.text.id;
  }
  throw InputError("claim", fmt::format("'{}'", id), "one of " + known);
}

}  // namespace alignproof
