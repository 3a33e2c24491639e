/* the RSA keys that the vectors of key_vectors_rsa.h were made with */

#ifndef VC_TEST_KEY_VECTORS_RSA_KEYS_H
#define VC_TEST_KEY_VECTORS_RSA_KEYS_H

#include "key_vectors.h"

/* RFC 7515 appendix A.2 */
static const kv_jwk_t rfc7515_a2 = {
    .kty = "RSA",
    .n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-"
         "4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r"
         "2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UT"
         "o7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxX"
         "FvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
    .e = "AQAB",
    .d = "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLK"
         "MgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBV"
         "aYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcop"
         "V_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3c"
         "cPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",
    .p = "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58"
         "BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1Vhv"
         "Kn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
    .q = "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp"
         "1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5d"
         "TltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
    .dp =
        "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9Yk"
        "xvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6"
        "vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",
    .dq =
        "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKg"
        "B719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1"
        "VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",
    .qi =
        "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGL"
        "q2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawB"
        "gfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U",
};

/* RFC 7516 appendix A.1 */
static const kv_jwk_t rfc7516_a1 = {
    .kty = "RSA",
    .n = "oahUIoWw0K0usKNuOR6H4wkf4oBUXHTxRvgb48E-BVvxkeDNjbC4he8rUWcJoZmds2h7M"
         "70imEVhRU5djINXtqllXI4DFqcI1DgjT9LewND8MW2Krf3Spsk_ZkoFnilakGygTwpZ3u"
         "esH-PFABNIUYpOiN15dsQRkgr0vEhxN92i2asbOenSZeyaxziK72UwxrrKoExv6kc5twX"
         "Tq4h-QChLOln0_mtUZwfsRaMStPs6mS6XrgxnxbWhojf663tuEQueGC-FCMfra36C9knD"
         "FGzKsNa7LZK2djYgyD3JR_MB_4NUJW_TqOQtwHYbxevoJArm-L5StowjzGy-_bq6Gw",
    .e = "AQAB",
    .d = "kLdtIj6GbDks_ApCSTYQtelcNttlKiOyPzMrXHeI-yk1F7-kpDxY4-WY5NWV5KntaEeXS"
         "1j82E375xxhWMHXyvjYecPT9fpwR_M9gV8n9Hrh2anTpTD93Dt62ypW3yDsJzBnTnrYu1"
         "iwWRgBKrEYY46qAZIrA2xAwnm2X7uGR1hghkqDp0Vqj3kbSCz1XyfCs6_LehBwtxHIyh8"
         "Ripy40p24moOAbgxVw3rxT_vlt3UVe4WO3JkJOzlpUf-KTVI2Ptgm-dARxTEtE-id-4OJ"
         "r0h-K-VFs3VSndVTIznSxfyrj8ILL6MG_Uv8YAu7VILSB3lOW085-4qE3DzgrTjgyQ",
    .p = "1r52Xk46c-LsfB5P442p7atdPUrxQSy4mti_tZI3Mgf2EuFVbUoDBvaRQ-SWxkbkmoEzL"
         "7JXroSBjSrK3YIQgYdMgyAEPTPjXv_hI2_1eTSPVZfzL0lffNn03IXqWF5MDFuoUYE0hz"
         "b2vhrlN_rKrbfDIwUbTrjjgieRbwC6Cl0",
    .q = "wLb35x7hmQWZsWJmB_vle87ihgZ19S8lBEROLIsZG4ayZVe9Hi9gDVCOBmUDdaDYVTSNx"
         "_8Fyw1YYa9XGrGnDew00J28cRUoeBB_jKI1oma0Orv1T9aXIWxKwd4gvxFImOWr3QRL9K"
         "EBRzk2RatUBnmDZJTIAfwTs0g68UZHvtc",
    .dp =
        "ZK-YwE7diUh0qR1tR7w8WHtolDx3MZ_OTowiFvgfeQ3SiresXjm9gZ5KLhMXvo-uz-KUJ"
        "WDxS5pFQ_M0evdo1dKiRTjVw_x4NyqyXPM5nULPkcpU827rnpZzAJKpdhWAgqrXGKAECQ"
        "H0Xt4taznjnd_zVpAmZZq60WPMBMfKcuE",
    .dq =
        "Dq0gfgJ1DdFGXiLvQEZnuKEN0UUmsJBxkjydc3j4ZYdBiMRAy86x0vHCjywcMlYYg4yoC"
        "4YZa9hNVcsjqA3FeiL19rk8g6Qn29Tt0cj8qqyFpz9vNDBUfCAiJVeESOjJDZPYHdHY8v"
        "1b-o-Z2X5tvLx-TCekf7oxyeKDUqKWjis",
    .qi =
        "VIMpMYbPf47dT1w_zDUXfPimsSegnMOA1zTaX7aGk_8urY6R8-ZW1FxU7AlWAyLWybqq6"
        "t16VFd7hQd0y6flUK4SlOydB61gwanOsXGOAOv82cHq0E3eL4HrtZkUuKvnPrMnsUUFlf"
        "UdybVzxyjz9JF_XyaY14ardLSjf4L_FNY",
};

/* RFC 7520 section 3.4 */
static const kv_jwk_t rfc7520_3_4 = {
    .kty = "RSA",
    .n = "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJ"
         "WTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0d"
         "Apr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5"
         "lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKw"
         "uCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw",
    .e = "AQAB",
    .d = "bWUC9B-EFRIo8kpGfh0ZuyGPvMNKvYWNtB_ikiH9k20eT-O1q_I78eiZkpXxXQ0UTEs2L"
         "sNRS-8uJbvQ-A1irkwMSMkK1J3XTGgdrhCku9gRldY7sNA_AKZGh-Q661_42rINLRCe8W"
         "-nZ34ui_qOfkLnK9QWDDqpaIsA-bMwWWSDFu2MUBYwkHTMEzLYGqOe04noqeq1hExBTHB"
         "OBdkMXiuFhUq1BU6l-DqEiWxqg82sXt2h-LMnT3046AOYJoRioz75tSUQfGCshWTBnP5u"
         "Djd18kKhyv07lhfSJdrPdM5Plyl21hsFf4L_mHCuoFau7gdsPfHPxxjVOcOpBrQzwQ",
    .p = "3Slxg_DwTXJcb6095RoXygQCAZ5RnAvZlno1yhHtnUex_fp7AZ_9nRaO7HX_-SFfGQeut"
         "ao2TDjDAWU4Vupk8rw9JR0AzZ0N2fvuIAmr_WCsmGpeNqQnev1T7IyEsnh8UMt-n5Cafh"
         "kikzhEsrmndH6LxOrvRJlsPp6Zv8bUq0k",
    .q = "uKE2dh-cTf6ERF4k4e_jy78GfPYUIaUyoSSJuBzp3Cubk3OCqs6grT8bR_cu0Dm1MZwWm"
         "tdqDyI95HrUeq3MP15vMMON8lHTeZu2lmKvwqW7anV5UzhM1iZ7z4yMkuUwFWoBvyY898"
         "EXvRD-hdqRxHlSqAZ192zB3pVFJ0s7pFc",
    .dp =
        "B8PVvXkvJrj2L-GYQ7v3y9r6Kw5g9SahXBwsWUzp19TVlgI-YV85q1NIb1rxQtD-IsXXR"
        "3-TanevuRPRt5OBOdiMGQp8pbt26gljYfKU_E9xn-RULHz0-ed9E9gXLKD4VGngpz-PfQ"
        "_q29pk5xWHoJp009Qf1HvChixRX59ehik",
    .dq =
        "CLDmDGduhylc9o7r84rEUVn7pzQ6PF83Y-iBZx5NT-TpnOZKF1pErAMVeKzFEl41DlHHq"
        "qBLSM0W1sOFbwTxYWZDm6sI6og5iTbwQGIC3gnJKbi_7k_vJgGHwHxgPaX2PnvP-zyEkD"
        "ERuf-ry4c_Z11Cq9AqC2yeL6kdKT1cYF8",
    .qi =
        "3PiqvXQN0zwMeE-sBvZgi289XP9XCQF3VWqPzMKnIgQp7_Tugo6-NZBKCQsMf3HaEGBjT"
        "VJs_jcK8-TRXvaKe-7ZMaQj8VfBdYkssbu0NKDDhjJ-GtiseaDVWt7dcH0cfwxgFUHpQh"
        "7FoCrjFJ6h6ZEpMF6xmujs4qMpPz8aaI4",
};

/* RFC 7520 section 5.1.1 */
static const kv_jwk_t rfc7520_5_1 = {
    .kty = "RSA",
    .n = "maxhbsmBtdQ3CNrKvprUE6n9lYcregDMLYNeTAWcLj8NnPU9XIYegTHVHQjxKDSHP2l-F"
         "5jS7sppG1wgdAqZyhnWvXhYNvcM7RfgKxqNx_xAHx6f3yy7s-M9PSNCwPC2lh6UAkR4I0"
         "0EhV9lrypM9Pi4lBUop9t5fS9W5UNwaAllhrd-osQGPjIeI1deHTwx-ZTHu3C60Pu_LJI"
         "l6hKn9wbwaUmA4cR5Bd2pgbaY7ASgsjCUbtYJaNIHSoHXprUdJZKUMAzV0WOKPfA6OPI4"
         "oypBadjvMZ4ZAj3BnXaSYsEZhaueTXvZB4eZOAjIyh2e_VOIKVMsnDrJYAVotGlvMQ",
    .e = "AQAB",
    .d = "Kn9tgoHfiTVi8uPu5b9TnwyHwG5dK6RE0uFdlpCGnJN7ZEi963R7wybQ1PLAHmpIbNTzt"
         "frheoAniRV1NCIqXaW_qS461xiDTp4ntEPnqcKsyO5jMAji7-CL8vhpYYowNFvIesgMoV"
         "aPRYMYT9TW63hNM0aWs7USZ_hLg6Oe1mY0vHTI3FucjSM86Nff4oIENt43r2fspgEPGRr"
         "dE6fpLc9Oaq-qeP1GFULimrRdndm-P8q8kvN3KHlNAtEgrQAgTTgz80S-3VD0FgWfgnb1"
         "PNmiuPUxO8OpI9KDIfu_acc6fg14nsNaJqXe6RESvhGPH2afjHqSy_Fd2vpzj85bQQ",
    .p = "2DwQmZ43FoTnQ8IkUj3BmKRf5Eh2mizZA5xEJ2MinUE3sdTYKSLtaEoekX9vbBZuWxHdV"
         "hM6UnKCJ_2iNk8Z0ayLYHL0_G21aXf9-unynEpUsH7HHTklLpYAzOOx1ZgVljoxAdWNn3"
         "hiEFrjZLZGS7lOH-a3QQlDDQoJOJ2VFmU",
    .q = "te8LY4-W7IyaqH1ExujjMqkTAlTeRbv0VLQnfLY2xINnrWdwiQ93_VF099aP1ESeLja2n"
         "w-6iKIe-qT7mtCPozKfVtUYfz5HrJ_XY2kfexJINb9lhZHMv5p1skZpeIS-GPHCC6gRlK"
         "o1q-idn_qxyusfWv7WAxlSVfQfk8d6Et0",
    .dp =
        "UfYKcL_or492vVc0PzwLSplbg4L3-Z5wL48mwiswbpzOyIgd2xHTHQmjJpFAIZ8q-zf9R"
        "mgJXkDrFs9rkdxPtAsL1WYdeCT5c125Fkdg317JVRDo1inX7x2Kdh8ERCreW8_4zXItuT"
        "l_KiXZNU5lvMQjWbIw2eTx1lpsflo0rYU",
    .dq =
        "iEgcO-QfpepdH8FWd7mUFyrXdnOkXJBCogChY6YKuIHGc_p8Le9MbpFKESzEaLlN1Ehf3"
        "B6oGBl5Iz_ayUlZj2IoQZ82znoUrpa9fVYNot87ACfzIG7q9Mv7RiPAderZi03tkVXAda"
        "Bau_9vs5rS-7HMtxkVrxSUvJY14TkXlHE",
    .qi =
        "kC-lzZOqoFaZCr5l0tOVtREKoVqaAYhQiqIRGL-MzS4sCmRkxm5vZlXYx6RtE1n_Aagjq"
        "ajlkjieGlxTTThHD8Iga6foGBMaAr5uR1hGQpSc7Gl7CF1DZkBJMTQN6EshYzZfxW08mI"
        "O8M6Rzuh0beL6fG9mkDcIyPrBXx2bQ_mM",
};

/* RFC 7520 section 5.2.1: 4096 bits */
static const kv_jwk_t rfc7520_5_2 = {
    .kty = "RSA",
    .n = "wbdxI55VaanZXPY29Lg5hdmv2XhvqAhoxUkanfzf2-5zVUxa6prHRrI4pP1AhoqJRlZfY"
         "tWWd5mmHRG2pAHIlh0ySJ9wi0BioZBl1XP2e-C-FyXJGcTy0HdKQWlrfhTm42EW7Vv04r"
         "4gfao6uxjLGwfpGrZLarohiWCPnkNrg71S2CuNZSQBIPGjXfkmIy2tl_VWgGnL22GplyX"
         "j5YlBLdxXp3XeStsqo571utNfoUTU8E4qdzJ3U1DItoVkPGsMwlmmnJiwA7sXRItBCivR"
         "4M5qnZtdw-7v4WuR4779ubDuJ5nalMv2S66-RPcnFAzWSKxtBDnFJJDGIUe7Tzizjg1nm"
         "s0Xq_yPub_UOlWn0ec85FCft1hACpWG8schrOBeNqHBODFskYpUc2LC5JA2TaPF2dA67d"
         "g1TTsC_FupfQ2kNGcE1LgprxKHcVWYQb86B-HozjHZcqtauBzFNV5tbTuB-TpkcvJfNcF"
         "LlH3b8mb-H_ox35FjqBSAjLKyoeqfKTpVjvXhd09knwgJf6VKq6UC418_TOljMVfFTWXU"
         "xlnfhOOnzW6HSSzD1c9WrCuVzsUMv54szidQ9wf1cYWf3g5qFDxDQKis99gcDaiCAwM3y"
         "EBIzuNeeCa5dartHDb1xEB_HcHSeYbghbMjGfasvKn0aZRsnTyC0xhWBlsolZE",
    .e = "AQAB",
    .d = "n7fzJc3_WG59VEOBTkayzuSMM780OJQuZjN_KbH8lOZG25ZoA7T4Bxcc0xQn5oZE5uSCI"
         "wg91oCt0JvxPcpmqzaJZg1nirjcWZ-oBtVk7gCAWq-B3qhfF3izlbkosrzjHajIcY33HB"
         "hsy4_WerrXg4MDNE4HYojy68TcxT2LYQRxUOCf5TtJXvM8olexlSGtVnQnDRutxEUCwie"
         "wfmmrfveEogLx9EA-KMgAjTiISXxqIXQhWUQX1G7v_mV_Hr2YuImYcNcHkRvp9E7ook08"
         "76DhkO8v4UOZLwA1OlUX98mkoqwc58A_Y2lBYbVx1_s5lpPsEqbbH-nqIjh1fL0gdNfih"
         "LxnclWtW7pCztLnImZAyeCWAG7ZIfv-Rn9fLIv9jZ6r7r-MSH9sqbuziHN2grGjD_jfRl"
         "uMHa0l84fFKl6bcqN1JWxPVhzNZo01yDF-1LiQnqUYSepPf6X3a2SOdkqBRiquE6EvLuS"
         "YIDpJq3jDIsgoL8Mo1LoomgiJxUwL_GWEOGu28gplyzm-9Q0U0nyhEf1uhSR8aJAQWAiF"
         "ImWH5W_IQT9I7-yrindr_2fWQ_i1UgMsGzA7aOGzZfPljRy6z-tY_KuBG00-28S_aWvjy"
         "Uc-Alp8AUyKjBZ-7CWH32fGWK48j1t-zomrwjL_mnhsPbGs0c9WsWgRzI-K8gE",
    .p = "7_2v3OQZzlPFcHyYfLABQ3XP85Es4hCdwCkbDeltaUXgVy9l9etKghvM4hRkOvbb01kYV"
         "uLFmxIkCDtpi-zLCYAdXKrAK3PtSbtzld_XZ9nlsYa_QZWpXB_IrtFjVfdKUdMz94pHUh"
         "FGFj7nr6NNxfpiHSHWFE1zD_AC3mY46J961Y2LRnreVwAGNw53p07Db8yD_92pDa97vqc"
         "ZOdgtybH9q6uma-RFNhO1AoiJhYZj69hjmMRXx-x56HO9cnXNbmzNSCFCKnQmn4GQLmRj"
         "9sfbZRqL94bbtE4_e0Zrpo8RNo8vxRLqQNwIy85fc6BRgBJomt8QdQvIgPgWCv5HoQ",
    .q = "zqOHk1P6WN_rHuM7ZF1cXH0x6RuOHq67WuHiSknqQeefGBA9PWs6ZyKQCO-O6mKXtcgE8"
         "_Q_hA2kMRcKOcvHil1hqMCNSXlflM7WPRPZu2qCDcqssd_uMbP-DqYthH_EzwL9KnYoH7"
         "JQFxxmcv5An8oXUtTwk4knKjkIYGRuUwfQTus0w1NfjFAyxOOiAQ37ussIcE6C6ZSsM3n"
         "41UlbJ7TCqewzVJaPJN5cxjySPZPD3Vp01a9YgAD6a3IIaKJdIxJS1ImnfPevSJQBE79-"
         "EXe2kSwVgOzvt-gsmM29QQ8veHy4uAqca5dZzMs7hkkHtw1z0jHV90epQJJlXXnH8Q",
    .dp =
        "19oDkBh1AXelMIxQFm2zZTqUhAzCIr4xNIGEPNoDt1jK83_FJA-xnx5kA7-1erdHdms_E"
        "f67HsONNv5A60JaR7w8LHnDiBGnjdaUmmuO8XAxQJ_ia5mxjxNjS6E2yD44USo2JmHvze"
        "eNczq25elqbTPLhUpGo1IZuG72FZQ5gTjXoTXC2-xtCDEUZfaUNh4IeAipfLugbpe0JAF"
        "lFfrTDAMUFpC3iXjxqzbEanflwPvj6V9iDSgjj8SozSM0dLtxvu0LIeIQAeEgT_yXcrKG"
        "mpKdSO08kLBx8VUjkbv_3Pn20Gyu2YEuwpFlM_H1NikuxJNKFGmnAq9LcnwwT0jvoQ",
    .dq =
        "S6p59KrlmzGzaQYQM3o0XfHCGvfqHLYjCO557HYQf72O9kLMCfd_1VBEqeD-1jjwELKDj"
        "ck8kOBl5UvohK1oDfSP1DleAy-cnmL29DqWmhgwM1ip0CCNmkmsmDSlqkUXDi6sAaZunt"
        "yukyflI-qSQ3C_BafPyFaKrt1fgdyEwYa08pESKwwWisy7KnmoUvaJ3SaHmohFS78TJ25"
        "cfc10wZ9hQNOrIChZlkiOdFCtxDqdmCqNacnhgE3bZQjGp3n83ODSz9zwJcSUvODlXBPc"
        "2AycH6Ci5yjbxt4Ppox_5pjm6xnQkiPgj01GpsUssMmBN7iHVsrE7N2iznBNCeOUIQ",
    .qi =
        "FZhClBMywVVjnuUud-05qd5CYU0dK79akAgy9oX6RX6I3IIIPckCciRrokxglZn-omAY5"
        "CnCe4KdrnjFOT5YUZE7G_Pg44XgCXaarLQf4hl80oPEf6-jJ5Iy6wPRx7G2e8qLxnh9cO"
        "df-kRqgOS3F48Ucvw3ma5V6KGMwQqWFeV31XtZ8l5cVI-I3NzBS7qltpUVgz2Ju021eyc"
        "7IlqgzR98qKONl27DuEES0aK0WE97jnsyO27Yp88Wa2RiBrEocM89QZI1seJiGDizHRUP"
        "4UZxw9zsXww46wy0P6f9grnYp7t8LkyDDk8eoI4KX6SNMNVcyVS9IWjlq8EzqZEKIA",
};

/* Wycheproof, RS256, PS256 and RSA-OAEP-256 of json_web_signature_test and
   rsa_oaep_2048_sha256_mgf1sha256_test */
static const kv_jwk_t wycheproof_256 = {
    .kty = "RSA",
    .n = "orRRoH0KpfluRVZxUTVQUUqKW0YuvvcXCU-h_ugiJOY3-XRtP3yv0xh42AMltu9aFwD2W"
         "QO0aUKeidbqyIRQl7WrOTGJ25JRLtincRoSU_rNIPecFegkfz0-QuRuSMmOJUov6XZTE6"
         "A-_48X4aApOXofomqNzib0kO2BKZYV2YFMItphBCjgnH2WWFlCZvXAIdD87KCNlFoSvoL"
         "eTR7Oa0wDFFtdNJXU7VQR64eNrwX9evw-Ca2g8RJkIvWQl1oZaYFvSGmLy7obTZyuedRg"
         "2Pn4Xnl1AF2bwixOWsD3waRdElaaYoB9O5oC5aUw53MGb0U9H1tMLpz3ggKD90K51Q",
    .e = "AQAB",
    .d = "JM3GIxf11ypva6bMljKJmwHR_yiGfXL2FoiZW8hVpOQgqEBSUAib2xPPjglUOCe3SLnSf"
         "7srTZ4gr4xaaoYnltGkzBitFupni8G9SoO7vpxeV0U7XOc4jkGjukzit3tEOKIp6VT3IN"
         "rgNT3AiKyKdrJtwnb44beFHd1jmK0W_y54GVEjubA26UXDjJ0SQ09t92_iI1nrPhrJwBF"
         "nj8km-tOuR1pP__9V_rLRR-nIlPTA4ppZnnYkYkgtlov0J4CUX8DSwxxXPEQxuPT-i4xn"
         "vsgVq9RPeobtyhwjCHNzWNLCrl4uDi2t9zCYAmI3flixO32ZkgYKC8hwzP20qTGe4Q",
    .p = "3EMQUPeC6JT7UkgkfZjLfVi40eJPO1XQQcVuTeCGsNW7AovaQu610jTVaB5YCdQV5qKJr"
         "Uz794-Xj2w1gU9Q7r_xxbgKafeI6B5rq13ap4Np1lnRQ-xvF-eYE6V1z62cVpFWuQET4u"
         "kRCtnntIock0im5lMyEZEpDqNs-zpbGPE",
    .q = "vRqB55d_mJgSInOuMiK1mOpfsZ606rw4MIpeMhlmA7LlAP-3n1uIaBZhHevEcvrEVUQHC"
         "-sFfJQTeKaGivO3oD0_mIDsR9XgiblPveVCq6mujXLFcIjXq_WxMfOQmPe8Fg-QU2q8lJ"
         "L9Tgbz7XKZ1Ll7sDZ3IH2VZp8UDPvCDyU",
    .dp =
        "qUtSiyjykVmRIdkZUv_Rx_IdfBR52Z1HiIX7Fhhw7hIYvwhHJhLb5Ul-jZxlBojgnHhpY"
        "a4-LDVNxIrjRRR1nEwjxFiEiJYdwGtBTmHA4ef7vSkj0xUy_iifltoiBxHljBQBmAjgBB"
        "QnaTO7B-TvubSps3ZWkXIFIJ8z8JUV18E",
    .dq =
        "OvDnKpM67wn_JQPfeLr-1THAL_GivEN8VAzcvUrTVDXPURdjWWVDSAYpsRTKf3gP9--jL"
        "qDLbgANbZ6h8u9x_Zz5lIQioWVVfjfnVe3-cNkLkgUC60eLyYpj94jOOg-FbW7eclGjg7"
        "-o-kgKgaklr3s8xTjEurjJ91l_-2gBHY0",
    .qi =
        "JkD7-8_vsWPueoe2SDpm7kH5VtkPqKeTm_wELuCSSxt5k9BEX3WNUZM-hRecAyCwyWi0i"
        "pHDi1vpI-EJfAxWL4jUIpS2onWbr6VCinTxJwh05F9vzGDyFgLeXszRQ88xJB9ZIbWtOY"
        "P7VO8XvjsoU2flDJmcZyR7VS_kv86UX3s",
};

/* Wycheproof, RS384 and PS384 of json_web_signature_test */
static const kv_jwk_t wycheproof_384 = {
    .kty = "RSA",
    .n = "zab6XKdr_gSS7Ffgo7__cnLcjR4lrR-zOKoFDwLBBOYxM9a1t8SYXruumsA2pbnAMHTWC"
         "uyOJbrzkqDEMP8FuI6UiAXT3XRRHYiFJQp7V0IVraAVxVkHZobiU8zJbAgVsSke54fMM2"
         "O0932TDrmY18WCskzqnOId6XInkZiYY6J-vICgDeW9L5Iod15aTOsFTVjJvjagVDNpcaE"
         "2Qt2VEN1paqJo2zqrIpnV2I-OViQ00UJwlNPfjnLR72m07TTRK6w3UiOyolzyJ_c1-Bbo"
         "XhcjkwR2mmCCFUzRWJn8Hq77abdIo-XtJNODcll94-TionuVHWrH2xgtaAnY_1Ebfw",
    .e = "AQAB",
    .d = "Wj3JYtr8omyzZA5zvqdDmp8YdLwj4EImzNiee6XDuTihopO3Dbqw-fD1f2aVFEfcM-cw_"
         "X4sKhZNR6xQKwfdJM08FCwqeeTOq1z6v_RHh1SyWowCwaR9gNnzer5ELKmniyP2Mbb_Ph"
         "WklW1_GFkM3rIG1eK2mL0ITyYOgu8o_57G28haiV7Io4ZXUPUBuWEl2xu92ZpK5GiK2zB"
         "Kq9_E4M-5_mtrwNt0yIr4IX7tc4oNBP6NMsHREDcM4cGy9jBlc1BpSUJzCHjm__d62n6a"
         "MX34vAWepwgTJTBrjrL6DTo9ifrkdtk0SJK81aQs-Dt7zz4OUbTHjnKzIHpgpwGtsQ",
    .p = "74hbh-JcKdHuQx0fSs54fE-ILpLRLEsnZshPiSYxBu8L4N3E3jvwYaK6Rv_nwTKuZ9M38"
         "E3Gba653lU3kfSYn1CyJMmBgStTiNHCtdUzSaYTk79mEZlbaYjxQ8J4zMJgz-gqasSmQJ"
         "gH6rMmZLfuPxxB3-Vn4Jf9ev6FIIcaHFM",
    .q = "28pYIojIGjDWWB8nIFCl_qdz1xEwG91uyschTgDA_LlJjx5YUIaxRGPMiaAsLneoknHAW"
         "Mb2nzzRNVOZTYp2z2KtnidSF3INYutuiI7EUJzqR0tT83tFj8lW3THfO7bsfeZZ6I5-cJ"
         "_jvmqNNyZMPSDn0IgnbOdlGkA8aNbEfqU",
    .dp =
        "nX6HyFHSjYDF64TzdUlKuVnFzfGk7T3A-3jLqv7cj5WPttu6PPEmPdw0JMjQRhyfxg6AI"
        "lXRGX8gIQrhDevIikAR0dRYfWjSdQyOvOYg4dT73FKltv6ht0Ned1IgAWnxI-KgOTFxqt"
        "kLo4sFvIWfdgmLWr7IzUjCVyOQvvF1_pc",
    .dq =
        "Du1gLQBDLtwwQo3jF2PC0lfHG000ij_wvV7m2Shd8wwWfdzevKFZOr7YbmRte75uuXt2R"
        "9FDgK8dulRyLf0AcrdN-VbMUYFSfWxl9mpT1PHDS5JHIls17z0KZD113tVenHJfmtbKqZ"
        "WCXzVXX-5-8QviEpycqN3SVQUV1Tz43W0",
    .qi =
        "EB0fSa-wTQZb2MKQAdIS5ze7ppYQhXSjMKnLrMUb9slllPN_upyN4VbCJjcdSZAhkeH2n"
        "YShNSGTv_KeMY6zbt5v-6uTtlVez2rdyp4TTCAiCi0ksDptI--MYIpRhnafZv4vayG8Of"
        "YnetcGA4uQeHLEcWYJwiN2ITDvA2FkgvI",
};

/* Wycheproof, RS512 and PS512 of json_web_signature_test */
static const kv_jwk_t wycheproof_512 = {
    .kty = "RSA",
    .n = "wsSoYCNtPJCWoHbWulEH4Pe9geG6kW9zdXJL0rCwtjlWgTcVo0V6sEWLcfs1pFsn-e96w"
         "-V53qRd-_0HgZ7WtwIapTNsWEQqrdlsqe6dMkc-nZJ4VitNECWK3mqY-xx8_cOzcW713s"
         "WM9zs1nziVmbS1hlqYY1GesAHDJDh9p1VFDbNBMJNg44B8BWW44sRPvV5ujQTQBtfudou"
         "OhDYIKpD6DoN_MvRgh6tKDZviiqfaF5TOsBcqf1DtIPbfZB77y_0qrIl3XHYacxAJPGcc"
         "l3-hiw1uAfsl96QytCxlNZeExokgVxnBz246Zdri2kNMMm3egbtv__vb9t5cFrunSQ",
    .e = "AQAB",
    .d = "ClwnkKWRw-z09igcF-EDiEXlQKlfISlKfO7NdbGMVMUMAueJMRwbAJFSb4erPMjUgYjpg"
         "M4OA3e-wA6ffZeTWDy2ah8oHjHSC1lLXGai2e_MNtl5qSu4d6lnj5kf9gt34o-sVdZPIc"
         "BkVSpDGesKmhhwp2rePDo1NKuDU8PleycINjhZrTpjN_wV_7kJgNk3Q_ly10PD3G_dtEJ"
         "5B5qAmr7IETpvmH9xdIwDak2vNTsnqB5pg9VqLWW3G5MSjVVpSZ0QrROW8JTu13wETjzp"
         "74LwAUwlumk5KMALUEO2QbAW41abS9hNaDNyU4ZxMHMhwl5ZDxS-8kHm2O3yT_OYWQ",
    .p = "50oSR1mhdN4zGFmWs7Q3wk7SSCA9Z0qHvMLnamZ74_VKwV6PBOTF5UD04Z9AKnHTfTl1b"
         "c77-u-zgAlbbPvfTXjdIM8IWh8SdhDjtxAspr3hgllBq2Aum3LAjkUzrFAxcTjhC_ft_q"
         "MPUu6R6mYowsxl52uvwC650hq2atN07yc",
    .q = "15O09VFJIb-8R6HkX6oEPuoD8FK85gDsT1xisBSnxFrrP0vAIWDnsS3uE15EsiejGFTKg"
         "zrHBtFGcKtZMqJpybb5GIrLk-aYtKff9lu5yWPC4Css6j8tXLJU4HthZ5KJbjdVDLOBcc"
         "TDLgplQ7vmrNTpmr6roTQKlhAXQStXvA8",
    .dp =
        "TdQCBJpnlzDyFp6G9J-PJ8ZoQjb_EpPkyyL2xjoINHQlHJ6aF7Z31SYfgRCage3dkcTU_"
        "AdriUxBpbMAXdL_mE00c8bW86SDDNGwHrjFnbJFgRxR2b460Lozi2xD8BboHEZcjC94mX"
        "f7PxfiZ_LKgopPPCljcZMHmmi8u4O-VH8",
    .dq =
        "dno1L8XWvXeU0IGG85SK9NDEDWZLbtT_CrapfkA728xkEctd8npBm7y0ZWyfsJHcLtka2"
        "3iIPZTyc6WYRh3Aqh2nVPei3swTDOZeThUnTClJxs2zx6GlGpbf0ue8JqIAadR7J5nYAG"
        "C1LC6GbO1t33q8UFGOHfBuCP8a6LQbab0",
    .qi =
        "VHndow_Aa2PLX3fiC7Kdt-7HprN6UAf5ZRpG_7ZskBYL5XABRcagjZc3qYxfe6Dc7zk1L"
        "MXYYS2U_QI4O44JMRU3axVPoc69-RXdwFGnAX1nojj7Q3Z0nO2UcSsReh0MoxzWU6GVXd"
        "VHNG0Dsh6wrTwSP7heksivUKmF2xDrp5s",
};

/* Wycheproof, rsa_pkcs1_2048_test */
static const kv_jwk_t wycheproof_pkcs1 = {
    .kty = "RSA",
    .n = "s1EKK81M5kTFtZSuUFnhKy8FS2WNXaWVmi_fGHG4CLw98-Yo0nkuUarVwSS0O9pFPcpc3"
         "kvPKOe9Tv-6DLS3Qru21aATy2PRqjqJ4CYn71OYtSwM_ZfSCKvrjXybzgu-sBmobdtYm-"
         "sppbdL-GEHXGd8gdQw8DDCZSR6-dPJFAzLZTCdB-Ctwe_RXPF-ewVdfaOGjkZIzDoYDw7"
         "n-OHnsYCYozkbTOcWHpjVevipR-IBpGPi1rvKgFnlcG6d_tj0hWRl_6cS7RqhjoiNEtxq"
         "oJzpXs_Kg8xbCxXbCchkf11STA8udiCjQWuWI8rcDwl69XMmHJjIQAqhKvOOQ8rYTQ",
    .e = "AQAB",
    .d = "GlAtDupse2niHVg5EB9wVFbtDvhS-0f-IQcfVMXzPIzrBmxi1yfjLSbFgTcyn4nTGVMlt"
         "5UmTBldhUcvdQfb0JYdKVH5NaJrNPCsJNFUkOESiptxOJFbx9v6j-OWNXExxUOunJhQc2"
         "jZzrCMHGGYo-2nrqGFoOl2zULCLQDwA9nxnZbqTJr8v-FEHMyALPsGifWdgExqTk9ATBU"
         "XR0XtbLi8iO8LM7oNKoDjXkO8kPNQBS5yAW51sA01ejgcnA1GcGnKZgiHyYd2Y0n8xDRg"
         "tKpRa84Hnt2HuhZDB7dSwnftlSitO6C_GHc0ntO3lmpsJAEQQJv00PreDGj9rdhH_Q",
    .p = "7BJc834xCi_0YmO5suBinWOQAF7IiRPU-3G9TdhWEkSYquupg9e6K9lC5k0iP-t6I69NY"
         "F7-6mvXDTmv6Z01o6oV50oXaHeAk74O3UqNCbLe9tybZ_-FdkYlwuGSNttMQBzjCiVy0-"
         "y0-Wm3rRnFIsAtd0RlZ24aN3bFTWJINIs",
    .q = "wnQqvNmJe9SwtnH5c_yCqPhKv1cF_4jdQZSGI6_p3KYNxlQzkHZ_6uvrU5V27ov6YbX8v"
         "KlKfO91oJFQxUD6lpTdgAStI3GMiJBJIZNpyZ9EWNSvwUj28H34cySpbZz3s4XdhiJBSh"
         "gy-fKURvBQwtWmQHZJ3EGrcOI7PcwiyYc",
    .dp =
        "lql5jSUCY0ALtidzQogWJ-B87N-RGHsBuJ_0cxQYinwg-ySAAVbSyF1WZujfbO_5-YBN3"
        "62A_1dn3lbswCnHK_bHF9-fZNqvwprPnceQj5oK1n4g6JSZNsy6GNAhosT-uwQ0misgR8"
        "SQE4W25dDGkdEYsz-BgCsyrCcu8J5C-tU",
    .dq =
        "BVT0GwuH9opFcis74M9KseFlA0wakQAquPKenvni2rb-57JFW6-0IDfp0vflM_NIoUdBL"
        "9cggL58JjP12ALJHDnmvOzj5nXlmZUDPFVzcCDa2eizDQS4KK37kwStVKEaNaT1BwmHas"
        "WxGCNrp2pNfJopHdlgexad4dGCOFaRmZ8",
    .qi =
        "HGQBidm_6MYjgzIQp2xCDG9E5ddg4lmRbOwq4rFWRWlg_ZXidHZgw4lWIlDwVQSc-rflw"
        "wOVSThKeiquscgk069wlIKoz5tYcCKgCx8HIttQ8zyybcIN0iRdUmXfYe4pg8k4whZ9zu"
        "Eh_EtEecI35yjPYzq2CowOzQT85-O6pVk",
};

#endif /* VC_TEST_KEY_VECTORS_RSA_KEYS_H */
