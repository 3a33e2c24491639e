// The real Azure client for keys: what can be made, imported, read, changed
// and listed.

import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { describe, test } from "node:test";

import { KeyClient } from "@azure/keyvault-keys";

import { ecJwk, localRsa, octJwk, publicJwk, rsaJwk } from "./local_keys.js";
import {
  collect, env, name, operatorCredential, refusal, secretCredential,
  strangerCredential, withOperator, withStranger,
} from "./vault.js";

const client = new KeyClient(env.VAULT_URL, secretCredential());

const RSA_OPERATIONS = [
  "decrypt", "encrypt", "sign", "unwrapKey", "verify", "wrapKey",
];
const PRIVATE_MEMBERS = ["d", "dp", "dq", "qi", "p", "q", "k", "t"];

// how a key is made, and the size in bytes of each of its public members
const KINDS = {
  "RSA by default": {
    make: (one) => client.createRsaKey(one),
    type: "RSA", sizes: { n: 256, e: 3 },
  },
  "RSA of 3072 bits": {
    make: (one) => client.createRsaKey(one, { keySize: 3072 }),
    type: "RSA", sizes: { n: 384, e: 3 },
  },
  "RSA of 4096 bits": {
    make: (one) => client.createKey(one, "RSA", { keySize: 4096 }),
    type: "RSA", sizes: { n: 512, e: 3 },
  },
  "EC by default": {
    make: (one) => client.createEcKey(one),
    type: "EC", curve: "P-256", sizes: { x: 32, y: 32 },
  },
  "EC on P-384": {
    make: (one) => client.createEcKey(one, { curve: "P-384" }),
    type: "EC", curve: "P-384", sizes: { x: 48, y: 48 },
  },
  "EC on P-521": {
    make: (one) => client.createEcKey(one, { curve: "P-521" }),
    type: "EC", curve: "P-521", sizes: { x: 66, y: 66 },
  },
  "EC on P-256K": {
    make: (one) => client.createKey(one, "EC", { curve: "P-256K" }),
    type: "EC", curve: "P-256K", sizes: { x: 32, y: 32 },
  },
  "oct of 128 bits": {
    make: (one) => client.createOctKey(one, { keySize: 128 }),
    type: "oct", sizes: {},
  },
  "oct of 256 bits": {
    make: (one) => client.createKey(one, "oct", { keySize: 256 }),
    type: "oct", sizes: {},
  },
};

function isKeyOf(key, one, { type, curve, sizes }) {
  assert.equal(key.name, one);
  assert.equal(key.keyType, type);
  assert.equal(key.key.crv, curve);
  assert.equal(key.id, `${env.VAULT_URL}/keys/${one}/${
    key.properties.version}`);
  assert.match(key.properties.version, /^[0-9a-f]{32}$/);
  assert.equal(key.properties.vaultUrl, env.VAULT_URL);
  for (const [member, size] of Object.entries(sizes)) {
    assert.equal(key.key[member].length, size, member);
  }
  for (const member of PRIVATE_MEMBERS) {
    assert.equal(key.key[member], undefined, member);
  }
}

describe("making keys", () => {
  for (const [kind, expected] of Object.entries(KINDS)) {
    test(kind, async () => {
      const one = name();
      const made = await expected.make(one);
      isKeyOf(made, one, expected);
      const read = await client.getKey(one);
      assert.deepEqual(read, made);
      if (expected.type !== "oct") {
        createPublicKey({ key: publicJwk(read.key), format: "jwk" });
      }
    });
  }

  test("what a new key says of itself", async () => {
    const { keyOperations, properties } = await client.createRsaKey(name());
    assert.deepEqual([...keyOperations].sort(), RSA_OPERATIONS);
    assert.equal(properties.enabled, true);
    assert.equal(properties.exportable, false);
    assert.equal(properties.hsmPlatform, "0");
    assert.equal(properties.recoveryLevel, "Recoverable+Purgeable");
    assert.equal(properties.recoverableDays, 90);
    assert.equal(properties.managed, undefined);
    assert.equal(properties.notBefore, undefined);
    assert.equal(properties.expiresOn, undefined);
    assert.ok(Math.abs(Date.now() - properties.createdOn) < 60000);
    assert.deepEqual(properties.updatedOn, properties.createdOn);
    const ec = await client.createEcKey(name());
    assert.deepEqual([...ec.keyOperations].sort(), ["sign", "verify"]);
    // without key material there is nothing that a client could do by itself
    const oct = await client.createOctKey(name(), { keySize: 256 });
    assert.equal(oct.keyOperations, undefined);
  });

  test("tags, not before, expires on, disabled, operations", async () => {
    const one = name();
    const given = {
      enabled: false,
      notBefore: new Date("2020-02-03T04:05:06Z"),
      expiresOn: new Date("2037-01-02T03:04:05Z"),
      tags: { purpose: "test", Ünïcode: "🔑", empty: "" },
    };
    await client.createEcKey(one, { ...given, keyOps: ["verify"] });
    const { keyOperations, properties } = await client.getKey(one);
    for (const member of ["enabled", "notBefore", "expiresOn"]) {
      assert.deepEqual(properties[member], given[member]);
    }
    assert.deepEqual({ ...properties.tags }, given.tags);
    assert.deepEqual(keyOperations, ["verify"]);
  });

  test("a date after 2038 is no error", async () => {
    // the client cuts it to 32 bits and sends a negative number
    const one = name();
    await client.createEcKey(one, { expiresOn: new Date("2099-01-01") });
    assert.equal((await client.getKey(one)).name, one);
  });

  const IMPOSSIBLE = {
    "RSA of 1000 bits": ["RSA", { keySize: 1000 }],
    "an unknown curve": ["EC", { curve: "P-999" }],
    "oct of 100 bits": ["oct", { keySize: 100 }],
    "an unknown type": ["DSA", {}],
    "an unknown operation": ["EC", { keyOps: ["fly"] }],
    "an operation of another type": ["EC", { keyOps: ["encrypt"] }],
    "an exportable key without a policy": ["EC", { exportable: true }],
  };
  for (const [what, [type, members]] of Object.entries(IMPOSSIBLE)) {
    test(`${what} is refused`, async () => {
      const one = name();
      await refusal(client.createKey(one, type, members), 400,
        "BadParameter");
      await refusal(client.getKey(one), 404, "KeyNotFound");
    });
  }
});

describe("importing keys", () => {
  const rsa = rsaJwk(localRsa());
  const possible = {
    "RSA": rsa,
    "EC on P-256": ecJwk("P-256"),
    "EC on P-384": ecJwk("P-384"),
    "EC on P-521": ecJwk("P-521"),
    "EC on P-256K": ecJwk("P-256K"),
    "oct of 128 bits": octJwk(16),
    "oct of 192 bits": octJwk(24),
    "oct of 256 bits": octJwk(32),
  };
  for (const [what, jwk] of Object.entries(possible)) {
    test(what, async () => {
      const one = name();
      const imported = await client.importKey(one, jwk, {
        tags: { from: "here" },
      });
      isKeyOf(imported, one, { type: jwk.kty, curve: jwk.crv, sizes: {} });
      for (const member of ["n", "e", "x", "y"]) {
        assert.deepEqual(imported.key[member] && Buffer.from(
          imported.key[member]), jwk[member]);
      }
      assert.deepEqual({ ...imported.properties.tags }, { from: "here" });
      assert.deepEqual(await client.getKey(one), imported);
    });
  }

  test("with operations, disabled, with dates", async () => {
    const expiresOn = new Date("2036-05-06T07:08:09Z");
    const imported = await client.importKey(
      name(), { ...rsa, keyOps: ["decrypt", "encrypt"] },
      { enabled: false, expiresOn });
    assert.deepEqual(
      [...imported.keyOperations].sort(), ["decrypt", "encrypt"]);
    assert.equal(imported.properties.enabled, false);
    assert.deepEqual(imported.properties.expiresOn, expiresOn);
  });

  test("as a new version of a key of another type", async () => {
    const one = name();
    const first = await client.createEcKey(one);
    await client.importKey(one, rsa);
    assert.equal((await client.getKey(one)).keyType, "RSA");
    const read = await client.getKey(
      one, { version: first.properties.version });
    assert.equal(read.keyType, "EC");
  });

  const { kty, n, e } = rsa;
  const ec = ecJwk("P-256");
  const impossible = {
    "a public key only": { kty, n, e },
    "parts of two RSA keys": { ...rsa, n: rsaJwk(localRsa()).n },
    "a point that is not of the scalar": { ...ec, d: ecJwk("P-256").d },
    "a point that is not on the curve": { ...ec, x: ec.y },
    "a point of another curve": { ...ec, crv: "P-384" },
    "an oct key of 5 bytes": octJwk(5),
    "no type": { n, e },
  };
  for (const [what, jwk] of Object.entries(impossible)) {
    test(`${what} is refused`, async () => {
      const one = name();
      await refusal(client.importKey(one, jwk), 400, "BadParameter");
      await refusal(client.getKey(one), 404, "KeyNotFound");
    });
  }
});

describe("reading, changing and listing keys", () => {
  test("versions", async () => {
    const one = name();
    const made = [];
    for (let number = 0; number < 30; number++) {
      made.push(await client.createEcKey(one, {
        tags: { number: `${number}` },
      }));
    }
    assert.deepEqual(await client.getKey(one), made.at(-1));
    for (const key of [made[0], made[15]]) {
      const { version } = key.properties;
      assert.deepEqual(await client.getKey(one, { version }), key);
    }
    const listed = await collect(client.listPropertiesOfKeyVersions(one));
    assert.deepEqual(
      new Set(listed.map((p) => `${p.version} ${p.tags.number}`)),
      new Set(made.map(({ properties: p }) =>
        `${p.version} ${p.tags.number}`)));
  });

  test("a list of more than one page", async () => {
    const prefix = name("page");
    const names = Array.from({ length: 40 }, (_, i) => `${prefix}-${i}`);
    // as an application does it: many at once, each on its own connection
    await Promise.all(names.map((one) => client.createEcKey(one, {
      tags: { prefix },
    })));
    const properties = await collect(client.listPropertiesOfKeys());
    const listed = properties.map((p) => p.name);
    assert.equal(new Set(listed).size, listed.length);
    assert.ok(names.every((one) => listed.includes(one)));
    const first = properties.find((p) => p.name === names[0]);
    assert.equal(first.tags.prefix, prefix);
    assert.equal(first.version, undefined);
    const pages = await collect(
      client.listPropertiesOfKeys().byPage({ maxPageSize: 7 }));
    assert.ok(pages.every((page) => page.length <= 7));
    assert.equal(pages.flat().length, listed.length);
  });

  test("update", async () => {
    const one = name();
    const { key, properties: { version } } = await client.createRsaKey(
      one, { tags: { a: "1" } });
    const expiresOn = new Date("2035-01-01T00:00:00Z");
    await client.updateKeyProperties(one, version, {
      tags: { b: "2" }, keyOps: ["sign"], expiresOn,
    });
    const read = await client.getKey(one);
    assert.equal(read.properties.version, version);
    assert.deepEqual(read.key.n, key.n);
    assert.deepEqual({ ...read.properties.tags }, { b: "2" });
    assert.deepEqual(read.keyOperations, ["sign"]);
    assert.deepEqual(read.properties.expiresOn, expiresOn);
    // without a version it is the current one
    await client.updateKeyProperties(one, { enabled: false });
    const disabled = await client.getKey(one);
    assert.equal(disabled.properties.enabled, false);
    assert.deepEqual({ ...disabled.properties.tags }, { b: "2" });
    await refusal(client.updateKeyProperties(one, { keyOps: ["fly"] }), 400,
      "BadParameter");
  });

  test("update of an older version", async () => {
    const one = name();
    const { version } = (await client.createEcKey(one)).properties;
    await client.createEcKey(one);
    await client.updateKeyProperties(one, version, { tags: { old: "yes" } });
    const old = await client.getKey(one, { version });
    assert.deepEqual({ ...old.properties.tags }, { old: "yes" });
    assert.equal((await client.getKey(one)).properties.tags, undefined);
  });

  test("not found", async () => {
    const one = "never-made";
    const version = "0123456789abcdef0123456789abcdef";
    const missing = [
      () => client.getKey(one),
      () => client.getKey(one, { version }),
      () => client.updateKeyProperties(one, { enabled: true }),
      () => client.beginDeleteKey(one),
      () => client.backupKey(one),
      () => client.rotateKey(one),
      () => client.getKeyRotationPolicy(one),
      () => client.getDeletedKey(one),
      () => client.purgeDeletedKey(one),
    ];
    for (const make of missing) {
      await refusal(make(), 404, "KeyNotFound", undefined,
        /key .*never-made|Key not found: never-made/);
    }
    // of an error in a list the client keeps the status only
    await assert.rejects(
      collect(client.listPropertiesOfKeyVersions(one)), { statusCode: 404 });
  });

  test("a bad name", async () => {
    await refusal(client.createEcKey("under_score"), 400, "BadParameter");
  });

  test("a principal without rights", withStranger, async () => {
    const stranger = new KeyClient(env.VAULT_URL, strangerCredential());
    for (const make of [
      () => stranger.getKey("x"),
      () => stranger.createEcKey("x"),
      () => stranger.importKey("x", octJwk(16)),
      () => stranger.rotateKey("x"),
      () => stranger.getKeyRotationPolicy("x"),
    ]) {
      await refusal(make(), 403, "Forbidden", "AccessDenied");
    }
    await assert.rejects(
      collect(stranger.listPropertiesOfKeys()), { statusCode: 403 });
  });

  test("a principal that only computes", withOperator, async () => {
    const operator = new KeyClient(env.VAULT_URL, operatorCredential());
    const one = name();
    await client.createEcKey(one);
    await refusal(operator.getKey(one), 403, "Forbidden", "AccessDenied");
  });
});
