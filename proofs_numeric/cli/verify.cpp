// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include <unistd.h>

#include <fmt/format.h>

#include <alignproof/claims/own_data.hpp>
#include <alignproof/command/suite.hpp>
#include <alignproof/core/program_name.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/network/idx.hpp>
#include <alignproof/report/comparison.hpp>
#include <alignproof/report/formats.hpp>
#include <alignproof/report/writers.hpp>
#include <alignproof/sweeps/classifier.hpp>
#include <alignproof/sweeps/shipped.hpp>
#include <alignproof/sweeps/store.hpp>
#include <alignproof/sweeps/summary.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "output.hpp"
#include "progress_bar.hpp"
#include "report_folder.hpp"
#include "resources.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

namespace fs = std::filesystem;

namespace {

struct VerifyOptions {
  std::string profile = "quick", out, format = "text", baseline, simulations, formal_checker;
  DataOptions data;
  bool approve = false;
  std::vector<std::string> claims, sweeps;
  long long seed = 1;
  std::optional<long long> jobs;
};

std::string host_name() {
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  return name;
}

/// Throws InputError on data that cannot be read, or that the claims say nothing of.
std::shared_ptr<const DataChoice> read_before_work(const DataOptions& options) {
  options.require_heeded_data();
  const auto data = std::make_shared<const DataChoice>(options.source(), options.request());
  Settings settings;
  settings.data = data;
  own_data(settings, settings.profile.image_count);
  if (!data->samples().note.empty()) to_stderr("{}\n", data->samples().note);
  return data;
}

/// Of the ready sweeps of images: the user's, where they are given.
std::optional<fs::path> image_folder(const Settings& settings) {
  if (settings.data && settings.data->source().option == "--data")
    return settings.data->request().paths.front();
  return fashion_mnist_folder();
}

Settings settings_from(const VerifyOptions& options) {
  Settings settings;
  settings.profile = profile_named(options.profile);
  if (options.seed < 0 || options.seed >= 1LL << 39)
    throw InputError("seed", fmt::format("{}", options.seed), "a whole number from 0 to 2^39 - 1");
  settings.seed = static_cast<std::uint64_t>(options.seed);
  settings.jobs = threads_for(options.jobs);
  settings.data = options.data.given() ? read_before_work(options.data) : usual_data();
  settings.checker = checker_path();
  settings.certificates = fs::path(options.out) / "certificates";
  return settings;
}

std::string command_line(const VerifyOptions& options, const Settings& settings) {
  std::string line = fmt::format("{} verify --profile {} --seed {}", shell_word(program_name()),
                                 options.profile, options.seed);
  if (!options.claims.empty())
    line += " --claims " + shell_word(fmt::format("{}", fmt::join(options.claims, ",")));
  if (options.data.given()) line += " " + settings.data->samples().options;
  if (!options.simulations.empty()) line += " --simulations " + options.simulations;
  if (!options.formal_checker.empty())
    line += " --formal-checker " + shell_word(options.formal_checker);
  for (const std::string& store : options.sweeps) line += " --sweeps " + shell_word(store);
  return line;
}

/// Sizes for a loop of edits: a few seconds, and no false claims, planted errors or sweeps.
bool is_smoke(const VerifyOptions& options) {
  return options.profile == "smoke";
}

/// Only some claims, without falsehoods.
bool is_part(const VerifyOptions& options) {
  return !options.claims.empty() || is_smoke(options);
}

/// A part has a folder of its own, so that a quick look does not replace the report of everything.
std::string folder_of(const VerifyOptions& options) {
  if (!options.out.empty()) return options.out;
  return is_part(options) ? "alignproof-part" : "alignproof-report";
}

/// At which scale the ready sweeps are run for the report; "none" for some claims only.
std::string scale_of(const VerifyOptions& options) {
  if (!options.simulations.empty()) return options.simulations;
  if (is_part(options)) return "none";
  return options.profile == "full" ? "small" : "smoke";
}

/// Those of the stores, and the ready ones that are not among them.
std::vector<Simulation> simulations(const VerifyOptions& options, const Settings& settings) {
  std::vector<Simulation> stored, all;
  for (const std::string& file : options.sweeps) {
    const RunStore store{fs::path(file)};
    stored.push_back(summarise(store.sweep(), store.finished()));
  }
  std::vector<Sweep> sweeps;
  const std::string scale = scale_of(options);
  const auto is_stored = [&](std::string_view name) {
    return std::any_of(stored.begin(), stored.end(),
                       [&](const Simulation& s) { return s.id == name; });
  };
  const std::optional<fs::path> images = image_folder(settings);
  std::size_t runs = 0;
  for (const auto& [name, text] : ready_sweeps()) {
    if (scale == "none" || is_stored(name)) continue;
    const bool of_images = name.starts_with("images");
    if (of_images && !images) continue;
    sweeps.push_back(read_sweep(text, scale, of_images ? images : std::nullopt));
    runs += sweeps.back().runs.size();
  }
  ProgressBar bar("simulating");
  bar.expect(runs);
  for (const Sweep& sweep : sweeps)
    all.push_back(summarise(sweep, execute(sweep, settings.jobs, bar)));
  all.insert(all.end(), stored.begin(), stored.end());
  const auto place = [](const Simulation& s) {
    const auto& ready = ready_sweeps();
    return std::find_if(ready.begin(), ready.end(),
                        [&](const auto& sweep) { return sweep.first == s.id; }) -
           ready.begin();
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const Simulation& a, const Simulation& b) { return place(a) < place(b); });
  return all;
}

std::vector<std::string> ids_of(std::span<const Claim> claims) {
  std::vector<std::string> ids;
  for (const Claim& claim : claims) ids.push_back(claim.text.id);
  return ids;
}

/// Are only claims asked for, by their ids, that the program brought?
bool only_brought(const VerifyOptions& options, const Suite& suite) {
  const std::vector<std::string> brought = ids_of(suite.brought());
  const auto is_brought = [&](const std::string& id) {
    return std::find(brought.begin(), brought.end(), id) != brought.end();
  };
  return !options.claims.empty() &&
         std::all_of(options.claims.begin(), options.claims.end(), is_brought);
}

/// What stands in the file of the baseline; nothing where there is none yet.
std::optional<Findings> approved_before(const std::string& file) {
  if (is_standard_output(file) || !is_file(file)) return std::nullopt;
  return read_findings(read_file(file), file);
}

/// What --approve writes: of brought claims alone, those rows in the file that is there.
std::string approved_now(const Findings& now, const VerifyOptions& options, const Suite& suite) {
  const std::optional<Findings> before = approved_before(options.baseline);
  if (!before) return to_baseline(now);
  return to_baseline(only_brought(options, suite) ? replaced_in(*before, now) : now, *before);
}

/// Instead of judging the verdicts themselves: are they, and the constants, what was approved?
int against_baseline(const Findings& approved, const Findings& all, const VerifyOptions& options,
                     const Suite& suite) {
  const Findings now = known_to(approved, all, ids_of(suite.brought()));
  Findings known = now;
  known.part = false;  // what it lacks, the baseline cannot know
  for (const ComparedItem& left_out : compare(known, all).items)
    if (left_out.change == Change::addition)
      to_stderr("not in the baseline: {}\n", to_line(left_out));
  std::vector<std::string> ran;  // all that are asked of a baseline where some claims were chosen
  if (!options.claims.empty())
    for (const ClaimFindings& claim : now.claims) ran.push_back(claim.id);
  const ReportComparison comparison = compare(approved, now, {}, ran);
  for (const std::string& remark : comparison.remarks) to_stderr("baseline: {}\n", remark);
  std::size_t changes = 0, not_run = 0;
  for (const ComparedItem& item : comparison.items) {
    switch (item.change) {
      case Change::same:
      case Change::within:
        break;
      case Change::not_run:
        ++not_run;
        break;
      case Change::addition:
      case Change::improvement:
      case Change::regression:
        to_stderr("differs from the baseline: {}\n", to_line(item));
        ++changes;
    }
  }
  if (not_run > 0) to_stderr("not run, and so not compared with the baseline: {}\n", not_run);
  return changes == 0 ? 0 : 1;
}

/// Those that have sizes of their own for it.
std::vector<Claim> smoke_claims(std::span<const Claim> claims) {
  std::vector<Claim> chosen;
  std::copy_if(claims.begin(), claims.end(), std::back_inserter(chosen),
               [](const Claim& claim) { return claim.self_test; });
  return chosen;
}

/// Rows that say so for all other claims, in the order of all.
void add_left_out(Report& report, std::span<const Claim> claims) {
  std::vector<ClaimRow> rows;
  auto ran = report.rows.begin();
  for (const Claim& claim : claims) {
    if (claim.self_test) {
      rows.push_back(std::move(*ran++));
      continue;
    }
    ClaimRow row;
    row.text = claim.text;
    row.ran = false;
    row.verdict = Verdict::undecided("not looked at in profile smoke");
    rows.push_back(std::move(row));
  }
  report.rows = std::move(rows);
}

/// Whether rows are asked for that count proved instances.
bool needs_checker(std::span<const Claim> claims) {
  return std::any_of(claims.begin(), claims.end(),
                     [](const Claim& claim) { return claim.needs_checker; });
}

/// "T2, T3N or TA": the claims for which it is true.
template <class Which>
std::string ids_where(const Suite& suite, const Which& which) {
  std::vector<std::string> ids;
  for (const Claim& claim : suite.claims())
    if (which(claim)) ids.push_back(claim.text.id);
  return alternatives(ids);
}

/// Throws InputError on data, and on a checker, that none of these claims asks for.
void require_heeded_by(std::span<const Claim> claims, const VerifyOptions& options,
                       const Suite& suite) {
  const std::vector<std::string> brought = ids_of(suite.brought());
  const auto reads_data = [&](const Claim& claim) {
    return claim.reads_data ||
           std::find(brought.begin(), brought.end(), claim.text.id) != brought.end();
  };
  // Ready sweeps of images are run with a folder that is given.
  const bool swept = options.data.source().option == "--data" && scale_of(options) != "none";
  if (const auto option = options.data.first_given(); option && !swept) {
    if (is_smoke(options))
      throw InputError("option", fmt::format("'{}' with --profile smoke", *option),
                       "another profile: this one makes all of its data");
    if (std::none_of(claims.begin(), claims.end(), reads_data))
      throw InputError(
          "option", fmt::format("'{}' with --claims {}", *option, fmt::join(options.claims, ",")),
          fmt::format("{} among the claims: others make their own data",
                      ids_where(suite, reads_data)));
  }
  if (!options.formal_checker.empty() && !needs_checker(claims)) {
    if (is_smoke(options))
      throw InputError("option", "'--formal-checker' with --profile smoke",
                       fmt::format("another profile, or {} among the claims: of others this one "
                                   "has no certificates",
                                   ids_where(suite, [](const Claim& claim) {
                                     return claim.self_test && claim.needs_checker;
                                   })));
    throw InputError(
        "option",
        fmt::format("'--formal-checker' with --claims {}", fmt::join(options.claims, ",")),
        fmt::format("{} among the claims: others have no certificates",
                    ids_where(suite, [](const Claim& claim) { return claim.needs_checker; })));
  }
}

bool is_on_path(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (access((fs::path(folder) / program).c_str(), X_OK) == 0) return true;
  return false;
}

/// With what the commands of the report run as they are printed; nothing where they do already.
void print_path_needed() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error), checker = checker_path();
  std::vector<std::string> folders;
  if (!error && !is_on_path(program_name()))
    folders.push_back(shell_word(self.parent_path().string()));
  if (!is_on_path(checker.filename()))
    if (const std::string folder = shell_word(checker.parent_path().string());
        folders.empty() || folders.front() != folder)
      folders.push_back(folder);
  if (!folders.empty())
    fmt::print("For the commands: export PATH={}:\"$PATH\"\n", fmt::join(folders, ":"));
}

/// A format without a file of its own is read in a terminal, by somebody who wants to know where
/// the files are; the others alone are what the next program reads.
void print_report(const Report& report, const ReportFormat& format, const fs::path& folder,
                  double seconds) {
  fmt::print("{}", format.write(report));
  if (!format.file.empty()) return;
  constexpr std::string_view page = "report.html";
  std::vector<std::string_view> others;
  for (const ReportFormat& other : report_formats())
    if (!other.file.empty() && other.file != page) others.push_back(other.file);
  fmt::print("\n{:.0f} s. Report: {}\n(also {} and the figures)\n", seconds,
             (folder / page).string(), fmt::join(others, ", "));
  print_path_needed();
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const ReportFormat& format : report_formats()) names.emplace_back(format.name);
  return names;
}

int verify_command(const VerifyOptions& options, const Suite& suite) {
  if (options.approve && options.baseline.empty())
    throw InputError("option", "'--approve' without --baseline",
                     "both of them: --baseline FILE names what is written");
  if (options.approve && (is_smoke(options) || (is_part(options) && !only_brought(options, suite))))
    throw InputError(
        "option",
        fmt::format("'--approve' with {}", is_smoke(options) ? "--profile smoke" : "--claims"),
        "a whole run, so that no verdict is lost");
  std::optional<Findings> approved;
  if (!options.baseline.empty() && !options.approve) {
    if (type_at(options.baseline) == fs::file_type::not_found)
      throw InputError("baseline", fmt::format("'{}'", options.baseline), "a file that exists");
    const std::string file = report_file(options.baseline);
    approved = read_findings(read_file(file), file);
  }
  if (options.approve) {
    if (!is_standard_output(options.baseline) && is_folder(options.baseline))
      throw InputError("baseline", fmt::format("'{}'", options.baseline),
                       "a file that is written, not a folder");
    if (!is_standard_output(options.baseline))
      require_apart_from_report(options.baseline, options.out);
    require_output(options.baseline);
    approved_before(options.baseline);  // before an hour of work: can it be read?
  }
  for (const std::string& id : options.claims) {
    suite.claim_named(id);
    if (std::count(options.claims.begin(), options.claims.end(), id) > 1)
      throw InputError("claims", fmt::format("'{}'", fmt::join(options.claims, ",")),
                       "each claim once");
  }
  const std::vector<Claim> asked = suite.chosen(options.claims),
                           claims = is_smoke(options) ? smoke_claims(asked) : asked;
  require_heeded_by(claims, options, suite);
  const ResultFolder folder(options.out, report_file_names());
  const std::optional<EarlierReport> earlier = earlier_report(options.out);
  require_no_loss(earlier, options.out, is_part(options));
  Settings settings = settings_from(options);
  if (needs_checker(claims)) require_checker();
  if (needs_checker(claims)) settings.formal_checker = formal_checker_from(options.formal_checker);
  if (scale_of(options) != "none" && image_folder(settings)) blas_core();  // can it be loaded?
  if (type_at(settings.certificates) != fs::file_type::not_found)
    require_writable(settings.certificates);
  std::set<std::string> names;
  for (const std::string& file : options.sweeps) {  // before an hour of work: are they whole?
    const RunStore store{fs::path(file)};
    store.finished();
    if (!names.insert(store.sweep().name).second)
      throw InputError("sweeps", fmt::format("'{}'", file),
                       fmt::format("one store of the name {}", store.sweep().name));
  }
  const auto start = std::chrono::steady_clock::now();
  Report report = [&] {
    ProgressBar bar("verifying", Units::unlike);
    const bool whole = !is_part(options);
    return verify(settings, claims, bar, {.false_claims = whole, .planted_errors = whole});
  }();
  report.part = is_part(options);
  if (is_smoke(options)) add_left_out(report, asked);
  report.simulations = simulations(options, settings);
  if (options.claims.empty() && options.simulations != "none")
    report.shipped = shipped_simulations();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.command = command_line(options, settings);
  report.environment = {{"host", host_name()},
                        {"jobs", fmt::format("{}", settings.jobs)},
                        {"wall time", fmt::format("{:.1f} s", seconds)}};
  const std::map<std::string, std::string> files = report_files(report);
  write_files(options.out, files);
  if (earlier) remove_left_over(*earlier, report, files, options.out);
  const Findings now = findings_of(report);
  if (options.approve) {
    write_output(options.baseline, approved_now(now, options, suite));
    to_stderr("baseline written: {}\n", options.baseline);
  }
  const Aside aside(options.approve && is_standard_output(options.baseline));
  print_report(report, report_format(options.format), options.out, seconds);
  if (options.approve) return 0;
  return approved ? against_baseline(*approved, now, options, suite)
                  : exit_code(verdicts_of(report));
}

}  // namespace

void add_verify(CLI::App& app, Action& action, const Suite& suite) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = app.add_subcommand("verify", "check the claims and write the report");
  add_name(*command, "--profile", options->profile, "smoke, quick, standard or full",
           "sizes and levels: ");
  add_list(*command, "--claims", options->claims, "only these, as T1,T2 (see explain)");
  options->data.add_data_without_n_to(*command);
  command->add_option("--seed", options->seed, "all random numbers follow from it")
      ->capture_default_str()
      ->check(whole_number());
  add_jobs(*command, options->jobs);
  add_instructions(*command);
  command
      ->add_option(
          "--simulations", options->simulations,
          "scale of the ready sweeps in the report (default: smoke; small in profile full;\n"
          "none with --claims)")
      ->check(one_of({"none", "smoke", "small", "full"}));
  add_list(*command, "--sweeps", options->sweeps, "finished stores of sweeps to show as they are");
  add_formal_checker(*command, options->formal_checker);
  command
      ->add_option("--out", options->out,
                   "folder of the report (default: alignproof-report; with --claims or\n"
                   "profile smoke alignproof-part)")
      ->check(folder_given());
  command
      ->add_option("--format", options->format,
                   fmt::format("what to print: {}", fmt::join(format_names(), ", ")))
      ->capture_default_str()
      ->check(one_of(format_names()));
  command
      ->add_option("--baseline", options->baseline,
                   "file of expected verdicts and constants, or folder of a report: exit 1 if\n"
                   "one differs, else 0")
      ->check(given("a file"));
  command->add_flag("--approve", options->approve, "write what was found to the baseline instead");
  command->footer(
      "Examples:\n  alignproof verify --profile quick --out report\n  alignproof verify --claims "
      "T1,T3 --seed 7\n  alignproof verify --claims T1-img --csv measured.csv\n  alignproof verify "
      "--profile standard --baseline "
      "reports/baselines/standard.json\n  alignproof verify --format junit > junit.xml\n"
      "T1-img is about the data that are given, else about Fashion-MNIST as Debian installs it.\n" +
      exit_codes("nothing is refuted or undecided, or all is as --baseline says",
                 "a claim is refuted, or something differs from --baseline",
                 "a claim is undecided (never with --baseline)"));
  command->callback([options, &action, &suite] {
    options->sweeps = file_list(options->sweeps);
    options->out = folder_of(*options);
    action = [options, &suite] { return verify_command(*options, suite); };
  });
}

}  // namespace alignproof::cli
