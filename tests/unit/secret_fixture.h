/* requests about secrets to a whole vault, and what they are answered */

#ifndef TESTS_SECRET_FIXTURE_H
#define TESTS_SECRET_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>
#include <jansson.h>

#include "engine_fixture.h"

#define FIXTURE_URL "https://" FIXTURE_HOST
#define FIXTURE_TARGET_MAX 1024

typedef struct {
    int     status;
    char   *text; /* NUL-terminated */
    json_t *json; /* NULL: no body */
    char    record_id[256];
} answer_t;

/* one engine for a group of tests */
extern fixture_t secrets_fixture;

int secrets_setup(void **state);
int secrets_teardown(void **state);

/* a vault beside demo, with the administrator's rights, made while the engine
   runs */
void make_vault(const char *name, bool protect);

/*
 * Sends a request, body NULL: none.  A target without a query gets
 * api-version 7.4.  The answer is good until the next request.
 */
const answer_t *ask(const char *method, const char *target, const char *body);
const answer_t *ask_bytes(const char *method, const char *target,
    vc_str_t body);
/* the same, calling the vault by another address */
const answer_t *ask_at(const char *scheme, const char *host, const char *method,
    const char *target, const char *body);

/* asks and asserts the status */
const answer_t *expect(int status, const char *method, const char *target,
    const char *body);
/* asserts an error's status, code and inner code (NULL: none) */
const answer_t *expect_error(int status, const char *code, const char *inner,
    const char *method, const char *target, const char *body);

/* members of the answer's JSON object; assert their type */
const char *text_of(const json_t *object, const char *name);
json_int_t  number_of(const json_t *object, const char *name);
/* error.message of an answer */
const char *message_of(const answer_t *answer);
/* the last segment of its id */
void version_of(const answer_t *answer, char version[33]);

#endif /* TESTS_SECRET_FIXTURE_H */
