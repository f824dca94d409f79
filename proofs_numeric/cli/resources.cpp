// SPDX-License-Identifier: Apache-2.0
#include "resources.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <gmp.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/limits.hpp>
#include <alignproof/core/program_name.hpp>
#include <alignproof/dynamics/fused.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "output.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

namespace {

constexpr int bad_usage = 2;
/// A product of matrices takes two blocks of up to 128 kB from the stack.
constexpr rlim_t least_stack = 512 << 10;
constexpr long long most_jobs = 4096;

/// Says why and ends, whatever other threads do: one line, though several may come here at once.
/// Nothing but what a handler of signals may call.
[[noreturn]] void end_with(const char* line) {
  static std::atomic_flag said;
  if (said.test_and_set())
    for (;;) pause();
  MissingFolders::remove_empty();
  if (write(STDERR_FILENO, line, std::strlen(line)) < 0) _exit(bad_usage);
  _exit(bad_usage);
}

[[noreturn]] void no_memory() {
  end_with(
      "alignproof: the digits of the numbers do not fit in memory: choose fewer steps or digits, "
      "or smaller n, "
      "d or width\n");
}

// GMP is written in C: no exception may pass through it.
void* allocate(std::size_t size) {
  void* const at = std::malloc(size);
  if (!at) no_memory();
  return at;
}
void* reallocate(void* old, std::size_t, std::size_t size) {
  void* const at = std::realloc(old, size);
  if (!at) no_memory();
  return at;
}
void release(void* at, std::size_t) {
  std::free(at);
}

extern "C" void out_of_time(int) {
  end_with("alignproof: the time of its processors is used up (ulimit -t)\n");
}

/// The system's own signal comes too late where the limit is a hard one, as ulimit -t sets it: it
/// is the one that kills.
void be_told_before_the_time_is_over() {
  rlimit limit{};
  if (getrlimit(RLIMIT_CPU, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  std::signal(SIGXCPU, out_of_time);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL, event.sigev_signo = SIGXCPU;
  timer_t timer;
  if (timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) != 0) return;
  constexpr long tenth = 100000000;  // of a second, in nanoseconds
  itimerspec when{};
  when.it_value.tv_sec = limit.rlim_cur > 0 ? static_cast<time_t>(limit.rlim_cur - 1) : 0;
  when.it_value.tv_nsec = 9 * tenth;
  timer_settime(timer, TIMER_ABSTIME, &when, nullptr);
}

}  // namespace

void meet_limits() {
  mp_set_memory_functions(allocate, reallocate, release);
  std::signal(SIGXFSZ, SIG_IGN);  // writing fails instead, and says so
  be_told_before_the_time_is_over();
}

void require_stack() {
  rlimit limit{};
  if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < least_stack)
    throw InputError("stack (ulimit -s)", fmt::format("{}", limit.rlim_cur / 1024),
                     fmt::format("{} or more", least_stack / 1024));
}

bool lacks_threads(const std::exception& error) {
  const auto* system = dynamic_cast<const std::system_error*>(&error);
  return system && system->code() == std::errc::resource_unavailable_try_again;
}

CLI::Option* add_jobs(CLI::App& command, std::optional<long long>& jobs) {
  return command
      .add_option(
          "--jobs", jobs,
          "threads, no more than processors (the default); the result does not depend on it")
      ->check(whole_number());
}

std::size_t threads_for(const std::optional<long long>& jobs, std::size_t processes) {
  if (jobs && (*jobs < 1 || *jobs > most_jobs))
    throw InputError("jobs", fmt::format("{}", *jobs), fmt::format("1 to {}", most_jobs));
  const std::size_t allowed = allowed_processors();
  if (jobs) {
    const auto asked = static_cast<std::size_t>(*jobs);
    static bool said = false;
    if (asked > allowed && !std::exchange(said, true))
      to_stderr("{}: as many threads as processors, {}, for --jobs {}\n", program_name(), allowed,
                asked);
    return std::min(allowed, asked);
  }
  const std::size_t machine = std::max(1u, std::thread::hardware_concurrency());
  return std::max<std::size_t>(1, std::min(allowed, machine / processes));
}

CLI::Option* add_instructions(CLI::App& command) {
  return command
      .add_option_function<std::string>(
          "--instructions",
          [](const std::string& name) { choose_instructions(instructions_from(name)); },
          "portable, avx2 or avx512 (default: the fastest here); stores merge where they agree")
      ->check(given("portable, avx2 or avx512"));
}

void announce_length(double seconds) {
  constexpr double day = 86400, year = 365.25 * day;
  if (!(seconds >= day)) return;
  to_stderr("alignproof: this run will take about {}\n",
            seconds < 2 * year ? fmt::format("{:.0f} days", seconds / day)
                               : fmt::format("{:.2g} years", seconds / year));
}

}  // namespace alignproof::cli
