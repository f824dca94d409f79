// SPDX-License-Identifier: Apache-2.0
// The work behind the claims: asked for first, so that claims share it, then done in parallel. What
// was asked for comes back through handles. How a claim uses it: reports/docs/claims.md.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <vector>

#include <alignproof/claims/batch.hpp>
#include <alignproof/claims/handle.hpp>
#include <alignproof/claims/settings.hpp>
#include <alignproof/core/parallel.hpp>

namespace alignproof::inline claims {

/// One batch that somebody asked for, with a column of records for each probe.
class AskedBatch {
 public:
  explicit AskedBatch(const Batch& asked) : batch(asked) {}

  Batch batch;  ///< as it was asked for first, with the most seeds that anybody wants
  LimitKernel limit;
  std::vector<Run> runs;  ///< one a seed

  /// What this probe saw, a record a seed for the first seeds; null if nobody wants it.
  template <Probe P>
  std::vector<typename P::Record>* column() {
    const auto found = columns_.find(typeid(P));
    return found == columns_.end() ? nullptr : &static_cast<Column<P>&>(*found->second).records;
  }

  template <Probe P>
  void want(std::size_t seeds) {
    batch.seeds = std::max(batch.seeds, seeds);
    runs.resize(batch.seeds);
    auto& column = columns_[typeid(P)];
    if (!column) column = std::make_unique<Column<P>>();
    auto& records = static_cast<Column<P>&>(*column).records;
    records.resize(std::max(records.size(), seeds));
  }

  /// Nobody looks further than t = 0.
  bool only_start(std::size_t seed) const;
  std::vector<std::unique_ptr<Watcher>> watchers(std::size_t seed, const RunContext& run);

 private:
  struct AnyColumn {
    virtual ~AnyColumn() = default;
    virtual bool wants(std::size_t seed) const = 0;
    virtual bool only_start() const = 0;
    virtual std::unique_ptr<Watcher> watcher(std::size_t seed, const RunContext& run) = 0;
  };
  template <Probe P>
  struct Column final : AnyColumn {
    std::vector<typename P::Record> records;
    bool wants(std::size_t seed) const override { return seed < records.size(); }
    bool only_start() const override { return looks_at_start_only<P>(); }
    std::unique_ptr<Watcher> watcher(std::size_t seed, const RunContext& run) override {
      return std::make_unique<WatcherWith<P>>(run, records[seed]);
    }
  };

  std::map<std::type_index, std::unique_ptr<AnyColumn>> columns_;
};

/// Any other piece of work that somebody asked for.
class AskedWork {
 public:
  template <class T>
  explicit AskedWork(std::shared_ptr<Slot<T>> slot) : slot_(std::move(slot)) {}

  const std::string& name() const { return slot_->name(); }
  /// Its result, if that is of this type, else null.
  template <class T>
  T* as() {
    Slot<T>* slot = dynamic_cast<Slot<T>*>(slot_.get());
    return slot ? &slot->value : nullptr;
  }

 private:
  friend class Study;
  std::shared_ptr<AnySlot> slot_;
  std::vector<double> costs_;  ///< one a part
  std::function<void(std::size_t)> do_part_;
};

class Study {
 public:
  explicit Study(Settings settings, Progress& progress);
  ~Study();

  const Settings& settings() const { return settings_; }
  const Profile& profile() const { return settings_.profile; }

  /// Drawn once.
  const Data& data(const DataSpec& spec);
  /// n samples of the user's data, or all if there are fewer; nothing if there are none. They are
  /// read once, whatever n is.
  const std::optional<Data>& own_data(std::size_t n);
  /// Enclosed once.
  const LimitKernel& limit_kernel(Activation activation, const Array& X);

  /// Asks for the runs of a batch as these probes see them. Batches with the same runs are run
  /// once, whatever their names, and a probe that is asked for twice looks once.
  template <Probe... Probes>
  Handle<Runs<Seen<Probes...>>> want(const Batch& batch) {
    static_assert(sizeof...(Probes) > 0);
    AskedBatch& asked = asked_batch(batch);
    (asked.want<Probes>(batch.seeds), ...);
    auto slot = std::make_shared<Slot<Runs<Seen<Probes...>>>>(batch.name);
    slot->value.batch = batch;
    collect_.push_back([&asked, slot] {
      slot->value.limit = asked.limit;
      slot->value.records.resize(slot->value.batch.seeds);
      for (std::size_t s = 0; s < slot->value.records.size(); ++s) {
        Seen<Probes...>& seen = slot->value.records[s];
        static_cast<Run&>(seen) = asked.runs[s];
        ((static_cast<typename Probes::Record&>(seen) = (*asked.template column<Probes>())[s]),
         ...);
      }
      slot->set_ready();
    });
    return Handle<Runs<Seen<Probes...>>>(slot);
  }

  /// One handle a batch.
  template <Probe... Probes>
  std::vector<Handle<Runs<Seen<Probes...>>>> want(const std::vector<Batch>& batches) {
    std::vector<Handle<Runs<Seen<Probes...>>>> handles;
    for (const Batch& batch : batches) handles.push_back(want<Probes...>(batch));
    return handles;
  }

  /// Asks for the value of work(), done once under this name; `cost` in activations evaluated.
  /// Throws std::logic_error if work of another type was asked for under this name.
  template <class Work>
  requires(!std::is_void_v<std::invoke_result_t<Work&>>) Handle<std::invoke_result_t<Work&>> want(
      const std::string& name, double cost, Work work) {
    using T = std::invoke_result_t<Work&>;
    return want_parts<T>(name, {cost}, {},
                         [work](T& value, std::size_t) mutable { value = work(); });
  }

  /// The same of a value that begins as `begun` and is worked on in parts, several at a time: part
  /// k, of cost costs[k], must touch nothing that another one does.
  template <class T>
  Handle<T> want_parts(const std::string& name, std::vector<double> costs, T begun,
                       std::function<void(T&, std::size_t)> part) {
    if (AskedWork* known = known_work(name)) {
      const auto slot = std::dynamic_pointer_cast<Slot<T>>(known->slot_);
      if (!slot) throw std::logic_error("'" + name + "' is asked for as two types");
      return Handle<T>(slot);
    }
    auto slot = std::make_shared<Slot<T>>(name);
    slot->value = std::move(begun);
    AskedWork& asked = others_.emplace_back(slot);
    asked.costs_ = std::move(costs);
    asked.do_part_ = [slot, part](std::size_t k) { part(slot->value, k); };
    return Handle<T>(slot);
  }

  /// Every piece of work of this type that was asked for by then, whoever asked: for what shows all
  /// there is, and needs none of it.
  template <class T>
  std::vector<Handle<T>> asked_for() const {
    std::vector<Handle<T>> handles;
    for (const AskedWork& asked : others_)
      if (auto slot = std::dynamic_pointer_cast<Slot<T>>(asked.slot_)) handles.emplace_back(slot);
    return handles;
  }

  /// Does everything that was asked for. Asking for more afterwards throws std::logic_error.
  void run();
  /// Takes what was made elsewhere in place of running: what is concluded from results can be
  /// looked at without the work. Each is called with all that was asked for, one by one.
  void fill(const std::function<void(AskedBatch&)>& batches,
            const std::function<void(AskedWork&)>& others);

 private:
  AskedBatch& asked_batch(const Batch& batch);
  AskedWork* known_work(const std::string& name);
  void require_open(const std::string& name) const;
  void finish();

  struct Kept;

  Settings settings_;
  Progress& progress_;
  std::unique_ptr<Kept> kept_;
  std::deque<AskedBatch> batches_;
  std::deque<AskedWork> others_;
  std::vector<std::function<void()>> collect_;
  bool done_ = false;
};

/// Seed number `index` of the study: never the same for two base seeds below 2^44.
std::uint64_t seed_of(const Settings& settings, std::size_t index);

/// One of `count` choices for case k, as good as independent of the choices under other names: with
/// enough cases every pair of values meets, not only those with one remainder.
std::size_t choice(std::size_t k, std::string_view name, std::size_t count);

}  // namespace alignproof::inline claims
