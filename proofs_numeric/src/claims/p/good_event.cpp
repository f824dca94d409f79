// SPDX-License-Identifier: Apache-2.0
#include "claims/p/good_event.hpp"

#include <cmath>

#include <alignproof/linalg/spectrum.hpp>

namespace alignproof::inline claims {

void GoodEventProbe::observe(const Moment& now) {
  if (now.t > 0) return;
  const Matrix<double> G = gram_G(now.at);
  const Extremes<double> spectrum = extreme_eigenvalues(G);
  const Vector<double> b = now.state.b.col(0).cwiseAbs(), beta = now.state.beta.col(0).cwiseAbs();
  const Vector<double> b2 = b.cwiseProduct(b), b3 = b2.cwiseProduct(b);
  const auto p = static_cast<double>(b.size());
  record_.G_min = spectrum.min, record_.root_G = std::sqrt(spectrum.max);
  record_.root_tr = std::sqrt(G.trace());
  record_.s2 = std::sqrt(b2.sum() / p), record_.s4 = std::sqrt(b2.squaredNorm() / p);
  record_.m3 = b3.sum() / p, record_.s6 = std::sqrt(b3.squaredNorm() / p);
  record_.Q = beta.dot(b2) / p, record_.Q3 = beta.dot(b3) / p;
  record_.h0 = symmetric_norm(gram_H(run_.problem, now.at, now.state.b, now.state.beta));
  record_.E = now.at.e.norm();
  record_.b_max = b.maxCoeff();
  record_.b_beta = std::abs(now.state.b.col(0).dot(now.state.beta.col(0))) / b.norm();
  record_.beta0 = beta.norm();
}

std::vector<EventLine> event_lines(const AprioriData<double>& data, double p, const Shares& shares,
                                   const GoodStart<double>& start, const Growth<double>& growth) {
  using Start = GoodEventProbe::Record;
  std::vector<EventLine> lines;
  const auto add = [&](Line line, std::function<bool(const Start&)> holds) {
    if (shares[line] > 0) lines.push_back({line, shares[line], std::move(holds)});
  };
  const GoodStart<double> s = start;
  const auto in_tr = [s](const Start& r) { return r.root_tr <= s.gram.root_tr; };
  const auto in_G = [s, in_tr](const Start& r) { return in_tr(r) && r.root_G <= s.gram.root_g; };
  const auto in_b2 = [s](const Start& r) { return r.s2 <= s.s2; };
  const auto in_b4 = [s](const Start& r) { return r.s4 <= s.s4; };
  const double b_max = growth.w_row * std::sqrt(p) / (data.psi.L1 * std::sqrt(data.kap));
  const double beta0 = std::sqrt(p) - growth.beta0, b_beta = growth.cos_b;
  add(Line::G, [s](const Start& r) { return r.G_min >= s.gram.g_min; });
  add(Line::tr, in_tr);
  add(Line::Gmax, [s, in_tr](const Start& r) { return !in_tr(r) || r.root_G <= s.gram.root_g; });
  add(Line::b2, in_b2);
  add(Line::b4, in_b4);
  add(Line::b3, [s](const Start& r) { return r.m3 <= s.m3; });
  add(Line::b6, [s](const Start& r) { return r.s6 <= s.s6; });
  add(Line::Q, [=](const Start& r) { return !(in_b2(r) && in_b4(r)) || r.Q <= s.Q; });
  add(Line::Q3, [s](const Start& r) { return !(r.m3 <= s.m3 && r.s6 <= s.s6) || r.Q3 <= s.Q3; });
  add(Line::H, [=](const Start& r) { return !in_b2(r) || r.h0 <= s.h0; });
  add(Line::E, [=](const Start& r) { return !in_G(r) || r.E <= s.E; });
  add(Line::row, [b_max](const Start& r) { return r.b_max <= b_max; });
  add(Line::cos_b, [b_beta](const Start& r) { return r.b_beta <= b_beta; });
  add(Line::beta0, [beta0](const Start& r) { return r.beta0 >= beta0; });
  return lines;
}

}  // namespace alignproof::inline claims
