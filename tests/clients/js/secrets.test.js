// The real Azure client for secrets, as an application uses it.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";

import { ClientCertificateCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";

import {
  collect, env, name, options, refusal, secretCredential, strangerCredential,
  withStranger,
} from "./vault.js";

const credentials = { "client secret": secretCredential };
if (env.CLIENT_CERTIFICATE) {
  credentials["client certificate (PS256)"] = () =>
    new ClientCertificateCredential(env.TENANT_ID, env.CLIENT_ID, {
      certificatePath: env.CLIENT_CERTIFICATE,
    }, options);
}

function valueOf25Kilobytes() {
  const unit = 'Grüße 🔑 \u2028\u0001"\\/ 漢字 ';
  const size = Buffer.byteLength(unit);
  const text = unit.repeat(Math.floor(25600 / size));
  return text + "x".repeat(25600 - Buffer.byteLength(text));
}

for (const [how, credential] of Object.entries(credentials)) {
  describe(`secrets, with a ${how}`, { concurrency: false }, () => {
    const client = new SecretClient(env.VAULT_URL, credential());

    test("set and get", async () => {
      const one = name();
      const made = await client.setSecret(one, "first");
      assert.equal(made.value, "first");
      assert.equal(made.name, one);
      assert.equal(made.properties.vaultUrl, env.VAULT_URL);
      const read = await client.getSecret(one);
      assert.equal(read.value, "first");
      assert.equal(read.properties.id, made.properties.id);
      assert.match(read.properties.version, /^[0-9a-f]{32}$/);
      assert.equal(read.properties.enabled, true);
      assert.equal(read.properties.recoveryLevel, "Recoverable+Purgeable");
      assert.equal(read.properties.recoverableDays, 90);
      assert.ok(Math.abs(Date.now() - read.properties.createdOn) < 60000);
    });

    test("content type, tags, not before, expires on", async () => {
      const one = name();
      const notBefore = new Date("2020-02-03T04:05:06Z");
      const expiresOn = new Date("2037-01-02T03:04:05Z");
      const tags = { purpose: "test", Ünïcode: "🔑", empty: "" };
      await client.setSecret(one, "x", {
        contentType: "text/plain", tags, notBefore, expiresOn,
      });
      const { properties } = await client.getSecret(one);
      assert.equal(properties.contentType, "text/plain");
      assert.deepEqual({ ...properties.tags }, tags);
      assert.deepEqual(properties.notBefore, notBefore);
      assert.deepEqual(properties.expiresOn, expiresOn);
    });

    test("a date after 2038 is no error", async () => {
      // the client cuts it to 32 bits and sends a negative number
      const one = name();
      const expiresOn = new Date("2099-01-01T00:00:00Z");
      await client.setSecret(one, "x", { expiresOn });
      assert.equal((await client.getSecret(one)).value, "x");
    });

    test("a Unicode value of 25 KB", async () => {
      const value = valueOf25Kilobytes();
      assert.equal(Buffer.byteLength(value), 25600);
      const one = name();
      assert.equal((await client.setSecret(one, value)).value, value);
      assert.equal((await client.getSecret(one)).value, value);
      await refusal(client.setSecret(one, value + "x"), 400, "BadParameter");
    });

    test("versions", async () => {
      const one = name();
      const made = [];
      for (let number = 0; number < 30; number++) {
        made.push(await client.setSecret(one, `v${number}`));
      }
      assert.equal((await client.getSecret(one)).value, "v29");
      for (const [number, secret] of made.entries()) {
        const { version } = secret.properties;
        const read = await client.getSecret(one, { version });
        assert.equal(read.value, `v${number}`);
      }
      const listed = await collect(
        client.listPropertiesOfSecretVersions(one));
      assert.deepEqual(
        new Set(listed.map((p) => p.version)),
        new Set(made.map((s) => s.properties.version)));
    });

    test("a list of more than one page", async () => {
      const prefix = name("page");
      const names = Array.from({ length: 60 }, (_, i) => `${prefix}-${i}`);
      // as an application does it: many at once, each on its own connection
      await Promise.all(names.map((one) => client.setSecret(one, "x")));
      const listed = (await collect(client.listPropertiesOfSecrets()))
        .map((p) => p.name);
      assert.equal(new Set(listed).size, listed.length);
      assert.ok(names.every((one) => listed.includes(one)));
      const pages = await collect(
        client.listPropertiesOfSecrets().byPage({ maxPageSize: 7 }));
      assert.ok(pages.every((page) => page.length <= 7));
      assert.equal(pages.flat().length, listed.length);
    });

    test("update", async () => {
      const one = name();
      const { properties: { version } } = await client.setSecret(
        one, "kept", { contentType: "before", tags: { a: "1" } });
      await client.updateSecretProperties(one, version, {
        contentType: "after", tags: { b: "2" },
      });
      const read = await client.getSecret(one);
      assert.equal(read.value, "kept");
      assert.equal(read.properties.version, version);
      assert.equal(read.properties.contentType, "after");
      assert.deepEqual({ ...read.properties.tags }, { b: "2" });
      // an empty version is the current one
      await client.updateSecretProperties(one, "", { contentType: "latest" });
      assert.equal(
        (await client.getSecret(one)).properties.contentType, "latest");
    });

    test("a disabled version", async () => {
      const one = name();
      const first = (await client.setSecret(one, "first")).properties.version;
      await client.setSecret(one, "second", { enabled: false });
      await refusal(client.getSecret(one), 403, "Forbidden",
        "SecretDisabled");
      assert.equal(
        (await client.getSecret(one, { version: first })).value, "first");
      await client.updateSecretProperties(one, "", { enabled: true });
      assert.equal((await client.getSecret(one)).value, "second");
    });

    test("delete, recover, purge", { timeout: 20000 }, async () => {
      const one = name();
      await client.setSecret(one, "back again");
      const deletion = await client.beginDeleteSecret(one);
      const deleted = await deletion.pollUntilDone();
      assert.ok(deleted.recoveryId.endsWith(`/deletedsecrets/${one}`));
      assert.equal(
        deleted.scheduledPurgeDate - deleted.deletedOn, 90 * 86400 * 1000);
      assert.equal((await client.getDeletedSecret(one)).name, one);
      const listed = await collect(client.listDeletedSecrets());
      assert.ok(listed.some((d) => d.name === one));
      await refusal(client.getSecret(one), 404, "SecretNotFound");
      await refusal(client.setSecret(one, "refused"), 409, "Conflict",
        "ObjectIsDeletedButRecoverable");
      const recovery = await client.beginRecoverDeletedSecret(one);
      await recovery.pollUntilDone();
      assert.equal((await client.getSecret(one)).value, "back again");
      await (await client.beginDeleteSecret(one)).pollUntilDone();
      await client.purgeDeletedSecret(one);
      await refusal(client.getDeletedSecret(one), 404, "SecretNotFound");
      await client.setSecret(one, "a new one");
      const versions = await collect(
        client.listPropertiesOfSecretVersions(one));
      assert.equal(versions.length, 1);
    });

    test("backup and restore", { timeout: 20000 }, async () => {
      const one = name();
      const value = valueOf25Kilobytes();
      const tags = { k: "v" };
      const versions = [];
      for (const text of ["first", "second", value]) {
        const made = await client.setSecret(one, text, { tags });
        versions.push(made.properties.version);
      }
      const backup = await client.backupSecret(one);
      await refusal(client.restoreSecretBackup(backup), 409, "Conflict");
      await (await client.beginDeleteSecret(one)).pollUntilDone();
      await client.purgeDeletedSecret(one);
      const restored = await client.restoreSecretBackup(backup);
      assert.equal(restored.name, one);
      assert.equal(restored.version, versions[2]);
      assert.deepEqual({ ...restored.tags }, tags);
      assert.equal((await client.getSecret(one)).value, value);
      assert.equal((await client.getSecret(
        one, { version: versions[0] })).value, "first");
      const damaged = Uint8Array.from(backup);
      damaged[damaged.length - 30] ^= 1;
      await refusal(client.restoreSecretBackup(damaged), 400, "BadParameter");
    });

    test("not found", async () => {
      await refusal(client.getSecret("never-made"), 404, "SecretNotFound");
      await refusal(client.beginDeleteSecret("never-made"), 404,
        "SecretNotFound");
      await assert.rejects(
        collect(client.listPropertiesOfSecretVersions("never-made")),
        { statusCode: 404 });
    });

    test("forty requests at once", async () => {
      const one = name();
      await client.setSecret(one, "shared");
      const read = await Promise.all(
        Array.from({ length: 40 }, () => client.getSecret(one)));
      assert.ok(read.every((secret) => secret.value === "shared"));
    });
  });
}

describe("who is refused", () => {
  test("a wrong client secret", async () => {
    const client = new SecretClient(
      env.VAULT_URL, secretCredential({ secret: "wrong" }));
    await assert.rejects(client.getSecret("x"), (error) => {
      assert.match(error.name, /^Authentication/);
      assert.match(error.message, /7000215/);
      return true;
    });
  });

  test("an unknown client", async () => {
    const client = new SecretClient(
      env.VAULT_URL, secretCredential({ id: randomUUID() }));
    await assert.rejects(client.getSecret("x"), (error) => {
      assert.match(error.name, /^Authentication/);
      assert.match(error.message, /700016/);
      return true;
    });
  });

  test("a principal without rights", withStranger, async () => {
    const client = new SecretClient(env.VAULT_URL, strangerCredential());
    await refusal(client.getSecret("x"), 403, "Forbidden", "AccessDenied");
  });
});
