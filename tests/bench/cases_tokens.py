"""What tokens cost: known ones, many known ones, new ones."""

import tokens as signed

# what a worker keeps is 16,384; of more, used in turn, it never has the next
MANY, TOO_MANY = 10000, 20000


def tokens(suite):
    vault = suite.main()
    suite.report.say("signing tokens")
    many = signed.write(vault, "many.tokens", MANY)
    rs256 = signed.write(vault, "rs256.tokens", TOO_MANY, "RS256")
    es256 = signed.write(vault, "es256.tokens", TOO_MANY, "ES256")
    with vault.serving():
        one = suite.load(vault)
        each = one.but(script="tokens")
        for row_id, case, load in (
                ("token-one", "one token", one),
                ("token-many", f"{MANY:,} tokens in turn",
                 each.but(tokens=many)),
                ("token-new-rs256", "a new token each time, RS256",
                 each.but(tokens=rs256)),
                ("token-new-es256", "a new token each time, ES256",
                 each.but(tokens=es256))):
            suite.row(row_id, case, suite.compare(load, sides=("ours",)))
