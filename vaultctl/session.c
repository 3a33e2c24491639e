#include "vaultctl.h"

#include <stdarg.h>
#include <stdio.h>


ctl_exit_t
ctl_fail(ctl_exit_t code, const char *fmt, ...)
{
    va_list args;

    (void) fputs("vaultctl: ", stderr);

    va_start(args, fmt);
    (void) vfprintf(stderr, fmt, args);
    va_end(args);

    (void) fputc('\n', stderr);

    return code;
}


static ctl_exit_t
ctl_exit_of(vc_status_t status)
{
    switch (status) {
    case VC_OK:
        return CTL_OK;
    case VC_BAD_PARAMETER:
        return CTL_USAGE;
    case VC_NOT_FOUND:
    case VC_VAULT_NOT_FOUND:
        return CTL_NOT_FOUND;
    case VC_CONFLICT:
    case VC_OBJECT_CONFLICT:
    case VC_PURGE_PROTECTED:
        return CTL_CONFLICT;
    default:
        return CTL_FAILED;
    }
}


ctl_exit_t
ctl_report(const ctl_t *ctl, vc_status_t status)
{
    ctl_exit_t code;

    code = ctl_exit_of(status);
    if (code == CTL_OK) {
        return code;
    }

    if (ctl->err.status == status && ctl->err.message[0] != '\0') {
        (void) ctl_fail(code, "%s", ctl->err.message);

    } else {
        (void) ctl_fail(code, "failed: %s", vc_status_name(status));
    }

    if (ctl->err.detail[0] != '\0') {
        (void) ctl_fail(code, "%s", ctl->err.detail);
    }

    return code;
}


ctl_exit_t
ctl_paths(const ctl_t *ctl)
{
    if (ctl->store_path == NULL || ctl->store_path[0] == '\0') {
        return ctl_fail(CTL_USAGE,
            "which store? name its directory with --store or VAULT_STORE");
    }

    if (ctl->seal_path == NULL || ctl->seal_path[0] == '\0') {
        return ctl_fail(CTL_USAGE,
            "which seal key? name its file with --seal or VAULT_SEAL");
    }

    return CTL_OK;
}


ctl_exit_t
ctl_open_seal(ctl_t *ctl)
{
    vc_status_t status;

    status = vc_seal_file_open(ctl->seal_path, &ctl->seal, &ctl->err);
    if (status != VC_OK) {
        (void) ctl_report(ctl, status);
        return CTL_NOT_OPENED;
    }

    return CTL_OK;
}


ctl_exit_t
ctl_open_store(ctl_t *ctl)
{
    vc_status_t status;

    status = vc_vaultstore_open(ctl->store_path, 0, 0, ctl->seal, &ctl->store,
        &ctl->err);

    if (status == VC_OK) {
        status = vc_session_create(ctl->store, &ctl->session);
    }

    if (status != VC_OK) {
        (void) ctl_report(ctl, status);
        return CTL_NOT_OPENED;
    }

    return CTL_OK;
}


ctl_exit_t
ctl_open(ctl_t *ctl)
{
    ctl_exit_t code;

    code = ctl_paths(ctl);

    if (code == CTL_OK) {
        code = ctl_open_seal(ctl);
    }

    return (code == CTL_OK) ? ctl_open_store(ctl) : code;
}


void
ctl_close(ctl_t *ctl)
{
    if (ctl->session != NULL) {
        vc_session_destroy(ctl->session);
    }

    if (ctl->store != NULL) {
        vc_vaultstore_close(ctl->store);
    }

    vc_seal_close(ctl->seal);
}
