// SPDX-License-Identifier: Apache-2.0
// One unit, since a file on its way and the folders it goes to undo their work together.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/files.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <new>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

namespace alignproof::inline format {

namespace fs = std::filesystem;

namespace {

/// The system's words for an error.
std::string cause(int error) {
  return std::generic_category().message(error);
}

[[noreturn]] void refuse(const fs::path& path, const std::string& accepted) {
  throw InputError("output", fmt::format("'{}'", path.string()), accepted);
}

[[noreturn]] void cannot_write(const fs::path& path, int error) {
  refuse(path, fmt::format("a path that can be written ({})", cause(error)));
}

[[noreturn]] void refuse_folder(const fs::path& folder, const std::string& accepted) {
  throw InputError("output folder", fmt::format("'{}'", folder.string()), accepted);
}

/// Closes what it holds; -1 holds nothing.
class Descriptor {
 public:
  explicit Descriptor(int at = -1) : at_(at) {}
  Descriptor(Descriptor&& other) noexcept : at_(std::exchange(other.at_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(at_, other.at_);
    return *this;
  }
  ~Descriptor() { close(); }
  int get() const { return at_; }
  explicit operator bool() const { return at_ >= 0; }
  /// Some systems report only now that there was no room.
  bool close() {
    const int at = std::exchange(at_, -1);
    return at < 0 || ::close(at) == 0;
  }

 private:
  int at_;
};

/// False, with errno, if not all bytes could be written.
bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {  // a pipe that another program has set so
      pollfd ready{descriptor, POLLOUT, 0};
      poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

/// A name in the folder that nothing else uses; short, since the target's may be as long as it can.
fs::path temporary_in(const fs::path& folder) {
  static std::atomic<unsigned> count{0};
  return folder / fmt::format(".alignproof-{}-{}.tmp", getpid(), count++);
}

// ---- where the bytes go ----

/// The descriptor of this program that the path names, as /dev/fd/3 does.
std::optional<int> own_descriptor(const fs::path& path) {
  const std::string name = path.filename().string();
  if (name.empty() || name.size() > 7 || name.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  std::error_code error;
  const fs::path descriptors = fs::canonical("/proc/self/fd", error);
  if (error || fs::canonical(folder_of(path), error) != descriptors || error) return std::nullopt;
  return std::stoi(name);
}

/// The path behind links, which need not exist.
fs::path followed(fs::path path) {
  constexpr int as_many_as_the_system = 40;
  for (int links = 0; links < as_many_as_the_system && !own_descriptor(path); ++links) {
    std::error_code error;
    const fs::path next = fs::read_symlink(path, error);
    if (error) break;
    path = folder_of(path) / next;  // an absolute path stands for itself
  }
  return path;
}

struct Target {
  enum class Kind {
    absent,    ///< a file that is made
    file,      ///< one that is replaced by the new one
    in_place,  ///< one whose bytes are replaced
    stream,    ///< a device or pipe
    own,       ///< a descriptor of this program
  };
  Kind kind = Kind::absent;
  fs::path path;  ///< behind links
  struct stat now = {};
  int descriptor = -1;  ///< if own
};

bool can_write(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

/// Throws InputError if a look shows that it cannot be written.
Target target_of(const fs::path& file) {
  if (file.empty()) refuse(file, "the path of a file");
  Target target{Target::Kind::absent, followed(file), {}, -1};
  if (const auto own = own_descriptor(target.path)) {
    if (!can_write(*own)) cannot_write(file, EBADF);
    target.kind = Target::Kind::own, target.descriptor = *own;
    return target;
  }
  if (stat(file.c_str(), &target.now) != 0) {
    if (errno != ENOENT) cannot_write(file, errno);
    if (!target.path.has_filename()) refuse(file, "a file: a path that ends so names a folder");
    struct stat folder = {};
    if (stat(folder_of(target.path).c_str(), &folder) != 0)
      refuse(file, fmt::format("a file in a folder that can be written ({})", cause(errno)));
    return target;
  }
  if (S_ISDIR(target.now.st_mode)) refuse(file, "a file: a folder stands there");
  if (S_ISBLK(target.now.st_mode)) refuse(file, "a file: a disk stands there");
  if (S_ISSOCK(target.now.st_mode)) refuse(file, "a file: a socket stands there");
  if (!S_ISREG(target.now.st_mode)) {
    target.kind = Target::Kind::stream, target.path = file;
    if (faccessat(AT_FDCWD, file.c_str(), W_OK, AT_EACCESS) != 0) cannot_write(file, errno);
    return target;
  }
  // A new file could stand in for one that nobody may write to; this asks the one there.
  if (!Descriptor(open(file.c_str(), O_WRONLY | O_CLOEXEC))) cannot_write(file, errno);
  struct stat behind = {};
  const bool found = stat(target.path.c_str(), &behind) == 0 &&
                     behind.st_dev == target.now.st_dev && behind.st_ino == target.now.st_ino;
  target.kind = found && target.now.st_nlink == 1 ? Target::Kind::file : Target::Kind::in_place;
  if (!found) target.path = file;  // a link that only the system can follow
  return target;
}

/// Written where it is. Room is asked for first, so that a full disk changes nothing.
bool write_in_place(const fs::path& path, std::string_view bytes) {
  Descriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  struct stat before = {};
  if (!file || fstat(file.get(), &before) != 0) return false;
  const auto size = static_cast<off_t>(bytes.size());
  if (size > before.st_size && fallocate(file.get(), 0, 0, size) != 0 &&
      (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) {
    const int error = errno;
    const bool restored = ftruncate(file.get(), before.st_size) == 0;
    errno = restored ? error : errno;
    return false;
  }
  return write_all(file.get(), bytes) && ftruncate(file.get(), size) == 0 && file.close();
}

/// One file on its way. Its bytes are on disk, where that can be without a name, until place()
/// gives it its own: a program that dies before leaves nothing.
class Staged {
 public:
  Staged(const fs::path& file, std::string_view bytes)
      : file_(file), target_(target_of(file)), bytes_(bytes) {
    if (target_.kind == Target::Kind::absent || target_.kind == Target::Kind::file) stage();
  }
  Staged(const Staged&) = delete;
  Staged& operator=(const Staged&) = delete;
  ~Staged() {
    if (!temporary_.empty()) unlink(temporary_.c_str());
  }

  /// Where `is_new`, a file that is there meanwhile is an error.
  void place(bool is_new = false) {
    if (!placed(is_new)) cannot_write(file_, errno);
  }

 private:
  void stage() {
    const fs::path folder = folder_of(target_.path);
    // A file without a name gets one by way of /proc.
    if (access("/proc/self/fd", X_OK) == 0)
      new_ = Descriptor(open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
    if (!new_) {
      temporary_ = temporary_in(folder);
      new_ = Descriptor(open(temporary_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666));
    }
    if (!new_) {
      temporary_.clear();
      if (target_.kind == Target::Kind::absent) cannot_write(file_, errno);
      target_.kind = Target::Kind::in_place;  // nothing can be added to its folder
      return;
    }
    if (target_.kind == Target::Kind::file && !as_before()) {
      target_.kind = Target::Kind::in_place;
      return;
    }
    if (!write_all(new_.get(), bytes_) || (!temporary_.empty() && !new_.close()))
      cannot_write_now();
  }

  /// Gives the new file the owner and mode of the old one.
  bool as_before() const {
    struct stat mine = {};
    if (fstat(new_.get(), &mine) != 0) return false;
    const struct stat& old = target_.now;
    if ((mine.st_uid != old.st_uid || mine.st_gid != old.st_gid) &&
        fchown(new_.get(), old.st_uid, old.st_gid) != 0)
      return false;
    return fchmod(new_.get(), old.st_mode & 07777) == 0;
  }

  /// The destructor of what was not constructed does not run.
  [[noreturn]] void cannot_write_now() {
    const int error = errno;
    if (!temporary_.empty()) unlink(temporary_.c_str());
    cannot_write(file_, error);
  }

  bool placed(bool is_new) {
    if (is_new && target_.kind != Target::Kind::absent) {
      errno = EEXIST;
      return false;
    }
    switch (target_.kind) {
      case Target::Kind::own:
        std::fflush(stdout);  // what was said before stands before
        return write_all(target_.descriptor, bytes_);
      case Target::Kind::stream: {
        Descriptor stream(open(target_.path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
        return stream && write_all(stream.get(), bytes_) && stream.close();
      }
      case Target::Kind::in_place:
        return write_in_place(target_.path, bytes_);
      case Target::Kind::absent:
        if (link_to(target_.path)) return true;
        return !is_new && errno == EEXIST && replace();
      case Target::Kind::file:
        // Some files can be written to and not be replaced: one that is mounted, or of somebody
        // else in a folder such as /tmp.
        return replace() || write_in_place(target_.path, bytes_);
    }
    return false;
  }

  /// One more name for the new file; false, with errno, if there is a file of this name.
  bool link_to(const fs::path& name) {
    if (!temporary_.empty()) return link(temporary_.c_str(), name.c_str()) == 0;
    const std::string nameless = fmt::format("/proc/self/fd/{}", new_.get());
    return linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
  }

  bool replace() {
    if (temporary_.empty()) {
      const fs::path name = temporary_in(folder_of(target_.path));
      if (!link_to(name)) return false;
      temporary_ = name;
    }
    if (rename(temporary_.c_str(), target_.path.c_str()) != 0) return false;
    temporary_.clear();
    return true;
  }

  fs::path file_;
  Target target_;
  std::string_view bytes_;
  Descriptor new_;
  fs::path temporary_;  ///< the name of the new file, if it has one
};

void write_to_folder(const fs::path& folder, const std::map<std::string, std::string>& files,
                     bool are_new) {
  std::vector<std::unique_ptr<Staged>> staged;
  for (const auto& [name, bytes] : files)
    staged.push_back(std::make_unique<Staged>(folder / name, bytes));
  auto file = files.begin();
  try {
    for (const auto& one : staged) one->place(are_new), ++file;
  } catch (const InputError&) {
    std::error_code ignored;
    while (are_new && file != files.begin()) fs::remove(folder / (--file)->first, ignored);
    throw;
  }
}

/// Makes the folder and those above it that are missing; says which, the uppermost first.
std::vector<fs::path> make_folders(const fs::path& folder) {
  if (folder.empty()) refuse_folder(folder, "the path of a folder");
  std::vector<fs::path> missing, made;
  std::error_code error;
  for (fs::path at = folder; !at.empty(); at = at.parent_path()) {
    const fs::file_status status = fs::status(at, error);
    if (status.type() == fs::file_type::none)
      refuse_folder(folder, fmt::format("a folder that can be made ({})", error.message()));
    if (status.type() != fs::file_type::not_found) break;
    if (at.has_filename()) missing.push_back(at);
    if (at == at.parent_path()) break;
  }
  for (auto at = missing.rbegin(); at != missing.rend(); ++at)
    if (mkdir(at->c_str(), 0777) == 0) {
      made.push_back(*at);
    } else if (errno != EEXIST) {  // another program may have made it
      const int failure = errno;
      while (!made.empty()) rmdir(made.back().c_str()), made.pop_back();
      refuse_folder(folder,
                    fmt::format("a folder that exists or can be made ({})", cause(failure)));
    }
  struct stat there = {};
  const int failure = stat(folder.c_str(), &there) == 0 ? 0 : errno;
  if (failure != 0 || !S_ISDIR(there.st_mode)) {
    while (!made.empty()) rmdir(made.back().c_str()), made.pop_back();
    refuse_folder(folder, fmt::format("a folder that exists or can be made ({})",
                                      failure != 0 ? cause(failure) : cause(ENOTDIR)));
  }
  return made;
}

/// Tries to make a file in the folder, and leaves none.
void require_room_in(const fs::path& folder) {
  const fs::path probe = temporary_in(folder);
  const Descriptor made(open(probe.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
  if (!made) refuse_folder(folder, fmt::format("a folder that can be written ({})", cause(errno)));
  unlink(probe.c_str());
}

/// Whether the open folder is the one at the path.
bool is_at(int descriptor, const fs::path& folder) {
  struct stat open = {}, there = {};
  return fstat(descriptor, &open) == 0 && stat(folder.c_str(), &there) == 0 &&
         open.st_dev == there.st_dev && open.st_ino == there.st_ino;
}

}  // namespace

std::string read_file(const fs::path& file, std::uint64_t most) {
  const auto refuse = [&](const std::string& accepted) {
    throw InputError("file", fmt::format("'{}'", file.string()), accepted);
  };
  const Descriptor in(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in) {
    const int error = errno;
    require_system(error, file);
    refuse(fmt::format("a file that can be read ({})", cause(error)));
  }
  struct stat there = {};
  if (fstat(in.get(), &there) != 0 || S_ISDIR(there.st_mode)) refuse("a file that can be read");
  const auto require_size = [&](std::uint64_t size) {
    if (size > most) refuse(fmt::format("a file of at most {} bytes", most));
  };
  require_size(static_cast<std::uint64_t>(there.st_size));
  std::string bytes;
  std::vector<char> block(std::size_t{1} << 16);
  for (;;) {
    const ssize_t count = ::read(in.get(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    // Ended by the end of the file and by nothing else: never a prefix.
    if (count < 0) refuse(fmt::format("a file that can be read to its end ({})", cause(errno)));
    if (count == 0) return bytes;
    bytes.append(block.data(), static_cast<std::size_t>(count));
    require_size(bytes.size());
  }
}

void require_system(int error, const fs::path& path) {
  if (error == ENOMEM) throw std::bad_alloc();
  if (error == EMFILE || error == ENFILE)
    throw std::system_error(error, std::generic_category(),
                            fmt::format("'{}' cannot be opened", path.string()));
}

fs::file_type type_at(const fs::path& path) {
  std::error_code error;
  const fs::file_type type = fs::status(path, error).type();
  if (type == fs::file_type::none)
    throw InputError("path", fmt::format("'{}'", path.string()),
                     fmt::format("one that can be looked at ({})", error.message()));
  return type;
}

bool is_file(const fs::path& path) {
  return type_at(path) == fs::file_type::regular;
}

bool is_folder(const fs::path& path) {
  return type_at(path) == fs::file_type::directory;
}

void write_file(const fs::path& file, std::string_view bytes) {
  Staged(file, bytes).place();
}

void require_writable_file(const fs::path& file) {
  const Staged probe(file, "");
}

void require_writable(const fs::path& folder) {
  make_folders(folder);
  require_room_in(folder);
}

void write_files(const fs::path& folder, const std::map<std::string, std::string>& files) {
  make_folders(folder);
  write_to_folder(folder, files, false);
}

void write_new_files(const fs::path& folder, const std::map<std::string, std::string>& files) {
  std::vector<fs::path> made = make_folders(folder);
  try {
    write_to_folder(folder, files, true);
  } catch (const InputError&) {
    for (; !made.empty(); made.pop_back()) rmdir(made.back().c_str());
    throw;
  }
}

OutputFolder::OutputFolder(const fs::path& folder) {
  // A folder that its maker has just removed is made again.
  do {
    if (descriptor_ >= 0) ::close(descriptor_);
    for (const fs::path& made : make_folders(folder)) made_.push_back(made);
    descriptor_ = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor_ < 0 && errno == ENOENT) continue;
    if (descriptor_ < 0)
      refuse_folder(folder, fmt::format("a folder that can be read ({})", cause(errno)));
    // Where there are no such locks (some file systems of a network), there is none.
    if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      ::close(descriptor_);
      refuse_folder(folder, "a folder to which no other program is writing now");
    }
  } while (!is_at(descriptor_, folder));
  try {
    require_room_in(folder);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

OutputFolder::~OutputFolder() {
  for (; !made_.empty(); made_.pop_back())
    if (rmdir(made_.back().c_str()) != 0) break;
  ::close(descriptor_);
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

}  // namespace alignproof::inline format
