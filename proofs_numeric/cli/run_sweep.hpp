// SPDX-License-Identifier: Apache-2.0
// Sweeps as the subcommands run them.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/sweeps/store.hpp>

#include "ranks.hpp"

namespace alignproof::cli {

/// The text of a file, or of the ready configuration of that name. Throws InputError that lists
/// these.
std::string configuration_text(const std::string& file_or_name);

/// "a.sqlite" and "-traces" make "a-traces.csv"; another ending of the store is kept. Throws
/// InputError if that is the store itself, by a link.
std::filesystem::path table_beside(const std::filesystem::path& store, const std::string& more);

/// NAME-SCALE.sqlite, or NAME-SCALE-SEEDS.sqlite where the number of seeds was chosen.
std::string default_store(const Sweep& sweep, const std::optional<std::int64_t>& seeds);

/// Part `index` of `of`, from 1.
struct Shard {
  std::size_t index = 1, of = 1;
};

/// Throws InputError if a table beside the store could not be written.
void require_tables(const std::filesystem::path& store);

/// Throws InputError if the store or one of its tables is itself one of the files to read from, or
/// if one of these is there twice.
void require_other_files(const std::filesystem::path& store,
                         const std::vector<std::filesystem::path>& from);

/// Stores of other sweeps, each open and locked. Throws InputError on the first that cannot be
/// read.
std::vector<std::unique_ptr<RunStore>> stores_at(const std::vector<std::filesystem::path>& files);

/// Opens or begins a store and fills it. One begun for that is removed again if `fill` throws
/// InputError: it has copies only.
void fill_store(std::optional<RunStore>& store, const std::filesystem::path& file,
                const Sweep& sweep, const std::string& engine,
                const std::function<void(RunStore&)>& fill);

/// Runs what the store lacks of this part, keeps it there, and writes the tables beside the store
/// once all runs of the grid are there: these are returned then. What the stores `reuse` have of
/// the grid is taken over first. Nothing is returned on other ranks than 0.
std::optional<std::vector<RunResult>> run_sweep(
    const Sweep& sweep, const std::filesystem::path& store, const Shard& shard, std::size_t jobs,
    Ranks& ranks, const std::vector<std::filesystem::path>& reuse = {});

/// The tables of a store in which every run is done, beside it. Returns the results.
std::vector<RunResult> write_tables(const RunStore& store, const std::filesystem::path& file);

}  // namespace alignproof::cli
