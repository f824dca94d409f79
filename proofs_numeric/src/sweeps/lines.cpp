// SPDX-License-Identifier: Apache-2.0
// Runs and results as text: lines of JSON in the store, and tables for people.
#include <cmath>
#include <cstdio>
#include <limits>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/sweeps/sweep.hpp>

namespace alignproof {

namespace {

using Json = nlohmann::ordered_json;

std::string_view to_string(Form form) {
  return form == Form::fused ? "fused" : form == Form::kernel ? "kernel" : "reduced";
}

std::string number_in_words(const RegressionSpec& s) {
  if (s.precision == Precision::mpfr) return fmt::format("mpfr {}", s.digits);
  return s.precision == Precision::float32 ? "float" : "double";
}

Json json_of(const RegressionSpec& s) {
  Json json;
  json["activation"] = to_string(s.activation);
  json["inputs"] = to_string(s.inputs), json["targets"] = to_string(s.targets);
  json["n"] = s.n, json["d"] = s.d;
  json["input_norm"] = s.input_norm ? Json(*s.input_norm) : Json("sqrt d");
  json["width"] = s.width;
  json["rule"] = to_string(s.learning);
  json["form"] = to_string(s.form), json["number"] = number_in_words(s);
  json["step"] = s.step, json["reg"] = s.reg;
  json["schedule"] = schedule_in_words(s.schedule), json["dropout"] = s.dropout;
  if (s.steps)
    json["steps"] = *s.steps;
  else
    json["steps"] = "settled";
  json["every"] = s.every, json["seed"] = s.seed;
  return json;
}

Json json_of(const ClassificationSpec& s) {
  const ClassifierSpec& net = s.network;
  Json json;
  json["images"] = s.images, json["train"] = s.train, json["test"] = s.test;
  json["layers"] = net.layers, json["width"] = net.width;
  json["activation"] = to_string(net.activation);
  json["rule"] = to_string(net.learning);
  json["input_norm"] = net.input_norm;
  json["step"] = net.step, json["reg"] = net.reg, json["dropout"] = net.dropout;
  json["batch"] = net.batch, json["epochs"] = net.epochs, json["every"] = net.every;
  json["seed"] = net.seed;
  return json;
}

RegressionSpec regression_from(const Json& json) {
  RegressionSpec s;
  s.activation = activation_from(json.at("activation").get<std::string>());
  s.inputs = inputs_from(json.at("inputs").get<std::string>());
  s.targets = targets_from(json.at("targets").get<std::string>());
  s.n = json.at("n"), s.d = json.at("d"), s.width = json.at("width");
  if (json.at("input_norm").is_number()) s.input_norm = json.at("input_norm");
  s.learning = learning_rule_from(json.at("rule").get<std::string>());
  for (const Form form : {Form::kernel, Form::reduced})
    if (json.at("form") == to_string(form)) s.form = form;
  const std::string number = json.at("number");
  if (std::sscanf(number.c_str(), "mpfr %u", &s.digits) == 1)
    s.precision = Precision::mpfr;
  else
    s.precision = number == "float" ? Precision::float32 : Precision::float64;
  s.step = json.at("step"), s.reg = json.at("reg"), s.dropout = json.at("dropout");
  s.schedule = schedule_from(json.at("schedule"));
  if (json.at("steps").is_number()) s.steps = json.at("steps").get<std::size_t>();
  s.every = json.at("every"), s.seed = json.at("seed");
  return s;
}

ClassificationSpec classification_from(const Json& json) {
  ClassificationSpec s;
  ClassifierSpec& net = s.network;
  s.images = json.at("images"), s.train = json.at("train"), s.test = json.at("test");
  net.layers = json.at("layers"), net.width = json.at("width");
  net.activation = activation_from(json.at("activation").get<std::string>());
  net.learning = learning_rule_from(json.at("rule").get<std::string>());
  net.input_norm = json.at("input_norm");
  net.step = json.at("step"), net.reg = json.at("reg"), net.dropout = json.at("dropout");
  net.batch = json.at("batch"), net.epochs = json.at("epochs"), net.every = json.at("every");
  net.seed = json.at("seed");
  return s;
}

Json number(double x) {
  return std::isfinite(x) ? Json(x) : Json(nullptr);
}
double number_from(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

/// [t, loss, alignment] or, of a classifier, these and four more; the last may be null.
Json json_of(const Observation& o) {
  Json json = {o.t, number(o.loss), number(o.alignment)};
  if (o.test_accuracy)
    for (const auto& value :
         {o.train_accuracy, o.test_accuracy, o.signal_alignment, o.middle_alignment})
      json.push_back(value ? number(*value) : Json(nullptr));
  return json;
}

Observation observation_from(const Json& json) {
  Observation o{json.at(0), number_from(json.at(1)), number_from(json.at(2)), {}, {}, {}, {}};
  if (json.size() == 3) return o;
  o.train_accuracy = number_from(json.at(3)), o.test_accuracy = number_from(json.at(4));
  o.signal_alignment = number_from(json.at(5));
  if (!json.at(6).is_null()) o.middle_alignment = number_from(json.at(6));
  return o;
}

std::string cell(const std::optional<double>& x) {
  return x ? fmt::format("{}", *x) : "";
}

const char* ended(const RegressionSpec& s, const RunResult& r) {
  if (r.diverged) return "diverged";
  if (s.steps) return "done";
  return r.end.t < most_steps(s.width) ? "settled" : "unsettled";
}
const char* ended(const ClassificationSpec&, const RunResult& r) {
  return r.diverged ? "diverged" : "done";
}

/// What both tables end with.
template <class Spec>
std::string end_of_line(const Spec& s, const RunResult& r) {
  return fmt::format("{},{},{},{}", r.end.t, ended(s, r), r.end.loss, r.end.alignment);
}

std::string line_of(const RegressionSpec& s, const RunResult& r) {
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", to_string(s.activation),
                     to_string(s.inputs), to_string(s.targets), s.n, s.d,
                     s.input_norm ? fmt::format("{}", *s.input_norm) : "sqrt d", s.width,
                     to_string(s.learning), to_string(s.form), number_in_words(s), s.step, s.reg,
                     schedule_in_words(s.schedule), s.dropout, s.seed, end_of_line(s, r));
}

std::string line_of(const ClassificationSpec& s, const RunResult& r) {
  const ClassifierSpec& net = s.network;
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
                     s.images.substr(0, 12), s.train, s.test, net.layers, net.width,
                     to_string(net.activation), to_string(net.learning), net.input_norm, net.step,
                     net.reg, net.dropout, net.batch, net.epochs, net.seed, end_of_line(s, r),
                     cell(r.end.train_accuracy), cell(r.end.test_accuracy),
                     cell(r.end.signal_alignment), cell(r.end.middle_alignment));
}

constexpr const char* regression_header =
    "activation,inputs,targets,n,d,input_norm,width,rule,form,number,step,reg,schedule,dropout,"
    "seed,"
    "steps,ended,loss,alignment\n";
constexpr const char* classification_header =
    "images,train,test,layers,width,activation,rule,input_norm,step,reg,dropout,batch,epochs,seed,"
    "steps,ended,loss,alignment,train_accuracy,test_accuracy,signal_alignment,"
    "middle_alignment\n";

}  // namespace

std::string schedule_in_words(const Penalty& schedule) {
  std::string words;
  if (falls(schedule.decay))
    words = fmt::format("{} {}", to_string(schedule.decay), schedule.scale);
  if (schedule.cut != Penalty::never)
    words += fmt::format("{}cut {}", words.empty() ? "" : " ", schedule.cut);
  return words.empty() ? "constant" : words;
}

Penalty schedule_from(const std::string& words) {
  const auto refuse = [&] {
    throw InputError("schedule", fmt::format("'{}'", one_line(words)),
                     "constant, geometric RATIO or inverse-square TIME, then perhaps cut STEPS");
  };
  Penalty schedule;
  std::istringstream in(words);
  in.imbue(std::locale::classic());
  std::string word;
  in >> word;
  for (const Decay decay : all_decays)
    if (word == to_string(decay)) {
      schedule.decay = decay;
      if (falls(decay) && !(in >> schedule.scale)) refuse();
      if (!(in >> word)) word.clear();
      break;
    }
  if (word == "cut") {
    if (!(in >> word) || word.empty() || word.size() > 15 ||
        word.find_first_not_of("0123456789") != std::string::npos)
      refuse();
    schedule.cut = std::stoull(word);
    word.clear();
  }
  if (!word.empty() || in >> word || words.empty()) refuse();
  require_valid(schedule);
  return schedule;
}

std::string to_line(const RunSpec& spec) {
  return std::visit([](const auto& s) { return json_of(s).dump(); }, spec);
}

std::vector<std::pair<std::string, std::string>> fields(const RunSpec& spec) {
  std::vector<std::pair<std::string, std::string>> all;
  const Json json = Json::parse(to_line(spec));
  for (const auto& [name, value] : json.items())
    all.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  return all;
}

RunSpec spec_from_line(const std::string& line) {
  const Json json = Json::parse(line);
  if (json.contains("images")) return classification_from(json);
  return regression_from(json);
}

std::string to_line(const RunResult& result) {
  Json json;
  json["end"] = json_of(result.end);
  json["diverged"] = result.diverged;
  json["trace"] = Json::array();
  for (const Observation& o : result.trace) json["trace"].push_back(json_of(o));
  return json.dump();
}

RunResult result_from_line(const std::string& line) {
  const Json json = Json::parse(line);
  RunResult result;
  result.end = observation_from(json.at("end"));
  result.diverged = json.at("diverged");
  for (const Json& o : json.at("trace")) result.trace.push_back(observation_from(o));
  return result;
}

std::string table(const Sweep& sweep, const std::vector<RunResult>& results) {
  std::string lines = sweep.images || std::holds_alternative<ClassificationSpec>(sweep.runs.at(0))
                          ? classification_header
                          : regression_header;
  for (std::size_t i = 0; i < results.size(); ++i)
    lines += std::visit([&](const auto& s) { return line_of(s, results[i]); }, sweep.runs.at(i));
  return lines;
}

std::string traces(const std::vector<RunResult>& results) {
  std::string lines;
  for (std::size_t i = 0; i < results.size(); ++i)
    for (const Observation& o : results[i].trace)
      lines += fmt::format("{},{},{},{},{},{},{},{}\n", i + 1, o.t, o.loss, o.alignment,
                           cell(o.train_accuracy), cell(o.test_accuracy), cell(o.signal_alignment),
                           cell(o.middle_alignment));
  if (lines.empty()) return "";
  return "run,t,loss,alignment,train_accuracy,test_accuracy,signal_alignment,middle_alignment\n" +
         lines;
}

}  // namespace alignproof
