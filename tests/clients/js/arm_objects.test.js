// The real Azure client for management: who may reach a vault, and secrets and
// keys as resources.  What it changes is checked by the clients of vaults.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";

import { KeyClient } from "@azure/keyvault-keys";
import { SecretClient } from "@azure/keyvault-secrets";

import {
  location, makeGroup, management, objectId, vaultScope, vaultUrl, wanted,
  withManagement,
} from "./arm.js";
import {
  collect, env, name, refusal, secretCredential, strangerCredential,
  withStranger,
} from "./vault.js";

const policy = (who, permissions, more = {}) => ({
  tenantId: env.TENANT_ID, objectId: who, permissions, ...more,
});

const policies = (...entries) => ({ properties: { accessPolicies: entries } });

// What stands in a vault without what it is not about.
const granted = ({ properties }) => properties.accessPolicies.map(
  ({ objectId: who, applicationId, permissions }) => ({
    who, applicationId,
    ...Object.fromEntries(Object.entries(permissions).filter(
      ([, names]) => names.length !== 0)),
  }));

describe("access policies", withManagement, () => {
  const { vaults } = management();
  const one = randomUUID();
  const two = randomUUID();
  let group;

  before(async () => {
    group = await makeGroup();
  });

  const made = async (...entries) => {
    const vault = name();
    await vaults.beginCreateOrUpdateAndWait(group, vault, wanted({
      enableRbacAuthorization: false, accessPolicies: entries,
    }));
    return vault;
  };

  const change = (vault, kind, ...entries) =>
    vaults.updateAccessPolicy(group, vault, kind, policies(...entries));

  test("made with the vault", async () => {
    const applicationId = randomUUID();
    const vault = await made(
      policy(one, { secrets: ["Get", "list"], keys: ["sign"] }),
      policy(one, { certificates: ["get"] }, { applicationId }));
    assert.deepEqual(granted(await vaults.get(group, vault)), [
      { who: one, applicationId: undefined, keys: ["sign"],
        secrets: ["get", "list"] },
      { who: one, applicationId, certificates: ["get"] },
    ]);
  });

  test("add, replace, remove", async () => {
    const vault = await made(policy(one, { secrets: ["get"] }));
    const entry = (who, rest) => ({ who, applicationId: undefined, ...rest });

    const added = await change(vault, "add",
      policy(one, { secrets: ["set"], keys: ["get"] }),
      policy(two, { keys: ["list"] }));
    assert.equal(added.id, `${vaultScope(group, vault)}/accessPolicies/`);
    assert.equal(added.type, "Microsoft.KeyVault/vaults/accessPolicies");
    assert.deepEqual(granted(added), [
      entry(one, { keys: ["get"], secrets: ["get", "set"] }),
      entry(two, { keys: ["list"] }),
    ]);

    const replaced = await change(vault, "replace",
      policy(one, { secrets: ["delete", "purge"] }));
    assert.deepEqual(granted(replaced), [
      entry(one, { secrets: ["delete", "purge"] }),
      entry(two, { keys: ["list"] }),
    ]);

    const removed = await change(vault, "remove",
      policy(one, { secrets: ["purge"] }), policy(two, { keys: ["list"] }));
    assert.deepEqual(granted(removed), [entry(one, { secrets: ["delete"] })]);
    assert.deepEqual(granted(await vaults.get(group, vault)),
      granted(removed));
  });

  test("a PATCH has all of them", async () => {
    const vault = await made(policy(one, { secrets: ["get"] }));
    const changed = await vaults.update(group, vault,
      policies(policy(two, { keys: ["all"] })));
    assert.deepEqual(granted(changed).map(({ who }) => who), [two]);
  });

  test("in force with the next request", withStranger, async () => {
    const vault = await made();
    const who = await objectId(strangerCredential());
    const secrets = new SecretClient(vaultUrl(vault), strangerCredential());
    await refusal(secrets.setSecret("a", "1"), 403, "Forbidden",
      "AccessDenied");
    await change(vault, "add", policy(who, { secrets: ["set"] }));
    assert.equal((await secrets.setSecret("a", "1")).value, "1");
    await refusal(secrets.getSecret("a"), 403, "Forbidden");
    await change(vault, "remove", policy(who, { secrets: ["set"] }));
    await refusal(secrets.setSecret("a", "2"), 403, "Forbidden");
  });

  test("bad ones change nothing", async () => {
    const vault = await made(policy(one, { secrets: ["get"] }));
    const bad = [
      [policy(one, { secrets: ["read"] })],
      [policy(one, { keys: ["set"] })],
      [policy("somebody", { secrets: ["get"] })],
      [{ ...policy(one, { secrets: ["get"] }), tenantId: randomUUID() }],
      [policy(one, { secrets: ["get"] }, { applicationId: "x" })],
      [policy(two, { secrets: ["get"] }), policy(two, { keys: ["get"] })],
    ];
    for (const entries of bad) {
      for (const kind of ["add", "replace", "remove"]) {
        await refusal(change(vault, kind, ...entries), 400, "BadRequest");
      }
    }
    await refusal(change(vault, "append", policy(two, { keys: ["get"] })),
      400, "BadRequest", undefined, /append/);
    await refusal(change(name(), "add"), 404, "ResourceNotFound");
    assert.deepEqual(granted(await vaults.get(group, vault)),
      [{ who: one, applicationId: undefined, secrets: ["get"] }]);
  });
});

describe("network rules", withManagement, () => {
  const { vaults } = management();
  let group, vault, secrets;

  before(async () => {
    group = await makeGroup();
    vault = name();
    await vaults.beginCreateOrUpdateAndWait(group, vault, wanted({
      enableRbacAuthorization: false,
      accessPolicies: [policy(await objectId(), { secrets: ["all"] })],
    }));
    secrets = new SecretClient(vaultUrl(vault), secretCredential());
  });

  const rules = async (properties) => {
    const answer = await vaults.update(group, vault, { properties });
    assert.deepEqual(await vaults.get(group, vault), answer);
    return answer.properties;
  };

  const firewall = (networkAcls) => rules({ networkAcls });

  const refused = () => refusal(secrets.setSecret("a", "1"), 403, "Forbidden",
    "ForbiddenByFirewall");

  test("denied, let in by address, let in by range", async () => {
    const { networkAcls } = await firewall({
      defaultAction: "Deny", bypass: "None",
      ipRules: [{ value: "192.0.2.0/24" }, { value: "198.51.100.7" }],
    });
    assert.equal(networkAcls.defaultAction, "Deny");
    assert.equal(networkAcls.bypass, "None");
    assert.equal(networkAcls.ipRules.length, 2);
    assert.equal(networkAcls.ipRules[0].value, "192.0.2.0/24");
    assert.match(networkAcls.ipRules[1].value, /^198\.51\.100\.7(\/32)?$/);
    await refused();
    for (const value of ["127.0.0.1", "127.0.0.0/8"]) {
      await firewall({ defaultAction: "Deny", ipRules: [{ value }] });
      assert.equal((await secrets.setSecret("a", "1")).value, "1");
    }
    await firewall({ ipRules: [] });
    await refused();
    const kept = await firewall({ defaultAction: "Allow" });
    assert.equal(kept.networkAcls.bypass, "None");
    assert.equal((await secrets.setSecret("a", "1")).value, "1");
  });

  test("virtual networks are kept", async () => {
    const id = "/subscriptions/s/resourceGroups/g/providers/" +
      "Microsoft.Network/virtualNetworks/v/subnets/one";
    const { networkAcls } = await firewall({
      defaultAction: "Allow", bypass: "AzureServices",
      virtualNetworkRules: [{ id }],
    });
    assert.equal(networkAcls.bypass, "AzureServices");
    assert.deepEqual(networkAcls.virtualNetworkRules.map((one) => one.id),
      [id]);
  });

  test("no public access", async () => {
    const { publicNetworkAccess } = await rules({
      publicNetworkAccess: "Disabled",
    });
    assert.equal(publicNetworkAccess, "Disabled");
    await assert.rejects(secrets.getSecret("a"), { statusCode: 403 });
    await rules({ publicNetworkAccess: "Enabled" });
    assert.equal((await secrets.setSecret("a", "1")).value, "1");
  });

  test("bad rules change nothing", async () => {
    const before = await vaults.get(group, vault);
    for (const value of ["", "here", "192.0.2.256", "192.0.2.0/-1"]) {
      await refusal(firewall({ defaultAction: "Deny", ipRules: [{ value }] }),
        400, "BadRequest", undefined, /ipRules/);
    }
    assert.deepEqual(await vaults.get(group, vault), before);
  });
});

describe("secrets and keys as resources", withManagement, () => {
  const { vaults, secrets, keys } = management();
  let group, vault, secretClient, keyClient;

  before(async () => {
    group = await makeGroup();
    vault = name();
    await vaults.beginCreateOrUpdateAndWait(group, vault, wanted({
      enableRbacAuthorization: false,
      accessPolicies: [
        policy(await objectId(), { secrets: ["all"], keys: ["all"] }),
      ],
    }));
    secretClient = new SecretClient(vaultUrl(vault), secretCredential());
    keyClient = new KeyClient(vaultUrl(vault), secretCredential());
  });

  const setSecret = (one, properties, tags) =>
    secrets.createOrUpdate(group, vault, one, { properties, tags });

  const makeKey = (one, properties, tags) =>
    keys.createIfNotExist(group, vault, one, { properties, tags });

  test("a secret is made, its value not answered", async () => {
    const one = name();
    const expires = new Date("2037-01-02T03:04:05Z");
    const notBefore = new Date("2020-02-03T04:05:06Z");
    const made = await setSecret(one, {
      value: "first", contentType: "text/plain",
      attributes: { enabled: true, expires, notBefore },
    }, { a: "b" });
    assert.equal(made.id, `${vaultScope(group, vault)}/secrets/${one}`);
    assert.equal(made.name, one);
    assert.equal(made.type, "Microsoft.KeyVault/vaults/secrets");
    assert.equal(made.location, location);
    assert.deepEqual(made.tags, { a: "b" });
    const { properties } = made;
    assert.equal(properties.value, undefined);
    assert.equal(properties.contentType, "text/plain");
    assert.deepEqual(properties.attributes.expires, expires);
    assert.deepEqual(properties.attributes.notBefore, notBefore);
    assert.equal(properties.secretUri, `${vaultUrl(vault)}/secrets/${one}`);
    assert.deepEqual(await secrets.get(group, vault, one), made);

    const read = await secretClient.getSecret(one);
    assert.equal(read.value, "first");
    assert.equal(read.properties.id, properties.secretUriWithVersion);
    assert.deepEqual(read.properties.tags, { a: "b" });
  });

  test("a secret set again, and updated", async () => {
    const one = name();
    const first = await setSecret(one, { value: "1" }, { a: "b" });
    const second = await setSecret(one, { value: "2" });
    assert.notEqual(second.properties.secretUriWithVersion,
      first.properties.secretUriWithVersion);
    const third = await secrets.update(group, vault, one, {
      tags: { c: "d" }, properties: { contentType: "x" },
    });
    assert.equal(third.properties.secretUriWithVersion,
      second.properties.secretUriWithVersion);
    assert.equal(third.properties.contentType, "x");
    assert.deepEqual(third.tags, { c: "d" });
    const fourth = await secrets.update(group, vault, one, {
      properties: { value: "4" },
    });
    assert.notEqual(fourth.properties.secretUriWithVersion,
      third.properties.secretUriWithVersion);
    const read = await secretClient.getSecret(one);
    assert.equal(read.value, "4");
    assert.equal(read.properties.contentType, "x");
    assert.deepEqual(read.properties.tags, { c: "d" });
    assert.equal(
      (await collect(secretClient.listPropertiesOfSecretVersions(one))).length,
      3);
  });

  test("secrets are listed", async () => {
    const expected = [name("list"), name("list"), name("list")];
    for (const one of expected) {
      await setSecret(one, { value: one });
    }
    const all = await collect(secrets.list(group, vault, { top: 2 }));
    const found = all.filter((one) => one.name.startsWith("list-"));
    assert.deepEqual(found.map((one) => one.name).sort(), expected.sort());
    assert.ok(all.every((one) => one.properties.value === undefined));
  });

  test("an RSA key is made once", async () => {
    const one = name();
    const made = await makeKey(one, {
      kty: "RSA", keySize: 2048, keyOps: ["sign", "verify"],
      attributes: { enabled: true, expires: 2114380800 },
    }, { a: "b" });
    assert.equal(made.id, `${vaultScope(group, vault)}/keys/${one}`);
    assert.equal(made.type, "Microsoft.KeyVault/vaults/keys");
    assert.equal(made.kty, "RSA");
    assert.equal(made.keySize, 2048);
    assert.deepEqual(made.keyOps, ["sign", "verify"]);
    assert.equal(made.attributes.expires, 2114380800);
    assert.equal(made.attributes.recoveryLevel, "Recoverable+Purgeable");
    assert.deepEqual(made.tags, { a: "b" });
    assert.deepEqual(await makeKey(one, { kty: "EC" }), made);
    assert.deepEqual(await keys.get(group, vault, one), made);

    const read = await keyClient.getKey(one);
    assert.equal(read.keyType, "RSA");
    assert.ok(made.keyUriWithVersion.endsWith(
      `/keys/${one}/${read.properties.version}`));
    const all = await collect(keyClient.listPropertiesOfKeyVersions(one));
    assert.equal(all.length, 1);
  });

  test("an EC key, its versions", async () => {
    const one = name();
    const made = await makeKey(one, { kty: "EC", curveName: "P-384" });
    assert.equal(made.curveName, "P-384");
    const rotated = await keyClient.rotateKey(one);
    const all = await collect(keys.listVersions(group, vault, one));
    assert.equal(all.length, 2);
    assert.ok(all.every(
      ({ type }) => type === "Microsoft.KeyVault/vaults/keys/versions"));
    const { version } = rotated.properties;
    const last = await keys.getVersion(group, vault, one, version);
    assert.equal(last.name, version);
    assert.ok(last.keyUriWithVersion.endsWith(`/keys/${one}/${version}`));
    const current = await keys.get(group, vault, one);
    assert.equal(current.keyUriWithVersion, last.keyUriWithVersion);
  });

  test("keys are listed", async () => {
    const expected = [name("list"), name("list"), name("list")];
    for (const one of expected) {
      await makeKey(one, { kty: "EC", curveName: "P-256" });
    }
    const all = await collect(keys.list(group, vault, { top: 2 }));
    const found = all.filter((one) => one.name.startsWith("list-"));
    assert.deepEqual(found.map((one) => one.name).sort(), expected.sort());
  });

  test("bad input", async () => {
    const bad = (promise) => refusal(promise, 400, "BadRequest");
    await bad(setSecret("a_b", { value: "1" }));
    await bad(setSecret(name(), {}));
    await bad(makeKey("a_b", { kty: "EC" }));
    await bad(makeKey(name(), { kty: "RSA", keySize: 1024 }));
    await bad(makeKey(name(), { kty: "EC", curveName: "P-0" }));
    await bad(makeKey(name(), { kty: "RSA", keyOps: ["read"] }));
    await bad(makeKey(name(), {}));
  });

  test("what there is not", async () => {
    await refusal(secrets.get(group, vault, name()), 404, "SecretNotFound");
    await refusal(keys.get(group, vault, name()), 404, "KeyNotFound");
    await refusal(keys.get(group, name(), name()), 404, "ResourceNotFound");
    await refusal(secrets.update(group, vault, name(), {
      properties: { contentType: "x" },
    }), 404, "SecretNotFound");
  });

  test("who has no role", withStranger, async () => {
    const stranger = management({}, strangerCredential());
    await refusal(collect(stranger.secrets.list(group, vault)), 403,
      "AuthorizationFailed");
    await refusal(stranger.secrets.createOrUpdate(group, vault, name(), {
      properties: { value: "1" },
    }), 403, "AuthorizationFailed");
    await refusal(stranger.keys.createIfNotExist(group, vault, name(), {
      properties: { kty: "EC" },
    }), 403, "AuthorizationFailed");
  });
});
