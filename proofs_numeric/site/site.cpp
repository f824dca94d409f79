// SPDX-License-Identifier: Apache-2.0
#include "site/site.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "site/page.hpp"

namespace alignproof::site {
namespace {

namespace fs = std::filesystem;

const fs::path kMap = "reports/docs/README.md";  // readers and the list of all pages
const std::string kListOfPages = "All pages";

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

/// The template with {{name}} replaced.
std::string filled(const std::string& text, const std::map<std::string, std::string>& values) {
  std::string result;
  std::size_t at = 0;
  for (std::size_t mark; (mark = text.find("{{", at)) != std::string::npos;) {
    const std::size_t end = text.find("}}", mark);
    result += text.substr(at, mark - at) + values.at(text.substr(mark + 2, end - mark - 2));
    at = end + 2;
  }
  return result + text.substr(at);
}

std::string js_string(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '<')  // never ends a script
      quoted += "\\x3c";
    else
      quoted += c == '\n' ? ' ' : c;
  }
  return quoted + '"';
}

/// Where the page of a file stands in the site. The first page is index.html.
fs::path place_of(const fs::path& source) {
  if (source == "README.md") return "index.html";
  if (source.extension() == ".md") return fs::path(source).replace_extension(".html");
  if (source.extension() == ".svg") return source;
  return source.string() + ".html";
}

class Site {
 public:
  Site(fs::path top, fs::path out) : top_(std::move(top)), out_(std::move(out)) {}

  void write_all() {
    for (const char* name : {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"}) add_page(name);
    std::vector<fs::path> docs;
    for (const auto& entry : fs::directory_iterator(top_ / kMap.parent_path()))
      if (entry.path().extension() == ".md") docs.push_back(entry.path().lexically_relative(top_));
    std::sort(docs.begin(), docs.end());
    for (const fs::path& source : docs) add_page(source);
    read_groups();
    for (const auto& [source, page] : pages_) write_page(source, page, page.body);
    // A file that is linked to may be a folder, whose files are linked to from its page.
    while (!linked_.empty()) {
      const fs::path source = *linked_.begin();
      linked_.erase(linked_.begin());
      if (shown_.insert(source).second) write_linked(source);
    }
    write_search();
    write(out_ / "site.css", read(top_ / "reports/templates/site.css"));
  }

 private:
  void add_page(const fs::path& source) {
    try {
      pages_[source] = read_page(read(top_ / source),
                                 [&](const std::string& link) { return address(source, link); });
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(source.string() + ": " + error.what());
    }
  }

  /// The place in the site, seen from the page of `source`, that a link of it leads to.
  std::string address(const fs::path& source, const std::string& link) {
    const std::size_t mark = link.find('#');
    const fs::path target = (source.parent_path() / link.substr(0, mark)).lexically_normal();
    if (!fs::exists(top_ / target)) throw std::runtime_error("a link to nothing: " + link);
    if (target.extension() != ".md") linked_.insert(target);
    return from(source, place_of(target)) + (mark == std::string::npos ? "" : link.substr(mark));
  }

  static std::string from(const fs::path& source, const fs::path& place) {
    return place.lexically_relative(place_of(source).parent_path()).generic_string();
  }

  void read_groups() {
    std::set<fs::path> listed;
    groups_ = tables_behind(read(top_ / kMap), kListOfPages);
    for (Group& group : groups_)
      for (std::string& link : group.links) {
        link = (kMap.parent_path() / link).lexically_normal().string();
        listed.insert(link);
      }
    for (const auto& [source, page] : pages_)
      if (source.parent_path() == kMap.parent_path() && source != kMap && !listed.contains(source))
        throw std::runtime_error(kMap.string() + " does not list " + source.string() +
                                 " behind \"" + kListOfPages + "\"");
  }

  std::string entry(const fs::path& here, const fs::path& source) const {
    const Page& page = pages_.at(source);
    std::string html = "<li><a" + std::string(here == source ? " aria-current=\"page\"" : "") +
                       " href=\"" + from(here, place_of(source)) + "\">" + escaped(page.title) +
                       "</a>";
    if (here == source) {
      html += "<ul>";
      for (const Heading& heading : page.headings)
        if (heading.level == 2)
          html += "<li><a href=\"#" + heading.anchor + "\">" + escaped(heading.text) + "</a></li>";
      html += "</ul>";
    }
    return html + "</li>\n";
  }

  std::string navigation(const fs::path& here) const {
    std::string html = "<ul>\n";
    for (const fs::path& source : {fs::path("README.md"), kMap}) html += entry(here, source);
    html += "</ul>\n";
    for (const Group& group : groups_) {
      html += "<h2>" + escaped(group.name) + "</h2>\n<ul>\n";
      for (const std::string& source : group.links) html += entry(here, source);
      html += "</ul>\n";
    }
    html += "<h2>The project</h2>\n<ul>\n";
    for (const char* source : {"CONTRIBUTING.md", "CHANGELOG.md"}) html += entry(here, source);
    return html + "</ul>\n";
  }

  void write_page(const fs::path& source, const Page& page, const std::string& body) const {
    write(out_ / place_of(source), filled(frame_, {{"title", escaped(page.title)},
                                                   {"style", from(source, "site.css")},
                                                   {"search", from(source, "search.html")},
                                                   {"navigation", navigation(source)},
                                                   {"body", body}}));
  }

  /// A figure is copied; of a source file its text is shown; a folder is a list of its files.
  void write_linked(const fs::path& source) {
    if (source.extension() == ".svg") return write(out_ / place_of(source), read(top_ / source));
    std::string body = "<h1><code>" + escaped(source.string()) + "</code></h1>\n";
    if (fs::is_directory(top_ / source)) {
      std::set<fs::path> files;
      for (const auto& file : fs::directory_iterator(top_ / source))
        if (file.is_regular_file()) files.insert(source / file.path().filename());
      body += "<ul>\n";
      for (const fs::path& file : files) {
        linked_.insert(file);
        body += "<li><a href=\"" + from(source, place_of(file)) + "\"><code>" +
                escaped(file.filename().string()) + "</code></a></li>\n";
      }
      body += "</ul>\n";
    } else {
      body += "<pre><code>" + escaped(read(top_ / source)) + "</code></pre>\n";
    }
    write_page(source, {source.string(), "", "", {}}, body);
  }

  /// The words of all pages in a script, since a page from the disk may read no other file.
  void write_search() const {
    std::string script = "const pages = [\n";
    for (const auto& [source, page] : pages_)
      script += "[" + js_string(place_of(source).generic_string()) + "," + js_string(page.title) +
                "," + js_string(page.words) + "],\n";
    write(out_ / "search.js", script + "];\n" + read(top_ / "reports/templates/site_search.js"));
    write_page("search", {"Search", "", "", {}}, read(top_ / "reports/templates/site_search.html"));
  }

  fs::path top_, out_;
  std::string frame_ = read(top_ / "reports/templates/site.html");
  std::map<fs::path, Page> pages_;
  std::vector<Group> groups_;
  std::set<fs::path> linked_, shown_;
};

}  // namespace

void write_site(const fs::path& top, const fs::path& out) {
  if (fs::exists(out)) {
    if (!fs::is_empty(out) && !fs::exists(out / "site.css"))
      throw std::runtime_error(out.string() + " is no site; name a folder that is missing or one");
    fs::remove_all(out);
  }
  Site(top, out).write_all();
}

}  // namespace alignproof::site
