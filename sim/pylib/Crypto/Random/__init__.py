"""Random bytes, from the operating system."""
import os


def get_random_bytes(count):
    return os.urandom(count)
