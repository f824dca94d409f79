// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <list>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/scalar/mpfr.hpp>
#include <alignproof/sweeps/sweep.hpp>

namespace alignproof {

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

double number(const std::string& key, const toml::node& node, double least, bool open) {
  const auto value = node.is_number() ? node.value<double>() : std::nullopt;
  if (!value || !std::isfinite(*value) || *value < least || (open && *value == least))
    refuse(key, node, fmt::format("a finite number {} {}", open ? ">" : ">=", least));
  return *value + 0.0;  // -0 is 0
}

double rate(const std::string& key, const toml::node& node) {
  const double value = number(key, node, 0, false);
  if (std::round(value * 0x1p16) >= 0x1p16)
    refuse(key, node, "a number in [0, 1), not within 2^-17 of 1");
  return value;
}

std::string word(const std::string& key, const toml::node& node) {
  const auto value = node.value_exact<std::string>();
  if (!value) refuse(key, node, "a word in quotes");
  return *value;
}

// ---- Keys ---------------------------------------------------------------------------------------

template <class Spec>
using Setter = std::function<void(Spec&, const std::string& key, const toml::node& value)>;
template <class Spec>
using Keys = std::vector<std::pair<std::string, Setter<Spec>>>;
using Key = const std::string&;
using Node = const toml::node&;

constexpr std::int64_t step_limit = 1000000000;

Form form_from(Key key, Node value) {
  const std::string form = word(key, value);
  if (form == "fused") return Form::fused;
  if (form == "kernel") return Form::kernel;
  if (form != "reduced") refuse(key, value, "\"fused\", \"kernel\" or \"reduced\"");
  return Form::reduced;
}

/// "float", "double" or "mpfr D" with D decimal digits.
void set_precision(RegressionSpec& spec, Key key, Node value) {
  const std::string type = word(key, value);
  spec.digits = 0;
  if (type == "float")
    spec.precision = Precision::float32;
  else if (type == "double")
    spec.precision = Precision::float64;
  else if (std::sscanf(type.c_str(), "mpfr %u", &spec.digits) == 1 &&
           type == fmt::format("mpfr {}", spec.digits) && spec.digits >= min_digits &&
           spec.digits <= max_digits)
    spec.precision = Precision::mpfr;
  else
    refuse(key, value,
           fmt::format("\"float\", \"double\" or \"mpfr D\" with {} to {} digits D", min_digits,
                       max_digits));
}

/// What may stand in [run], in the order in which grids vary: the last one fastest.
const Keys<RegressionSpec>& regression_keys() {
  using Spec = RegressionSpec;
  static const Keys<Spec> all = {
      {"activation", [](Spec& s, Key k, Node v) { s.activation = activation_from(word(k, v)); }},
      {"targets",
       [](Spec& s, Key k, Node v) {
         if (word(k, v) != "linear" && word(k, v) != "network")
           refuse(k, v, "\"linear\" or \"network\"");
         s.targets = targets_from(word(k, v));
       }},
      {"inputs", [](Spec& s, Key k, Node v) { s.inputs = inputs_from(word(k, v)); }},
      {"n", [](Spec& s, Key k, Node v) { s.n = count(k, v, 1, 10000); }},
      {"d", [](Spec& s, Key k, Node v) { s.d = count(k, v, 1, 100000); }},
      {"input_norm", [](Spec& s, Key k, Node v) { s.input_norm = number(k, v, 0, true); }},
      {"rule", [](Spec& s, Key k, Node v) { s.learning = learning_rule_from(word(k, v)); }},
      {"form", [](Spec& s, Key k, Node v) { s.form = form_from(k, v); }},
      {"number", set_precision},
      {"steps",
       [](Spec& s, Key k, Node v) {
         if (v.is_string() && word(k, v) == "settled")
           s.steps.reset();
         else if (v.is_string())
           refuse(k, v, "\"settled\" or a whole number");
         else
           s.steps = count(k, v, 0, step_limit);
       }},
      {"every", [](Spec& s, Key k, Node v) { s.every = count(k, v, 0, step_limit); }},
      {"step", [](Spec& s, Key k, Node v) { s.step = number(k, v, 0, true); }},
      {"width", [](Spec& s, Key k, Node v) { s.width = count(k, v, 1, 1000000000000); }},
      {"reg", [](Spec& s, Key k, Node v) { s.reg = number(k, v, 0, false); }},
      {"schedule", [](Spec& s, Key k, Node v) { s.schedule = schedule_from(word(k, v)); }},
      {"dropout", [](Spec& s, Key k, Node v) { s.dropout = rate(k, v); }},
  };
  return all;
}

const Keys<ClassificationSpec>& classification_keys() {
  using Spec = ClassificationSpec;
  static const Keys<Spec> all = {
      {"layers", [](Spec& s, Key k, Node v) { s.network.layers = count(k, v, 2, 3); }},
      {"activation",
       [](Spec& s, Key k, Node v) { s.network.activation = activation_from(word(k, v)); }},
      {"rule", [](Spec& s, Key k, Node v) { s.network.learning = learning_rule_from(word(k, v)); }},
      {"batch", [](Spec& s, Key k, Node v) { s.network.batch = count(k, v, 1, 65536); }},
      {"epochs", [](Spec& s, Key k, Node v) { s.network.epochs = count(k, v, 1, 1000000); }},
      {"every", [](Spec& s, Key k, Node v) { s.network.every = count(k, v, 1, step_limit); }},
      {"input_norm", [](Spec& s, Key k, Node v) { s.network.input_norm = number(k, v, 0, true); }},
      {"step", [](Spec& s, Key k, Node v) { s.network.step = number(k, v, 0, true); }},
      {"width", [](Spec& s, Key k, Node v) { s.network.width = count(k, v, 1, 65536); }},
      {"reg", [](Spec& s, Key k, Node v) { s.network.reg = number(k, v, 0, false); }},
      {"dropout", [](Spec& s, Key k, Node v) { s.network.dropout = rate(k, v); }},
  };
  return all;
}

void set_seed(RegressionSpec& spec, std::uint64_t seed) {
  spec.seed = seed;
}
void set_seed(ClassificationSpec& spec, std::uint64_t seed) {
  spec.network.seed = seed;
}

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
  const double eta = 2 * spec.step / static_cast<double>(spec.n);
  if (!std::isfinite(eta) || eta == 0)
    throw InputError("step", fmt::format("{}", spec.step),
                     "one for which 2 step / n is a finite number > 0");
  Penalty penalty = spec.schedule;
  penalty.lambda = spec.reg * static_cast<double>(spec.n) / 2;
  require_valid(penalty);
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

template <class Spec>
std::vector<RunSpec> grid(const Keys<Spec>& keys, Given given, const Spec& start,
                          std::set<std::string> others) {
  others.insert("seeds"), others.insert("experiment");
  for (const auto& [key, set] : keys) others.insert(key);
  for (const auto& [key, node] : given)
    if (!others.contains(key))
      throw InputError("key in [run] or [scale]", fmt::format("'{}'", key),
                       fmt::format("one of {}", fmt::join(others, ", ")));
  const std::size_t seeds =
      given.contains("seeds") ? count("seeds", *given["seeds"], 1, 1000000) : 1;
  std::vector<Spec> specs = {start};
  for (const auto& [key, set] : keys) {
    if (!given.contains(key)) continue;
    const toml::array* list = given[key]->as_array();
    if (list && list->empty()) refuse(key, *given[key], "at least one value");
    std::vector<Spec> next;
    for (const Spec& spec : specs)
      for (std::size_t i = 0; i < (list ? list->size() : 1); ++i) {
        next.push_back(spec);
        set(next.back(), key, list ? *list->get(i) : *given[key]);
      }
    specs = std::move(next);
    if (specs.size() * seeds > 1000000)
      throw InputError("grid", fmt::format("{} runs", specs.size() * seeds),
                       "at most 1000000 runs");
  }
  std::vector<RunSpec> runs;
  for (Spec spec : specs) {
    require_runnable(spec);
    for (std::size_t seed = 1; seed <= seeds; ++seed) set_seed(spec, seed), runs.emplace_back(spec);
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
  sweep.runs = grid(classification_keys(), given, start, {"data", "train", "test"});
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
    sweep.runs = grid(regression_keys(), given, RegressionSpec{}, {});
  else if (experiment == "images")
    read_classification(sweep, given, images);
  else
    throw InputError("experiment", fmt::format("'{}'", experiment), "regression or images");
  if (images && !sweep.images)
    throw InputError("data", fmt::format("'{}'", images->string()),
                     "no folder: this configuration has no images");
  return sweep;
}

}  // namespace alignproof
