// SPDX-License-Identifier: Apache-2.0
#include "mean_field/sobol.hpp"

#include <bit>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace alignproof::inline mean_field::detail {

namespace {

/// The finaliser of SplitMix64, a bijection of 64 bits that passes for random.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// Whether x generates the field: bits of `polynomial` are its coefficients, of this degree.
bool primitive(std::uint32_t polynomial, std::size_t degree) {
  const std::uint32_t order = (1u << degree) - 1;
  std::uint32_t power = 1;
  for (std::uint32_t k = 1; k <= order; ++k) {
    power <<= 1;
    if (power >> degree & 1) power ^= polynomial;
    if (power == 1) return k == order;
  }
  return false;
}

/// The polynomial of each dimension from 1 on, by degree.
std::vector<std::uint32_t> primitive_polynomials() {
  std::vector<std::uint32_t> found;
  for (std::size_t degree = 1; found.size() + 1 < sobol_dimensions; ++degree)
    for (std::uint32_t p = (1u << degree) | 1; p < (2u << degree); p += 2)
      if (primitive(p, degree)) found.push_back(p);
  return found;
}

/// Column c has the digits of 2^c: v_c of the literature, as 32 bits below the point.
SobolRows rows_of(const std::vector<std::uint32_t>& v) {
  SobolRows result{};
  for (std::size_t r = 0; r < SobolRows::digits; ++r)
    for (std::size_t c = 0; c < SobolRows::digits; ++c)
      result.rows[r] |= (v[c] >> (31 - r) & 1) << c;
  return result;
}

/// Column c = 0, 1, ... of initial numbers m_c odd and below 2^(c+1), and on by the recurrence
/// m_c = sum_j 2^j a_j m_{c-j} + m_{c-s} over GF(2) of the polynomial x^s + a_1 x^(s-1) + ... + 1.
std::vector<std::uint32_t> columns(std::uint32_t polynomial, std::uint64_t choice) {
  const std::size_t degree = std::bit_width(polynomial) - 1;
  std::vector<std::uint32_t> v(SobolRows::digits);
  for (std::size_t c = 0; c < v.size(); ++c) {
    if (c < degree) {
      const auto m = static_cast<std::uint32_t>(mix(choice + c)) % (1u << (c + 1)) | 1;
      v[c] = m << (31 - c);
    } else {
      v[c] = v[c - degree] >> degree ^ v[c - degree];
      for (std::size_t j = 1; j < degree; ++j)
        if (polynomial >> (degree - j) & 1) v[c] ^= v[c - j];
    }
  }
  return v;
}

/// Whether the row is independent of the basis, which it then joins.
bool joins(std::vector<std::uint32_t>& basis, std::uint32_t row) {
  for (std::uint32_t member : basis) row = std::min(row, row ^ member);
  if (row != 0) basis.push_back(row);
  return row != 0;
}

class Table {
 public:
  const SobolRows& operator[](std::size_t dimension) {
    const std::lock_guard lock(mutex_);
    while (rows_.size() <= dimension) extend();
    return rows_[dimension];
  }

 private:
  /// Of some initial numbers those whose projections with every coordinate before are the best.
  void extend() {
    const std::size_t next = rows_.size();
    if (next == 0) {  // van der Corput's sequence
      std::vector<std::uint32_t> v(SobolRows::digits);
      for (std::size_t c = 0; c < v.size(); ++c) v[c] = 1u << (31 - c);
      rows_.push_back(rows_of(v));
      return;
    }
    const std::uint32_t polynomial = polynomials_.at(next - 1);
    const std::size_t degree = std::bit_width(polynomial) - 1;
    const std::size_t choices = degree <= 2 ? 4 : 16;
    SobolRows best{};
    std::size_t least = static_cast<std::size_t>(-1);
    for (std::size_t choice = 0; choice < choices; ++choice) {
      const SobolRows candidate = rows_of(columns(polynomial, mix(next) + 1000 * choice));
      std::size_t cost = 0;
      for (std::size_t m : {8, 12})
        for (const SobolRows& other : rows_) cost += std::size_t{1} << quality(candidate, other, m);
      if (cost < least) least = cost, best = candidate;
    }
    rows_.push_back(best);
  }

  std::mutex mutex_;
  std::vector<std::uint32_t> polynomials_ = primitive_polynomials();
  std::vector<SobolRows> rows_;
};

}  // namespace

SobolRows sobol_rows(std::size_t dimension) {
  if (dimension >= sobol_dimensions) throw std::logic_error("no such dimension");
  static Table table;
  return table[dimension];
}

std::size_t quality(const SobolRows& x, const SobolRows& y, std::size_t m) {
  const std::uint32_t mask = (1u << m) - 1;
  std::vector<std::uint32_t> of_x;
  std::size_t independent = m;  // of the first d1 rows and the first d2, whenever d1 + d2 <= this
  for (std::size_t d1 = 0; d1 <= m; ++d1) {
    std::vector<std::uint32_t> basis = of_x;
    std::size_t d2 = 0;
    while (d1 + d2 < independent && joins(basis, y.rows[d2] & mask)) ++d2;
    independent = std::min(independent, d1 + d2);
    if (d1 < m && !joins(of_x, x.rows[d1] & mask)) {
      independent = std::min(independent, d1);
      break;
    }
  }
  return m - independent;
}

Matrix<double> scrambled_sobol(std::size_t dimensions, std::size_t m, std::uint64_t seed,
                               std::uint64_t stream) {
  if (m > SobolRows::digits) throw std::logic_error("too many points");
  const std::size_t count = std::size_t{1} << m;
  Matrix<double> points(count, dimensions);
  std::vector<std::uint32_t> digits(count);
  for (std::size_t d = 0; d < dimensions; ++d) {
    const SobolRows matrix = sobol_rows(d);
    std::vector<std::uint32_t> column(m);  // the first m digits of 2^c
    for (std::size_t c = 0; c < m; ++c)
      for (std::size_t r = 0; r < m; ++r) column[c] |= (matrix.rows[r] >> c & 1) << (m - 1 - r);
    const std::uint64_t key = mix(mix(mix(seed) ^ stream) + d);
    for (std::size_t i = 0; i < count; ++i) {
      digits[i] =
          i == 0 ? 0 : digits[i & (i - 1)] ^ column[static_cast<std::size_t>(std::countr_zero(i))];
      // A digit is flipped as those before it, unscrambled, decide. The points differ in the first
      // m, so that what follows these is random in each alone.
      std::uint64_t flips = 0;
      for (std::size_t l = 0; l < m; ++l) {
        const std::uint64_t before = std::uint64_t{digits[i]} >> (m - l) | std::uint64_t{1} << l;
        flips = flips << 1 | (mix(key ^ before) & 1);
      }
      const std::uint64_t first = digits[i] ^ flips;
      const std::uint64_t rest =
          mix(key ^ (std::uint64_t{digits[i]} | std::uint64_t{1} << m)) >> (12 + m);
      const std::uint64_t bits = first << (52 - m) | rest;
      points(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(d)) =
          (2 * static_cast<double>(bits) + 1) * 0x1p-53;
    }
  }
  return points;
}

}  // namespace alignproof::inline mean_field::detail
