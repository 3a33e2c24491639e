// Keys that node makes: the other side of what the vault computes.

import {
  generateKeyPairSync, randomBytes,
} from "node:crypto";

const CURVES = {
  "P-256": "prime256v1",
  "P-384": "secp384r1",
  "P-521": "secp521r1",
  "P-256K": "secp256k1",
};

const MEMBERS = ["n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y"];

// RSA keys take long to make, and two are enough
const rsaKeys = [];
let given = 0;

export function localRsa() {
  if (rsaKeys.length < 2) {
    rsaKeys.push(generateKeyPairSync("rsa", { modulusLength: 2048 }));
  }
  return rsaKeys[given++ % 2];
}

export const localEc = (curve) =>
  generateKeyPairSync("ec", { namedCurve: CURVES[curve] });

// node's JWK has text where the client wants bytes
function bytesOf(jwk) {
  return Object.fromEntries(MEMBERS.filter((member) => jwk[member]).map(
    (member) => [member, Buffer.from(jwk[member], "base64url")]));
}

export function rsaJwk({ privateKey }) {
  return { kty: "RSA", ...bytesOf(privateKey.export({ format: "jwk" })) };
}

export function ecJwk(curve, { privateKey } = localEc(curve)) {
  return {
    kty: "EC", crv: curve, ...bytesOf(privateKey.export({ format: "jwk" })),
  };
}

export const octJwk = (size) => ({ kty: "oct", k: randomBytes(size) });

// the other way round: a public key of the client as node takes it
export function publicJwk(key) {
  const text = Object.entries(key).filter(
    ([member, value]) => MEMBERS.includes(member) && value).map(
    ([member, value]) => [member, Buffer.from(value).toString("base64url")]);
  return {
    kty: key.kty, crv: key.crv === "P-256K" ? "secp256k1" : key.crv,
    ...Object.fromEntries(text),
  };
}
