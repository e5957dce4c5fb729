import Foundation

/// A library that is loaded before the C library into a program under test, and ends it or fills its disk at one exact
/// step: the Nth call that writes, renames, links, removes or flushes something whose path contains a text, or that
/// starts another program. Other programs that it starts are left alone.
///
/// It is compiled once with the machine's C compiler. Only Linux loads libraries like that.
package enum FaultLibrary {
  package enum Fault: String, Sendable, CaseIterable {
    /// SIGKILL before the step.
    case killBefore = "kill-before"
    /// SIGKILL after half of what the step writes; after the step where it writes nothing.
    case killWithin = "kill-within"
    /// From the step on nothing can be written any more: half of the first write still arrives.
    case diskFull = "disk-full"
  }

  /// What the program's environment needs.
  /// - Parameters:
  ///   - step: from 1.
  ///   - path: only calls about paths that contain it count.
  ///   - program: the name of the program that has the fault.
  package static func environment(
    _ fault: Fault, step: Int, path: String, program: String = "batchfile"
  ) throws -> [String: String] {
    [
      "LD_PRELOAD": try library.get().path, "BATCHFILE_TEST_FAULT": fault.rawValue,
      "BATCHFILE_TEST_STEP": String(step), "BATCHFILE_TEST_PATH": path, "BATCHFILE_TEST_PROGRAM": program,
    ]
  }

  /// Whether there is a compiler for it.
  package static var isAvailable: Bool { (try? library.get()) != nil }

  private static let library = Result<URL, any Error> {
    // One for each source, kept: nobody is there to remove it when the last test is over.
    let library = FileManager.default.temporaryDirectory.appendingPathComponent(
      "batchfile-test-faults-\(Data(source.utf8).digest).so")
    if FileManager.default.fileExists(atPath: library.path) { return library }
    let folder = try Scratch()
    let made = folder.url.appendingPathComponent("faults.so")
    let outcome = try Program.run(
      URL(fileURLWithPath: "/usr/bin/env"),
      ["cc", "-shared", "-fPIC", "-O1", "-o", made.path, folder.file("faults.c", source).path, "-ldl"])
    guard outcome.status == 0 else { throw CompilerError(message: outcome.errors) }
    _ = rename(made.path, library.path)
    return library
  }

  package struct CompilerError: Error { package let message: String }

  private static let source = #"""
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <signal.h>
    #include <spawn.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/stat.h>
    #include <sys/uio.h>
    #include <unistd.h>

    #define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

    static int steps, is_full;

    static const char *wanted(void) {
      const char *program = getenv("BATCHFILE_TEST_PROGRAM");
      if (!program || strcmp(program, program_invocation_short_name)) return 0;
      return getenv("BATCHFILE_TEST_PATH");
    }

    static int is_path(const char *path) { const char *text = wanted(); return text && path && strstr(path, text); }

    static int is_file(int descriptor) {
      char link[64], path[4096];
      int kept = errno;
      snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
      ssize_t count = wanted() ? readlink(link, path, sizeof path - 1) : -1;
      errno = kept;
      if (count < 0) return 0;
      path[count] = 0;
      return is_path(path);
    }

    static int fault(const char *name) {
      const char *text = getenv("BATCHFILE_TEST_FAULT");
      return text && !strcmp(text, name);
    }

    /* Whether this call is the step. */
    static int counts(int applies) {
      if (!applies) return 0;
      const char *step = getenv("BATCHFILE_TEST_STEP");
      int is_step = __sync_add_and_fetch(&steps, 1) == (step ? atoi(step) : 0);
      if (is_step && fault("kill-before")) kill(getpid(), SIGKILL);
      return is_step;
    }

    static void after(int is_step) { if (is_step && fault("kill-within")) kill(getpid(), SIGKILL); }

    ssize_t write(int descriptor, const void *bytes, size_t count) {
      REAL(write);
      int applies = is_file(descriptor), is_step = counts(applies);
      if (applies && is_full) { errno = ENOSPC; return -1; }
      if (is_step && !fault("kill-before")) {
        ssize_t half = real(descriptor, bytes, count / 2);
        after(is_step);
        is_full = 1;
        if (half > 0) return half;
        errno = ENOSPC;
        return -1;
      }
      return real(descriptor, bytes, count);
    }

    ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
      REAL(pwrite);
      int applies = is_file(descriptor), is_step = counts(applies);
      if (applies && is_full) { errno = ENOSPC; return -1; }
      if (is_step && !fault("kill-before")) {
        ssize_t half = real(descriptor, bytes, count / 2, offset);
        after(is_step);
        is_full = 1;
        if (half > 0) return half;
        errno = ENOSPC;
        return -1;
      }
      return real(descriptor, bytes, count, offset);
    }

    ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
      REAL(writev);
      int applies = is_file(descriptor), is_step = counts(applies);
      if (applies && (is_full || (is_step && fault("disk-full")))) { is_full = 1; errno = ENOSPC; return -1; }
      ssize_t result = real(descriptor, pieces, count);
      after(is_step);
      return result;
    }

    int fsync(int descriptor) {
      REAL(fsync);
      int is_step = counts(is_file(descriptor));
      int result = real(descriptor);
      after(is_step);
      return result;
    }

    int fdatasync(int descriptor) {
      REAL(fdatasync);
      int is_step = counts(is_file(descriptor));
      int result = real(descriptor);
      after(is_step);
      return result;
    }

    int ftruncate(int descriptor, off_t length) {
      REAL(ftruncate);
      int is_step = counts(is_file(descriptor));
      int result = real(descriptor, length);
      after(is_step);
      return result;
    }

    int rename(const char *from, const char *to) {
      REAL(rename);
      int is_step = counts(is_path(from) || is_path(to));
      int result = real(from, to);
      after(is_step);
      return result;
    }

    int link(const char *from, const char *to) {
      REAL(link);
      int is_step = counts(is_path(from) || is_path(to));
      int result = real(from, to);
      after(is_step);
      return result;
    }

    int unlink(const char *path) {
      REAL(unlink);
      int is_step = counts(is_path(path));
      int result = real(path);
      after(is_step);
      return result;
    }

    int mkdir(const char *path, mode_t mode) {
      REAL(mkdir);
      int is_step = counts(is_path(path));
      if (is_path(path) && (is_full || (is_step && fault("disk-full")))) { is_full = 1; errno = ENOSPC; return -1; }
      int result = real(path, mode);
      after(is_step);
      return result;
    }

    int posix_spawn(pid_t *child, const char *path, const posix_spawn_file_actions_t *actions,
                    const posix_spawnattr_t *attributes, char *const words[], char *const environment[]) {
      REAL(posix_spawn);
      int is_step = counts(wanted() != 0);
      int result = real(child, path, actions, attributes, words, environment);
      after(is_step);
      return result;
    }
    """#
}
