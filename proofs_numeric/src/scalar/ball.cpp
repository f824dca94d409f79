// SPDX-License-Identifier: Apache-2.0
// Each radius is built from upper bounds of exact quantities (upward.hpp), so that no line needs an
// error analysis of its own.
#include <alignproof/scalar/ball.hpp>

#include "scalar/upward.hpp"

namespace alignproof::inline scalar {

namespace {

using MpfrFunction = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

/// MPFR's value, correctly rounded to the type; a subnormal double is rounded twice, which `slack`
/// covers.
double nearest(MpfrFunction f, double a) {
  mpfr_t value;
  mpfr_init2(value, 53);
  mpfr_set_d(value, a, MPFR_RNDN);
  f(value, value, MPFR_RNDN);
  const double result = mpfr_get_d(value, MPFR_RNDN);
  mpfr_clear(value);
  return result;
}

Mpfr nearest(MpfrFunction f, const Mpfr& a) {
  Mpfr result(a);  // as many bits as a has
  f(result.backend().data(), a.backend().data(), MPFR_RNDN);
  return result;
}

/// The image of a ball under a monotone function: its values at the midpoint and at both ends.
template <class Real>
RealBall<Real> monotone(MpfrFunction f, const RealBall<Real>& x) {
  const Real at = nearest(f, x.mid);
  if (x.rad == Real(0)) return {at, slack(at)};
  const Real low = nearest(f, x.lower()), high = nearest(f, x.upper());
  const Real to_low = add_up(raise(size_of(Real(at - low))), slack(low));
  const Real to_high = add_up(raise(size_of(Real(high - at))), slack(high));
  return {at, add_up(to_low > to_high ? to_low : to_high, slack(at))};
}

double cast_to(double, const Mpfr& a) {
  return a.convert_to<double>();
}
Mpfr cast_to(const Mpfr&, double a) {
  return Mpfr(a);
}

}  // namespace

template <class Real>
RealBall<Real>::RealBall(const Real& exact) : RealBall(exact, Real(0)) {}

template <class Real>
RealBall<Real>::RealBall(const Real& mid_, const Real& rad_) : mid(mid_), rad(rad_) {
  if (size_of(mid) <= Format<Real>::huge() && rad >= Real(0) && rad <= Format<Real>::huge()) return;
  mid = Real(0);
  rad = Format<Real>::infinity();
}

template <class Real>
RealBall<Real> RealBall<Real>::everything() {
  return {Real(0), Format<Real>::infinity()};
}

template <class Real>
RealBall<Real> RealBall<Real>::between(const Real& low, const Real& high) {
  if (!(low <= high)) return everything();
  const Real mid = Real(low + high) / Real(2);
  const Real left = raise(size_of(Real(mid - low))), right = raise(size_of(Real(high - mid)));
  return {mid, left > right ? left : right};
}

template <class Real>
RealBall<Real> RealBall<Real>::pi() {
  const Mpfr pi = nearest(
      [](mpfr_ptr to, mpfr_srcptr, mpfr_rnd_t mode) { return mpfr_const_pi(to, mode); }, Mpfr(0));
  if constexpr (std::is_same_v<Real, Mpfr>)
    return {pi, slack(pi)};
  else
    return ball_cast<Real>(RealBall<Mpfr>(pi, slack(pi)));
}

template <class Real>
bool RealBall<Real>::bounded() const {
  return rad <= Format<Real>::huge();
}

template <class Real>
Real RealBall<Real>::lower() const {
  return rad == Real(0) ? mid : below(Real(mid - rad));
}

template <class Real>
Real RealBall<Real>::upper() const {
  return rad == Real(0) ? mid : above(Real(mid + rad));
}

template <class Real>
RealBall<Real> RealBall<Real>::operator-() const {
  return {Real(-mid), rad};
}

template <class Real>
RealBall<Real> RealBall<Real>::sum(const RealBall& x, const RealBall& y) {
  const Real mid = x.mid + y.mid;
  return {mid, add_up(add_up(x.rad, y.rad), slack(mid))};
}

template <class Real>
RealBall<Real> RealBall<Real>::product(const RealBall& x, const RealBall& y) {
  const Real mid = x.mid * y.mid;
  const Real from_y = mul_up(size_of(x.mid), y.rad);
  const Real from_x = mul_up(x.rad, add_up(size_of(y.mid), y.rad));
  return {mid, add_up(add_up(from_x, from_y), slack(mid))};
}

template <class Real>
RealBall<Real> RealBall<Real>::quotient(const RealBall& x, const RealBall& y) {
  const Real least = below(Real(size_of(y.mid) - y.rad));
  if (!(least > Real(0))) return everything();
  const Real mid = x.mid / y.mid;
  const Real moved = add_up(x.rad, mul_up(raise(size_of(mid)), y.rad));
  return {mid, add_up(div_up(moved, least), slack(mid))};
}

template <class Real>
bool RealBall<Real>::covers(const RealBall& outer, const RealBall& inner) {
  if (!inner.bounded()) return !outer.bounded();
  if (!outer.bounded()) return true;
  return add_up(raise(size_of(Real(outer.mid - inner.mid))), inner.rad) <= outer.rad;
}

template <class Real>
RealBall<Real> RealBall<Real>::abs(const RealBall& x) {
  return {size_of(x.mid), x.rad};
}

template <class Real>
RealBall<Real> RealBall<Real>::sqrt(const RealBall& x) {
  using std::sqrt;
  const Real high = x.upper(), low = x.lower();
  if (!(high >= Real(0))) return everything();
  if (!(low > Real(0))) return between(Real(0), sqrt_up(high));
  const Real mid = sqrt(x.mid), ends = below(Real(below(Real(sqrt(low))) + below(mid)));
  return {mid, add_up(x.rad == Real(0) ? x.rad : div_up(x.rad, ends), slack(mid))};
}

template <class Real>
RealBall<Real> RealBall<Real>::exp(const RealBall& x) {
  return monotone<Real>(&mpfr_exp, x);
}

template <class Real>
RealBall<Real> RealBall<Real>::tanh(const RealBall& x) {
  return monotone<Real>(&mpfr_tanh, x);
}

template <class Real>
RealBall<Real> RealBall<Real>::log1p(const RealBall& x) {
  if (!(x.lower() > Real(-1))) return everything();
  return monotone<Real>(&mpfr_log1p, x);
}

template <class Real>
RealBall<Real> RealBall<Real>::atan(const RealBall& x) {
  return monotone<Real>(&mpfr_atan, x);
}

template <class Real>
RealBall<Real> RealBall<Real>::erf(const RealBall& x) {
  return monotone<Real>(&mpfr_erf, x);
}

template <class Real>
RealBall<Real> RealBall<Real>::erfc(const RealBall& x) {
  return monotone<Real>(&mpfr_erfc, x);
}

template struct RealBall<double>;
template struct RealBall<Mpfr>;

template <class To, class From>
RealBall<To> ball_cast(const RealBall<From>& x) {
  if (!x.bounded()) return RealBall<To>::everything();
  const To mid = cast_to(To(0), x.mid), rad = cast_to(To(0), x.rad);
  const To wide = From(rad) == x.rad ? rad : raise(rad);
  return From(mid) == x.mid ? RealBall<To>(mid, wide) : RealBall<To>(mid, add_up(wide, slack(mid)));
}

template RealBall<double> ball_cast<double, Mpfr>(const RealBall<Mpfr>&);
template RealBall<Mpfr> ball_cast<Mpfr, double>(const RealBall<double>&);

}  // namespace alignproof::inline scalar
