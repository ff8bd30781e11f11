public = 1
_private = 2
__all__ = ("public", "_private", "missing")
