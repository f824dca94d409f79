// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <thread>

#include <unistd.h>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/network/idx.hpp>
#include <alignproof/report/writers.hpp>

#include "cli.hpp"
#include "progress_bar.hpp"

namespace alignproof::cli {

namespace fs = std::filesystem;

fs::path checker_path() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  // Beside this program and nowhere else: another program of this name must not be taken for it.
  return self.parent_path() / "alignproof-check";
}

namespace {

struct VerifyOptions {
  std::string profile = "quick", data_folder, out = "alignproof-report", format = "text";
  std::vector<std::string> claims;
  long long seed = 1;
  long long jobs = std::max(1u, std::thread::hardware_concurrency());
};

std::string host_name() {
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  return name;
}

Settings settings_from(const VerifyOptions& options) {
  Settings settings;
  settings.profile = profile_named(options.profile);
  if (options.seed < 0 || options.seed >= 1LL << 40)
    throw InputError("seed", fmt::format("{}", options.seed), "a whole number from 0 to 2^40 - 1");
  if (options.jobs < 1 || options.jobs > 4096)
    throw InputError("jobs", fmt::format("{}", options.jobs), "1 to 4096");
  settings.seed = static_cast<std::uint64_t>(options.seed);
  settings.jobs = static_cast<std::size_t>(options.jobs);
  settings.image_folder = fashion_mnist_folder();
  if (!options.data_folder.empty()) settings.image_folder = options.data_folder;
  if (settings.image_folder && !fs::is_directory(*settings.image_folder))
    throw InputError("data", fmt::format("'{}'", settings.image_folder->string()),
                     "a folder of IDX images");
  settings.checker = checker_path();
  settings.certificates = fs::path(options.out) / "certificates";
  return settings;
}

std::string command_line(const VerifyOptions& options) {
  std::string line =
      fmt::format("alignproof verify --profile {} --seed {}", options.profile, options.seed);
  if (!options.claims.empty()) line += fmt::format(" --claims {}", fmt::join(options.claims, ","));
  if (!options.data_folder.empty()) line += " --data " + options.data_folder;
  return line;
}

int verify_command(const VerifyOptions& options) {
  for (const std::string& id : options.claims) {
    claim_named(id);
    if (std::count(options.claims.begin(), options.claims.end(), id) > 1)
      throw InputError("claims", fmt::format("'{}'", fmt::join(options.claims, ",")),
                       "each claim once");
  }
  const Settings settings = settings_from(options);
  require_writable(options.out);
  const auto start = std::chrono::steady_clock::now();
  Report report = [&] {
    ProgressBar bar("verifying");
    return verify(settings, options.claims, bar);
  }();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.command = command_line(options);
  report.environment = {{"host", host_name()},
                        {"jobs", fmt::format("{}", settings.jobs)},
                        {"wall time", fmt::format("{:.1f} s", seconds)}};
  const std::string json = to_json(report);
  std::map<std::string, std::string> files = {
      {"report.json", json}, {"report.html", to_html(report)}, {"report.tex", to_tex(report)}};
  for (const Figure& figure : report.figures) files[figure.id + ".svg"] = to_svg_file(figure);
  write_files(options.out, files);
  if (options.format == "json")
    fmt::print("{}", json);
  else
    fmt::print("{}\n{:.0f} s. Report: {} (also report.json, report.tex and the figures)\n",
               to_text(report), seconds, (fs::path(options.out) / "report.html").string());
  std::vector<Verdict> verdicts;
  for (const ClaimRow& row : report.rows) verdicts.push_back(row.verdict);
  return exit_code(verdicts);
}

}  // namespace

void add_verify(CLI::App& app, Action& action) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = app.add_subcommand("verify", "check the claims and write the report");
  command->add_option("--profile", options->profile, "sizes and levels: quick")
      ->capture_default_str();
  command->add_option("--claims", options->claims, "only these, as T1,T2 (see explain)")
      ->delimiter(',');
  command->add_option("--data", options->data_folder,
                      "folder of IDX images (default: Fashion-MNIST as Debian installs it)");
  command->add_option("--seed", options->seed, "all random numbers follow from it")
      ->capture_default_str()
      ->check(whole_number());
  command->add_option("--jobs", options->jobs, "threads; the result does not depend on it")
      ->capture_default_str()
      ->check(whole_number());
  command->add_option("--out", options->out, "folder of the report")->capture_default_str();
  command->add_option("--format", options->format, "what to print: text or json")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "json"}));
  command->footer(
      "Examples:\n  alignproof verify --profile quick --out report\n  alignproof verify --claims "
      "T1,T3 --seed 7");
  command->callback(
      [options, &action] { action = [options] { return verify_command(*options); }; });
}

}  // namespace alignproof::cli
