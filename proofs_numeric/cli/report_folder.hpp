// SPDX-License-Identifier: Apache-2.0
// The folder of a report: what an earlier report left there, and where a report is read from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/format/report.hpp>
#include <alignproof/report/findings.hpp>

namespace alignproof::cli {

/// What a report.json says of its folder; names that no report gives are left out.
struct EarlierReport {
  bool part = false;
  std::size_t claims = 0;
  std::vector<std::string> figures;       ///< file names: "error-decay.svg"
  std::vector<std::string> certificates;  ///< "certificates/erf", from schema version 5 on
};

/// The files that are written for any report: "report.html", "report.json", ...
std::vector<std::string> report_file_names();

/// Nothing where no report stands in the folder. Throws InputError where files of these names stand
/// there that are not of this program: without a report.json, or with one that is no report.
std::optional<EarlierReport> earlier_report(const std::string& folder);

/// Throws InputError if a report of a part would replace one of everything, or if a figure of the
/// earlier report cannot be replaced.
void require_no_loss(const std::optional<EarlierReport>& earlier, const std::string& folder,
                     bool part);

/// Throws InputError if the file is one that the report in the folder is written to.
void require_apart_from_report(const std::string& baseline, const std::string& folder);

/// Removes the figures and certificates of the earlier report that are not among the files of the
/// new one and its certificates. What is a link, has other things in it or cannot be removed stays.
void remove_left_over(const EarlierReport& earlier, const Report& report,
                      const std::map<std::string, std::string>& files, const std::string& folder);

/// The file that is meant where a report is read: that of a folder is its report.json. Throws
/// InputError on a folder without one.
std::string report_file(const std::string& path);

}  // namespace alignproof::cli
