// The real Azure client for the management of vaults.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";

import { SecretClient } from "@azure/keyvault-secrets";

import {
  location, makeGroup, management, subscriptionScope, vaultScope, vaultUrl,
  wanted, withManagement,
} from "./arm.js";
import {
  collect, env, name, refusal, secretCredential, strangerCredential,
  withStranger,
} from "./vault.js";

const sorted = (words) => [...words].sort();

describe("vaults as resources", withManagement, () => {
  const { vaults, privateEndpointConnections, privateLinkResources } =
    management();
  let group;

  before(async () => {
    group = await makeGroup();
  });

  const create = (vault, changes, more) =>
    vaults.beginCreateOrUpdateAndWait(group, vault, wanted(changes, more));

  const made = async (changes, more) => {
    const vault = name();
    await create(vault, changes, more);
    return vault;
  };

  const secretsOf = (vault) =>
    new SecretClient(vaultUrl(vault), secretCredential(), {
      retryOptions: { maxRetries: 0 },
    });

  describe("made and changed", () => {
    test("create and get", async () => {
      const vault = name();
      const answer = await create(vault, {}, { tags: { purpose: "test" } });
      assert.equal(answer.id, vaultScope(group, vault));
      assert.equal(answer.name, vault);
      assert.equal(answer.type, "Microsoft.KeyVault/vaults");
      assert.equal(answer.location, location);
      assert.deepEqual(answer.tags, { purpose: "test" });
      const { properties } = answer;
      assert.equal(properties.provisioningState, "Succeeded");
      assert.equal(properties.vaultUri, `${vaultUrl(vault)}/`);
      assert.equal(properties.tenantId, env.TENANT_ID);
      assert.deepEqual(properties.sku, { family: "A", name: "standard" });
      assert.equal(properties.enableSoftDelete, true);
      assert.equal(properties.softDeleteRetentionInDays, 90);
      assert.equal(properties.enableRbacAuthorization, true);
      assert.equal(properties.enablePurgeProtection, undefined);
      assert.equal(properties.publicNetworkAccess, "Enabled");
      assert.equal(properties.networkAcls, undefined);
      assert.deepEqual(properties.accessPolicies, []);
      assert.ok(Math.abs(Date.now() - answer.systemData.createdAt) < 60000);
      assert.deepEqual(await vaults.get(group, vault), answer);
    });

    test("a poller ends at once", async () => {
      const vault = name();
      const poller = vaults.createOrUpdate(group, vault, wanted());
      const answer = await poller.pollUntilDone();
      assert.equal(answer.name, vault);
      assert.equal(poller.operationState.status, "succeeded");
    });

    test("properties that were asked for", async () => {
      const asked = {
        sku: { family: "A", name: "premium" },
        enabledForDeployment: true,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: true,
        softDeleteRetentionInDays: 7,
        enablePurgeProtection: true,
        enableRbacAuthorization: false,
        publicNetworkAccess: "Disabled",
        accessPolicies: [],
      };
      const { properties } = await create(name(), asked);
      for (const [property, value] of Object.entries(asked)) {
        assert.deepEqual(properties[property], value, property);
      }
    });

    test("an older api-version makes access policies decide", async () => {
      const old = management({ apiVersion: "2023-07-01" });
      const { properties } = await old.vaults.beginCreateOrUpdateAndWait(
        group, name(), wanted({ accessPolicies: [] }));
      assert.equal(properties.enableRbacAuthorization, false);
    });

    test("PUT again has all tags, and leaves other properties", async () => {
      const vault = await made({
        softDeleteRetentionInDays: 30, enabledForDeployment: true,
      }, { tags: { one: "1", two: "2" } });
      const again = await create(vault, {}, { tags: { two: "3" } });
      assert.deepEqual(again.tags, { two: "3" });
      assert.equal(again.properties.softDeleteRetentionInDays, 30);
      assert.equal(again.properties.enabledForDeployment, true);
      const first = await vaults.get(group, vault);
      assert.deepEqual(first, again);
    });

    test("update", async () => {
      const vault = await made({}, { tags: { one: "1" } });
      const updated = await vaults.update(group, vault, {
        properties: {
          enabledForDiskEncryption: true,
          enableRbacAuthorization: false,
          enablePurgeProtection: true,
          sku: { family: "A", name: "premium" },
        },
      });
      assert.deepEqual(updated.tags, { one: "1" });
      assert.equal(updated.properties.enabledForDiskEncryption, true);
      assert.equal(updated.properties.enableRbacAuthorization, false);
      assert.equal(updated.properties.enablePurgeProtection, true);
      assert.equal(updated.properties.sku.name, "premium");
      const tagged = await vaults.update(group, vault, { tags: { two: "2" } });
      assert.deepEqual(tagged.tags, { two: "2" });
      assert.deepEqual(tagged.properties, updated.properties);
      assert.deepEqual(await vaults.get(group, vault), tagged);
    });

    test("names in any case", async () => {
      const vault = await made();
      const read = await vaults.get(group.toUpperCase(), vault.toUpperCase());
      assert.equal(read.id, vaultScope(group, vault));
    });
  });

  describe("listed", () => {
    test("by group", async () => {
      const other = await makeGroup();
      const expected = [name(), name(), name()];
      for (const vault of expected) {
        await vaults.beginCreateOrUpdateAndWait(other, vault, wanted());
      }
      const all = await collect(vaults.listByResourceGroup(other));
      assert.deepEqual(sorted(all.map((one) => one.name)), sorted(expected));
      assert.equal(all[0].properties.provisioningState, "Succeeded");
      const pages = await collect(
        vaults.listByResourceGroup(other, { top: 2 }).byPage());
      assert.deepEqual(pages.map((page) => page.length), [2, 1]);
      assert.deepEqual(pages.flat(), all);
    });

    test("of the subscription, whole", async () => {
      const vault = await made();
      const all = await collect(vaults.listBySubscription({ top: 5 }));
      const found = all.filter((one) => one.name === vault);
      assert.deepEqual(found, [await vaults.get(group, vault)]);
    });

    test("of the subscription, as resources", async () => {
      const vault = await made({}, { tags: { a: "b" } });
      const all = await collect(vaults.list({ top: 5 }));
      const [found, ...more] = all.filter((one) => one.name === vault);
      assert.deepEqual(more, []);
      assert.equal(found.id, vaultScope(group, vault));
      assert.equal(found.type, "Microsoft.KeyVault/vaults");
      assert.equal(found.location, location);
      assert.deepEqual(found.tags, { a: "b" });
    });
  });

  describe("deleted", () => {
    test("delete, get and list deleted", async () => {
      const vault = await made({
        softDeleteRetentionInDays: 7, enablePurgeProtection: true,
      }, { tags: { a: "b" } });
      await vaults.delete(group, vault);
      await refusal(vaults.get(group, vault), 404, "ResourceNotFound");
      const live = await collect(vaults.listByResourceGroup(group));
      assert.ok(!live.some((one) => one.name === vault));
      const deleted = await vaults.getDeleted(vault, location);
      assert.equal(deleted.id, `${subscriptionScope}/providers/` +
        `Microsoft.KeyVault/locations/${location}/deletedVaults/${vault}`);
      assert.equal(deleted.type, "Microsoft.KeyVault/deletedVaults");
      assert.equal(deleted.properties.vaultId, vaultScope(group, vault));
      assert.equal(deleted.properties.location, location);
      assert.equal(deleted.properties.purgeProtectionEnabled, true);
      assert.deepEqual(deleted.properties.tags, { a: "b" });
      const { deletionDate, scheduledPurgeDate } = deleted.properties;
      assert.equal(scheduledPurgeDate - deletionDate, 7 * 24 * 3600 * 1000);
      const all = await collect(vaults.listDeleted());
      assert.deepEqual(all.filter((one) => one.name === vault), [deleted]);
    });

    test("one that never was is deleted", async () => {
      const statuses = [];
      await vaults.delete(group, name(), {
        onResponse: (answer) => statuses.push(answer.status),
      });
      assert.deepEqual(statuses, [204]);
    });

    test("recover", async () => {
      const vault = await made({
        enableRbacAuthorization: false, accessPolicies: [],
        softDeleteRetentionInDays: 9,
      }, { tags: { a: "b" } });
      const first = await vaults.get(group, vault);
      await vaults.delete(group, vault);
      await refusal(create(vault), 409, "ConflictError", undefined,
        /deleted state/);
      const back = await create(vault, { createMode: "recover" });
      assert.deepEqual(back.properties, first.properties);
      assert.deepEqual(back.tags, { a: "b" });
      assert.deepEqual(await vaults.get(group, vault), back);
      await refusal(vaults.getDeleted(vault, location), 404,
        "DeletedVaultNotFound");
    });

    test("what was not deleted is not recovered", async () => {
      await refusal(create(name(), { createMode: "recover" }), 404,
        "DeletedVaultNotFound");
    });

    test("purge, and the name is free", async () => {
      const vault = await made();
      await vaults.delete(group, vault);
      await vaults.beginPurgeDeletedAndWait(vault, location);
      await refusal(vaults.getDeleted(vault, location), 404,
        "DeletedVaultNotFound");
      assert.equal((await create(vault)).name, vault);
    });

    test("purge protection", async () => {
      const vault = await made({ enablePurgeProtection: true });
      await vaults.delete(group, vault);
      await refusal(vaults.beginPurgeDeletedAndWait(vault, location), 400,
        "InvalidOperation", undefined, /DeletedVaultPurge/);
      assert.equal((await vaults.getDeleted(vault, location)).name, vault);
    });

    test("a live one is not purged", async () => {
      const vault = await made();
      await refusal(vaults.beginPurgeDeletedAndWait(vault, location), 404,
        "DeletedVaultNotFound");
      assert.equal((await vaults.get(group, vault)).name, vault);
    });
  });

  test("private endpoints: none", async () => {
    const vault = await made();
    assert.deepEqual(
      (await privateLinkResources.listByVault(group, vault)).value, []);
    assert.deepEqual(await collect(
      privateEndpointConnections.listByResource(group, vault)), []);
    await refusal(privateEndpointConnections.get(group, vault, "mine"), 404,
      "ResourceNotFound", undefined, /mine/);
    await refusal(
      privateEndpointConnections.put(group, vault, "mine", {
        privateLinkServiceConnectionState: { status: "Approved" },
      }), 400, "DisallowedResourceOperation", undefined, /networkAcls/);
  });

  describe("names", () => {
    const check = (vault) => vaults.checkNameAvailability({
      name: vault, type: "Microsoft.KeyVault/vaults",
    });

    test("free, taken, deleted, purged", async () => {
      const vault = name();
      assert.equal((await check(vault)).nameAvailable, true);
      await create(vault);
      for (const taken of [vault, vault.toUpperCase()]) {
        const answer = await check(taken);
        assert.equal(answer.nameAvailable, false);
        assert.equal(answer.reason, "AlreadyExists");
        assert.match(answer.message, /./);
      }
      await vaults.delete(group, vault);
      assert.equal((await check(vault)).reason, "AlreadyExists");
      await vaults.beginPurgeDeletedAndWait(vault, location);
      assert.equal((await check(vault)).nameAvailable, true);
    });

    const bad = ["ab", "1abc", "abc-", "a--b", "a_bc", "a".repeat(25)];
    for (const vault of bad) {
      test(`not valid: ${vault}`, async () => {
        const answer = await check(vault);
        assert.equal(answer.nameAvailable, false);
        assert.equal(answer.reason, "AccountNameInvalid");
        await refusal(create(vault), 400, "VaultNameNotValid");
      });
    }

    test("taken in another group", async () => {
      const vault = await made();
      const other = await makeGroup();
      await refusal(
        vaults.beginCreateOrUpdateAndWait(other, vault, wanted()),
        409, "VaultAlreadyExists");
    });
  });

  describe("bad input", () => {
    // the member that is wrong, and what is sent
    const wrong = [
      ["softDeleteRetentionInDays", { softDeleteRetentionInDays: 6 }],
      ["softDeleteRetentionInDays", { softDeleteRetentionInDays: 91 }],
      ["enablePurgeProtection", { enablePurgeProtection: false }],
      ["enableSoftDelete", { enableSoftDelete: false }],
      ["tenantId", { tenantId: "contoso" }],
      ["createMode", { createMode: "again" }],
      ["accessPolicies", { enableRbacAuthorization: false }],
      ["publicNetworkAccess", { publicNetworkAccess: "Maybe" }],
      ["defaultAction", { networkAcls: { defaultAction: "Perhaps" } }],
      ["bypass", { networkAcls: { bypass: "All" } }],
      ["ipRules", { networkAcls: { ipRules: [{ value: "192.0.2.0/33" }] } }],
    ];
    for (const [member, changes] of wrong) {
      test(`create with ${JSON.stringify(changes)}`, async () => {
        const vault = name();
        await refusal(create(vault, changes), 400, "BadRequest", undefined,
          new RegExp(member));
        await refusal(vaults.get(group, vault), 404, "ResourceNotFound");
      });
    }

    test("create: sku", () => refusal(
      create(name(), { sku: { family: "A", name: "free" } }), 400,
      "SkuNotSupported", undefined, /premium/));

    test("create: no location", () => refusal(
      create(name(), {}, { location: undefined }), 400, "LocationRequired"));

    test("update: what is fixed", async () => {
      const vault = await made({ softDeleteRetentionInDays: 8 });
      const before = await vaults.get(group, vault);
      for (const properties of [
        { softDeleteRetentionInDays: 9 },
        { enablePurgeProtection: false },
        { enableSoftDelete: false },
      ]) {
        await refusal(vaults.update(group, vault, { properties }), 400,
          "BadRequest", undefined, new RegExp(Object.keys(properties)[0]));
      }
      await refusal(create(vault, {}, { location: "south2" }), 409,
        "InvalidResourceLocation");
      await refusal(create(vault, { softDeleteRetentionInDays: 9 }), 400,
        "BadRequest");
      assert.deepEqual(await vaults.get(group, vault), before);
    });

    test("update: purge protection stays", async () => {
      const vault = await made({ enablePurgeProtection: true });
      await refusal(vaults.update(group, vault, {
        properties: { enablePurgeProtection: false },
      }), 400, "BadRequest", undefined, /irreversible/);
    });

    test("what there is not", async () => {
      await refusal(vaults.get(group, name()), 404, "ResourceNotFound");
      await refusal(vaults.update(group, name(), {}), 404,
        "ResourceNotFound");
      await refusal(vaults.get(name("none"), name()), 404,
        "ResourceGroupNotFound");
      await refusal(
        vaults.beginCreateOrUpdateAndWait(name("none"), name(), wanted()),
        404, "ResourceGroupNotFound");
      const elsewhere = management({}, undefined, randomUUID());
      await refusal(elsewhere.vaults.get(group, name()), 404,
        "SubscriptionNotFound");
      await refusal(vaults.getDeleted(name(), location), 404,
        "DeletedVaultNotFound");
    });

    test("api-version", () => refusal(
      management({ apiVersion: "2020-02-30" }).vaults.get(group, name()),
      400, "InvalidApiVersionParameter", undefined, /2026-02-01/));

    test("a token for vaults", () => {
      const domain = vaultUrl("x").replace("x.", "");
      const wrong = management({
        credentials: { scopes: [`${domain}/.default`] },
      });
      return refusal(wrong.vaults.get(group, name()), 401,
        "InvalidAuthenticationToken");
    });

    test("who has no role", withStranger, async () => {
      const vault = await made();
      const stranger = management({}, strangerCredential());
      const forbidden = (promise, action) => refusal(promise, 403,
        "AuthorizationFailed", undefined, new RegExp(action));
      await forbidden(stranger.vaults.get(group, vault), "vaults/read");
      await forbidden(stranger.vaults.delete(group, vault), "vaults/delete");
      await forbidden(stranger.vaults.update(group, vault, { tags: {} }),
        "vaults/write");
      await forbidden(stranger.vaults.beginCreateOrUpdateAndWait(group, name(),
        wanted()), "vaults/write");
      assert.deepEqual(
        await collect(stranger.vaults.listBySubscription()), []);
      assert.equal((await vaults.get(group, vault)).name, vault);
    });
  });

  test("a deleted vault serves nothing, a recovered one does", async () => {
    const vault = await made({
      enableRbacAuthorization: false, accessPolicies: [],
    });
    const secrets = secretsOf(vault);
    await refusal(secrets.getSecret("a"), 403, "Forbidden");
    await vaults.delete(group, vault);
    await refusal(secrets.getSecret("a"), 404, "VaultNotFound");
    await create(vault, { createMode: "recover" });
    await refusal(secrets.getSecret("a"), 403, "Forbidden");
  });
});
