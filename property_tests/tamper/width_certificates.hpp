// SPDX-License-Identifier: Apache-2.0
// Small valid width certificates, and altered ones.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <alignproof/format/width_certificate.hpp>

#include "tamper/orbit_cases.hpp"
#include "tamper/width_truth.hpp"

namespace alignproof::tamper {

inline constexpr Activation width_activations[] = {
    Activation::identity, Activation::tanh,     Activation::sigmoid, Activation::erf,
    Activation::relu,     Activation::softplus, Activation::gelu};

/// n 1..3, delta from 1/2 to 1e-12, shares and eta at random; the width, S and the tails are found
/// with the library's formulas in doubles, and every number is then within a random relative slack
/// of its bound.
WidthCertificate random_width_certificate(Random& random, truth::WidthJudge& judge,
                                          const Activation& activation, std::size_t k = 1,
                                          Rule rule = Rule::fa);

/// A number of a width certificate, by name.
struct WidthField {
  std::string name;
  std::function<double&(WidthCertificate&)> of;
};
/// All but kappa where there is none; no entry of X and y.
std::vector<WidthField> width_fields(const WidthCertificate& certificate);

struct AlteredWidth {
  std::string how;
  WidthCertificate certificate;
};
/// One or two numbers, p, the activation or an entry of X or y are other ones.
AlteredWidth alter(Random& random, const WidthCertificate& base);

}  // namespace alignproof::tamper
