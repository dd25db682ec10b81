"""Every fake helpdesk there is."""

from importlib import import_module

from helpdesks.harness import Vendor

from cs_audit.sources.helpdesks import TYPES

VENDORS: dict[str, Vendor] = {name: import_module(f"helpdesks.fake_{name}").VENDOR for name in TYPES}
