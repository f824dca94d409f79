// SPDX-License-Identifier: Apache-2.0
#include <alignproof/command/suite.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_definition.hpp>
#include <alignproof/report/math.hpp>

namespace alignproof::inline command {

namespace {

/// Ids are written in lists with commas, as file names and as words of a shell.
bool is_id(std::string_view id) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto fits = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '\'';
  };
  return !id.empty() && id.size() <= 40 && is_letter(id.front()) &&
         std::all_of(id.begin(), id.end(), fits);
}

/// Throws InputError on a formula that cannot be read: before hours of work, not after them.
void require_readable(const ClaimText& text) {
  std::vector<std::string> all = {text.title,     text.statement, text.source,   text.conclusion,
                                  text.constants, text.method,    text.falsifier};
  all.insert(all.end(), text.premises.begin(), text.premises.end());
  for (const std::string& prose : all) prose_to_text(prose);
}

}  // namespace

Suite::Suite() : claims_(all_claims()), ours_(claims_.size()) {}

void Suite::add(Claim claim) {
  const std::string& id = claim.text.id;
  const auto refuse = [&](const std::string& accepted) {
    throw InputError("id of a claim", fmt::format("'{}'", id), accepted);
  };
  if (!is_id(id)) refuse("a letter and up to 39 more letters, digits, _, - or '");
  if (std::any_of(claims_.begin(), claims_.end(),
                  [&](const Claim& other) { return other.text.id == id; }))
    refuse("an id that no other claim has");
  if (claim.text.title.empty() || claim.text.statement.empty())
    refuse("a claim with a title and a statement");
  if (!claim.plan) refuse("a claim with a plan");
  require_readable(claim.text);
  claims_.push_back(std::move(claim));
}

void Suite::add(const LearningRule& rule) {
  register_rule(rule);
}

void Suite::add(ActivationDefinition activation) {
  register_activation(std::move(activation));
}

const Claim& Suite::claim_named(std::string_view id) const {
  std::string known;
  for (const Claim& claim : claims_) {
    if (claim.text.id == id) return claim;
    known += (known.empty() ? "" : ", ") + claim.text.id;
  }
  throw InputError("claim", fmt::format("'{}'", id), "one of " + known);
}

std::vector<Claim> Suite::chosen(const std::vector<std::string>& ids) const {
  if (ids.empty()) return claims_;
  std::vector<Claim> claims;
  for (const std::string& id : ids) claims.push_back(claim_named(id));
  return claims;
}

}  // namespace alignproof::inline command
