// When a key may be used, and how applications use one.

import assert from "node:assert/strict";
import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import { before, describe, test } from "node:test";

import {
  CryptographyClient, KeyClient, parseKeyVaultKeyIdentifier,
} from "@azure/keyvault-keys";

import { publicJwk } from "./local_keys.js";
import {
  env, name, operatorCredential, refusal, secretCredential,
  strangerCredential, withOperator, withStranger,
} from "./vault.js";

const credential = secretCredential();
const client = new KeyClient(env.VAULT_URL, credential);
const HOUR = 3600 * 1000;
const TEXT = randomBytes(32);

// what can be done with an RSA key; `made` is what the counterpart gave
const CALLS = {
  encrypt: (who) => who.encrypt("RSA-OAEP-256", TEXT),
  decrypt: (who, made) => who.decrypt("RSA-OAEP-256", made.encrypt),
  wrapKey: (who) => who.wrapKey("RSA-OAEP-256", TEXT),
  unwrapKey: (who, made) => who.unwrapKey("RSA-OAEP-256", made.wrapKey),
  sign: (who) => who.sign("PS256", TEXT),
  verify: (who, made) => who.verify("PS256", TEXT, made.sign),
};
const PROTECTING = ["encrypt", "wrapKey", "sign"];
const OPENING = ["decrypt", "unwrapKey", "verify"];

describe("keys that may not be used", withOperator, () => {
  // the application's client would look at these members by itself
  const operator = operatorCredential();
  const one = name();
  const made = {};
  let key, remote, application;

  before(async () => {
    key = await client.createRsaKey(one);
    remote = new CryptographyClient(key.id, operator);
    application = new CryptographyClient(key.id, credential);
    for (const call of PROTECTING) {
      made[call] = (await CALLS[call](remote)).result;
    }
  });

  async function opens() {
    for (const call of OPENING) {
      const { result } = await CALLS[call](remote, made);
      assert.deepEqual(
        call === "verify" ? result : Buffer.from(result),
        call === "verify" ? true : TEXT, call);
    }
  }

  test("a key that may", opens);

  test("a disabled key", async () => {
    await client.updateKeyProperties(one, { enabled: false });
    for (const [call, make] of Object.entries(CALLS)) {
      await refusal(make(remote, made), 403, "Forbidden", "KeyDisabled",
        new RegExp(`Operation ${call} is not allowed on a disabled key`));
    }
    await refusal(application.sign("PS256", TEXT), 403, "Forbidden",
      "KeyDisabled");
    await client.updateKeyProperties(one, { enabled: true });
    await opens();
  });

  for (const [what, inner, dates, words] of [
    ["not yet valid", "KeyNotYetValid",
      { notBefore: new Date(Date.now() + HOUR),
        expiresOn: new Date(Date.now() + 2 * HOUR) }, /can't be used before/],
    ["expired", "KeyExpired",
      { notBefore: new Date(Date.now() - 2 * HOUR),
        expiresOn: new Date(Date.now() - HOUR) }, /expired at/],
  ]) {
    test(`a key that is ${what}`, async () => {
      const { properties: { version } } = key;
      await client.updateKeyProperties(one, version, dates);
      for (const call of PROTECTING) {
        await refusal(CALLS[call](remote), 403, "Forbidden", inner);
      }
      await opens();
      const fresh = new CryptographyClient(key.id, credential);
      await assert.rejects(fresh.sign("PS256", TEXT), words);
    });
  }

  for (const [call, make] of Object.entries(CALLS)) {
    test(`a key that may not ${call}`, async () => {
      const keyOps = Object.keys(CALLS).filter((other) => other !== call);
      await client.updateKeyProperties(one, {
        keyOps, notBefore: new Date(Date.now() - HOUR),
        expiresOn: new Date(Date.now() + HOUR),
      });
      await refusal(make(remote, made), 403, "Forbidden",
        "KeyOperationForbidden",
        new RegExp(`Operation ${call} is not permitted on this key`));
      for (const other of keyOps) {
        await CALLS[other](remote, made);
      }
    });
  }

  test("an oct key that may only encrypt and decrypt", async () => {
    const oct = await client.createOctKey(name(), {
      keySize: 256, keyOps: ["encrypt", "decrypt"],
    });
    const who = new CryptographyClient(oct, credential);
    await who.encrypt({ algorithm: "A256GCM", plaintext: TEXT });
    await refusal(who.wrapKey("A256KW", TEXT), 403, "Forbidden",
      "KeyOperationForbidden");
  });

  test("a key that is not there", async () => {
    const who = new CryptographyClient(
      `${env.VAULT_URL}/keys/never-made`, operator);
    await refusal(who.sign("ES256", TEXT), 404, "KeyNotFound");
  });

  test("a principal without rights", withStranger, async () => {
    const who = new CryptographyClient(key.id, strangerCredential());
    for (const make of Object.values(CALLS)) {
      await refusal(make(who, made), 403, "Forbidden", "AccessDenied");
    }
  });
});

describe("how applications use keys", () => {
  // as SOPS does it: the file holds the wrapped data key and the key's id
  // with its version
  test("a data key, across rotation", async () => {
    const one = name("sops");
    await client.createRsaKey(one);
    const close = async (dataKey) => {
      const current = new CryptographyClient(
        (await client.getKey(one)).id, credential);
      const { keyID, result } = await current.wrapKey(
        "RSA-OAEP-256", dataKey);
      return { kid: keyID, wrapped: result };
    };
    const open = async ({ kid, wrapped }) => Buffer.from(
      (await new CryptographyClient(kid, credential).unwrapKey(
        "RSA-OAEP-256", wrapped)).result);
    const files = [];
    const dataKeys = [randomBytes(32), randomBytes(32), randomBytes(32)];
    for (const dataKey of dataKeys) {
      files.push(await close(dataKey));
      await client.rotateKey(one);
    }
    const versions = files.map(
      ({ kid }) => parseKeyVaultKeyIdentifier(kid).version);
    assert.equal(new Set(versions).size, 3);
    for (const [number, file] of files.entries()) {
      assert.deepEqual(await open(file), dataKeys[number]);
    }
    // a version opens nothing that another one has closed
    await refusal(open({ ...files[0], kid: files[1].kid }), 400,
      "BadParameter");
    // closed anew, the old version is no longer needed
    const renewed = await close(await open(files[0]));
    await client.updateKeyProperties(one, versions[0], { enabled: false });
    assert.deepEqual(await open(renewed), dataKeys[0]);
    await refusal(open(files[0]), 403, "Forbidden", "KeyDisabled");
  });

  test("a key without a version is the current one", async () => {
    const one = name();
    await client.createEcKey(one);
    const before = client.getCryptographyClient(one);
    const digest = createHash("sha256").update(TEXT).digest();
    await before.sign("ES256", digest);
    const { id, key } = await client.rotateKey(one);
    const after = client.getCryptographyClient(one);
    const { keyID, result } = await after.sign("ES256", digest);
    assert.equal(keyID, id);
    const publicKey = createPublicKey({ key: publicJwk(key), format: "jwk" });
    assert.ok(verify("sha256", TEXT, {
      key: publicKey, dsaEncoding: "ieee-p1363",
    }, result));
  });

  test("the same, by who only computes", withOperator, async () => {
    // now the version is left empty in the request itself
    const one = name();
    await client.createEcKey(one);
    const operator = new KeyClient(env.VAULT_URL, operatorCredential())
      .getCryptographyClient(one);
    const { result } = await operator.signData("ES256", TEXT);
    assert.equal(
      (await operator.verifyData("ES256", TEXT, result)).result, true);
    await client.rotateKey(one);
    assert.equal(
      (await operator.verifyData("ES256", TEXT, result)).result, false);
  });

  test("forty at once", async () => {
    const key = await client.createRsaKey(name());
    const who = new CryptographyClient(key, credential);
    const texts = Array.from({ length: 40 }, () => randomBytes(32));
    const opened = await Promise.all(texts.map(async (text) => {
      const { result } = await who.encrypt("RSA-OAEP-256", text);
      return (await who.decrypt("RSA-OAEP-256", result)).result;
    }));
    assert.deepEqual(opened.map((bytes) => Buffer.from(bytes)), texts);
  });
});
