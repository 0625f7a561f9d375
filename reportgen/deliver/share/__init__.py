"""The shared Google Sheet: the only place that signs in to Google or calls it."""

from __future__ import annotations

from reportgen.deliver.share.address import spreadsheet_id, spreadsheet_url
from reportgen.deliver.share.login import (
    Login,
    awaits_sign_in,
    client_file,
    find_login,
    person_file,
    service_file,
)
from reportgen.deliver.share.publishing import Planning, Publication, publish_to
from reportgen.deliver.share.sharing import Sharing, share_with
from reportgen.deliver.share.signin import sign_in
from reportgen.deliver.share.spreadsheet import Spreadsheet
from reportgen.deliver.share.transport import OutcomeUnknownError, Patience

__all__ = [
    "Login",
    "OutcomeUnknownError",
    "Patience",
    "Planning",
    "Publication",
    "Sharing",
    "Spreadsheet",
    "awaits_sign_in",
    "client_file",
    "find_login",
    "person_file",
    "publish_to",
    "service_file",
    "share_with",
    "sign_in",
    "spreadsheet_id",
    "spreadsheet_url",
]
