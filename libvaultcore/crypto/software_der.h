/* what the writer and the reader of PKCS#8 share */

#ifndef VC_CRYPTO_SOFTWARE_DER_H
#define VC_CRYPTO_SOFTWARE_DER_H

#include "crypto/software.h"

#define VC_DER_INTEGER 0x02
#define VC_DER_BITS 0x03
#define VC_DER_OCTETS 0x04
#define VC_DER_OID 0x06
#define VC_DER_SEQUENCE 0x30
#define VC_DER_CONTEXT 0xa0 /* [n], constructed, is this and n */

/* rsaEncryption (RFC 8017) and id-ecPublicKey (RFC 5480): the content of the
   OBJECT IDENTIFIER; and that of a curve, no bytes for none */
extern const vc_str_t vc_oid_of_rsa, vc_oid_of_ec;
vc_str_t              vc_curve_oid(vc_curve_t curve);

#endif /* VC_CRYPTO_SOFTWARE_DER_H */
