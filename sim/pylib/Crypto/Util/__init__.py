"""Padding and counters."""
__all__ = ["Counter", "Padding"]
