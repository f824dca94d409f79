// SPDX-License-Identifier: Apache-2.0
#include "output.hpp"

#include <atomic>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <alignproof/core/columns.hpp>
#include <alignproof/core/error.hpp>

namespace alignproof::cli {

bool is_standard_output(const std::string& file) {
  return file == "-";
}

void require_output(const std::string& file) {
  if (!is_standard_output(file)) require_writable_file(file);
}

void write_output(const std::string& file, std::string_view bytes) {
  if (is_standard_output(file))
    fmt::print("{}", bytes);
  else
    write_file(file, bytes);
}

void print_wrapped(const std::string& text) {
  fmt::print("{}\n", fmt::join(wrapped(text, terminal_columns), "\n"));
}

void require_apart(const std::filesystem::path& result, const std::vector<std::string>& read) {
  std::error_code error;  // what does not exist is not read
  for (const std::string& file : read)
    if (std::filesystem::is_regular_file(file, error) &&
        std::filesystem::equivalent(result, file, error))
      throw InputError("file for results", fmt::format("'{}'", result.string()),
                       fmt::format("another one than '{}', which is read", file));
}

Aside::Aside(bool is_needed) {
  if (!is_needed) return;
  std::fflush(stdout);
  kept_ = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (kept_ >= 0) dup2(STDERR_FILENO, STDOUT_FILENO);
}

Aside::~Aside() {
  if (kept_ < 0) return;
  std::fflush(stdout);
  std::clearerr(stdout);  // that standard error cannot be written is nobody's business
  dup2(kept_, STDOUT_FILENO);
  close(kept_);
}

namespace {

std::atomic<const MissingFolders*> missing_folders = nullptr;

}  // namespace

MissingFolders::MissingFolders(const std::string& folder) {
  std::error_code error;
  for (std::filesystem::path path = folder; !path.empty(); path = path.parent_path()) {
    if (std::filesystem::exists(path, error) || path == path.parent_path()) break;
    paths_.push_back(path.string());
  }
  missing_folders = this;
}

MissingFolders::~MissingFolders() {
  missing_folders = nullptr;
}

void MissingFolders::remove_empty() {
  const MissingFolders* const made = missing_folders;
  if (!made) return;
  for (const std::string& path : made->paths_) (void)rmdir(path.c_str());
}

ResultFolder::ResultFolder(const std::string& folder, const std::vector<std::string>& names)
    : MissingFolders(folder), OutputFolder(folder) {
  for (const std::string& name : names) require_writable_file(std::filesystem::path(folder) / name);
}

CertificateFolder::CertificateFolder(const std::string& folder)
    : MissingFolders(folder), OutputFolder(folder) {
  std::error_code error;
  if (!std::filesystem::is_empty(folder, error))
    throw InputError("certificate folder", fmt::format("'{}'", folder),
                     "a folder that does not exist or is empty");
}

}  // namespace alignproof::cli
