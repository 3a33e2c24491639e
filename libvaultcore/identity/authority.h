/*
 * Authorities: the token issuers that are trusted, and their public keys.
 *
 * An authority's keys come from a JWKS file (read when the configuration is
 * loaded), from a JWKS URL (fetched with libcurl, off the event loop), or,
 * for the local authority, from the store.  Keys are kept when a fetch fails.
 */

#ifndef VC_IDENTITY_AUTHORITY_H
#define VC_IDENTITY_AUTHORITY_H

#include <stdint.h>

#include <jansson.h>

#include "base/bytes.h"
#include "store/sealed.h"

/* what a token can be for; its audiences say */
enum {
    VC_FOR_DATA = 1U << 0,      /* objects in vaults */
    VC_FOR_MANAGEMENT = 1U << 1 /* vaults themselves */
};

/* what the configuration says; the strings must outlive the authorities */
typedef struct {
    vc_str_t  issuer;    /* compared byte for byte with `iss` */
    vc_str_t  tenant;    /* GUID; empty: the installation's own tenant */
    vc_str_t *audiences; /* a trailing slash is insignificant */
    size_t    audience_count;
    bool      audience_optional; /* else there must be at least one */
    /* its tokens are client assertions that the local authority exchanges;
       access tokens only if there are audiences, which are optional then */
    bool     federation;
    uint32_t algorithms; /* VC_ALG_ bits; 0: RS256, PS256 and ES256 */
    vc_str_t login_url;  /* for the challenge; may be empty: the issuer */
    vc_str_t jwks_json;  /* the content of a JWKS file, or empty */
    vc_str_t jwks_url;   /* https://, or http:// to a loopback address */
    vc_str_t ca_file;    /* for jwks_url; empty: the system's */
} vc_authority_options_t;

typedef struct vc_authority   vc_authority_t;
typedef struct vc_authorities vc_authorities_t;

/* checks options without keeping anything (for `nginx -t`): issuer present,
   GUID, audiences, JWKS parses and holds at least one usable key, URL form */
vc_status_t vc_authority_check(const vc_authority_options_t *options,
    vc_error_t *err) VC_MUST_CHECK;

/* `tenant` (GUID) is the installation's; `floor` is the least number of
   seconds between two fetches that unknown key ids cause (0: 30) */
vc_status_t vc_authorities_create(vc_str_t tenant, int64_t floor,
    vc_authorities_t **out) VC_MUST_CHECK;
void        vc_authorities_destroy(vc_authorities_t *authorities);

/*
 * There is a management plane, with this resource.  Authorities that are added
 * from then on accept it as an audience; it, and the names of Azure's where an
 * authority has them among its audiences, are for management only, and all
 * others for data only.  The bytes must outlive the authorities.
 */
void vc_authorities_set_management(vc_authorities_t *authorities,
    vc_str_t resource);

/* VC_CONFLICT if the issuer is there already */
vc_status_t vc_authorities_add(vc_authorities_t *authorities,
    const vc_authority_options_t *options, vc_error_t *err) VC_MUST_CHECK;

/* makes `issuer` the local authority: its keys are those in the store */
vc_status_t vc_authorities_add_local(vc_authorities_t *authorities,
    vc_str_t issuer, vc_str_t login_url, const vc_str_t *audiences,
    size_t audience_count, vc_error_t *err) VC_MUST_CHECK;

vc_authority_t *vc_authorities_find(vc_authorities_t *authorities,
    vc_str_t issuer);
/* the first authority of a tenant that issues access tokens; NULL */
vc_authority_t *vc_authorities_of_tenant(vc_authorities_t *authorities,
    vc_str_t tenant);

vc_str_t vc_authority_issuer(const vc_authority_t *authority);
vc_str_t vc_authority_tenant(const vc_authority_t *authority);
/* the address for the challenge: no path but the tenant's */
vc_str_t vc_authority_login_url(const vc_authority_t *authority);
bool     vc_authority_is_local(const vc_authority_t *authority);
bool vc_authority_accepts(const vc_authority_t *authority, vc_str_t audience);
/* VC_FOR_*, what a token with the audience is good for; 0: nothing */
unsigned vc_authority_planes(const vc_authority_t *authority,
    vc_str_t audience);
/* false: it has none, which audience_optional or federation allows */
bool vc_authority_has_audience(const vc_authority_t *authority);
/* whether its tokens can be exchanged; and whether they can be more than that */
bool vc_authority_federates(const vc_authority_t *authority);
bool vc_authority_gives_access(const vc_authority_t *authority);
/* appends "https://a, https://b": what it accepts for VC_FOR_* */
void     vc_authority_list_audiences(const vc_authority_t *authority,
        unsigned planes, vc_buf_t *out);
uint32_t vc_authority_algorithms(const vc_authority_t *authority);

/*
 * The public key with this id, a new reference for the caller.  Thread-safe.
 * VC_OK; VC_AGAIN: unknown, and a fetch may help: run vc_authority_refresh()
 * off the event loop, then ask again; VC_NOT_FOUND: unknown;
 * VC_ISSUER_UNAVAILABLE: no key of the issuer was ever had.
 * The session (with a snapshot) is used for the local authority's keys only.
 */
vc_status_t vc_authority_key(vc_authority_t *authority, vc_session_t *session,
    vc_str_t kid, int64_t now, json_t **out) VC_MUST_CHECK;

/*
 * Fetches the JWKS.  Blocks (10 s at most).  Thread-safe; at the same time
 * only one fetch is under way: others wait for its outcome, but no more than
 * a few, so that a slow issuer does not hold all threads; the rest get
 * VC_UNAVAILABLE at once.  VC_OK also when another thread has just done it;
 * VC_UNAVAILABLE, the old keys stay.  Nothing is fetched again before the
 * floor has passed, however often it is asked.
 */
vc_status_t vc_authority_refresh(vc_authority_t *authority, int64_t now,
    vc_error_t *err) VC_MUST_CHECK;

/* whether a periodic refresh is due (every hour, jittered; at start at once) */
bool vc_authority_refresh_due(const vc_authority_t *authority, int64_t now);

/* walks all of them: index 0 … until NULL */
vc_authority_t *vc_authorities_at(vc_authorities_t *authorities, size_t index);

/* "https://a/, https://b/": the issuers of a tenant (all if it is empty)
   whose tokens give access, as the refusal of a foreign issuer lists them */
void vc_authorities_list_issuers(vc_authorities_t *authorities, vc_str_t tenant,
    vc_buf_t *out);

#endif /* VC_IDENTITY_AUTHORITY_H */
