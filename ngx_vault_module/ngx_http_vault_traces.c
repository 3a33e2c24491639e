/*
 * Copying and ciphering run through the vector registers, and functions that
 * have returned leave their variables on the stack.  Both stay while a thread
 * sleeps: a core file would show them.
 */

#include "ngx_http_vault_module.h"


#define NGX_HTTP_VAULT_STACK  (32 * 1024)


#if defined(__x86_64__)

#define ngx_http_vault_zero_zmm(n)                                            \
    "vpxorq %%zmm" #n ", %%zmm" #n ", %%zmm" #n "\n\t"


__attribute__((target("avx512f")))
static void
ngx_http_vault_wipe_zmm(void)
{
    __asm__ volatile(
        "vzeroall\n\t"
        ngx_http_vault_zero_zmm(16) ngx_http_vault_zero_zmm(17)
        ngx_http_vault_zero_zmm(18) ngx_http_vault_zero_zmm(19)
        ngx_http_vault_zero_zmm(20) ngx_http_vault_zero_zmm(21)
        ngx_http_vault_zero_zmm(22) ngx_http_vault_zero_zmm(23)
        ngx_http_vault_zero_zmm(24) ngx_http_vault_zero_zmm(25)
        ngx_http_vault_zero_zmm(26) ngx_http_vault_zero_zmm(27)
        ngx_http_vault_zero_zmm(28) ngx_http_vault_zero_zmm(29)
        ngx_http_vault_zero_zmm(30) ngx_http_vault_zero_zmm(31)
        : : : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
        "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15",
        "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22",
        "xmm23", "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29",
        "xmm30", "xmm31");
}


__attribute__((target("avx")))
static void
ngx_http_vault_wipe_ymm(void)
{
    __asm__ volatile(
        "vzeroall"
        : : : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
        "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}


static void
ngx_http_vault_wipe_xmm(void)
{
    __asm__ volatile(
        "pxor %%xmm0, %%xmm0\n\t"   "pxor %%xmm1, %%xmm1\n\t"
        "pxor %%xmm2, %%xmm2\n\t"   "pxor %%xmm3, %%xmm3\n\t"
        "pxor %%xmm4, %%xmm4\n\t"   "pxor %%xmm5, %%xmm5\n\t"
        "pxor %%xmm6, %%xmm6\n\t"   "pxor %%xmm7, %%xmm7\n\t"
        "pxor %%xmm8, %%xmm8\n\t"   "pxor %%xmm9, %%xmm9\n\t"
        "pxor %%xmm10, %%xmm10\n\t" "pxor %%xmm11, %%xmm11\n\t"
        "pxor %%xmm12, %%xmm12\n\t" "pxor %%xmm13, %%xmm13\n\t"
        "pxor %%xmm14, %%xmm14\n\t" "pxor %%xmm15, %%xmm15"
        : : : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
        "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}


static void
ngx_http_vault_wipe_registers(void)
{
    if (__builtin_cpu_supports("avx512f")) {
        ngx_http_vault_wipe_zmm();

    } else if (__builtin_cpu_supports("avx")) {
        ngx_http_vault_wipe_ymm();

    } else {
        ngx_http_vault_wipe_xmm();
    }
}

#elif defined(__aarch64__)

/* v8 to v15: their lower halves are the caller's to find unchanged */

static void
ngx_http_vault_wipe_registers(void)
{
    __asm__ volatile(
        "movi v0.2d, #0\n\t"  "movi v1.2d, #0\n\t"  "movi v2.2d, #0\n\t"
        "movi v3.2d, #0\n\t"  "movi v4.2d, #0\n\t"  "movi v5.2d, #0\n\t"
        "movi v6.2d, #0\n\t"  "movi v7.2d, #0\n\t"  "movi v16.2d, #0\n\t"
        "movi v17.2d, #0\n\t" "movi v18.2d, #0\n\t" "movi v19.2d, #0\n\t"
        "movi v20.2d, #0\n\t" "movi v21.2d, #0\n\t" "movi v22.2d, #0\n\t"
        "movi v23.2d, #0\n\t" "movi v24.2d, #0\n\t" "movi v25.2d, #0\n\t"
        "movi v26.2d, #0\n\t" "movi v27.2d, #0\n\t" "movi v28.2d, #0\n\t"
        "movi v29.2d, #0\n\t" "movi v30.2d, #0\n\t" "movi v31.2d, #0"
        : : : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v16", "v17",
        "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27",
        "v28", "v29", "v30", "v31");
}

#else

static void
ngx_http_vault_wipe_registers(void)
{
    /* not known for this processor */
}

#endif


/* what lies below the caller's frame */

__attribute__((noinline))
static void
ngx_http_vault_wipe_stack(void)
{
    u_char  below[NGX_HTTP_VAULT_STACK];

    vc_wipe(below, NGX_HTTP_VAULT_STACK);
}


void
ngx_http_vault_wipe_traces(void)
{
    ngx_http_vault_wipe_stack();
    ngx_http_vault_wipe_registers();
}
