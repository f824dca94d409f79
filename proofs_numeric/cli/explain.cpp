// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <alignproof/command/suite.hpp>
#include <alignproof/core/columns.hpp>
#include <alignproof/report/math.hpp>
#include <alignproof/report/writers.hpp>

#include "cli.hpp"
#include "command_line.hpp"

namespace alignproof::cli {

namespace {

constexpr std::size_t id_columns = 9;

}  // namespace

void add_explain(CLI::App& app, Action& action, const Suite& suite) {
  auto id = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("explain", "statement, premises, constants, source and method of a claim");
  command->add_option("CLAIM", *id, "its id; without one, the list of all")
      ->check(given("the id of a claim, or none"));
  command->footer("Examples:\n  alignproof explain\n  alignproof explain T1a\n" +
                  exit_codes("the words are printed"));
  command->callback([id, &action, &suite] {
    action = [id, &suite] {
      if (!id->empty()) {
        fmt::print("{}", to_text(suite.claim_named(*id).text));
        return 0;
      }
      for (const Claim& claim : suite.claims())
        fmt::print("{}\n", fmt::join(wrapped_behind(claim.text.id, prose_to_text(claim.text.title),
                                                    id_columns),
                                     "\n"));
      return 0;
    };
  });
}

}  // namespace alignproof::cli
