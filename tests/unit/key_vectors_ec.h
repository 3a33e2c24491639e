/* published ECDSA keys and signatures */

#ifndef VC_TEST_KEY_VECTORS_EC_H
#define VC_TEST_KEY_VECTORS_EC_H

#include "key_vectors.h"

/* RFC 7515 appendix A.3 */
static const kv_jwk_t rfc7515_a3 = {
    .kty = "EC",
    .crv = "P-256",
    .x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    .y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    .d = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
};

/* RFC 7515 appendix A.4 */
static const kv_jwk_t rfc7515_a4 = {
    .kty = "EC",
    .crv = "P-521",
    .x = "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jS"
         "fS9tsz4qUxcWceqwQGk",
    .y = "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZ"
         "MaZmh9ubmf63e3kyMj2",
    .d = "AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu"
         "0ferB0d53vM9mE15j2C",
};

/* RFC 7520 section 3.2 */
static const kv_jwk_t rfc7520_3_2 = {
    .kty = "EC",
    .crv = "P-521",
    .x = "AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekW"
         "F-7ytDyRXYgCF5cj0Kt",
    .y = "AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQr"
         "JmbnX9cwlGfP-HqHZR1",
    .d = "AAhRON2r9cqXX1hg-RoI6R1tX5p2rUAYdmpHZoC1XNM56KtscrX6zbKipQrCW9CGZH3T4"
         "ubpnoTKLDYJ_fF3_rJt",
};

/* RFC 6979 appendix A.2.5; x and y as it has them */
static const kv_jwk_t rfc6979_a25 = {
    .kty = "EC",
    .crv = "P-256",
    .x = "YP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Y",
    .y = "eQP-EAi4vJmkGunpVii8ZPLxsgwtfp9Rd6PClNRGIpk",
    .d = "ya-p2EW6dRZrXCFXZ7HWk05Qw9s26JsSe4piKxIPZyE",
};

/* RFC 6979 appendix A.2.6; x and y as it has them */
static const kv_jwk_t rfc6979_a26 = {
    .kty = "EC",
    .crv = "P-384",
    .x = "7DpOQVtOGaRWhhgCn0J_pdqai8SukuAuBqrlKGswDGTe-PDqkFWGYGSiVFFUgLwT",
    .y = "gBXZty19VyROqO-awMYhiWcIpZNn-d-59UyoSz8cnbEoiyMcOuDU_nNE_SUzJkcg",
    .d = "a509rS4bjBwFsZh1tmWfTeI8O2Z78pe6mqR3QHhxN9iW1XJOTHCoJfhyyepg0u31",
};

/* RFC 6979 appendix A.2.7; x and y as it has them */
static const kv_jwk_t rfc6979_a27 = {
    .kty = "EC",
    .crv = "P-521",
    .x = "AYlFUNB4WTLgDqojtpTyE_jDEh-G3JegTlpxZ9tOW803ESPUbkXba11TcKfyD7YzFV04_"
         "6FtK9dh3KxHS5ovUCOk",
    .y = "AEkxAclizU0v3feCKF5kWEE5wvkbR_h_-CNU1mMPdGoooNsldBtbNKgoAIsirMI_kk-q-"
         "9TTP4HqZpVt_qor_fz1",
    .d = "APrQbapiujsl0vtAEz2nVyBd5n9bsAGP7oyG4baMfnXKqJbrMvH0fHCFWDam0W_MFGb22"
         "PvsZ9uJ7AwIsOmWuDU4",
};

/* secp256k1, d = 1: the vectors of bitcointalk.org topic 285142 */
static const kv_jwk_t secp256k1_one = {
    .kty = "EC",
    .crv = "P-256K",
    .x = "eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g",
    .y = "SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg",
    .d = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE",
};

/* secp256k1, d = n - 1, of the same place */
static const kv_jwk_t secp256k1_last = {
    .kty = "EC",
    .crv = "P-256K",
    .x = "eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g",
    .y = "t8UliNlcO5qiWwQD8e73VwLoS7dZeqvmY7gvbwTvJ3c",
    .d = "_____________________rqu3OavSKA7v9JejNA2QUA",
};

/* Wycheproof, SpecialCaseEs256 of json_web_signature_test */
static const kv_jwk_t wycheproof_es256 = {
    .kty = "EC",
    .crv = "P-256",
    .x = "04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY",
    .y = "UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgmw",
    .d = "yy49oPcINGK2ps0LmtxpB6UTEOiITghHBif6wDqmJ3c",
};

/* what was signed is ASCII; the signature is base64url */
typedef struct {
    const char     *source;
    const char     *algorithm;
    const kv_jwk_t *key;
    const char     *message;
    const char     *signature;
} ec_signature_t;

#define WYCHEPROOF_ES256_MESSAGE                                               \
    "eyJhbGciOiJFUzI1NiIsImtpZCI6ImtpZC1lYy1zaWduIn0.Zm9v"

static const ec_signature_t ec_signatures[] = {
    {"RFC 7515 appendix A.3", "ES256", &rfc7515_a3,
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog"
        "Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQx"
        "fKTUJqPP3-Kg6NU1Q"},
    {"RFC 7515 appendix A.4", "ES512", &rfc7515_a4,
        "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA",
        "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2S"
        "I-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgz"
        "DO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"},
    {"RFC 7520 section 4.3", "ES512", &rfc7520_3_2,
        "eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZ"
        "SJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvd"
        "XIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZW"
        "VwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJ"
        "lIHN3ZXB0IG9mZiB0by4",
        "AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7"
        "KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQe"
        "ns_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2"},
    {"RFC 6979 appendix A.2.5, \"sample\"", "ES256", &rfc6979_a25, "sample",
        "79SLKqy2qP0RQN2c1F6B1p0sh3tWqvmRw00OqE6vNxb3yxyULWV8QdQ2x6G24p9l8-kA2"
        "7mv9AZNxKsvhDrNqA"},
    {"RFC 6979 appendix A.2.5, \"test\"", "ES256", &rfc6979_a25, "test",
        "8auwI1GDUc1x2IFWex6mY-0-_PbFEys1TyjTsLfTg2cBn0ETdCorFL0lkmtJxkkVXyZ-Y"
        "NOBS0wMyEJQ5G8Agw"},
    {"RFC 6979 appendix A.2.6, \"sample\"", "ES384", &rfc6979_a26, "sample",
        "lO27kqXsuKrUc25WxpGRaz-IFAZmzp-nPWTE6pWtEzyBpkgVLkSs-W423R6A-r5Gme9K6"
        "xXxeM6h_kDbJgMTjxMOdAoZYkUmIDtjUdCjqU-jKcFFeG5nnnuCxxo4YorI"},
    {"RFC 6979 appendix A.2.6, \"test\"", "ES384", &rfc6979_a26, "test",
        "ggO2PTyFPo13In-zd7z3t7dy6XiSqA82q3ddUJ16X-sFQqfwgSmY2o8d08o88CPb3dB2B"
        "EjULYpDr0Wvg2_OTei-BrSF6bYbgnwvExc5I-Bqc58EBkmmZ787goJGuqWl"},
    {"RFC 6979 appendix A.2.7, \"sample\"", "ES512", &rfc6979_a27, "sample",
        "AMMo-vy9ed13hQNwxGMl2YfLUlVp-2PF07xTlQ5tTF8XTiWh7pAXtdRQYGrdFStTSTHX1"
        "OhFXMkfmxW_Bew243f6AGF8znz1BkgGxGf2eNO0CA1vHMUK8myiCUFzCCgbaK8oJiPqpj"
        "5bXAcj2LjDf_B3exog-Myx3MxDmX8e4ORNpKZ6"},
    {"RFC 6979 appendix A.2.7, \"test\"", "ES512", &rfc6979_a27, "test",
        "AT6ZAgq_XO51JdFrabIpZSq2vfKv_K7zh3O0t9CHJfEM25NIL9zFTtzukeykFmsqfGJl7"
        "wzivXBRt875Rbq9R-5tAfvQATxnSqecs5hJUnkWzjAcZup86LgGgnhq1g-Y9-eKGcpp7_"
        "XFdADjs6CtZs4JeCFNE7r06axgdS97FV4t5Nzj"},
    {"bitcointalk.org topic 285142, RFC 6979 with secp256k1", "ES256K",
        &secp256k1_one, "Satoshi Nakamoto",
        "k0seoQpLPBdX4rDAF9C2FDzjyafmpKSYYNemqyEO49gkQs6dK5FgZBCAFHg-kj7Da0l0P"
        "i_6HESW8BpRKq_Z5Q"},
    {"bitcointalk.org topic 285142, RFC 6979 with secp256k1", "ES256K",
        &secp256k1_one,
        "All those moments will be lost in time, like tears in rain. Time to d"
        "ie...",
        "hgDb1B40j-XJRlq5LSPj24uYuHO-7Nkwc2SIaWQ4y2tUf-ZEJ0ltszv2YBnay_ADnAQZm"
        "rsBIpGGAds4pyz8IQ"},
    {"bitcointalk.org topic 285142, RFC 6979 with secp256k1", "ES256K",
        &secp256k1_last, "Satoshi Nakamoto",
        "_VZ9Eh22bjgpkVNK2nemvTEG8KEJjCMeR5k0R81q8tBrOc0OsbyGA-FZ71wgpcitaFpFs"
        "Gzpvr7T8VPRDZO-1Q"},
    {"Wycheproof json_web_signature_test 378", "ES256", &wycheproof_es256,
        WYCHEPROOF_ES256_MESSAGE,
        "5cA0OHyMP7ezamUd5c9kV-FrGxdx4hbGXOdplQkutrppUShFwBW_Qj7IqhFOtNrIXLLKX"
        "S5CSZmERxmnjeyoiQ"},
};

/* Wycheproof json_web_signature_test, SpecialCaseEs256: none is
   valid for WYCHEPROOF_ES256_MESSAGE */
typedef struct {
    const char *source;
    const char *signature;
} ec_forgery_t;

static const ec_forgery_t ec_forgeries[] = {
    {"379, SignatureTooLong",
        "AOXANDh8jD-3s2plHeXPZFfhaxsXceIWxlznaZUJLra6AJau17k_6kC-wTdV7rFLJTdgN"
        "DBQeNVU629ysRtudnzI"},
    {"380, TrailingZeros",
        "5cA0OHyMP7ezamUd5c9kV-FrGxdx4hbGXOdplQkutroAlq7XuT_qQL7BN1XusUslN2A0M"
        "FB41VTrb3KxG252fMgA"},
    {"381, RisTooBig",
        "AeXANDd8jD-4s2plHeXPZFeeUhXFGPm1S1ChNFgFkdwLAJau17k_6kC-wTdV7rFLJTdgN"
        "DBQeNVU629ysRtudnzI"},
    {"382, SisTooBig",
        "AOXANDh8jD-3s2plHeXPZFfhaxsXceIWxlznaZUJLra6AZau17g_6kC_wTdV7rFLJTcdG"
        "yr-H-zzcGMse95q2aIZ"},
    {"383, IntegerOverflow",
        "AeXANDh8jD-3s2plHeXPZFfhaxsXceIWxlznaZUJLra6AJau17k_6kC-wTdV7rFLJTdgN"
        "DBQeNVU629ysRtudnzI"},
    {"384, IntegerOverflow",
        "AOXANDh8jD-3s2plHeXPZFfhaxsXceIWxlznaZUJLra6AZau17k_6kC-wTdV7rFLJTdgN"
        "DBQeNVU629ysRtudnzI"},
    {"386, rIsZero_sIsZero",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAA"},
    {"387, rIsZero_sIsOne",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAQ"},
    {"388, rIsZero_sIsNminus1",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD_____AAAAAP__________vOb6r"
        "acXnoTzucrC_GMlUA"},
    {"389, rIsZero_sIsN",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD_____AAAAAP__________vOb6r"
        "acXnoTzucrC_GMlUQ"},
    {"390, rIsOne_sIsZero",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAA"},
    {"391, rIsOne_sIsOne",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAQ"},
    {"392, rIsOne_sIsNminus1",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAH_____AAAAAP__________vOb6r"
        "acXnoTzucrC_GMlUA"},
    {"393, rIsOne_sIsN",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAH_____AAAAAP__________vOb6r"
        "acXnoTzucrC_GMlUQ"},
    {"394, rIsNminus1_sIsZero",
        "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAA"},
    {"395, rIsNminus1_sIsOne",
        "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAQ"},
    {"396, rIsNminus1_sIsNminus1",
        "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVD_____AAAAAP__________vOb6r"
        "acXnoTzucrC_GMlUA"},
    {"397, rIsNminus1_sIsN",
        "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVD_____AAAAAP__________vOb6r"
        "acXnoTzucrC_GMlUQ"},
    {"398, rIsN_sIsZero",
        "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVEAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAA"},
    {"399, rIsN_sIsOne",
        "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVEAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAAAAAAAAAAAAAAAQ"},
    {"400, rIsN_sIsNminus1",
        "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVH_____AAAAAP__________vOb6r"
        "acXnoTzucrC_GMlUA"},
    {"401, rIsN_sIsN",
        "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVH_____AAAAAP__________vOb6r"
        "acXnoTzucrC_GMlUQ"},
};

#endif /* VC_TEST_KEY_VECTORS_EC_H */
