// SPDX-License-Identifier: Apache-2.0
// A page of documentation, from Markdown (as GitHub reads it) to HTML.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace alignproof::site {

/// What < > & " are in HTML.
std::string escaped(std::string_view text);

struct Heading {
  int level;
  std::string text, anchor;
};

struct Page {
  std::string title;  // the first heading
  std::string body;   // HTML
  std::string words;  // its text without marks, for the search
  std::vector<Heading> headings;
};

/// The address that a link of the page has in the site; empty: the link's text stands without a
/// link. An address outside and one within the page are not asked for.
using Address = std::function<std::string(const std::string& link)>;

/// Throws std::runtime_error on raw HTML, which the site would lose, and on a page without a
/// heading.
Page read_page(const std::string& markdown, const Address& address);

/// A name and the links below it.
struct Group {
  std::string name;
  std::vector<std::string> links;
};

/// The links of all tables behind the heading, by the headings between them; of a row, the first.
std::vector<Group> tables_behind(const std::string& markdown, const std::string& heading);

}  // namespace alignproof::site
