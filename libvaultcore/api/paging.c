/*
 * Pages of lists.  A $skiptoken is base64url of
 *
 *     marker | the first 16 bytes of HMAC-SHA256 over
 *              operation | 0 | vault's id | object, upper case | 0 | marker
 *
 * so that a client can only go on where a page ended, in the same list.
 */

#include <string.h>

#include "api/call.h"
#include "crypto/digest.h"

#define VC_MARKER_TAG_LEN 16


static void
vc_marker_put_upper(vc_buf_t *out, vc_str_t name)
{
    size_t  i;
    uint8_t c;

    for (i = 0; i < name.len; i++) {
        c = name.data[i];
        vc_buf_u8(out, (c >= 'a' && c <= 'z') ? (uint8_t) (c & ~0x20) : c);
    }
}


static vc_status_t
vc_marker_tag(const vc_call_t *call, vc_str_t marker,
    uint8_t tag[VC_SHA256_LEN])
{
    vc_buf_t list;

    vc_buf_init(&list, call->arena, 384);
    vc_buf_str(&list, call->operation->name);
    vc_buf_u8(&list, 0);
    vc_buf_put(&list, call->vault->domain, VC_DOMAIN_LEN);
    vc_marker_put_upper(&list, call->route.name);
    vc_buf_u8(&list, 0);
    vc_buf_str(&list, marker);

    if (list.failed) {
        return VC_NO_MEMORY;
    }

    return vc_hmac_sha256(call->engine->paging_key, vc_buf_view(&list), tag);
}


static vc_status_t
vc_marker_refuse(vc_call_t *call)
{
    return vc_fail(&call->error, VC_BAD_PARAMETER,
        "The $skiptoken is not one that this list gave; use a nextLink "
        "unchanged, or leave it out to begin at the first page.");
}


vc_status_t
vc_call_marker(vc_call_t *call, vc_str_t *marker)
{
    uint8_t     tag[VC_SHA256_LEN];
    vc_str_t    token;
    vc_status_t status;

    *marker = VC_STR_NULL;

    if (call->route.skiptoken.len == 0) {
        return VC_OK;
    }

    if (!vc_base64url_decode(call->arena, call->route.skiptoken, &token)
        || token.len <= VC_MARKER_TAG_LEN
        || token.len > VC_NAME_MAX + VC_MARKER_TAG_LEN)
    {
        return vc_marker_refuse(call);
    }

    token.len -= VC_MARKER_TAG_LEN;

    status = vc_marker_tag(call, token, tag);
    if (status != VC_OK) {
        return status;
    }

    if (!vc_equal_secret(tag, token.data + token.len, VC_MARKER_TAG_LEN)) {
        return vc_marker_refuse(call);
    }

    *marker = token;

    return VC_OK;
}


void
vc_call_put_marker(const vc_call_t *call, vc_str_t marker, vc_buf_t *out)
{
    uint8_t  tag[VC_SHA256_LEN];
    vc_buf_t token;

    if (vc_marker_tag(call, marker, tag) != VC_OK) {
        out->failed = true;
        return;
    }

    vc_buf_init(&token, call->arena, VC_NAME_MAX + VC_MARKER_TAG_LEN);
    vc_buf_str(&token, marker);
    vc_buf_put(&token, tag, VC_MARKER_TAG_LEN);
    vc_base64url_encode(out, vc_buf_view(&token));
    out->failed = out->failed || token.failed;
}


/* whether a host name is followed by a port; IPv6 addresses are bracketed */
static bool
vc_host_has_port(vc_str_t host)
{
    size_t i;

    for (i = host.len; i > 0 && host.data[i - 1] != ']'; i--) {
        if (host.data[i - 1] == ':') {
            return true;
        }
    }

    return false;
}


/* Key Vault's own links name the port even where it is the scheme's */
static void
vc_link_put_origin(const vc_call_t *call, vc_buf_t *out)
{
    vc_call_base_url(call, out);

    if (!vc_host_has_port(call->request.host)) {
        vc_buf_text(out,
            vc_str_ieq(call->request.scheme, VC_STR("http")) ? ":80" : ":443");
    }
}


/* the path of the list: its pattern, with {name} filled in */
static void
vc_link_put_path(const vc_call_t *call, vc_buf_t *out)
{
    const char *pattern, *name;

    pattern = (const char *) call->operation->pattern.data; /* a literal */
    name = strstr(pattern, "{name}");

    if (name == NULL) {
        vc_buf_text(out, pattern);
        return;
    }

    vc_buf_put(out, pattern, (size_t) (name - pattern));
    vc_buf_str(out, call->route.name);
    vc_buf_text(out, name + sizeof("{name}") - 1);
}


void
vc_call_next_link(vc_call_t *call, const vc_page_t *page)
{
    vc_buf_t *out;

    out = &call->out;

    if (!page->more) {
        vc_buf_text(out, "\"nextLink\":null");
        return;
    }

    vc_buf_text(out, "\"nextLink\":\"");
    vc_link_put_origin(call, out);
    vc_link_put_path(call, out);
    vc_buf_text(out, "?api-version=");
    vc_buf_str(out, call->route.api_version_text);
    vc_buf_text(out, "&$skiptoken=");
    vc_call_put_marker(call, page->marker, out);

    if (call->route.has_max_results) {
        vc_buf_text(out, "&maxresults=");
        vc_buf_i64(out, call->route.max_results);
    }

    vc_buf_text(out, "\"");
}
