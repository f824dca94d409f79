// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/store.hpp>

#include <algorithm>
#include <map>
#include <system_error>

#include <sqlite3.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>

namespace alignproof::inline sweeps {

namespace {

constexpr const char* store_format = "3";

std::string check_sum(const std::string& spec, const std::string& result) {
  return sha256(spec + "\n" + result);
}

/// One SQL statement; every failure becomes one line about the store.
class Statement {
 public:
  Statement(sqlite3* database, const std::filesystem::path& file, const char* sql)
      : database_(database), file_(file) {
    require(sqlite3_prepare_v2(database, sql, -1, &at_, nullptr));
  }
  ~Statement() { sqlite3_finalize(at_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int place, const std::string& text) {
    require(sqlite3_bind_text(at_, place, text.data(), static_cast<int>(text.size()),
                              SQLITE_TRANSIENT));
    return *this;
  }
  Statement& bind(int place, std::size_t number) {
    require(sqlite3_bind_int64(at_, place, static_cast<sqlite3_int64>(number)));
    return *this;
  }
  Statement& bind(int place, double number) {
    require(sqlite3_bind_double(at_, place, number));
    return *this;
  }
  /// Whether there is a row.
  bool next() {
    const int code = sqlite3_step(at_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) require(code);
    return false;
  }
  void again() {
    sqlite3_reset(at_);
    sqlite3_clear_bindings(at_);
  }
  std::string text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(at_, column));
    return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(at_, column)))
                 : std::string();
  }
  double real(int column) const { return sqlite3_column_double(at_, column); }
  std::size_t number(int column) const {
    return static_cast<std::size_t>(sqlite3_column_int64(at_, column));
  }

 private:
  void require(int code) const {
    if (code == SQLITE_OK) return;
    const std::string name = fmt::format("'{}'", file_.string());
    switch (code & 0xff) {
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        throw InputError("store", name, "a store that no other program has open");
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        throw InputError("store", name, "an undamaged store that a sweep has made");
      case SQLITE_FULL:
      case SQLITE_IOERR:
        throw InputError("store", name,
                         fmt::format("room on its disk ({}); runs stored so far are kept, the same "
                                     "command goes on",
                                     sqlite3_errmsg(database_)));
      default:
        throw InputError("store", name,
                         fmt::format("a file that can be read and written ({})",
                                     one_line(sqlite3_errmsg(database_))));
    }
  }

  sqlite3* database_;
  const std::filesystem::path& file_;
  sqlite3_stmt* at_ = nullptr;
};

/// At the row of table `sweep`, whose first column is the format.
void require_format(Statement& meta, const std::filesystem::path& file) {
  const std::string format = meta.next() ? meta.text(0) : "";
  if (format != store_format)
    throw InputError("format of " + file.string(), fmt::format("'{}'", format),
                     fmt::format("a store of format {}", store_format));
}

}  // namespace

void RunStore::refuse(const std::string& accepted) const {
  throw InputError("store", fmt::format("'{}'", file_.string()), accepted);
}

void RunStore::open(bool create) {
  const auto run = [&](const char* sql) {
    Statement statement(database_, file_, sql);
    while (statement.next()) {
    }
  };
  const std::filesystem::file_type type = type_at(file_);
  if (type == std::filesystem::file_type::not_found ? !create
                                                    : type != std::filesystem::file_type::regular)
    refuse(create                                          ? "a plain file, or one that can be made"
           : type == std::filesystem::file_type::not_found ? "a file that exists"
                                                           : "the plain file of a store");
  std::error_code error;
  // SQLite would make a database of it.
  if (!create && std::filesystem::file_size(file_, error) == 0)
    refuse("a store that a sweep has made");
  const std::filesystem::path path = std::filesystem::absolute(file_, error);
  if (error) refuse(fmt::format("a file that can be found ({})", error.message()));
  const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
  if (sqlite3_open_v2(path.c_str(), &database_, flags, nullptr) != SQLITE_OK) {
    const int cause = sqlite3_system_errno(database_);
    refuse(fmt::format(
        "a file that can be read and written ({})",
        cause != 0 ? std::generic_category().message(cause) : one_line(sqlite3_errmsg(database_))));
  }
  // The lock is the operating system's: it ends with this program, however that ends.
  run("PRAGMA locking_mode = EXCLUSIVE");
  run("PRAGMA synchronous = FULL");
  run("BEGIN EXCLUSIVE");
  run("COMMIT");
  Statement check(database_, file_, "PRAGMA quick_check(1)");
  if (!check.next() || check.text(0) != "ok") refuse("an undamaged store that a sweep has made");
}

RunStore::RunStore(const std::filesystem::path& file) : file_(file) {
  try {
    open(false);
    Statement tables(database_, file_,
                     "SELECT count(*) FROM sqlite_master WHERE name IN ('sweep', 'grid', 'runs')");
    if (!tables.next() || tables.number(0) != 3) refuse("a store that a sweep has made");
    Statement meta(database_, file_, "SELECT format, engine, name, title, scale FROM sweep");
    require_format(meta, file_);
    sweep_.name = meta.text(2), sweep_.title = meta.text(3), sweep_.scale = meta.text(4);
    Statement grid(database_, file_, "SELECT spec FROM grid ORDER BY place");
    while (grid.next()) sweep_.runs.push_back(spec_from_line(grid.text(0)));
    if (sweep_.runs.empty()) refuse("an undamaged store that a sweep has made");
    engine_ = meta.text(1);
    require_valid_names(sweep_);
    results();
  } catch (const nlohmann::json::exception&) {
    sqlite3_close_v2(database_);
    refuse("an undamaged store that a sweep has made");
  } catch (...) {
    sqlite3_close_v2(database_);
    throw;
  }
}

RunStore::RunStore(const std::filesystem::path& file, const Sweep& sweep, const std::string& engine)
    : file_(file), sweep_(sweep), engine_(engine) {
  try {
    open(true);
    const auto run = [&](const char* sql) { Statement(database_, file_, sql).next(); };
    Statement tables(database_, file_, "SELECT count(*) FROM sqlite_master");
    tables.next();
    if (tables.number(0) == 0) {
      // All of it or nothing: a store that lacks a part is never seen.
      run("BEGIN");
      run("CREATE TABLE sweep (format TEXT, engine TEXT, name TEXT, title TEXT, scale TEXT)");
      run("CREATE TABLE grid (place INTEGER PRIMARY KEY, spec TEXT NOT NULL UNIQUE)");
      run("CREATE TABLE runs (place INTEGER PRIMARY KEY, result TEXT NOT NULL,"
          " check_sum TEXT NOT NULL, seconds REAL)");
      Statement(database_, file_, "INSERT INTO sweep VALUES (?, ?, ?, ?, ?)")
          .bind(1, std::string(store_format))
          .bind(2, engine_)
          .bind(3, sweep.name)
          .bind(4, sweep.title)
          .bind(5, sweep.scale)
          .next();
      Statement insert(database_, file_, "INSERT INTO grid VALUES (?, ?)");
      for (std::size_t i = 0; i < sweep.runs.size(); ++i) {
        insert.bind(1, i).bind(2, to_line(sweep.runs[i])).next();
        insert.again();
      }
      run("COMMIT");
      return;
    }
    Statement meta(database_, file_, "SELECT format, engine, name, scale FROM sweep");
    require_format(meta, file_);
    if (meta.text(1) != engine_)
      throw InputError("engine of " + file_.string(), fmt::format("'{}'", meta.text(1)),
                       fmt::format("'{}' (see --instructions), or another --store", engine_));
    if (meta.text(2) != sweep.name || meta.text(3) != sweep.scale)
      throw InputError("configuration", fmt::format("'{}', scale {}", sweep.name, sweep.scale),
                       fmt::format("'{}', scale {}, with which {} was begun, or another --store",
                                   meta.text(2), meta.text(3), file_.string()));
    Statement grid(database_, file_, "SELECT spec FROM grid ORDER BY place");
    std::size_t i = 0;
    for (; grid.next(); ++i)
      if (i >= sweep.runs.size() || grid.text(0) != to_line(sweep.runs[i]))
        throw InputError("configuration",
                         fmt::format("'{}' with run {} = {}", sweep.name, i,
                                     i < sweep.runs.size() ? to_line(sweep.runs[i]) : "none"),
                         fmt::format("the one that {} was begun with ({}), or another --store",
                                     file_.string(), grid.text(0)));
    if (i != sweep.runs.size())
      throw InputError("configuration",
                       fmt::format("'{}' of {} runs", sweep.name, sweep.runs.size()),
                       fmt::format("the one of {} runs that {} was begun with, or another --store",
                                   i, file_.string()));
    results();
  } catch (...) {
    sqlite3_close_v2(database_);
    throw;
  }
}

RunStore::~RunStore() {
  sqlite3_close_v2(database_);
}

std::vector<std::string> RunStore::results() const {
  std::vector<std::string> all(sweep_.runs.size());
  Statement rows(database_, file_, "SELECT place, result, check_sum FROM runs");
  while (rows.next()) {
    const std::size_t place = rows.number(0);
    if (place >= all.size() || check_sum(to_line(sweep_.runs[place]), rows.text(1)) != rows.text(2))
      throw InputError("store", fmt::format("'{}' (run {} was altered)", file_.string(), place),
                       "an undamaged store that a sweep has made");
    all[place] = rows.text(1);
  }
  return all;
}

std::vector<bool> RunStore::done() const {
  const std::lock_guard lock(mutex_);
  std::vector<bool> done;
  for (const std::string& result : results()) done.push_back(!result.empty());
  return done;
}

bool RunStore::empty() const {
  const std::vector<bool> all = done();
  return std::find(all.begin(), all.end(), true) == all.end();
}

void RunStore::insert(std::size_t place, const std::string& result, double seconds) {
  Statement(database_, file_, "INSERT INTO runs VALUES (?, ?, ?, ?)")
      .bind(1, place)
      .bind(2, result)
      .bind(3, check_sum(to_line(sweep_.runs.at(place)), result))
      .bind(4, seconds)
      .next();
}

void RunStore::add(std::size_t place, const RunResult& result, double seconds) {
  const std::lock_guard lock(mutex_);
  insert(place, to_line(result), seconds);
}

std::size_t RunStore::take(const RunStore& other) {
  if (other.engine_ != engine_)
    throw InputError("engine of " + other.file_.string(), fmt::format("'{}'", other.engine_),
                     fmt::format("'{}', as in {} (see --instructions)", engine_, file_.string()));
  const std::vector<std::string> mine = results(), theirs = other.results();
  std::map<std::string, std::size_t> place_of;
  for (std::size_t i = 0; i < mine.size(); ++i) place_of[to_line(sweep_.runs[i])] = i;
  std::size_t taken = 0;
  Statement times(other.database_, other.file_, "SELECT place, seconds FROM runs ORDER BY place");
  Statement(database_, file_, "BEGIN").next();
  try {
    while (times.next()) {
      const std::size_t there = times.number(0);
      const auto here = place_of.find(to_line(other.sweep_.runs.at(there)));
      if (here == place_of.end() || mine[here->second] == theirs[there]) continue;
      if (!mine[here->second].empty())
        throw InputError(
            "store", fmt::format("'{}'", other.file_.string()),
            fmt::format("one with the same result of run {} ({})", there, here->first));
      insert(here->second, theirs[there], times.real(1));
      ++taken;
    }
    Statement(database_, file_, "COMMIT").next();
  } catch (...) {
    sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
  return taken;
}

void RunStore::merge(const RunStore& other) {
  if (other.sweep_.runs != sweep_.runs)
    throw InputError("store", fmt::format("'{}'", other.file_.string()),
                     fmt::format("a part of the same sweep as {}", file_.string()));
  take(other);
}

std::vector<std::optional<RunResult>> RunStore::so_far() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::optional<RunResult>> all;
  for (const std::string& result : results()) {
    all.emplace_back();
    if (!result.empty()) all.back() = result_from_line(result);
  }
  return all;
}

std::vector<RunResult> RunStore::finished() const {
  std::vector<RunResult> finished;
  for (std::optional<RunResult>& result : so_far()) {
    if (!result)
      throw InputError("store", fmt::format("'{}' without run {}", file_.string(), finished.size()),
                       "a store in which every run is done");
    finished.push_back(*std::move(result));
  }
  return finished;
}

}  // namespace alignproof::inline sweeps
