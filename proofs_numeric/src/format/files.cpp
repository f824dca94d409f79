// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/files.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

namespace alignproof {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void cannot_write(const fs::path& path) {
  throw InputError("output", fmt::format("'{}'", path.string()),
                   "a path that can be written and a disk with room");
}

/// A name beside the target that no other process uses.
fs::path temporary_beside(const fs::path& file) {
  return file.parent_path() / fmt::format(".{}.{}.tmp", file.filename().string(), getpid());
}

/// Writes the bytes of `target` to its temporary file.
void write_temporary(const fs::path& temporary, std::string_view bytes, const fs::path& target) {
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    cannot_write(target);
  }
}

}  // namespace

std::string read_file(const fs::path& file) {
  const auto refuse = [&](const char* accepted) {
    throw InputError("file", fmt::format("'{}'", file.string()), accepted);
  };
  std::ifstream in(file, std::ios::binary);
  std::error_code error;
  if (!in || fs::is_directory(file, error)) refuse("a file that can be read");
  std::string bytes;
  std::vector<char> block(std::size_t{1} << 16);
  do {
    in.read(block.data(), static_cast<std::streamsize>(block.size()));
    bytes.append(block.data(), static_cast<std::size_t>(in.gcount()));
  } while (in);
  // Ended by the end of the file and by nothing else: never a prefix.
  if (!in.eof() || in.bad()) refuse("a file that can be read to its end");
  return bytes;
}

void write_file(const fs::path& file, std::string_view bytes) {
  const fs::path temporary = temporary_beside(file);
  write_temporary(temporary, bytes, file);
  std::error_code error;
  fs::rename(temporary, file, error);
  if (error) {
    fs::remove(temporary, error);
    cannot_write(file);
  }
}

void require_writable(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder))
    throw InputError("output folder", fmt::format("'{}'", folder.string()),
                     "a folder that exists or can be made");
  const fs::path probe = temporary_beside(folder / "probe");
  write_temporary(probe, "", folder);
  fs::remove(probe, error);
}

void write_files(const fs::path& folder, const std::map<std::string, std::string>& files) {
  require_writable(folder);
  std::vector<std::pair<fs::path, fs::path>> renames;
  std::error_code error;
  const auto clean_up = [&] {
    for (const auto& [temporary, target] : renames) fs::remove(temporary, error);
  };
  try {
    for (const auto& [name, bytes] : files) {
      renames.emplace_back(temporary_beside(folder / name), folder / name);
      write_temporary(renames.back().first, bytes, folder / name);
    }
  } catch (...) {
    clean_up();
    throw;
  }
  for (const auto& [temporary, target] : renames)
    if (fs::is_directory(target, error)) {  // what a rename could not replace
      clean_up();
      cannot_write(target);
    }
  for (const auto& [temporary, target] : renames) {
    fs::rename(temporary, target, error);
    if (error) {
      clean_up();
      cannot_write(target);
    }
  }
}

std::string shell_word(const std::string& text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./-+=:,@%").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string word = "'";
  for (char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace alignproof
