// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/sweeps/mean_square.hpp>
#include <alignproof/sweeps/sweep.hpp>

#include "sweeps/spec_fields.hpp"

namespace alignproof::inline sweeps {

namespace {

// ---- Values -------------------------------------------------------------------------------------

std::string as_text(const toml::node& node) {
  std::ostringstream out;
  out.imbue(std::locale::classic());
  node.visit([&](const auto& value) { out << value; });
  return out.str();
}

[[noreturn]] void refuse(const std::string& key, const toml::node& node,
                         const std::string& accepted) {
  throw InputError(key, as_text(node), accepted);
}

std::size_t count(const std::string& key, const toml::node& node, std::int64_t least,
                  std::int64_t most) {
  const auto value = node.value_exact<std::int64_t>();
  if (!value || *value < least || *value > most)
    refuse(key, node, fmt::format("a whole number from {} to {}", least, most));
  return static_cast<std::size_t>(*value);
}

std::string word(const std::string& key, const toml::node& node) {
  const auto value = node.value_exact<std::string>();
  if (!value) refuse(key, node, "a word in quotes");
  return *value;
}

/// Nothing of a kind that no field has. A negative whole number is no count, but a number.
std::optional<FieldValue> value_in(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto x = node.value_exact<double>()) return *x;
  if (const auto whole = node.value_exact<std::int64_t>()) {
    if (*whole < 0) return static_cast<double>(*whole);
    return static_cast<std::uint64_t>(*whole);
  }
  return {};
}

template <class Spec>
void set(Spec& spec, const Field<Spec>& field, const toml::node& node) {
  const std::optional<FieldValue> value = value_in(node);
  if (!value || !field.set(spec, *value)) refuse(field.name, node, field.accepted);
}

// ---- Runs that there are ------------------------------------------------------------------------

void require_runnable(const RegressionSpec& spec) {
  if (spec.form == Form::reduced &&
      (!properties(spec.activation).linear || !is_feedback_alignment(spec.learning) ||
       spec.targets != Targets::linear || spec.dropout > 0))
    throw InputError("form", "'reduced'",
                     "fused or kernel, but for linear networks with rule fa, no dropout");
  if (spec.form != Form::reduced && spec.width > 10000000)
    throw InputError("width", fmt::format("{}", spec.width),
                     "at most 10000000 unless in reduced form");
  if (spec.form == Form::kernel && spec.dropout > 0)
    throw InputError("dropout", fmt::format("{}", spec.dropout), "0 in kernel form");
  if (spec.form == Form::fused && spec.precision == Precision::mpfr)
    throw InputError("number", fmt::format("'mpfr {}'", spec.digits),
                     "float or double in fused form; form = \"kernel\" has it");
  if (spec.form == Form::fused && !has_fast_form(spec.learning))
    throw InputError("rule", fmt::format("'{}'", spec.learning.name()),
                     "fa, bp or shallow in fused form; form = \"kernel\" has all");
  if (spec.form == Form::fused && !properties(spec.activation).fused)
    throw InputError("activation", std::string(to_string(spec.activation)),
                     "identity, relu, tanh or sigmoid in fused form; form = \"kernel\" has all");
  if (spec.inputs == Inputs::isometric && spec.d < spec.n)
    throw InputError("inputs", "'isometric'", "those with d >= n");
  if (spec.n < 2 && (spec.inputs == Inputs::repeated || spec.inputs == Inputs::nearly_parallel))
    throw InputError("inputs", fmt::format("'{}'", to_string(spec.inputs)), "those with n >= 2");
  if (spec.form != Form::reduced && spec.width * spec.d > (std::size_t{1} << 31))
    throw InputError("width", fmt::format("{} with d = {}", spec.width, spec.d),
                     "at most 2147483648 weights unless in reduced form");
  const auto [eta, lambda] = mean_square_convention(spec.step, spec.reg, spec.n);
  if (!std::isfinite(eta) || eta == 0)
    throw InputError("step", fmt::format("{}", spec.step),
                     "one for which 2 step / n is a finite number > 0");
  Penalty penalty = spec.schedule;
  penalty.lambda = lambda;
  require_valid(penalty);
  if (eta * lambda >= 1)
    throw InputError("reg", fmt::format("{} with step {}", spec.reg, spec.step),
                     "step reg < 1, so that the penalty shrinks beta");
}

void require_runnable(const ClassificationSpec& spec) {
  if (spec.network.batch > spec.train)
    throw InputError("batch", fmt::format("{}", spec.network.batch),
                     fmt::format("at most the {} training images", spec.train));
  if (!has_fast_form(spec.network.learning))
    throw InputError("rule", fmt::format("'{}'", spec.network.learning.name()),
                     "fa, bp or shallow for images");
  const Activation psi = spec.network.activation;
  if (!properties(psi).fused)
    throw InputError("activation", std::string(to_string(psi)),
                     "identity, relu, tanh or sigmoid for images");
  if (spec.network.epochs * (spec.train / spec.network.batch) > UINT32_MAX)
    throw InputError("epochs", fmt::format("{}", spec.network.epochs),
                     "at most 4294967295 batches in all");
}

// ---- The configuration --------------------------------------------------------------------------

/// Keys of [run], replaced by those of the scale.
using Given = std::map<std::string, const toml::node*>;

void require_keys(const toml::table& table, const std::set<std::string>& known,
                  const std::string& where) {
  for (const auto& [key, node] : table)
    if (!known.contains(std::string(key.str())))
      throw InputError("key in " + where, fmt::format("'{}'", key.str()),
                       fmt::format("one of {}", fmt::join(known, ", ")));
}

toml::table parsed(std::string_view text, const std::string& what) {
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);)
    if (line.size() > 10000)  // the reader of TOML nests as deep as a key of many parts
      throw InputError(what, fmt::format("'{}...'", one_line(line.substr(0, 40))),
                       "lines of at most 10000 characters");
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw InputError(what,
                     fmt::format("'{}' in line {}", one_line(std::string(error.description())),
                                 error.source().begin.line),
                     "TOML as reports/docs/sweeps.md describes it");
  }
}

Given given_at(const toml::table& root, const std::string& scale) {
  for (const char* where : {"run", "scale", "scale.smoke", "scale.small", "scale.full"})
    if (const auto node = root.at_path(where); node && !node.is_table())
      refuse(where, *node.node(), "a table");
  if (const toml::table* scales = root.at_path("scale").as_table())
    require_keys(*scales, {"smoke", "small", "full"}, "[scale]");
  Given given;
  for (const std::string& where : {std::string("run"), "scale." + scale})
    if (const toml::table* table = root.at_path(where).as_table())
      for (const auto& [key, node] : *table) given[std::string(key.str())] = &node;
  return given;
}

/// The fields that a grid varies, the outermost loop first.
template <class Spec>
std::vector<const Field<Spec>*> loops() {
  std::vector<const Field<Spec>*> nest;
  for (const Field<Spec>& field : fields_of<Spec>())
    if (field.use.loop > 0) nest.push_back(&field);
  std::sort(nest.begin(), nest.end(),
            [](const auto* a, const auto* b) { return a->use.loop < b->use.loop; });
  return nest;
}

template <class Spec>
std::vector<RunSpec> grid(Given given, const Spec& start, std::set<std::string> others) {
  const std::vector<const Field<Spec>*> nest = loops<Spec>();
  others.insert("seeds"), others.insert("experiment");
  for (const Field<Spec>* field : nest) others.insert(field->name);
  for (const auto& [key, node] : given)
    if (!others.contains(key))
      throw InputError("key in [run] or [scale]", fmt::format("'{}'", key),
                       fmt::format("one of {}", fmt::join(others, ", ")));
  const std::size_t seeds =
      given.contains("seeds") ? count("seeds", *given["seeds"], 1, 1000000) : 1;
  std::vector<Spec> specs = {start};
  for (const Field<Spec>* field : nest) {
    const auto at = given.find(field->name);
    if (at == given.end()) continue;
    const toml::array* list = at->second->as_array();
    if (list && list->empty()) refuse(field->name, *at->second, "at least one value");
    std::vector<Spec> next;
    for (const Spec& spec : specs)
      for (std::size_t i = 0; i < (list ? list->size() : 1); ++i) {
        next.push_back(spec);
        set(next.back(), *field, list ? *list->get(i) : *at->second);
      }
    specs = std::move(next);
    if (specs.size() * seeds > 1000000)
      throw InputError("grid", fmt::format("{} runs", specs.size() * seeds),
                       "at most 1000000 runs");
  }
  std::vector<RunSpec> runs;
  for (Spec spec : specs) {
    require_runnable(spec);
    for (std::size_t seed = 1; seed <= seeds; ++seed) {
      seed_of(spec) = seed;
      runs.emplace_back(spec);
    }
  }
  std::set<std::string> lines;
  for (const RunSpec& run : runs)
    if (!lines.insert(to_line(run)).second)
      throw InputError("grid", to_line(run), "each value once");
  return runs;
}

/// The first `n` of them.
void cut(ImageSet& images, std::size_t n) {
  images.pixels.resize(n * images.rows * images.cols);
  images.labels.resize(n);
}

std::string hash_of(const ImageSet& images) {
  const auto bytes = [](const std::vector<std::uint8_t>& v) {
    return sha256({reinterpret_cast<const char*>(v.data()), v.size()});
  };
  return fmt::format("{} {} {} {}", images.rows, images.cols, bytes(images.pixels),
                     bytes(images.labels));
}

std::filesystem::path image_folder(Given& given,
                                   const std::optional<std::filesystem::path>& instead) {
  if (instead) return *instead;
  const std::string named =
      given.contains("data") ? word("data", *given["data"]) : std::string("fashion-mnist");
  if (named != "fashion-mnist") return named;
  if (const auto folder = fashion_mnist_folder()) return *folder;
  throw InputError("data", "'fashion-mnist'",
                   fmt::format("a folder of IDX images, or Debian's package {} installed",
                               fashion_mnist_package));
}

void read_classification(Sweep& sweep, Given given,
                         const std::optional<std::filesystem::path>& folder) {
  const std::filesystem::path from = image_folder(given, folder);
  auto images = std::make_shared<Images>();
  ClassificationSpec start;
  for (const bool test : {false, true}) {
    ImageSet& set = test ? images->test : images->train;
    set = read_image_folder(from, test ? ImagePart::test : ImagePart::train);
    const std::string key = test ? "test" : "train";
    std::size_t& kept = test ? start.test : start.train;
    kept = set.count();
    if (given.contains(key))
      kept = count(key, *given[key], 1, static_cast<std::int64_t>(set.count()));
    cut(set, kept);
  }
  start.images = sha256(hash_of(images->train) + hash_of(images->test));
  sweep.runs = grid(given, start, {"data", "train", "test"});
  sweep.images = std::move(images);
}

}  // namespace

void require_valid_names(const Sweep& sweep) {
  if (sweep.name.empty() ||
      sweep.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    throw InputError("name", fmt::format("'{}'", sweep.name), "lower-case letters, digits and -");
  const bool plain = std::all_of(sweep.title.begin(), sweep.title.end(), [](char c) {
    return c != '$' && c != '\\' && static_cast<unsigned char>(c) >= ' ';
  });
  if (!plain || sweep.title.size() > 200)
    throw InputError("title", fmt::format("'{}'", one_line(sweep.title.substr(0, 200))),
                     "at most 200 characters on one line without $ and \\");
  if (sweep.scale != "smoke" && sweep.scale != "small" && sweep.scale != "full")
    throw InputError("scale", fmt::format("'{}'", one_line(sweep.scale)), "smoke, small or full");
}

Sweep read_sweep(std::string_view text, std::string_view scale,
                 const std::optional<std::filesystem::path>& images,
                 const std::vector<std::string>& settings) {
  if (scale != "smoke" && scale != "small" && scale != "full")
    throw InputError("scale", fmt::format("'{}'", scale), "smoke, small or full");
  const toml::table root = parsed(text, "configuration");
  require_keys(root, {"name", "title", "run", "scale"}, "the configuration");
  Sweep sweep;
  sweep.scale = scale;
  if (const toml::node* name = root.get("name")) sweep.name = word("name", *name);
  if (const toml::node* title = root.get("title")) sweep.title = word("title", *title);
  require_valid_names(sweep);
  Given given = given_at(root, std::string(scale));
  std::list<toml::table> set;
  for (const std::string& line : settings) {
    set.push_back(parsed(line, fmt::format("setting '{}'", one_line(line.substr(0, 40)))));
    if (set.back().empty()) throw InputError("setting", fmt::format("'{}'", line), "KEY = VALUE");
    for (const auto& [key, node] : set.back()) given[std::string(key.str())] = &node;
  }
  std::string experiment = "regression";
  if (given.contains("experiment")) experiment = word("experiment", *given["experiment"]);
  if (experiment == "regression")
    sweep.runs = grid(given, RegressionSpec{}, {});
  else if (experiment == "images")
    read_classification(sweep, given, images);
  else
    throw InputError("experiment", fmt::format("'{}'", experiment), "regression or images");
  if (images && !sweep.images)
    throw InputError("data", fmt::format("'{}'", images->string()),
                     "no folder: this configuration has no images");
  return sweep;
}

}  // namespace alignproof::inline sweeps
