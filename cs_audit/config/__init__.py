"""cs-audit.toml as typed values."""

from cs_audit.config.durations import Duration, parse_duration
from cs_audit.config.load import find_config, load_config, parse_config
from cs_audit.config.models import Config
from cs_audit.config.source_tables import FileSource

__all__ = ["Config", "Duration", "FileSource", "find_config", "load_config", "parse_config", "parse_duration"]
