// SPDX-License-Identifier: Apache-2.0
#include "report_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/claims/certificates.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/report/formats.hpp>

namespace alignproof::cli {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

constexpr const char* report_name = "report.json";

constexpr const char* certificates_name = "certificates";

// A file may say anything: only names that a report gives are taken, none of which leads elsewhere.

void add_figures(const Json& json, std::vector<std::string>& names) {
  if (!json.contains("figures")) return;
  for (const Json& figure : json.at("figures"))
    if (const std::string id = figure.at("id").get<std::string>(); is_plain_name(id))
      names.push_back(id + ".svg");
}

void add_certificates(const Json& claim, std::vector<std::string>& folders) {
  const std::string above = std::string(certificates_name) + "/";
  for (const Json& result : claim.at("results")) {
    if (!result.contains("certificate") || result.at("certificate").is_null()) continue;
    const std::string folder = result.at("certificate").at("folder").get<std::string>();
    if (folder.starts_with(above) && is_plain_name(folder.substr(above.size())))
      folders.push_back(folder);
  }
}

/// Throws InputError or Json::exception on anything else.
EarlierReport read_report(const fs::path& file) {
  if (!is_file(file)) throw InputError("report", fmt::format("'{}'", file.string()), "a file");
  const std::string text = read_file(file);
  const Findings found = read_findings(text, file.string());
  if (found.source != Findings::Source::report)
    throw InputError("report", fmt::format("'{}'", file.string()), "a report, no baseline");
  EarlierReport earlier{found.part, found.claims.size(), {}, {}};
  const Json json = Json::parse(text);
  add_figures(json, earlier.figures);
  if (json.contains("simulations"))  // not in the first versions
    for (const Json& simulation : json.at("simulations")) add_figures(simulation, earlier.figures);
  for (const Json& claim : json.at("claims")) add_certificates(claim, earlier.certificates);
  return earlier;
}

/// Of the path itself, links not followed.
bool is_itself(const fs::path& path, fs::file_type type) {
  std::error_code error;
  return fs::symlink_status(path, error).type() == type;
}

template <class Names>
bool contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> certificates_of(const Report& report) {
  std::vector<std::string> folders;
  for (const ClaimRow& row : report.rows)
    for (const InstanceResult& result : row.results) folders.push_back(result.certificate);
  return folders;
}

}  // namespace

std::vector<std::string> report_file_names() {
  std::vector<std::string> names;
  for (const ReportFormat& format : report_formats())
    if (!format.file.empty()) names.emplace_back(format.file);
  return names;
}

std::optional<EarlierReport> earlier_report(const std::string& folder) {
  const auto refuse = [&](const std::string& what) {
    throw InputError("folder of the report", fmt::format("'{}', where {},", folder, what),
                     "another folder, or remove what stands there: verify replaces only reports "
                     "that it can read");
  };
  const fs::path file = fs::path(folder) / report_name;
  if (type_at(file) == fs::file_type::not_found) {
    for (const std::string& name : report_file_names())
      if (type_at(fs::path(folder) / name) != fs::file_type::not_found)
        refuse(fmt::format("a {} stands without a report.json", name));
    return std::nullopt;
  }
  try {
    return read_report(file);
  } catch (const InputError&) {
    refuse("report.json cannot be read as a report");
  } catch (const Json::exception&) {
    refuse("report.json cannot be read as a report");
  }
  return std::nullopt;
}

void require_no_loss(const std::optional<EarlierReport>& earlier, const std::string& folder,
                     bool part) {
  if (!earlier) return;
  if (part && !earlier->part)
    throw InputError(
        "folder of the report",
        fmt::format("'{}', where a report of all {} claims stands,", folder, earlier->claims),
        "another folder for a part of them");
  for (const std::string& name : earlier->figures) require_writable_file(fs::path(folder) / name);
}

void require_apart_from_report(const std::string& baseline, const std::string& folder) {
  const auto place = [](fs::path path) {  // that is written to, also where it is still missing
    std::error_code error;
    constexpr int as_many_as_the_system = 40;
    for (int links = 0; links < as_many_as_the_system && is_itself(path, fs::file_type::symlink);
         ++links)
      path = path.parent_path() / fs::read_symlink(path, error);
    path = fs::absolute(path, error);
    return fs::weakly_canonical(path, error);
  };
  for (const std::string& name : report_file_names())
    if (place(baseline) == place(fs::path(folder) / name))
      throw InputError("baseline", fmt::format("'{}'", baseline),
                       fmt::format("another file: the {} of --out is written there", name));
}

void remove_left_over(const EarlierReport& earlier, const Report& report,
                      const std::map<std::string, std::string>& files, const std::string& folder) {
  std::error_code error;  // what cannot be removed stays
  for (const std::string& name : earlier.figures)
    if (const fs::path figure = fs::path(folder) / name;
        !files.contains(name) && is_itself(figure, fs::file_type::regular))
      fs::remove(figure, error);
  const std::vector<std::string> certificates = certificates_of(report);
  for (const std::string& name : earlier.certificates)
    if (!contains(certificates, name)) remove_certificate(fs::path(folder) / name);
  if (const fs::path above = fs::path(folder) / certificates_name;
      !earlier.certificates.empty() && is_itself(above, fs::file_type::directory))
    fs::remove(above, error);  // where it is empty
}

std::string report_file(const std::string& path) {
  if (!is_folder(path)) return path;
  const fs::path file = fs::path(path) / report_name;
  if (!is_file(file))
    throw InputError("report", fmt::format("'{}'", path),
                     "a file, or a folder that has a report.json");
  return file.string();
}

}  // namespace alignproof::cli
