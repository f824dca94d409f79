// SPDX-License-Identifier: Apache-2.0
// What the table of fields decides: lines of stores, tables of sweeps and what a configuration may
// say.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/sweeps/summary.hpp>
#include <alignproof/sweeps/sweep.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

std::vector<std::string> parts_of(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  if (!text.empty() && text.back() == at) parts.emplace_back();
  return parts;
}

/// 40 training and 15 test images of 4 x 5 pixels.
void write_images(const std::filesystem::path& folder) {
  const auto word = [](std::size_t value) {
    return std::string{0, 0, static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
  };
  for (const bool test : {false, true}) {
    const std::size_t count = test ? 15 : 40;
    std::string images = word(2051) + word(count) + word(4) + word(5),
                labels = word(2049) + word(count);
    for (std::size_t i = 0; i < count * 20; ++i)
      images += static_cast<char>((i * 37 + (test ? 12 : 1)) % 256);
    for (std::size_t i = 0; i < count; ++i) labels += static_cast<char>(i % 10);
    const std::string name = test ? "t10k" : "train";
    write_file(folder / (name + "-images-idx3-ubyte"), images);
    write_file(folder / (name + "-labels-idx1-ubyte"), labels);
  }
}

struct Block {
  bool images = false;
  std::string run;  ///< lines of [run]
  std::vector<std::string> lines;

  Sweep read(const std::filesystem::path& folder) const {
    const std::string text = "name = \"frozen\"\n[run]\n" + run;
    if (!images) return read_sweep(text, "full");
    const bool has_batch = run.find("batch") != std::string::npos;
    return read_sweep(text + "experiment = \"images\"\n" + (has_batch ? "" : "batch = 10\n"),
                      "full", folder);
  }
};

std::vector<Block> frozen() {
  std::vector<Block> blocks;
  std::ifstream file(ALIGNPROOF_TEST_DATA "/sweeps/frozen_lines.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '{') {
      blocks.back().lines.push_back(line);
      continue;
    }
    blocks.push_back({line.starts_with("images: "), "", {}});
    for (const std::string& key : parts_of(line.substr(line.find(':') + 1), ';'))
      blocks.back().run += key + "\n";
  }
  REQUIRE(blocks.size() == 9);
  return blocks;
}

/// Named cells of a line of a table.
using Row = std::map<std::string, std::string>;

std::vector<Row> rows_of(const std::string& table) {
  const std::vector<std::string> lines = parts_of(table, '\n'), names = parts_of(lines.at(0), ',');
  std::vector<Row> rows;
  for (std::size_t i = 1; i < lines.size() && !lines[i].empty(); ++i) {
    const std::vector<std::string> cells = parts_of(lines[i], ',');
    REQUIRE(cells.size() == names.size());
    rows.emplace_back();
    for (std::size_t k = 0; k < names.size(); ++k) rows.back()[names[k]] = cells[k];
  }
  return rows;
}

RunSpec spec_in(const Row& row) {
  std::string settings = "name = \"a\"\n[run]\n";
  for (const auto& [name, value] : row) {
    if (name == "seed" || name == "ended" || name == "loss" || name == "alignment") continue;
    if (name == "steps")
      settings += row.at("ended") == "done" ? "steps = " + value + "\n" : "steps = \"settled\"\n";
    else if (value.find_first_not_of("0123456789.e+-") == std::string::npos)
      settings += name + " = " + value + "\n";
    else
      settings += name + " = \"" + value + "\"\n";
  }
  RunSpec spec = read_sweep(settings, "full").runs.at(0);
  std::get<RegressionSpec>(spec).seed = std::stoull(row.at("seed"));
  return spec;
}

RunSpec image_spec_in(const Row& row) {
  ClassificationSpec spec;
  ClassifierSpec& net = spec.network;
  spec.images = row.at("images") + std::string(52, '0');
  spec.train = std::stoull(row.at("train")), spec.test = std::stoull(row.at("test"));
  net.layers = std::stoull(row.at("layers")), net.width = std::stoull(row.at("width"));
  net.activation = activation_from(row.at("activation"));
  net.learning = learning_rule_from(row.at("rule"));
  net.input_norm = std::stod(row.at("input_norm")), net.step = std::stod(row.at("step"));
  net.reg = std::stod(row.at("reg")), net.dropout = std::stod(row.at("dropout"));
  net.batch = std::stoull(row.at("batch")), net.epochs = std::stoull(row.at("epochs"));
  net.seed = std::stoull(row.at("seed"));
  return spec;
}

RunResult result_in(const Row& row) {
  RunResult result;
  result.diverged = row.at("ended") == "diverged";
  result.end.t = std::stoull(row.at("steps"));
  result.end.loss = std::stod(row.at("loss"));
  result.end.alignment = std::stod(row.at("alignment"));
  if (!row.contains("test_accuracy")) return result;
  result.end.train_accuracy = std::stod(row.at("train_accuracy"));
  result.end.test_accuracy = std::stod(row.at("test_accuracy"));
  result.end.signal_alignment = std::stod(row.at("signal_alignment"));
  if (const std::string& middle = row.at("middle_alignment"); !middle.empty())
    result.end.middle_alignment = std::stod(middle);
  return result;
}

}  // namespace

TEST_CASE("lines of runs keep their bytes, and their places in a grid", "[sweeps][fields]") {
  const test::TemporaryFolder scratch;
  write_images(scratch.path());
  std::map<bool, std::map<std::string, std::set<FieldValue>>> seen;
  for (const Block& block : frozen()) {
    INFO(block.run);
    const Sweep sweep = block.read(scratch.path());
    REQUIRE(sweep.runs.size() == block.lines.size());
    for (std::size_t i = 0; i < sweep.runs.size(); ++i) {
      CHECK(to_line(sweep.runs[i]) == block.lines[i]);
      CHECK(spec_from_line(block.lines[i]) == sweep.runs[i]);
      for (const NamedValue& field : fields(sweep.runs[i]))
        seen[block.images][std::string(field.name)].insert(field.value);
    }
  }
  // A field that has one value everywhere is not tested.
  for (const auto& [images, names] : seen)
    for (const auto& [name, values] : names) {
      INFO(name);
      CHECK(values.size() > 1);
    }
}

TEST_CASE("the loops of a grid keep their nest: a store knows its runs by their places",
          "[sweeps][fields]") {
  const auto order = [](const std::vector<std::pair<std::string, std::string>>& keys,
                        const std::string& start, const std::filesystem::path& folder) {
    for (std::size_t k = 0; k + 1 < keys.size(); ++k) {
      const std::string &outer = keys[k].first, &inner = keys[k + 1].first;
      INFO(outer << " around " << inner);
      std::string text = "name = \"a\"\n[run]\n" + start;
      for (const auto& [key, values] : {keys[k], keys[k + 1]})
        text += key + " = [" + values + "]\n";
      if (!folder.empty() && outer != "batch" && inner != "batch") text += "batch = 10\n";
      const Sweep sweep =
          folder.empty() ? read_sweep(text, "full") : read_sweep(text, "full", folder);
      REQUIRE(sweep.runs.size() == 4);
      const auto first = fields(sweep.runs[0]), second = fields(sweep.runs[1]);
      for (std::size_t i = 0; i < first.size(); ++i)
        CHECK((first[i].value == second[i].value) == (first[i].name != inner));
    }
  };
  // The outermost first.
  order({{"activation", "'tanh', 'relu'"},
         {"targets", "'linear', 'network'"},
         {"inputs", "'gaussian', 'sphere'"},
         {"n", "2, 3"},
         {"d", "4, 5"},
         {"input_norm", "1, 2"},
         {"rule", "'fa', 'bp'"},
         {"form", "'fused', 'kernel'"},
         {"number", "'float', 'double'"},
         {"steps", "1, 2"},
         {"every", "0, 1"},
         {"step", "0.1, 0.2"},
         {"width", "3, 4"},
         {"reg", "0, 0.5"},
         {"schedule", "'constant', 'cut 3'"},
         {"dropout", "0, 0.5"}},
        "", {});
  const test::TemporaryFolder scratch;
  write_images(scratch.path());
  order({{"layers", "2, 3"},
         {"activation", "'tanh', 'relu'"},
         {"rule", "'fa', 'bp'"},
         {"batch", "5, 10"},
         {"epochs", "1, 2"},
         {"every", "1, 2"},
         {"input_norm", "1, 2"},
         {"step", "0.1, 0.2"},
         {"width", "3, 4"},
         {"reg", "0, 0.5"},
         {"dropout", "0, 0.5"}},
        "experiment = 'images'\n", scratch.path());
}

TEST_CASE("published tables keep their bytes", "[sweeps][fields]") {
  std::size_t tables = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(ALIGNPROOF_SOURCE_DIR "/reports/published")) {
    if (entry.path().extension() != ".csv") continue;
    // Of laws, not of runs: they have a column of limits.
    if (entry.path().filename().string().starts_with("predicted-")) continue;
    INFO(entry.path().string());
    const std::string published = read_file(entry.path());
    Sweep sweep;
    std::vector<RunResult> results;
    for (const Row& row : rows_of(published)) {
      sweep.runs.push_back(row.contains("images") ? image_spec_in(row) : spec_in(row));
      results.push_back(result_in(row));
    }
    CHECK((table(sweep, results) == published));  // in brackets: a failure does not print them
    ++tables;
  }
  CHECK(tables >= 8);
}

TEST_CASE("a configuration is told which value of which key is not accepted", "[sweeps][fields]") {
  const auto refused = [](const std::string& setting, const std::string& value,
                          const std::string& accepted) {
    INFO(setting);
    CHECK_THROWS_WITH(
        read_sweep("name = \"a\"\n[run]\n" + setting + " = " + value + "\n", "full"),
        Catch::Equals(setting + " = " + value + " is not accepted: give " + accepted));
  };
  // A kind of value that nothing has, for each key: no key is forgotten.
  const std::vector<std::string> wrong = {"true", "1979-05-27", "[[1]]", "{ a = 1 }"};
  for (const NamedValue& field : fields(RegressionSpec{}))
    for (const std::string& value : wrong) {
      if (field.name == "seed") continue;
      INFO(field.name << " = " << value);
      CHECK_THROWS_WITH(
          read_sweep("name = \"a\"\n[run]\n" + std::string(field.name) + " = " + value + "\n",
                     "full"),
          Catch::StartsWith(std::string(field.name) + " = ") && !Catch::Contains("\n"));
    }
  refused("n", "0", "a whole number from 1 to 10000");
  refused("n", "-3", "a whole number from 1 to 10000");
  refused("n", "2.5", "a whole number from 1 to 10000");
  refused("step", "0", "a finite number > 0");
  refused("step", "-1", "a finite number > 0");
  refused("step", "inf", "a finite number > 0");
  refused("step", "9007199254740993", "a finite number > 0");  // no double
  refused("reg", "-0.5", "a finite number >= 0");
  refused("dropout", "1.0", "a number in [0, 1), not within 2^-17 of 1");
  refused("input_norm", "-2", "\"sqrt d\" or a finite number > 0");
  refused("input_norm", "'d'", "\"sqrt d\" or a finite number > 0");
  refused("steps", "'done'", "\"settled\" or a whole number from 0 to 1000000000");
  refused("form", "'slow'", "\"fused\", \"kernel\" or \"reduced\"");
  refused("targets", "'zero'", "\"linear\" or \"network\"");
  refused("number", "'mpfr 5'", "\"float\", \"double\" or \"mpfr D\" with 17 to 10000 digits D");
  refused("activation", "1", "a word in quotes");
}

TEST_CASE("a field without a value has a word, which stands in lists too", "[sweeps][fields]") {
  const Sweep sweep = read_sweep(
      "name = \"a\"\n[run]\nsteps = [3, \"settled\"]\ninput_norm = [2, \"sqrt d\"]\n", "full");
  REQUIRE(sweep.runs.size() == 4);
  CHECK(std::get<RegressionSpec>(sweep.runs[0]).input_norm == 2);
  CHECK(!std::get<RegressionSpec>(sweep.runs[2]).input_norm);
  CHECK(!std::get<RegressionSpec>(sweep.runs[3]).steps);
}

TEST_CASE("a penalty that would turn beta round is refused before anything runs",
          "[sweeps][fields]") {
  const std::string start = "name = \"a\"\n[run]\nstep = 2\nreg = ";
  CHECK(read_sweep(start + "0.25\n", "full").runs.size() == 1);
  CHECK_THROWS_WITH(read_sweep(start + "[0.25, 0.5]\n", "full"),
                    Catch::StartsWith("reg = 0.5 with step 2 is not accepted: give step reg < 1"));
}

TEST_CASE("a line with a value that no configuration could have is no run", "[sweeps][fields]") {
  RegressionSpec spec;
  const std::string line = to_line(spec);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = line;
    const std::size_t at = changed.find(from);
    REQUIRE(at != std::string::npos);
    return changed.replace(at, from.size(), to);
  };
  CHECK(spec_from_line(line) == RunSpec(spec));
  CHECK_THROWS_WITH(spec_from_line(with("\"n\":50", "\"n\":-50")), Catch::StartsWith("n = -50 "));
  CHECK_THROWS_AS(spec_from_line(with("\"n\":50", "\"n\":null")), InputError);
  CHECK_THROWS_AS(spec_from_line(with("\"fused\"", "\"fast\"")), InputError);
  CHECK_THROWS_AS(spec_from_line(with("\"double\"", "\"mpfr 50x\"")), InputError);
  CHECK_THROWS_AS(spec_from_line(with("\"settled\"", "\"soon\"")), InputError);
  CHECK_THROWS_AS(spec_from_line(with("\"sqrt d\"", "\"d\"")), InputError);
  CHECK_THROWS_AS(spec_from_line(with("\"step\":0.001", "\"step\":-0.001")), InputError);
}

TEST_CASE("classifiers are compared with backpropagation by their values", "[sweeps][fields]") {
  const test::TemporaryFolder scratch;
  write_images(scratch.path());
  const Sweep sweep = read_sweep(
      "name = \"a\"\n[run]\nexperiment = \"images\"\nbatch = 10\nrule = [\"fa\", \"bp\"]\n"
      "reg = [0, 0.5]\ndropout = [0, 0.25]\nseeds = 2\n",
      "full", scratch.path());
  std::vector<RunResult> results(sweep.runs.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto& net = std::get<ClassificationSpec>(sweep.runs[i]).network;
    results[i].end.test_accuracy =
        (net.learning == learning_rule_from("fa") ? 0.5 : 0.75) - 0.125 * net.reg - 0.25 * net.dropout;
  }
  const Simulation simulation = summarise(sweep, results);
  CHECK(simulation.keys == std::vector<std::string>{"rule", "penalty", "dropout"});
  REQUIRE(simulation.cells.size() == 8);
  CHECK(simulation.cells[0].keys == std::vector<std::string>{"FA", "0", "0"});
  CHECK(simulation.cells[7].keys == std::vector<std::string>{"backpropagation", "0.5", "0.25"});
  for (std::size_t i = 0; i < 8; ++i) {
    const bool is_baseline = i == 4;
    const double expected = (i < 4 ? -0.25 : 0) - (i % 4 < 2 ? 0 : 0.0625) - (i % 2 ? 0.0625 : 0);
    const double difference = simulation.cells[i].values.back().value;
    INFO(i);
    CHECK((is_baseline ? std::isnan(difference) : difference == expected));
  }
  SECTION("and not at all where nothing is backpropagation alone") {
    const Sweep penalised =
        read_sweep("name = \"a\"\n[run]\nrule = [\"fa\", \"bp\"]\nreg = 0.5\nseeds = 2\n", "full");
    const Simulation other = summarise(penalised, std::vector<RunResult>(4));
    CHECK(other.note.empty());
  }
}
