extension FaultLibrary {
  /// The library's source. It is C, because it replaces functions of the C library.
  static let source = #"""
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <pthread.h>
    #include <signal.h>
    #include <spawn.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/stat.h>
    #include <sys/time.h>
    #include <sys/timerfd.h>
    #include <time.h>
    #include <sys/uio.h>
    #include <unistd.h>

    #define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

    static int steps, is_full;

    static int is_program(void) {
      const char *program = getenv("BATCHFILE_TEST_PROGRAM");
      return program && !strcmp(program, program_invocation_short_name);
    }

    static const char *wanted(void) { return is_program() ? getenv("BATCHFILE_TEST_PATH") : 0; }

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
      if (!applies || fault("fail")) return 0;
      const char *step = getenv("BATCHFILE_TEST_STEP");
      int is_step = __sync_add_and_fetch(&steps, 1) == (step ? atoi(step) : 0);
      if (is_step && fault("kill-before")) kill(getpid(), SIGKILL);
      if (is_step && fault("disk-full")) is_full = 1;
      return is_step;
    }

    /* Whether this call of a function is to fail; then errno says why. */
    static int fails(const char *name, int applies) {
      if (!applies || !fault("fail")) return 0;
      const char *call = getenv("BATCHFILE_TEST_CALL"), *step = getenv("BATCHFILE_TEST_STEP");
      const char *error = getenv("BATCHFILE_TEST_ERROR");
      if (call && strcmp(call, name)) return 0;
      int wanted_step = step ? atoi(step) : 0, this_step = __sync_add_and_fetch(&steps, 1);
      if (wanted_step > 0 && this_step != wanted_step) return 0;
      if (wanted_step < 0 && this_step < -wanted_step) return 0;
      errno = error ? atoi(error) : EIO;
      return 1;
    }

    static void after(int is_step) { if (is_step && fault("kill-within")) kill(getpid(), SIGKILL); }

    ssize_t write(int descriptor, const void *bytes, size_t count) {
      REAL(write);
      if (fails("write", is_file(descriptor))) return -1;
      int applies = is_file(descriptor), is_step = counts(applies);
      if (applies && is_full && !is_step) { errno = ENOSPC; return -1; }
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
      if (fails("pwrite", is_file(descriptor))) return -1;
      int applies = is_file(descriptor), is_step = counts(applies);
      if (applies && is_full && !is_step) { errno = ENOSPC; return -1; }
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
      if (fails("fsync", is_file(descriptor))) return -1;
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
      if (fails("ftruncate", is_file(descriptor))) return -1;
      int is_step = counts(is_file(descriptor));
      int result = real(descriptor, length);
      after(is_step);
      return result;
    }

    int rename(const char *from, const char *to) {
      REAL(rename);
      if (fails("rename", is_path(from) || is_path(to))) return -1;
      int is_step = counts(is_path(from) || is_path(to));
      int result = real(from, to);
      after(is_step);
      return result;
    }

    /* Another process that writes to a file at the worst moment, once. */
    static void meanwhile(const char *path) {
      static int is_done;
      const char *text = getenv("BATCHFILE_TEST_APPEND");
      if (!text || is_done || !is_path(path)) return;
      is_done = 1;
      int file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
      if (file < 0) return;
      dprintf(file, "%s", text);
      close(file);
    }

    int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
      REAL(renameat2);
      if (fails("renameat2", is_path(from) || is_path(to))) return -1;
      meanwhile(to);
      int is_step = counts(is_path(from) || is_path(to));
      int result = real(from_folder, from, to_folder, to, flags);
      after(is_step);
      return result;
    }

    int link(const char *from, const char *to) {
      REAL(link);
      if (fails("link", is_path(from) || is_path(to))) return -1;
      int is_step = counts(is_path(from) || is_path(to));
      int result = real(from, to);
      after(is_step);
      return result;
    }

    int fchmod(int descriptor, mode_t mode) {
      REAL(fchmod);
      return fails("fchmod", is_file(descriptor)) ? -1 : real(descriptor, mode);
    }

    int fchown(int descriptor, uid_t owner, gid_t group) {
      REAL(fchown);
      return fails("fchown", is_file(descriptor)) ? -1 : real(descriptor, owner, group);
    }

    /* A system that starts no further thread. */
    int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument) {
      REAL(pthread_create);
      if (is_program() && getenv("BATCHFILE_TEST_NO_THREADS")) return EAGAIN;
      return real(thread, attributes, run, argument);
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

    /* Faster clocks: the time since the program's start counts as many times. */

    #define CLOCKS 12
    #define SECOND 1000000000LL
    static long long speed = 1, start[CLOCKS];
    static int clock_of[4096];

    static long long number(struct timespec time) { return time.tv_sec * SECOND + time.tv_nsec; }
    static struct timespec made(long long time) {
      return (struct timespec){ .tv_sec = time / SECOND, .tv_nsec = time % SECOND };
    }

    __attribute__((constructor)) static void begin(void) {
      const char *text = getenv("BATCHFILE_TEST_SPEED");
      for (int clock = 0; clock < CLOCKS; clock++) {
        struct timespec now = {0};
        clock_gettime(clock, &now);
        start[clock] = number(now);
      }
      if (text && is_program()) speed = atoll(text);
    }

    static int is_faster(clockid_t clock) {
      return speed > 1 && (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME
        || clock == CLOCK_MONOTONIC_RAW);
    }

    int clock_gettime(clockid_t clock, struct timespec *time) {
      REAL(clock_gettime);
      int result = real(clock, time);
      if (is_faster(clock)) *time = made(start[clock] + (number(*time) - start[clock]) * speed);
      return result;
    }

    int gettimeofday(struct timeval *restrict time, void *restrict zone) {
      struct timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      time->tv_sec = now.tv_sec;
      time->tv_usec = now.tv_nsec / 1000;
      return 0;
    }

    int timerfd_create(int clock, int flags) {
      REAL(timerfd_create);
      int descriptor = real(clock, flags);
      if (descriptor >= 0 && descriptor < 4096) clock_of[descriptor] = clock;
      return descriptor;
    }

    int timerfd_settime(int descriptor, int flags, const struct itimerspec *value, struct itimerspec *old) {
      REAL(timerfd_settime);
      int clock = descriptor >= 0 && descriptor < 4096 ? clock_of[descriptor] : CLOCK_MONOTONIC;
      long long time = number(value->it_value);
      if (!is_faster(clock) || time == 0) return real(descriptor, flags, value, old);
      struct itimerspec sooner = { .it_interval = made(number(value->it_interval) / speed) };
      if (flags & TFD_TIMER_ABSTIME) {
        time = time < start[clock] ? time : start[clock] + (time - start[clock]) / speed;
      } else {
        time /= speed;
      }
      sooner.it_value = made(time > 0 ? time : 1);
      return real(descriptor, flags, &sooner, old);
    }

    int nanosleep(const struct timespec *time, struct timespec *rest) {
      REAL(nanosleep);
      struct timespec sooner = made(number(*time) / speed);
      return real(&sooner, rest);
    }

    int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *rest) {
      REAL(clock_nanosleep);
      if (!is_faster(clock)) return real(clock, flags, time, rest);
      long long end = number(*time);
      struct timespec sooner = made(flags ? start[clock] + (end - start[clock]) / speed : end / speed);
      return real(clock, flags, &sooner, rest);
    }
    """#
}
