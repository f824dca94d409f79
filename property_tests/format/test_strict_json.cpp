// SPDX-License-Identifier: Apache-2.0
// Every byte of JSON counts: texts that readers take in different ways, and random ones, against a
// reader written from RFC 8259 alone.
#include <string>
#include <vector>

#include <alignproof/core/error.hpp>

#include "format/strict_json.hpp"
#include "fuzz/plain_json.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

std::optional<format::detail::Json> read(const std::string& text) {
  try {
    return format::detail::parse_json(text, "a.json");
  } catch (const InputError&) {
    return std::nullopt;
  }
}

std::optional<plain_json::Value> read_plainly(const std::string& text) {
  return plain_json::Parser(text, 16).parse();
}

/// A text of JSON, mostly.
std::string random_text(int depth) {
  static const std::vector<std::string> leaves = {"null",
                                                  "true",
                                                  "0",
                                                  "-0",
                                                  "12",
                                                  "-7",
                                                  "0.5",
                                                  "-0.0",
                                                  "1e3",
                                                  "1E-400",
                                                  "1e308",
                                                  "18446744073709551615",
                                                  "18446744073709551616",
                                                  "-9223372036854775808",
                                                  "\"\"",
                                                  "\"a\\n\"",
                                                  "\"\\u00e9\xc3\xa9\"",
                                                  "\"\\ud83d\\ude00\"",
                                                  "\"\xf0\x9f\x98\x80\"",
                                                  "[]",
                                                  "{}"};
  if (depth == 0 || *rc::gen::inRange(0, 3) == 0) return *rc::gen::elementOf(leaves);
  const bool object = *rc::gen::arbitrary<bool>();
  std::string text(1, object ? '{' : '[');
  const int count = *rc::gen::inRange(0, 4);
  for (int k = 0; k < count; ++k) {
    if (k > 0) text += ", ";
    if (object)
      text += *rc::gen::element<std::string>("\"a\":", "\"b\" : ", "\"\\u0061\":", "\"\":");
    text += random_text(depth - 1);
  }
  return text + (object ? '}' : ']');
}

std::string damaged(std::string text, int changes) {
  for (; changes > 0 && !text.empty(); --changes) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const char byte = *rc::gen::arbitrary<bool>()
                          ? static_cast<char>(*rc::gen::inRange(0, 256))
                          : *rc::gen::elementOf(std::string("\"\\,:[]{}0-.eE+ u\n"));
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        text[at] = byte;
        break;
      case 1:
        text.insert(at, 1, byte);
        break;
      default:
        text.erase(at, 1);
    }
  }
  return text;
}

std::string nested(std::size_t levels, const std::string& inside) {
  return std::string(levels, '[') + inside + std::string(levels, ']');
}

}  // namespace

TEST_CASE("JSON to the last byte, and nothing else", "[format]") {
  using namespace std::string_literals;
  for (const std::string& text : {"{}\0"s,
                                  "{}\0{\"a\": 1}"s,
                                  "\0{}"s,
                                  "[1,\0 2]"s,
                                  "\"a\0b\""s,
                                  "{} \0"s,
                                  "\xef\xbb\xbf{}"s,
                                  "{}{}"s,
                                  "{} x"s,
                                  "[1,]"s,
                                  "{\"a\": 1,}"s,
                                  "[1] // one"s,
                                  "/**/[1]"s,
                                  "[01]"s,
                                  "[+1]"s,
                                  "[.5]"s,
                                  "[1.]"s,
                                  "[1e400]"s,
                                  "[-1e400]"s,
                                  "[0x1]"s,
                                  "[NaN]"s,
                                  "[Infinity]"s,
                                  "['a']"s,
                                  "{a: 1}"s,
                                  "{\"a\": 1, \"a\": 1}"s,
                                  "{\"a\": 1, \"\\u0061\": 1}"s,
                                  "[\"\\ud800\"]"s,
                                  "[\"\\udc00\\ud800\"]"s,
                                  "[\"\xff\"]"s,
                                  "[\"\xc0\xaf\"]"s,
                                  "[\"\xed\xa0\x80\"]"s,
                                  "[\"\xf4\x90\x80\x80\"]"s,
                                  "[\"\t\"]"s,
                                  "[\"\\x41\"]"s,
                                  "\f{}"s,
                                  "\xc2\xa0[]"s,
                                  ""s,
                                  " "s,
                                  "nul"s,
                                  "True"s,
                                  "{}\x1a"s,
                                  "[1"s,
                                  "{\"a\" 1}"s,
                                  nested(17, "1"),
                                  nested(100000, "")}) {
    INFO(text.substr(0, 40));
    CHECK_FALSE(read(text));
    CHECK_FALSE(read_plainly(text));
  }
  for (const std::string& text :
       {"{}"s, " [ ]\r\n"s, "\t1e-400 "s, "-0"s, "-0.0"s, "1E+2"s, "[18446744073709551616]"s,
        "[-9223372036854775809]"s, "\"\\u0000\\/\\b\""s, "[\"\\ud83d\\ude00\", \"\x7f\"]"s,
        "{\"a\": {\"a\": null}, \"A\": [true, false]}"s, nested(16, "1"), nested(17, "")}) {
    INFO(text);
    const auto json = read(text);
    const auto plain = read_plainly(text);
    REQUIRE(json);
    REQUIRE(plain);
    CHECK(plain_json::same(*json, *plain));
  }
  // The comparison sees what it is for.
  CHECK_FALSE(plain_json::same(*read("[0]"), *read_plainly("[-0]")));
  CHECK_FALSE(plain_json::same(*read("[0.0]"), *read_plainly("[-0.0]")));
  CHECK_FALSE(plain_json::same(*read("[1]"), *read_plainly("[1.0]")));
  CHECK_FALSE(plain_json::same(*read("{\"a\": 1}"), *read_plainly("{\"b\": 1}")));
  CHECK_FALSE(plain_json::same(*read("[1, 2]"), *read_plainly("[1]")));
}

TEST_CASE("two readers of JSON accept the same and read the same", "[format][property]") {
  check_property("random texts, whole and with changed bytes", [] {
    for (int k = 0; k < 20; ++k) {
      const std::string text = damaged(random_text(5), *rc::gen::inRange(0, 3));
      const auto json = read(text);
      const auto plain = read_plainly(text);
      RC_ASSERT(json.has_value() == plain.has_value());
      if (json) RC_ASSERT(plain_json::same(*json, *plain));
    }
  });
}

TEST_CASE("the message on a NUL names its place", "[format]") {
  try {
    format::detail::parse_json(std::string_view("{}\0 rest", 8), "a.json");
    FAIL("accepted");
  } catch (const InputError& error) {
    CHECK_THAT(error.what(), Catch::Contains("a.json") && Catch::Contains("NUL at byte 2 of 8"));
  }
}
