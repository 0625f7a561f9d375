"""Plans the shared Google Sheet: report and state in, requests out. Pure; speaks to nobody."""
