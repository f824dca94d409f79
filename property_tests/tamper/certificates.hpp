// SPDX-License-Identifier: Apache-2.0
// Small valid certificates, and ways to alter them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/format/certificate.hpp>

#include "tamper/orbit_cases.hpp"
#include "tamper/truth.hpp"

namespace alignproof::tamper {

/// What kind of certificate to make.
enum class Wanted { no_penalty, decay, penalty, twin, checkpoint, neighbourhood };
inline constexpr Wanted all_wanted[] = {Wanted::no_penalty, Wanted::decay,
                                        Wanted::penalty,    Wanted::twin,
                                        Wanted::checkpoint, Wanted::neighbourhood};

inline constexpr Activation five_activations[] = {
    Activation::identity, Activation::tanh, Activation::relu, Activation::sigmoid, Activation::erf};

/// n 1..4, p 4..60, at most 40 steps; identity, tanh, relu, sigmoid or erf. Proposed by the
/// library, then every number drawn up to a random relative slack of its 300-digit bound (radius
/// 0).
Certificate random_certificate(Random& random, truth::Judge& judge, Wanted wanted);
/// With this activation, unless none is found soon.
Certificate random_certificate(Random& random, truth::Judge& judge, Wanted wanted,
                               Activation first);

/// A number of a certificate, by name.
struct Field {
  std::string name;
  std::function<double&(Certificate&)> of;
};

/// Numbers of statement, witness and claims; then eta, radius and the penalty.
std::vector<Field> claimed_fields(const Certificate& certificate);
std::vector<Field> all_fields(const Certificate& certificate);

/// The double next to the last at which the claim holds, from the present value towards `direction`
/// (+1 or -1): the truth's own boundary. Nothing if it holds however far.
struct Edge {
  double holds, fails;
};
std::optional<Edge> edge(const std::function<bool(double)>& holds, double start, int direction);

struct Altered {
  std::string how;
  Certificate certificate;
};

/// One alteration, or a few at once.
Altered alter(Random& random, truth::Judge& judge, const Certificate& certificate);

/// Claims that fail in one respect only, whose failure moves nothing else.
std::vector<Altered> near_lies(Random& random, const Certificate& certificate);

/// Spoils the JSON or the arrays of a written folder and puts the hashes right; says how.
std::string spoil(Random& random, const std::filesystem::path& folder);

}  // namespace alignproof::tamper
