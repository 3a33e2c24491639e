/* role assignments that are made at the same time, or by whoever may no more */

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "assignment_fixture.h"


#define ROUNDS 40

typedef struct {
    fixture_t *f;
    char       digit;
    size_t     won;
    size_t     lost;
} racer_t;


/* asks for the same as the other does, under ids of its own */
static void *
race(void *data)
{
    int             i;
    bool            existed;
    char            principal[VC_GUID_LEN + 1], id[VC_GUID_LEN + 1];
    racer_t        *racer = data;
    vc_error_t      err;
    vc_arena_t     *arena;
    vc_status_t     status;
    vc_session_t   *session;
    vc_assignment_t one;

    arena = vc_arena_create(4096);

    if (arena == NULL || vc_session_create(racer->f->store, &session) != VC_OK)
    {
        abort();
    }

    for (i = 0; i < ROUNDS; i++) {
        (void) snprintf(principal, sizeof(principal),
            "aaaaaaaa-0000-0000-0000-%012d", i);
        (void) snprintf(id, sizeof(id), "%c0000000-0000-0000-0000-%012d",
            racer->digit, i);
        one = assignment(id, principal, OWNER, VC_STR("/"));

        status = vc_assignment_put(session, arena, &one, &existed, &err);
        racer->won += (status == VC_OK);
        racer->lost += (status == VC_OBJECT_CONFLICT);
        vc_arena_reset(arena);
    }

    vc_session_destroy(session);
    vc_arena_destroy(arena);

    return NULL;
}


static void
test_race(void **state)
{
    racer_t    racers[2];
    pthread_t  threads[2];
    fixture_t *f = *state;

    racers[0] = (racer_t){f, '1', 0, 0};
    racers[1] = (racer_t){f, '2', 0, 0};

    assert_int_equal(pthread_create(&threads[0], NULL, race, &racers[0]), 0);
    assert_int_equal(pthread_create(&threads[1], NULL, race, &racers[1]), 0);
    assert_int_equal(pthread_join(threads[0], NULL), 0);
    assert_int_equal(pthread_join(threads[1], NULL), 0);

    assert_int_equal(racers[0].won + racers[1].won, ROUNDS);
    assert_int_equal(racers[0].lost + racers[1].lost, ROUNDS);
    assert_int_equal(count_all(f), ROUNDS);
}


/* --- a decision that is overtaken ---------------------------------------------- */

static void
decide(fixture_t *f)
{
    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    vc_session_bind(f->session);
    vc_session_end(f->session);
}


/*
 * Whoever may give roles and loses that right before the change is carried out
 * is asked again; also where it is lost between the change's own snapshot and
 * its commit.
 */
static void
test_overtaken(void **state)
{
    bool            existed;
    vc_key_t        key;
    fixture_t      *f = *state;
    vc_batch_t     *batch;
    vc_grants_t     grants;
    vc_status_t     status;
    vc_session_t   *other;
    vc_assignment_t was, one;

    assert_int_equal(vc_session_create(f->store, &other), VC_OK);
    one = assignment(ONE, ALICE, OWNER, VC_STR("/"));
    assert_int_equal(vc_assignment_put(other, f->arena, &one, &existed,
                         &f->err),
        VC_OK);

    decide(f);
    assert_int_equal(vc_assignment_delete(other, f->arena, VC_STR("/"),
                         VC_STR(ONE), &was, &f->err),
        VC_OK);
    assert_int_equal(put(f, TWO, BOB, OWNER, at(f, DEMO)), VC_AGAIN);
    assert_int_equal(vc_vault_delete(f->session, f->arena, VC_STR("demo"),
                         &(vc_vault_t){.deleted = 0}, &f->err),
        VC_AGAIN);
    vc_session_unbind(f->session);
    assert_int_equal(grants_of(f, "demo", &grants), 0);

    /* decided again, it is carried out */
    decide(f);
    assert_int_equal(put(f, TWO, BOB, OWNER, at(f, DEMO)), VC_OK);
    vc_session_unbind(f->session);

    assert_int_equal(vc_session_begin(f->session, &f->err), VC_OK);
    vc_session_bind(f->session);
    batch = vc_batch_create(f->arena);
    key = vc_key_installation("test");
    assert_int_equal(vc_sealed_put(f->session, NULL, batch, vc_key_view(&key),
                         VC_REVISION_ANY, VC_STR("x"), 0),
        VC_OK);
    vc_session_end(f->session);
    assert_int_equal(vc_assignment_put(other, f->arena, &one, &existed,
                         &f->err),
        VC_OK);
    status = vc_session_commit(f->session, batch, NULL, &f->err);
    assert_int_equal(status, VC_CONFLICT);
    vc_session_unbind(f->session);
    assert_int_equal(vc_session_commit(f->session, batch, NULL, &f->err),
        VC_OK);
    vc_session_destroy(other);
}


int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_race),
        TEST(test_overtaken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
