#include "identity/authority.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/jws.h"
#include "identity/authority_state.h"
#include "identity/claims.h"

#define VC_FLOOR_DEFAULT 30


struct vc_authorities {
    char             tenant[VC_GUID_LEN + 1];
    int64_t          floor;
    vc_str_t         management;
    size_t           count;
    vc_authority_t **entries;
};


static vc_status_t
vc_authority_copy_audiences(vc_authority_t *authority,
    const vc_str_t *audiences, size_t count)
{
    size_t i;

    authority->audiences = vc_arena_calloc(authority->arena,
        count * sizeof(vc_str_t));
    if (authority->audiences == NULL) {
        return VC_NO_MEMORY;
    }

    for (i = 0; i < count; i++) {
        authority->audiences[i] = vc_str_copy(authority->arena, audiences[i]);
        if (authority->audiences[i].data == NULL) {
            return VC_NO_MEMORY;
        }
    }

    authority->audience_count = count;

    return VC_OK;
}


/* the length of "https://" or "http://" in front of it; else 0 */
static size_t
vc_url_scheme_len(vc_str_t url)
{
    if (vc_str_starts(url, VC_STR("https://"))) {
        return 8;
    }

    return vc_str_starts(url, VC_STR("http://")) ? 7 : 0;
}


/* the origin of a URL and the tenant: clients take the whole path as tenant */
static vc_str_t
vc_authority_make_login_url(vc_arena_t *arena, vc_str_t url, vc_str_t tenant)
{
    size_t   i;
    vc_buf_t buf;

    i = vc_url_scheme_len(url);
    if (i == 0) {
        return vc_str_copy(arena, url);
    }

    while (i < url.len && url.data[i] != '/') {
        i++;
    }

    vc_buf_init(&buf, arena, i + 1 + tenant.len);
    vc_buf_put(&buf, url.data, i);
    vc_buf_u8(&buf, '/');
    vc_buf_str(&buf, tenant);

    return buf.failed ? VC_STR_NULL : vc_buf_view(&buf);
}


static vc_str_t
vc_str_lower_copy(vc_arena_t *arena, vc_str_t s)
{
    char  *p;
    size_t i;

    p = vc_str_dup(arena, s);

    for (i = 0; p != NULL && i < s.len; i++) {
        p[i] = (char) tolower((unsigned char) p[i]);
    }

    return (vc_str_t){(const uint8_t *) p, p == NULL ? 0 : s.len};
}


static vc_status_t
vc_authority_fill(vc_authority_t *authority,
    const vc_authority_options_t *options, vc_str_t tenant)
{
    vc_arena_t *arena;

    arena = authority->arena;

    authority->algorithms = vc_authority_option_algorithms(options);
    authority->federation = options->federation;
    authority->issuer = vc_str_copy(arena, options->issuer);
    authority->tenant = vc_str_lower_copy(arena,
        options->tenant.len != 0 ? options->tenant : tenant);
    authority->login_url = vc_authority_make_login_url(arena,
        options->login_url.len != 0 ? options->login_url : options->issuer,
        authority->tenant);

    if (authority->issuer.data == NULL || authority->tenant.data == NULL
        || authority->login_url.data == NULL)
    {
        return VC_NO_MEMORY;
    }

    if (options->jwks_url.len != 0) {
        authority->jwks_url = vc_str_dup(arena, options->jwks_url);
        if (authority->jwks_url == NULL) {
            return VC_NO_MEMORY;
        }
    }

    if (options->ca_file.len != 0) {
        authority->ca_file = vc_str_dup(arena, options->ca_file);
        if (authority->ca_file == NULL) {
            return VC_NO_MEMORY;
        }
    }

    return vc_authority_copy_audiences(authority, options->audiences,
        options->audience_count);
}


static void
vc_authority_destroy(vc_authority_t *authority)
{
    (void) pthread_cond_destroy(&authority->fetched);
    (void) pthread_mutex_destroy(&authority->lock);
    json_decref(authority->keys);
    vc_arena_destroy(authority->arena);
}


static vc_status_t
vc_authority_create(const vc_authorities_t *authorities,
    const vc_authority_options_t *options, vc_authority_t **out)
{
    vc_arena_t     *arena;
    vc_authority_t *authority;

    arena = vc_arena_create(2048);
    if (arena == NULL) {
        return VC_NO_MEMORY;
    }

    authority = vc_arena_calloc(arena, sizeof(vc_authority_t));
    if (authority == NULL) {
        vc_arena_destroy(arena);
        return VC_NO_MEMORY;
    }

    authority->arena = arena;
    authority->floor = authorities->floor;
    (void) pthread_mutex_init(&authority->lock, NULL);
    (void) pthread_cond_init(&authority->fetched, NULL);

    if (vc_authority_fill(authority, options, vc_str(authorities->tenant))
        != VC_OK) {
        vc_authority_destroy(authority);
        return VC_NO_MEMORY;
    }

    *out = authority;

    return VC_OK;
}


vc_status_t
vc_authorities_create(vc_str_t tenant, int64_t floor, vc_authorities_t **out)
{
    vc_authorities_t *authorities;

    if (!vc_guid_valid(tenant) || floor < 0) {
        return VC_INVALID;
    }

    authorities = calloc(1, sizeof(vc_authorities_t));
    if (authorities == NULL) {
        return VC_NO_MEMORY;
    }

    memcpy(authorities->tenant, tenant.data, tenant.len);
    authorities->floor = (floor == 0) ? VC_FLOOR_DEFAULT : floor;
    *out = authorities;

    return VC_OK;
}


void
vc_authorities_set_management(vc_authorities_t *authorities, vc_str_t resource)
{
    authorities->management = resource;
}


void
vc_authorities_destroy(vc_authorities_t *authorities)
{
    size_t i;

    if (authorities == NULL) {
        return;
    }

    for (i = 0; i < authorities->count; i++) {
        vc_authority_destroy(authorities->entries[i]);
    }

    free(authorities->entries);
    free(authorities);
}


/* keys: taken over, on failure too */
static vc_status_t
vc_authorities_append(vc_authorities_t *authorities,
    const vc_authority_options_t *options, bool local, json_t *keys,
    vc_error_t *err)
{
    vc_status_t     status;
    vc_authority_t *authority, **entries;

    entries = realloc(authorities->entries,
        (authorities->count + 1) * sizeof(vc_authority_t *));

    if (entries == NULL) {
        json_decref(keys);
        return vc_fail(err, VC_NO_MEMORY, "out of memory");
    }

    authorities->entries = entries;

    status = vc_authority_create(authorities, options, &authority);
    if (status != VC_OK) {
        json_decref(keys);
        return vc_fail(err, status, "out of memory");
    }

    authority->management = authorities->management;
    authority->local = local;
    authority->keys = keys;
    entries[authorities->count++] = authority;

    return VC_OK;
}


static vc_status_t
vc_authorities_check_new(vc_authorities_t *authorities, vc_str_t issuer,
    vc_error_t *err)
{
    if (vc_authorities_find(authorities, issuer) == NULL) {
        return VC_OK;
    }

    return vc_fail(err, VC_CONFLICT,
        "The authority \"%.*s\" is there already: each issuer can be named "
        "once.",
        VC_STR_ARG(issuer));
}


vc_status_t
vc_authorities_add(vc_authorities_t *authorities,
    const vc_authority_options_t *options, vc_error_t *err)
{
    json_t     *keys;
    vc_status_t status;

    status = vc_authorities_check_new(authorities, options->issuer, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_authority_read_options(options, &keys, err);
    if (status != VC_OK) {
        return status;
    }

    return vc_authorities_append(authorities, options, false, keys, err);
}


vc_status_t
vc_authorities_add_local(vc_authorities_t *authorities, vc_str_t issuer,
    vc_str_t login_url, const vc_str_t *audiences, size_t audience_count,
    vc_error_t *err)
{
    vc_status_t            status;
    vc_authority_options_t options;

    memset(&options, 0, sizeof(options));
    options.issuer = issuer;
    options.login_url = login_url;
    options.audiences = (vc_str_t *) audiences;
    options.audience_count = audience_count;
    options.algorithms = VC_ALG_RS256;

    status = vc_authority_check_names(&options, err);
    if (status != VC_OK) {
        return status;
    }

    status = vc_authorities_check_new(authorities, issuer, err);
    if (status != VC_OK) {
        return status;
    }

    return vc_authorities_append(authorities, &options, true, NULL, err);
}


vc_authority_t *
vc_authorities_at(vc_authorities_t *authorities, size_t index)
{
    return (index < authorities->count) ? authorities->entries[index] : NULL;
}


vc_authority_t *
vc_authorities_find(vc_authorities_t *authorities, vc_str_t issuer)
{
    size_t i;

    for (i = 0; i < authorities->count; i++) {
        if (vc_str_eq(authorities->entries[i]->issuer, issuer)) {
            return authorities->entries[i];
        }
    }

    return NULL;
}


vc_authority_t *
vc_authorities_of_tenant(vc_authorities_t *authorities, vc_str_t tenant)
{
    size_t i;

    for (i = 0; i < authorities->count; i++) {
        if (vc_authority_gives_access(authorities->entries[i])
            && vc_str_ieq(authorities->entries[i]->tenant, tenant))
        {
            return authorities->entries[i];
        }
    }

    return NULL;
}


void
vc_authorities_list_issuers(vc_authorities_t *authorities, vc_str_t tenant,
    vc_buf_t *out)
{
    bool            first;
    size_t          i;
    vc_authority_t *authority;

    first = true;

    for (i = 0; i < authorities->count; i++) {
        authority = authorities->entries[i];

        if (!vc_authority_gives_access(authority)
            || (tenant.len != 0 && !vc_str_ieq(authority->tenant, tenant)))
        {
            continue;
        }

        vc_buf_text(out, first ? "" : ", ");
        vc_buf_str(out, authority->issuer);
        first = false;
    }
}


vc_str_t
vc_authority_issuer(const vc_authority_t *authority)
{
    return authority->issuer;
}


vc_str_t
vc_authority_tenant(const vc_authority_t *authority)
{
    return authority->tenant;
}


vc_str_t
vc_authority_login_url(const vc_authority_t *authority)
{
    return authority->login_url;
}


bool
vc_authority_is_local(const vc_authority_t *authority)
{
    return authority->local;
}


uint32_t
vc_authority_algorithms(const vc_authority_t *authority)
{
    return authority->algorithms;
}
