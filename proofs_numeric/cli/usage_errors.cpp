// SPDX-License-Identifier: Apache-2.0
// What CLI11 finds wrong with a command line, in the words that every error has here: the value
// that was given, and what is accepted.
#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/program_name.hpp>

#include "command_line.hpp"

namespace alignproof::cli {

namespace {

/// The least number of letters to change, add or leave out.
std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

/// The option that was meant; nothing if several, or none, are near.
std::string nearest_option(const CLI::App& command, const std::string& word) {
  std::string nearest;
  std::size_t least = 2 + word.size() / 4;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames())
      if (const std::size_t far = edits(word, "--" + name); far < least)
        least = far, nearest = "--" + name;
  return nearest;
}

/// What its validators say that they accept: each says it of an empty word.
std::string accepted_by(const CLI::Option& option) {
  constexpr std::string_view before = "'' is not accepted: give ";
  auto& asked = const_cast<CLI::Option&>(option);  // the parser shows validators of no other
  try {
    for (int i = 0;; ++i) {
      std::string nothing;
      const std::string said = (*asked.get_validator(i))(nothing);
      if (said.starts_with(before)) return said.substr(before.size());
    }
  } catch (const CLI::OptionNotFound&) {
    return "a value";
  }
}

bool is_option(const std::string& word) {
  return word.size() > 1 && word.front() == '-' && word != "--";
}

/// A command line that CLI11 has not accepted, and the command that it was for.
class Refused {
 public:
  Refused(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv)
      : app_(app), command_(chosen(app)), said_(error.what()) {
    if (&command_ == &app)
      words_.assign(argv + std::min(argc, 1), argv + argc);
    else
      words_ = command_.remaining();
  }

  /// A misspelt option comes first: what else is missing may be what it was meant to give.
  std::string in_words(const CLI::ParseError& error) const {
    for (const std::string& word : words_)
      if (is_option(word)) return unknown_option(word);
    if (dynamic_cast<const CLI::ExtrasError*>(&error)) return unknown_word();
    if (dynamic_cast<const CLI::RequiredError*>(&error)) return missing();
    if (dynamic_cast<const CLI::ArgumentMismatch*>(&error)) return wrong_number_of_values();
    if (dynamic_cast<const CLI::ExcludesError*>(&error)) return excluded();
    if (dynamic_cast<const CLI::RequiresError*>(&error)) return alone();
    if (dynamic_cast<const CLI::ValidationError*>(&error)) return unacceptable();
    return said_ + see();
  }

 private:
  static const CLI::App& chosen(const CLI::App& app) {
    const std::vector<CLI::App*> commands = const_cast<CLI::App&>(app).get_subcommands();
    return commands.empty() ? app : *commands.front();
  }

  std::string help() const {
    return command_.get_parent() ? fmt::format("{} {} --help", program_name(), command_.get_name())
                                 : fmt::format("{} --help", program_name());
  }
  std::string see() const { return fmt::format(" (see {})", help()); }

  std::string refused(const std::string& what, const std::string& value,
                      const std::string& accepted) const {
    return InputError(what, value, accepted + see()).what();
  }

  std::string unknown_option(const std::string& argument) const {
    const std::string nearest = nearest_option(command_, argument.substr(0, argument.find('=')));
    if (const CLI::Option* word = word_named(argument))
      return refused("option", fmt::format("'{}'", argument),
                     fmt::format("{} without a name, as in {}", word->get_name(), usage()));
    return nearest.empty()
               ? InputError("option", fmt::format("'{}'", argument), "an option of " + help())
                     .what()
               : refused("option", fmt::format("'{}'", argument), nearest);
  }

  std::vector<const CLI::Option*> words_of_command() const {
    return command_.get_options([](const CLI::Option* each) { return each->get_positional(); });
  }

  /// That "--out" means where the command takes OUT as a word; nothing if there is none.
  const CLI::Option* word_named(const std::string& argument) const {
    std::string name = argument.substr(0, argument.find('='));
    name.erase(0, name.find_first_not_of('-'));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
      return static_cast<char>(std::toupper(c));
    });
    for (const CLI::Option* word : words_of_command())
      if (word->get_name() == name) return word;
    return nullptr;
  }

  /// "alignproof merge OUT PARTS"
  std::string usage() const {
    std::string words = fmt::format("{} {}", program_name(), command_.get_name());
    for (const CLI::Option* word : words_of_command()) words += " " + word->get_name();
    return words;
  }

  std::string unknown_word() const {
    std::string names;
    for (const CLI::Option* word : words_of_command())
      names += (names.empty() ? "" : " ") + word->get_name();
    return refused("word", fmt::format("'{}'", words_.empty() ? "" : words_.front()),
                   names.empty() ? "options, and no other word" : "options, and as words " + names);
  }

  /// What the words before `between` name, and those behind it.
  std::pair<std::string, std::string> names_around(std::string_view between) const {
    const std::size_t at = said_.find(between);
    if (at == std::string::npos) return {said_, ""};
    return {said_.substr(0, at), said_.substr(at + between.size())};
  }

  std::string missing() const {
    const std::string name = names_around(" is required").first;
    const CLI::Option* option = command_.get_option_no_throw(name);
    if (!option) {
      std::vector<std::string> names;
      for (const CLI::App* each : app_.get_subcommands({})) names.push_back(each->get_name());
      return fmt::format("a command is missing: give {}{}", alternatives(names), see());
    }
    return fmt::format("{} is missing: give {}{}", name, accepted_by(*option), see());
  }

  std::string wrong_number_of_values() const {
    const std::string name = names_around(": ").first;
    const CLI::Option* option = command_.get_option_no_throw(name);
    if (!option) return said_ + see();
    const int wanted = option->get_expected_min();
    const std::string type = option->get_type_name(), values = type.substr(0, type.find(':'));
    return refused(name, fmt::format("'{}'", fmt::join(option->results(), " ")),
                   wanted > 1 ? fmt::format("{} values, {}", wanted, values)
                   : option->results().empty() ? accepted_by(*option)
                                               : "one value, and the option once");
  }

  std::string excluded() const {
    const auto [one, other] = names_around(" excludes ");
    return refused("option", fmt::format("'{}' with {}", one, other), "one of them");
  }

  std::string alone() const {
    const auto [one, other] = names_around(" requires ");
    return refused("option", fmt::format("'{}' without {}", one, other), "both of them or none");
  }

  /// Our validators say "'V' is not accepted: give ...", after the name of the option.
  std::string unacceptable() const {
    const auto [name, why] = names_around(": ");
    return why.starts_with("'") ? fmt::format("{} = {}{}", name, why, see()) : said_ + see();
  }

  const CLI::App &app_, &command_;
  std::string said_;
  std::vector<std::string> words_;  ///< that nothing has taken
};

}  // namespace

std::string one_line_of(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  return one_line(Refused(app, error, argc, argv).in_words(error));
}

void require_values(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* command = &app;
  for (const CLI::App* each : app.get_subcommands({}))
    if (argc > 1 && each->get_name() == argv[1]) command = each;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") return;
    const std::size_t end = word.find('=');
    if (!word.starts_with("--") || end == std::string::npos) continue;
    const std::string name = word.substr(0, end);
    const CLI::Option* option = command->get_option_no_throw(name);
    if (end + 1 == word.size() && (!option || option->get_expected_max() > 0))
      throw InputError(name, "''",
                       "after the = " + (option ? accepted_by(*option) : "a value"));
    if (option && option->get_expected_max() == 0)
      throw InputError(name, fmt::format("'{}'", word.substr(end + 1)),
                       "the option alone: it takes no value");
  }
}

}  // namespace alignproof::cli
