// SPDX-License-Identifier: Apache-2.0
// erf and the integral of exp(t^2) at many points, by Taylor polynomials at multiples of 1/16.
// Bound of what they leave out: reports/docs/law_certificates.md, section 6.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "ball.hpp"

namespace alignproof::check {

class ErrorFunctions {
 public:
  ErrorFunctions();

  Ball erf(const Ball& x);
  /// The integral of exp(t^2) from 0 to x, within about exp(x^2) 2^-precision(); nothing is known
  /// beyond |x| = 26.
  Ball growing(const Ball& x);
  /// The same in doubles, for guesses.
  double growing(double x);

 private:
  /// sum_k c_k h^k at j/16 + h, and everything within `rest` of it.
  struct Polynomial {
    std::vector<Ball> c;
    Ball rest;
    Ball at(const Ball& h) const;
  };
  struct Cell {
    Polynomial erf, growing;
    std::vector<double> rough;  ///< of growing
  };
  const Cell& cell(std::size_t j);

  std::size_t terms_;
  std::map<std::size_t, Cell> cells_;
};

}  // namespace alignproof::check
