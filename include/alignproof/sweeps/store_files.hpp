// SPDX-License-Identifier: Apache-2.0
// The files of a sweep: its configuration, its store, and the tables beside that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/sweeps/store.hpp>

namespace alignproof::inline sweeps {

/// The text of a file, or of the ready configuration of that name. Throws InputError that lists
/// these.
std::string configuration_text(const std::string& file_or_name);
/// Its sweep, as read_sweep makes it. What InputError says of a file begins with the file.
Sweep sweep_of(const std::string& file_or_name, std::string_view scale,
               const std::optional<std::filesystem::path>& images = {},
               const std::vector<std::string>& settings = {});

/// NAME-SCALE.sqlite, or NAME-SCALE-SEEDS.sqlite where the number of seeds was chosen.
std::string default_store(const Sweep& sweep, const std::optional<std::int64_t>& seeds);

/// "a.sqlite" and "-traces" make "a-traces.csv"; an ending other than .sqlite is kept before .csv.
/// Throws InputError if that path is a folder or (a link to) the store.
std::filesystem::path table_beside(const std::filesystem::path& store, const std::string& more);

/// Throws InputError if a table beside the store could not be written.
void require_tables(const std::filesystem::path& store);

/// Throws InputError if the store or one of its tables is itself one of the files to read from, or
/// if one of these is there twice.
void require_other_files(const std::filesystem::path& store,
                         const std::vector<std::filesystem::path>& from);

/// Throws InputError if one of the files is there twice, by whatever path.
void require_each_once(const std::vector<std::filesystem::path>& files);

/// Stores of other sweeps, each open and locked. Throws InputError on the first that cannot be
/// read.
std::vector<std::unique_ptr<RunStore>> stores_at(const std::vector<std::filesystem::path>& files);

/// Opens or begins a store and fills it. One begun for that is removed again if `fill` throws
/// InputError: it has copies only.
void fill_store(std::optional<RunStore>& store, const std::filesystem::path& file,
                const Sweep& sweep, const std::string& engine,
                const std::function<void(RunStore&)>& fill);

/// The tables of a store in which every run is done.
struct WrittenTables {
  std::filesystem::path runs;                   ///< a line a run
  std::optional<std::filesystem::path> traces;  ///< where there are any
  std::vector<RunResult> results;
};

/// What has become of a store.
struct StoredRuns {
  std::size_t done = 0, of = 0;
  std::optional<WrittenTables> tables;  ///< once all runs are done
};

/// Counts the runs of a store, and writes the tables beside it once all of them are done.
StoredRuns finish_store(const RunStore& store, const std::filesystem::path& file);

/// Joins the stores of the parts of one sweep in `whole`, which may exist. Throws InputError,
/// before any store is begun, if a part or a table cannot be read or written.
StoredRuns merge_stores(const std::filesystem::path& whole,
                        const std::vector<std::filesystem::path>& parts);

}  // namespace alignproof::inline sweeps
