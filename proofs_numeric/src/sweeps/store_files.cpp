// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/store_files.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

namespace alignproof::inline sweeps {

namespace {

namespace fs = std::filesystem;

constexpr const char* tables[] = {"", "-traces"};  ///< what table_beside adds to the name

}  // namespace

std::string configuration_text(const std::string& file_or_name) {
  std::vector<std::string_view> names;
  for (const auto& [name, text] : ready_sweeps()) {
    if (name == file_or_name) return std::string(text);
    names.push_back(name);
  }
  const fs::file_type type = type_at(file_or_name);
  if (type == fs::file_type::not_found || type == fs::file_type::directory)
    throw InputError("configuration", fmt::format("'{}'", file_or_name),
                     fmt::format("a TOML file that exists, or {}", fmt::join(names, ", ")));
  return read_file(file_or_name);
}

Sweep sweep_of(const std::string& file_or_name, std::string_view scale,
               const std::optional<fs::path>& images, const std::vector<std::string>& settings) {
  const std::string text = configuration_text(file_or_name);
  try {
    return read_sweep(text, scale, images, settings);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}{}: {}", one_line(file_or_name),
                                 settings.empty() ? "" : " with what was set beside it",
                                 error.what()));
  }
}

std::string default_store(const Sweep& sweep, const std::optional<std::int64_t>& seeds) {
  return fmt::format("{}-{}{}.sqlite", sweep.name, sweep.scale,
                     seeds ? fmt::format("-{}", *seeds) : "");
}

fs::path table_beside(const fs::path& store, const std::string& more) {
  fs::path stem = store.filename();
  if (stem.extension() == ".sqlite") stem = stem.stem();
  fs::path table = store;
  table.replace_filename(stem.string() + more + ".csv");
  std::error_code error;  // what does not exist is not the store
  if (fs::is_directory(table, error))
    throw InputError("store", fmt::format("'{}'", store.string()),
                     fmt::format("a store beside which {} is no folder", table.string()));
  if (fs::equivalent(table, store, error))
    throw InputError(
        "store", fmt::format("'{}'", store.string()),
        fmt::format("a store that is not {}: its table is written there", table.string()));
  return table;
}

void require_tables(const fs::path& store) {
  for (const char* more : tables) require_writable_file(table_beside(store, more));
}

void require_other_files(const fs::path& store, const std::vector<fs::path>& from) {
  std::error_code error;  // what does not exist is no other
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::string name = fmt::format("'{}'", from[i].string());
    if (fs::equivalent(store, from[i], error))
      throw InputError("store", name, "files other than the store that takes the runs");
    for (const char* more : tables)
      if (const fs::path table = table_beside(store, more); fs::equivalent(table, from[i], error))
        throw InputError("store", name,
                         fmt::format("files other than {}, which is written", table.string()));
  }
  require_each_once(from);
}

void require_each_once(const std::vector<fs::path>& files) {
  std::error_code error;  // what does not exist is no other
  for (auto file = files.begin(); file != files.end(); ++file)
    if (std::any_of(files.begin(), file,
                    [&](const fs::path& before) { return fs::equivalent(before, *file, error); }))
      throw InputError("store", fmt::format("'{}'", file->string()), "each file once");
}

std::vector<std::unique_ptr<RunStore>> stores_at(const std::vector<fs::path>& files) {
  std::vector<std::unique_ptr<RunStore>> stores;
  for (const fs::path& file : files) stores.push_back(std::make_unique<RunStore>(file));
  return stores;
}

void fill_store(std::optional<RunStore>& store, const fs::path& file, const Sweep& sweep,
                const std::string& engine, const std::function<void(RunStore&)>& fill) {
  const bool is_new = type_at(file) == fs::file_type::not_found;
  store.emplace(file, sweep, engine);
  const bool was_begun = is_new && store->empty();
  try {
    fill(*store);
  } catch (const InputError&) {
    std::error_code ignored;
    if (was_begun) store.reset(), fs::remove(file, ignored);
    throw;
  }
}

StoredRuns finish_store(const RunStore& store, const fs::path& file) {
  const std::vector<bool> done = store.done();
  StoredRuns stored{
      static_cast<std::size_t>(std::count(done.begin(), done.end(), true)), done.size(), {}};
  if (stored.done < stored.of) return stored;
  stored.tables = WrittenTables{table_beside(file, ""), {}, store.finished()};
  write_file(stored.tables->runs, table(store.sweep(), stored.tables->results));
  const fs::path beside = table_beside(file, "-traces");
  if (const std::string points = traces(stored.tables->results); !points.empty()) {
    write_file(beside, points);
    stored.tables->traces = beside;
  }
  return stored;
}

StoredRuns merge_stores(const fs::path& whole, const std::vector<fs::path>& parts) {
  require_tables(whole);
  require_other_files(whole, parts);
  const auto from = stores_at(parts);  // all that can be read, before any is made
  std::optional<RunStore> store;
  fill_store(store, whole, from.at(0)->sweep(), from.at(0)->engine(), [&](RunStore& filled) {
    for (const auto& part : from) filled.merge(*part);
  });
  return finish_store(*store, whole);
}

}  // namespace alignproof::inline sweeps
