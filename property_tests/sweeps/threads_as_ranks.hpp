// SPDX-License-Identifier: Apache-2.0
// Ranks that are threads of this process, as if mpirun had started them.
#pragma once

#include <atomic>
#include <barrier>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <alignproof/sweeps/ranks.hpp>

namespace alignproof::test {

/// Where the ranks meet.
struct Room {
  explicit Room(std::size_t size) : said(size), barrier(static_cast<std::ptrdiff_t>(size)) {}

  std::vector<std::string> said;
  std::string told;
  std::barrier<> barrier;
  std::mutex mutex;
  std::deque<std::string> mail;
  std::atomic<int> ended = 0;  ///< how often a rank ended all
};

class ThreadRank : public Communicator {
 public:
  ThreadRank(Room& room, std::size_t rank) : room_(room), rank_(rank) {}

  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return room_.said.size(); }
  std::vector<std::string> gather(const std::string& bytes) override {
    room_.said[rank_] = bytes;
    room_.barrier.arrive_and_wait();
    const std::vector<std::string> all = rank_ == 0 ? room_.said : std::vector<std::string>{};
    room_.barrier.arrive_and_wait();
    return all;
  }
  std::string broadcast(const std::string& bytes) override {
    if (rank_ == 0) room_.told = bytes;
    room_.barrier.arrive_and_wait();
    const std::string same = room_.told;
    room_.barrier.arrive_and_wait();
    return same;
  }
  void send(const std::string& bytes) override {
    const std::lock_guard lock(room_.mutex);
    room_.mail.push_back(bytes);
  }
  std::optional<std::string> receive() override {
    if (room_.ended > 0) throw std::runtime_error("a rank ended all");
    const std::lock_guard lock(room_.mutex);
    if (room_.mail.empty()) return std::nullopt;
    const std::string bytes = room_.mail.front();
    room_.mail.pop_front();
    return bytes;
  }
  [[noreturn]] void end_all(const std::exception_ptr& failure) override {
    ++room_.ended;
    std::rethrow_exception(failure);
  }

 private:
  Room& room_;
  std::size_t rank_;
};

/// What each rank threw; nothing where it ended well.
inline std::vector<std::exception_ptr> on_ranks(Room& room,
                                                const std::function<void(Ranks&)>& work) {
  std::vector<std::exception_ptr> thrown(room.said.size());
  std::vector<std::jthread> threads;
  for (std::size_t rank = 0; rank < room.said.size(); ++rank)
    threads.emplace_back([&, rank] {
      ThreadRank communicator(room, rank);
      Ranks ranks(communicator);
      try {
        work(ranks);
      } catch (...) {
        thrown[rank] = std::current_exception();
      }
    });
  threads.clear();
  return thrown;
}

}  // namespace alignproof::test
