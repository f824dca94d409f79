// SPDX-License-Identifier: Apache-2.0
// psi and psi' of many numbers by Taylor polynomials in integers of 64 bits, for few bits of
// precision. Derivation: reports/docs/rounding.md, "What the checker rounds".
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "activation.hpp"
#include "ball.hpp"

namespace alignproof::check {

/// psi and psi' near points that are 2^-5 apart, each by a polynomial with a proved error.
class TaylorTable {
 public:
  /// Up to this precision the table is as good as psi itself.
  static constexpr long most_bits = 64;

  TaylorTable(SeriesOf series, ActivationBounds (*bounds)()) : series_(series), bounds_(bounds) {}

  /// Whether the number is exact and within the range of the table.
  static bool accepts(arb_srcptr a);
  /// The cell of a number that is accepted.
  static long cell_of(arb_srcptr a);
  /// Makes the polynomials of all cells from one to another.
  void cover(long first, long last);
  /// psi(a) and psi'(a), rounded to precision(), where the cell of a was covered.
  void activate(arb_ptr psi, arb_ptr dpsi, arb_srcptr a) const;

 private:
  /// sum_m c_m t^m 2^unit for -1 <= t <= 1, and everything within `error` of it.
  struct Polynomial {
    static constexpr std::size_t terms = 11;
    std::array<std::int64_t, terms> c{};
    slong unit = 0;
    mag_struct error{0, 0};
  };
  struct Cell {
    Polynomial psi, dpsi;
  };

  static Polynomial polynomial(const std::vector<Ball>& c, const Ball& remainder,
                               const Ball& shift);
  static void evaluate(arb_ptr value, const Polynomial& polynomial, std::int64_t t);
  std::unique_ptr<Cell> cell_at(long index) const;

  static constexpr long half = 513;  ///< cells on either side of 0, which is one of both
  SeriesOf series_;
  ActivationBounds (*bounds_)();
  std::array<std::unique_ptr<Cell>, 2 * half> cells_;
};

}  // namespace alignproof::check
