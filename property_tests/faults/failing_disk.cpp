// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program, it spoils the calls by which that changes files (writing, syncing,
// cutting, deleting, naming, renaming), counted from 1. ALIGNPROOF_FAULT says how:
//
//   kill K   SIGKILL before call K
//   torn K   SIGKILL in call K: if that writes, half of the bytes are written
//   full K   from call K on nothing can be written: no space is left on the device
//
// At its end the program leaves the number of calls in the file ALIGNPROOF_FAULT_COUNT.
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

std::atomic<long> calls{0};

struct Fault {
  enum { none, kill, torn, full } kind = none;
  long from = 0;
};

Fault fault() {
  const char* words = std::getenv("ALIGNPROOF_FAULT");
  Fault fault;
  if (!words || std::strlen(words) < 6) return fault;
  fault.kind = words[0] == 'k' ? Fault::kill : words[0] == 't' ? Fault::torn : Fault::full;
  fault.from = std::atol(words + 5);
  return fault;
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

[[noreturn]] void die() {
  raise(SIGKILL);
  _exit(127);
}

/// Counts a call; whether it must fail for want of space. `half` does a half of it.
template <class Half>
bool spoilt(bool writes, const Half& half) {
  const Fault planned = fault();
  const long call = ++calls;
  if (planned.kind == Fault::none || call < planned.from) return false;
  if (planned.kind == Fault::full) {
    if (writes) errno = ENOSPC;
    return writes;
  }
  if (call > planned.from) return false;
  if (planned.kind == Fault::torn) half();
  die();
}

bool spoilt(bool writes) {
  return spoilt(writes, [] {});
}

/// Standard streams are no files that a sweep keeps.
bool kept(int file) {
  return file > STDERR_FILENO;
}

__attribute__((destructor)) void leave_count() {
  const char* name = std::getenv("ALIGNPROOF_FAULT_COUNT");
  if (!name) return;
  const long count = calls;
  if (std::FILE* file = std::fopen(name, "w")) {
    std::fprintf(file, "%ld", count);
    std::fclose(file);
  }
}

}  // namespace

extern "C" {

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  static const auto next = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  if (kept(file) && spoilt(true, [&] { next(file, bytes, size / 2, at); })) return -1;
  return next(file, bytes, size, at);
}

ssize_t write(int file, const void* bytes, size_t size) {
  static const auto next = real<ssize_t(int, const void*, size_t)>("write");
  if (kept(file) && spoilt(true, [&] { next(file, bytes, size / 2); })) return -1;
  return next(file, bytes, size);
}

ssize_t writev(int file, const iovec* parts, int count) {
  static const auto next = real<ssize_t(int, const iovec*, int)>("writev");
  if (kept(file) && spoilt(true, [&] { next(file, parts, count / 2); })) return -1;
  return next(file, parts, count);
}

int fdatasync(int file) {
  static const auto next = real<int(int)>("fdatasync");
  spoilt(false);
  return next(file);
}

int fsync(int file) {
  static const auto next = real<int(int)>("fsync");
  spoilt(false);
  return next(file);
}

int ftruncate64(int file, off64_t size) noexcept {
  static const auto next = real<int(int, off64_t)>("ftruncate64");
  spoilt(false);
  return next(file, size);
}

int unlink(const char* name) noexcept {
  static const auto next = real<int(const char*)>("unlink");
  spoilt(false);
  return next(name);
}

int rename(const char* from, const char* to) noexcept {
  static const auto next = real<int(const char*, const char*)>("rename");
  spoilt(false);
  return next(from, to);
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  static const auto next = real<int(int, const char*, int, const char*, int)>("linkat");
  spoilt(false);
  return next(from_folder, from, to_folder, to, flags);
}

}  // extern "C"
