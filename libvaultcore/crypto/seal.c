#include "crypto/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/random.h"
#include "crypto/secmem.h"

#define VC_SEAL_MARK "vault-seal-key-1 "
#define VC_SEAL_TEXT_LEN 43 /* 32 bytes as base64url */
#define VC_SEAL_LINE_LEN (sizeof(VC_SEAL_MARK) - 1 + VC_SEAL_TEXT_LEN)

/* what a wrapped root key is bound to: it is never taken for a record */
#define VC_SEAL_PLACE VC_STR("seal: root key")
#define VC_SEAL_KEY_ID 1


struct vc_seal {
    uint8_t *key; /* a block of secret memory */
};


static vc_status_t
vc_seal_check_file(const char *path, int fd, vc_error_t *err)
{
    struct stat info;

    if (fstat(fd, &info) != 0) {
        return vc_fail(err, VC_IO, "%s: %s", path, strerror(errno));
    }

    if (!S_ISREG(info.st_mode)) {
        return vc_fail(err, VC_INVALID, "%s: a seal key must be a regular file",
            path);
    }

    if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return vc_fail(err, VC_INVALID,
            "%s: the seal key is open to group or others (mode %04o); "
            "its mode must be 0600 or 0400",
            path, (unsigned) info.st_mode & 07777U);
    }

    if (info.st_uid != 0 && info.st_uid != geteuid()) {
        return vc_fail(err, VC_INVALID,
            "%s: the seal key belongs to user id %u; it must belong to root "
            "or to the user that reads it (%u)",
            path, (unsigned) info.st_uid, (unsigned) geteuid());
    }

    return VC_OK;
}


static vc_status_t
vc_seal_decode(const char *path, vc_str_t line, uint8_t *key, vc_error_t *err)
{
    vc_str_t    mark, bytes;
    vc_arena_t *arena;
    vc_status_t status;

    mark = VC_STR(VC_SEAL_MARK);
    status = VC_OK;

    arena = vc_arena_create(256);
    if (arena == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "%s: out of memory", path);
    }

    if (line.len != 0 && line.data[line.len - 1] == '\n') {
        line.len--;
    }

    if (line.len == VC_SEAL_LINE_LEN && vc_str_starts(line, mark)
        && vc_base64url_decode(arena,
            (vc_str_t){line.data + mark.len, line.len - mark.len}, &bytes)
        && bytes.len == VC_KEY_LEN)
    {
        memcpy(key, bytes.data, VC_KEY_LEN);

    } else {
        status = vc_fail(err, VC_INVALID,
            "%s: not a seal key; it must hold the one line "
            "\"" VC_SEAL_MARK "<32 bytes as base64url>\"",
            path);
    }

    vc_arena_destroy(arena);

    return status;
}


static vc_status_t
vc_seal_load(const char *path, int fd, uint8_t *key, vc_error_t *err)
{
    size_t      len;
    uint8_t     line[VC_SEAL_LINE_LEN + 2];
    ssize_t     n;
    vc_status_t status;

    status = vc_seal_check_file(path, fd, err);
    if (status != VC_OK) {
        return status;
    }

    len = 0;

    do {
        n = read(fd, line + len, sizeof(line) - len);
        len += (n > 0) ? (size_t) n : 0;
    } while ((n > 0 && len < sizeof(line)) || (n == -1 && errno == EINTR));

    if (n == -1) {
        status = vc_fail(err, VC_IO, "%s: %s", path, strerror(errno));

    } else {
        status = vc_seal_decode(path, (vc_str_t){line, len}, key, err);
    }

    vc_wipe(line, sizeof(line));

    return status;
}


vc_status_t
vc_seal_file_open(const char *path, vc_seal_t **out, vc_error_t *err)
{
    int         fd;
    vc_seal_t  *seal;
    vc_status_t status;

    if (path == NULL || path[0] == '\0') {
        return vc_fail(err, VC_INVALID, "the seal key has no path");
    }

    /* without O_NONBLOCK a FIFO would hold us up before it can be refused */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd == -1) {
        return vc_fail(err, VC_IO, "%s: the seal key cannot be opened: %s",
            path, strerror(errno));
    }

    seal = calloc(1, sizeof(vc_seal_t));
    if (seal == NULL) {
        (void) close(fd);
        return vc_fail(err, VC_NO_MEMORY, "%s: out of memory", path);
    }

    status = VC_NO_MEMORY;

    seal->key = vc_secret_alloc(err);
    if (seal->key != NULL) {
        status = vc_seal_load(path, fd, seal->key, err);
    }

    (void) close(fd);

    if (status != VC_OK) {
        vc_seal_close(seal);
        return status;
    }

    *out = seal;

    return VC_OK;
}


static vc_status_t
vc_seal_new_line(vc_buf_t *line)
{
    uint8_t     key[VC_KEY_LEN];
    vc_status_t status;

    status = vc_random(key, sizeof(key));
    if (status != VC_OK) {
        return status;
    }

    vc_buf_text(line, VC_SEAL_MARK);
    vc_base64url_encode(line, (vc_str_t){key, sizeof(key)});
    vc_buf_text(line, "\n");
    vc_wipe(key, sizeof(key));

    return line->failed ? VC_NO_MEMORY : VC_OK;
}


/* a key that is not on disk must not wrap anything: file, then directory */
static int
vc_seal_sync_directory(const char *path)
{
    int         fd, rc;
    char        directory[PATH_MAX];
    const char *slash;

    slash = strrchr(path, '/');

    (void) snprintf(directory, sizeof(directory), "%.*s",
        slash == NULL ? 1 : (int) (slash - path) + 1,
        slash == NULL ? "." : path);

    fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1) {
        return -1;
    }

    rc = fsync(fd);
    (void) close(fd);

    return rc;
}


static int
vc_seal_write(const char *path, int fd, vc_str_t line)
{
    ssize_t n;

    n = write(fd, line.data, line.len);

    if (n != (ssize_t) line.len) {
        /* a short write of 61 bytes is a full disk */
        errno = (n == -1) ? errno : ENOSPC;
        return -1;
    }

    return (fsync(fd) == 0) ? vc_seal_sync_directory(path) : -1;
}


static vc_status_t
vc_seal_write_new(const char *path, vc_str_t line, vc_error_t *err)
{
    int         fd, rc;
    vc_status_t status;

    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd == -1 && errno == EEXIST) {
        return vc_fail(err, VC_CONFLICT,
            "%s: exists already; a seal key is never written over", path);
    }

    if (fd == -1) {
        return vc_fail(err, VC_IO, "%s: the seal key cannot be made: %s", path,
            strerror(errno));
    }

    rc = vc_seal_write(path, fd, line);
    status = VC_OK;

    if (rc != 0) {
        status = vc_fail(err, VC_IO, "%s: the seal key cannot be written: %s",
            path, strerror(errno));
        (void) unlink(path);
    }

    (void) close(fd);

    return status;
}


vc_status_t
vc_seal_file_create(const char *path, vc_error_t *err)
{
    vc_buf_t    line;
    vc_arena_t *arena;
    vc_status_t status;

    if (path == NULL || path[0] == '\0') {
        return vc_fail(err, VC_INVALID, "the seal key has no path");
    }

    arena = vc_arena_create(256);
    if (arena == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "%s: out of memory", path);
    }

    vc_buf_init(&line, arena, 128);

    status = vc_seal_new_line(&line);

    if (status == VC_OK) {
        status = vc_seal_write_new(path, vc_buf_view(&line), err);

    } else {
        status = vc_fail(err, status, "%s: no random bytes for a seal key",
            path);
    }

    vc_arena_destroy(arena);

    return status;
}


void
vc_seal_close(vc_seal_t *seal)
{
    if (seal == NULL) {
        return;
    }

    vc_secret_free(seal->key);
    free(seal);
}


vc_status_t
vc_seal_wrap(const vc_seal_t *seal, const uint8_t key[VC_KEY_LEN],
    vc_buf_t *out)
{
    vc_cipher_t *cipher;
    vc_status_t  status;

    status = vc_cipher_create(seal->key, VC_SEAL_KEY_ID, &cipher);
    if (status != VC_OK) {
        return status;
    }

    status = vc_cipher_seal(cipher, VC_SEAL_PLACE, (vc_str_t){key, VC_KEY_LEN},
        out);
    vc_cipher_destroy(cipher);

    return status;
}


vc_status_t
vc_seal_unwrap(const vc_seal_t *seal, vc_str_t wrapped, uint8_t key[VC_KEY_LEN])
{
    size_t       len;
    vc_cipher_t *cipher;
    vc_status_t  status;

    if (wrapped.len != VC_KEY_LEN + VC_SEALED_OVERHEAD) {
        return VC_UNSEAL_FAILED;
    }

    status = vc_cipher_create(seal->key, VC_SEAL_KEY_ID, &cipher);
    if (status != VC_OK) {
        return status;
    }

    status = vc_cipher_open(cipher, VC_SEAL_PLACE, wrapped, key, &len);
    vc_cipher_destroy(cipher);

    return (status == VC_INVALID) ? VC_UNSEAL_FAILED : status;
}
