// SPDX-License-Identifier: Apache-2.0
// Certificate folders as one text: each file follows a line "=== NAME". Where a file says "@NAME@",
// the SHA-256 of that earlier file is put in, so that fuzzing reaches behind the hashes.
#pragma once

#include <algorithm>
#include <map>

#include <alignproof/format/files.hpp>
#include <alignproof/format/sha256.hpp>

#include "fuzz.hpp"

namespace alignproof::fuzz {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;

inline std::string with_hashes(std::string text, const Files& earlier) {
  for (const auto& [name, bytes] : earlier) {
    const std::string place = "@" + name + "@";
    for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at))
      text.replace(at, place.size(), sha256(bytes));
  }
  return text;
}

inline Files unpacked(std::string_view text) {
  constexpr std::string_view mark = "\n=== ";
  Files files;
  for (auto at = text.find(mark); at != std::string_view::npos; at = text.find(mark)) {
    text.remove_prefix(at + mark.size());
    const std::string_view name = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(name.size() + 1, text.size()));
    std::string bytes = with_hashes(std::string(text.substr(0, text.find(mark))), files);
    files[std::string(name)] = std::move(bytes);
  }
  return files;
}

/// The files that a writer of folders writes, by way of a folder that `run` puts in memory.
class Writer {
 public:
  Writer() : folder_(fs::temp_directory_path() / ("certificate-" + std::to_string(getpid()))) {}
  ~Writer() { clear(); }

  template <class RunCertificate>
  Files written(void (*write)(const fs::path&, const RunCertificate&),
                const RunCertificate& certificate) const {
    clear();
    write(folder_, certificate);
    Files files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_))
      files[entry.path().filename().string()] = read_file(entry.path());
    clear();
    return files;
  }

 private:
  void clear() const {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  fs::path folder_;
};

/// What is accepted is written, all of it and nothing else, and reads back equal.
template <class RunCertificate>
void require_same_again(const RunCertificate& certificate, const Files& files,
                        void (*write)(const fs::path&, const RunCertificate&),
                        RunCertificate (*read)(const Files&)) {
  static const Writer writer;
  const Files written = writer.written(write, certificate);
  require(written.size() == files.size(), "all files are written");
  for (const auto& [name, bytes] : written)
    require(files.contains(name), "no other file is written");
  // Equal files mean equal certificates: nothing that is read is left out when it is written.
  require(writer.written(write, read(written)) == written, "a certificate reads back");
}

}  // namespace alignproof::fuzz
