// SPDX-License-Identifier: Apache-2.0
// The list of mutants is one of this source: every text stands where it says, every test exists.
// That each test fails is for `grade` to see, which compiles.
#include <filesystem>
#include <set>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

#include "must_reject/mutants.hpp"
#include "property.hpp"

using namespace alignproof;

TEST_CASE("every mutant of a conclusion changes a text that is there, and names a test",
          "[must_reject]") {
  std::string tests;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(ALIGNPROOF_TEST_DATA))
    if (entry.path().filename().string().starts_with("test_")) tests += read_file(entry.path());
  std::set<std::string> names, files;
  for (const must_reject::Mutant& mutant : must_reject::mutants()) {
    INFO(mutant.name);
    CHECK(names.insert(mutant.name).second);
    files.insert(mutant.file);
    CHECK_THAT(tests, Catch::Contains("TEST_CASE(\"" + mutant.test + "\""));
  }
  CHECK(names.size() >= 100);
  for (const std::string& file : files) {
    INFO(file);
    const std::string source = read_file(ALIGNPROOF_SOURCE_DIR "/proofs_numeric/src/" + file);
    CHECK_NOTHROW(must_reject::switchable(file, source));
    CHECK_THROWS_AS(must_reject::switchable(file, source + source), InputError);  // twice
    CHECK_THROWS_AS(must_reject::switchable(file, ""), InputError);
  }
}

TEST_CASE("every file that concludes has mutants", "[must_reject]") {
  // Those that only measure, plan, draw or describe conclude nothing.
  const std::set<std::string> without = {"certificate_folder.cpp",
                                         "ex/exact_runs.cpp",
                                         "family.cpp",
                                         "identities/two_forms.cpp",
                                         "law10/learning_time.cpp",
                                         "law7/cases.cpp",
                                         "law7/wrong_laws.cpp",
                                         "law9/onset_runs.cpp",
                                         "laws/law_case.cpp",
                                         "laws/law_runs.cpp",
                                         "laws/sizes.cpp",
                                         "mean_field/field_case.cpp",
                                         "mean_field/sizes.cpp",
                                         "own_data.cpp",
                                         "p/instances.cpp",
                                         "p_closed/closed_form_count.cpp",
                                         "planted_errors.cpp",
                                         "probes/course.cpp",
                                         "probes/start.cpp",
                                         "registry.cpp",
                                         "rf/floor_run.cpp",
                                         "settings.cpp",
                                         "study.cpp",
                                         "t1_penalty/budget.cpp",
                                         "t1e/remainder.cpp",
                                         "t3k/levels.cpp",
                                         "ta/instances.cpp",
                                         "theory.cpp",
                                         "watch_run.cpp"};
  std::set<std::string> with;
  for (const must_reject::Mutant& mutant : must_reject::mutants())
    if (mutant.file.starts_with("claims/")) with.insert(mutant.file.substr(7));
  const std::filesystem::path claims = ALIGNPROOF_SOURCE_DIR "/proofs_numeric/src/claims";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(claims)) {
    const std::string name = entry.path().lexically_relative(claims).string();
    if (!name.ends_with(".cpp")) continue;
    INFO(name);
    CHECK(with.contains(name) != without.contains(name));
  }
}
