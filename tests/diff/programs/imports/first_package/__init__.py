"""First package."""
log = ["first"]
__all__ = ["listed", "deep"]
hidden = 1
listed = 2
