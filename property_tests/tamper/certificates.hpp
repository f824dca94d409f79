// SPDX-License-Identifier: Apache-2.0
// Small valid certificates.
#pragma once

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

/// What is trained: with k outputs, or by backpropagation, it is not `plain`.
struct Network {
  Rule rule = Rule::fa;
  std::size_t k = 1;
};
inline constexpr Network other_networks[] = {
    {Rule::fa, 2}, {Rule::bp, 1}, {Rule::bp, 2}, {Rule::fa, 3}};

/// n 1..4, p 4..60, at most 40 steps; identity, tanh, relu, sigmoid or erf. Proposed by the
/// library, then every number drawn up to a random relative slack of its 300-digit bound (radius
/// 0).
RunCertificate random_certificate(Random& random, truth::Judge& judge, Wanted wanted);
/// With this activation, unless none is found soon.
RunCertificate random_certificate(Random& random, truth::Judge& judge, Wanted wanted,
                                  Activation first, const Network& network = {});
/// Of the first form of Theorem A, and so of version 2, which the formal checker reads; no
/// neighbourhood of initial data, which it leaves open.
RunCertificate random_first_form(Random& random, truth::Judge& judge, Wanted wanted,
                                 Activation first);

}  // namespace alignproof::tamper
