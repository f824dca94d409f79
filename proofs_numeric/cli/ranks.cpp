// SPDX-License-Identifier: Apache-2.0
#include "ranks.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "resources.hpp"
#include "to_stderr.hpp"

#if defined(ALIGNPROOF_MPI)
#include <mpi.h>
#endif

namespace alignproof::cli {

namespace {

/// What a launcher says to the processes it starts; 1 where there is none.
std::size_t count_from_launcher(std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const char* value = std::getenv(name)) {
      const long count = std::strtol(value, nullptr, 10);
      if (count >= 1) return static_cast<std::size_t>(count);
    }
  return 1;
}

std::size_t launched() {
  return count_from_launcher({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE"});
}

bool is_first_launched() {
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMI_RANK", "MV2_COMM_WORLD_RANK"})
    if (const char* value = std::getenv(name)) return std::strcmp(value, "0") == 0;
  return true;
}

}  // namespace

bool is_for_this_process(const std::string& command) {
  if (command == "sweep" || launched() == 1) return true;
  if (!is_first_launched()) return false;
  throw InputError("mpirun", fmt::format("{} processes", launched()),
                   command == "reproduce"
                       ? "mpirun alignproof sweep, then reproduce --runs with its table"
                       : fmt::format("alignproof {} without mpirun", command));
}

std::size_t MpiRanks::on_this_machine() const {
  return std::min(size_, count_from_launcher({"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"}));
}

#if defined(ALIGNPROOF_MPI)

namespace {

constexpr int result_tag = 1;
constexpr int bad_input = 2, internal_error = 4;

/// Says on standard error what failed on this rank. Returns the exit code of the program.
int say_failure(const std::exception_ptr& failure, std::size_t rank) {
  try {
    std::rethrow_exception(failure);
  } catch (const InputError& error) {
    to_stderr("alignproof: {}\n", error.what());
  } catch (const std::bad_alloc&) {
    to_stderr("alignproof: rank {}: a run does not fit in memory\n", rank);
  } catch (const std::exception& error) {
    if (!lacks_threads(error)) {
      to_stderr("alignproof: rank {}: internal error: {}\n", rank, error.what());
      return internal_error;
    }
    to_stderr("alignproof: rank {}: {}\n", rank, error.what());
  }
  return bad_input;
}

}  // namespace

MpiRanks::MpiRanks() {
  if (launched() == 1) return;
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
  started_ = true;
  int rank = 0, size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  rank_ = static_cast<std::size_t>(rank), size_ = static_cast<std::size_t>(size);
  if (provided < MPI_THREAD_SERIALIZED) {
    MPI_Finalize();
    throw InputError("mpirun", "an MPI library without threads", "one with MPI_THREAD_SERIALIZED");
  }
}

MpiRanks::~MpiRanks() {
  if (started_) MPI_Finalize();
}

std::vector<std::string> MpiRanks::gather(const std::string& bytes) {
  if (!started_) return Communicator::gather(bytes);
  const int mine = static_cast<int>(bytes.size());
  std::vector<int> lengths(size_), begins(size_);
  MPI_Gather(&mine, 1, MPI_INT, lengths.data(), 1, MPI_INT, 0, MPI_COMM_WORLD);
  int whole = 0;
  for (std::size_t r = 0; r < size_; ++r) begins[r] = whole, whole += lengths[r];
  std::string all(static_cast<std::size_t>(whole), '\0');
  MPI_Gatherv(bytes.data(), mine, MPI_CHAR, all.data(), lengths.data(), begins.data(), MPI_CHAR, 0,
              MPI_COMM_WORLD);
  std::vector<std::string> by_rank;
  for (std::size_t r = 0; rank_ == 0 && r < size_; ++r)
    by_rank.push_back(
        all.substr(static_cast<std::size_t>(begins[r]), static_cast<std::size_t>(lengths[r])));
  return by_rank;
}

std::string MpiRanks::broadcast(const std::string& bytes) {
  if (!started_) return bytes;
  std::string same = bytes;
  unsigned long long size = same.size();
  MPI_Bcast(&size, 1, MPI_UNSIGNED_LONG_LONG, 0, MPI_COMM_WORLD);
  same.resize(size);
  MPI_Bcast(same.data(), static_cast<int>(size), MPI_CHAR, 0, MPI_COMM_WORLD);
  return same;
}

void MpiRanks::send(const std::string& bytes) {
  MPI_Send(bytes.data(), static_cast<int>(bytes.size()), MPI_CHAR, 0, result_tag, MPI_COMM_WORLD);
}

std::optional<std::string> MpiRanks::receive() {
  int there = 0, size = 0;
  MPI_Status status;
  MPI_Iprobe(MPI_ANY_SOURCE, result_tag, MPI_COMM_WORLD, &there, &status);
  if (!there) return std::nullopt;
  MPI_Get_count(&status, MPI_CHAR, &size);
  std::string bytes(static_cast<std::size_t>(size), '\0');
  MPI_Recv(bytes.data(), size, MPI_CHAR, status.MPI_SOURCE, result_tag, MPI_COMM_WORLD,
           MPI_STATUS_IGNORE);
  return bytes;
}

void MpiRanks::end_all(const std::exception_ptr& failure) {
  if (size_ == 1) std::rethrow_exception(failure);
  const int code = say_failure(failure, rank_);
  std::fflush(stderr);
  if (started_) MPI_Abort(MPI_COMM_WORLD, code);
  std::_Exit(code);
}

#else

MpiRanks::MpiRanks() {
  if (launched() > 1)
    throw InputError("mpirun", fmt::format("{} processes", launched()),
                     "a program built with MPI (libopenmpi-dev), or --shard i/N");
}
MpiRanks::~MpiRanks() = default;
std::vector<std::string> MpiRanks::gather(const std::string& bytes) {
  return Communicator::gather(bytes);
}
std::string MpiRanks::broadcast(const std::string& bytes) {
  return bytes;
}
void MpiRanks::send(const std::string&) {}
std::optional<std::string> MpiRanks::receive() {
  return std::nullopt;
}
void MpiRanks::end_all(const std::exception_ptr& failure) {
  std::rethrow_exception(failure);
}

#endif

}  // namespace alignproof::cli
