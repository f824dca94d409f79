// SPDX-License-Identifier: Apache-2.0
// The formats of a report, as the rows of one table. A row is a file of its own:
// src/report/formats/NAME.cpp defines ReportFormat formats::NAME(), and the build finds it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/format/report.hpp>

namespace alignproof::inline report {

struct ReportFormat {
  std::string_view name;  ///< the word of --format: "junit"
  std::string_view file;  ///< in the folder of a report: "report.junit.xml"; "": only printed
  std::string (*write)(const Report&);
};

/// All of them, by name.
const std::vector<ReportFormat>& report_formats();

/// Throws InputError, listing the names, on another one.
const ReportFormat& report_format(std::string_view name);

/// What stands in the folder of a report: the file of each format that has one, and each figure.
std::map<std::string, std::string> report_files(const Report& report);

}  // namespace alignproof::inline report
