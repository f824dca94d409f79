// SPDX-License-Identifier: Apache-2.0
// Proposes width certificates: alignproof-check decides.
#pragma once

#include <alignproof/bounds/width.hpp>
#include <alignproof/format/width_certificate.hpp>

namespace alignproof::inline certificates {

/// The statement that a certificate is to prove: the data and how they are learnt.
struct WidthStatement {
  Activation activation = Activation::tanh;
  Rule rule = Rule::fa;
  const Array& X;  ///< n x d
  const Array& y;  ///< n, or n x k
};

/// The certificate of a width that was found: spectra as doubles, rounded outward with room for the
/// checker's own enclosure; what follows is enclosed once more from these, and rounded up. `data`
/// are those of the statement. Digits are the thread's. Throws InputError on widths beyond 2^53,
/// and where (P.5) at the width that was found holds by less than rounding.
WidthCertificate propose_width_certificate(const WidthStatement& statement,
                                           const AprioriData<RealBall<Mpfr>>& data,
                                           const AprioriVariant& variant,
                                           const SufficientWidth& found);

}  // namespace alignproof::inline certificates
