"""What the tests share: a running server, tokens, and plain HTTP."""
