// SPDX-License-Identifier: Apache-2.0
// A strict little reader of markup: tags must nest, attributes be quoted, characters be escaped.
// What stands in a script is read by nobody but its language.
#pragma once

#include <cctype>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace alignproof::testing {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;
};

class MarkupReader {
 public:
  /// Reads to the end, or throws std::runtime_error saying what is wrong and where.
  static std::vector<Element> elements_of(std::string_view markup) {
    MarkupReader reader(markup);
    reader.read();
    return reader.elements_;
  }

 private:
  explicit MarkupReader(std::string_view markup) : markup_(markup) {}

  [[noreturn]] void fail(const std::string& what) const {
    const std::size_t from = at_ < 40 ? 0 : at_ - 40;
    throw std::runtime_error(what + " near: " + std::string(markup_.substr(from, 100)));
  }

  char peek() const {
    if (at_ >= markup_.size()) fail("unexpected end");
    return markup_[at_];
  }

  bool accept(std::string_view token) {
    if (markup_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }

  void read() {
    if (!accept("<!DOCTYPE html>")) accept("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    while (at_ < markup_.size()) {
      if (accept("</"))
        close();
      else if (accept("<"))
        open();
      else
        character();
    }
    if (!open_.empty()) fail("<" + open_.back() + "> is not closed");
  }

  void character() {
    const char c = peek();
    // Style sheets hold > as it is, which is fine in markup as well.
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') fail("control character");
    if (c == '&') entity();
    ++at_;
  }

  void entity() {
    const std::size_t end = markup_.find(';', at_);
    if (end == std::string_view::npos || end == at_ + 1 || end - at_ > 8) fail("bare &");
    for (std::size_t i = at_ + 1; i < end; ++i)
      if (std::isalnum(static_cast<unsigned char>(markup_[i])) == 0 && markup_[i] != '#')
        fail("bare &");
  }

  std::string name() {
    const std::size_t begin = at_;
    while (std::isalnum(static_cast<unsigned char>(peek())) != 0 || peek() == '-' || peek() == ':')
      ++at_;
    if (at_ == begin) fail("bare <");
    return std::string(markup_.substr(begin, at_ - begin));
  }

  void open() {
    Element element{name(), {}};
    while (accept(" ")) attribute(element);
    const bool empty = accept("/");
    if (!accept(">")) fail("tag without end");
    if (!empty) open_.push_back(element.name);
    if (element.name == "script") {
      const std::size_t end = markup_.find("</script>", at_);
      if (end == std::string_view::npos) fail("<script> is not closed");
      at_ = end;
    }
    elements_.push_back(std::move(element));
  }

  void attribute(Element& element) {
    const std::string key = name();
    if (!accept("=\"")) fail("attribute without quotes");
    const std::size_t begin = at_;
    while (peek() != '"') {
      if (peek() == '<') fail("< in an attribute");
      character();
    }
    const bool fresh = element.attributes.emplace(key, markup_.substr(begin, at_ - begin)).second;
    if (!fresh) fail("attribute given twice");
    ++at_;
  }

  void close() {
    const std::string closed = name();
    if (!accept(">")) fail("tag without end");
    if (open_.empty() || open_.back() != closed) fail("</" + closed + "> closes nothing");
    open_.pop_back();
  }

  std::string_view markup_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  std::vector<Element> elements_;
};

inline std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

}  // namespace alignproof::testing
