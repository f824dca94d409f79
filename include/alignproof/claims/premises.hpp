// SPDX-License-Identifier: Apache-2.0
// Which instances a theorem speaks of, decided by looking at each. Where the inequalities come
// from: reports/docs/premises.md.
#pragma once

#include <string>
#include <vector>

#include <alignproof/claims/batch.hpp>
#include <alignproof/claims/cut_law.hpp>
#include <alignproof/format/report.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/network/data.hpp>

namespace alignproof::inline claims {

struct Premise {
  std::string words;  ///< as the row's text lists it, prose with $...$
  bool held = false;
  std::string found;  ///< what was found where it fails, plain text
};
using Premises = std::vector<Premise>;

/// The words of premises, so that a row's text and its counts say the same.
namespace premise {
inline constexpr const char* smooth = "$\\psi$, $\\psi'$, $\\psi''$ bounded";
inline constexpr const char* bounded_data = "$|x_i|$ and $|y_i|$ bounded";  ///< true of finite data
inline constexpr const char* positive = "$\\gamma > 0$ (limit kernel, enclosed)";
inline constexpr const char* initial =
    "feedback alignment with one output; $W$, $\\beta$, $b$ independent and $N(0, 1)$";
inline constexpr const char* no_penalty = "$\\lambda = 0$";
inline constexpr const char* step =
    "$\\eta(\\lambda_{\\max}(\\bar G) + \\gamma) < 2$, $\\bar G$ enclosed";
inline constexpr const char* one_output = "feedback alignment with one output";
inline constexpr const char* lipschitz = "$\\psi'$ bounded and Lipschitz";
inline constexpr const char* linear = "two-layer linear network";
inline constexpr const char* isometric =
    "isometric data: $\\lambda_{\\max}(K) \\le (1 + 2^{-40})\\lambda_{\\min}(K)$, $K$ enclosed";
inline constexpr const char* cut =
    "a penalty that is cut: $\\lambda(t) = \\lambda > 0$ for $t < T$ and 0 after";
inline constexpr const char* law_step =
    "$\\eta(\\lambda + \\lambda_{\\max}(K)(1 + z^2)) < 2$, $z$ of the alignment law at the cut";
inline constexpr const char* independent_data = "$K > 0$, enclosed";
inline constexpr const char* field_step =
    "$\\eta(\\lambda + \\lambda_{\\max}(G)) < 2$ up to the cut, $G$ of the alignment law";
inline constexpr const char* keeps_sign =
    "$c^* > 0$: after the cut the cosine of the alignment law stays positive";
}  // namespace premise

/// An upper bound of eta (lambda_max(Gbar) + gamma): T1 asks that it be below 2.
double step_use(const NetworkSpec& network, const LimitKernel& limit);

/// `limit` is the limit kernel of the network's activation on the data.
/// T1, T2 and the lemmas about their runs.
Premises premises_of_t1(const Data& data, const NetworkSpec& network, LearningRule rule,
                        const LimitKernel& limit);
/// T1': those that are the same for all initialisations. The step size and the budget of the
/// penalty are premises of each run (reports/docs/penalty_budget.md).
Premises premises_of_t1_penalty(const Data& data, const NetworkSpec& network, LearningRule rule,
                                const LimitKernel& limit);
/// T1a, T1b: those of T1 that say something at t = 0.
Premises premises_at_start(const Data& data, const NetworkSpec& network, LearningRule rule,
                           const LimitKernel& limit);
/// T1e: the bound of the remainder needs no more.
Premises premises_of_t1e(const NetworkSpec& network);
/// `K` is the limit kernel of the identity, which is K itself.
Premises premises_of_t3(const Data& data, const NetworkSpec& network, LearningRule rule,
                        const LimitKernel& K);
/// T3N, whose `law` is that of the network on the data.
Premises premises_of_t3n(const Data& data, const NetworkSpec& network, LearningRule rule,
                         const LimitKernel& K, const FoundCutLaw& law);
/// Of a network whose penalty is cut: those of T3 if it is linear, else those of T3N.
Premises premises_of_cut(const Data& data, const NetworkSpec& network, LearningRule rule);
/// The name of that theorem.
const char* theorem_of_cut(const NetworkSpec& network);

/// The same of the runs of a study. Of a linear network the limit kernel is K.
Premises t1_premises(const RunSet& runs);
Premises start_premises(const RunSet& runs);
Premises t3_premises(const RunSet& runs);

/// The instance is one that the theorem speaks of.
bool inside(const Premises& premises);
/// What was found where a premise fails, joined by "; ".
std::string failing(const Premises& premises);

/// Counts for each premise of the row on how many instances it holds.
void count_premises(const Premises& premises, ClaimRow& row);

}  // namespace alignproof::inline claims
