// SPDX-License-Identifier: Apache-2.0
#include <alignproof/scalar/exact.hpp>

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

namespace alignproof::inline scalar {

Exact::Exact(double value) {
  if (!std::isfinite(value)) throw InputError("number", quoted(value), "a finite one");
  a_ = Rational(value);
}

void Exact::join(const Exact& other) {
  if (other.m_ == 0) return;
  if (m_ != 0 && m_ != other.m_)
    throw std::logic_error(fmt::format("sqrt {} and sqrt {} in one sum or product", m_, other.m_));
  m_ = other.m_;
}

int Exact::sign() const {
  const int a = a_.sign(), b = b_.sign();
  if (b == 0) return a;
  if (a == 0 || a == b) return b;
  const Rational difference = a_ * a_ - b_ * b_ * m_;
  return a * difference.sign();  // |a| > |b| sqrt(m): the sign of a, else that of b = -a
}

double Exact::nearest() const {
  const auto approximate = [](const Rational& a, const Rational& b, long m) {
    return a.convert_to<double>() + b.convert_to<double>() * std::sqrt(static_cast<double>(m));
  };
  if (a_.sign() * b_.sign() >= 0) return approximate(a_, b_, m_);
  // a + b r = (a^2 - b^2 m) / (a - b r), whose terms have one sign.
  const Rational product = a_ * a_ - b_ * b_ * m_;
  return product.convert_to<double>() / approximate(a_, -b_, m_);
}

std::string Exact::str() const {
  if (b_.sign() == 0) return a_.str();
  return fmt::format("{} + {} sqrt({})", a_.str(), b_.str(), m_);
}

Exact Exact::operator-() const {
  Exact result = *this;
  result.a_ = -result.a_, result.b_ = -result.b_;
  return result;
}

Exact& Exact::operator+=(const Exact& other) {
  join(other);
  a_ += other.a_;
  if (other.m_ != 0) b_ += other.b_;
  if (b_.sign() == 0) m_ = 0;
  return *this;
}

Exact& Exact::operator-=(const Exact& other) {
  return *this += -other;
}

Exact& Exact::operator*=(const Exact& other) {
  if (m_ == 0 && other.m_ == 0) {
    a_ *= other.a_;
    return *this;
  }
  join(other);
  Rational a = a_ * other.a_ + b_ * other.b_ * m_;
  b_ = a_ * other.b_ + b_ * other.a_;
  a_ = std::move(a);
  if (b_.sign() == 0) m_ = 0;
  return *this;
}

Exact& Exact::operator/=(const Exact& other) {
  if (other.sign() == 0) throw std::domain_error("division of an exact number by 0");
  if (other.m_ == 0) {
    const Rational divisor = other.a_;  // other may be *this
    a_ /= divisor, b_ /= divisor;
    return *this;
  }
  Exact inverse = other;
  const Rational norm = other.a_ * other.a_ - other.b_ * other.b_ * other.m_;
  inverse.a_ /= norm, inverse.b_ /= -norm;
  return *this *= inverse;
}

Exact sqrt(const Exact& x) {
  const bool whole = x.m_ == 0 && x.a_ >= 0 && x.a_ < (1L << 31) && denominator(x.a_) == 1;
  if (!whole)
    throw std::domain_error("square root of " + x.str() + ": exact for whole numbers below 2^31");
  const long m = static_cast<long>(x.a_.convert_to<double>());
  const long root = std::lround(std::sqrt(static_cast<double>(m)));
  if (root * root == m) return Exact(Rational(root));
  Exact result;
  result.b_ = 1, result.m_ = m;
  return result;
}

}  // namespace alignproof::inline scalar
