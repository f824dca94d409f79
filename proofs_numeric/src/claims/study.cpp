// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/study.hpp>

#include <algorithm>

#include <alignproof/claims/own_data.hpp>
#include <alignproof/random/normal.hpp>

namespace alignproof::inline claims {

std::uint64_t seed_of(const Settings& settings, std::size_t index) {
  return (settings.seed << 20) + index;
}

std::size_t choice(std::size_t k, std::string_view name, std::size_t count) {
  std::uint32_t column = 0;
  for (char letter : name) column = column * 31 + static_cast<unsigned char>(letter);
  return random_bits(0, Stream::choice, static_cast<std::uint32_t>(k), column) % count;
}

// ---------------------------------------------------------------- batches

bool AskedBatch::only_start(std::size_t seed) const {
  return std::all_of(columns_.begin(), columns_.end(), [seed](const auto& column) {
    return !column.second->wants(seed) || column.second->only_start();
  });
}

std::vector<std::unique_ptr<Watcher>> AskedBatch::watchers(std::size_t seed,
                                                           const RunContext& run) {
  std::vector<std::unique_ptr<Watcher>> all;
  for (const auto& [type, column] : columns_)
    if (column->wants(seed)) all.push_back(column->watcher(seed, run));
  return all;
}

// ---------------------------------------------------------------- what is kept

namespace {

/// Values by keys that can be compared. A deque: references stay.
template <class Key, class Value>
class Cache {
 public:
  template <class Make>
  const Value& get(const Key& key, const Make& make) {
    for (const auto& [known, value] : entries_)
      if (known == key) return value;
    return entries_.emplace_back(key, make()).second;
  }

 private:
  std::deque<std::pair<Key, Value>> entries_;
};

/// All of a DataSpec. The binding names every field: a new one does not compile.
auto key_of(const DataSpec& spec) {
  const auto& [inputs, targets, n, d, seed, activation, teacher_width, k, input_scale,
               target_scale] = spec;
  return std::make_tuple(inputs, targets, n, d, seed, activation, teacher_width, k, input_scale,
                         target_scale);
}

}  // namespace

struct Study::Kept {
  Cache<decltype(key_of(DataSpec{})), Data> data;
  Cache<std::size_t, std::optional<Data>> own;
  /// Batches that differ in width alone share a kernel.
  Cache<std::pair<Activation, Array>, LimitKernel> kernels;
};

Study::Study(Settings settings, Progress& progress)
    : settings_(std::move(settings)), progress_(progress), kept_(std::make_unique<Kept>()) {}
Study::~Study() = default;

const Data& Study::data(const DataSpec& spec) {
  return kept_->data.get(key_of(spec), [&] { return make_data(spec); });
}

const std::optional<Data>& Study::own_data(std::size_t n) {
  return kept_->own.get(n, [&] { return alignproof::own_data(settings_, n); });
}

const LimitKernel& Study::limit_kernel(Activation activation, const Array& X) {
  return kept_->kernels.get(
      {activation, X}, [&] { return alignproof::limit_kernel(activation, X, settings_.jobs); });
}

// ---------------------------------------------------------------- asking

void Study::require_open(const std::string& name) const {
  if (done_) throw std::logic_error("'" + name + "' is asked for after the study ran");
}

AskedBatch& Study::asked_batch(const Batch& batch) {
  require_open(batch.name);
  for (AskedBatch& known : batches_)
    if (same_runs(known.batch, batch)) return known;
  return batches_.emplace_back(batch);
}

AskedWork* Study::known_work(const std::string& name) {
  require_open(name);
  const auto known = std::find_if(others_.begin(), others_.end(),
                                  [&](const AskedWork& work) { return work.name() == name; });
  return known == others_.end() ? nullptr : &*known;
}

// ---------------------------------------------------------------- running

void Study::finish() {
  for (const auto& collect : collect_) collect();
  for (AskedWork& work : others_) work.slot_->set_ready();
  done_ = true;
}

void Study::fill(const std::function<void(AskedBatch&)>& batches,
                 const std::function<void(AskedWork&)>& others) {
  for (AskedBatch& asked : batches_) batches(asked);
  for (AskedWork& asked : others_) others(asked);
  finish();
}

void Study::run() {
  struct Task {
    double cost;
    std::function<void()> work;
  };
  std::vector<Task> tasks;
  for (AskedWork& asked : others_)
    for (std::size_t part = 0; part < asked.costs_.size(); ++part)
      tasks.push_back({asked.costs_[part], [&asked, part] { asked.do_part_(part); }});
  for (AskedBatch& asked : batches_) {
    const Batch& batch = asked.batch;
    asked.limit = limit_kernel(batch.network.activation, batch.data.X);
    for (std::size_t s = 0; s < batch.seeds; ++s) {
      const std::size_t steps = asked.only_start(s) ? 0 : batch.network.steps;
      const double evaluations = static_cast<double>((steps + 1) * batch.data.X.rows());
      const double making = 5.0 * static_cast<double>(batch.data.X.cols());  // normals, per unit
      const double cost = static_cast<double>(batch.network.p) * (evaluations + making);
      tasks.push_back({cost, [this, &asked, s, steps] {
                         NetworkSpec spec = asked.batch.network;
                         spec.seed = seed_of(settings_, asked.batch.first_seed + s);
                         const Outcome outcome = watch_run(
                             make_instance(asked.batch.data, spec), asked.batch.rule, asked.limit,
                             steps,
                             asked.batch.step ? *asked.batch.step : settings_.dynamics.in_double,
                             [&](const RunContext& run) { return asked.watchers(s, run); });
                         asked.runs[s] = {spec.seed, outcome.diverged_at};
                       }});
    }
  }
  // Longest first, so that no thread is left alone with a long one at the end.
  std::stable_sort(tasks.begin(), tasks.end(),
                   [](const Task& a, const Task& b) { return a.cost > b.cost; });
  const auto units = [](double cost) { return static_cast<std::size_t>(cost / 1000) + 1; };
  std::size_t total = 0;
  for (const Task& task : tasks) total += units(task.cost);
  progress_.expect(total);
  parallel_for(tasks.size(), settings_.jobs, [&](std::size_t i) {
    tasks[i].work();
    progress_.advance(units(tasks[i].cost));
  });
  finish();
}

}  // namespace alignproof::inline claims
