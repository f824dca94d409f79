// SPDX-License-Identifier: Apache-2.0
#include "ranks.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

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

std::size_t Ranks::on_this_machine() const {
  return std::min(size_, count_from_launcher({"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"}));
}

#if defined(ALIGNPROOF_MPI)

namespace {

constexpr int result_tag = 1;

}  // namespace

Ranks::Ranks() {
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

Ranks::~Ranks() {
  if (started_) MPI_Finalize();
}

bool Ranks::agree(const std::optional<std::string>& trouble, const std::string& common) {
  if (!started_) return !trouble;
  // "!" and the trouble, or "=" and what is common: a line of fixed length a rank.
  constexpr int length = 1024;
  const std::string words = trouble ? "!" + *trouble : "=" + common;
  std::vector<char> mine(length, '\0'), all(length * size_);
  words.copy(mine.data(), length - 1);
  MPI_Gather(mine.data(), length, MPI_CHAR, all.data(), length, MPI_CHAR, 0, MPI_COMM_WORLD);
  std::size_t differs = size_;
  std::string theirs;
  if (rank_ == 0)
    for (std::size_t r = size_; r-- > 0;)
      if (const char* said = all.data() + r * length;
          said[0] == '!' || std::strcmp(said, mine.data()))
        differs = r, theirs = said;
  int fine = differs == size_;
  MPI_Bcast(&fine, 1, MPI_INT, 0, MPI_COMM_WORLD);
  if (rank_ == 0 && !fine && !trouble)
    throw InputError(fmt::format("rank {}", differs), fmt::format("'{}'", theirs.substr(1)),
                     fmt::format("what rank 0 has ({})", common));
  return fine;
}

std::vector<std::size_t> Ranks::share(std::vector<std::size_t> values) {
  if (!started_) return values;
  unsigned long long count = values.size();
  MPI_Bcast(&count, 1, MPI_UNSIGNED_LONG_LONG, 0, MPI_COMM_WORLD);
  values.resize(count);
  static_assert(sizeof(std::size_t) == sizeof(unsigned long));
  MPI_Bcast(values.data(), static_cast<int>(count), MPI_UNSIGNED_LONG, 0, MPI_COMM_WORLD);
  return values;
}

void Ranks::send(const RankResult& result) {
  const std::string line = to_line(result.result);
  std::vector<char> message(sizeof result.place + sizeof result.seconds + line.size());
  std::memcpy(message.data(), &result.place, sizeof result.place);
  std::memcpy(message.data() + sizeof result.place, &result.seconds, sizeof result.seconds);
  std::copy(line.begin(), line.end(),
            message.begin() + sizeof result.place + sizeof result.seconds);
  const std::lock_guard lock(mutex_);
  MPI_Send(message.data(), static_cast<int>(message.size()), MPI_CHAR, 0, result_tag,
           MPI_COMM_WORLD);
}

std::optional<RankResult> Ranks::receive() {
  int there = 0, size = 0;
  MPI_Status status;
  MPI_Iprobe(MPI_ANY_SOURCE, result_tag, MPI_COMM_WORLD, &there, &status);
  if (!there) return std::nullopt;
  MPI_Get_count(&status, MPI_CHAR, &size);
  std::string message(static_cast<std::size_t>(size), '\0');
  MPI_Recv(message.data(), size, MPI_CHAR, status.MPI_SOURCE, result_tag, MPI_COMM_WORLD,
           MPI_STATUS_IGNORE);
  RankResult result;
  std::memcpy(&result.place, message.data(), sizeof result.place);
  std::memcpy(&result.seconds, message.data() + sizeof result.place, sizeof result.seconds);
  result.result = result_from_line(message.substr(sizeof result.place + sizeof result.seconds));
  return result;
}

void Ranks::abort(int exit_code) {
  std::fflush(stderr);
  if (started_) MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::_Exit(exit_code);
}

#else

Ranks::Ranks() {
  if (launched() > 1)
    throw InputError("mpirun", fmt::format("{} processes", launched()),
                     "a program built with MPI (libopenmpi-dev), or --shard i/N");
}
Ranks::~Ranks() = default;
bool Ranks::agree(const std::optional<std::string>& trouble, const std::string&) {
  return !trouble;
}
std::vector<std::size_t> Ranks::share(std::vector<std::size_t> values) {
  return values;
}
void Ranks::send(const RankResult&) {}
std::optional<RankResult> Ranks::receive() {
  return std::nullopt;
}
void Ranks::abort(int exit_code) {
  std::_Exit(exit_code);
}

#endif

}  // namespace alignproof::cli
