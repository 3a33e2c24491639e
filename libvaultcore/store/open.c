/* opening a store, and making a new one */

#include "store/store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VC_STORE_TABLES 4
/* slots of 64 bytes; a snapshot keeps its slot as long as its process lives */
#define VC_STORE_READERS 8192
#define VC_STORE_SIZE_MIN ((size_t) 1 << 20)
#define VC_STORE_FILE "/data.mdb"


static vc_status_t
vc_store_open_failed(vc_error_t *err, const char *path, int rc)
{
    vc_status_t status;

    status = vc_store_status(rc);

    if (rc == MDB_INVALID || rc == MDB_VERSION_MISMATCH || rc == MDB_CORRUPTED)
    {
        return vc_fail(err, VC_IO,
            "%s" VC_STORE_FILE ": not a store, or damaged (%s)", path,
            mdb_strerror(rc));
    }

    if (status == VC_NOT_FOUND) {
        return vc_fail(err, status,
            "%s: there is no finished store in this directory", path);
    }

    return vc_fail(err, status, "%s: the store cannot be opened: %s", path,
        mdb_strerror(rc));
}


/* looks before LMDB does: opening would make the files */
static vc_status_t
vc_store_check_path(const char *path, unsigned flags, vc_error_t *err)
{
    char        file[PATH_MAX];
    struct stat info;

    if ((size_t) snprintf(file, sizeof(file), "%s" VC_STORE_FILE, path)
        >= sizeof(file))
    {
        return vc_fail(err, VC_INVALID, "the store's path is too long");
    }

    if ((flags & VC_STORE_CREATE) != 0) {
        if (mkdir(path, 0700) != 0 && errno != EEXIST) {
            return vc_fail(err, VC_IO, "%s: the directory cannot be made: %s",
                path, strerror(errno));
        }

        return VC_OK;
    }

    if (stat(file, &info) != 0) {
        return vc_fail(err, (errno == ENOENT) ? VC_NOT_FOUND : VC_IO,
            "%s: there is no store in this directory: %s", path,
            strerror(errno));
    }

    return VC_OK;
}


static vc_status_t
vc_store_open_env(vc_store_t *store, const char *path, size_t size,
    unsigned flags, vc_error_t *err)
{
    int      rc;
    unsigned mode;
    MDB_stat stat;

    if (size == 0 && (flags & VC_STORE_CREATE) != 0) {
        size = VC_STORE_SIZE_DEFAULT;
    }

    rc = mdb_env_create(&store->env);
    if (rc != MDB_SUCCESS) {
        store->env = NULL;
        return vc_store_open_failed(err, path, rc);
    }

    store->page_size = (size_t) sysconf(_SC_PAGESIZE);
    size = (size + store->page_size - 1) & ~(store->page_size - 1);
    mode = store->inspect ? MDB_RDONLY | MDB_NOLOCK | MDB_NOTLS : MDB_NOTLS;

    if ((rc = mdb_env_set_maxdbs(store->env, VC_STORE_TABLES)) != 0
        || (rc = mdb_env_set_maxreaders(store->env, VC_STORE_READERS)) != 0
        || (size != 0 && (rc = mdb_env_set_mapsize(store->env, size)) != 0)
        || (rc = mdb_env_open(store->env, path, mode, 0600)) != 0
        || (rc = mdb_env_stat(store->env, &stat)) != 0)
    {
        return vc_store_open_failed(err, path, rc);
    }

    store->page_size = stat.ms_psize;
    vc_store_check_readers(store);

    return VC_OK;
}


static int
vc_store_open_tables(vc_store_t *store, MDB_txn *txn, unsigned flags)
{
    int rc;

    rc = mdb_dbi_open(txn, "meta", flags, &store->meta);

    if (rc == MDB_SUCCESS) {
        rc = mdb_dbi_open(txn, "records", flags, &store->records);
    }

    if (rc == MDB_SUCCESS) {
        rc = vc_compare_install(store, txn);
    }

    if (rc == MDB_SUCCESS) {
        rc = mdb_dbi_open(txn, "due", flags, &store->due);
    }

    return rc;
}


/* format 1 is the first: there is nothing older to bring forward yet */
static vc_status_t
vc_store_check_format(uint64_t format, const char *path, vc_error_t *err)
{
    if (format > VC_STORE_FORMAT) {
        return vc_fail(err, VC_NEWER_FORMAT,
            "%s: the store has format %llu, and this build knows formats up "
            "to %d: it was written by a newer version",
            path, (unsigned long long) format, VC_STORE_FORMAT);
    }

    if (format != VC_STORE_FORMAT) {
        return vc_fail(err, VC_INVALID, "%s: the store has no known format",
            path);
    }

    return VC_OK;
}


static vc_status_t
vc_store_read_format(vc_store_t *store, MDB_txn *txn, const char *path,
    vc_error_t *err)
{
    int         rc;
    uint64_t    format;
    vc_status_t status;

    /* the format comes first: a newer one may have other tables */
    rc = mdb_dbi_open(txn, "meta", 0, &store->meta);

    if (rc == MDB_SUCCESS) {
        rc = vc_store_get_meta(store, txn, "format", &format);
    }

    if (rc != MDB_SUCCESS) {
        return vc_store_open_failed(err, path, rc);
    }

    status = vc_store_check_format(format, path, err);
    if (status != VC_OK) {
        return status;
    }

    rc = vc_store_open_tables(store, txn, 0);

    return (rc == MDB_SUCCESS) ? VC_OK : vc_store_open_failed(err, path, rc);
}


static vc_status_t
vc_store_load(vc_store_t *store, const char *path, vc_error_t *err)
{
    int         rc;
    MDB_txn    *txn;
    vc_status_t status;

    rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);

    if (rc == MDB_MAP_RESIZED) {
        rc = mdb_env_set_mapsize(store->env, 0);

        if (rc == MDB_SUCCESS) {
            rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
        }
    }

    if (rc != MDB_SUCCESS) {
        return vc_store_open_failed(err, path, rc);
    }

    status = vc_store_read_format(store, txn, path, err);

    if (status != VC_OK) {
        mdb_txn_abort(txn);
        return status;
    }

    /* the commit of a read keeps the tables open */
    rc = mdb_txn_commit(txn);

    return (rc == MDB_SUCCESS) ? VC_OK : vc_store_open_failed(err, path, rc);
}


/* the new files' names must be as durable as what is in them */
static int
vc_store_sync_directory(const char *path)
{
    int fd, rc;

    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1) {
        return errno;
    }

    rc = (fsync(fd) == 0) ? 0 : errno;
    (void) close(fd);

    return rc;
}


static int
vc_store_put_first(vc_store_t *store, MDB_txn *txn)
{
    int      rc;
    uint64_t format;

    rc = vc_store_open_tables(store, txn, MDB_CREATE);
    if (rc != MDB_SUCCESS) {
        return rc;
    }

    if (vc_store_get_meta(store, txn, "format", &format) != MDB_NOTFOUND) {
        return MDB_KEYEXIST;
    }

    rc = vc_store_put_meta(store, txn, "format", VC_STORE_FORMAT);

    if (rc == MDB_SUCCESS) {
        rc = vc_store_put_meta(store, txn, "revision", 0);
    }

    if (rc == MDB_SUCCESS) {
        rc = vc_store_put_meta(store, txn, "epoch", 1);
    }

    return rc;
}


static vc_status_t
vc_store_make(vc_store_t *store, const char *path, vc_error_t *err)
{
    int      rc;
    MDB_txn *txn;

    rc = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (rc != MDB_SUCCESS) {
        return vc_store_open_failed(err, path, rc);
    }

    rc = vc_store_put_first(store, txn);

    if (rc != MDB_SUCCESS) {
        mdb_txn_abort(txn);

    } else {
        rc = mdb_txn_commit(txn);
    }

    if (rc == MDB_SUCCESS) {
        rc = vc_store_sync_directory(path);
    }

    if (rc == MDB_KEYEXIST) {
        return vc_fail(err, VC_CONFLICT, "%s: there is a store already", path);
    }

    return (rc == 0) ? VC_OK : vc_store_open_failed(err, path, rc);
}


static vc_status_t
vc_store_init(vc_store_t *store, const char *path, size_t size, unsigned flags,
    vc_error_t *err)
{
    vc_status_t status;

    status = vc_store_check_path(path, flags, err);

    if (status == VC_OK) {
        status = vc_store_open_env(store, path, size, flags, err);
    }

    if (status == VC_OK) {
        status = ((flags & VC_STORE_CREATE) != 0)
                     ? vc_store_make(store, path, err)
                     : vc_store_load(store, path, err);
    }

    if (status == VC_OK && (flags & VC_STORE_WRITER) != 0) {
        status = vc_writer_start(store, err);
    }

    return status;
}


vc_status_t
vc_store_open(const char *path, size_t size, unsigned flags, vc_store_t **out,
    vc_error_t *err)
{
    vc_store_t *store;
    vc_status_t status;

    if (path == NULL || path[0] == '\0') {
        return vc_fail(err, VC_INVALID, "the store has no path");
    }

    if (size != 0 && (size < VC_STORE_SIZE_MIN || size > SIZE_MAX / 2)) {
        return vc_fail(err, VC_INVALID,
            "%s: a store cannot be limited to %zu bytes; the least is %zu",
            path, size, VC_STORE_SIZE_MIN);
    }

    if ((flags & VC_STORE_INSPECT) != 0 && flags != VC_STORE_INSPECT) {
        return vc_fail(err, VC_INVALID,
            "%s: a store that is inspected can be neither made nor written",
            path);
    }

    store = calloc(1, sizeof(vc_store_t));
    if (store == NULL) {
        return vc_fail(err, VC_NO_MEMORY, "%s: out of memory", path);
    }

    store->inspect = (flags & VC_STORE_INSPECT) != 0;
    (void) pthread_mutex_init(&store->pool_lock, NULL);
    (void) pthread_mutex_init(&store->write_lock, NULL);
    (void) pthread_mutex_init(&store->queue_lock, NULL);
    (void) pthread_cond_init(&store->queue_filled, NULL);

    status = vc_store_init(store, path, size, flags, err);
    if (status != VC_OK) {
        vc_store_close(store);
        return status;
    }

    *out = store;

    return VC_OK;
}
