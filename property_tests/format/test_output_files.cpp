// SPDX-License-Identifier: Apache-2.0
// Where bytes go: devices and pipes stay what they are, files are replaced whole and stay theirs,
// and what cannot be written says why.
#include <cerrno>
#include <csignal>
#include <fstream>
#include <functional>
#include <future>
#include <thread>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using Catch::Matchers::Contains;
using test::TemporaryFolder;

namespace fs = std::filesystem;

namespace {

/// What is said of a path that cannot be written; "" if it can.
std::string trouble(const fs::path& file, const std::string& bytes = "new") {
  std::string early, late;
  try {
    require_writable_file(file);
  } catch (const InputError& error) {
    early = error.what();
  }
  try {
    write_file(file, bytes);
  } catch (const InputError& error) {
    late = error.what();
  }
  CHECK(early == late);  // what a write would say is said before the work
  return late;
}

struct stat status_of(const fs::path& file) {
  struct stat status = {};
  REQUIRE(lstat(file.c_str(), &status) == 0);
  return status;
}

mode_t mode_of(const fs::path& file) {
  return status_of(file).st_mode & 07777;
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// Runs in a process of its own, as somebody without rights where that can be; whether all of it
/// was true.
bool in_a_process(const std::function<bool()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work() ? 0 : 1);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

constexpr uid_t nobody = 65534;

bool become_nobody() {
  return geteuid() != 0 || (setgid(nobody) == 0 && setuid(nobody) == 0);
}

bool refused_with(const fs::path& file, const std::string& cause) {
  try {
    write_file(file, "new");
  } catch (const InputError& error) {
    return std::string(error.what()).find(cause) != std::string::npos;
  }
  return false;
}

/// What a reader of the pipe gets while the file is written.
std::string read_while(const fs::path& pipe, const std::function<void()>& write) {
  std::future<std::string> reader = std::async(std::launch::async, [&] {
    std::ifstream in(pipe, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  });
  write();
  return reader.get();
}

}  // namespace

TEST_CASE("a device is written to and stays a device", "[files]") {
  const TemporaryFolder scratch;
  // Devices of its own where it may make them: a fault must not cost the machine its /dev/null.
  fs::path null = scratch.path() / "null", full = scratch.path() / "full";
  if (mknod(null.c_str(), S_IFCHR | 0666, makedev(1, 3)) != 0 ||
      mknod(full.c_str(), S_IFCHR | 0666, makedev(1, 7)) != 0) {
    REQUIRE(geteuid() != 0);
    null = "/dev/null", full = "/dev/full";
  }
  const fs::path link = scratch.path() / "link";
  fs::create_symlink(null, link);
  CHECK(trouble(null).empty());
  CHECK(trouble(link).empty());
  CHECK_NOTHROW(write_files(scratch.path(), {{"a", "1"}, {"link", "2"}}));
  CHECK(fs::is_symlink(link));
  CHECK_NOTHROW(require_writable_file(full));
  CHECK_THROWS_WITH(write_file(full, "x"), Contains("No space left on device"));
  CHECK(S_ISCHR(status_of(null).st_mode));
  CHECK(S_ISCHR(status_of(full).st_mode));
}

TEST_CASE("a pipe is written to and stays a pipe", "[files]") {
  const TemporaryFolder scratch;
  const fs::path pipe = scratch.path() / "pipe", link = scratch.path() / "link";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  fs::create_symlink("pipe", link);
  const std::string bytes(200000, 'x');  // more than a pipe holds
  CHECK(read_while(pipe, [&] { write_file(pipe, bytes); }) == bytes);
  CHECK(read_while(pipe, [&] { write_file(link, bytes); }) == bytes);
  CHECK(read_while(pipe, [&] {
          write_files(scratch.path(), {{"pipe", "among others"}, {"file", ""}});
        }) == "among others");
  CHECK_NOTHROW(require_writable_file(pipe));  // and does not wait for a reader
  CHECK(S_ISFIFO(status_of(pipe).st_mode));
  CHECK(S_ISLNK(status_of(link).st_mode));
}

TEST_CASE("a descriptor of this program is written to where it stands", "[files]") {
  const TemporaryFolder scratch;
  const fs::path file = scratch.path() / "file";
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT, 0600);
  REQUIRE(write(descriptor, "head ", 5) == 5);
  for (const std::string folder : {"/dev/fd/", "/proc/self/fd/"})
    write_file(folder + std::to_string(descriptor), "body ");
  fs::create_symlink("/dev/fd/" + std::to_string(descriptor), scratch.path() / "link");
  write_file(scratch.path() / "link", "link");
  CHECK(read_file(file) == "head body body link");
  CHECK(S_ISLNK(status_of(scratch.path() / "link").st_mode));
  close(descriptor);
  // One that is open for reading only, and one that is closed.
  const int reading = open(file.c_str(), O_RDONLY);
  CHECK_THAT(trouble("/dev/fd/" + std::to_string(reading)), Contains("Bad file descriptor"));
  close(reading);
  CHECK_FALSE(trouble("/dev/fd/" + std::to_string(reading)).empty());
  CHECK(read_file(file) == "head body body link");
  // A socket, as standard output of a service may be.
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  write_file("/dev/fd/" + std::to_string(ends[0]), "hello");
  char got[5];
  CHECK(read(ends[1], got, 5) == 5);
  CHECK(std::string(got, 5) == "hello");
  close(ends[0]), close(ends[1]);
  // A named one has nobody at its other end.
  sockaddr_un name{AF_UNIX, {}};
  const std::string path = (scratch.path() / "socket").string();
  REQUIRE(path.size() < sizeof name.sun_path);
  path.copy(name.sun_path, path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(bind(socket, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
  CHECK_THAT(trouble(path), Contains("a socket stands there"));
  CHECK(S_ISSOCK(status_of(path).st_mode));
  close(socket);
}

TEST_CASE("a replaced file keeps its mode, a new one has the mode of new files", "[files]") {
  const TemporaryFolder scratch;
  const fs::path file = scratch.path() / "file";
  const mode_t before = umask(027);
  write_file(file, "1");
  CHECK(mode_of(file) == 0640);
  for (const mode_t mode : {0600u, 0644u, 0666u, 0755u}) {
    REQUIRE(chmod(file.c_str(), mode) == 0);
    const ino_t old = status_of(file).st_ino;
    write_file(file, "2");
    CHECK(mode_of(file) == mode);
    CHECK(status_of(file).st_ino != old);  // replaced whole
    write_files(scratch.path(), {{"file", "3"}});
    CHECK(mode_of(file) == mode);
  }
  umask(before);
  if (geteuid() == 0) {
    REQUIRE(chown(file.c_str(), nobody, nobody) == 0);
    write_file(file, "4");
    CHECK(status_of(file).st_uid == nobody);
  }
  CHECK(entries(scratch.path()) == 1);
}

TEST_CASE("links stay links and lead to what is written", "[files]") {
  const TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "folder", file = folder / "file";
  fs::create_directory(folder);
  write_file(file, "1");
  const fs::path direct = scratch.path() / "direct", chain = scratch.path() / "chain",
                 dangling = scratch.path() / "dangling";
  fs::create_symlink("folder/file", direct);
  fs::create_symlink(direct, chain);
  fs::create_symlink("folder/new", dangling);
  write_file(chain, "2");
  CHECK(read_file(file) == "2");
  CHECK(fs::is_symlink(chain));
  CHECK(fs::is_symlink(direct));
  write_file(dangling, "3");
  CHECK(fs::is_symlink(dangling));
  CHECK(read_file(folder / "new") == "3");
  fs::create_symlink("nowhere/new", scratch.path() / "astray");
  CHECK_THAT(trouble(scratch.path() / "astray"), Contains("No such file or directory"));
  fs::create_symlink("loop", scratch.path() / "loop");
  CHECK_THAT(trouble(scratch.path() / "loop"), Contains("Too many levels of symbolic links"));
  // All names of a file see what is written to one of them.
  const fs::path other = scratch.path() / "other";
  fs::create_hard_link(file, other);
  write_file(other, "longer than before");
  CHECK(read_file(file) == "longer than before");
  write_file(other, "short");
  CHECK(read_file(file) == "short");
  CHECK(status_of(other).st_nlink == 2);
}

TEST_CASE("what cannot be written says why, before the work", "[files]") {
  const TemporaryFolder scratch;
  const fs::path at = scratch.path(), file = at / "file";
  write_file(file, "old");
  CHECK_THAT(trouble(""), Contains("'' is not accepted"));
  CHECK_THAT(trouble(at), Contains("a folder stands there"));
  CHECK_THAT(trouble(at / ""), Contains("a folder stands there"));
  CHECK_THAT(trouble(at / "."), Contains("a folder stands there"));
  CHECK_THAT(trouble(at / "new" / ""), Contains("names a folder"));
  CHECK_THAT(trouble(file / ""), Contains("Not a directory"));
  CHECK_THAT(trouble(file / "below"), Contains("Not a directory"));
  CHECK_THAT(trouble(at / "none" / "file"), Contains("No such file or directory"));
  CHECK_THAT(trouble(at / std::string(300, 'x')), Contains("File name too long"));
  CHECK_THAT(trouble("/proc/new"), Contains("/proc/new"));
  CHECK(trouble(at / std::string(255, 'x')).empty());  // as long as a name can be
  CHECK(read_file(file) == "old");
  CHECK(entries(at) == 2);
}

TEST_CASE("rights are the system's", "[files]") {
  const TemporaryFolder scratch;
  if (geteuid() == 0) REQUIRE(chown(scratch.path().c_str(), nobody, nobody) == 0);
  CHECK(in_a_process([&] {
    const fs::path at = scratch.path(), closed = at / "closed", kept = at / "kept";
    if (!become_nobody()) return false;
    fs::create_directory(closed), fs::create_directory(kept);
    write_file(at / "read-only", "old"), write_file(kept / "file", "old"),
        write_file(closed / "file", "old");
    chmod((at / "read-only").c_str(), 0444);
    chmod(kept.c_str(), 0555), chmod(closed.c_str(), 0000);
    const bool refused = refused_with(at / "read-only", "Permission denied") &&
                         refused_with(kept / "new", "Permission denied") &&
                         refused_with(closed / "file", "Permission denied");
    // Nothing can be added to the folder, but this file in it can be written.
    write_file(kept / "file", "new");
    bool looked = false;
    try {
      type_at(closed / "file");
    } catch (const InputError& error) {
      looked = std::string(error.what()).find("Permission denied") != std::string::npos;
    }
    const bool fine = refused && looked && read_file(at / "read-only") == "old" &&
                      read_file(kept / "file") == "new";
    chmod(kept.c_str(), 0755), chmod(closed.c_str(), 0755);
    return fine && read_file(closed / "file") == "old";
  }));
}

TEST_CASE("a disk without room changes nothing", "[files]") {
  const TemporaryFolder scratch;
  const fs::path file = scratch.path() / "file", linked = scratch.path() / "linked";
  write_file(file, "old"), write_file(linked, "old");
  fs::create_hard_link(linked, scratch.path() / "second");
  CHECK(in_a_process([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100, 100};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return false;
    const std::string much(10000, 'x');
    std::size_t refused = 0;
    for (const fs::path& target : {file, linked, scratch.path() / "new"}) try {
        write_file(target, much);
      } catch (const InputError& error) {
        refused += std::string(error.what()).find("File too large") != std::string::npos;
      }
    try {
      write_files(scratch.path(), {{"a", "1"}, {"b", much}, {"file", "3"}});
    } catch (const InputError&) {
      ++refused;
    }
    return refused == 4;
  }));
  CHECK(read_file(file) == "old");
  CHECK(read_file(linked) == "old");
  CHECK(entries(scratch.path()) == 3);
}

TEST_CASE("a folder is held by one", "[files]") {
  const TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "a" / "b";
  {
    const OutputFolder held(folder);
    CHECK_THROWS_WITH(OutputFolder(folder), Contains("b'") && Contains("no other program"));
    fs::create_symlink("a/b", scratch.path() / "link");
    CHECK_THROWS_AS(OutputFolder(scratch.path() / "link"), InputError);
    CHECK_FALSE(in_a_process([&] {
      try {
        const OutputFolder second(folder);
        return true;
      } catch (const InputError&) {
        return false;
      }
    }));
  }
  CHECK_FALSE(fs::exists(scratch.path() / "a"));  // made for nothing
  {
    const OutputFolder held(folder);
    write_files(folder, {{"file", "1"}});
  }
  CHECK(read_file(folder / "file") == "1");
  {
    const OutputFolder held(folder);  // free again
  }
  CHECK(read_file(folder / "file") == "1");
  CHECK_THROWS_WITH(OutputFolder(""), Contains("''"));
  CHECK_THROWS_WITH(OutputFolder(folder / "file"), Contains("Not a directory"));
  CHECK_THROWS_WITH(OutputFolder(folder / "file" / "x"), Contains("Not a directory"));
  CHECK_THROWS_WITH(OutputFolder(folder / std::string(300, 'x')), Contains("File name too long"));
  // A program that is killed holds nothing.
  const pid_t child = fork();
  if (child == 0) {
    const OutputFolder held(folder);
    raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK_NOTHROW(OutputFolder(folder));
}

TEST_CASE("of two that write the same new names one is refused and takes nothing away", "[files]") {
  const TemporaryFolder scratch;
  const fs::path folder = scratch.path() / "new";
  const std::map<std::string, std::string> first = {{"a", "1"}, {"c", "2"}},
                                           second = {{"b", "3"}, {"c", "4"}};
  write_new_files(folder, first);
  CHECK_THROWS_AS(write_new_files(folder, second), InputError);
  CHECK(read_file(folder / "a") == "1");
  CHECK(read_file(folder / "c") == "2");
  CHECK(entries(folder) == 2);
}

TEST_CASE("of two that write new names at once one is refused", "[files]") {
  const TemporaryFolder scratch;
  for (int round = 0; round < 100; ++round) {
    const fs::path folder = scratch.path() / std::to_string(round);
    const auto write = [&](const std::string& who) {
      try {
        write_new_files(folder, {{"a", who}, {"b", who}, {"c", who}});
        return true;
      } catch (const InputError&) {
        return false;
      }
    };
    auto other = std::async(std::launch::async, [&] { return write("1"); });
    const bool second = write("2"), first = other.get();
    REQUIRE(first != second);
    for (const char* name : {"a", "b", "c"})
      REQUIRE(read_file(folder / name) == (first ? "1" : "2"));
    REQUIRE(entries(folder) == 3);
  }
}
