/* time passes for keys; on top of the requests of secret_fixture.h */

#ifndef TESTS_CHORE_FIXTURE_H
#define TESTS_CHORE_FIXTURE_H

#include "api/engine.h"
#include "engine_fixture.h"
#include "secret_fixture.h"

#define DAY INT64_C(86400)
#define CHORE_LINES_MAX 8
#define RECORD_ROTATED "KeyRotateIfDue"
#define RECORD_ANNOUNCED "KeyNearExpiryEventGridNotification"
#define ROTATE_AFTER_90_DAYS                                                   \
    "{\"lifetimeActions\":[{\"trigger\":{\"timeAfterCreate\":\"P90D\"},"       \
    "\"action\":{\"type\":\"Rotate\"}}]}"

typedef struct {
    char   lines[CHORE_LINES_MAX][2048]; /* records not yet asserted */
    size_t line_count;
    /* the name of a key that is changed while the next one is made */
    const char *meanwhile;
    bool        is_ending; /* the process: keys are given up */
} chore_fixture_t;

extern chore_fixture_t chores;

/* for each test, which has an engine of its own; secrets_teardown() ends it */
int chore_setup(void **state);

/* the keys of what is due at a moment, CHORE_LINES_MAX of them; how many */
size_t chore_due(vc_context_t *context, vc_arena_t *arena, int64_t now,
    vc_str_t *keys);
/* does what is due at a moment; how much that was */
size_t chore_pass_until(int64_t now);

/* an EC key; more: members of the body, as ",…".  When it was made. */
int64_t chore_make(const char *name, const char *more);
void    chore_policy(const char *name, const char *policy);
void    chore_patch(const char *name, const char *body);
void    chore_expiry(const char *name, int64_t expires);
size_t  chore_versions(const char *name);

/* one record was written since the last time, about the current version */
void chore_recorded(const char *operation, const char *name);

#endif /* TESTS_CHORE_FIXTURE_H */
