// SPDX-License-Identifier: Apache-2.0
// Products of matrices of balls by integers of 64 bits. Names and inequalities are those of
// reports/docs/rounding.md, "What the checker rounds".
#include <alignproof/core/no_fast_math.hpp>

#include "fixed_product.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "threads.hpp"

namespace alignproof::check {

namespace {

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UnsignedWide;

/// Exponents beyond are left to Arb: sums of two of them are far from the end of a long.
constexpr slong most_exponent = slong{1} << 40;
/// Products of integers that take as long as one of balls.
constexpr std::size_t products_a_ball = 32;
/// Rows of a product that are done together, and the stretch of the vectors that is.
constexpr std::size_t group_rows = 4, stretch = 2048;
/// Of a number that is 0.
constexpr slong no_exponent = -2 * most_exponent;

/// e with |x| < 2^e for midpoint and radius, or nothing where that is not a plain number.
std::optional<slong> exponent_of(arb_srcptr x) {
  const auto plain = [](slong e) { return -most_exponent < e && e < most_exponent; };
  slong e = no_exponent;
  if (arf_is_special(arb_midref(x))) {
    if (!arf_is_zero(arb_midref(x))) return {};
  } else {
    e = ARF_EXP(arb_midref(x));  // a large one is a pointer, which is not plain either
    if (!plain(e)) return {};
  }
  if (mag_is_special(arb_radref(x)))
    return mag_is_zero(arb_radref(x)) ? std::optional(e) : std::nullopt;
  const slong of_radius = MAG_EXP(arb_radref(x));
  if (!plain(of_radius)) return {};
  return std::max(e, of_radius);
}

/// A ball in units: everything in it lies within r of x.
struct Entry {
  std::int64_t x = 0;
  std::uint64_t r = 0;
};

/// The ball in units of 2^unit, when it lies below 2^(unit + bits), bits <= 62: the midpoint is cut
/// towards 0, which adds one unit to r unless it is exact, and r is rounded up.
Entry in_units(arb_srcptr ball, slong unit) {
  Entry entry;
  const arf_struct* mid = arb_midref(ball);
  if (!arf_is_zero(mid)) {
    mp_srcptr limbs = nullptr;
    mp_size_t count = 0;
    ARF_GET_MPN_READONLY(limbs, count, mid);
    const mp_limb_t top = limbs[count - 1];  // its first bit is 1: |mid| = 2^exp 0.top...
    const slong bits = ARF_EXP(mid) - unit;
    const mp_limb_t cut = bits > 0 ? top >> (FLINT_BITS - bits) : 0;
    const bool exact = count == 1 && bits > 0 && cut << (FLINT_BITS - bits) == top;
    entry.x = ARF_SGNBIT(mid) ? -static_cast<std::int64_t>(cut) : static_cast<std::int64_t>(cut);
    if (!exact) entry.r = 1;
  }
  const mag_struct* rad = arb_radref(ball);
  if (!mag_is_zero(rad)) {
    const slong bits = MAG_EXP(rad) - unit;
    const std::uint64_t man = MAG_MAN(rad);  // < 2^MAG_BITS
    if (bits >= MAG_BITS)
      entry.r += man << (bits - MAG_BITS);
    else
      entry.r += bits > 0 ? (man >> (MAG_BITS - bits)) + 1 : 1;
  }
  return entry;
}

}  // namespace

/// Vectors of one length, each with its own unit.
struct FixedVectors {
  std::size_t count, length;
  long bits;                          ///< |x|, r <= 2^bits
  std::unique_ptr<std::int64_t[]> x;  ///< vector by vector
  std::vector<slong> unit;            ///< entries are x 2^unit
  std::vector<std::uint64_t> max_x, max_r;
  std::vector<UnsignedWide> sum_r;  ///< sum of r
  std::vector<UnsignedWide> sum_u;  ///< sum of |x| + r

  FixedVectors(std::size_t vectors, std::size_t size, long entry_bits)
      : count(vectors),
        length(size),
        bits(entry_bits),
        x(std::make_unique_for_overwrite<std::int64_t[]>(vectors * size)),
        unit(vectors),
        max_x(vectors),
        max_r(vectors),
        sum_r(vectors),
        sum_u(vectors) {}

  const std::int64_t* at(std::size_t i) const { return x.get() + i * length; }
};

namespace {

using Vectors = FixedVectors;

/// What is summed of a vector, or of a part of one.
struct Totals {
  std::uint64_t max_x = 0, max_r = 0;
  UnsignedWide sum_r = 0, sum_u = 0;

  void take(const Entry& entry) {
    const auto size = static_cast<std::uint64_t>(entry.x < 0 ? -entry.x : entry.x);
    max_x = std::max(max_x, size), max_r = std::max(max_r, entry.r);
    sum_r += entry.r, sum_u += UnsignedWide{size} + entry.r;
  }
  void take(const Totals& other) {
    max_x = std::max(max_x, other.max_x), max_r = std::max(max_r, other.max_r);
    sum_r += other.sum_r, sum_u += other.sum_u;
  }
};

void keep(Vectors& v, std::size_t i, const Totals& totals) {
  v.max_x[i] = totals.max_x, v.max_r[i] = totals.max_r;
  v.sum_r[i] = totals.sum_r, v.sum_u[i] = totals.sum_u;
}

/// Bits of the entries of vectors of this length: length 4^bits <= 2^124.
long bits_for(std::size_t length) {
  return std::min<long>(62, (124 - std::bit_width(length)) / 2);
}

std::optional<Vectors> rows_of(const BallMatrix& A) {
  const long bits = bits_for(A.cols());
  Vectors v(A.rows(), A.cols(), bits);
  std::atomic<bool> plain = true;
  for_row_blocks(v.count, v.length, [&](const RowBlock& block) {
    for (std::size_t i = block.first; i < block.last; ++i) {
      slong largest = no_exponent;
      for (std::size_t k = 0; k < v.length; ++k) {
        const auto e = exponent_of(A.entry(i, k));
        if (!e) return static_cast<void>(plain = false);
        largest = std::max(largest, *e);
      }
      v.unit[i] = largest - bits;
      Totals totals;
      for (std::size_t k = 0; k < v.length; ++k) {
        const Entry entry = in_units(A.entry(i, k), v.unit[i]);
        v.x[i * v.length + k] = entry.x;
        totals.take(entry);
      }
      keep(v, i, totals);
    }
  });
  if (!plain) return {};
  return v;
}

std::optional<Vectors> columns_of(const BallMatrix& A, long bits) {
  Vectors v(A.cols(), A.rows(), bits);
  const std::size_t blocks = count_row_blocks(v.length, v.count);
  std::vector<slong> largest(blocks * v.count, no_exponent);
  std::atomic<bool> plain = true;
  for_row_blocks(v.length, v.count, [&](const RowBlock& block) {
    for (std::size_t k = block.first; k < block.last; ++k)
      for (std::size_t i = 0; i < v.count; ++i) {
        const auto e = exponent_of(A.entry(k, i));
        if (!e) return static_cast<void>(plain = false);
        slong& here = largest[block.index * v.count + i];
        here = std::max(here, *e);
      }
  });
  if (!plain) return {};
  for (std::size_t i = 0; i < v.count; ++i) {
    v.unit[i] = no_exponent - bits;
    for (std::size_t b = 0; b < blocks; ++b)
      v.unit[i] = std::max(v.unit[i], largest[b * v.count + i] - bits);
  }
  std::vector<Totals> totals(blocks * v.count);
  for_row_blocks(v.length, v.count, [&](const RowBlock& block) {
    for (std::size_t k = block.first; k < block.last; ++k)
      for (std::size_t i = 0; i < v.count; ++i) {
        const Entry entry = in_units(A.entry(k, i), v.unit[i]);
        v.x[i * v.length + k] = entry.x;
        totals[block.index * v.count + i].take(entry);
      }
  });
  for (std::size_t i = 0; i < v.count; ++i) {
    Totals all;
    for (std::size_t b = 0; b < blocks; ++b) all.take(totals[b * v.count + i]);
    keep(v, i, all);
  }
  return v;
}

/// Exact: |x_k|, |y_k| <= 2^bits with length 4^bits <= 2^124.
Wide sum_of_products(const std::int64_t* x, const std::int64_t* y, std::size_t length) {
  Wide even = 0, odd = 0;
  std::size_t k = 0;
  for (; k + 1 < length; k += 2) {
    even += Wide{x[k]} * y[k];
    odd += Wide{x[k + 1]} * y[k + 1];
  }
  return even + odd + (k < length ? Wide{x[k]} * y[k] : 0);
}

int bit_width(UnsignedWide value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  return high != 0 ? 64 + std::bit_width(high) : std::bit_width(static_cast<std::uint64_t>(value));
}

/// The ball of everything within `error` of `sum`, in units of 2^unit, rounded to `bits`.
void set_ball(arb_ptr ball, Wide sum, UnsignedWide error, slong unit, long bits) {
  const UnsignedWide size =
      sum < 0 ? -static_cast<UnsignedWide>(sum) : static_cast<UnsignedWide>(sum);
  const int dropped = std::max(0, bit_width(size) - 62);
  if (dropped > 0) error += UnsignedWide{1} << dropped;
  const auto kept = static_cast<slong>(size >> dropped);
  arf_set_si_2exp_si(arb_midref(ball), sum < 0 ? -kept : kept, unit + dropped);
  const int spare = std::max(0, bit_width(error) - 60);
  const auto radius = static_cast<ulong>(error >> spare) + (spare > 0 ? 1 : 0);
  mag_set_ui_2exp_si(arb_radref(ball), radius, unit + spare);
  if (bits < 62) arb_set_round(ball, ball, bits);
}

/// |<a, b> - <x, y>| for a within r of x and b within s of y, in units of both:
/// sum |x_k b_k - x_k y_k| + |a_k - x_k| |y_k| ..., each factor bounded by its largest or its sum.
UnsignedWide error_of(const Vectors& X, std::size_t i, const Vectors& Y, std::size_t j) {
  return X.sum_r[i] * Y.max_x[j] + X.sum_u[i] * Y.max_r[j];
}

void set_entry(BallMatrix& C, const Vectors& X, std::size_t i, const Vectors& Y, std::size_t j,
               Wide sum) {
  set_ball(C.entry(i, j), sum, error_of(X, i, Y, j), X.unit[i] + Y.unit[j], precision());
}

/// C_ij = <X_i, Y_j>; where C is symmetric, one half of it is computed.
void set_inner_products(BallMatrix& C, const Vectors& X, const Vectors& Y, bool symmetric) {
  const std::size_t rows = C.rows(), cols = C.cols(), groups = (rows + group_rows - 1) / group_rows;
  for_row_blocks(
      groups, group_rows * cols * X.length / products_a_ball, [&](const RowBlock& block) {
        const std::size_t first = block.first * group_rows,
                          last = std::min(rows, block.last * group_rows);
        // Stretches of the vectors that stay in the processor's cache; sums of integers
        // are exact.
        std::vector<Wide> sums((last - first) * cols);
        for (std::size_t from = 0; from < X.length; from += stretch) {
          const std::size_t size = std::min(stretch, X.length - from);
          for (std::size_t i = first; i < last; ++i)
            for (std::size_t j = symmetric ? i : 0; j < cols; ++j)
              sums[(i - first) * cols + j] += sum_of_products(X.at(i) + from, Y.at(j) + from, size);
        }
        for (std::size_t i = first; i < last; ++i)
          for (std::size_t j = symmetric ? i : 0; j < cols; ++j)
            set_entry(C, X, i, Y, j, sums[(i - first) * cols + j]);
      });
  for (std::size_t i = 0; symmetric && i < rows; ++i)
    for (std::size_t j = 0; j < i; ++j) arb_set(C.entry(i, j), C.entry(j, i));
}

/// The vectors w o X_i in units of 2^bits times both, (R.2).
Vectors weighted(const Vectors& X, const Vectors& w) {
  Vectors T(X.count, X.length, X.bits);
  for_row_blocks(T.count, T.length, [&](const RowBlock& block) {
    for (std::size_t i = block.first; i < block.last; ++i) {
      T.unit[i] = X.unit[i] + w.unit[0] + T.bits;
      const UnsignedWide lost = UnsignedWide{X.max_r[i]} * w.max_x[0] +
                                (UnsignedWide{X.max_x[i]} + X.max_r[i]) * w.max_r[0];
      const std::uint64_t r = static_cast<std::uint64_t>(lost >> T.bits) + 2;
      const std::int64_t *x = X.at(i), *weight = w.at(0);
      Totals totals;
      for (std::size_t k = 0; k < T.length; ++k) {
        const Entry entry{static_cast<std::int64_t>((Wide{x[k]} * weight[k]) >> T.bits), r};
        T.x[i * T.length + k] = entry.x;
        totals.take(entry);
      }
      keep(T, i, totals);
    }
  });
  return T;
}

/// B with its rows in units of the columns of A: A B = X B' for the integers X of A.
BallMatrix in_units_of_columns(const BallMatrix& B, const Vectors& A) {
  BallMatrix scaled(B.rows(), B.cols());
  for (std::size_t i = 0; i < B.rows(); ++i)
    if (A.max_x[i] != 0 || A.max_r[i] != 0)  // else nothing of A multiplies the row
      for (std::size_t j = 0; j < B.cols(); ++j)
        arb_mul_2exp_si(scaled.entry(i, j), B.entry(i, j), A.unit[i]);
  return scaled;
}

/// (R.3): what any row of A loses with column j of B, from the largest of the columns of A.
UnsignedWide error_of_rows(const Vectors& A, const Vectors& B, std::size_t j) {
  UnsignedWide error = 0;
  for (std::size_t i = 0; i < B.length; ++i) {
    const std::int64_t y = B.at(j)[i];
    error += UnsignedWide{A.max_r[i]} * static_cast<std::uint64_t>(y < 0 ? -y : y) +
             (UnsignedWide{A.max_x[i]} + A.max_r[i]) * B.max_r[j];
  }
  return error;
}

}  // namespace

std::shared_ptr<const FixedVectors> fixed_columns(const BallMatrix& A) {
  auto columns = columns_of(A, bits_for(std::max(A.rows(), A.cols())));
  return columns ? std::make_shared<const FixedVectors>(std::move(*columns)) : nullptr;
}

bool fixed_product(BallMatrix& C, const BallMatrix& A, const BallMatrix& B) {
  const auto X = rows_of(A), Y = columns_of(B, bits_for(B.rows()));
  if (!X || !Y) return false;
  for_row_blocks(C.rows(), C.cols() * (8 + X->length / products_a_ball),
                 [&](const RowBlock& block) {
                   for (std::size_t i = block.first; i < block.last; ++i)
                     for (std::size_t j = 0; j < C.cols(); ++j)
                       set_entry(C, *X, i, *Y, j, sum_of_products(X->at(i), Y->at(j), X->length));
                 });
  return true;
}

bool fixed_product(BallMatrix& C, const FixedVectors& A, const BallMatrix& B) {
  const auto Y = columns_of(in_units_of_columns(B, A), A.bits);
  if (!Y) return false;
  const std::size_t n = A.count, m = C.cols();
  std::vector<UnsignedWide> errors(m);
  for (std::size_t j = 0; j < m; ++j) errors[j] = error_of_rows(A, *Y, j);
  for_row_blocks(C.rows(), m * (8 + n / products_a_ball) + n, [&](const RowBlock& block) {
    std::vector<std::int64_t> row(n);
    for (std::size_t r = block.first; r < block.last; ++r) {
      for (std::size_t i = 0; i < n; ++i) row[i] = A.at(i)[r];
      for (std::size_t j = 0; j < m; ++j)
        set_ball(C.entry(r, j), sum_of_products(row.data(), Y->at(j), n), errors[j], Y->unit[j],
                 precision());
    }
  });
  return true;
}

bool fixed_transposed_product(BallMatrix& C, const BallMatrix& A, const BallMatrix& B) {
  const bool square = &A == &B;
  const long bits = bits_for(A.rows());
  const auto X = columns_of(A, bits), other = square ? std::nullopt : columns_of(B, bits);
  if (!X || (!square && !other)) return false;
  set_inner_products(C, *X, square ? *X : *other, square);
  return true;
}

bool fixed_transposed_product(BallMatrix& C, const FixedVectors& A, const BallMatrix& B) {
  const auto Y = columns_of(B, A.bits);
  if (!Y) return false;
  set_inner_products(C, A, *Y, false);
  return true;
}

void fixed_gram(BallMatrix& C, const FixedVectors& A) {
  set_inner_products(C, A, A, true);
}

bool fixed_weighted_gram(BallMatrix& C, const FixedVectors& A, const BallMatrix& w) {
  const auto weights = columns_of(w, A.bits);
  if (!weights) return false;
  set_inner_products(C, weighted(A, *weights), A, true);
  return true;
}

}  // namespace alignproof::check
