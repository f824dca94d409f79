// SPDX-License-Identifier: Apache-2.0
// psi and psi' of many numbers by Taylor polynomials in integers of 64 bits. Names and inequalities
// are those of reports/docs/rounding.md, "What the checker rounds".
#include <alignproof/core/no_fast_math.hpp>

#include "taylor_table.hpp"

#include <algorithm>

namespace alignproof::check {

namespace {

__extension__ typedef __int128 Wide;

/// Points of the table are 2^-5 apart, t = 2^6 (a - point).
constexpr slong spacing_bits = 5;
/// Numbers are cut to multiples of 2^-68, so that t is one of 2^-62.
constexpr slong t_bits = 62, cut_bits = spacing_bits + 1 + t_bits;
/// |a| < 2^4: outside psi is evaluated number by number.
constexpr slong range_bits = 4;
/// The coefficients of a polynomial add up to at most 2^61 units.
constexpr slong sum_bits = 61;
/// Bits at which the table is made.
constexpr long table_bits = 128;

Ball two_to(slong exponent) {
  Ball z = 1;
  arb_mul_2exp_si(z.get(), z.get(), exponent);
  return z;
}

/// a 2^68, cut towards 0.
Wide cut(arb_srcptr a) {
  const arf_struct* mid = arb_midref(a);
  if (arf_is_zero(mid)) return 0;
  mp_srcptr limbs = nullptr;
  mp_size_t count = 0;
  ARF_GET_MPN_READONLY(limbs, count, mid);
  // |a| = top 2^(exp - 64) and what lower limbs add, with exp <= range_bits.
  const slong shift = std::max<slong>(ARF_EXP(mid), -cut_bits) - FLINT_BITS + cut_bits;
  const Wide top = limbs[count - 1];
  const Wide size = shift >= 0 ? top << shift : top >> -shift;
  return ARF_SGNBIT(mid) ? -size : size;
}

struct Place {
  long cell;
  std::int64_t t;
};

/// The nearest point, and t: -2^62 <= t < 2^62.
Place place_of(arb_srcptr a) {
  const Wide x = cut(a), index = (x + (Wide{1} << t_bits)) >> (t_bits + 1);
  return {static_cast<long>(index), static_cast<std::int64_t>(x - (index << (t_bits + 1)))};
}

}  // namespace

bool TaylorTable::accepts(arb_srcptr a) {
  const arf_struct* mid = arb_midref(a);
  if (!arb_is_exact(a)) return false;
  if (arf_is_special(mid)) return arf_is_zero(mid) != 0;
  return ARF_IS_LAGOM(mid) && arf_cmpabs_2exp_si(mid, range_bits) < 0;
}

TaylorTable::Polynomial TaylorTable::polynomial(const std::vector<Ball>& c, const Ball& remainder,
                                                const Ball& shift) {
  Polynomial result;
  Ball sum, radii;
  std::vector<Ball> scaled;  // of t = a 2^(spacing + 1)
  for (std::size_t m = 0; m < Polynomial::terms; ++m) {
    scaled.push_back(c[m] * two_to(-static_cast<slong>(m) * (spacing_bits + 1)));
    sum += upper(abs(scaled[m]));
    radii += radius(scaled[m]);
  }
  const Ball size = upper(sum);
  result.unit =
      arf_is_zero(arb_midref(size.get())) ? -sum_bits : ARF_EXP(arb_midref(size.get())) - sum_bits;
  for (std::size_t m = 0; m < Polynomial::terms; ++m) {
    arf_t in_units;
    arf_init(in_units);
    arf_mul_2exp_si(in_units, arb_midref(scaled[m].get()), -result.unit);
    result.c[m] = arf_get_si(in_units, ARF_RND_NEAR);
    arf_clear(in_units);
  }
  // Each coefficient is rounded, and each product: by a unit at most.
  const Ball rounding = Ball::count(2 * Polynomial::terms) * two_to(result.unit);
  const Ball error = radii + rounding + abs(remainder) + shift;
  arb_get_mag(&result.error, error.get());
  return result;
}

std::unique_ptr<TaylorTable::Cell> TaylorTable::cell_at(long index) const {
  const PrecisionScope scope(table_bits);
  constexpr std::size_t terms = Polynomial::terms;
  const Ball radius = two_to(-spacing_bits - 1);
  const Ball point = Ball(static_cast<double>(index)) * two_to(-spacing_bits);
  // Lagrange's remainders: what comes first after the polynomial, somewhere in the cell.
  const TaylorSeries at_point = series_(TaylorSeries::at(point, terms + 1)),
                     in_cell = series_(TaylorSeries::at(widened(point, radius), terms + 2));
  std::vector<Ball> value, slope;
  for (std::size_t m = 0; m < terms; ++m) value.push_back(at_point[m]);
  for (std::size_t m = 0; m < terms; ++m) slope.push_back(Ball::count(m + 1) * at_point[m + 1]);
  const Ball power = two_to(-static_cast<slong>(terms) * (spacing_bits + 1));
  const ActivationBounds bounds = bounds_();
  auto cell = std::make_unique<Cell>();
  cell->psi = polynomial(value, in_cell[terms] * power, bounds.L1 * two_to(-cut_bits));
  cell->dpsi = polynomial(slope, Ball::count(terms + 1) * in_cell[terms + 1] * power,
                          bounds.L2 * two_to(-cut_bits));
  return cell;
}

long TaylorTable::cell_of(arb_srcptr a) {
  return place_of(a).cell;
}

void TaylorTable::cover(long first, long last) {
  for (long index = first; index <= last; ++index) {
    std::unique_ptr<Cell>& cell = cells_.at(static_cast<std::size_t>(index + half));
    if (!cell) cell = cell_at(index);
  }
}

void TaylorTable::evaluate(arb_ptr value, const Polynomial& polynomial, std::int64_t t) {
  constexpr std::size_t terms = Polynomial::terms;
  std::int64_t sum = polynomial.c[terms - 1];
  for (std::size_t m = terms - 1; m-- > 0;)
    sum = polynomial.c[m] + static_cast<std::int64_t>((Wide{sum} * t) >> t_bits);
  arf_set_si_2exp_si(arb_midref(value), sum, polynomial.unit);
  mag_set(arb_radref(value), &polynomial.error);
  if (precision() < t_bits) arb_set_round(value, value, precision());
}

void TaylorTable::activate(arb_ptr psi, arb_ptr dpsi, arb_srcptr a) const {
  const Place place = place_of(a);
  const Cell& cell = *cells_[static_cast<std::size_t>(place.cell + half)];
  evaluate(psi, cell.psi, place.t);
  evaluate(dpsi, cell.dpsi, place.t);
}

}  // namespace alignproof::check
