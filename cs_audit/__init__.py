"""cs-audit: the support audit you can argue with."""

__version__ = "0.1.0"
__all__ = ["__version__"]
