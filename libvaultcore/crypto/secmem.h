/*
 * Memory for keys: never swapped, in no core dump, and where the kernel has
 * memfd_secret(2) not even readable by a debugger or the kernel itself;
 * otherwise mlock(2) with MADV_DONTDUMP.
 *
 * The region is shared with forked children (nginx's workers inherit the seal
 * key from the master), so only the process that took a block gives it back:
 * in any other process vc_secret_free() does nothing.
 */

#ifndef VC_CRYPTO_SECMEM_H
#define VC_CRYPTO_SECMEM_H

#include <stddef.h>

#include "base/status.h"

/* the largest block; there is room for a few hundred blocks in a process */
#define VC_SECRET_BLOCK 64

/*
 * A zeroed block of VC_SECRET_BLOCK bytes.  Thread-safe.
 * NULL when the region cannot be had (RLIMIT_MEMLOCK) or is full; err says.
 */
void *vc_secret_alloc(vc_error_t *err);

/* wipes the block and gives it back; NULL is allowed */
void vc_secret_free(void *block);

#endif /* VC_CRYPTO_SECMEM_H */
