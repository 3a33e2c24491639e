/* published RSA signatures and ciphertexts */

#ifndef VC_TEST_KEY_VECTORS_RSA_H
#define VC_TEST_KEY_VECTORS_RSA_H

#include "key_vectors_rsa_keys.h"

/* what was signed is ASCII; the signature is base64url */
typedef struct {
    const char     *source;
    const char     *algorithm;
    const kv_jwk_t *key;
    const char     *message;
    const char     *signature;
} rsa_signature_t;

static const rsa_signature_t rsa_signatures[] = {
    {"RFC 7515 appendix A.2", "RS256", &rfc7515_a2,
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQog"
        "Imh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHI"
        "m4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB"
        "--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN938"
        "3LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QO"
        "YEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"},
    {"RFC 7520 section 4.1", "RS256", &rfc7520_3_4,
        "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZ"
        "SJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvd"
        "XIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZW"
        "VwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJ"
        "lIHN3ZXB0IG9mZiB0by4",
        "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1"
        "O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-"
        "XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFx"
        "nt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE"
        "_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg"},
    {"RFC 7520 section 4.2", "PS384", &rfc7520_3_4,
        "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZ"
        "SJ9.SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvd"
        "XIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZW"
        "VwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJ"
        "lIHN3ZXB0IG9mZiB0by4",
        "cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPi"
        "d6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8bii"
        "ReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT"
        "3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtf"
        "a64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw"},
    {"Wycheproof json_web_signature_test 261", "RS256", &wycheproof_256,
        "eyJhbGciOiJSUzI1NiIsImtpZCI6IlJTMjU2XzIwNDgifQ.YQ",
        "ohEFKUmxZpQ9SccOgVkk5v4i31IdciaOa0F0tKR8LvnVAE6Brj8Ml9XjZPC8rJBBBOCv2"
        "ge2xXRsMN2LuqJK60_EJCmNFzaBFbSM73VFDtFHvC6fyVfEczidN2SInX9meTVjaY1IQh"
        "zfe-62-U7L0uKPZoLdnDeHH9U003HbCHWic8w6_w6r7hXZnD5v09Wleah98bKL4g8msmy"
        "lR9t5wgkWEH4bJKFA7B5es4hiMHx8ilbd4eJ83o-pPRVdJblCRQt3MNa-P3LmPuPrApal"
        "Yz4Fv3SHgXTHoGC4JthZ3FxjCSxRADfQA51he7LTeUPtmNHozHhui5F4Opr9gXK2Ig"},
    {"Wycheproof json_web_signature_test 266", "RS384", &wycheproof_384,
        "eyJhbGciOiJSUzM4NCIsImtpZCI6IlJTMzg0XzIwNDgifQ.YQ",
        "jV6FrunR_W9jxKvX88AlXnllW5SkXOeNLef4fpBU334XuyQun5_gcIlYdqBNHucS_wKf2"
        "RgDw5ytLTXrLWXpx6gWqa2rZynZKN9_fUBPVn-MpvkHQ7yQwx9L5OMtYDr_M_PRl8eXL9"
        "2CDRxBjsMrsg_nyBbsjy3kG1J8C4zbx0QYwvK44bnr618qCX0KORAGkFVhIybCBzz851A"
        "IZZ_Q7NylPm0HArKqCFOqaS3Hlk9c5gLDjzofbqsLv9iigUexbJPJP_1OK5mymhCWGHu7"
        "s3UQDJmI60hqPsnRajE_BWUPQ_1jU1w_9EMgfeLgh_m-do8pEliUovIzg1OqD-wy3w"},
    {"Wycheproof json_web_signature_test 270", "RS512", &wycheproof_512,
        "eyJhbGciOiJSUzUxMiIsImtpZCI6IlJTNTEyXzIwNDgifQ.YQ",
        "MDbZyEwP2z0kxl-lWWXPCypOolGqAhFfMl7VvBL1aFKJfzJKcfjqq-nmLDKr-JanzNYku"
        "ZfPmQzHUQgJT3bA8d--BFhRsMjSZDoyYyTAYHQDSwu9Ls92ThrcGIowVAnVlkaRfc7kqi"
        "EVB4XvuJL7Pz1nuOpQ9-QdcML1vnm4D1wqeuPNN6S95Y2mx1X2_knXBUj5C7SYjtnisEp"
        "_B5wASOy44bEhrqDQnEwrQZwqPvOGmzANdEg7Yx0tAVbW2esXfr_w8qEI1lGCgf4q6JE3"
        "v9UGVcxtWvON_F8fRl3LR9NC5A5k9pqbJ7tFSggOLCAkTn1qsC0WrtWJR3MTOKMHpA"},
    {"Wycheproof json_web_signature_test 274", "PS256", &wycheproof_256,
        "eyJhbGciOiJQUzI1NiIsImtpZCI6IlBTMjU2XzIwNDgifQ.YQ",
        "ZgVavy_Pn25fIkdd8Nixh6YFJtTYk_THG0IKM7xUwLqiME80Z-f9pgdSf6-MKDV58Keo_"
        "oLYii9gXgSCcx-IUA1ezDFdaU3e90n1h9v5HCCwz3t_LnVRCCa4PkXArQTOCDD7gmDFhf"
        "zXOXWJOUPCCAj6lTdMn9UvPhCh3OB_ExMbW72-toklAYiDknpQTG_1-k7R3x91N5ToD6b"
        "GRonBB6Y3z-kZCgyQ3ORHBiWI1VYHxqKscorI-uI-wouKa-crqkvOoCTuAjvpu7Z8ZAgM"
        "PlLW5KRc8KC8VKcUW--7VJCUezGxLQSj011ith3wIuW1eE64xW9yq7kyB4XAiFiA7A"},
    {"Wycheproof json_web_signature_test 322", "PS384", &wycheproof_384,
        "eyJhbGciOiJQUzM4NCIsImtpZCI6IlBTMzg0XzIwNDgifQ.YQ",
        "PLKignEHQo1_X8bfR89WbrglbsL8i81EqTVAGvVSW-fyPCx9QIbQic6j1snPR5Bt98RgA"
        "4o09nCxuRiyin9O874MlGdG-tH3rgsoKrDYtV5ZzTOMeMiIhk4HiprpG9o7ONDxr73Bnn"
        "8-pMrVd14F_PthmKZjDrKzUXxnbS9tuQGXMYKNZRxPXkDQlvDx0HN86TizMg2SztVOz_A"
        "g9DvkZ4D_iVzNhCI1S3YdKzlFf26QFg2JXmNDr8gAbjcIs3p_LSCzV3_YPl7N7Ts9LMsa"
        "g-aoRveC1AdA9kJea8kWBUzYwD_yfczDguVJlpu0Fl_NwHoCPWIwNCh3sH0jOb3gnw"},
    {"Wycheproof json_web_signature_test 327", "PS512", &wycheproof_512,
        "eyJhbGciOiJQUzUxMiIsImtpZCI6IlBTNTEyXzIwNDgifQ.YQ",
        "KZnTF1_nEksXpz66NcZ1eQAAlg66H-5qtLHyArMJ0v9DcWItZoCTfLNUpwMV7ZmgaAJdS"
        "2vlZTpOcjhq8aEHl0OfmKNe8IrH9fysHgxDyOPuC397VEwbkpfp1TA7oKLsGlkO-hpy86"
        "LmFt3h5b3CdN3Vd8FWCbSaIcNaG9zwqeILKiBC49QneQbVw_CWWYNYM0pTGJMZgY6Ayqo"
        "BAJTOObe78k2l58gNJcH1pnBoIFr1HA_JxYpWH9Pxb9NmmW-LiHTCbL06VBn5KYsMy_xo"
        "fGhbuojVCyQ0KcGl5X1EPqfklsZbZ81G3Tgd9y3crkU2uSgaRh-4Db6M2Vbn2S7YWA"},
};

/* both are base64url */
typedef struct {
    const char     *source;
    const char     *algorithm;
    const kv_jwk_t *key;
    const char     *ciphertext;
    const char     *plaintext;
} rsa_ciphertext_t;

static const rsa_ciphertext_t rsa_ciphertexts[] = {
    {"RFC 7516 appendix A.1", "RSA-OAEP", &rfc7516_a1,
        "OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGeipsEd"
        "Y3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9jwQRb23nfa6c9d-StnImGyFDbSv04uVuxIp"
        "5Zms1gNxKKK2Da14B8S4rzVRltdYwam_lDp5XnZAYpQdb76FdIKLaVmqgfwX7XWRxv232"
        "2i-vDxRfqNzo_tETKzpVLzfiwQyeyPGLBIO56YJ7eObdv0je81860ppamavo35UgoRdbY"
        "aBcoh9QcfylQr66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi6UklfCpIMfIjf7iGdXKHzg",
        "saH0gFSP4XM_tAP_a5rU9ooHbltwLiJpL4LLLnrqQPw"},
    {"RFC 7520 section 5.1", "RSA1_5", &rfc7520_5_1,
        "laLxI0j-nLH-_BgLOXMozKxmy9gffy2gTdvqzfTihJBuuzxg0V7yk1WClnQePFvG2K-pv"
        "SlWc9BRIazDrn50RcRai__3TDON395H3c62tIouJJ4XaRvYHFjZTZ2GXfz8YAImcc91Tf"
        "k0WXC2F5Xbb71ClQ1DDH151tlpH77f2ff7xiSxh9oSewYrcGTSLUeeCt36r1Kt3OSj7Ey"
        "BQXoZlN7IxbyhMAfgIe7Mv1rOTOI5I8NQqeXXW8VlzNmoxaGMny3YnGir5Wf6Qt2nBq4q"
        "DaPdnaAuuGUGEecelIO1wx1BpyIfgvfjOhMBs9M8XL223Fg47xlGsMXdfuY-4jaqVw",
        "3qyTVhIWt5juqZUCpfRqpvauwB956MEJL2Rt-8qXKSo"},
    {"RFC 7520 section 5.2", "RSA-OAEP", &rfc7520_5_2,
        "rT99rwrBTbTI7IJM8fU3Eli7226HEB7IchCxNuh7lCiud48LxeolRdtFF4nzQibeYOl5S"
        "_PJsAXZwSXtDePz9hk-BbtsTBqC2UsPOdwjC9NhNupNNu9uHIVftDyucvI6hvALeZ6OGn"
        "hNV4v1zx2k7O1D89mAzfw-_kT3tkuorpDU-CpBENfIHX1Q58-Aad3FzMuo3Fn9buEP2yX"
        "akLXYa15BUXQsupM4A1GD4_H4Bd7V3u9h8Gkg8BpxKdUV9ScfJQTcYm6eJEBz3aSwIaK4"
        "T3-dwWpuBOhROQXBosJzS1asnuHtVMt2pKIIfux5BC6huIvmY7kzV7W7aIUrpYm_3H4zY"
        "vyMeq5pGqFmW2k8zpO878TRlZx7pZfPYDSXZyS0CfKKkMozT_qiCwZTSz4duYnt8hS4Z9"
        "sGthXn9uDqd6wycMagnQfOTs_lycTWmY-aqWVDKhjYNRf03NiwRtb5BE-tOdFwCASQj3u"
        "uAgPGrO2AWBe38UjQb0lvXn1SpyvYZ3WFc7WOJYaTa7A8DRn6MC6T-xDmMuxC0G7S2rsc"
        "w5lQQU06MvZTlFOt0UvfuKBa03cxA_nIBIhLMjY2kOTxQMmpDPTr6Cbo8aKaOnx6ASE5J"
        "x9paBpnNmOOKH35j_QlrQhDWUN6A2Gg8iFayJ69xDEdHAVCGRzN3woEI2ozDRs",
        "mYMfsggkTAm0TbvtlFh2hyoXnbEzJQjMxmgLN3d8xXA"},
    {"Wycheproof rsa_pkcs1_2048_test 1", "RSA1_5", &wycheproof_pkcs1,
        "WZnMsM_dWEo_2dryR7nNcxQyP4u6SGQlj5jGuvwGj-ZyZBurJe9bGnoriPZ_Eq88pP48S"
        "TsgYruxGtOxugZAAlyBQyb_UO1SsXa9f2BuqeIJvNzGfAoMS47TC5lZxX6Q_R79-ZiV4m"
        "CAlfksr_kHDeyQD7ltXOXv0rLma4DP8n1ILSQrMHy4E-fcgY_OMbZ6yalFAbW8RiG1R7q"
        "dgYCN0pfWAN_Bp97rBhVwzeiJTjmEUzKHQK39d892B1oQnUGtKWZRrIFzgkJKSQfVo0LQ"
        "bPGcCdWzehR91pBFv303jhnbu7-yUoLj2aTcl5PIwyq1pFwLQ9uk2so2e2619EMqYg",
        ""},
    {"Wycheproof rsa_pkcs1_2048_test 7", "RSA1_5", &wycheproof_pkcs1,
        "GOKA6LA9hYi5I4QtFf3bBJMoXs160tmph4BFzmFboHy4Ef1KBzfpHs5aY7cLHtwj4NqTn"
        "sZUMz63fpVhCLBAvWuSkn4lppItG5IwIDaYWRX-35-zhDG7zh_u4-xC_xW8SkttELPaQe"
        "yWZnuBFjswtG7vT0b7IvGH2o_VNkYeVZS_VXpt_CM3iDvujWGHGSo7S-pwOYsB8-qMFUf"
        "2xXJIJDNls8RrEXkk2LtoReo4LDicZI0-Zf8LhxG74ab9O-oCj1gIcl8ZjNoEB6D_RrWv"
        "Jho3GEVHJQ9JaADmlykOOdRta85nt2fXOmO9mPaZwYKBgKv9UaMEjQUNSWI27fHpnQ",
        "4OHi4-Tl5ufo6err7O3u7_Dx8vP09fb3-Pn6-_z9_v8"},
    {"Wycheproof rsa_pkcs1_2048_test 8", "RSA1_5", &wycheproof_pkcs1,
        "fhUbezTjtKvgRc9whkDmFQHFD9ymKa7KECWdRdFe7saiAItjNvVwIaxv2tmmsp1l8Jir_"
        "3b5NyKo4j-14VPbB1AFV12tatzLfAIM10HDQZlGuC02mgf61bDVXVF3T4mRvWXp6CjY9a"
        "mJyGagJKSnhDTpr_0K8scvkYXUULYnAIqKCWj8Y3PKNAQQMGpYkhzOEge7b2wU49HyFDB"
        "Pn2u5GZkJ4WEDIug0sM6fVbGDXXYjuC71SFRfmE6lFGYlAVk0Td6QKg8CG6S68msW2Mak"
        "IAP01dyuUxGH3H4_h8ngRHBZnrYj4E_KJm6G-YyrtoZgBOf8gLNsOXdFblHrZPS2Xw",
        "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4e"
        "Hh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
        "h4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh"
        "4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4"
        "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg"},
    {"Wycheproof rsa_oaep_2048_sha256_mgf1sha256_test 1", "RSA-OAEP-256",
        &wycheproof_256,
        "bmK_JNla_2hor-wqkqRFtkWPFvaIwZ_hIS9mpjE3gxZTzt01nYz_TdSF1339VYEsGBNzI"
        "B9Uqv1lcw0qME5iNFXVESXYkeZdl_zlI0HK5F-2TDijhKHGIeJxPuZ5RjPwKan9TXdPVl"
        "UerCF2Fi4WJkDyXquHOjRRxHVXDxkii87eTGfDcKde1_q8zVOMmBnv8YJIGxDULxqfagU"
        "3O4z5txgY1Ge9O466y2GeitQpFuYAwEPv_Os4VbxIpinmCuiG9RsqeHaw5iP7LOaK9LA5"
        "JC-WOtsOQkCu0O0H9l8e58DMd9IQ0MLR3BDIG4gaoMnJ6UmWZc8pcNLM_usxkVMXZQ",
        ""},
    {"Wycheproof rsa_oaep_2048_sha256_mgf1sha256_test 2", "RSA-OAEP-256",
        &wycheproof_256,
        "IHGAw0Bli1FUrkXS5OcyagmXxoOia1leU2opMzxLZhSa-F4CnVQZo546FHsiFRb_2GtrS"
        "2bD4MTEn-jFei9cN7hwS5tZK4DbnNeIpO1Rq08KHL7WO9GNHwaiLyJYZrDCxBfLI0c7e6"
        "QlCxNTvS5bTw-TfNLv5fo42zwpX3dIuXAIhlfbSqmnbh7m-_8WbsGGHQDQhTJsc4S90bw"
        "vQA1PdNvfra8_3EYHPmaFc-AgMLnrWvWOtUDGZnencRlEeewAmNhYoupF0LoeazJEDfus"
        "dFAAVU1RoXaEypZLAqdNR58dQy73Y-9AWXFaQ0jP42ohU1lxLyW2l3kDvkrbkv679g",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAA"},
    {"Wycheproof rsa_oaep_2048_sha256_mgf1sha256_test 11", "RSA-OAEP-256",
        &wycheproof_256,
        "fvtp8RN9am6BO3q3W_BACz0HpEK4irBIZ13AawIV_BouAzJj7DGmwdLqxWywRw1pAipIE"
        "x0fAAu-1wWGuAz2NWRlyINNrO1-oqX_jvnETVq4KP-_BVamOUdSpKKKcMriAIThI28EL2"
        "wp3lyzTvc6y6WrzHzLOiY0JwHfO52qlF2fpb8LmxAwZlXlY3AYP1D7gyH48M0cchFHkfy"
        "l3yFmKWtQmwGgspHEYRB4fOvmnUGzseiVkLwvXl1J6iSuDxIH7vGu5UuXYFU-gMVQaoqK"
        "dXMukodQJfC_1erXHkNAyKn6FtzVp9yW2MSn3E6R9HppNmRFxGlci61Xj_5Su2cvZQ",
        "eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4e"
        "Hh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
        "h4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh"
        "4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eA"},
    {"Wycheproof rsa_oaep_2048_sha256_mgf1sha256_test 21", "RSA-OAEP-256",
        &wycheproof_256,
        "jl8B_wwXdYcHFf0DZqh0hTH4sAgD3zXg4jCNtju-xOyk4JM1GHa3lCE7kE5d3ihKgtdKv"
        "8v_-UvJqDAL6pnt0H_pfW4LESGfhawVrMQE0309oWgZoUpDjz9y-BeLMSUmIyOG6Riop-"
        "Efw49GaMSZoASAz50tdaq8AZjTupujRfupEFxlZN9fbOeW8UEA0Yar_-TYPVeWnByt3Hx"
        "6o0C00bqyPZs5gieDKN3r5kj1xSWIc488VqiLPzTIkMA_r8J_SFoXZ3pT6XTcHdhvRjqS"
        "f0MorFG7xhcFroq9f0ViiVdIni3v2OBDuVWxGPsqHEB9RYkwBKrg-UXwat0eRbQaAw",
        "MTIzNDAw"},
};

#endif /* VC_TEST_KEY_VECTORS_RSA_H */
