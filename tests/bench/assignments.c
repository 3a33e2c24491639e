/*
 * What many role assignments at the subscription cost: reading them, which is
 * done once after each change of who may do what, and a decision that finds
 * none for a caller of many groups, which is the dearest.
 *
 *     assignments DIRECTORY
 *
 * DIRECTORY must not be there yet, and is best in memory (/dev/shm).
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "vaultcore.h"
#include "vaults/assignments.h"
#include "vaults/installation.h"

#define ROUNDS 50
#define GROUPS 200
#define ROLE "4633458b-17de-408a-b874-0445c86b69e6" /* Secrets User */

typedef struct {
    char              store_path[256];
    char              seal_path[256];
    char              scope[128];
    vc_error_t        err;
    vc_seal_t        *seal;
    vc_arena_t       *arena;
    vc_session_t     *session;
    vc_vaultstore_t  *store;
    vc_installation_t installation;
} bench_t;


static void
must(bench_t *bench, vc_status_t status, const char *what)
{
    if (status != VC_OK) {
        fprintf(stderr, "assignments: %s: %s %s\n", what, bench->err.message,
            bench->err.detail);
        exit(1);
    }
}


static double
microseconds(void)
{
    struct timespec now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);

    return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}


/* no two alike at either end, as random ones are */
static void
guid(char out[VC_GUID_LEN + 1], unsigned kind, unsigned number)
{
    number += 10000 * kind;
    (void) snprintf(out, VC_GUID_LEN + 1, "%08x-0000-4000-8000-0000%08x",
        number * 2654435761U, number * 2246822519U);
}


static void
begin(bench_t *bench, const char *directory)
{
    vc_vault_t      vault;
    vc_vault_spec_t spec = {.name = VC_STR("demo"), .rbac = true};

    (void) snprintf(bench->store_path, sizeof(bench->store_path), "%s/store",
        directory);
    (void) snprintf(bench->seal_path, sizeof(bench->seal_path), "%s/seal",
        directory);

    bench->arena = vc_arena_create(4096);
    must(bench, mkdir(directory, 0700) == 0 ? VC_OK : VC_IO, directory);
    must(bench, vc_seal_file_create(bench->seal_path, &bench->err), "seal");
    must(bench, vc_seal_file_open(bench->seal_path, &bench->seal, &bench->err),
        "seal");
    must(bench,
        vc_vaultstore_create(bench->store_path, (size_t) 256 << 20, bench->seal,
            &bench->err),
        "store");
    must(bench,
        vc_vaultstore_open(bench->store_path, 0, 0, bench->seal, &bench->store,
            &bench->err),
        "store");
    must(bench, vc_session_create(bench->store, &bench->session), "session");
    must(bench,
        vc_installation_create(bench->session, bench->arena, VC_STR_NULL,
            &bench->installation, &bench->err),
        "installation");
    must(bench,
        vc_vault_create(bench->session, bench->arena, &spec, &vault,
            &bench->err),
        "vault");
    (void) snprintf(bench->scope, sizeof(bench->scope), "/subscriptions/%s",
        bench->installation.id);
}


static void
add(bench_t *bench, unsigned number)
{
    bool            existed;
    vc_arena_t     *arena;
    vc_assignment_t one;

    memset(&one, 0, sizeof(one));
    guid(one.id, 1, number);
    guid(one.principal, 2, number);
    (void) snprintf(one.role, sizeof(one.role), "%s", ROLE);
    one.scope = vc_str(bench->scope);
    one.created_by = VC_STR(ROLE);

    arena = vc_arena_create(4096);
    must(bench,
        vc_assignment_put(bench->session, arena, &one, &existed, &bench->err),
        "assignment");
    vc_arena_destroy(arena);
}


/* the shortest of many rounds: this machine has other work, too */
static double
time_read(bench_t *bench)
{
    int                i;
    double             start, took, best;
    vc_vault_cache_t  *cache;
    const vc_grants_t *above;

    must(bench,
        vc_vault_cache_create(4, vc_str(bench->installation.id), &cache),
        "cache");

    for (i = 0, best = 1e9; i < ROUNDS; i++) {
        vc_vault_cache_clear(cache);
        start = microseconds();
        must(bench, vc_vault_cache_above(cache, bench->session, &above),
            "read");
        took = microseconds() - start;
        best = (took < best) ? took : best;
    }

    vc_vault_cache_destroy(cache);

    return best;
}


static double
time_decision(bench_t *bench, const vc_vault_t *vault, size_t groups)
{
    int            i;
    char           ids[GROUPS][VC_GUID_LEN + 1];
    double         start, took, best;
    unsigned       g;
    vc_str_t       views[GROUPS];
    vc_principal_t caller;

    memset(&caller, 0, sizeof(caller));
    caller.object_id = VC_STR(ROLE);
    caller.groups = views;
    caller.group_count = groups;

    for (g = 0; g < groups; g++) {
        guid(ids[g], 3, g);
        views[g] = vc_str(ids[g]);
    }

    for (i = 0, best = 1e9; i < ROUNDS; i++) {
        start = microseconds();

        if (vc_roles_decide(&caller, vault->grants, true,
                VC_STR(VC_DATA_ACTION("secrets/getSecret/action")),
                vc_str(bench->scope))
            != NULL)
        {
            must(bench, VC_INVALID, "a stranger has a role");
        }

        took = microseconds() - start;
        best = (took < best) ? took : best;
    }

    return best;
}


static void
measure(bench_t *bench, unsigned count)
{
    vc_vault_cache_t *cache;
    const vc_vault_t *vault;

    must(bench, vc_session_begin(bench->session, &bench->err), "snapshot");
    must(bench,
        vc_vault_cache_create(4, vc_str(bench->installation.id), &cache),
        "cache");
    must(bench,
        vc_vault_cache_get(cache, bench->session, VC_STR("demo"), &vault),
        "vault");

    printf("%6u %12.0f %14.1f %14.1f\n", count, time_read(bench),
        time_decision(bench, vault, 0), time_decision(bench, vault, GROUPS));

    vc_vault_cache_destroy(cache);
    vc_session_end(bench->session);
}


int
main(int argc, char **argv)
{
    static const unsigned counts[] = {100, 1000, VC_ASSIGNMENTS_MAX};

    size_t   i;
    bench_t  bench;
    unsigned made;

    if (argc != 2) {
        fprintf(stderr, "usage: assignments DIRECTORY\n");
        return 2;
    }

    memset(&bench, 0, sizeof(bench));
    begin(&bench, argv[1]);
    printf(" count    read, us   decision, us   of %d groups\n", GROUPS);

    for (i = 0, made = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        while (made < counts[i]) {
            add(&bench, made++);
        }

        measure(&bench, made);
    }

    vc_session_destroy(bench.session);
    vc_vaultstore_close(bench.store);
    vc_seal_close(bench.seal);
    vc_arena_destroy(bench.arena);

    return 0;
}
