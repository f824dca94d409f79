// SPDX-License-Identifier: Apache-2.0
#include "user_bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <zlib.h>

#include <alignproof/core/error.hpp>

namespace alignproof::inline network::detail {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view gzip_magic = "\x1f\x8b";

const char* openable(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "a file that exists";
    case EACCES:
    case EPERM:
      return "a file that you may read";
    case ELOOP:
      return "a file, not a loop of links";
    case ENAMETOOLONG:
      return "a path that is not too long";
    default:
      return "a file that can be read";
  }
}

bool is_standard_input(const fs::path& path) {
  return path == "-";
}

}  // namespace

struct UserBytes::State {
  int descriptor = -1;
  bool opened = false;        ///< by us
  std::uintmax_t length = 0;  ///< of a regular file
  std::vector<unsigned char> buffer = std::vector<unsigned char>(std::size_t{1} << 16);
  std::size_t begin = 0, end = 0;  ///< what of it is still to be taken
  bool gzipped = false, member_ended = false;
  z_stream stream{};
  std::string name;

  ~State() {
    if (gzipped) inflateEnd(&stream);
    if (opened) close(descriptor);
  }

  [[noreturn]] void refuse_gzip(const std::string& found) const {
    throw InputError(fmt::format("gzip data of {}", name), found, "a whole, undamaged file");
  }

  /// More bytes behind those in the buffer; false at the end.
  bool fill() {
    if (begin > 0) {
      std::copy(buffer.begin() + static_cast<std::ptrdiff_t>(begin),
                buffer.begin() + static_cast<std::ptrdiff_t>(end), buffer.begin());
      end -= begin, begin = 0;
    }
    ssize_t got = 0;
    do got = ::read(descriptor, buffer.data() + end, buffer.size() - end);
    while (got < 0 && errno == EINTR);
    if (got < 0)
      throw InputError("file", fmt::format("'{}'", name),
                       fmt::format("one that can be read ({})", std::strerror(errno)));
    end += static_cast<std::size_t>(got);
    return got > 0;
  }

  bool begins_with(std::string_view bytes) {
    while (end - begin < bytes.size())
      if (!fill()) return false;
    return std::memcmp(buffer.data() + begin, bytes.data(), bytes.size()) == 0;
  }

  void begin_unpacking() {
    constexpr int gzip_only = 16 + MAX_WBITS;
    if (inflateInit2(&stream, gzip_only) != Z_OK) throw std::bad_alloc();
    gzipped = true;
  }

  std::size_t plain(unsigned char* bytes, std::size_t size) {
    if (begin == end && !fill()) return 0;
    const std::size_t taken = std::min(size, end - begin);
    std::memcpy(bytes, buffer.data() + begin, taken);
    begin += taken;
    return taken;
  }

  /// The next member, or false at the end of the file.
  bool next_member() {
    if (begin == end && !fill()) return false;
    if (!begins_with(gzip_magic)) refuse_gzip("something else after its end");
    inflateReset(&stream);
    member_ended = false;
    return true;
  }

  std::size_t unpacked(unsigned char* bytes, std::size_t size) {
    const std::size_t ask = std::min<std::size_t>(size, 1u << 30);
    std::size_t got = 0;
    while (got == 0) {
      if (member_ended && !next_member()) return 0;
      if (begin == end && !fill()) refuse_gzip("cut off");
      stream.next_in = buffer.data() + begin, stream.avail_in = static_cast<uInt>(end - begin);
      stream.next_out = bytes, stream.avail_out = static_cast<uInt>(ask);
      const int code = inflate(&stream, Z_NO_FLUSH);
      begin = end - stream.avail_in;
      got = ask - stream.avail_out;
      member_ended = code == Z_STREAM_END;
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
        refuse_gzip(fmt::format("'{}'", stream.msg ? stream.msg : "damaged"));
    }
    return got;
  }
};

UserBytes::UserBytes(const fs::path& path, const std::string& what)
    : name_(is_standard_input(path) ? "standard input" : printable(path.string(), true)),
      state_(std::make_unique<State>()) {
  const auto refuse = [&](const char* accepted) {
    throw InputError(what, fmt::format("'{}'", name_), accepted);
  };
  state_->name = name_;
  state_->opened = !is_standard_input(path);
  if (state_->opened) state_->descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (!state_->opened) state_->descriptor = STDIN_FILENO;
  if (state_->descriptor < 0) {
    const int error = errno;
    state_->opened = false;
    refuse(openable(error));
  }
  struct stat status {};
  if (fstat(state_->descriptor, &status) != 0) refuse("a file that can be read");
  if (S_ISDIR(status.st_mode)) refuse("a file, not a folder");
  if (S_ISREG(status.st_mode)) state_->length = static_cast<std::uintmax_t>(status.st_size);
  if (state_->begins_with(gzip_magic)) state_->begin_unpacking();
}

UserBytes::~UserBytes() = default;

std::size_t UserBytes::read(void* bytes, std::size_t size) {
  auto* const out = static_cast<unsigned char*>(bytes);
  std::size_t got = 0;
  while (got < size) {
    const std::size_t now = state_->gzipped ? state_->unpacked(out + got, size - got)
                                            : state_->plain(out + got, size - got);
    if (now == 0) break;
    got += now;
  }
  return got;
}

std::string UserBytes::rest(std::uintmax_t most) {
  const auto refuse = [&](const std::string& size) {
    throw InputError(fmt::format("size of {}", name_), size,
                     fmt::format("at most {} bytes{}", most, state_->gzipped ? ", unpacked" : ""));
  };
  if (state_->length > most) refuse(fmt::format("{} bytes", state_->length));
  constexpr std::size_t chunk = std::size_t{1} << 20;
  std::string bytes;
  if (!state_->gzipped) bytes.reserve(static_cast<std::size_t>(state_->length));
  for (std::size_t got = 1; got > 0;) {
    const std::size_t before = bytes.size();
    // What a regular file says that it has, and a byte more, is asked for at first: no more memory
    // is taken than there are bytes.
    const std::size_t expected = static_cast<std::size_t>(state_->length) + 1;
    const std::size_t ask =
        state_->gzipped || before >= expected ? chunk : std::min(chunk, expected - before);
    bytes.resize(before + ask);
    got = read(bytes.data() + before, ask);
    bytes.resize(before + got);
    if (bytes.size() > most) refuse(fmt::format("more than {} bytes", most));
  }
  return bytes;
}

bool same_stream(const fs::path& a, const fs::path& b) {
  const auto found = [](const fs::path& path, struct stat& status) {
    return (is_standard_input(path) ? fstat(STDIN_FILENO, &status) : stat(path.c_str(), &status)) ==
           0;
  };
  struct stat first {
  }, second{};
  return found(a, first) && found(b, second) && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino && !S_ISREG(first.st_mode);
}

std::optional<std::string_view> known_format(std::string_view beginning) {
  using namespace std::string_view_literals;
  constexpr std::pair<std::string_view, std::string_view> formats[] = {
      {"\x93NUMPY"sv, "numpy's .npy format (--npy X.npy y.npy)"sv},
      {"PK\x03\x04"sv, "a zip archive, such as .npz and .xlsx"sv},
      {"\x1f\x8b"sv, "gzip once more (gzipped twice)"sv},
      {"BZh"sv, "bzip2"sv},
      {"\xfd"
       "7zXZ\0"sv,
       "xz"sv},
      {"\x28\xb5\x2f\xfd"sv, "zstd"sv},
      {"\x89HDF\r\n"sv, "HDF5"sv},
      {"PAR1"sv, "Parquet"sv},
      {"MATLAB 5.0 MAT-file"sv, "a MATLAB file"sv},
      {"SQLite format 3\0"sv, "an SQLite file"sv},
      {"\xd0\xcf\x11\xe0"sv, "an old Excel file"sv},
      {"%PDF-"sv, "PDF"sv},
      {"<!DOCTYPE"sv, "a web page"sv},
      {"<!doctype"sv, "a web page"sv},
      {"<html"sv, "a web page"sv},
      {"\0\0\x08\x03"sv, "IDX images (--data FOLDER)"sv},
      {"\0\0\x08\x01"sv, "IDX labels (--data FOLDER)"sv}};
  for (const auto& [magic, words] : formats)
    if (beginning.starts_with(magic)) return words;
  // Pickles of protocol 2 to 5.
  if (beginning.size() > 2 && beginning[0] == '\x80' && beginning[1] >= 2 && beginning[1] <= 5)
    return "a Python pickle";
  return std::nullopt;
}

Character first_character(std::string_view text) {
  if (text.empty()) return {};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1};
  const std::size_t length = byte(0) < 0xc2 ? 1 : byte(0) < 0xe0 ? 2 : byte(0) < 0xf0 ? 3 : 4;
  if (length == 1 || byte(0) > 0xf4 || text.size() < length) return {};
  char32_t code = byte(0) & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return {};
  return {code, length};
}

std::string printable(std::string_view text, bool keep_high) {
  std::string out;
  while (!text.empty()) {
    const Character c = first_character(text);
    const std::string_view bytes = text.substr(0, c.length);
    const bool control = !c.code || *c.code < 0x20 || (*c.code >= 0x7f && *c.code < 0xa0);
    if (!control && (keep_high || *c.code < 0x80))
      out += bytes;
    else
      for (char b : bytes) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(b));
    text.remove_prefix(c.length);
  }
  return out;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 40;
  return fmt::format("'{}'{}", printable(text.substr(0, longest), false),
                     text.size() > longest ? "..." : "");
}

}  // namespace alignproof::inline network::detail
