// What the tests of the management clients share.  Wants ARM_URL and
// SUBSCRIPTION_ID besides what vault.js wants; CLIENT_ID has the role Owner at
// "/".

import assert from "node:assert/strict";

import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { KeyVaultManagementClient } from "@azure/arm-keyvault";

import { env, name, secretCredential } from "./vault.js";

export const withManagement = {
  skip: !env.ARM_URL && "no management plane was given",
  concurrency: false,
};

export const subscription = env.SUBSCRIPTION_ID;
export const subscriptionScope = `/subscriptions/${subscription}`;
export const location = "north1";

const credential = secretCredential();
const address = env.ARM_URL ?? "https://management.localhost";

const options = (changes) => ({
  endpoint: address, credentialScopes: `${address}/.default`, ...changes,
});

export const management = (changes = {}, who = credential,
  where = subscription) =>
  new KeyVaultManagementClient(who, where, options(changes));

export const authorization = (who = credential) =>
  new AuthorizationManagementClient(who, subscription, options());

export const groupScope = (group) =>
  `${subscriptionScope}/resourceGroups/${group}`;

export const vaultScope = (group, vault) =>
  `${groupScope(group)}/providers/Microsoft.KeyVault/vaults/${vault}`;

export const roleId = (guid) =>
  `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/` +
  guid;

// The object id of the principal whose credential this is.
export async function objectId(who = credential) {
  const { token } = await who.getToken(`${address}/.default`);
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url")).oid;
}

export async function makeGroup() {
  const group = name("group");
  const { token } = await credential.getToken(`${address}/.default`);
  const answer = await fetch(
    `${address}${groupScope(group)}?api-version=2022-09-01`, {
      method: "PUT",
      headers: {
        Authorization: `Bearer ${token}`, "Content-Type": "application/json",
      },
      body: JSON.stringify({ location }),
    });
  assert.equal(answer.status, 201, await answer.text());
  return group;
}

// What a vault needs; changes are to its properties.
export const wanted = (changes = {}, more = {}) => ({
  location,
  properties: {
    tenantId: env.TENANT_ID,
    sku: { family: "A", name: "standard" },
    ...changes,
  },
  ...more,
});

export const vaultUrl = (vault) => {
  const url = new URL(env.VAULT_URL);
  url.hostname = url.hostname.replace(/^[^.]+/, vault);
  return url.origin;
};
