"""Reading secrets: by protocol, by size, by version, by how many there are."""

from h2load import h2load
from vault import CURRENT, EARLIER, LIST, VERSIONS

THOUSAND, MILLION = 1000, 1000000


def http2(load):
    """Four connections with eight requests under way on each."""
    return h2load(load.but(connections=4), "-m", 8, "-D", load.seconds)


def reads(suite):
    """The headline: one token, one of all secrets at random."""
    with suite.main().serving() as vault:
        http = suite.load(vault)
        tls = http.but(tls=True)
        suite.row("read-http", "HTTP/1.1", suite.compare(http))
        suite.row("read-tls", "TLS 1.3", suite.compare(tls))
        suite.row("read-http2", "HTTP/2, TLS 1.3", suite.compare(tls, http2))
        suite.row("read-http-sleeping", "HTTP/1.1, generator sleeps",
                  suite.compare(http.but(sleeping=True),
                                rounds=suite.few))
        suite.row("read-tls-sleeping", "TLS 1.3, generator sleeps",
                  suite.compare(tls.but(sleeping=True),
                                rounds=suite.few))


def values(suite):
    """Larger secrets; the limit's body is as large."""
    for size, name, secrets in ((1000, "1 KB", MILLION // 10),
                                (25000, "25 KB", MILLION // 100)):
        secrets = min(secrets, suite.arguments.secrets)
        with suite.vault(secrets, size) as vault, vault.serving():
            suite.row(f"value-{size}", f"{name}, {secrets:,} secrets",
                      suite.compare(suite.load(vault), rounds=suite.few))


def versions(suite):
    """Secrets named with their version, the current one and the one before."""
    with suite.main().serving() as vault:
        current = suite.load(vault, target=CURRENT)
        earlier = current.but(target=EARLIER, secrets=vault.older)
        suite.row("version-current", "the current version, by its id",
                  suite.compare(current, rounds=suite.few))
        suite.row("version-earlier", "an earlier version, by its id",
                  suite.compare(earlier, rounds=suite.few))


def scale(suite):
    """The same read with more and more secrets.

    With ever more of them a look-up passes one or two more pages, and finds
    fewer of those in the processor's caches.
    """
    sizes = {THOUSAND, 100 * THOUSAND, MILLION}
    if suite.arguments.full:
        sizes.add(10 * MILLION)
    for secrets in sorted({min(n, suite.arguments.most) for n in sizes}):
        with suite.vault(secrets, suite.arguments.value) as vault, \
                vault.serving():
            suite.row(f"scale-{secrets}", f"{secrets:,} secrets",
                      suite.compare(suite.load(vault)), secrets=secrets)


def lists(suite):
    """A page of 25 secrets, and a page of 25 versions of one secret."""
    vault = suite.main()
    with vault.serving():
        while len(vault.read(VERSIONS).json["value"]) < 25:
            vault.set_first()
        vault.learn("= /secrets", LIST)
        vault.learn("= /secrets/bench-0000000/versions", VERSIONS)
    with vault.serving():
        load = suite.load(vault)
        suite.row("list-secrets", "25 of all secrets",
                  suite.compare(load.but(target=LIST), rounds=suite.few))
        suite.row("list-versions", "25 versions of a secret",
                  suite.compare(load.but(target=VERSIONS), rounds=suite.few))
