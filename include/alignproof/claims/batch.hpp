// SPDX-License-Identifier: Apache-2.0
// Runs of one network on one data set from many initialisations, and what was seen of them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <alignproof/claims/probe.hpp>
#include <alignproof/network/data.hpp>

namespace alignproof::inline claims {

struct Batch {
  std::string name;  ///< what it is for, in words; does not tell batches apart
  Data data;
  NetworkSpec network;  ///< its seed is replaced by those of the batch
  LearningRule rule = Rule::fa;
  std::size_t seeds = 1;
  std::size_t first_seed = 0;  ///< index of the first; batches that must be independent differ here
  /// In place of the study's dynamics, if given; the same only as itself.
  std::shared_ptr<const KernelStep<double>> step;
};

/// Their runs are the same, as far as both have so many seeds: everything but name and seeds is.
bool same_runs(const Batch& a, const Batch& b);

/// "sphere inputs, linear teacher, n=5 d=50, p=2048"
std::string name_of(const Batch& batch);

/// What is known of all runs of a batch.
struct RunSet {
  Batch batch;
  LimitKernel limit;  ///< of the batch's data

  double gamma() const { return limit.gamma; }  ///< a lower bound
  /// gamma is enclosed above 0.
  bool gamma_positive() const { return limit.definiteness == Definiteness::positive_definite; }
};

/// `Record` is a Seen<Probes...>.
template <class Record>
struct Runs : RunSet {
  std::vector<Record> records;  ///< one a seed, in order
};

/// Command line that runs one seed of a batch again.
std::string replay_line(const Batch& batch, std::uint64_t seed);

}  // namespace alignproof::inline claims
