/* Makes file calls of the process that preloads it fail, or kills it amid one. Only files below FAULT_ROOT.
 *
 *   FAULT_OPS     which calls count: any of open,read,write,fsync,rename,truncate
 *   FAULT_PATH    only paths that match this pattern (default: all)
 *   FAULT_WHILE   only while this file exists (default: always)
 *   FAULT_AT      the first call that fails, from 1 on (default 1)
 *   FAULT_CALLS   how many fail from there on; 0: all (default 1)
 *   FAULT_EVERY   of those only every so manieth (default 1)
 *   FAULT_ACTION  the errno, or several by turns: "5,28"; or "kill": half of a write is done, then SIGKILL
 *   FAULT_LOG     each fault appends a line: the call and the path
 *
 * build: cc -shared -fPIC -O2 -o faults.so faults.c -ldl */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;

static const char *setting(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value && *value ? value : otherwise;
}

static int is_listed(const char *op) {
  const char *at = strstr(setting("FAULT_OPS", ""), op);
  return at && (at[strlen(op)] == ',' || at[strlen(op)] == 0);
}

/* The one whose turn it is, of numbers with commas between. */
static int turn(const char *numbers, long times) {
  int count = 1;
  for (const char *at = numbers; *at; at++) count += *at == ',';
  for (times %= count; times > 0; numbers++) times -= *numbers == ',';
  return atoi(numbers);
}

/* Whether this call is to fail; then errno is set, or the process is about to be killed. */
static int fails(const char *op, const char *path) {
  const char *root = setting("FAULT_ROOT", NULL), *during = setting("FAULT_WHILE", NULL);
  if (!root || strncmp(path, root, strlen(root)) || !is_listed(op) || fnmatch(setting("FAULT_PATH", "*"), path, 0)) return 0;
  if (during && syscall(SYS_faccessat, AT_FDCWD, during, F_OK)) return 0;
  long past = atomic_fetch_add(&calls, 1) + 1 - atol(setting("FAULT_AT", "1"));
  long many = atol(setting("FAULT_CALLS", "1")), every = atol(setting("FAULT_EVERY", "1"));
  if (past < 0 || past % every || (many && past / every >= many)) return 0;

  char line[PATH_MAX + 32];
  int length = snprintf(line, sizeof line, "%s %s\n", op, path);
  int log = syscall(SYS_openat, AT_FDCWD, setting("FAULT_LOG", "/dev/null"), O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (log >= 0) syscall(SYS_write, log, line, length), syscall(SYS_close, log);
  errno = turn(setting("FAULT_ACTION", "5"), past / every);
  return 1;
}

static int is_kill(void) { return !strcmp(setting("FAULT_ACTION", ""), "kill"); }
static void die(void) { kill(getpid(), SIGKILL); pause(); }

static int fd_fails(const char *op, int fd) {
  int before = errno;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long length = readlink(link, path, sizeof path - 1);
  if (length > 0) path[length] = 0;
  if (length > 0 && fails(op, path)) {
    if (is_kill() && strcmp(op, "write")) die();
    return 1;
  }
  errno = before;
  return 0;
}

#define REAL(result, name, ...) \
  static result (*real)(__VA_ARGS__); \
  if (!real) real = dlsym(RTLD_NEXT, #name)

#define WRITE(name, offset_type) \
  ssize_t name(int fd, const void *data, size_t bytes, offset_type offset) { \
    REAL(ssize_t, name, int, const void *, size_t, offset_type); \
    if (!fd_fails("write", fd)) return real(fd, data, bytes, offset); \
    if (is_kill()) real(fd, data, bytes / 2, offset), die(); \
    return -1; \
  }
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t bytes) {
  REAL(ssize_t, write, int, const void *, size_t);
  if (!fd_fails("write", fd)) return real(fd, data, bytes);
  if (is_kill()) real(fd, data, bytes / 2), die();
  return -1;
}

#define READ(name, offset_type) \
  ssize_t name(int fd, void *data, size_t bytes, offset_type offset) { \
    REAL(ssize_t, name, int, void *, size_t, offset_type); \
    return fd_fails("read", fd) ? -1 : real(fd, data, bytes, offset); \
  }
READ(pread, off_t)
READ(pread64, off64_t)

ssize_t read(int fd, void *data, size_t bytes) {
  REAL(ssize_t, read, int, void *, size_t);
  return fd_fails("read", fd) ? -1 : real(fd, data, bytes);
}

#define SYNC(name) \
  int name(int fd) { \
    REAL(int, name, int); \
    return fd_fails("fsync", fd) ? -1 : real(fd); \
  }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, offset_type) \
  int name(int fd, offset_type length) { \
    REAL(int, name, int, offset_type); \
    return fd_fails("truncate", fd) ? -1 : real(fd, length); \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  if (!fails("rename", to)) return real(from, to);
  if (is_kill()) die();
  return -1;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(int, name, const char *, int, ...); \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest); \
    if (!fails("open", path)) return real(path, flags, mode); \
    if (is_kill()) die(); \
    return -1; \
  }
OPEN(open)
OPEN(open64)
