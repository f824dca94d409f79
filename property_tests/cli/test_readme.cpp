// SPDX-License-Identifier: Apache-2.0
// The README and the pages that lead through programs say what these print: their outputs are
// compared with those of the commands beside them, the tables of README and results.md with what
// their commands find, and those that take longer with shipped results. The commands themselves run
// one after the other in one folder.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/format/files.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "lines.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;
using Json = nlohmann::ordered_json;

namespace {

using Lines = std::vector<std::string>;

Lines page(const std::string& name) {
  return lines_of(read_file(ALIGNPROOF_SOURCE_DIR "/" + name));
}

const Lines& readme() {
  static const Lines lines = page("README.md");
  return lines;
}

bool indented(const std::string& line) {
  return line.starts_with("    ");
}

bool is_command(const std::string& line) {
  return line.starts_with("build/bin/") || line.starts_with("for ") || line.starts_with("cp ");
}

/// Indented text: commands, and after an empty line what they print.
struct Quoted {
  Lines commands, output;
};

Quoted quoted_from(const Lines& block) {
  Quoted quoted;
  auto line = block.begin();
  while (line != block.end() && !line->empty()) quoted.commands.push_back(*line++);
  while (line != block.end() && line->empty()) ++line;
  quoted.output.assign(line, block.end());
  while (!quoted.output.empty() && quoted.output.back().empty()) quoted.output.pop_back();
  return quoted;
}

/// Every block of commands with their output.
std::vector<Quoted> quoted_outputs(const Lines& lines) {
  std::vector<Quoted> all;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    Lines block;
    for (; k < lines.size() && (indented(lines[k]) || (!block.empty() && lines[k].empty())); ++k)
      block.push_back(lines[k].empty() ? "" : lines[k].substr(4));
    if (block.empty() || !is_command(block.front())) continue;
    Quoted quoted = quoted_from(block);
    if (!quoted.output.empty()) all.push_back(std::move(quoted));
  }
  return all;
}

/// What is quoted and not printed, or nothing: lines in their order, where "..." stands for any
/// number of lines.
std::string difference(const Lines& quoted, const Lines& printed) {
  std::size_t at = 0;
  bool free = false;
  for (const std::string& line : quoted) {
    if (line == "...") {
      free = true;
      continue;
    }
    while (free && at < printed.size() && printed[at] != line) ++at;
    if (at == printed.size()) return line + "\n  where the output ends";
    if (printed[at] != line) return line + "\n  where it prints\n" + printed[at];
    ++at;
    free = false;
  }
  return free || at == printed.size() ? "" : "no " + printed[at];
}

/// The rows of the table after this line of the page, each as its cells.
std::vector<Lines> table_after(const Lines& lines, const std::string& start) {
  auto line = std::find_if(lines.begin(), lines.end(),
                           [&](const std::string& text) { return text.starts_with(start); });
  REQUIRE(line != lines.end());
  std::vector<Lines> rows;
  for (line += 2; line != lines.end() && line->starts_with("| "); ++line) {
    const std::string text = std::regex_replace(*line, std::regex(R"(\\\|)"), "\x01");
    Lines cells;
    std::istringstream in(text.substr(2));
    for (std::string cell; std::getline(in, cell, '|');)
      cells.push_back(std::regex_replace(cell, std::regex("^ +| +$"), ""));
    rows.push_back(cells);
  }
  REQUIRE(!rows.empty());
  return rows;
}

double number(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ','), text.end());
  std::size_t used = 0;
  const double value = std::stod(text, &used);
  if (used != text.size()) throw std::runtime_error("no number: " + text);
  return value;
}

/// One unit of the last decimal that is shown.
double unit(const std::string& text) {
  const std::size_t point = text.find('.');
  return point == std::string::npos ? 1
                                    : std::pow(10.0, -static_cast<double>(text.size() - point - 1));
}

/// The decimal is the value rounded up (or down) to the decimals that it has.
void check_rounded_up(const std::string& shown, double value) {
  INFO(shown << " of " << value);
  CHECK(number(shown) >= value);
  CHECK(number(shown) - unit(shown) < value);
}

void check_rounded_down(const std::string& shown, double value) {
  INFO(shown << " of " << value);
  CHECK(number(shown) <= value);
  CHECK(number(shown) + unit(shown) > value);
}

double end_of(const Json& enclosure, const char* end) {
  return std::stod(enclosure.at(end).get<std::string>());
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
  return text;
}

/// The exit code that a page announces beside a command.
int announced(const std::string& command) {
  std::smatch code;
  return std::regex_search(command, code, std::regex("# .*ends with exit code ([0-9])"))
             ? std::stoi(code[1])
             : 0;
}

/// What commands of a page print, run in `folder` with the programs of this build.
std::string printed_by(const std::string& commands, const std::filesystem::path& folder) {
  const std::string programs = std::filesystem::path(ALIGNPROOF_PROGRAM).parent_path().string();
  INFO(commands);
  const Ended ended = run_in(folder, "set -e\n" + replaced(commands, "build/bin/", programs + "/"));
  INFO(ended.err);
  REQUIRE(ended.exit_code == announced(commands));
  return ended.out;
}

Json shipped(const std::string& name) {
  return Json::parse(read_file(ALIGNPROOF_SOURCE_DIR "/reports/baselines/" + name));
}

/// A page in one line.
std::string prose(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + " ";
  return text;
}

}  // namespace

TEST_CASE("what the pages quote is what their commands print", "[cli]") {
  // Each page is one session, in one folder.
  for (const auto& [name, least] :
       std::map<std::string, std::size_t>{{"README.md", 1},
                                          {"reports/docs/results.md", 1},
                                          {"reports/docs/first_hour.md", 4},
                                          {"reports/docs/theorems.md", 5},
                                          {"reports/docs/api.md", 1}}) {
    INFO(name);
    const std::vector<Quoted> all = quoted_outputs(page(name));
    CHECK(all.size() >= least);
    const TemporaryFolder scratch;
    for (const Quoted& quoted : all) {
      std::string words;
      for (const std::string& command : quoted.commands) words += command + "\n";
      INFO(words);
      CHECK(difference(quoted.output, lines_of(printed_by(words, scratch.path()))) == "");
    }
  }
}

TEST_CASE("a quotation that differs is seen", "[cli]") {
  const Lines printed = {"a", "", "b", "c"};
  CHECK(difference(printed, printed) == "");
  CHECK(difference({"...", "b", "c"}, printed) == "");
  CHECK(difference({"a", "..."}, printed) == "");
  CHECK(difference({"a", "...", "c"}, printed) == "");
  for (const Lines& other : {Lines{"a", "", "b"}, Lines{"b", "c"}, Lines{"...", "b"},
                             Lines{"a", "...", "d"}, Lines{"a", "", "b", "c", "d"}, Lines{}})
    CHECK(difference(other, printed) != "");
}

TEST_CASE("the table of sufficient widths is what `width` finds", "[cli]") {
  const Lines results = page("reports/docs/results.md");
  const std::string text = prose(results);
  const std::size_t begin = text.find("for data in "), end = text.find("; done", begin);
  REQUIRE(end != std::string::npos);
  const std::string loop = text.substr(begin, end - begin),
                    // What is measured takes longer.
      command = replaced(loop.substr(loop.find("; do ") + 5), " --measure --steps 60", "");
  std::vector<std::string> data;
  const std::string list = loop.substr(0, loop.find("; do "));
  const std::regex quoted("\"([^\"]*)\"");
  for (std::sregex_iterator it(list.begin(), list.end(), quoted), none; it != none; ++it)
    data.push_back((*it)[1]);
  const std::vector<Lines> rows = table_after(results, "| data on the sphere |");
  REQUIRE(data.size() == rows.size());
  const TemporaryFolder scratch;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const Lines& row = rows[k];
    INFO(row.at(0));
    const Json json = Json::parse(
        printed_by(replaced(command, "$data", data[k]) + " --format json", scratch.path()));
    const int n = json.at("n"), d = std::stoi(data[k].substr(data[k].find("--d ") + 4));
    CHECK(row.at(0) == "n = " + std::to_string(n) + ", d = " + std::to_string(d) + ", " +
                           json.at("activation").get<std::string>());
    check_rounded_down(row.at(1), end_of(json.at("gamma"), "lower"));
    CHECK(number(row.at(2)) == json.at("sufficient_width").get<double>());
    check_rounded_up(row.at(3), end_of(json.at("c1"), "upper"));
    check_rounded_up(row.at(4), end_of(json.at("c2"), "upper"));
    check_rounded_up(row.at(5), end_of(json.at("kappa"), "upper"));
  }
}

namespace {

/// The rows that the README shows of a quick run, by their claims.
std::map<std::string, std::string> quick_rows() {
  const Lines& lines = readme();
  auto line = std::find(lines.begin(), lines.end(),
                        "The command `verify --profile quick --seed 1` prints:");
  REQUIRE(line != lines.end());
  std::map<std::string, std::string> rows;
  // Behind an empty line, the head and a rule.
  for (line += 4; line != lines.end() && indented(*line); ++line) {
    const std::string row = line->substr(4);
    rows[row.substr(0, row.find(' '))] = row;
  }
  return rows;
}

}  // namespace

TEST_CASE("the README's rows of a quick run have the verdicts that are shipped", "[cli]") {
  const Json baseline = shipped("quick.json");
  std::map<std::string, std::string> verdicts, shown;
  for (const auto& [id, row] : baseline.at("claims").items()) verdicts[id] = row.at("verdict");
  for (const auto& [id, row] : quick_rows()) {
    std::istringstream words(row.substr(id.size()));
    words >> shown[id];
  }
  CHECK(shown == verdicts);
}

TEST_CASE("the README counts instances and false claims as in what is shipped", "[cli]") {
  const Json baseline = shipped("quick.json");
  const std::string text = prose(readme());
  const auto says = [&](const std::string& words) {
    INFO(words);
    CHECK(text.find(words) != std::string::npos);
  };
  for (const char* row : {"T1", "T2", "T3"}) {
    std::size_t inside = 0, beyond = 0;
    std::string names;
    for (const auto& [name, verdict] : baseline.at("claims").at(row).at("instances").items()) {
      if (verdict != "proved" || name.find("for all t") == std::string::npos) continue;
      if (name.find("beyond the theorem") == std::string::npos) {
        ++inside;
        continue;
      }
      ++beyond;
      names += (names.empty() ? "" : ", ") + name.substr(0, name.find(':'));
    }
    // The baseline sorts whole names, the report the names before the colon.
    std::istringstream listed(replaced(names, ", ", " "));
    std::set<std::string> sorted;
    for (std::string name; listed >> name;) sorted.insert(name);
    names.clear();
    for (const std::string& name : sorted) names += (names.empty() ? "" : ", ") + name;
    says(
        fmt::format("- {}: proved on {} of {} instances inside the premises, and beyond them on "
                    "{} of {}: {} ",
                    row, inside, inside, beyond, beyond, names));
  }
  says(fmt::format("Behind TA are {} instances",
                   baseline.at("claims").at("TA").at("instances").size()));

  // Planted errors are refuted by EX among others, false claims by one row each.
  const std::vector<Lines> planted = table_after(readme(), "| planted error |");
  std::multiset<std::string> shown, found;
  for (const Lines& row : planted) shown.insert(replaced(row.at(1), " ", ", "));
  std::size_t law = 0, kolen_pollack = 0, theorems = 0;
  for (const auto& [name, rows] : baseline.at("refused").items()) {
    const std::string by = rows;
    if (by.find("EX") != std::string::npos)
      found.insert(by);
    else
      ++(by == "KP" ? kolen_pollack : by.starts_with("law") ? law : theorems);
  }
  CHECK(shown == found);
  says(fmt::format("{} planted errors", found.size()));
  says(
      fmt::format("{} false claims about the theorems, {} about the alignment law and {} about "
                  "Kolen and Pollack's rule",
                  theorems, law, kolen_pollack));
}

TEST_CASE("rows of a quick run that take little time are printed as in the README", "[cli]") {
  const std::map<std::string, std::string> shown = quick_rows();
  const TemporaryFolder scratch;
  const Lines printed =
      lines_of(printed_by("build/bin/alignproof verify --profile quick --seed 1 --claims "
                          "EX,KP,ID,KF,law2,law4,P-closed",
                          scratch.path()));
  for (const char* id : {"EX", "KP", "ID", "KF", "law2", "law4", "P-closed"}) {
    INFO(shown.at(id));
    CHECK(std::count(printed.begin(), printed.end(), shown.at(id)) == 1);
  }
}

namespace {

/// The commands of a page, a line each; what they print is left out, and so are other languages.
Lines commands_of(const Lines& lines) {
  Lines commands;
  std::string open;
  for (std::size_t k = 0; k < lines.size(); ++k) {
    if (!indented(lines[k])) continue;
    const std::string line = lines[k].substr(4);
    const bool goes_on = line.ends_with("\\");
    if (!open.empty() || std::regex_search(line, std::regex("(build/bin/|build/[a-z_-]+ )"))) {
      open += goes_on ? line.substr(0, line.size() - 1) : line;
      if (goes_on) continue;
      commands.push_back(open);
      open.clear();
    }
  }
  return commands;
}

/// What a command makes: behind --out and --certify, in this order, and the folder of `new`.
std::vector<std::string> made_by(const std::string& command) {
  std::vector<std::string> names;
  const std::regex made(
      "(?:--out|--certify|--export-coq|new claim|new rule|new activation) "
      "+([A-Za-z0-9_./-]+)");
  const std::string words = command.substr(0, command.find(" # "));
  for (std::sregex_iterator it(words.begin(), words.end(), made), none; it != none; ++it)
    if ((*it)[1] != "-") names.push_back((*it)[1]);
  return names;
}

}  // namespace

TEST_CASE("no two commands of the pages write to one place", "[cli]") {
  CHECK(made_by("build/bin/alignproof law --out a --certify b # --out c") ==
        std::vector<std::string>{"a", "b"});
  Lines names = {"README.md", "CONTRIBUTING.md"};
  for (const auto& entry :
       std::filesystem::directory_iterator(ALIGNPROOF_SOURCE_DIR "/reports/docs"))
    if (entry.path().extension() == ".md")
      names.push_back("reports/docs/" + entry.path().filename().string());
  std::map<std::string, std::string> makers;
  for (const std::string& name : names)
    for (const std::string& command : commands_of(page(name)))
      for (const std::string& made : made_by(command)) {
        const auto [maker, is_new] = makers.emplace(made, name + ": " + command);
        INFO(maker->second << "\n" << name << ": " << command);
        CHECK(is_new);
      }
  CHECK(makers.size() > 50);
}

TEST_CASE("a command that the first build lacks says what makes it", "[cli]") {
  const std::regex later(
      "build/bin/(benchmarks|alignproof-check-formal|alignproof-tamper|theorems/|examples/)|coqc |"
      "mpirun |--target formal");
  std::size_t found = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(ALIGNPROOF_SOURCE_DIR "/reports/docs")) {
    if (entry.path().extension() != ".md") continue;
    std::string before;
    for (const std::string& line : lines_of(read_file(entry.path()))) {
      if (indented(line) && std::regex_search(line, later)) {
        const std::string said = before + line;
        INFO(entry.path() << ": " << said);
        CHECK((said.find("# needs ./property_tests/run") != std::string::npos ||
               said.find("# made by cmake --build build") != std::string::npos));
        ++found;
      }
      before = line.starts_with("    #") ? line : "";
    }
  }
  CHECK(found > 10);
}

TEST_CASE("the commands by example run in their order in one folder", "[cli]") {
  const TemporaryFolder scratch;
  std::size_t run = 0;
  std::string command;
  for (const std::string& line : page("reports/docs/commands.md")) {
    if (!indented(line)) continue;
    command += line.substr(4) + "\n";
    if (line.starts_with("    #")) continue;  // of the line behind it
    // Those that take longer say so.
    if (!std::regex_search(command, std::regex("# (needs ./property_tests/run|about [0-9]+ )"))) {
      printed_by(command, scratch.path());
      ++run;
    }
    command.clear();
  }
  CHECK(run > 30);
}
