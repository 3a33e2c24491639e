// The real Azure client for keys: deletion, backup, rotation, and what only
// some vaults can do.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, test } from "node:test";

import { CryptographyClient, KeyClient } from "@azure/keyvault-keys";

import { octJwk } from "./local_keys.js";
import {
  collect, env, name, refusal, secretCredential,
} from "./vault.js";

const credential = secretCredential();
const client = new KeyClient(env.VAULT_URL, credential);
const DAY = 86400 * 1000;

const use = (key) => new CryptographyClient(key, credential);

const digest = (text) => createHash("sha256").update(text).digest();

async function remove(one) {
  await (await client.beginDeleteKey(one)).pollUntilDone();
}

describe("deleted keys", () => {
  test("delete, recover, purge", { timeout: 20000 }, async () => {
    const one = name();
    const key = await client.createEcKey(one, { tags: { k: "v" } });
    const deletion = await client.beginDeleteKey(one);
    const deleted = await deletion.pollUntilDone();
    const { recoveryId, scheduledPurgeDate, deletedOn } = deleted.properties;
    assert.equal(recoveryId, `${env.VAULT_URL}/deletedkeys/${one}`);
    assert.equal(scheduledPurgeDate - deletedOn, 90 * DAY);
    assert.equal(deleted.id, key.id);
    assert.deepEqual(deleted.key, key.key);
    const read = await client.getDeletedKey(one);
    assert.equal(read.name, one);
    assert.deepEqual({ ...read.properties.tags }, { k: "v" });
    const listed = await collect(client.listDeletedKeys());
    const found = listed.find((d) => d.name === one);
    assert.equal(found.properties.recoveryId, recoveryId);
    await refusal(client.getKey(one), 404, "KeyNotFound");
    await refusal(use(key).sign("ES256", digest("x")), 404, "KeyNotFound");
    for (const again of [
      () => client.createEcKey(one),
      () => client.importKey(one, octJwk(32)),
    ]) {
      await refusal(again(), 409, "Conflict",
        "ObjectIsDeletedButRecoverable");
    }
    await (await client.beginRecoverDeletedKey(one)).pollUntilDone();
    assert.deepEqual(await client.getKey(one), key);
    await use(key).sign("ES256", digest("x"));
    await remove(one);
    await client.purgeDeletedKey(one);
    await refusal(client.getDeletedKey(one), 404, "KeyNotFound");
    await client.createEcKey(one);
    const versions = await collect(client.listPropertiesOfKeyVersions(one));
    assert.equal(versions.length, 1);
  });
});

describe("backup", () => {
  test("a restored key does what it did", { timeout: 20000 }, async () => {
    const one = name();
    const tags = { k: "v" };
    const first = await client.createRsaKey(one, { tags });
    const second = await client.createEcKey(one);
    const third = await client.createOctKey(one, { keySize: 256, tags });
    await client.updateKeyRotationPolicy(one, { expiresIn: "P90D" });
    const secret = randomBytes(32);
    const wrapped = {};
    for (const [algorithm, key] of [
      ["RSA-OAEP-256", first], ["A256KW", third],
    ]) {
      wrapped[algorithm] = [
        key, (await use(key).wrapKey(algorithm, secret)).result];
    }
    const signed = await use(second).sign("ES256", digest("x"));
    const backup = await client.backupKey(one);
    assert.equal(Buffer.from(backup).includes(secret), false);
    await refusal(client.restoreKeyBackup(backup), 409, "Conflict");
    await remove(one);
    await refusal(client.restoreKeyBackup(backup), 409, "Conflict");
    await client.purgeDeletedKey(one);
    const restored = await client.restoreKeyBackup(backup);
    assert.equal(restored.id, third.id);
    assert.deepEqual({ ...restored.properties.tags }, tags);
    for (const [algorithm, [key, text]] of Object.entries(wrapped)) {
      const { result } = await use(key.id).unwrapKey(algorithm, text);
      assert.deepEqual(Buffer.from(result), secret);
    }
    const verified = await use(second.id).verify(
      "ES256", digest("x"), signed.result);
    assert.equal(verified.result, true);
    const policy = await client.getKeyRotationPolicy(one);
    assert.equal(policy.expiresIn, "P90D");
    const damaged = Uint8Array.from(backup);
    damaged[damaged.length - 30] ^= 1;
    await refusal(client.restoreKeyBackup(damaged), 400, "BadParameter");
  });
});

describe("rotation", () => {
  for (const [what, make, members] of [
    ["RSA", (one, more) => client.createRsaKey(
      one, { keySize: 3072, ...more }), { n: 384 }],
    ["EC", (one, more) => client.createEcKey(
      one, { curve: "P-384", ...more }), { x: 48, y: 48 }],
    ["oct", (one, more) => client.createOctKey(
      one, { keySize: 192, ...more }), {}],
  ]) {
    test(`of a key of type ${what}`, async () => {
      const one = name();
      const before = await make(one, { tags: { k: "v" } });
      const after = await client.rotateKey(one);
      assert.notEqual(after.properties.version, before.properties.version);
      assert.equal(after.keyType, before.keyType);
      assert.deepEqual(after.keyOperations, before.keyOperations);
      assert.deepEqual({ ...after.properties.tags }, { k: "v" });
      assert.equal(after.properties.expiresOn, undefined);
      for (const [member, size] of Object.entries(members)) {
        assert.equal(after.key[member].length, size);
        assert.notDeepEqual(after.key[member], before.key[member]);
      }
      assert.deepEqual(await client.getKey(one), after);
      const { version } = before.properties;
      assert.deepEqual(await client.getKey(one, { version }), before);
    });
  }

  test("of a key that was imported is refused", async () => {
    const one = name();
    await client.importKey(one, octJwk(32));
    await refusal(client.rotateKey(one), 400, "BadParameter", undefined,
      /imported/);
    await client.createOctKey(one, { keySize: 256 });
    await client.rotateKey(one);
  });

  test("the policy that a key has before it gets one", async () => {
    const one = name();
    await client.createEcKey(one);
    const policy = await client.getKeyRotationPolicy(one);
    assert.equal(policy.id, `${env.VAULT_URL}/keys/${one}/rotationpolicy`);
    assert.equal(policy.expiresIn, undefined);
    assert.deepEqual(policy.lifetimeActions, [{
      action: "Notify", timeAfterCreate: undefined,
      timeBeforeExpiry: "P30D",
    }]);
  });

  test("a policy, and a rotation by it", async () => {
    const one = name();
    const before = await client.createEcKey(one);
    const set = await client.updateKeyRotationPolicy(one, {
      expiresIn: "P180D",
      lifetimeActions: [
        { action: "Rotate", timeAfterCreate: "P3M" },
        { action: "Notify", timeBeforeExpiry: "P14D" },
      ],
    });
    assert.equal(set.expiresIn, "P180D");
    assert.ok(Math.abs(Date.now() - set.createdOn) < 60000);
    assert.ok(set.updatedOn >= set.createdOn);
    const actions = set.lifetimeActions.map(
      (a) => [a.action, a.timeAfterCreate, a.timeBeforeExpiry].join(" "));
    assert.deepEqual(actions.sort(), ["Notify  P14D", "Rotate P3M "]);
    assert.deepEqual(await client.getKeyRotationPolicy(one), set);
    const { properties } = await client.rotateKey(one);
    assert.equal(properties.expiresOn - properties.createdOn, 180 * DAY);
    const { version } = before.properties;
    const old = await client.getKey(one, { version });
    assert.equal(old.properties.expiresOn, undefined);
  });

  test("a policy without a Notify gets one", async () => {
    const one = name();
    await client.createEcKey(one);
    const set = await client.updateKeyRotationPolicy(one, {
      expiresIn: "P1Y",
      lifetimeActions: [{ action: "Rotate", timeBeforeExpiry: "P30D" }],
    });
    const actions = set.lifetimeActions.map(
      (a) => `${a.action} ${a.timeBeforeExpiry}`);
    assert.deepEqual(actions.sort(), ["Notify P30D", "Rotate P30D"]);
  });

  const impossible = {
    "an expiry after a day": { expiresIn: "P1D" },
    "an expiry that is no duration": { expiresIn: "soon" },
    "rotation after a day": {
      lifetimeActions: [{ action: "Rotate", timeAfterCreate: "P1D" }],
    },
    "rotation before an expiry that is not": {
      lifetimeActions: [{ action: "Rotate", timeBeforeExpiry: "P30D" }],
    },
    "rotation twice": {
      lifetimeActions: [
        { action: "Rotate", timeAfterCreate: "P30D" },
        { action: "Rotate", timeAfterCreate: "P60D" },
      ],
    },
    "an action without a trigger": {
      lifetimeActions: [{ action: "Rotate" }],
    },
    "an unknown action": {
      lifetimeActions: [{ action: "Sing", timeAfterCreate: "P30D" }],
    },
  };
  for (const [what, policy] of Object.entries(impossible)) {
    test(`${what} is refused`, async () => {
      const one = name();
      await client.createEcKey(one);
      await refusal(client.updateKeyRotationPolicy(one, policy), 400,
        "BadParameter");
      const kept = await client.getKeyRotationPolicy(one);
      assert.equal(kept.lifetimeActions.length, 1);
    });
  }
});

describe("what hardware does elsewhere", () => {
  test("random bytes", async () => {
    for (const count of [1, 16, 128]) {
      assert.equal((await client.getRandomBytes(count)).length, count);
    }
    assert.notDeepEqual(
      await client.getRandomBytes(32), await client.getRandomBytes(32));
    for (const count of [0, 129]) {
      await refusal(client.getRandomBytes(count), 400, "BadParameter",
        undefined, /count cannot be greater than 128 or less than 1/);
    }
  });

  test("a key that is not exportable is not released", async () => {
    const one = name();
    const { properties: { version } } = await client.createEcKey(one);
    for (const options of [{}, { version }]) {
      await refusal(client.releaseKey(one, "a.b.c", options), 400,
        "BadParameter");
    }
  });

  test("a key in software has no attestation", async () => {
    const one = name();
    const { properties: { version } } = await client.createEcKey(one);
    for (const options of [{}, { version }]) {
      await refusal(client.getKeyAttestation(one, options), 400,
        "BadParameter", undefined, /software/);
    }
  });

  test("keys in hardware are not made and not taken", async () => {
    const hsm = true;
    await refusal(client.createRsaKey(name(), { hsm }), 400, "BadParameter");
    await refusal(client.createEcKey(name(), { hsm }), 400, "BadParameter");
    await refusal(client.createOctKey(name(), { hsm }), 400, "BadParameter");
    await refusal(client.importKey(
      name(), octJwk(32), { hardwareProtected: true }), 400, "BadParameter");
  });
});
