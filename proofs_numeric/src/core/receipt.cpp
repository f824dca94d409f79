// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/receipt.hpp>

#include <array>
#include <optional>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/core/columns.hpp>
#include <alignproof/core/subprocess.hpp>

namespace alignproof::inline core {

namespace {

/// How the program of a route says by what it checked: so that one of them, given in the place of
/// the other, is not taken for two.
std::string_view checked_by(Route route) {
  switch (route) {
    case Route::checker:
      return "checked: in ball arithmetic of ";
    case Route::formal:
      return "checked: by the checker that Coq's extraction wrote, ";
  }
  throw std::logic_error("no such route");
}

/// The five lines of the accepting program of a route, about the certificate with this hash.
bool says_proved(Route route, const std::vector<std::string>& lines,
                 const std::string& certificate_hash) {
  const std::array<std::string_view, 5> beginnings = {"object: ", "read: ", checked_by(route),
                                                      "implies: proved", "trusted: "};
  if (lines.size() != beginnings.size()) return false;
  for (std::size_t k = 0; k < lines.size(); ++k)
    if (!lines[k].starts_with(beginnings[k])) return false;
  return !certificate_hash.empty() && lines[1].find(certificate_hash) != std::string::npos;
}

/// What a program said about one certificate.
struct Answer {
  std::vector<std::string> lines, text;
  bool accepted = false;
};

std::vector<std::string> lines_of(const std::string& output) {
  std::vector<std::string> lines;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// Each line at 80 columns, those after the first indented.
std::vector<std::string> folded(const std::vector<std::string>& lines) {
  constexpr std::size_t margin = 2;
  std::vector<std::string> text;
  for (const std::string& line : lines) {
    std::vector<std::string> pieces = wrapped(line, terminal_columns - margin);
    for (std::size_t k = 0; k < pieces.size(); ++k)
      text.push_back(std::string(k == 0 ? 0 : margin, ' ') + pieces[k]);
  }
  return text;
}

/// Lines that say the facts; or a program that says something else.
Answer answer_in_lines(Route route, const std::string& output, const std::string& hash) {
  Answer answer{.lines = lines_of(output), .text = {}};
  answer.text = folded(answer.lines);
  answer.accepted = says_proved(route, answer.lines, hash);
  return answer;
}

/// The one certificate of a document of reports/schema/check.schema.json; nothing where the output
/// is no such document.
std::optional<Answer> answer_in_document(const std::string& output, const std::string& hash) {
  using Json = nlohmann::json;
  const Json document = Json::parse(output, nullptr, false);
  Answer answer;
  try {
    if (document.at("program") != program_of(Route::checker) ||
        document.at("certificates").size() != 1)
      return std::nullopt;
    const Json& certificate = document.at("certificates").at(0);
    for (const Json& fact : certificate.at("facts"))
      answer.lines.push_back(fmt::format("{}: {}", fact.at("name").get<std::string>(),
                                         fact.at("text").get<std::string>()));
    answer.text = certificate.at("text").get<std::vector<std::string>>();
    answer.accepted = certificate.at("decision") == "proved" && certificate.at("sha256") == hash &&
                      says_proved(Route::checker, answer.lines, hash);
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  return answer;
}

std::vector<std::string> arguments_of(Route route, const std::string& folder) {
  switch (route) {
    case Route::checker:
      return {"--format", "json", "--", folder};
    case Route::formal:
      return {"--", folder};
  }
  throw std::logic_error("no such route");
}

Answer answer_of(Route route, const std::string& output, const std::string& hash) {
  switch (route) {
    case Route::checker:
      if (std::optional<Answer> answer = answer_in_document(output, hash)) return *answer;
      // Not proved, whatever the lines say.
      return {.lines = lines_of(output), .text = folded(lines_of(output))};
    case Route::formal:
      return answer_in_lines(route, output, hash);
  }
  throw std::logic_error("no such route");
}

}  // namespace

std::string_view to_string(Route route) {
  switch (route) {
    case Route::checker:
      return "checker";
    case Route::formal:
      return "formal";
  }
  throw std::logic_error("no such route");
}

std::string_view program_of(Route route) {
  switch (route) {
    case Route::checker:
      return "alignproof-check";
    case Route::formal:
      return "alignproof-check-formal";
  }
  throw std::logic_error("no such route");
}

template <Route route>
Receipt<route> Receipt<route>::obtain(const std::filesystem::path& program,
                                      const std::filesystem::path& folder,
                                      const std::string& certificate_hash) {
  Receipt receipt;
  receipt.folder_ = folder;
  const Subprocess run = run_subprocess(program, arguments_of(route, folder.string()));
  receipt.exit_status_ = run.exit_status.value_or(-1);
  Answer answer = answer_of(route, run.output, certificate_hash);
  receipt.accepted_ = receipt.exit_status_ == 0 && answer.accepted;
  receipt.lines_ = std::move(answer.lines);
  receipt.text_ = std::move(answer.text);
  if (!run.exit_status) {
    receipt.lines_.push_back(fmt::format("the checker {} {}", program.string(), run.trouble));
    receipt.text_.push_back(receipt.lines_.back());
  }
  receipt.conditional_ =
      !receipt.accepted_ || receipt.lines_[3].starts_with("implies: proved (conditional");
  return receipt;
}

template class Receipt<Route::checker>;
template class Receipt<Route::formal>;

}  // namespace alignproof::inline core
