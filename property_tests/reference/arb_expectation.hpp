// SPDX-License-Identifier: Apache-2.0
// E psi(u) psi(v) of a Gaussian pair by rigorous integration in Arb: no Fourier series, no closed
// form, no arithmetic of the library.
#pragma once

#include <acb_calc.h>
#include <acb_hypgeom.h>
#include <functional>
#include <vector>

#include <alignproof/format/instance.hpp>
#include <alignproof/scalar/ball.hpp>
#include <alignproof/scalar/mpfr.hpp>

#include "reference/activation_table.hpp"

namespace alignproof::reference {

inline constexpr slong arb_bits = 160;

class Arb {
 public:
  Arb() { arb_init(x_); }
  explicit Arb(double exact) : Arb() { arb_set_d(x_, exact); }
  Arb(const Arb& other) : Arb() { arb_set(x_, other.x_); }
  Arb& operator=(const Arb& other) { return arb_set(x_, other.x_), *this; }
  ~Arb() { arb_clear(x_); }
  arb_ptr get() { return x_; }
  arb_srcptr get() const { return x_; }

  friend Arb operator+(const Arb& a, const Arb& b) { return of(arb_add, a, b); }
  friend Arb operator*(const Arb& a, const Arb& b) { return of(arb_mul, a, b); }
  friend Arb operator/(const Arb& a, const Arb& b) { return of(arb_div, a, b); }
  friend Arb sqrt(const Arb& a) {
    Arb root;
    arb_sqrt(root.x_, a.x_, arb_bits);
    return root;
  }

 private:
  static Arb of(void (*op)(arb_t, const arb_t, const arb_t, slong), const Arb& a, const Arb& b) {
    Arb result;
    op(result.x_, a.x_, b.x_, arb_bits);
    return result;
  }
  arb_t x_;
};

/// To the library's ball, at the thread's digits.
inline RealBall<Mpfr> to_ball(const Arb& a) {
  Mpfr mid;
  const bool inexact = arf_get_mpfr(mid.backend().data(), arb_midref(a.get()), MPFR_RNDN) != 0;
  const double rad = mag_get_d(arb_radref(a.get())) * (1 + 1e-12);
  const Mpfr rounding = inexact ? Mpfr(abs(mid) * 4 * unit_roundoff<Mpfr>()) : Mpfr(0);
  return RealBall<Mpfr>(mid, Mpfr(rad)) + RealBall<Mpfr>(Mpfr(0), rounding);
}

inline void evaluate(const Activation& psi, acb_t y, const acb_t x, int analytic, slong bits) {
  visit_truth<void>(psi, [&]<class T>(T) { T::evaluate(y, x, analytic, bits); });
}

using Integrand = std::function<void(acb_t, const acb_t, int, slong)>;

/// The integral of f(z) phi(z) over (0, 24), plus or minus `rest`, a bound beyond 24.
inline Arb normal_integral(const Integrand& f, double rest) {
  const acb_calc_func_t call = [](acb_ptr y, const acb_t z, void* param, slong order, slong bits) {
    acb_t weight, value;
    acb_init(weight), acb_init(value);
    (*static_cast<const Integrand*>(param))(value, z, order != 0, bits);
    acb_mul(weight, z, z, bits), acb_mul_2exp_si(weight, weight, -1), acb_neg(weight, weight);
    acb_exp(weight, weight, bits);
    acb_mul(y, value, weight, bits);
    acb_clear(weight), acb_clear(value);
    return 0;
  };
  acb_t total, from, to;
  acb_init(total), acb_init(from), acb_init(to);
  acb_set_ui(to, 24);
  mag_t tolerance;
  mag_init(tolerance);
  mag_set_ui_2exp_si(tolerance, 1, -95);
  acb_calc_integrate(total, call, const_cast<Integrand*>(&f), from, to, 95, tolerance, nullptr,
                     arb_bits);
  Arb result, pi2;
  arb_const_pi(pi2.get(), arb_bits), arb_mul_2exp_si(pi2.get(), pi2.get(), 1);
  arb_set(result.get(), acb_realref(total));
  result = result / sqrt(pi2);
  Arb beyond(rest);
  arb_add_error(result.get(), beyond.get());
  acb_clear(total), acb_clear(from), acb_clear(to), mag_clear(tolerance);
  return result;
}

/// E psi(s Z) psi(t Z) for s, t of any sign. |psi(x)| <= 1 + |x|.
inline Arb parallel_expectation(Activation psi, const Arb& s, const Arb& t) {
  const Integrand f = [&](acb_t y, const acb_t z, int analytic, slong bits) {
    acb_t x, left, right;
    acb_init(x), acb_init(left), acb_init(right);
    acb_zero(y);
    for (const int sign : {1, -1}) {
      acb_mul_arb(x, z, s.get(), bits), acb_mul_si(x, x, sign, bits);
      evaluate(psi, left, x, analytic, bits);
      acb_mul_arb(x, z, t.get(), bits), acb_mul_si(x, x, sign, bits);
      evaluate(psi, right, x, analytic, bits);
      acb_addmul(y, left, right, bits);
    }
    acb_clear(x), acb_clear(left), acb_clear(right);
  };
  return normal_integral(f, 1e-80);  // (1 + 24 s)(1 + 24 t) e^-288
}

/// c_k(s) = E psi(s Z) h_k(Z), k < terms; h_k the normalised Hermite polynomials. Beyond 24 by
/// Cramer's inequality |h_k(z)| <= 1.0865 e^(z^2/4): 2 (1 + s) e^-144.
inline std::vector<Arb> hermite_coefficients(Activation psi, const Arb& s, int terms) {
  std::vector<Arb> c;
  for (int k = 0; k < terms; ++k) {
    const Integrand f = [&](acb_t y, const acb_t z, int analytic, slong bits) {
      acb_t x, value, before, now, next;
      for (auto* a : {x, value, before, now, next}) acb_init(a);
      acb_one(now);
      for (int m = 0; m < k; ++m) {  // h_(m+1) = (z h_m - sqrt(m) h_(m-1)) / sqrt(m + 1)
        acb_mul(next, z, now, bits);
        Arb root;
        arb_sqrt_ui(root.get(), static_cast<ulong>(m), bits);
        acb_mul_arb(before, before, root.get(), bits);
        acb_sub(next, next, before, bits);
        arb_sqrt_ui(root.get(), static_cast<ulong>(m + 1), bits);
        acb_div_arb(next, next, root.get(), bits);
        acb_swap(before, now), acb_swap(now, next);
      }
      acb_mul_arb(x, z, s.get(), bits);
      evaluate(psi, y, x, analytic, bits);
      acb_neg(x, x);
      evaluate(psi, value, x, analytic, bits);
      k % 2 == 0 ? acb_add(y, y, value, bits) : acb_sub(y, y, value, bits);
      acb_mul(y, y, now, bits);
      for (auto* a : {x, value, before, now, next}) acb_clear(a);
    };
    c.push_back(normal_integral(f, 1e-60));
  }
  return c;
}

/// sum_k c_k d_k rho^k; the rest is at most |rho|^m times `size` >= (1 + s)(1 + t), by
/// Cauchy-Schwarz and E psi(s Z)^2 <= (1 + s)^2.
inline Arb mehler_sum(const std::vector<Arb>& c, const std::vector<Arb>& d, const Arb& rho,
                      double size) {
  Arb sum, power(1);
  for (std::size_t k = 0; k < c.size(); ++k) {
    sum = sum + c[k] * d[k] * power;
    power = power * rho;
  }
  const Arb rest = power * Arb(size);
  arb_add_error(sum.get(), rest.get());
  return sum;
}

}  // namespace alignproof::reference
