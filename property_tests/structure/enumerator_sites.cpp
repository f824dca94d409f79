// SPDX-License-Identifier: Apache-2.0
// Instantiates the templates that switch on an activation or a rule, so that the compiler looks at
// them: see new_enumerators.
#include <alignproof/bounds/rounding.hpp>
#include <alignproof/bounds/theorem_a_variants.hpp>
#include <alignproof/network/activation.hpp>

#include "reference/arb_expectation.hpp"
#include "reference/mehler.hpp"
#include "reference/plain.hpp"

namespace alignproof {

template void activate<double>(Activation, const Matrix<double>&, Matrix<double>&, Matrix<double>&);
template Smoothness<double> smoothness<double>(Activation);
template ActivationRounding activation_rounding<double>(Activation);

template double reference::psi<double>(Activation, const double&);
template double reference::psi_prime<double>(Activation, const double&);
template double reference::sent_through<double>(const Instance&, Rule,
                                                const reference::Plain<double>&, std::size_t,
                                                std::size_t);

}  // namespace alignproof
