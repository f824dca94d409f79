// SPDX-License-Identifier: Apache-2.0
// Several processes that run one sweep together. Rank 0 alone has the store; the others send it
// their results. How bytes get from one to another, a Communicator knows: MPI is one.
#pragma once

#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/sweeps/sweep.hpp>

namespace alignproof::inline sweeps {

/// Of a process that is alone, unless a member is overridden.
class Communicator {
 public:
  Communicator() = default;
  virtual ~Communicator() = default;
  Communicator(const Communicator&) = delete;
  Communicator& operator=(const Communicator&) = delete;

  virtual std::size_t rank() const { return 0; }
  virtual std::size_t size() const { return 1; }
  /// Collective. The bytes of every rank, at rank 0; nothing on the others.
  virtual std::vector<std::string> gather(const std::string& bytes) { return {bytes}; }
  /// Collective. Rank 0's bytes, everywhere.
  virtual std::string broadcast(const std::string& bytes) { return bytes; }
  /// To rank 0, from one thread at a time.
  virtual void send(const std::string& /*bytes*/) {}
  /// At rank 0, from one thread at a time: what has arrived, if anything has.
  virtual std::optional<std::string> receive() { return std::nullopt; }
  /// Ends every rank, since the others would wait for this one for ever.
  [[noreturn]] virtual void end_all(const std::exception_ptr& failure) {
    std::rethrow_exception(failure);
  }
};

/// What a rank has computed.
struct RankResult {
  std::size_t place = 0;
  double seconds = 0;
  RunResult result;
};

/// What the ranks of a sweep tell one another.
class Ranks {
 public:
  explicit Ranks(Communicator& communicator) : communicator_(communicator) {}

  std::size_t rank() const { return communicator_.rank(); }
  std::size_t size() const { return communicator_.size(); }

  /// Collective. Rank 0 throws if any rank failed or differs from it; on the others returns whether
  /// to go on. Every rank gives its own failure, or none, and what all must have in common. What
  /// rank 0 throws is its own failure, or InputError about the first rank that is in trouble.
  bool agree(const std::exception_ptr& failure, const std::string& common);
  /// Collective. Rank 0's numbers, everywhere.
  std::vector<std::size_t> share(const std::vector<std::size_t>& numbers);
  /// To rank 0; from any thread.
  void send(const RankResult& result);
  /// At rank 0, from one thread: a result that has arrived, if there is one.
  std::optional<RankResult> receive();
  /// Ends every rank over a failure of this one; alone, rethrows it.
  [[noreturn]] void end_all(const std::exception_ptr& failure);

 private:
  Communicator& communicator_;
  std::mutex sending_;
};

}  // namespace alignproof::inline sweeps
