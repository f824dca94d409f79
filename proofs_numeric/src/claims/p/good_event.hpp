// SPDX-License-Identifier: Apache-2.0
// What the good event of Theorem P bounds at t = 0, and its lines beside what was seen. The lines
// (P.2) and (P.3), suprema over two unit vectors, are not looked at.
#pragma once

#include <functional>
#include <vector>

#include <alignproof/bounds/width.hpp>
#include <alignproof/claims/probe.hpp>

namespace alignproof::inline claims {

class GoodEventProbe {
 public:
  static constexpr bool only_start = true;
  struct Record {
    double G_min = 0, root_G = 0, root_tr = 0;  ///< lambda_min, sqrt(lambda_max), sqrt(tr) of G(0)
    double s2 = 0, s4 = 0, m3 = 0, s6 = 0;      ///< moments of b, as in GoodStart
    double Q = 0, Q3 = 0;
    double h0 = 0, E = 0;                     ///< |H(0)|, |e(0)|
    double b_max = 0, b_beta = 0, beta0 = 0;  ///< max |b_r|, |<b, beta(0)>| / |b|, |beta(0)|
  };

  explicit GoodEventProbe(const RunContext& run) : run_(run) {}
  void observe(const Moment& now);
  Record finish(const Outcome&) { return record_; }

 private:
  RunContext run_;
  Record record_;
};

/// One line: whether a start is within it, given the lines before it on which it rests.
struct EventLine {
  Line line;
  double share;  ///< it fails with probability at most this
  std::function<bool(const GoodEventProbe::Record&)> holds;
};

/// The lines that have a share, at width p. `start` and `growth` are what they say there.
std::vector<EventLine> event_lines(const AprioriData<double>& data, double p, const Shares& shares,
                                   const GoodStart<double>& start, const Growth<double>& growth);

}  // namespace alignproof::inline claims
