// The real Azure client for role definitions and role assignments.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, describe, test } from "node:test";

import { SecretClient } from "@azure/keyvault-secrets";

import {
  authorization, groupScope, makeGroup, management, objectId, roleId,
  subscriptionScope, vaultScope, vaultUrl, wanted, withManagement,
} from "./arm.js";
import {
  collect, name, refusal, secretCredential, strangerCredential, withStranger,
} from "./vault.js";

// Azure's ids of roles
const owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const reader = "21090545-7ca7-4776-b22c-e363652d74d2";
const officer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7";
const user = "4633458b-17de-408a-b874-0445c86b69e6";

const names = (found) => found.map((one) => one.name);

describe("role definitions", withManagement, () => {
  const { roleDefinitions } = authorization();
  let scope;

  before(async () => {
    scope = groupScope(await makeGroup());
  });

  const custom = (changes = {}) => ({
    roleName: name("role"),
    description: "reads vaults",
    roleType: "CustomRole",
    assignableScopes: [scope],
    permissions: [{
      actions: ["Microsoft.KeyVault/vaults/read"],
      notActions: [],
      dataActions: ["Microsoft.KeyVault/vaults/secrets/readMetadata/action"],
      notDataActions: [],
    }],
    ...changes,
  });

  const list = (filter, at = scope) =>
    collect(roleDefinitions.list(at, { filter }));

  test("built-in ones", async () => {
    const all = await list();
    for (const guid of [owner, reader, officer, user]) {
      assert.ok(names(all).includes(guid), guid);
    }
    const [found, ...more] = await list("roleName eq 'Key Vault Reader'");
    assert.deepEqual(more, []);
    assert.equal(found.id, roleId(reader));
    assert.equal(found.name, reader);
    assert.equal(found.type, "Microsoft.Authorization/roleDefinitions");
    assert.equal(found.roleName, "Key Vault Reader");
    assert.equal(found.roleType, "BuiltInRole");
    assert.deepEqual(found.assignableScopes, ["/"]);
    assert.ok(found.permissions[0].actions.includes(
      "Microsoft.KeyVault/vaults/*/read"));
    assert.deepEqual(await roleDefinitions.get(scope, reader), found);
    assert.deepEqual(await roleDefinitions.getById(roleId(reader)), found);
  });

  test("a custom one: made, listed, changed, deleted", async () => {
    const guid = randomUUID();
    const asked = custom();
    const made = await roleDefinitions.createOrUpdate(scope, guid, asked);
    assert.equal(made.name, guid);
    for (const member of Object.keys(asked)) {
      assert.deepEqual(made[member], asked[member], member);
    }
    assert.deepEqual(await roleDefinitions.get(scope, guid), made);
    assert.deepEqual(await list(`roleName eq '${asked.roleName}'`), [made]);
    assert.ok(names(await list("type eq 'CustomRole'")).includes(guid));
    assert.ok(!names(await list("type eq 'BuiltInRole'")).includes(guid));
    const elsewhere = groupScope(await makeGroup());
    assert.ok(!names(await list(undefined, elsewhere)).includes(guid));

    const changed = await roleDefinitions.createOrUpdate(scope, guid,
      { ...asked, description: "reads vaults, slowly" });
    assert.equal(changed.description, "reads vaults, slowly");
    assert.deepEqual(changed.createdOn, made.createdOn);
    assert.deepEqual(await roleDefinitions.get(scope, guid), changed);

    assert.deepEqual(await roleDefinitions.delete(scope, guid), changed);
    await refusal(roleDefinitions.get(scope, guid), 404,
      "RoleDefinitionDoesNotExist");
    assert.ok(!names(await list()).includes(guid));
  });

  test("deleted twice", async () => {
    const statuses = [];
    await roleDefinitions.delete(scope, randomUUID(), {
      onResponse: (answer) => statuses.push(answer.status),
    });
    assert.deepEqual(statuses, [204]);
  });

  test("one that is assigned stays", async () => {
    const guid = randomUUID();
    await roleDefinitions.createOrUpdate(scope, guid, custom());
    const { roleAssignments } = authorization();
    const assignment = randomUUID();
    await roleAssignments.create(scope, assignment, {
      roleDefinitionId: roleId(guid), principalId: randomUUID(),
    });
    await refusal(roleDefinitions.delete(scope, guid), 409,
      "RoleDefinitionHasAssignments");
    await roleAssignments.delete(scope, assignment);
    await roleDefinitions.delete(scope, guid);
  });

  const bad = {
    "no name": { roleName: undefined },
    "no scope": { assignableScopes: [] },
    "a foreign scope": {
      assignableScopes: [`/subscriptions/${randomUUID()}`],
    },
    "no permissions": { permissions: [] },
    "the type of a built-in one": { roleType: "BuiltInRole" },
  };
  for (const [what, changes] of Object.entries(bad)) {
    test(`bad: ${what}`, async () => {
      const guid = randomUUID();
      await refusal(
        roleDefinitions.createOrUpdate(scope, guid, custom(changes)),
        400, "BadRequest");
      await refusal(roleDefinitions.get(scope, guid), 404,
        "RoleDefinitionDoesNotExist");
    });
  }

  test("bad: id, filter", async () => {
    await refusal(
      roleDefinitions.createOrUpdate(scope, "reader", custom()), 400,
      "BadRequest", undefined, /GUID/);
    await refusal(list("colour eq 'red'"), 400,
      "InvalidFilterInQueryString",
      undefined, /colour/);
  });

  test("bad: a name that is taken", async () => {
    const guid = randomUUID();
    const asked = custom();
    await roleDefinitions.createOrUpdate(scope, guid, asked);
    await refusal(roleDefinitions.createOrUpdate(scope, randomUUID(), asked),
      400, "BadRequest", undefined, /name/);
    await roleDefinitions.delete(scope, guid);
  });

  test("built-in ones stay as they are", async () => {
    const before = await roleDefinitions.get(scope, reader);
    await refusal(roleDefinitions.createOrUpdate(scope, reader, custom()),
      400, "BadRequest", undefined, /built in/);
    await refusal(roleDefinitions.delete(scope, reader), 400, "BadRequest",
      undefined, /built in/);
    assert.deepEqual(await roleDefinitions.get(scope, reader), before);
  });
});

describe("role assignments", withManagement, () => {
  const { roleAssignments } = authorization();
  const { vaults } = management();
  let group, scope;

  before(async () => {
    group = await makeGroup();
    scope = groupScope(group);
  });

  const assign = (guid, role, principalId, where = scope, more = {}) =>
    roleAssignments.create(where, guid, {
      roleDefinitionId: roleId(role), principalId, ...more,
    });

  const list = (filter, where = scope) =>
    collect(roleAssignments.listForScope(where, { filter }));

  test("created, read, listed, deleted", async () => {
    const guid = randomUUID();
    const principalId = randomUUID();
    const made = await assign(guid, reader, principalId, scope, {
      principalType: "Group", description: "those who look",
    });
    assert.equal(made.name, guid);
    assert.equal(made.id,
      `${scope}/providers/Microsoft.Authorization/roleAssignments/${guid}`);
    assert.equal(made.type, "Microsoft.Authorization/roleAssignments");
    assert.equal(made.scope, scope);
    assert.equal(made.roleDefinitionId, roleId(reader));
    assert.equal(made.principalId, principalId);
    assert.equal(made.principalType, "Group");
    assert.equal(made.description, "those who look");
    assert.equal(made.createdBy, await objectId());
    assert.ok(Math.abs(Date.now() - made.createdOn) < 60000);
    assert.deepEqual(await roleAssignments.get(scope, guid), made);
    assert.deepEqual(await roleAssignments.getById(made.id), made);

    const mine = `principalId eq '${principalId}'`;
    assert.deepEqual(await list(mine), [made]);
    assert.deepEqual(await list(mine, subscriptionScope), [made]);
    assert.deepEqual(
      await collect(roleAssignments.listForResourceGroup(group,
        { filter: mine })), [made]);
    assert.deepEqual(
      await collect(roleAssignments.listForSubscription({ filter: mine })),
      [made]);
    assert.ok(names(await list()).includes(guid));
    assert.ok(names(await list("atScope()")).includes(guid));
    assert.ok(!names(await list("atScope()", subscriptionScope))
      .includes(guid));

    assert.deepEqual(await roleAssignments.delete(scope, guid), made);
    await refusal(roleAssignments.get(scope, guid), 404,
      "RoleAssignmentNotFound");
    assert.deepEqual(await list(mine), []);
  });

  test("the administrator's is at /", async () => {
    const mine = await list(`assignedTo('${await objectId()}')`);
    const [found] = mine.filter(
      (one) => one.roleDefinitionId.endsWith(owner));
    assert.equal(found.scope, "/");
  });

  test("the same again, and a duplicate", async () => {
    const guid = randomUUID();
    const principalId = randomUUID();
    const first = await assign(guid, reader, principalId);
    const statuses = [];
    const onResponse = (answer) => statuses.push(answer.status);
    await roleAssignments.create(scope, guid, {
      roleDefinitionId: roleId(reader), principalId,
    }, { onResponse });
    assert.deepEqual(statuses, [200]);
    await refusal(assign(randomUUID(), reader, principalId), 409,
      "RoleAssignmentExists");
    assert.deepEqual(names(await list(`principalId eq '${principalId}'`)),
      [first.name]);
    const other = await assign(randomUUID(), user, principalId);
    assert.equal(other.roleDefinitionId, roleId(user));
  });

  test("deleted twice", async () => {
    const guid = randomUUID();
    await assign(guid, reader, randomUUID());
    const statuses = [];
    const onResponse = (answer) => statuses.push(answer.status);
    await roleAssignments.delete(scope, guid, { onResponse });
    await roleAssignments.delete(scope, guid, { onResponse });
    assert.deepEqual(statuses, [200, 204]);
  });

  test("bad input", async () => {
    const who = randomUUID();
    const bad = (promise, message) =>
      refusal(promise, 400, "BadRequest", undefined, message);
    await bad(assign("first", reader, who), /GUID/);
    await bad(assign(randomUUID(), reader, "somebody"), /principalId/);
    await bad(assign(randomUUID(), reader, who, scope,
      { principalType: "Robot" }), /principalType/);
    await bad(assign(randomUUID(), "reader", who), /roleDefinitionId/);
    await bad(assign(randomUUID(), reader, who, scope,
      { condition: "@Resource[x] StringEquals 'y'", conditionVersion: "2.0" }),
    /condition/);
    await refusal(assign(randomUUID(), randomUUID(), who), 404,
      "RoleDefinitionDoesNotExist");
    await refusal(assign(randomUUID(), reader, who, groupScope(name("none"))),
      404, "ResourceGroupNotFound");
    await refusal(list("colour eq 'red'"), 400,
      "InvalidFilterInQueryString",
      undefined, /colour/);
    assert.deepEqual(await list(`principalId eq '${who}'`), []);
  });

  test("who has no role", withStranger, async () => {
    const who = strangerCredential();
    const stranger = authorization(who).roleAssignments;
    await refusal(stranger.create(scope, randomUUID(), {
      roleDefinitionId: roleId(owner), principalId: await objectId(who),
    }), 403, "AuthorizationFailed", undefined, /roleAssignments\/write/);
    await refusal(collect(stranger.listForScope(scope)), 403,
      "AuthorizationFailed");
  });

  test("an owner has what is in a vault by a role only", async () => {
    const vault = name();
    await vaults.beginCreateOrUpdateAndWait(group, vault, wanted());
    const at = vaultScope(group, vault);
    const secrets = new SecretClient(vaultUrl(vault), secretCredential());
    await refusal(secrets.setSecret("a", "1"), 403, "Forbidden",
      "ForbiddenByRbac");
    const guid = randomUUID();
    await assign(guid, officer, await objectId(), at);
    assert.equal((await secrets.setSecret("a", "1")).value, "1");
    await roleAssignments.delete(at, guid);
    await refusal(secrets.getSecret("a"), 403, "Forbidden",
      "ForbiddenByRbac");
  });

  test("a role at one secret", withStranger, async () => {
    const vault = name();
    await vaults.beginCreateOrUpdateAndWait(group, vault, wanted());
    const at = vaultScope(group, vault);
    await assign(randomUUID(), officer, await objectId(), at);
    const who = strangerCredential();
    await assign(randomUUID(), user, await objectId(who), `${at}/secrets/a`);
    const secrets = new SecretClient(vaultUrl(vault), secretCredential());
    await secrets.setSecret("a", "1");
    await secrets.setSecret("b", "2");
    const theirs = new SecretClient(vaultUrl(vault), who);
    assert.equal((await theirs.getSecret("a")).value, "1");
    await refusal(theirs.getSecret("b"), 403, "Forbidden");
    await refusal(theirs.setSecret("a", "3"), 403, "Forbidden");
  });

  test("those at a vault end with it", async () => {
    const vault = name();
    await vaults.beginCreateOrUpdateAndWait(group, vault, wanted());
    const principalId = randomUUID();
    await assign(randomUUID(), reader, principalId, vaultScope(group, vault));
    const theirs = () => list(`principalId eq '${principalId}'`);
    assert.equal((await theirs()).length, 1);
    await vaults.delete(group, vault);
    assert.deepEqual(await theirs(), []);
    await vaults.beginCreateOrUpdateAndWait(group, vault,
      wanted({ createMode: "recover" }));
    assert.deepEqual(await theirs(), []);
  });
});
