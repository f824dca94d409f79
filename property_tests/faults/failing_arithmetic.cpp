// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program, it puts the floating-point unit into another state.
// ALIGNPROOF_ARITHMETIC says which and when, "STATE WHEN":
//
//   STATE  ftz (results flushed to zero), daz (operands taken as zero), up, down, zero (rounding of
//          the vector unit), x87-up, x87-down, x87-zero (of the old unit alone), all-up (of both)
//   WHEN   start     before main, in its thread
//          thread    before main, in another thread only
//          hashing   at the first call that hashes, when everything is read
//          numbers   at the first number that the program hands to Arb
#include <cfenv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace {

/// Whether ALIGNPROOF_ARITHMETIC ends with this word.
bool planned(const char* when) {
  const char* words = std::getenv("ALIGNPROOF_ARITHMETIC");
  const char* space = words ? std::strchr(words, ' ') : nullptr;
  return space && std::strcmp(space + 1, when) == 0;
}

bool state_is(const char* name) {
  const char* words = std::getenv("ALIGNPROOF_ARITHMETIC");
  return std::strncmp(words, name, std::strlen(name)) == 0 && words[std::strlen(name)] == ' ';
}

void spoil() {
#if defined(__SSE2__)
  const unsigned before = _mm_getcsr();
  if (state_is("ftz")) _mm_setcsr(before | 0x8000);
  if (state_is("daz")) _mm_setcsr(before | 0x0040);
  if (state_is("down")) _mm_setcsr(before | 0x2000);
  if (state_is("up")) _mm_setcsr(before | 0x4000);
  if (state_is("zero")) _mm_setcsr(before | 0x6000);
  if (state_is("x87-up")) std::fesetround(FE_UPWARD), _mm_setcsr(before);
  if (state_is("x87-down")) std::fesetround(FE_DOWNWARD), _mm_setcsr(before);
  if (state_is("x87-zero")) std::fesetround(FE_TOWARDZERO), _mm_setcsr(before);
#endif
  if (state_is("all-up")) std::fesetround(FE_UPWARD);
}

void* spoil_thread(void*) {
  spoil();
  for (;;) pause();
}

__attribute__((constructor)) void start() {
  if (planned("start")) spoil();
  pthread_t thread;
  if (planned("thread") && pthread_create(&thread, nullptr, spoil_thread, nullptr) == 0)
    pthread_detach(thread);
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int EVP_Digest(const void* data, std::size_t count, unsigned char* digest, unsigned int* size,
               const void* type, void* engine) {
  static const auto next =
      real<int(const void*, std::size_t, unsigned char*, unsigned int*, const void*, void*)>(
          "EVP_Digest");
  if (planned("hashing")) spoil();
  return next(data, count, digest, size, type, engine);
}

void arb_set_d(void* ball, double value) {
  static const auto next = real<void(void*, double)>("arb_set_d");
  if (planned("numbers")) spoil();
  next(ball, value);
}

}  // extern "C"
