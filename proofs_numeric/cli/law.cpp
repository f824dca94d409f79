// SPDX-License-Identifier: Apache-2.0
#include "law.hpp"

#include <cstdlib>
#include <memory>

#include <alignproof/network/activation_properties.hpp>

#include "command_line.hpp"
#include "resources.hpp"
#include "shared_options.hpp"

namespace alignproof::cli {

namespace {

int law_command(const LawRequest& request) {
  require_accepted(request);
  if (request.certify) {
    require_law_certificate(request);
    return certify_law(request);
  }
  if (request.layers == 3) return layers_law(request);
  return request.is_linear() ? linear_law(request) : field_law(request);
}

constexpr const char* law_examples =
    "Examples:\n  alignproof law --inputs isometric --n 6 --d 6 --lambda 1.5 --tau 1.2\n"
    "  alignproof law --kernel K.csv --lambda 0.5 --tau 4\n"
    "  alignproof law --n 5 --d 6 --widths 1000,100000,1000000 --out law\n"
    "  alignproof law --activation tanh --n 4 --d 3 --outputs 3\n"
    "  alignproof law --activation relu --csv table.csv --eta 0.1 --tau 8\n"
    "  alignproof law --activation sigmoid --decay inverse-square --tau 9\n"
    "  alignproof law --activation tanh --finite-width 1000\n"
    "  alignproof law --activation erf --widths 100,1000,10000 --out law\n"
    "  alignproof law --activation tanh --rule bp --tau 4\n"
    "  alignproof law --activation tanh --layers 3 --rule dfa --n 3\n"
    "  alignproof law --activation tanh --inputs isometric --tau 1 --certify law\n"
    "A run takes tau sqrt(p) / eta steps; with --rule bp, whose slow time is\n"
    "eta t / p, it takes tau p / eta. A step costs the same whatever p is in\n"
    "linear networks of one output, else n (n + k) p operations.\n";

}  // namespace

bool LawRequest::given(const char* option) const {
  return command->get_option(option)->count() > 0;
}

Activation LawRequest::psi() const {
  return activation_from(data.activation);
}

std::vector<double> LawRequest::times() const {
  return slow_times(tau, tau == 0 ? 1 : static_cast<std::size_t>(points));
}

SlowPenalty LawRequest::penalty() const {
  SlowPenalty penalty{lambda, decay_from(decay), decay_scale};
  if (cut) penalty.cut = *cut;
  return penalty;
}

std::vector<std::string> LawRequest::files() const {
  std::vector<std::string> read = data.files();
  if (!kernel.empty()) read.push_back(kernel);
  return read;
}

bool LawRequest::is_backpropagation() const {
  return rule == "bp";
}

bool LawRequest::is_linear() const {
  if (!properties(psi()).linear || layers != 2 || is_backpropagation()) return false;
  for (const char* option : {"--evaluator", "--particles", "--feedback", "--decay", "--decay-scale",
                             "--cut", "--finite-width"})
    if (given(option)) return false;
  return true;
}

void add_law(CLI::App& app, Action& action) {
  auto request = std::make_shared<LawRequest>();
  CLI::App* command = app.add_subcommand(
      "law", "the alignment law, p -> infinity on a slow time, and runs of finite width");
  request->command = command;
  request->data.activation = "identity";
  request->data.add_data_to(*command);
  CLI::Option* kernel = command
                            ->add_option("--kernel", request->kernel,
                                         "table of K instead; the columns behind it are y")
                            ->check(given("a file"));
  for (const DataSource& source : data_sources()) {
    if (!source.option.empty()) kernel->excludes(std::string(source.option));
    for (std::string_view other : source.heeds) kernel->excludes(std::string(other));
  }
  add_name(*command, "--activation", request->data.activation, accepted_activations());
  add_number(*command, "--lambda", request->lambda, "penalty on beta");
  add_name(*command, "--decay", request->decay, "constant, geometric or inverse-square",
           "of lambda: ");
  add_number(*command, "--decay-scale", request->decay_scale,
             "ratio of geometric in a unit of slow time,\nslow time of inverse-square");
  command
      ->add_option_function<std::string>(
          "--cut",
          [&cut = request->cut](const std::string& text) {
            cut = std::strtod(text.c_str(), nullptr);
          },
          "slow time from which lambda is 0 (default: never)")
      ->type_name("FLOAT")
      ->check(decimal_number());
  add_number(*command, "--eta", request->eta, "step size: of the runs, and for stability");
  add_number(*command, "--tau", request->tau, "slow time at the end");
  add_count(*command, "--points", request->points, "slow times that are shown");
  command
      ->add_option("--rule", request->rule,
                   "fa or, on its own slow time eta t / p, bp;\nwith 3 layers fa or dfa")
      ->capture_default_str()
      ->check(given("fa or bp, with 3 layers fa or dfa"));
  add_count(*command, "--layers", request->layers, "2 or, with the penalty on beta alone, 3");
  command
      ->add_option("--feedback", request->feedback, "b: normal, or signs: +1 and -1 equally often")
      ->capture_default_str()
      ->check(one_of({"normal", "signs"}));
  command
      ->add_option("--evaluator", request->evaluator,
                   "quadrature, particles or automatic: a closed form\n"
                   "of isometric data, else quadrature for n <= 3")
      ->capture_default_str()
      ->check(one_of({"automatic", "quadrature", "particles"}));
  command
      ->add_option("--particles", request->particles,
                   "how many, at least; how many are taken is printed")
      ->check(whole_number());
  command
      ->add_option("--finite-width", request->finite_width,
                   "beside it the law with memory of this width")
      ->check(whole_number());
  add_list(*command, "--widths", request->widths, "widths of runs, for instance 1000,1000000");
  add_count(*command, "--seeds", request->seeds, "runs a width");
  add_count(*command, "--seed", request->data.seed, "seed of the runs and of particles");
  add_count(*command, "--steps-after", request->steps_after, "steps after the cut at tau");
  add_law_certify(*command, *request);
  add_jobs(*command, request->jobs);
  add_out_folder(*command, request->out, "folder for CSV files and figures");
  command->footer(law_examples + exit_codes("the law is solved, and proved with --certify",
                                            "alignproof-check refutes the certificate",
                                            "--certify proved nothing, or was not checked"));
  command->callback([request, &action] { action = [request] { return law_command(*request); }; });
}

}  // namespace alignproof::cli
