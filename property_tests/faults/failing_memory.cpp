// SPDX-License-Identifier: Apache-2.0
// Preloaded into alignproof-check, it lets memory end: from allocation ALIGNPROOF_MEMORY on,
// counted from 1 after the program has begun (its call of flint_set_abort), none succeeds. At its
// end the program leaves the number of allocations in the file ALIGNPROOF_MEMORY_COUNT.
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
}

namespace {

std::atomic<bool> begun{false};
std::atomic<long> calls{0};

long last() {
  const char* text = std::getenv("ALIGNPROOF_MEMORY");
  return text ? std::atol(text) : 0;
}

bool ended() {
  if (!begun) return false;
  static const long from = last();
  if (++calls < from || from == 0) return false;
  errno = ENOMEM;
  return true;
}

__attribute__((destructor)) void leave_count() {
  const char* name = std::getenv("ALIGNPROOF_MEMORY_COUNT");
  begun = false;
  if (!name) return;
  if (std::FILE* file = std::fopen(name, "w")) {
    std::fprintf(file, "%ld", calls.load());
    std::fclose(file);
  }
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
  return ended() ? nullptr : __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  return ended() ? nullptr : __libc_calloc(count, size);
}

void* realloc(void* memory, std::size_t size) {
  return ended() ? nullptr : __libc_realloc(memory, size);
}

void flint_set_abort(void (*stop)()) {
  reinterpret_cast<void (*)(void (*)())>(dlsym(RTLD_NEXT, "flint_set_abort"))(stop);
  begun = true;
}

}  // extern "C"
