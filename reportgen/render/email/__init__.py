"""The mail that brings an issue: its answer as the subject, a page for mail programs, the same as plain text."""

from __future__ import annotations

from reportgen.render.email.mail import render_mail

__all__ = ["render_mail"]
