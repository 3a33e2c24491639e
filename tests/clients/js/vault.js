// What the tests of the JavaScript clients share.  Challenge-resource
// verification is on, as it is by default.  Wants VAULT_URL, AUTHORITY_HOST,
// TENANT_ID, CLIENT_ID, CLIENT_SECRET in the environment, and
// NODE_EXTRA_CA_CERTS; CLIENT_CERTIFICATE (a PEM file with certificate and
// key), STRANGER_ID and STRANGER_SECRET (a principal without rights),
// OPERATOR_ID and OPERATOR_SECRET (a principal that may compute with keys, but
// not read them) if there are such.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { ClientSecretCredential } from "@azure/identity";

export const env = process.env;

export const options = {
  authorityHost: env.AUTHORITY_HOST,
  disableInstanceDiscovery: true,
};

export function secretCredential(changes = {}) {
  const { tenant, id, secret } = {
    tenant: env.TENANT_ID,
    id: env.CLIENT_ID,
    secret: env.CLIENT_SECRET,
    ...changes,
  };
  return new ClientSecretCredential(tenant, id, secret, options);
}

export const strangerCredential = () => secretCredential({
  id: env.STRANGER_ID, secret: env.STRANGER_SECRET,
});

export const withStranger = {
  skip: !env.STRANGER_ID && "no principal without rights was given",
};

// A client that may not read the key asks the server for everything; one that
// may computes by itself what needs the public part only.
export const operatorCredential = () => secretCredential({
  id: env.OPERATOR_ID, secret: env.OPERATOR_SECRET,
});

export const withOperator = {
  skip: !env.OPERATOR_ID && "no principal that only computes was given",
};

export const name = (prefix = "js") =>
  `${prefix}-${randomUUID().slice(0, 13)}`;

export async function collect(iterator) {
  const all = [];
  for await (const one of iterator) {
    all.push(one);
  }
  return all;
}

// The call fails with this status, error code and inner error code, and with
// a message that matches.
export async function refusal(promise, status, code, inner, message = /./) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.statusCode, status, error.message);
    assert.equal(error.code, code);
    if (inner) {
      assert.equal(error.details.error.innerError?.code, inner);
    }
    assert.match(error.message, message);
    return true;
  });
}
