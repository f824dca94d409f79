// SPDX-License-Identifier: Apache-2.0
#include "sweep_bar.hpp"

#include <fmt/format.h>

#include "progress_bar.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

namespace {

class SweepBar : public SweepProgress {
 public:
  explicit SweepBar(const std::string& label) : bar_(label) {}
  void expect(std::size_t units) override { bar_.expect(units); }
  void advance(std::size_t units) override { bar_.advance(units); }
  void took_over(std::size_t runs, const std::filesystem::path& from) override {
    to_stderr("{} runs taken over from {}\n", runs, from.string());
  }

 private:
  ProgressBar bar_;
};

/// The bar is gone when this returns.
std::optional<StoredRuns> run_behind_bar(const Sweep& sweep, const SweepWork& work, Ranks& ranks) {
  if (ranks.rank() != 0) {
    SweepProgress silent;
    return run_sweep(sweep, work, ranks, silent);
  }
  SweepBar bar(sweep.name);
  return run_sweep(sweep, work, ranks, bar);
}

}  // namespace

std::optional<StoredRuns> run_with_bar(const Sweep& sweep, const SweepWork& work, Ranks& ranks) {
  std::optional<StoredRuns> stored = run_behind_bar(sweep, work, ranks);
  if (!stored) return stored;
  if (stored->tables)
    print_tables(*stored);
  else
    fmt::print("{} of {} runs done, in {} (see alignproof merge)\n", stored->done, stored->of,
               work.store.string());
  return stored;
}

void print_tables(const StoredRuns& stored) {
  if (!stored.tables) return;
  fmt::print("{} runs, all done. Table: {}\n", stored.of, stored.tables->runs.string());
  if (stored.tables->traces) fmt::print("Traces: {}\n", stored.tables->traces->string());
}

}  // namespace alignproof::cli
