// SPDX-License-Identifier: Apache-2.0
// The tree of a formula in the TeX subset of alignproof/report/math.hpp, and its three renderings.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace alignproof::inline report::detail {

/// What a node is; `row` is a list of nodes side by side.
enum class Kind { row, symbol, number, function, text, space, fraction, root, accent, scripts };

/// How a symbol behaves among its neighbours.
enum class Role { ordinary, binary, relation, open, close, bar, punctuation, slash, large };

struct Node {
  Kind kind = Kind::row;
  Role role = Role::ordinary;
  std::string text;            ///< Unicode; for `accent` the combining mark
  std::vector<Node> children;  ///< fraction: above, below; scripts: base, then what there is
  bool has_sub = false;
  bool has_sup = false;
  bool prefix = false;         ///< a sign, not an operation between two terms
  bool spaced_before = false;  ///< the author put white space in front
};

/// Reads what stands between two dollar signs. Throws InputError naming what it cannot read.
Node parse_formula(std::string_view tex);

std::string to_mathml(const Node& formula);
std::string to_plain_text(const Node& formula);

/// Calls `words` and `formula` in turn for the parts of prose with $...$. A dollar sign without a
/// partner throws InputError.
void for_each_part(std::string_view prose, const std::function<void(std::string_view)>& words,
                   const std::function<void(std::string_view)>& formula);

}  // namespace alignproof::inline report::detail
