// SPDX-License-Identifier: Apache-2.0
#include <alignproof/report/formats.hpp>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/report/writers.hpp>

namespace alignproof::inline report {

namespace formats {

std::vector<ReportFormat> all();  // made by the build: a row a file of formats/

}  // namespace formats

const std::vector<ReportFormat>& report_formats() {
  static const std::vector<ReportFormat> formats = formats::all();
  return formats;
}

const ReportFormat& report_format(std::string_view name) {
  std::string known;
  for (const ReportFormat& format : report_formats()) {
    if (format.name == name) return format;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", format.name);
  }
  throw InputError("format", fmt::format("'{}'", name), "one of " + known);
}

std::map<std::string, std::string> report_files(const Report& report) {
  std::map<std::string, std::string> files;
  for (const ReportFormat& format : report_formats())
    if (!format.file.empty()) files[std::string(format.file)] = format.write(report);
  const auto add = [&](const std::vector<Figure>& figures) {
    for (const Figure& figure : figures) files[figure.id + ".svg"] = to_svg_file(figure);
  };
  add(report.figures);
  for (const Simulation& simulation : report.simulations) add(simulation.figures);
  return files;
}

}  // namespace alignproof::inline report
