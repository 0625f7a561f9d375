"""Brings outputs to people: the shared sheet, the mail, on a schedule. Never sees runs or findings."""
