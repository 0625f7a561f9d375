"""Google Sheets and Drive on loopback, as far as a publisher needs them.

A program under test is not changed: it reaches the fake through ``HTTPS_PROXY`` and trusts its certificates
through ``REQUESTS_CA_BUNDLE``. Every request is checked against Google's own description of the interfaces,
and so is every answer. What the fake does not have fails the test with its name; it never pretends.
"""
