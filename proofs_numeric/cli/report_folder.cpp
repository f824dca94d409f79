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

namespace alignproof::cli {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

constexpr const char* report_name = "report.json";

/// A file may say anything: only what is one name, and no `..`, is below the folder.
bool is_one_name(const fs::path& name) {
  return !name.empty() && name == name.filename() && name != "." && name != "..";
}

void add_figures(const Json& figures, std::vector<std::string>& names) {
  for (const Json& figure : figures)
    if (const std::string name = figure.at("id").get<std::string>() + ".svg"; is_one_name(name))
      names.push_back(name);
}

void add_certificates(const Json& claim, std::vector<std::string>& folders) {
  for (const Json& result : claim.at("results")) {
    if (!result.contains("certificate") || result.at("certificate").is_null()) continue;
    const std::string folder = result.at("certificate").at("folder").get<std::string>();
    if (const fs::path path = folder;
        is_one_name(path.parent_path()) && is_one_name(path.filename()))
      folders.push_back(folder);
  }
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

std::optional<EarlierReport> earlier_report(const std::string& folder) {
  const fs::path file = fs::path(folder) / report_name;
  if (!is_file(file)) return std::nullopt;
  try {
    const std::string text = read_file(file);
    const Findings found = read_findings(text, file.string());
    if (found.source != Findings::Source::report) return std::nullopt;
    EarlierReport earlier{found.part, found.claims.size(), {}, {}};
    const Json json = Json::parse(text);
    add_figures(json.at("figures"), earlier.figures);
    if (json.contains("simulations"))  // not in the first versions
      for (const Json& simulation : json.at("simulations"))
        add_figures(simulation.at("figures"), earlier.figures);
    for (const Json& claim : json.at("claims")) add_certificates(claim, earlier.certificates);
    return earlier;
  } catch (const InputError&) {
    return std::nullopt;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

void require_no_loss(const std::optional<EarlierReport>& earlier, const std::string& folder,
                     bool part) {
  if (part && earlier && !earlier->part)
    throw InputError(
        "folder of the report",
        fmt::format("'{}', where a report of all {} claims stands,", folder, earlier->claims),
        "another folder for a part of them");
}

void remove_left_over(const EarlierReport& earlier, const Report& report,
                      const std::map<std::string, std::string>& files, const std::string& folder) {
  std::error_code error;  // what cannot be removed stays
  for (const std::string& name : earlier.figures)
    if (!files.contains(name) && is_file(fs::path(folder) / name))
      fs::remove(fs::path(folder) / name, error);
  const std::vector<std::string> certificates = certificates_of(report);
  for (const std::string& name : earlier.certificates)
    if (!contains(certificates, name)) remove_certificate(fs::path(folder) / name);
  fs::remove(fs::path(folder) / "certificates", error);  // where it is empty
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
