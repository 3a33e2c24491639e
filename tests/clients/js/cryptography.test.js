// The real Azure client for cryptography: every algorithm, with node's crypto
// on the other side.  What one protects or signs, the other opens or verifies.

import assert from "node:assert/strict";
import {
  constants, createCipheriv, createDecipheriv, createHash, createHmac,
  privateDecrypt, publicDecrypt, publicEncrypt, randomBytes, sign, verify,
} from "node:crypto";
import { before, describe, test } from "node:test";

import { CryptographyClient, KeyClient } from "@azure/keyvault-keys";

import { ecJwk, localEc, localRsa, octJwk, rsaJwk } from "./local_keys.js";
import {
  env, name, operatorCredential, refusal, secretCredential, withOperator,
} from "./vault.js";

const credential = secretCredential();
const client = new KeyClient(env.VAULT_URL, credential);

const {
  RSA_PKCS1_PADDING, RSA_PKCS1_OAEP_PADDING, RSA_PKCS1_PSS_PADDING,
  RSA_PSS_SALTLEN_DIGEST,
} = constants;
const MESSAGE = Buffer.from("what is signed, Grüße 🔑");

const hashed = (hash) => createHash(hash).update(MESSAGE).digest();

// the same key in both clients: `remote` asks the server for everything, and
// `application` computes by itself what needs the public part only
function clients(key) {
  return {
    remote: new CryptographyClient(key.id, operatorCredential()),
    application: new CryptographyClient(key, credential),
  };
}

function changed(bytes, at = 0) {
  const copy = Buffer.from(bytes);
  copy[at] ^= 1;
  return copy;
}

describe("RSA", withOperator, () => {
  const local = localRsa();
  const jwk = rsaJwk(local);
  let remote, application;

  before(async () => {
    ({ remote, application } = clients(
      await client.importKey(name("rsa"), jwk)));
  });

  const paddings = {
    "RSA1_5": [{ padding: RSA_PKCS1_PADDING }, 11],
    "RSA-OAEP": [{ padding: RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" }, 42],
    "RSA-OAEP-256": [
      { padding: RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" }, 66],
  };
  // the two pairs of operations do the same
  const pairs = {
    "encrypt and decrypt": {
      close: (who, alg, text) => who.encrypt(alg, text),
      open: (who, alg, text) => who.decrypt(alg, text),
    },
    "wrap and unwrap": {
      close: (who, alg, text) => who.wrapKey(alg, text),
      open: (who, alg, text) => who.unwrapKey(alg, text),
    },
  };

  for (const [algorithm, [padding, overhead]] of Object.entries(paddings)) {
    for (const [what, { close, open }] of Object.entries(pairs)) {
      test(`${algorithm}: ${what}`, async () => {
        const most = 256 - overhead;
        for (const size of [1, 32, most]) {
          const text = randomBytes(size);
          for (const who of [remote, application]) {
            const { result } = await close(who, algorithm, text);
            assert.equal(result.length, 256);
            assert.deepEqual(privateDecrypt(
              { key: local.privateKey, ...padding }, result), text);
            const opened = await open(application, algorithm, result);
            assert.deepEqual(Buffer.from(opened.result), text);
          }
          const ours = publicEncrypt(
            { key: local.publicKey, ...padding }, text);
          const { result } = await open(remote, algorithm, ours);
          assert.deepEqual(Buffer.from(result), text);
        }
        await refusal(close(remote, algorithm, randomBytes(most + 1)), 400,
          "BadParameter");
        await refusal(open(remote, algorithm, randomBytes(255)), 400,
          "BadParameter");
      });
    }
  }

  for (const algorithm of ["RSA-OAEP", "RSA-OAEP-256"]) {
    test(`${algorithm}: what was changed does not open`, async () => {
      const { result } = await remote.encrypt(algorithm, randomBytes(32));
      await refusal(remote.decrypt(algorithm, changed(result, 200)), 400,
        "BadParameter");
    });
  }

  test("a client with the public key alone, for the vault", async () => {
    const { kty, n, e } = jwk;
    const alone = new CryptographyClient({ kty, n, e });
    const text = randomBytes(32);
    for (const algorithm of ["RSA1_5", "RSA-OAEP"]) {
      const { result } = await alone.wrapKey(algorithm, text);
      const opened = await remote.unwrapKey(algorithm, result);
      assert.deepEqual(Buffer.from(opened.result), text);
    }
    const { result } = await remote.signData("RS256", MESSAGE);
    assert.equal(
      (await alone.verifyData("RS256", MESSAGE, result)).result, true);
  });

  for (const size of ["256", "384", "512"]) {
    const hash = `sha${size}`;
    const PSS = {
      padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_DIGEST,
    };
    for (const [algorithm, padding] of [
      [`RS${size}`, { padding: RSA_PKCS1_PADDING }], [`PS${size}`, PSS],
    ]) {
      test(algorithm, async () => {
        const digest = hashed(hash);
        const theirs = [
          await remote.sign(algorithm, digest),
          await application.sign(algorithm, digest),
          await remote.signData(algorithm, MESSAGE),
        ];
        for (const { result } of theirs) {
          assert.ok(verify(
            hash, MESSAGE, { key: local.publicKey, ...padding }, result));
        }
        const ours = sign(
          hash, MESSAGE, { key: local.privateKey, ...padding });
        for (const who of [remote, application]) {
          const good = await who.verify(algorithm, digest, ours);
          assert.equal(good.result, true);
          const bad = await who.verify(algorithm, digest, changed(ours));
          assert.equal(bad.result, false);
        }
        const other = await remote.verify(algorithm, changed(digest), ours);
        assert.equal(other.result, false);
        assert.equal((await remote.verifyData(
          algorithm, MESSAGE, ours)).result, true);
        assert.equal((await remote.verifyData(
          algorithm, changed(MESSAGE), ours)).result, false);
        // the application's client would take PS for RS here
        if (algorithm === `RS${size}`) {
          assert.equal((await application.verifyData(
            algorithm, MESSAGE, ours)).result, true);
        }
      });
    }
  }

  test("RSNULL", async () => {
    const text = randomBytes(40);
    const { result } = await remote.sign("RSNULL", text);
    assert.deepEqual(publicDecrypt(local.publicKey, result), text);
    assert.equal((await remote.verify("RSNULL", text, result)).result, true);
    assert.equal((await remote.verify(
      "RSNULL", changed(text), result)).result, false);
  });

  test("a digest of the wrong size", async () => {
    await refusal(remote.sign("RS256", randomBytes(10)), 400, "BadParameter",
      undefined, /^Invalid length of 'value': 10 bytes\. RS256 requires 32/);
    await refusal(remote.sign("PS512", randomBytes(32)), 400,
      "BadParameter");
    await refusal(remote.verify("RS384", randomBytes(32), randomBytes(256)),
      400, "BadParameter");
  });

  test("algorithms of other keys, and of none", async () => {
    const digest = hashed("sha256");
    for (const algorithm of ["ES256", "HS256", "none"]) {
      await refusal(remote.sign(algorithm, digest), 400, "BadParameter");
    }
    await refusal(remote.wrapKey("A256KW", digest), 400, "BadParameter");
    await refusal(remote.encrypt("A256GCM", digest), 400, "BadParameter");
  });
});

describe("elliptic curves", withOperator, () => {
  for (const [algorithm, curve, hash, size] of [
    ["ES256", "P-256", "sha256", 64],
    ["ES384", "P-384", "sha384", 96],
    ["ES512", "P-521", "sha512", 132],
    ["ES256K", "P-256K", "sha256", 64],
  ]) {
    test(algorithm, async () => {
      const { publicKey, privateKey } = localEc(curve);
      const { remote, application } = clients(await client.importKey(
        name("ec"), ecJwk(curve, { privateKey })));
      const form = { dsaEncoding: "ieee-p1363" };
      const digest = hashed(hash);
      for (const { result } of [
        await remote.sign(algorithm, digest),
        await application.sign(algorithm, digest),
        await application.signData(algorithm, MESSAGE),
      ]) {
        assert.equal(result.length, size);
        assert.ok(verify(
          hash, MESSAGE, { key: publicKey, ...form }, result));
      }
      const ours = sign(hash, MESSAGE, { key: privateKey, ...form });
      for (const who of [remote, application]) {
        const good = await who.verify(algorithm, digest, ours);
        assert.equal(good.result, true);
        const bad = await who.verify(algorithm, digest, changed(ours, 5));
        assert.equal(bad.result, false);
        assert.equal((await who.verifyData(
          algorithm, MESSAGE, ours)).result, true);
        assert.equal((await who.verifyData(
          algorithm, changed(MESSAGE), ours)).result, false);
      }
      await refusal(remote.sign(algorithm, randomBytes(20)), 400,
        "BadParameter");
      const other = algorithm === "ES256" ? "ES256K" : "ES256";
      await refusal(remote.sign(other, hashed("sha256")), 400,
        "BadParameter");
      await refusal(remote.encrypt("RSA-OAEP", digest), 400, "BadParameter");
    });
  }
});

describe("AES and HMAC", withOperator, () => {
  for (const bits of [128, 192, 256]) {
    const jwk = octJwk(bits / 8);
    const key = jwk.k;
    let remote, application;

    before(async () => {
      ({ remote, application } = clients(
        await client.importKey(name("oct"), jwk)));
    });

    test(`A${bits}GCM`, async () => {
      const algorithm = `A${bits}GCM`;
      const plaintext = randomBytes(1000);
      for (const aad of [undefined, randomBytes(20)]) {
        const closed = await application.encrypt({
          algorithm, plaintext, additionalAuthenticatedData: aad,
        });
        const { iv, authenticationTag: tag, result: ciphertext } = closed;
        assert.equal(iv.length, 12);
        assert.equal(tag.length, 16);
        const decipher = createDecipheriv(`aes-${bits}-gcm`, key, iv);
        decipher.setAAD(aad ?? Buffer.alloc(0)).setAuthTag(tag);
        assert.deepEqual(Buffer.concat(
          [decipher.update(ciphertext), decipher.final()]), plaintext);
        const again = await remote.encrypt({ algorithm, plaintext });
        assert.notDeepEqual(again.iv, iv);
        const opened = await remote.decrypt({
          algorithm, ciphertext, iv, authenticationTag: tag,
          additionalAuthenticatedData: aad,
        });
        assert.deepEqual(Buffer.from(opened.result), plaintext);
      }
    });

    test(`A${bits}GCM made here`, async () => {
      const iv = randomBytes(12);
      const aad = randomBytes(30);
      const plaintext = randomBytes(77);
      const cipher = createCipheriv(`aes-${bits}-gcm`, key, iv).setAAD(aad);
      const good = {
        algorithm: `A${bits}GCM`, iv, additionalAuthenticatedData: aad,
        ciphertext: Buffer.concat([cipher.update(plaintext), cipher.final()]),
        authenticationTag: cipher.getAuthTag(),
      };
      assert.deepEqual(
        Buffer.from((await remote.decrypt(good)).result), plaintext);
      for (const member of [
        "iv", "additionalAuthenticatedData", "ciphertext",
        "authenticationTag",
      ]) {
        await refusal(
          remote.decrypt({ ...good, [member]: changed(good[member]) }), 400,
          "BadParameter");
      }
      await refusal(remote.decrypt({
        ...good, authenticationTag: good.authenticationTag.subarray(0, 4),
      }), 400, "BadParameter");
    });

    for (const [algorithm, padded, sizes] of [
      [`A${bits}CBC`, false, [16, 160]],
      [`A${bits}CBCPAD`, true, [1, 16, 100]],
    ]) {
      test(algorithm, async () => {
        const iv = randomBytes(16);
        for (const size of sizes) {
          const plaintext = randomBytes(size);
          const cipher = createCipheriv(`aes-${bits}-cbc`, key, iv);
          cipher.setAutoPadding(padded);
          const ciphertext = Buffer.concat(
            [cipher.update(plaintext), cipher.final()]);
          for (const who of [remote, application]) {
            const closed = await who.encrypt({ algorithm, plaintext, iv });
            assert.deepEqual(Buffer.from(closed.result), ciphertext);
            const opened = await who.decrypt({ algorithm, ciphertext, iv });
            assert.deepEqual(Buffer.from(opened.result), plaintext);
          }
        }
        await refusal(remote.decrypt(
          { algorithm, ciphertext: randomBytes(17), iv }), 400,
        "BadParameter");
        await refusal(remote.encrypt(
          { algorithm, plaintext: randomBytes(16), iv: randomBytes(8) }),
        400, "BadParameter");
        if (!padded) {
          await refusal(remote.encrypt(
            { algorithm, plaintext: randomBytes(17), iv }), 400,
          "BadParameter");
        }
      });
    }

    test(`A${bits}CBCPAD by a client with the key itself`, async () => {
      const algorithm = `A${bits}CBCPAD`;
      const alone = new CryptographyClient(jwk);
      const plaintext = randomBytes(50);
      const { result, iv } = await alone.encrypt({ algorithm, plaintext });
      const opened = await remote.decrypt(
        { algorithm, ciphertext: result, iv });
      assert.deepEqual(Buffer.from(opened.result), plaintext);
    });

    for (const [algorithm, cipher, start, sizes] of [
      [`A${bits}KW`, `aes${bits}-wrap`, "A6".repeat(8), [16, 32, 64]],
      ["CKM_AES_KEY_WRAP", `aes${bits}-wrap`, "A6".repeat(8), [16, 24]],
      ["CKM_AES_KEY_WRAP_PAD", `id-aes${bits}-wrap-pad`, "A65959A6",
        [1, 20, 32]],
    ]) {
      test(`${algorithm} with ${bits} bits`, async () => {
        for (const size of sizes) {
          const text = randomBytes(size);
          const wrap = createCipheriv(cipher, key, Buffer.from(start, "hex"));
          const wrapped = Buffer.concat([wrap.update(text), wrap.final()]);
          for (const who of [remote, application]) {
            const theirs = await who.wrapKey(algorithm, text);
            assert.deepEqual(Buffer.from(theirs.result), wrapped);
            const opened = await who.unwrapKey(algorithm, wrapped);
            assert.deepEqual(Buffer.from(opened.result), text);
          }
          await refusal(remote.unwrapKey(algorithm, changed(wrapped)), 400,
            "BadParameter");
        }
      });
    }

    test(`${bits} bits are not another size`, async () => {
      const other = bits === 256 ? 128 : 256;
      const text = randomBytes(32);
      await refusal(remote.wrapKey(`A${other}KW`, text), 400,
        "BadParameter");
      await refusal(remote.encrypt(
        { algorithm: `A${other}GCM`, plaintext: text }), 400,
      "BadParameter");
    });
  }

  for (const bits of [256, 384, 512]) {
    test(`HS${bits}`, async () => {
      const algorithm = `HS${bits}`;
      const hash = `sha${bits}`;
      const jwk = octJwk(32);
      const { remote, application } = clients(
        await client.importKey(name("mac"), jwk));
      const digest = hashed(hash);
      const mac = createHmac(hash, jwk.k).update(digest).digest();
      for (const who of [remote, application]) {
        const { result } = await who.sign(algorithm, digest);
        assert.deepEqual(Buffer.from(result), mac);
        const good = await who.verify(algorithm, digest, mac);
        assert.equal(good.result, true);
        const bad = await who.verify(algorithm, digest, changed(mac));
        assert.equal(bad.result, false);
      }
    });
  }
});
