// SPDX-License-Identifier: Apache-2.0
// Where results go: a file, standard output, or a folder that this program alone writes to.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <alignproof/format/files.hpp>

namespace alignproof::cli {

/// `-` names standard output, where one file can go.
bool is_standard_output(const std::string& file);

/// Before the work: throws InputError if write_output could not write there.
void require_output(const std::string& file);
void write_output(const std::string& file, std::string_view bytes);

/// A line of text on standard output, wrapped at 80 columns. What is to be copied, as a path or a
/// command, does not belong in it.
void print_wrapped(const std::string& text);
template <class First, class... Args>
void print_wrapped(fmt::format_string<First, Args...> words, First&& first, Args&&... args) {
  print_wrapped(fmt::format(words, std::forward<First>(first), std::forward<Args>(args)...));
}

/// Throws InputError if the results would replace one of the files that are read.
void require_apart(const std::filesystem::path& result, const std::vector<std::string>& read);

/// While standard output takes a file, what is said about it goes to standard error.
class Aside {
 public:
  explicit Aside(bool is_needed);
  ~Aside();
  Aside(const Aside&) = delete;
  Aside& operator=(const Aside&) = delete;

 private:
  int kept_ = -1;
};

/// Which of a folder and those it is in are missing, and would be made. Where the program ends
/// without unwinding, remove_empty() takes away those that were made for nothing.
class MissingFolders {
 public:
  explicit MissingFolders(const std::string& folder);
  ~MissingFolders();
  MissingFolders(const MissingFolders&) = delete;
  MissingFolders& operator=(const MissingFolders&) = delete;

  /// Calls nothing but what a handler of signals may call.
  static void remove_empty();

 private:
  std::vector<std::string> paths_;  ///< the innermost first
};

/// The folder, held; throws InputError if one of the names cannot be written in it.
class ResultFolder : MissingFolders, public OutputFolder {
 public:
  ResultFolder(const std::string& folder, const std::vector<std::string>& names);
};

/// The folder of a certificate, held; throws InputError unless it was missing or is empty.
class CertificateFolder : MissingFolders, public OutputFolder {
 public:
  explicit CertificateFolder(const std::string& folder);
};

}  // namespace alignproof::cli
