/* The disk as it is when it fails: loaded before libc (LD_PRELOAD), so that Python, Arrow (C++) and
 * delta-rs (Rust) meet the same faults. Counts the calls on files below one folder, those that read
 * it or those that change it, and at the n-th one the process is killed or the call fails.
 *
 * `chaos_arm` arms it in a forked child; WIRETRACE_CHAOS_FOLDER, _CALLS, _NTH, _FAULT and _LOG do as
 * it is loaded, for a process of its own. Calls: `changes`, `reads` or `all`. Faults: `kill` before the
 * call; `torn`, half of the bytes are written, or the call is done, and then the kill; or the name
 * of a column of ERRORS. The log gets a line for each call while nothing is planned (n = 0), else
 * the one at which the fault fired: kind of call, fault, path.
 *
 * `chaos_threads` lets no thread start from the n-th on: a limit of the system (EAGAIN).
 * `chaos_step` makes the clock of the day jump by some seconds when it is asked for the n-th time.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { OPEN, CREATE, READ, WRITE, SYNC, RENAME, LINK, MKDIR, UNLINK, KINDS };
static const char *const NAMES[KINDS] = {"open",   "create", "read",  "write", "fsync",
                                         "rename", "link",   "mkdir", "unlink"};
enum fault { NONE, KILL, TORN, FULL, BROKEN, DENIED };
static const char *const FAULTS[] = {"none", "kill", "torn", "full", "broken", "denied"};
/* What each kind of call says when the disk is full, broken, or not ours. SHORT: half is done, and
 * no error is said: the caller has to go on with the rest. */
#define SHORT (-1)
static const int ERRORS[KINDS][3] = {
    [OPEN] = {EMFILE, EIO, EACCES},   [CREATE] = {ENOSPC, EIO, EACCES}, [READ] = {SHORT, EIO, EIO},
    [WRITE] = {ENOSPC, EIO, SHORT},   [SYNC] = {ENOSPC, EIO, EIO},      [RENAME] = {ENOSPC, EIO, EACCES},
    [LINK] = {ENOSPC, EIO, EACCES},   [MKDIR] = {ENOSPC, EIO, EACCES},  [UNLINK] = {EBUSY, EIO, EACCES},
};

#define MOST_FILES 65536
static char folder[PATH_MAX];
static size_t folder_length;
static bool counts_reads, counts_all;
static long planned;
static enum fault fault;
static int log_file = -1;
static atomic_long calls;
static atomic_bool ours[MOST_FILES];

void chaos_arm(const char *path, const char *which, long nth, const char *name, const char *log) {
    counts_reads = !strcmp(which, "reads");
    counts_all = !strcmp(which, "all");
    planned = nth;
    fault = NONE;
    for (size_t f = 0; f < sizeof FAULTS / sizeof *FAULTS; f++)
        if (!strcmp(FAULTS[f], name)) fault = (enum fault)f;
    atomic_store(&calls, 0);
    log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    snprintf(folder, sizeof folder, "%s/", path);
    folder_length = strlen(folder);
}

__attribute__((constructor)) static void arm_from_environment(void) {
    const char *nth = getenv("WIRETRACE_CHAOS_NTH");
    if (nth)
        chaos_arm(getenv("WIRETRACE_CHAOS_FOLDER"), getenv("WIRETRACE_CHAOS_CALLS"), atol(nth),
                  getenv("WIRETRACE_CHAOS_FAULT"), getenv("WIRETRACE_CHAOS_LOG"));
}

static bool is_below(const char *path) {
    return folder_length && path &&
           (!strncmp(path, folder, folder_length) ||
            (strlen(path) == folder_length - 1 && !strncmp(path, folder, folder_length - 1)));
}

static bool is_ours(int file) { return file >= 0 && file < MOST_FILES && atomic_load(&ours[file]); }

static bool is_at(int at, const char *path) {
    return folder_length && path && (path[0] == '/' || at == AT_FDCWD ? is_below(path) : is_ours(at));
}

static void track(int file, bool mine) {
    if (file >= 0 && file < MOST_FILES) atomic_store(&ours[file], mine);
}

static void note(enum kind kind, const char *path) {
    char line[PATH_MAX + 64];
    const char *shown = path && !strncmp(path, folder, folder_length) ? path + folder_length : path;
    int size = snprintf(line, sizeof line, "%s %s %s\n", NAMES[kind], FAULTS[fault], shown ? shown : "-");
    if (log_file >= 0) syscall(SYS_write, log_file, line, (size_t)size);
}

static void note_file(enum kind kind, int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, sizeof path - 1);
    path[size < 0 ? 0 : size] = 0;
    note(kind, path);
}

static void die(void) { syscall(SYS_kill, getpid(), SIGKILL); }

/* Counts a call. 0: do it; an errno: fail with it; SHORT: do half; DEADLY: do half, then die. A disk
 * that is full stays full: what would use more of it fails from then on. */
#define DEADLY (-2)
static int meet(enum kind kind, const char *path, int file) {
    if (!counts_all && counts_reads != (kind == OPEN || kind == READ)) return 0;
    long now = atomic_fetch_add(&calls, 1) + 1;
    bool stays = fault == FULL && now > planned && (kind == WRITE || kind == CREATE || kind == MKDIR);
    if (planned && now != planned && !stays) return 0;
    if (!planned || now == planned) path ? note(kind, path) : note_file(kind, file);
    if (!planned) return 0;
    if (fault == KILL) die();
    if (fault == TORN) return DEADLY;
    return fault >= FULL ? ERRORS[kind][fault - FULL] : 0;
}

#define REAL(name) ((typeof(&name))real(#name, &name##_found))
static void *real(const char *name, void **found) {
    if (!*found) *found = dlsym(RTLD_NEXT, name);
    return *found;
}

/* A call that cannot be done by half: done whole before the death. */
#define WHOLE(name, met, call)                 \
    static void *name##_found;                 \
    int verdict = (met);                       \
    if (verdict == SHORT) verdict = EIO;       \
    if (verdict > 0) { errno = verdict; return -1; } \
    int done = (int)(call);                    \
    if (verdict == DEADLY) die();              \
    return done;

int rename(const char *from, const char *to) {
    WHOLE(rename, is_below(from) || is_below(to) ? meet(RENAME, to, -1) : 0, REAL(rename)(from, to))
}
int renameat(int at, const char *from, int into, const char *to) {
    WHOLE(renameat, is_at(at, from) || is_at(into, to) ? meet(RENAME, to, -1) : 0, REAL(renameat)(at, from, into, to))
}
int renameat2(int at, const char *from, int into, const char *to, unsigned int flags) {
    WHOLE(renameat2, is_at(at, from) || is_at(into, to) ? meet(RENAME, to, -1) : 0,
          REAL(renameat2)(at, from, into, to, flags))
}
int link(const char *from, const char *to) {
    WHOLE(link, is_below(to) ? meet(LINK, to, -1) : 0, REAL(link)(from, to))
}
int linkat(int at, const char *from, int into, const char *to, int flags) {
    WHOLE(linkat, is_at(into, to) ? meet(LINK, to, -1) : 0, REAL(linkat)(at, from, into, to, flags))
}
int mkdir(const char *path, mode_t mode) {
    WHOLE(mkdir, is_below(path) ? meet(MKDIR, path, -1) : 0, REAL(mkdir)(path, mode))
}
int unlink(const char *path) {
    WHOLE(unlink, is_below(path) ? meet(UNLINK, path, -1) : 0, REAL(unlink)(path))
}
int unlinkat(int at, const char *path, int flags) {
    WHOLE(unlinkat, is_at(at, path) ? meet(UNLINK, path, -1) : 0, REAL(unlinkat)(at, path, flags))
}
int rmdir(const char *path) {
    WHOLE(rmdir, is_below(path) ? meet(UNLINK, path, -1) : 0, REAL(rmdir)(path))
}
int fsync(int file) { WHOLE(fsync, is_ours(file) ? meet(SYNC, NULL, file) : 0, REAL(fsync)(file)) }
int fdatasync(int file) { WHOLE(fdatasync, is_ours(file) ? meet(SYNC, NULL, file) : 0, REAL(fdatasync)(file)) }
int ftruncate(int file, off_t size) {
    WHOLE(ftruncate, is_ours(file) ? meet(WRITE, NULL, file) : 0, REAL(ftruncate)(file, size))
}
int ftruncate64(int file, off64_t size) {
    WHOLE(ftruncate64, is_ours(file) ? meet(WRITE, NULL, file) : 0, REAL(ftruncate64)(file, size))
}
int close(int file) {
    static void *close_found;
    track(file, false);
    return REAL(close)(file);
}

#define OPENED(name, mine, call)                                              \
    static void *name##_found;                                                \
    mode_t mode = 0;                                                          \
    if (flags & O_CREAT) {                                                     \
        va_list rest;                                                         \
        va_start(rest, flags);                                                \
        mode = va_arg(rest, mode_t);                                          \
        va_end(rest);                                                         \
    }                                                                         \
    bool is_mine = (mine);                                                    \
    int verdict = is_mine ? meet(flags & O_CREAT ? CREATE : OPEN, path, -1) : 0; \
    if (verdict > 0) { errno = verdict; return -1; }                          \
    int file = (call);                                                        \
    if (verdict == DEADLY) die();                                             \
    track(file, is_mine);                                                     \
    return file;

int open(const char *path, int flags, ...) { OPENED(open, is_below(path), REAL(open)(path, flags, mode)) }
int open64(const char *path, int flags, ...) { OPENED(open64, is_below(path), REAL(open64)(path, flags, mode)) }
int openat(int at, const char *path, int flags, ...) {
    OPENED(openat, is_at(at, path), REAL(openat)(at, path, flags, mode))
}
int openat64(int at, const char *path, int flags, ...) {
    OPENED(openat64, is_at(at, path), REAL(openat64)(at, path, flags, mode))
}

/* A call on bytes: half of them for a short one, at least one where there is any. */
#define BYTES(name, kind, call)                                    \
    static void *name##_found;                                     \
    int verdict = is_ours(file) ? meet(kind, NULL, file) : 0;      \
    if (verdict > 0) { errno = verdict; return -1; }               \
    if (verdict < 0) size = (size + 1) / 2;                        \
    ssize_t done = (call);                                         \
    if (verdict == DEADLY) die();                                  \
    return done;

ssize_t read(int file, void *data, size_t size) { BYTES(read, READ, REAL(read)(file, data, size)) }
ssize_t pread(int file, void *data, size_t size, off_t at) { BYTES(pread, READ, REAL(pread)(file, data, size, at)) }
ssize_t pread64(int file, void *data, size_t size, off64_t at) {
    BYTES(pread64, READ, REAL(pread64)(file, data, size, at))
}
ssize_t write(int file, const void *data, size_t size) { BYTES(write, WRITE, REAL(write)(file, data, size)) }
ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    BYTES(pwrite, WRITE, REAL(pwrite)(file, data, size, at))
}
ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    BYTES(pwrite64, WRITE, REAL(pwrite64)(file, data, size, at))
}
ssize_t writev(int file, const struct iovec *parts, int size) { BYTES(writev, WRITE, REAL(writev)(file, parts, size)) }

static long refused_from;
static atomic_long threads;

void chaos_threads(long nth) {
    refused_from = nth;
    atomic_store(&threads, 0);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *how, void *(*work)(void *), void *with) {
    static void *pthread_create_found;
    if (atomic_fetch_add(&threads, 1) + 1 >= refused_from && refused_from) return EAGAIN;
    return REAL(pthread_create)(thread, how, work, with);
}

static long step_seconds, step_at;
static atomic_long asked;

void chaos_step(long seconds, long nth) {
    step_seconds = seconds;
    step_at = nth;
    atomic_store(&asked, 0);
}

long chaos_asked(void) { return atomic_load(&asked); }

static long stepped(void) { return atomic_fetch_add(&asked, 1) + 1 >= step_at ? step_seconds : 0; }

int clock_gettime(clockid_t clock, struct timespec *now) {
    static void *clock_gettime_found;
    int done = REAL(clock_gettime)(clock, now);
    if (done == 0 && clock == CLOCK_REALTIME) now->tv_sec += stepped();
    return done;
}
time_t time(time_t *now) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    if (now) *now = found.tv_sec;
    return found.tv_sec;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    static void *gettimeofday_found;
    int done = REAL(gettimeofday)(now, zone);
    if (done == 0) now->tv_sec += stepped();
    return done;
}
