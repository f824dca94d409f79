// SPDX-License-Identifier: Apache-2.0
#include <alignproof/scalar/bin_float.hpp>

#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/log1p.hpp>

namespace alignproof::inline scalar {

using Functions = Elementary<BinFloat100>;

BinFloat100 Functions::exp(const BinFloat100& a) {
  return boost::multiprecision::exp(a);
}
BinFloat100 Functions::tanh(const BinFloat100& a) {
  return boost::multiprecision::tanh(a);
}
BinFloat100 Functions::log1p(const BinFloat100& a) {
  return boost::math::log1p(a);
}
BinFloat100 Functions::erf(const BinFloat100& a) {
  return boost::math::erf(a);
}
BinFloat100 Functions::erfc(const BinFloat100& a) {
  return boost::math::erfc(a);
}

}  // namespace alignproof::inline scalar
