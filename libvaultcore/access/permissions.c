#include "access/permissions.h"

#define VC_PERMISSIONS_MAX 20


/* a permission's bit is its place in its family's list */
static const struct {
    const char *name;
    const char *permissions[VC_PERMISSIONS_MAX + 1];
} vc_families[VC_FAMILY_COUNT] = {
    [VC_FAMILY_SECRETS] = {"secrets", {"get", "list", "set", "delete", "backup",
                                          "restore", "recover", "purge", NULL}},
    [VC_FAMILY_KEYS] = {"keys",
        {"get", "list", "create", "update", "import", "delete", "backup",
            "restore", "recover", "purge", "encrypt", "decrypt", "wrapKey",
            "unwrapKey", "sign", "verify", "release", "rotate",
            "getrotationpolicy", "setrotationpolicy", NULL}},
    [VC_FAMILY_CERTIFICATES] = {"certificates",
        {"get", "list", "create", "update", "import", "delete", "backup",
            "restore", "recover", "purge", "managecontacts", "getissuers",
            "listissuers", "setissuers", "deleteissuers", "manageissuers",
            NULL}},
    [VC_FAMILY_STORAGE] = {"storage",
        {"get", "list", "set", "update", "delete", "regeneratekey", "backup",
            "restore", "recover", "purge", "setsas", "getsas", "listsas",
            "deletesas", NULL}},
};


const char *
vc_family_name(vc_family_t family)
{
    return (family < VC_FAMILY_COUNT) ? vc_families[family].name : NULL;
}


bool
vc_family_parse(vc_str_t name, vc_family_t *out)
{
    unsigned i;

    for (i = 0; i < VC_FAMILY_COUNT; i++) {
        if (vc_str_ieq(name, vc_str(vc_families[i].name))) {
            *out = (vc_family_t) i;
            return true;
        }
    }

    return false;
}


const char *
vc_permission_at(vc_family_t family, size_t index)
{
    if (family >= VC_FAMILY_COUNT || index >= VC_PERMISSIONS_MAX) {
        return NULL;
    }

    return vc_families[family].permissions[index];
}


uint32_t
vc_permission_parse(vc_family_t family, vc_str_t name)
{
    bool        all;
    size_t      i;
    uint32_t    bits;
    const char *permission;

    all = vc_str_ieq(name, VC_STR("all"));
    bits = 0;

    for (i = 0; (permission = vc_permission_at(family, i)) != NULL; i++) {
        if (vc_str_ieq(name, vc_str(permission))) {
            return 1U << i;
        }

        /* what "all" stands for leaves out what cannot be undone */
        if (all && !vc_str_eq(vc_str(permission), VC_STR("purge"))) {
            bits |= 1U << i;
        }
    }

    return bits;
}


const char *
vc_permission_name(vc_family_t family, uint32_t bit)
{
    size_t i;

    for (i = 0; vc_permission_at(family, i) != NULL; i++) {
        if (bit == 1U << i) {
            return vc_permission_at(family, i);
        }
    }

    return NULL;
}
