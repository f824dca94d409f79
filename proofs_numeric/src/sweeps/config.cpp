// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>
#include <toml++/toml.h>
#include <nlohmann/json.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/sweeps/sweep.hpp>

namespace alignproof {

namespace {

std::string_view name_of(Learning learning) {
  return learning == Learning::fa ? "fa" : learning == Learning::bp ? "bp" : "shallow";
}

Learning learning_from(const std::string& name) {
  for (const Learning learning : {Learning::fa, Learning::bp, Learning::shallow})
    if (name == name_of(learning)) return learning;
  throw InputError("rule", fmt::format("'{}'", name), "fa, bp or shallow");
}

std::string as_text(const toml::node& node) {
  std::ostringstream out;
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
  return *value;
}

std::string word(const std::string& key, const toml::node& node) {
  const auto value = node.value_exact<std::string>();
  if (!value) refuse(key, node, "a word in quotes");
  return *value;
}

using Setter = std::function<void(RunSpec&, const std::string&, const toml::node&)>;

/// What may stand in [run], in the order in which grids vary: the last one fastest.
const std::vector<std::pair<std::string, Setter>>& keys() {
  static const std::vector<std::pair<std::string, Setter>> all = {
      {"activation", [](RunSpec& s, const std::string& k,
                        const toml::node& v) { s.activation = activation_from(word(k, v)); }},
      {"targets",
       [](RunSpec& s, const std::string& k, const toml::node& v) {
         s.targets = targets_from(word(k, v));
         if (s.targets != Targets::linear && s.targets != Targets::network)
           refuse(k, v, "\"linear\" or \"network\"");
       }},
      {"n",
       [](RunSpec& s, const std::string& k, const toml::node& v) { s.n = count(k, v, 1, 10000); }},
      {"d",
       [](RunSpec& s, const std::string& k, const toml::node& v) { s.d = count(k, v, 1, 100000); }},
      {"rule", [](RunSpec& s, const std::string& k,
                  const toml::node& v) { s.learning = learning_from(word(k, v)); }},
      {"form",
       [](RunSpec& s, const std::string& k, const toml::node& v) {
         const std::string form = word(k, v);
         if (form != "fused" && form != "reduced") refuse(k, v, "\"fused\" or \"reduced\"");
         s.reduced = form == "reduced";
       }},
      {"number",
       [](RunSpec& s, const std::string& k, const toml::node& v) {
         const std::string type = word(k, v);
         if (type != "float" && type != "double") refuse(k, v, "\"float\" or \"double\"");
         s.single = type == "float";
       }},
      {"steps",
       [](RunSpec& s, const std::string& k, const toml::node& v) {
         if (v.is_string() && word(k, v) == "settled")
           s.steps.reset();
         else if (v.is_string())
           refuse(k, v, "\"settled\" or a whole number");
         else
           s.steps = count(k, v, 0, 1000000000);
       }},
      {"every", [](RunSpec& s, const std::string& k,
                   const toml::node& v) { s.every = count(k, v, 0, 1000000000); }},
      {"step", [](RunSpec& s, const std::string& k,
                  const toml::node& v) { s.step = number(k, v, 0, true); }},
      {"width", [](RunSpec& s, const std::string& k,
                   const toml::node& v) { s.width = count(k, v, 1, 1000000000000); }},
      {"reg", [](RunSpec& s, const std::string& k,
                 const toml::node& v) { s.reg = number(k, v, 0, false); }},
  };
  return all;
}

void require_keys(const toml::table& table, const std::set<std::string>& known,
                  const std::string& where) {
  for (const auto& [key, node] : table)
    if (!known.contains(std::string(key.str())))
      throw InputError("key in " + where, fmt::format("'{}'", key.str()),
                       fmt::format("one of {}", fmt::join(known, ", ")));
}

const toml::table* table_at(const toml::table& root, std::string_view path) {
  return root.at_path(path).as_table();
}

void require_runnable(const RunSpec& spec) {
  if (spec.reduced && (spec.activation != Activation::identity || spec.learning != Learning::fa ||
                       spec.targets != Targets::linear))
    throw InputError("form", "'reduced'", "fused, but for linear networks with rule fa");
  if (!spec.reduced && spec.width > 10000000)
    throw InputError("width", fmt::format("{}", spec.width), "at most 10000000 in fused form");
  if (spec.activation != Activation::identity && spec.activation != Activation::relu &&
      spec.activation != Activation::tanh && spec.activation != Activation::sigmoid)
    throw InputError("activation", std::string(to_string(spec.activation)),
                     "identity, relu, tanh or sigmoid");
}

}  // namespace

Sweep read_sweep(std::string_view text, std::string_view scale) {
  if (scale != "smoke" && scale != "small" && scale != "full")
    throw InputError("scale", fmt::format("'{}'", scale), "smoke, small or full");
  toml::table root;
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw InputError("configuration",
                     fmt::format("'{}' in line {}", one_line(std::string(error.description())),
                                 error.source().begin.line),
                     "TOML as reports/docs/sweeps.md describes it");
  }
  require_keys(root, {"name", "title", "run", "scale"}, "the configuration");
  Sweep sweep;
  if (const toml::node* name = root.get("name")) sweep.name = word("name", *name);
  if (sweep.name.empty() ||
      sweep.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    throw InputError("name", fmt::format("'{}'", sweep.name), "lower-case letters, digits and -");
  if (const toml::node* title = root.get("title")) sweep.title = word("title", *title);
  std::set<std::string> known = {"seeds"};
  for (const auto& [key, set] : keys()) known.insert(key);
  std::map<std::string, const toml::node*> given;
  if (const toml::table* scales = table_at(root, "scale"))
    require_keys(*scales, {"smoke", "small", "full"}, "[scale]");
  for (const std::string& where : {std::string("run"), fmt::format("scale.{}", scale)})
    if (const toml::table* table = table_at(root, where)) {
      require_keys(*table, known, fmt::format("[{}]", where));
      for (const auto& [key, node] : *table) given[std::string(key.str())] = &node;
    }
  const std::size_t seeds =
      given.contains("seeds") ? count("seeds", *given["seeds"], 1, 1000000) : 1;
  sweep.runs = {RunSpec{}};
  for (const auto& [key, set] : keys()) {
    if (!given.contains(key)) continue;
    const toml::array* list = given[key]->as_array();
    if (list && list->empty()) refuse(key, *given[key], "at least one value");
    std::vector<RunSpec> next;
    for (const RunSpec& spec : sweep.runs)
      for (std::size_t i = 0; i < (list ? list->size() : 1); ++i) {
        next.push_back(spec);
        set(next.back(), key, list ? *list->get(i) : *given[key]);
      }
    sweep.runs = std::move(next);
    if (sweep.runs.size() * seeds > 1000000)
      throw InputError("grid", fmt::format("{} runs", sweep.runs.size() * seeds),
                       "at most 1000000 runs");
  }
  std::vector<RunSpec> repeated;
  for (const RunSpec& spec : sweep.runs) {
    require_runnable(spec);
    for (std::size_t seed = 1; seed <= seeds; ++seed) {
      repeated.push_back(spec);
      repeated.back().seed = seed;
    }
  }
  sweep.runs = std::move(repeated);
  std::set<std::string> lines;
  for (const RunSpec& spec : sweep.runs)
    if (!lines.insert(to_line(spec)).second)
      throw InputError("grid", to_line(spec), "each value once");
  return sweep;
}

std::string to_line(const RunSpec& spec) {
  nlohmann::ordered_json json;
  json["activation"] = to_string(spec.activation);
  json["targets"] = to_string(spec.targets);
  json["n"] = spec.n, json["d"] = spec.d, json["width"] = spec.width;
  json["rule"] = name_of(spec.learning);
  json["form"] = spec.reduced ? "reduced" : "fused";
  json["number"] = spec.single ? "float" : "double";
  json["step"] = spec.step, json["reg"] = spec.reg;
  if (spec.steps)
    json["steps"] = *spec.steps;
  else
    json["steps"] = "settled";
  json["every"] = spec.every, json["seed"] = spec.seed;
  return json.dump();
}

RunSpec spec_from_line(const std::string& line) {
  const auto json = nlohmann::json::parse(line);
  RunSpec spec;
  spec.activation = activation_from(json.at("activation").get<std::string>());
  spec.targets = targets_from(json.at("targets").get<std::string>());
  spec.n = json.at("n"), spec.d = json.at("d"), spec.width = json.at("width");
  spec.learning = learning_from(json.at("rule"));
  spec.reduced = json.at("form") == "reduced";
  spec.single = json.at("number") == "float";
  spec.step = json.at("step"), spec.reg = json.at("reg");
  if (json.at("steps").is_number()) spec.steps = json.at("steps").get<std::size_t>();
  spec.every = json.at("every"), spec.seed = json.at("seed");
  return spec;
}

std::string table_header() {
  return "activation,targets,n,d,width,rule,form,number,step,reg,seed,steps,diverged_at,loss,"
         "alignment\n";
}

std::string table_line(const RunSpec& s, const RunResult& r) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", to_string(s.activation),
                     to_string(s.targets), s.n, s.d, s.width, name_of(s.learning),
                     s.reduced ? "reduced" : "fused", s.single ? "float" : "double", s.step, s.reg,
                     s.seed, r.steps, r.diverged_at ? fmt::format("{}", *r.diverged_at) : "",
                     r.loss, r.alignment);
}

}  // namespace alignproof
