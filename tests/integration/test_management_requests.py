"""What the management plane answers to bodies of wrong types, odd paths and
queries, and to changes that race each other."""

import copy
import json
import threading
import uuid

import pytest

from support import config

VALUES = {"HTTP": config.MANAGEMENT}

KEYVAULT = "api-version=2023-07-01"
GROUPS = "api-version=2021-04-01"
LOCKS = "api-version=2020-05-01"
INSIGHTS = "api-version=2021-05-01-preview"
ROLES = "api-version=2022-04-01"

WRONG = (None, True, 0, -1, 1 << 62, 1.5, "", "x" * 3000, "\u00e9\u202e\U0001f512",
         [], [None], [[]], {}, {"": ""}, {"id": {}}, [{"value": 7}])


class Plane:
    """The plane, as its owner calls it."""

    def __init__(self, server):
        self.server = server
        owner = str(uuid.uuid4())
        server.assign(owner, "Owner")
        self.token = server.issuer.token(owner, aud=server.management)
        self.subscription = f"/subscriptions/{server.subscription}"
        self.tenant = server.ctl("vault", "show", "demo")["tenant"]

    def call(self, method, target, body=None):
        return self.server.call(
            method, target, body, token=self.token,
            headers={"Host": f"management.localhost:{self.server.port}"})

    def group(self, name):
        return f"{self.subscription}/resourceGroups/{name}"

    def vault(self, name, group="default"):
        return (f"{self.group(group)}/providers/Microsoft.KeyVault/vaults/"
                f"{name}")

    def body(self, **properties):
        return {"location": "westus", "tags": {"a": "b"}, "properties": {
            "tenantId": self.tenant, "sku": {"family": "A",
                                             "name": "standard"},
            "accessPolicies": [], **properties}}

    def make(self, name, group="default", **properties):
        return self.call("PUT", f"{self.vault(name, group)}?{KEYVAULT}",
                         self.body(**properties))

    def names(self):
        """Of the live vaults, as the group that each says it is in."""
        answer = self.call("GET", f"{self.subscription}/providers/Microsoft."
                           f"KeyVault/vaults?{KEYVAULT}")
        assert answer.status == 200, answer
        return {one["name"]: one["id"].split("/")[4]
                for one in answer.json["value"]}


@pytest.fixture(scope="module")
def plane(server):
    return Plane(server)


def places(value, path=()):
    """The path of every member and element within a body."""
    if path:
        yield path
    inside = (value.items() if isinstance(value, dict)
              else enumerate(value) if isinstance(value, list) else ())
    for at, one in inside:
        yield from places(one, path + (at,))


def with_wrong_types(body):
    for path in places(body):
        for wrong in WRONG:
            changed = copy.deepcopy(body)
            inside = changed
            for at in path[:-1]:
                inside = inside[at]
            inside[path[-1]] = wrong
            yield changed


def refused_well(answer):
    """An answer is given, or a refusal in this plane's form."""
    if answer.status < 400:
        return True
    error = answer.json["error"]
    return (answer.status < 500 and set(error) == {"code", "message"}
            and error["code"] and error["message"])


def bodies(plane):
    """One whole body of each route that takes one."""
    vault = plane.vault("demo")
    policy = {"tenantId": plane.tenant, "objectId": str(uuid.uuid4()),
              "applicationId": str(uuid.uuid4()),
              "permissions": {"keys": ["get"], "secrets": ["all"],
                              "certificates": [], "storage": ["list"]}}
    acls = {"bypass": "None", "defaultAction": "Allow",
            "ipRules": [{"value": "192.0.2.0/24"}],
            "virtualNetworkRules": [{"id": "/subnet"}]}
    attributes = {"enabled": True, "nbf": 1, "exp": 2000000000}
    return {
        "group": ("PUT", f"{plane.group('odd')}?{GROUPS}",
                  {"location": "westus", "tags": {"a": "b"}}),
        "vault": ("PUT", f"{vault}?{KEYVAULT}", {
            **plane.body(
                accessPolicies=[policy], networkAcls=acls,
                createMode="default", enableSoftDelete=True,
                enabledForDeployment=True, publicNetworkAccess="Enabled",
                enableRbacAuthorization=False), "location": "local"}),
        "changed vault": ("PATCH", f"{vault}?{KEYVAULT}",
                          {"tags": {}, "properties": {"networkAcls": acls}}),
        "policies": ("PUT", f"{vault}/accessPolicies/add?{KEYVAULT}",
                     {"properties": {"accessPolicies": [policy]}}),
        "name": ("POST", f"{plane.subscription}/providers/Microsoft.KeyVault/"
                 f"checkNameAvailability?{KEYVAULT}",
                 {"name": "a", "type": "Microsoft.KeyVault/vaults"}),
        "lock": ("PUT", f"{vault}/providers/Microsoft.Authorization/locks/l?"
                 f"{LOCKS}", {"properties": {
                     "level": "CanNotDelete", "notes": "n",
                     "owners": [{"applicationId": "a"}]}}),
        "setting": ("PUT", f"{vault}/providers/Microsoft.Insights/"
                    f"diagnosticSettings/d?{INSIGHTS}", {"properties": {
                        "storageAccountId": "/none", "eventHubName": "e",
                        "logs": [{"category": "AuditEvent", "enabled": True,
                                  "retentionPolicy": {"enabled": False,
                                                      "days": 0}}],
                        "metrics": [{"category": "AllMetrics",
                                     "enabled": True}]}}),
        "secret": ("PUT", f"{vault}/secrets/s?{KEYVAULT}", {
            "tags": {"a": "b"}, "properties": {
                "value": "v", "contentType": "t", "attributes": attributes}}),
        "changed secret": ("PATCH", f"{vault}/secrets/s?{KEYVAULT}", {
            "properties": {"contentType": "t", "attributes": attributes}}),
        "key": ("PUT", f"{vault}/keys/k?{KEYVAULT}", {
            "tags": {"a": "b"}, "properties": {
                "kty": "EC", "curveName": "P-1", "keyOps": ["sign"],
                "attributes": attributes, "rotationPolicy": {
                    "attributes": {"expiryTime": "P90D"},
                    "lifetimeActions": [{
                        "action": {"type": "rotate"},
                        "trigger": {"timeAfterCreate": "P30D"}}]}}}),
        "assignment": ("PUT", f"{vault}/providers/Microsoft.Authorization/"
                       f"roleAssignments/{uuid.uuid4()}?{ROLES}", {
                           "properties": {"roleDefinitionId": "/x",
                                          "principalId": "x",
                                          "principalType": "User",
                                          "description": "d"}}),
        "principals": ("POST", "/v1.0/directoryObjects/getByIds",
                       {"ids": ["x"], "types": ["user"]}),
    }


def test_wrong_types(plane):
    asked = 0
    for kind, (method, target, body) in bodies(plane).items():
        for wrong in with_wrong_types(body):
            answer = plane.call(method, target, wrong)
            assert refused_well(answer), (kind, wrong, answer)
            asked += 1
    assert asked > 1000


def test_odd_targets(plane):
    names = ("%00", "%ff%fe", "%2e%2e", "..", "a%2f..%2fb", "%25", "%", "%zz",
             "'", '"', "%0d%0a", "x" * 3000, "%c3%a9", "%f0%9f%94%92", "+",
             "a;b", "*", "{name}", "%7bname%7d")
    targets = [
        f"{plane.subscription}/resourceGroups/{{}}?{GROUPS}",
        f"{plane.vault('{}')}?{KEYVAULT}",
        f"{plane.vault('demo')}/secrets/{{}}?{KEYVAULT}",
        f"{plane.vault('demo')}/keys/k/versions/{{}}?{KEYVAULT}",
        f"{plane.vault('demo')}/accessPolicies/{{}}?{KEYVAULT}",
        f"{plane.vault('demo')}/privateEndpointConnections/{{}}?{KEYVAULT}",
        f"{plane.vault('demo')}/providers/Microsoft.Authorization/locks/{{}}?"
        f"{LOCKS}",
        f"{plane.vault('demo')}/providers/Microsoft.Insights/"
        f"diagnosticSettings/{{}}?{INSIGHTS}",
        f"{plane.subscription}/providers/Microsoft.KeyVault/locations/{{}}/"
        f"deletedVaults/{{}}?{KEYVAULT}",
        f"{plane.subscription}/providers/Microsoft.KeyVault/locations/l/"
        f"operationResults/{{}}?{KEYVAULT}",
        f"{plane.subscription}/resources?{GROUPS}&$filter={{}}",
        f"{plane.subscription}/resources?{GROUPS}&$skiptoken={{}}",
        f"{plane.subscription}/resources?{GROUPS}&$top={{}}",
        f"{plane.subscription}/resourceGroups?api-version={{}}",
        f"{plane.vault('demo')}/secrets?{KEYVAULT}&$skiptoken={{}}",
        "/v1.0/servicePrincipals?$filter={}",
    ]
    for target in targets:
        for name in names:
            for method in ("GET", "DELETE", "PUT", "POST"):
                body = {} if method in ("PUT", "POST") else None
                odd = target.replace("{}", name)
                answer = plane.call(method, odd, body)
                assert answer.status < 500, (method, odd, answer)
                # nginx itself refuses what is no URI
                if answer.body and b"nginx" not in answer.body:
                    json.loads(answer.body)


def test_two_creates(plane):
    """One wins, the other is told so; what the winner put is what there is."""
    for i in range(10):
        answers = together(
            lambda i=i: plane.make(f"race-{i}", enabledForDeployment=True),
            lambda i=i: plane.make(f"race-{i}", enabledForDeployment=False))
        assert sorted(one.status for one in answers) in (
            [201, 409], [200, 201]), answers
        for one in answers:
            if one.status == 409:
                assert one.json["error"]["code"] == "VaultAlreadyExists"


def test_group_and_its_vaults(plane):
    """A group is never gone with a vault alive in it, whoever is first."""
    for i in range(10):
        group, old, new = f"brief-{i}", f"old-{i}", f"new-{i}"
        there = {"location": "westus"}
        target = f"{plane.group(group)}?{GROUPS}"
        assert plane.call("PUT", target, there).status == 201
        assert plane.make(old, group).status == 201
        assert plane.call(
            "DELETE", f"{plane.vault(old, group)}?{KEYVAULT}").status == 200
        deleted, recovered, made = together(
            lambda t=target: plane.call("DELETE", t),
            lambda o=old, g=group: plane.make(o, g, createMode="recover"),
            lambda n=new, g=group: plane.make(n, g))
        assert deleted.status == 200, deleted
        assert recovered.status in (200, 404), recovered
        assert made.status in (201, 404), made
        assert plane.call("GET", target).status == 404
        assert group not in plane.names().values()


def together(*calls):
    answers = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(i):
        barrier.wait()
        answers[i] = calls[i]()

    threads = [threading.Thread(target=run, args=(i,))
               for i in range(len(calls))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return answers
