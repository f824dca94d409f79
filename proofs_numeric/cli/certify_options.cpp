// SPDX-License-Identifier: Apache-2.0
#include "certify_options.hpp"

#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>

#include "command_line.hpp"

namespace alignproof::cli {

namespace {

/// A checkpoint is a step of the run from which on lambda is 0.
void require_checkpoint(const InstanceOptions& instance, const Search& search) {
  const std::string last = fmt::format("up to --steps {}", instance.steps);
  if (search.first > static_cast<std::size_t>(instance.steps))
    throw InputError("first", fmt::format("{}", search.first), "a step " + last);
  if (instance.lambda > 0 && (!instance.cut || *instance.cut > instance.steps))
    throw InputError("cut", instance.cut ? fmt::format("{}", *instance.cut) : "never",
                     fmt::format("with --lambda a step {}: a certificate begins where the penalty "
                                 "has ended",
                                 last));
}

/// A neighbourhood is looked for with feedback alignment and one output; other claims speak of one
/// start.
void require_one_output(const InstanceOptions& instance, const Search& search) {
  if (search.radius == 0 && !search.largest_radius) return;
  const std::string radius =
      "radius = " + (search.largest_radius ? "'largest'" : quoted(search.radius));
  if (instance.outputs != 1)
    throw InputError("outputs", fmt::format("{}", instance.outputs), "1 together with " + radius);
  if (!is_feedback_alignment(search.rule))
    throw InputError("rule", fmt::format("'{}'", to_string(search.rule)),
                     "fa together with " + radius);
  if (search.asks_for_more())
    throw InputError("option", "one of --rows, --limit and --threshold with " + radius,
                     "them without --radius: they speak of one start");
}

void require_angles(const CLI::App& command, const InstanceOptions& instance, const Search& search,
                    bool family) {
  const bool angles = is_initial(search.kind) && is_feedback_alignment(search.rule),
             penalty = instance.lambda > 0, T2 = angles && !penalty, T3 = angles && penalty;
  require_heeded(command, "--kappa", T2,
                 "it with --rule fa and --from initialisation, without --lambda");
  require_heeded(command, "--margin", T3, "it with --lambda, --rule fa and --from initialisation");
  constexpr double farthest = 2;
  if (!(search.margin < farthest))
    throw InputError("margin", quoted(search.margin),
                     "a number below 2: cosines lie no farther "
                     "apart");
  // Of one network that is too narrow for the usual kappa T2 is left out; a family declares it.
  const double most = std::sqrt(static_cast<double>(instance.width));
  if (T2 && (family || command.count("--kappa") > 0) && search.kappa >= most)
    throw InputError("kappa", quoted(search.kappa),
                     fmt::format("a number below sqrt p = {:.6g}: no cosine exceeds 1", most));
}

}  // namespace

void require_certifiable(const CLI::App& command, const InstanceOptions& instance,
                         const Search& search, const CertifyScope& scope) {
  instance.require_heeded_instance();
  instance.network_spec();  // before its numbers are compared
  // Of a table --target says as well which columns are not X.
  for (const char* option : {"--targets", "--target-scale", "--teacher-width"})
    require_heeded(command, option, !instance.zero_error, "it without --zero-error: y = f(0)");
  require_heeded(command, "--formal-checker", scope.checks || !scope.asks_formal,
                 "it without --no-check");
  require_checkpoint(instance, search);
  require_one_output(instance, search);
  require_angles(command, instance, search, scope.family);
  // A family without a penalty declares T1 of each seed.
  if (scope.family && is_initial(search.kind) && instance.lambda == 0)
    require_kernel(activation_from(instance.activation));
}

}  // namespace alignproof::cli
