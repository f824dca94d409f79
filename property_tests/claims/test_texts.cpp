// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/claim.hpp>

#include <filesystem>
#include <regex>
#include <set>

#include <alignproof/format/files.hpp>
#include <alignproof/report/math.hpp>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("every claim says all that a reader needs, in formulas that can be shown", "[claims]") {
  std::set<std::string> ids;
  for (const Claim& claim : all_claims()) {
    const ClaimText& text = claim.text;
    INFO(text.id);
    CHECK(ids.insert(text.id).second);
    for (const std::string* words : {&text.title, &text.statement, &text.source, &text.conclusion,
                                     &text.constants, &text.method, &text.falsifier}) {
      CHECK_FALSE(words->empty());
      CHECK_NOTHROW(prose_to_html(*words));
      CHECK_NOTHROW(prose_to_text(*words));
      CHECK_NOTHROW(prose_to_tex(*words));
    }
    CHECK_FALSE(text.premises.empty());
    for (const std::string& premise : text.premises) CHECK_NOTHROW(prose_to_html(premise));
  }
  for (const char* id : {"T1", "T1a", "T1b", "T1c", "T1d", "T1e", "T1'", "T2", "T3", "ID", "KF"})
    CHECK(ids.contains(id));
  CHECK_THROWS_WITH(claim_named("T9"), Catch::Contains("'T9'") && Catch::Contains("T1a"));
}

TEST_CASE("statements in Coq that a claim names are there under these names", "[claims]") {
  std::string library;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           ALIGNPROOF_SOURCE_DIR "/proofs_numeric/formal/coq"))
    if (entry.path().extension() == ".v") library += read_file(entry.path());
  std::size_t named = 0;
  for (const Claim& claim : all_claims()) {
    const std::string& source = claim.text.source;
    const std::size_t at = source.find("Coq: ");
    if (at == std::string::npos) continue;
    const std::string names = source.substr(at + 5);
    static const std::regex name("[A-Za-z0-9_']+");
    for (std::sregex_iterator each(names.begin(), names.end(), name), end; each != end; ++each) {
      INFO(claim.text.id << " names " << each->str());
      CHECK(std::regex_search(
          library, std::regex("\\b(Theorem|Lemma|Definition|Record) " + each->str() + "\\b")));
      ++named;
    }
  }
  // TA, T1, T2 and T3: the rows that count certificates.
  CHECK(named >= 10);
}
