// SPDX-License-Identifier: Apache-2.0
#include "site/page.hpp"

#include <cctype>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

namespace alignproof::site {
namespace {

struct FreeNode {
  void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeParser {
  void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};
struct FreeIterator {
  void operator()(cmark_iter* iterator) const { cmark_iter_free(iterator); }
};
using Tree = std::unique_ptr<cmark_node, FreeNode>;
using Parser = std::unique_ptr<cmark_parser, FreeParser>;

Parser parser_of_tables() {
  cmark_gfm_core_extensions_ensure_registered();
  Parser parser(cmark_parser_new(CMARK_OPT_DEFAULT));
  cmark_parser_attach_syntax_extension(parser.get(), cmark_find_syntax_extension("table"));
  return parser;
}

Tree parsed(const Parser& parser, const std::string& markdown) {
  cmark_parser_feed(parser.get(), markdown.data(), markdown.size());
  return Tree(cmark_parser_finish(parser.get()));
}

/// The nodes of a tree, each before its children. Collected first, so that they may be changed.
std::vector<cmark_node*> nodes_of(cmark_node* root) {
  std::vector<cmark_node*> nodes;
  std::unique_ptr<cmark_iter, FreeIterator> iterator(cmark_iter_new(root));
  for (cmark_event_type event; (event = cmark_iter_next(iterator.get())) != CMARK_EVENT_DONE;)
    if (event == CMARK_EVENT_ENTER) nodes.push_back(cmark_iter_get_node(iterator.get()));
  return nodes;
}

std::string words_of(cmark_node* root) {
  std::string words;
  for (cmark_node* node : nodes_of(root)) {
    const cmark_node_type type = cmark_node_get_type(node);
    const bool text = type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE;
    if (text || type == CMARK_NODE_CODE_BLOCK) words += cmark_node_get_literal(node);
    if (!text) words += ' ';
  }
  return words;
}

/// The anchor that GitHub gives to a heading: letters, digits, - and _, in lower case.
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const unsigned char c : heading) {
    if (c == ' ') anchor += '-';
    if (std::isalnum(c) || c == '-' || c == '_' || c >= 0x80)
      anchor += static_cast<char>(std::tolower(c));
  }
  return anchor;
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  text.erase(0, text.find_first_not_of(' '));
  return text;
}

void put_before_children(cmark_node* node, const std::string& html) {
  cmark_node* mark = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
  cmark_node_set_on_enter(mark, html.c_str());
  cmark_node_prepend_child(node, mark);
}

void keep_text_only(cmark_node* link) {
  while (cmark_node* child = cmark_node_first_child(link)) cmark_node_insert_before(link, child);
  cmark_node_free(link);
}

bool is_outside(const std::string& link) {
  return link.find("://") != std::string::npos || link.starts_with("mailto:");
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '&':
        html += "&amp;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

Page read_page(const std::string& markdown, const Address& address) {
  const Parser parser = parser_of_tables();
  const Tree tree = parsed(parser, markdown);
  Page page;
  page.words = words_of(tree.get());
  std::map<std::string, int> taken;
  for (cmark_node* node : nodes_of(tree.get())) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE)
      throw std::runtime_error(std::string("raw HTML, which is not shown: ") +
                               cmark_node_get_literal(node));
    if (type == CMARK_NODE_HEADING) {
      const std::string text = trimmed(words_of(node));
      std::string anchor = anchor_of(text);
      if (const int before = taken[anchor]++) anchor += "-" + std::to_string(before);
      put_before_children(node, "<a class=\"anchor\" id=\"" + anchor + "\"></a>");
      page.headings.push_back({cmark_node_get_heading_level(node), text, anchor});
    }
    if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) {
      const std::string link = cmark_node_get_url(node);
      if (is_outside(link) || link.starts_with("#")) continue;
      const std::string found = address(link);
      if (found.empty())
        keep_text_only(node);
      else
        cmark_node_set_url(node, found.c_str());
    }
  }
  if (page.headings.empty()) throw std::runtime_error("a page without a heading");
  page.title = page.headings.front().text;
  const std::unique_ptr<char, void (*)(void*)> html(
      cmark_render_html(tree.get(), CMARK_OPT_DEFAULT,
                        cmark_parser_get_syntax_extensions(parser.get())),
      std::free);
  page.body = html.get();
  return page;
}

std::vector<Group> tables_behind(const std::string& markdown, const std::string& heading) {
  const Parser parser = parser_of_tables();
  const Tree tree = parsed(parser, markdown);
  std::vector<Group> groups;
  bool behind = false, row_has_one = false;
  for (cmark_node* node : nodes_of(tree.get())) {
    const std::string type = cmark_node_get_type_string(node);
    if (type == "heading") {
      const std::string text = trimmed(words_of(node));
      if (behind) groups.push_back({text, {}});
      behind = behind || text == heading;
    }
    if (type == "table_row") row_has_one = false;
    if (type == "link" && !groups.empty() && !row_has_one) {
      groups.back().links.push_back(cmark_node_get_url(node));
      row_has_one = true;
    }
  }
  return groups;
}

}  // namespace alignproof::site
