// SPDX-License-Identifier: Apache-2.0
// Instantiates the templates that switch on a rule, so that the compiler looks at them: see
// new_enumerators.
#include <alignproof/bounds/theorem_a_variants.hpp>

#include "reference/plain.hpp"

namespace alignproof {

template double reference::sent_through<double>(const Instance&, Rule,
                                                const reference::Plain<double>&, std::size_t,
                                                std::size_t);

}  // namespace alignproof
