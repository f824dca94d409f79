// SPDX-License-Identifier: Apache-2.0
// Where results go: a file, standard output, or a folder that this program alone writes to.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/format/files.hpp>

namespace alignproof::cli {

/// `-` names standard output, where one file can go.
bool is_standard_output(const std::string& file);

/// Before the work: throws InputError if write_output could not write there.
void require_output(const std::string& file);
void write_output(const std::string& file, std::string_view bytes);

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

/// The folder, held; throws InputError if one of the names cannot be written in it.
class ResultFolder : public OutputFolder {
 public:
  ResultFolder(const std::string& folder, const std::vector<std::string>& names);
};

/// The folder of a certificate, held; throws InputError unless it was missing or is empty.
class CertificateFolder : public OutputFolder {
 public:
  explicit CertificateFolder(const std::string& folder);
};

}  // namespace alignproof::cli
