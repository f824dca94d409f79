// SPDX-License-Identifier: Apache-2.0
// Formulas: written once, in a small subset of TeX, and shown as MathML, plain text or TeX.
#pragma once

#include <string>
#include <string_view>

namespace alignproof::inline report {

/// The subset: letters, digits, + - * = < > ( ) [ ] | , . / ! ' : ; groups {...}, ^ and _,
/// \frac{}{} \sqrt{} \bar{} \tilde{} \dot{} \hat{} \text{} \mathbb{} \operatorname{},
/// \le \ge \ne \ll \gg \approx \sim \to \in \mid, \cdot \circ \times \pm,
/// \sup \inf \min \max \log \exp \cos \sin \sum, \infty \top \ell \ldots,
/// \lVert \rVert \lvert \rvert \langle \rangle \{ \}, \quad \, and Greek letters by name.
/// As in TeX an argument without braces is one letter, digit or command: x^12 is x^1 2.
/// Anything else throws InputError naming it: an unreadable formula is an error of the author.
/// So does a dollar sign without a partner.

/// Prose with $...$ formulas, as HTML with MathML; text is escaped.
std::string prose_to_html(std::string_view prose);
/// As Unicode text: "|e(t+1)| ≤ (1 − ηγ/4) |e(t)|".
std::string prose_to_text(std::string_view prose);
/// As LaTeX: text escaped, formulas verbatim.
std::string prose_to_tex(std::string_view prose);

}  // namespace alignproof::inline report
