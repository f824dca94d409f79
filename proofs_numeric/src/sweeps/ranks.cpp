// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/ranks.hpp>

#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

namespace alignproof::inline sweeps {

namespace {

constexpr char in_trouble = '!', fine = '=';  ///< a line of agree begins with one of them

std::string words_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an unknown failure";
  }
}

template <class T>
void append(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
T at(const std::string& bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace

bool Ranks::agree(const std::exception_ptr& failure, const std::string& common) {
  const std::string mine = failure ? in_trouble + words_of(failure) : fine + common;
  const std::vector<std::string> said = communicator_.gather(mine);  // empty but at rank 0
  std::size_t first = 0;
  while (first < said.size() && said[first][0] == fine && said[first] == mine) ++first;
  const bool all_agree =
      communicator_.broadcast(first == said.size() ? "go on" : "stop") == "go on";
  if (rank() != 0 || all_agree) return all_agree;
  if (failure) std::rethrow_exception(failure);
  throw InputError(fmt::format("rank {}", first), fmt::format("'{}'", said[first].substr(1)),
                   fmt::format("what rank 0 has ({})", common));
}

std::vector<std::size_t> Ranks::share(const std::vector<std::size_t>& numbers) {
  std::string bytes;
  for (const std::size_t number : numbers) append(bytes, number);
  bytes = communicator_.broadcast(bytes);
  std::vector<std::size_t> shared;
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::size_t))
    shared.push_back(at<std::size_t>(bytes, i));
  return shared;
}

void Ranks::send(const RankResult& result) {
  std::string message;
  append(message, result.place), append(message, result.seconds);
  message += to_line(result.result);
  const std::lock_guard lock(sending_);
  communicator_.send(message);
}

std::optional<RankResult> Ranks::receive() {
  const std::optional<std::string> message = communicator_.receive();
  if (!message) return std::nullopt;
  constexpr std::size_t seconds_at = sizeof(RankResult::place),
                        line_at = seconds_at + sizeof(RankResult::seconds);
  return RankResult{at<std::size_t>(*message, 0), at<double>(*message, seconds_at),
                    result_from_line(message->substr(line_at))};
}

void Ranks::end_all(const std::exception_ptr& failure) {
  communicator_.end_all(failure);
  std::abort();  // no compiler can see that a virtual function does not return
}

}  // namespace alignproof::inline sweeps
