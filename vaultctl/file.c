#include "vaultctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>


ctl_exit_t
ctl_file_read(const ctl_t *ctl, const char *path, size_t limit, vc_str_t *out)
{
    int      fd;
    size_t   len;
    ssize_t  n;
    uint8_t *data;

    data = vc_arena_alloc(ctl->arena, limit + 1);
    if (data == NULL) {
        return ctl_fail(CTL_FAILED, "out of memory");
    }

    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1) {
        return ctl_fail(CTL_FAILED, "%s: %s", path, strerror(errno));
    }

    for (len = 0, n = 1; n > 0 && len <= limit; len += (size_t) n) {
        n = read(fd, data + len, limit + 1 - len);
        if (n == -1) {
            (void) ctl_fail(CTL_FAILED, "%s: %s", path, strerror(errno));
            (void) close(fd);
            return CTL_FAILED;
        }
    }

    (void) close(fd);

    if (len > limit) {
        return ctl_fail(CTL_FAILED, "%s: larger than %zu bytes", path, limit);
    }

    *out = (vc_str_t){data, len};

    return CTL_OK;
}


bool
ctl_write(int fd, vc_str_t text)
{
    size_t  done;
    ssize_t n;

    for (done = 0; done < text.len; done += (size_t) n) {
        n = write(fd, text.data + done, text.len - done);

        if (n == -1 && errno == EINTR) {
            n = 0;
        }

        if (n == -1) {
            return false;
        }
    }

    return true;
}


ctl_exit_t
ctl_file_create(const char *path, int *fd)
{
    *fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
        0600);

    if (*fd == -1 && errno == EEXIST) {
        return ctl_fail(CTL_CONFLICT,
            "%s: exists already; name a file that does not", path);
    }

    if (*fd == -1) {
        return ctl_fail(CTL_FAILED, "%s: %s", path, strerror(errno));
    }

    return CTL_OK;
}


ctl_exit_t
ctl_file_finish(const char *path, int fd, vc_str_t content)
{
    bool good;

    good = ctl_write(fd, content) && ctl_write(fd, VC_STR("\n"))
           && fsync(fd) == 0;

    if (close(fd) != 0 || !good) {
        return ctl_fail(CTL_FAILED, "%s: %s", path, strerror(errno));
    }

    return CTL_OK;
}


void
ctl_file_abandon(const char *path, int fd)
{
    (void) close(fd);
    (void) unlink(path);
}


ctl_exit_t
ctl_confirm(const char *question, const char *name)
{
    char answer[256];

    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        return ctl_fail(CTL_USAGE,
            "%s cannot be undone, and there is no terminal to ask on; "
            "say --yes",
            question);
    }

    (void) fprintf(stderr,
        "%s cannot be undone.  Type its name (%s) to go on: ", question, name);

    if (fgets(answer, sizeof(answer), stdin) == NULL) {
        return ctl_fail(CTL_FAILED, "nothing was changed");
    }

    answer[strcspn(answer, "\n")] = '\0';

    if (strcmp(answer, name) != 0) {
        return ctl_fail(CTL_FAILED, "nothing was changed");
    }

    return CTL_OK;
}
