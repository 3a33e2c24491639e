/* a directory for one test, removed with all that is in it */

#ifndef VC_TEST_DIRECTORY_H
#define VC_TEST_DIRECTORY_H

#include <sys/types.h>
#include <sys/stat.h>

#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
    char path[64];
} test_directory_t;

/* in memory where there is such a file system: commits flush */
static inline test_directory_t
test_directory_make(void)
{
    test_directory_t directory;

    (void) snprintf(directory.path, sizeof(directory.path), "%s/vc-test-XXXXXX",
        access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");

    if (mkdtemp(directory.path) == NULL) {
        abort();
    }

    return directory;
}

static inline void
test_directory_remove(test_directory_t *directory)
{
    FTS    *walk;
    FTSENT *entry;
    char   *paths[] = {directory->path, NULL};

    walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (walk == NULL) {
        return;
    }

    while ((entry = fts_read(walk)) != NULL) {
        if (entry->fts_info != FTS_D) {
            (void) remove(entry->fts_accpath);
        }
    }

    (void) fts_close(walk);
}

#endif /* VC_TEST_DIRECTORY_H */
