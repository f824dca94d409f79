// SPDX-License-Identifier: Apache-2.0
// Runs of the reduced form at growing widths beside the alignment law, up to a slow time and after
// a cut there. Whichever claims ask for a case, its runs are done once.
#pragma once

#include <string>
#include <vector>

#include <alignproof/dynamics/alignment_law.hpp>

#include "claims/laws/law_case.hpp"

namespace alignproof::inline claims {

/// By width and seed.
using LawTable = std::vector<std::vector<double>>;

struct LawRecord {
  LawCase law_case;
  std::string replay;            ///< of the widest run
  std::vector<LawPoint> course;  ///< the law over slow time
  double stability = 0;  ///< sup of eta (lambda + curvature) along the law: below 2 it applies
  std::vector<double> widths;
  LawTable gap;        ///< sup |cosine - law| over the later half of the course
  LawTable gap_after;  ///< |cosine after the cut - law|
  LawTable moved;      ///< |cosine after the cut - cosine at it|
  LawTable after;      ///< cosine after the cut
  LawTable cosine;     ///< of the first seed over the times of the course, by width

  const std::string& name() const { return law_case.name; }
  const LawPoint& end() const { return course.back(); }  ///< the law at the last slow time
};

/// `seeds` runs at each of these widths.
Handle<LawRecord> want_law(Study& study, const LawCase& c, const std::vector<std::size_t>& widths,
                           std::size_t seeds);

/// Isometric data and the unit sphere, at the widths of the profile: what several claims look at.
Handle<LawRecord> want_isometric(Study& study);
Handle<LawRecord> want_sphere(Study& study);

}  // namespace alignproof::inline claims
