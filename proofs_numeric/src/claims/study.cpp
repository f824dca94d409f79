// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/study.hpp>

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/random/normal.hpp>

namespace alignproof {

std::uint64_t seed_of(const Settings& settings, std::size_t index) {
  return (settings.seed << 20) + index;
}

std::size_t choice(std::size_t k, std::string_view name, std::size_t count) {
  std::uint32_t column = 0;
  for (char letter : name) column = column * 31 + static_cast<unsigned char>(letter);
  return random_bits(0, Stream::choice, static_cast<std::uint32_t>(k), column) % count;
}

std::string replay_line(const Batch& batch, std::uint64_t seed) {
  NetworkSpec network = batch.network;
  network.seed = seed;
  return fmt::format(
      "alignproof simulate {} {}{}", batch.data.options, options_of(network),
      is_feedback_alignment(batch.rule) ? "" : fmt::format(" --rule {}", to_string(batch.rule)));
}

Study::Study(Settings settings, Progress& progress)
    : settings_(std::move(settings)), progress_(progress) {}

void Study::want(const Batch& batch) {
  BatchResult& result = batches_[batch.name];
  result.batch = batch;
  result.records.resize(batch.seeds);
}

void Study::want(const std::string& name, double cost, std::function<void()> work) {
  others_[name] = {cost, std::move(work)};
}

namespace {

/// Batches that differ in width alone share a kernel.
class KernelCache {
 public:
  const LimitKernel& of(const Batch& batch, std::size_t jobs) {
    const Array& X = batch.data.X;
    const auto key = std::tuple(batch.network.activation, X.shape, X.values);
    const auto known = kernels_.find(key);
    if (known != kernels_.end()) return known->second;
    return kernels_.emplace(key, limit_kernel(batch.network.activation, X, jobs)).first->second;
  }

 private:
  std::map<std::tuple<Activation, std::vector<std::size_t>, std::vector<double>>, LimitKernel>
      kernels_;
};

}  // namespace

void Study::fill(const std::function<void(BatchResult&)>& measure) {
  for (auto& entry : batches_) measure(entry.second);
}

void Study::run() {
  std::vector<Task> tasks;
  KernelCache kernels;
  for (auto& [name, task] : others_) tasks.push_back(task);
  for (auto& entry : batches_) {
    BatchResult& result = entry.second;
    const Batch& batch = result.batch;
    result.limit = kernels.of(batch, settings_.jobs);
    const double steps =
        batch.detail == Detail::start ? 1 : static_cast<double>(batch.network.steps);
    const double making = 5.0 * static_cast<double>(batch.data.X.cols());  // normals, per unit
    const double cost = static_cast<double>(batch.network.p) *
                        (steps * static_cast<double>(batch.data.X.rows()) + making);
    for (std::size_t s = 0; s < batch.seeds; ++s)
      tasks.push_back({cost, [this, &result, s] {
                         NetworkSpec spec = result.batch.network;
                         spec.seed = seed_of(settings_, result.batch.first_seed + s);
                         const Instance instance = make_instance(result.batch.data, spec);
                         const KernelStep<double>& step =
                             result.batch.step ? result.batch.step : settings_.dynamics.in_double;
                         RunRecord record = measure_run(instance, result.batch.rule, result.limit,
                                                        result.batch.detail, step);
                         record.seed = spec.seed;
                         result.records[s] = std::move(record);
                       }});
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
}

}  // namespace alignproof
