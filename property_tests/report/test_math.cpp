// SPDX-License-Identifier: Apache-2.0
// Formulas as MathML, Unicode text and TeX.
#include <alignproof/core/error.hpp>
#include <alignproof/report/math.hpp>

#include "property.hpp"

using namespace alignproof;
using Catch::Matchers::Contains;

TEST_CASE("formulas as Unicode text", "[report][math]") {
  const auto text = [](const char* tex) { return prose_to_text(tex); };
  CHECK(text(R"($|e(t+1)| \le (1 - \eta\gamma/4) |e(t)|$)") == "|e(t+1)| ≤ (1 − ηγ/4) |e(t)|");
  CHECK(text(R"(for $p \ge C_1 n^2/(\delta\gamma^2)$.)") == "for p ≥ C₁ n²/(δγ²).");
  CHECK(text(R"($\sup_t |e(t+1)|/|e(t)|$)") == "supₜ |e(t+1)|/|e(t)|");
  CHECK(text(R"($\lambda_{\min}(\bar G)$)") == "λₘᵢₙ(G\u0304)");
  CHECK(text(R"($\lVert A \rVert_F$)") == "‖A‖_F");
  CHECK(text(R"($\psi'(a_{ri})$, $\Psi^\top \Psi$)") == "ψ′(aᵣᵢ), ΨᵀΨ");
  CHECK(text(R"($\mathbb{E}\,x \to \infty$)") == "𝔼 x → ∞");
  CHECK(text(R"($\sqrt p \sup_t |\cos|$)") == "√p supₜ |cos|");
  CHECK(text(R"($x\text{ for all }t$)") == "x for all t");
}

TEST_CASE("brackets stand only where a fraction needs them", "[report][math]") {
  CHECK(prose_to_text(R"($\frac{a}{b}$)") == "a/b");
  CHECK(prose_to_text(R"($\frac12$)") == "1/2");
  CHECK(prose_to_text(R"($\frac{a + b}{|c|}$)") == "(a + b)/|c|");
  CHECK(prose_to_text(R"($\frac{a}{\gamma\sqrt p}$)") == "a/(γ√p)");
  CHECK(prose_to_text(R"($\frac{1}{2} x$)") == "(1/2) x");
  CHECK(prose_to_text(R"($\frac{\frac{a}{b}}{c}$)") == "(a/b)/c");
  CHECK(prose_to_text(R"($\sqrt{1 + z^2}$)") == "√(1 + z²)");
}

TEST_CASE("a sign is a real minus and no operation", "[report][math]") {
  CHECK(prose_to_text("$-1$") == "−1");
  CHECK(prose_to_text("$x = - y - z$") == "x = −y − z");
  CHECK(prose_to_text("$e^{-t}$ $p^{-1/2}$") == "e⁻ᵗ p^(−1/2)");
  CHECK_THAT(prose_to_html("$(-x)$"), Contains(R"(<mo form="prefix">−</mo>)"));
  CHECK_THAT(prose_to_html("$a-x$"), Contains(R"(<mo form="infix">−</mo>)"));
}

TEST_CASE("formulas as MathML", "[report][math]") {
  CHECK(prose_to_html("$x_i^2$") ==
        "<math><msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup></math>");
  CHECK(prose_to_html(R"($\frac{\eta}{\sqrt p}$)") ==
        "<math><mfrac><mi>η</mi><msqrt><mi>p</mi></msqrt></mfrac></math>");
  CHECK_THAT(prose_to_html(R"($\Psi$)"), Contains(R"(<mi mathvariant="normal">Ψ</mi>)"));
  CHECK_THAT(prose_to_html("a < b & $x < y$"),
             Contains("a &lt; b &amp; <math>") && Contains("&lt;</mo>") && !Contains(" < "));
}

TEST_CASE("a long formula may be broken behind a relation outside brackets", "[report][math]") {
  const std::string html = prose_to_html(R"($f(x, y) \le g$)");
  CHECK_THAT(html, Contains("</math> <math>"));
  CHECK(html.find("</math> <math>") == html.rfind("</math> <math>"));
}

TEST_CASE("prose as LaTeX", "[report][math]") {
  CHECK(prose_to_tex(R"(50% of a_b & $x_1 \le \frac{1}{2}$)") ==
        R"(50\% of a\_b \& $x_1 \le \frac{1}{2}$)");
  CHECK(prose_to_tex("--seed ≥ 5 – größe 雪") ==
        "-{}-{}seed \\ensuremath{\\ge} 5 -- größe {[}U+96EA]");
}

TEST_CASE("what is not in the subset is refused by name", "[report][math]") {
  for (const auto writer : {prose_to_html, prose_to_text, prose_to_tex}) {
    CHECK_THROWS_WITH(writer(R"($a + \foo x$)"),
                      Contains(R"(\foo)") && Contains(R"($a + \foo x$)"));
    CHECK_THROWS_AS(writer(R"($a + \foo x$)"), InputError);
    CHECK_THROWS_WITH(writer("$a ≤ b$"), Contains("≤ in"));
    CHECK_THROWS_WITH(writer("$a_b_c$"), Contains("one subscript"));
    CHECK_THROWS_WITH(writer("$a^$"), Contains("^ in"));
    CHECK_THROWS_WITH(writer("${a$"), Contains("{ in"));
    CHECK_THROWS_WITH(writer("$a}$"), Contains("} in"));
    CHECK_THROWS_WITH(writer(R"($\frac{a}$)"), Contains(R"(\frac in)"));
    CHECK_THROWS_WITH(writer(R"($\mathbb{x}$)"), Contains(R"(\mathbb{x})"));
    CHECK_THROWS_WITH(writer("5 $ and more"), Contains("$ and more"));
  }
}

TEST_CASE("any characters are read or refused, never worse", "[report][math][property]") {
  check_property("no other exception", [] {
    static const std::string alphabet = R"(ab1_^{}'|()-+= \,./<)";
    const auto letters = *rc::gen::container<std::string>(rc::gen::elementOf(alphabet));
    const std::string prose = "$" + letters + "$";
    try {
      const std::string html = prose_to_html(prose);
      RC_ASSERT(prose_to_tex(prose) == prose);
      RC_ASSERT(html.find("<math>") != std::string::npos || prose_to_text(prose).empty());
    } catch (const InputError& error) {
      RC_ASSERT(std::string(error.what()).find("is not accepted: give") != std::string::npos);
    }
  });
}
