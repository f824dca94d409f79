// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <regex>

#include <fmt/format.h>

#include <alignproof/certificates/coq_export.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/format/certificate.hpp>
#include <alignproof/format/sha256.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "coq_options.hpp"
#include "output.hpp"

namespace alignproof::cli {

void CoqOptions::add_to(CLI::App& command, const char* name_of_file, const char* words) {
  CLI::Option* const to = command.add_option(name_of_file, file, words)->check(given("a file"));
  command
      .add_option("--coq-integers", integers,
                  "that Coq's kernel computes with: bigz, machine words; or z, which rests on no\n"
                  "axiom of machine integers and takes ten times as long")
      ->capture_default_str()
      ->check(one_of({"bigz", "z"}))
      ->needs(to);
}

void CoqOptions::require() const {
  coq_integers_from(integers);
  if (file.empty()) return;
  const std::string name = std::filesystem::path(file).filename().string();
  static const std::regex accepted("[A-Za-z][A-Za-z0-9_]*[.]v");
  if (!is_standard_output(file) && !std::regex_match(name, accepted))
    throw InputError("file for Coq", fmt::format("'{}'", one_line(name)),
                     "a name that coqc takes: letters, digits and _, a letter first, then .v");
  require_output(file);
}

void CoqOptions::write(const std::string& folder) const {
  const auto files = read_certificate_files(folder);
  const CoqIntegers route = coq_integers_from(integers);
  write_output(file, to_coq(certificate_from(files), sha256(files.at("certificate.json")), route));
  const Aside aside(is_standard_output(file));
  fmt::print("theorem for Coq: {}, route {}\n", file, integers);
  print_wrapped("its axioms: {}", coq_axioms(route));
  fmt::print("to be decided by:\n  coqc -R build/proofs_numeric/formal/coq Alignproof {}\n",
             is_standard_output(file) ? "FILE.v" : shell_word(file));
}

void add_export_coq(CLI::App& app, Action& action) {
  struct Options {
    std::string folder;
    CoqOptions coq;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "export-coq", "a certificate as a theorem about its numbers, which Coq's kernel decides");
  command->add_option("FOLDER", options->folder, "folder of a certificate")
      ->required()
      ->check(folder_given());
  options->coq.add_to(*command, "--out", "file for the theorem; - is standard output");
  command->get_option("--out")->required();
  command->footer(
      "Examples:\n  alignproof export-coq small --out small.v\n"
      "  alignproof export-coq small --out small_z.v --coq-integers z\n"
      "One output, feedback alignment, an activation that the formal checker knows, and\n"
      "sizes that take Coq about a minute at most: n p <= 150000 from a checkpoint and\n"
      "n p (T + 1) <= 50000 from the initialisation, a tenth of that with z.\n" +
      exit_codes("the theorem is written, which coqc has to decide"));
  command->callback([options, &action] {
    action = [options] {
      options->coq.require();
      options->coq.write(options->folder);
      return 0;
    };
  });
}

}  // namespace alignproof::cli
