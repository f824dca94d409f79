// SPDX-License-Identifier: Apache-2.0
// The pass itself, compiled with AVX-512, with AVX2 and FMA, and without, each in a namespace
// ALIGNPROOF_ISA. Calls nothing: a function of another header, compiled here for a newer processor,
// might be the copy that the linker keeps for all.
#include "dynamics/fused_pass.hpp"

#include <cstdint>
#if defined(__FMA__)
#include <immintrin.h>
#endif

namespace alignproof::inline dynamics::ALIGNPROOF_ISA {

namespace {

#if defined(__AVX512F__)
constexpr std::size_t vector_bytes = 64;
#else
constexpr std::size_t vector_bytes = 32;
#endif

typedef double Doubles __attribute__((vector_size(vector_bytes), aligned(vector_bytes)));
typedef float Floats __attribute__((vector_size(vector_bytes), aligned(vector_bytes)));
typedef std::int64_t Longs __attribute__((vector_size(vector_bytes)));
typedef std::int32_t Ints __attribute__((vector_size(vector_bytes)));

#if defined(__AVX512F__)
inline Doubles fused(Doubles a, Doubles b, Doubles c) {
  return _mm512_fmadd_pd(a, b, c);
}
inline Floats fused(Floats a, Floats b, Floats c) {
  return _mm512_fmadd_ps(a, b, c);
}
#elif defined(__FMA__)
inline Doubles fused(Doubles a, Doubles b, Doubles c) {
  return _mm256_fmadd_pd(a, b, c);
}
inline Floats fused(Floats a, Floats b, Floats c) {
  return _mm256_fmadd_ps(a, b, c);
}
#else
inline Doubles fused(Doubles a, Doubles b, Doubles c) {
  return a * b + c;
}
inline Floats fused(Floats a, Floats b, Floats c) {
  return a * b + c;
}
#endif

/// The same number in every place.
inline Doubles all(double a) {
  return a - Doubles{};
}
inline Floats all(float a) {
  return a - Floats{};
}

template <class Real>
struct Simd;

template <>
struct Simd<double> {
  using Vector = Doubles;
  using Bits = Longs;
  static constexpr std::int64_t sign = INT64_MIN, bias = 1023;
  static constexpr int mantissa = 52;
  /// e^-x is 0 to all purposes beyond: it stays a normal number.
  static constexpr double least_exponent = 700;
  static constexpr double shifter = 0x1.8p52, saturated = 20, per_log2 = 0x1.71547652b82fep+0,
                          log2_high = 0x1.62e42feep-1, log2_low = 0x1.a39ef35793c76p-33;
  /// (e^r - 1 - r) / r^2 by its Taylor polynomial of degree 11 (network/vector_tanh.cpp), in pairs:
  /// half as long a chain of dependent operations.
  static inline Vector tail(Vector r) {
    const Vector r2 = r * r, r4 = r2 * r2;
    const Vector q01 = fused(all(1.0 / 6), r, all(0.5)),
                 q23 = fused(all(1.0 / 120), r, all(1.0 / 24)),
                 q45 = fused(all(1.0 / 5040), r, all(1.0 / 720)),
                 q67 = fused(all(1.0 / 362880), r, all(1.0 / 40320)),
                 q89 = fused(all(1.0 / 39916800), r, all(1.0 / 3628800)),
                 q1011 = fused(all(1.0 / 6227020800), r, all(1.0 / 479001600));
    const Vector low = fused(q23, r2, q01), middle = fused(q67, r2, q45),
                 high = fused(q1011, r2, q89);
    return fused(fused(high, r4, middle), r4, low);
  }
};

template <>
struct Simd<float> {
  using Vector = Floats;
  using Bits = Ints;
  static constexpr std::int32_t sign = INT32_MIN, bias = 127;
  static constexpr int mantissa = 23;
  static constexpr float least_exponent = 86;
  static constexpr float shifter = 0x1.8p23f, saturated = 9.1f, per_log2 = 0x1.715476p+0f,
                         log2_high = 0x1.62e4p-1f, log2_low = 0x1.7f7d1cp-20f;
  /// The same of degree 5.
  static inline Vector tail(Vector r) {
    const Vector r2 = r * r;
    const Vector q01 = fused(all(1.0f / 6), r, all(0.5f)),
                 q23 = fused(all(1.0f / 120), r, all(1.0f / 24)),
                 q45 = fused(all(1.0f / 5040), r, all(1.0f / 720));
    return fused(fused(q45, r2, q23), r2, q01);
  }
};

template <class Real>
using Vector = typename Simd<Real>::Vector;

/// e^x - 1 = 2^k q + (2^k - 1) by the polynomial of network/vector_tanh.cpp, with fused operations
/// where the processor has them.
template <class Real>
struct Exponential {
  Vector<Real> power, q;
};

template <class Real>
inline Exponential<Real> exponential(Vector<Real> x) {
  using S = Simd<Real>;
  using Bits = typename S::Bits;
  const Vector<Real> shifted = fused(x, all(S::per_log2), all(S::shifter));
  const Vector<Real> k = shifted - S::shifter;
  const Vector<Real> r = fused(k, all(-S::log2_low), fused(k, all(-S::log2_high), x));
  return {(Vector<Real>)(((Bits)shifted + S::bias) << S::mantissa), fused(r * r, S::tail(r), r)};
}

template <class Real>
inline Vector<Real> size_of(Vector<Real> x, Real most) {
  using S = Simd<Real>;
  const Vector<Real> size = (Vector<Real>)((typename S::Bits)x & ~S::sign);
  return size > most ? all(most) : size;
}

template <class Real>
inline Vector<Real> tanh_of(Vector<Real> x) {
  using S = Simd<Real>;
  using Bits = typename S::Bits;
  const Vector<Real> size = size_of<Real>(x, S::saturated);
  const auto [power, q] = exponential<Real>(size + size);
  const Vector<Real> t = fused(power, q, power - 1);
  return (Vector<Real>)((Bits)(t / (t + 2)) | ((Bits)x & S::sign));
}

/// 1 / (1 + E) or E / (1 + E), E = e^-|x|.
template <class Real>
inline Vector<Real> sigmoid_of(Vector<Real> x) {
  const auto [power, q] = exponential<Real>(-size_of<Real>(x, Simd<Real>::least_exponent));
  const Vector<Real> E = fused(power, q, power);
  return (x < 0 ? E : all(Real(1))) / (E + 1);
}

template <FusedPsi psi, class Real>
inline Vector<Real> value(Vector<Real> a) {
  if constexpr (psi == FusedPsi::tanh) {
    return tanh_of<Real>(a);
  } else if constexpr (psi == FusedPsi::sigmoid) {
    return sigmoid_of<Real>(a);
  } else if constexpr (psi == FusedPsi::relu) {
    return a > 0 ? a : (a == a ? all(Real(0)) : a);
  } else {
    static_assert(psi == FusedPsi::identity);
    return a;
  }
}

/// psi' by the value of psi.
template <FusedPsi psi, class Real>
inline Vector<Real> slope(Vector<Real> s) {
  const Vector<Real> one = all(Real(1));
  if constexpr (psi == FusedPsi::tanh) {
    return fused(-s, s, one);
  } else if constexpr (psi == FusedPsi::sigmoid) {
    return fused(-s, s, s);
  } else if constexpr (psi == FusedPsi::relu) {
    return s > 0 ? one : all(Real(0));
  } else {
    static_assert(psi == FusedPsi::identity);
    return one;
  }
}

/// `here` columns of A, three vectors each, get sum_i N_i K_ij. A function of its own: its twelve
/// sums then stand in registers, which else go to constants of psi.
template <class Real>
__attribute__((noinline)) void transport(const Vector<Real>* N, const Real* K, std::size_t n,
                                         std::size_t here, Vector<Real>* A) {
  using V = Vector<Real>;
  constexpr std::size_t columns = columns_of_group, wide = 3;
  V a[columns][wide];
  for (std::size_t c = 0; c < columns; ++c)
    for (std::size_t v = 0; v < wide; ++v) a[c][v] = c < here ? A[wide * c + v] : all(Real(0));
  for (std::size_t i = 0; i < n; ++i, K += columns) {
    const V n0 = N[3 * i], n1 = N[3 * i + 1], n2 = N[3 * i + 2];
    for (std::size_t c = 0; c < columns; ++c) {
      const V k = all(K[c]);
      a[c][0] = fused(n0, k, a[c][0]);
      a[c][1] = fused(n1, k, a[c][1]);
      a[c][2] = fused(n2, k, a[c][2]);
    }
  }
  for (std::size_t c = 0; c < here; ++c)
    for (std::size_t v = 0; v < wide; ++v) A[wide * c + v] = a[c][v];
}

template <FusedPsi psi, bool dropping, class Real>
void run_tiles(const FusedPass<Real>& pass, std::size_t first, std::size_t last, Real* f) {
  using V = Vector<Real>;
  constexpr std::size_t lanes = vector_bytes / sizeof(Real), wide = 3, columns = columns_of_group;
  const std::size_t n = pass.n;
  V* const N = reinterpret_cast<V*>(pass.scratch);  // n x 3
  V* const sum = N + wide * n;                      // n
  V* const undropped = sum + n;                     // n
  for (std::size_t i = 0; i < 2 * n; ++i) sum[i] = all(Real(0));
  for (std::size_t tile = first; tile < last; ++tile) {
    V* const A = reinterpret_cast<V*>(pass.A) + tile * wide * n;
    V* const Psi = reinterpret_cast<V*>(pass.Psi) + tile * wide * n;
    V* const beta = reinterpret_cast<V*>(pass.beta) + tile * wide;
    const V* const back = reinterpret_cast<const V*>(pass.back) + tile * wide;
    const V* const mask = dropping ? reinterpret_cast<const V*>(pass.mask) + tile * wide * n : A;
    const V* const next =
        dropping ? reinterpret_cast<const V*>(pass.next_mask) + tile * wide * n : A;
    const V back0 = back[0], back1 = back[1], back2 = back[2];
    V d0 = all(Real(0)), d1 = d0, d2 = d0;
    for (std::size_t i = 0; i < n; ++i) {
      const V e = all(pass.e[i]);
      const V s0 = Psi[3 * i], s1 = Psi[3 * i + 1], s2 = Psi[3 * i + 2];
      V e0 = e, e1 = e, e2 = e;
      if constexpr (dropping) e0 *= mask[3 * i], e1 *= mask[3 * i + 1], e2 *= mask[3 * i + 2];
      d0 = fused(s0, e0, d0), d1 = fused(s1, e1, d1), d2 = fused(s2, e2, d2);
      N[3 * i] = -(back0 * e0) * slope<psi, Real>(s0);
      N[3 * i + 1] = -(back1 * e1) * slope<psi, Real>(s1);
      N[3 * i + 2] = -(back2 * e2) * slope<psi, Real>(s2);
    }
    const V kept = all(pass.kept);
    const V* const live = reinterpret_cast<const V*>(pass.live) + tile * wide;
    const V beta0 = live[0] * fused(kept, beta[0], -d0),
            beta1 = live[1] * fused(kept, beta[1], -d1),
            beta2 = live[2] * fused(kept, beta[2], -d2);
    beta[0] = beta0, beta[1] = beta1, beta[2] = beta2;
    for (std::size_t j = 0; j < n; j += columns) {
      const std::size_t here = n - j < columns ? n - j : columns;
      if (pass.hidden_learns) transport<Real>(N, pass.K + j * n, n, here, A + wide * j);
      for (std::size_t c = j; c < j + here; ++c) {
        const V s0 = value<psi, Real>(A[3 * c]), s1 = value<psi, Real>(A[3 * c + 1]),
                s2 = value<psi, Real>(A[3 * c + 2]);
        Psi[3 * c] = s0, Psi[3 * c + 1] = s1, Psi[3 * c + 2] = s2;
        if constexpr (dropping) {
          undropped[c] = fused(s0, beta0, fused(s1, beta1, fused(s2, beta2, undropped[c])));
          sum[c] =
              fused(s0 * next[3 * c], beta0,
                    fused(s1 * next[3 * c + 1], beta1, fused(s2 * next[3 * c + 2], beta2, sum[c])));
        } else {
          sum[c] = fused(s0, beta0, fused(s1, beta1, fused(s2, beta2, sum[c])));
        }
      }
    }
  }
  for (std::size_t i = 0; i < (dropping ? 2 * n : n); ++i) {
    f[i] = 0;
    for (std::size_t l = 0; l < lanes; ++l) f[i] += sum[i][l];
  }
}

template <FusedPsi psi, class Real>
void choose_dropping(const FusedPass<Real>& pass, std::size_t first, std::size_t last, Real* f) {
  if (pass.mask) return run_tiles<psi, true>(pass, first, last, f);
  run_tiles<psi, false>(pass, first, last, f);
}

template <class Real>
void choose_tiles(const FusedPass<Real>& pass, std::size_t first, std::size_t last, Real* f) {
  switch (pass.psi) {
    case FusedPsi::identity:
      return choose_dropping<FusedPsi::identity>(pass, first, last, f);
    case FusedPsi::relu:
      return choose_dropping<FusedPsi::relu>(pass, first, last, f);
    case FusedPsi::tanh:
      return choose_dropping<FusedPsi::tanh>(pass, first, last, f);
    case FusedPsi::sigmoid:
      return choose_dropping<FusedPsi::sigmoid>(pass, first, last, f);
  }
}

template <FusedPsi psi, class Real>
void run_values(const Real* a, Real* values, std::size_t size) {
  constexpr std::size_t lanes = vector_bytes / sizeof(Real);
  for (std::size_t i = 0; i < size; i += lanes) {
    const std::size_t here = size - i < lanes ? size - i : lanes;
    Vector<Real> v = all(Real(0));
    if (here == lanes) {
      __builtin_memcpy(&v, a + i, sizeof v);
      v = value<psi, Real>(v);
      __builtin_memcpy(values + i, &v, sizeof v);
      continue;
    }
    for (std::size_t l = 0; l < here; ++l) v[l] = a[i + l];
    v = value<psi, Real>(v);
    for (std::size_t l = 0; l < here; ++l) values[i + l] = v[l];
  }
}

template <class Real>
void choose_values(FusedPsi psi, const Real* a, Real* values, std::size_t size) {
  switch (psi) {
    case FusedPsi::identity:
      return run_values<FusedPsi::identity>(a, values, size);
    case FusedPsi::relu:
      return run_values<FusedPsi::relu>(a, values, size);
    case FusedPsi::tanh:
      return run_values<FusedPsi::tanh>(a, values, size);
    case FusedPsi::sigmoid:
      return run_values<FusedPsi::sigmoid>(a, values, size);
  }
}

}  // namespace

const FusedKernel<double> of_double{vector_bytes, choose_tiles<double>, choose_values<double>};
const FusedKernel<float> of_float{vector_bytes, choose_tiles<float>, choose_values<float>};

}  // namespace alignproof::inline dynamics::ALIGNPROOF_ISA
