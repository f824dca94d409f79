// SPDX-License-Identifier: Apache-2.0
// Dense matrices over a number type, and exact conversion from the arrays of an instance.
#pragma once

#include <alignproof/format/array.hpp>
#include <alignproof/scalar/eigen.hpp>
#include <alignproof/scalar/scalar.hpp>

namespace alignproof::inline linalg {

template <class Real>
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
template <class Real>
using Vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

/// The same numbers in another type; exact whenever Real has at least the 53 bits of a double.
template <class Real>
Matrix<Real> matrix_from(const Array& array) {
  Matrix<Real> m(array.rows(), array.cols());
  for (Eigen::Index j = 0; j < m.cols(); ++j)
    for (Eigen::Index i = 0; i < m.rows(); ++i) m(i, j) = Real(array.values[i * m.cols() + j]);
  return m;
}

template <class Real>
Vector<Real> vector_from(const Array& array) {
  Vector<Real> v(array.values.size());
  for (Eigen::Index i = 0; i < v.size(); ++i) v(i) = Real(array.values[i]);
  return v;
}

/// Nearest doubles, row-major; an n x 1 matrix or a vector becomes an array of one axis.
template <class Derived>
Array array_from(const Eigen::MatrixBase<Derived>& m) {
  const std::size_t rows = m.rows(), cols = m.cols();
  Array array(cols == 1 ? std::vector<std::size_t>{rows} : std::vector<std::size_t>{rows, cols});
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < cols; ++j) array.values[i * cols + j] = to_double(m(i, j));
  return array;
}

}  // namespace alignproof::inline linalg
