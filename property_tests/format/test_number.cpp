// SPDX-License-Identifier: Apache-2.0
// Doubles as hexadecimal text: exact in both directions, one spelling, nothing else accepted.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>

#include <alignproof/core/error.hpp>
#include <alignproof/format/number.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

/// Any finite double: random bits reach subnormal, tiny and huge values alike.
double finite_double() {
  const double value = std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>());
  RC_PRE(std::isfinite(value));
  return value;
}

}  // namespace

TEST_CASE("hexadecimal text reads back bit for bit", "[format][number][property]") {
  check_property("from_hex inverts to_hex", [] {
    const double value = finite_double();
    RC_ASSERT(std::bit_cast<std::uint64_t>(from_hex(to_hex(value))) ==
              std::bit_cast<std::uint64_t>(value));
  });
  check_property("to_hex agrees with C's %a", [] {
    const double value = finite_double();
    char text[64];
    std::snprintf(text, sizeof text, "%a", value);
    RC_ASSERT(to_hex(value) == text);
  });
  for (double value : {0.0, -0.0, 5e-324, -2.2250738585072014e-308, 1.7976931348623157e308})
    CHECK(std::bit_cast<std::uint64_t>(from_hex(to_hex(value))) ==
          std::bit_cast<std::uint64_t>(value));
  CHECK(to_hex(0.1) == "0x1.999999999999ap-4");
}

TEST_CASE("text that is no canonical hexadecimal double is rejected", "[format][number][property]") {
  for (const char* text : {"",          "-",         "0x",       "0x1",     "1p+0",
                           "0.1",       " 0x1p+0",   "0x1p+0 ",  "0x1p+0x", "nan",
                           "inf",       "-inf",      "0xnan",    "0xinf",   "0x1p+1024",
                           "0x1p-1075", "+0x1p+0",   "--0x1p+0", "0x-1p+0", "0X1P+0",
                           "0x1.8P+0",  "0x1.80p+0", "0x1p0",    "0x3p+0",  "0x1.00000000000001p+0",
                           "0x1,8p+0"}) {
    INFO(text);
    CHECK_THROWS_AS(from_hex(text), InputError);
  }
  check_property("one changed character is rejected or spells another number", [] {
    const double value = finite_double();
    std::string text = to_hex(value);
    const auto place = *rc::gen::inRange<std::size_t>(0, text.size());
    const char before = text[place];
    text[place] = *rc::gen::arbitrary<char>();
    RC_PRE(text[place] != before);
    try {
      RC_ASSERT(to_hex(from_hex(text)) == text);
    } catch (const InputError&) {
    }
  });
  CHECK_THROWS_AS(to_hex(std::numeric_limits<double>::quiet_NaN()), InputError);
  CHECK_THROWS_AS(to_hex(std::numeric_limits<double>::infinity()), InputError);
}

TEST_CASE("the message quotes the text", "[format][number]") {
  CHECK_THROWS_WITH(from_hex("0x1.g"), Catch::Contains("'0x1.g'") && Catch::Contains("0x1.8p+1"));
}
