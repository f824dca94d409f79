// SPDX-License-Identifier: Apache-2.0
// The bytes of data that users have: files, pipes and standard input, plain or gzipped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace alignproof::inline network::detail {

/// Reads from front to back and once, so that pipes will do. What begins like gzip is unpacked,
/// whatever its name is: all members of it, and nothing but members. Throws InputError that names
/// the file on one that cannot be opened or read, and on gzip data that are damaged, cut off or
/// followed by something else.
class UserBytes {
 public:
  /// "-" is standard input; `what` begins the messages ("CSV file").
  UserBytes(const std::filesystem::path& path, const std::string& what);
  ~UserBytes();
  UserBytes(const UserBytes&) = delete;
  UserBytes& operator=(const UserBytes&) = delete;

  /// Up to `size` bytes; fewer only at the end.
  std::size_t read(void* bytes, std::size_t size);
  /// All that is left; throws InputError if it is more than `most` bytes, unpacked.
  std::string rest(std::uintmax_t most);
  /// The path, fit for a line of a terminal.
  const std::string& name() const { return name_; }

 private:
  struct State;
  std::string name_;
  std::unique_ptr<State> state_;
};

/// Are both paths one pipe or terminal, which cannot be read twice?
bool same_stream(const std::filesystem::path& a, const std::filesystem::path& b);

/// What a file is that begins so, where it is one of the formats that are taken for others:
/// "a zip archive, such as .npz and .xlsx".
std::optional<std::string_view> known_format(std::string_view beginning);

/// Fit for one line of a terminal: control characters and what is no UTF-8 as \x0a and the like;
/// without `keep_high` all bytes above 0x7f, so that a look-alike is seen.
std::string printable(std::string_view text, bool keep_high);

/// The beginning of a text in quotes, for messages.
std::string in_quotes(std::string_view text);

/// The first character of UTF-8 and its length; length 1 and no character where it is none.
struct Character {
  std::optional<char32_t> code;
  std::size_t length = 1;
};
Character first_character(std::string_view text);

}  // namespace alignproof::inline network::detail
