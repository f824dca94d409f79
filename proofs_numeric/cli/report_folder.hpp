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

/// What a report.json says of its folder.
struct EarlierReport {
  bool part = false;
  std::size_t claims = 0;
  std::vector<std::string> figures;       ///< file names: "error-decay.svg"
  std::vector<std::string> certificates;  ///< folders beside it, from schema version 5 on
};

/// Nothing where no report stands in the folder, or none that this program can read.
std::optional<EarlierReport> earlier_report(const std::string& folder);

/// Throws InputError if a report of a part would replace one of everything.
void require_no_loss(const std::optional<EarlierReport>& earlier, const std::string& folder,
                     bool part);

/// Removes the figures and certificates of the earlier report that are not among the files of the
/// new one and its certificates. A folder that has other things in it stays.
void remove_left_over(const EarlierReport& earlier, const Report& report,
                      const std::map<std::string, std::string>& files, const std::string& folder);

/// The file that is meant where a report is read: that of a folder is its report.json. Throws
/// InputError on a folder without one.
std::string report_file(const std::string& path);

}  // namespace alignproof::cli
