/*
 * The stored forms of role assignments and custom roles: one record each in
 * the root domain, binary, a format byte first.  What is decoded points into
 * the plaintext.
 */

#ifndef VC_VAULTS_ASSIGNMENT_CODEC_H
#define VC_VAULTS_ASSIGNMENT_CODEC_H

#include "vaults/assignments.h"

void vc_assignment_encode(const vc_assignment_t *assignment, vc_buf_t *out);
/* VC_OK, VC_INVALID */
vc_status_t vc_assignment_decode(vc_str_t plain, vc_assignment_t *out)
    VC_MUST_CHECK;

void vc_role_encode(const vc_role_t *role, vc_buf_t *out);
/* VC_OK, VC_INVALID, VC_NO_MEMORY */
vc_status_t vc_role_decode(vc_str_t plain, vc_arena_t *arena, vc_role_t *out)
    VC_MUST_CHECK;

#endif /* VC_VAULTS_ASSIGNMENT_CODEC_H */
