// SPDX-License-Identifier: Apache-2.0
// Several processes started by mpirun, as the command meets them.
#pragma once

#include <cstddef>
#include <string>

#include <alignproof/sweeps/ranks.hpp>

namespace alignproof::cli {

/// Whether the command is to run in this process: all but sweep run in one. Where mpirun started
/// several, the first throws InputError and the others are told to be quiet.
bool is_for_this_process(const std::string& command);

/// The processes that mpirun started, joined by MPI; without mpirun there is one, and MPI is not
/// started.
class MpiRanks : public Communicator {
 public:
  /// Throws InputError if mpirun started several of a program built without MPI.
  MpiRanks();
  ~MpiRanks() override;

  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return size_; }
  /// How many of them share this machine.
  std::size_t on_this_machine() const;

  std::vector<std::string> gather(const std::string& bytes) override;
  std::string broadcast(const std::string& bytes) override;
  void send(const std::string& bytes) override;
  std::optional<std::string> receive() override;
  /// Says on standard error what has failed.
  [[noreturn]] void end_all(const std::exception_ptr& failure) override;

 private:
  std::size_t rank_ = 0, size_ = 1;
  bool started_ = false;
};

}  // namespace alignproof::cli
