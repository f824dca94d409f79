// SPDX-License-Identifier: Apache-2.0
// alignproof-site-check FOLDER: reads every page of a site as a browser does and prints one line a
// fault: a link to no file, a link to no anchor, and anything that a page, style or script would
// load from outside its folder. Links that a reader may follow to outside are counted. Knows
// nothing of the program that writes the site.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct Reference {
  std::string tag, attribute, value;
};

struct Document {
  std::vector<Reference> references;
  std::set<std::string> anchors;
};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string plain(std::string text) {
  for (const auto& [mark, meant] : std::map<std::string, std::string>{
           {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}})
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; ++at)
      text.replace(at, mark.size(), meant);
  return text;
}

/// What styles load: url(...) and @import.
void read_style(const std::string& style, Document& document) {
  static const std::regex loads(R"re((?:url\(\s*|@import\s+)["']?([^"')\s;]+))re");
  for (std::sregex_iterator it(style.begin(), style.end(), loads), none; it != none; ++it)
    document.references.push_back({"style", "url", (*it)[1]});
}

/// Addresses outside that stand as strings of a script.
void read_script(const std::string& script, Document& document) {
  static const std::regex outside(R"re(["'`]((?:[a-z]+:)?//[^"'`\s]+))re");
  for (std::sregex_iterator it(script.begin(), script.end(), outside), none; it != none; ++it)
    document.references.push_back({"script", "string", (*it)[1]});
}

/// Every attribute that holds an address, every anchor, and what styles within the page load.
Document read_html(const std::string& html) {
  static const std::regex tags(R"re(<([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>)re"),
      attributes(R"re(([a-zA-Z:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))re"),
      styles(R"re(<style[^>]*>([^]*?)</style>)re", std::regex::icase),
      scripts(R"re(<script[^>]*>([^]*?)</script>)re", std::regex::icase);
  static const std::set<std::string> addresses = {"href",   "src",    "srcset",    "data",
                                                  "action", "poster", "xlink:href"};
  Document document;
  for (std::sregex_iterator it(html.begin(), html.end(), tags), none; it != none; ++it) {
    const std::string tag = (*it)[1], rest = (*it)[2];
    for (std::sregex_iterator a(rest.begin(), rest.end(), attributes); a != none; ++a) {
      const std::string name = (*a)[1];
      const std::string value = plain((*a)[2].str() + (*a)[3].str() + (*a)[4].str());
      if (name == "id" || (name == "name" && tag == "a")) document.anchors.insert(value);
      if (name == "style") read_style(value, document);
      if (addresses.contains(name)) document.references.push_back({tag, name, value});
    }
  }
  for (std::sregex_iterator it(html.begin(), html.end(), styles), none; it != none; ++it)
    read_style((*it)[1], document);
  for (std::sregex_iterator it(html.begin(), html.end(), scripts), none; it != none; ++it)
    read_script((*it)[1], document);
  return document;
}

bool is_outside(const std::string& address) {
  static const std::regex outside(R"(([a-zA-Z][a-zA-Z0-9+.-]*:|//).*)");
  return std::regex_match(address, outside);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !fs::is_directory(argv[1])) {
    std::cerr << "usage: alignproof-site-check FOLDER\n";
    return 2;
  }
  const fs::path site = fs::canonical(argv[1]);
  std::map<fs::path, Document> documents;
  for (const auto& entry : fs::recursive_directory_iterator(site)) {
    const std::string kind = entry.path().extension().string();
    if (kind == ".html" || kind == ".svg")
      documents[entry.path()] = read_html(read(entry.path()));
    else if (kind == ".css")
      read_style(read(entry.path()), documents[entry.path()]);
    else if (kind == ".js")
      read_script(read(entry.path()), documents[entry.path()]);
  }
  std::size_t inside = 0, outside = 0, faults = 0;
  const auto fault = [&](const fs::path& page, const Reference& at, const char* what) {
    std::cout << page.lexically_relative(site).string() << ": " << what << ": " << at.tag << " "
              << at.attribute << "=" << at.value << "\n";
    ++faults;
  };
  for (const auto& [page, document] : documents)
    for (const Reference& reference : document.references) {
      if (is_outside(reference.value)) {
        ++outside;
        if (reference.tag != "a" || reference.attribute != "href")
          fault(page, reference, "loaded from outside");
        continue;
      }
      ++inside;
      const std::size_t mark = reference.value.find('#');
      const std::string path = reference.value.substr(0, mark);
      const fs::path target = path.empty() ? page : (page.parent_path() / path).lexically_normal();
      if (!fs::is_regular_file(target) ||
          target.lexically_relative(site).string().starts_with(".."))
        fault(page, reference, "leads to no file of the site");
      else if (mark != std::string::npos &&
               !documents[target].anchors.contains(reference.value.substr(mark + 1)))
        fault(page, reference, "leads to no anchor");
    }
  std::cout << documents.size() << " pages, figures and styles, " << inside << " links inside, "
            << outside << " to outside, " << faults << " faults\n";
  return faults == 0 && documents.size() > 1 && inside > 0 ? 0 : 1;
}
