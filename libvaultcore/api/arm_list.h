/*
 * Lists that show each caller what that caller may read: the grants of the
 * whole installation, and pages.
 */

#ifndef VC_API_ARM_LIST_H
#define VC_API_ARM_LIST_H

#include "api/arm_filter.h"
#include "api/arm_vault.h"

typedef struct {
    vc_call_t  *call;
    vc_grant_t *grants;
    size_t      grant_count, grant_room;

    vc_filter_t filter;
    vc_str_t    after; /* the last name of the page before */
    size_t      limit, count;
    bool        more;
    bool        whole; /* Vaults, else resources without properties */
    char        last[VC_VAULT_NAME_MAX + 1];
} vc_arm_list_t;

/* loads the grants of all principals; on a thread, as there can be many */
vc_status_t vc_arm_list_begin(vc_call_t *call, vc_arm_list_t *list)
    VC_MUST_CHECK;
bool vc_arm_list_may(const vc_arm_list_t *list, const char *action,
    vc_str_t scope);
/* whether the caller has a role anywhere */
bool vc_arm_list_knows(const vc_arm_list_t *list);

/* "value":[ was written: writes the vaults of a page, live ones of the group
   (empty: all), those that the filter lets through and the caller may read */
vc_status_t vc_arm_list_page(vc_arm_list_t *list) VC_MUST_CHECK;

#endif /* VC_API_ARM_LIST_H */
