"""Ciphers: AES."""
__all__ = ["AES"]
