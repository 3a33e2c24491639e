/* published AES-CBC ciphertexts, in hexadecimal */

#ifndef VC_TEST_KEY_VECTORS_CBC_H
#define VC_TEST_KEY_VECTORS_CBC_H

/* no padding, and that of PKCS #7 */
typedef struct {
    const char *source;
    const char *algorithm;
    const char *key;
    const char *iv;
    const char *plaintext;
    const char *ciphertext;
} cbc_vector_t;

static const cbc_vector_t cbc_vectors[] = {
    {"NIST SP 800-38A appendix F.2.1", "A128CBC",
        "2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f",
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81"
        "c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
        "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b273bed"
        "6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"},
    {"NIST SP 800-38A appendix F.2.3", "A192CBC",
        "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
        "000102030405060708090a0b0c0d0e0f",
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81"
        "c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
        "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a571b2"
        "42012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd"},
    {"NIST SP 800-38A appendix F.2.5", "A256CBC",
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
        "000102030405060708090a0b0c0d0e0f",
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81"
        "c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
        "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23"
        "369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"},
    {"Wycheproof aes_cbc_pkcs5_test 1", "A128CBCPAD",
        "e34f15c7bd819930fe9d66e0c166e61c", "da9520f7d3520277035173299388bee2",
        "", "b10ab60153276941361000414aed0a9d"},
    {"Wycheproof aes_cbc_pkcs5_test 2", "A128CBCPAD",
        "e09eaa5a3f5e56d279d5e7a03373f6ea", "c9ee3cd746bf208c65ca9e72a266d54f",
        "ef4eab37181f98423e53e947e7050fd0",
        "d1fa697f3e2e04d64f1a0da203813ca5bc226a0b1d42287b2a5b994a66eaf14a"},
    {"Wycheproof aes_cbc_pkcs5_test 3", "A128CBCPAD",
        "9bd3902ed0996c869b572272e76f3889", "8b2e86a9a185cfa6f51c7cc595b822bc",
        "a7ba19d49ee1ea02f098aa8e30c740d893a4456ccc294040484ed8a00a55f93e",
        "514cbc69aced506926deacdeb0cc0a5a07d540f65d825b65c7db0075cf930a06e0124"
        "ae598461cab0b3251baa853e377"},
    {"Wycheproof aes_cbc_pkcs5_test 5", "A128CBCPAD",
        "e1e726677f4893890f8c027f9d8ef80d", "155fd397579b0b5d991d42607f2cc9ad",
        "3f", "599d77aca16910b42d8b4ac9560efe1b"},
    {"Wycheproof aes_cbc_pkcs5_test 19", "A128CBCPAD",
        "501d81ebf912ddb87fbe3b7aac1437bc", "90f5cf4fbfd2e2a1ab8eef402617bd5c",
        "2368e3c3636b5e8e94d2081adbf798", "fed05321d11d978e2ec32527ecfce06c"},
    {"Wycheproof aes_cbc_pkcs5_test 20", "A128CBCPAD",
        "831e664c9e3f0c3094c0b27b9d908eb2", "54f2459e40e002763144f4752cde2fb5",
        "26603bb76dd0a0180791c4ed4d3b058807",
        "8d55dc10584e243f55d2bdbb5758b7fabcd58c8d3785f01c7e3640b2a1dadcd9"},
    {"Wycheproof aes_cbc_pkcs5_test 73", "A192CBCPAD",
        "3d6bf9edae6d881eade0ff8c7076a4835b71320c1f36b631",
        "db20f9a6f4d6b4e478f1a4b9d4051d34", "",
        "ff0c315873b4b1872abef2353b792ef0"},
    {"Wycheproof aes_cbc_pkcs5_test 74", "A192CBCPAD",
        "f4bfa5aa4f0f4d62cf736cd2969c43d580fdb92f2753bedb",
        "69a76dc4da64d89c580eb75ae975ec39", "0e239f239705b282ce2200fe20de1165",
        "7dbd573e4db58a318edfe29f199d8cda538a49f36486337c2711163e55fd5d0b"},
    {"Wycheproof aes_cbc_pkcs5_test 75", "A192CBCPAD",
        "9d11abc1fcb248a436598e695be12c3c2ed90a18ba09d62c",
        "6525667350930fb945dd1895a3abfcd1",
        "aa5182cae2a8fb068c0b3fb2be3e57ae523d13dffd1a944587707c2b67447f3f",
        "bd0258909e5b72438d95ca4b29c8a79c6228fd06a3b2fa06f7659654c7b24610f23f2"
        "fb16313b7d3614cb0cd16fabb8e"},
    {"Wycheproof aes_cbc_pkcs5_test 77", "A192CBCPAD",
        "915429743435c28997a33b33b6574a953d81dae0e7032e6a",
        "1379d48493f743e6a149deb3b9bab31e", "58",
        "519925956d32e4fa350b1144f088e4e8"},
    {"Wycheproof aes_cbc_pkcs5_test 91", "A192CBCPAD",
        "850fc859e9f7b89a367611dee6698f33962d8245ca8dc331",
        "ed6596c86b98123ad2f3c573e974d051", "586f4f171af116519061a8e0e77940",
        "9cafecff2a28d02f732573f65a2cadca"},
    {"Wycheproof aes_cbc_pkcs5_test 92", "A192CBCPAD",
        "cfd3f68873d81a27d2bfce876c79f6e609074dec39e34614",
        "c45b52a240eba3bdde5dfd57f3d474fb",
        "b1973cb25aa87ef9d1a8888b0a0f5c04c6",
        "401ad889bdb9d38816c782e00b168ccccde9bf75f4be868ceb91237e8b37b750"},
    {"Wycheproof aes_cbc_pkcs5_test 145", "A256CBCPAD",
        "7bf9e536b66a215c22233fe2daaa743a898b9acb9f7802de70b40e3d6e43ef97",
        "eb38ef61717e1324ae064e86f1c3e797", "",
        "e7c166554d1bb32792c981fa674cc4d8"},
    {"Wycheproof aes_cbc_pkcs5_test 146", "A256CBCPAD",
        "612e837843ceae7f61d49625faa7e7494f9253e20cb3adcea686512b043936cd",
        "9ec7b863ac845cad5e4673da21f5b6a9", "cc37fae15f745a2f40e2c8b192f2b38d",
        "299295be47e9f5441fe83a7a811c4aeb2650333e681e69fa6b767d28a6ccf282"},
    {"Wycheproof aes_cbc_pkcs5_test 147", "A256CBCPAD",
        "96e1e4896fb2cd05f133a6a100bc5609a7ac3ca6d81721e922dadd69ad07a892",
        "e70d83a77a2ce722ac214c00837acedf",
        "91a17e4dfcc3166a1add26ff0e7c12056e8a654f28a6de24f4ba739ceb5b5b18",
        "a615a39ff8f59f82cf72ed13e1b01e32459700561be112412961365c7a0b58aa7a16d"
        "68c065e77ebe504999051476bd7"},
    {"Wycheproof aes_cbc_pkcs5_test 149", "A256CBCPAD",
        "e754076ceab3fdaf4f9bcab7d4f0df0cbbafbc87731b8f9b7cd2166472e8eebc",
        "014d2e13dfbcb969ba3bb91442d52eca", "40",
        "42c0b89a706ed2606cd94f9cb361fa51"},
    {"Wycheproof aes_cbc_pkcs5_test 163", "A256CBCPAD",
        "c19bdf314c6cf64381425467f42aefa17c1cc9358be16ce31b1d214859ce86aa",
        "35bc82e3503b95044c6406a8b2c2ecff", "5d066a92c300e9b6ddd63a7c13ae33",
        "fdcfa77f5bd09326b4c11f9281b72474"},
    {"Wycheproof aes_cbc_pkcs5_test 164", "A256CBCPAD",
        "73216fafd0022d0d6ee27198b2272578fa8f04dd9f44467fbb6437aa45641bf7",
        "4b74bd981ea9d074757c3e2ef515e5fb",
        "d5247b8f6c3edcbfb1d591d13ece23d2f5",
        "fbea776fb1653635f88e2937ed2450ba4e9063e96d7cdba04928f01cb85492fe"},
};

/* what has no valid padding */
typedef struct {
    const char *source;
    const char *algorithm;
    const char *key;
    const char *iv;
    const char *ciphertext;
} cbc_forgery_t;

static const cbc_forgery_t cbc_forgeries[] = {
    {"Wycheproof aes_cbc_pkcs5_test 26, Using zero padding instead of PKCS "
     "#5 padding",
        "A128CBCPAD", "db4f3e5e3795cc09a073fa6a81e5a6bc",
        "23468aa734f5f0f19827316ff168e94f", "aa62606a287476777b92d8e4c4e53028"},
    {"Wycheproof aes_cbc_pkcs5_test 32, Using a padding with 0xff instead o"
     "f PKCS #5 padding",
        "A128CBCPAD", "db4f3e5e3795cc09a073fa6a81e5a6bc",
        "23468aa734f5f0f19827316ff168e94f", "726570a34cea08139d9f836579102a0e"},
    {"Wycheproof aes_cbc_pkcs5_test 38, Using ISO/IEC 7816-4 padding instea"
     "d of PKCS #5 padding",
        "A128CBCPAD", "db4f3e5e3795cc09a073fa6a81e5a6bc",
        "23468aa734f5f0f19827316ff168e94f", "50aeed98a820c5a037a5aa4d4ef3090b"},
    {"Wycheproof aes_cbc_pkcs5_test 44, The length of the padding is longer"
     " than 1 block",
        "A128CBCPAD", "db4f3e5e3795cc09a073fa6a81e5a6bc",
        "23468aa734f5f0f19827316ff168e94f",
        "d17ccbb26f0aa95f397b20063547349bac24c5429cbea591e96595cccc11451b"},
    {"Wycheproof aes_cbc_pkcs5_test 50, Using ANSI X.923 padding instead of"
     " PKCS #5 padding",
        "A128CBCPAD", "db4f3e5e3795cc09a073fa6a81e5a6bc",
        "23468aa734f5f0f19827316ff168e94f", "ca5dd2d09bd56eec9e8acaeca20af68e"},
    {"Wycheproof aes_cbc_pkcs5_test 55, Using ISO 10126 padding instead of "
     "PKCS #5 padding",
        "A128CBCPAD", "db4f3e5e3795cc09a073fa6a81e5a6bc",
        "23468aa734f5f0f19827316ff168e94f", "ba0726bd6dea11382b19c842e2ddead2"},
    {"Wycheproof aes_cbc_pkcs5_test 60, Padding is longer than the message",
        "A128CBCPAD", "db4f3e5e3795cc09a073fa6a81e5a6bc",
        "23468aa734f5f0f19827316ff168e94f", "d17ccbb26f0aa95f397b20063547349b"},
    {"Wycheproof aes_cbc_pkcs5_test 66, Invalid PKCS #5 padding", "A128CBCPAD",
        "db4f3e5e3795cc09a073fa6a81e5a6bc", "23468aa734f5f0f19827316ff168e94f",
        "4ff3e623fdd432608c183f40864177af"},
    {"Wycheproof aes_cbc_pkcs5_test 71, Using no padding at all", "A128CBCPAD",
        "db4f3e5e3795cc09a073fa6a81e5a6bc", "23468aa734f5f0f19827316ff168e94f",
        "fbcbdfdaaf17980be939c0b243266ecb"},
    {"Wycheproof aes_cbc_pkcs5_test 116, The length of the padding is longe"
     "r than 1 block",
        "A192CBCPAD", "9e20311eaf2eaf3e3a04bc52564e67313c84940a2996e3f2",
        "a3fe6f76e8f582830bbe83574a7bb729",
        "f1605abb4e6628347c616da350fe243043a8d7b6aea244ca013f45241d802213"},
    {"Wycheproof aes_cbc_pkcs5_test 138, Invalid PKCS #5 padding", "A192CBCPAD",
        "9e20311eaf2eaf3e3a04bc52564e67313c84940a2996e3f2",
        "a3fe6f76e8f582830bbe83574a7bb729", "97ab405b86c388f144cf74fbb9358493"},
    {"Wycheproof aes_cbc_pkcs5_test 188, The length of the padding is longe"
     "r than 1 block",
        "A256CBCPAD",
        "7c78f34dbce8f0557d43630266f59babd1cb92ba624bd1a8f45a2a91c84a804a",
        "f010f61c31c9aa8fa0d5be5f6b0f2f70",
        "524236e25956e950713bec0d3d579068f34e4d18c4ccab081317dae526fe7fca"},
    {"Wycheproof aes_cbc_pkcs5_test 210, Invalid PKCS #5 padding", "A256CBCPAD",
        "7c78f34dbce8f0557d43630266f59babd1cb92ba624bd1a8f45a2a91c84a804a",
        "f010f61c31c9aa8fa0d5be5f6b0f2f70", "32ac6057df2a5d1e2e5131348c6ebc4e"},
};

#endif /* VC_TEST_KEY_VECTORS_CBC_H */
