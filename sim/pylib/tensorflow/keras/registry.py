"""Objects named by strings, as in `activation="relu"`."""


def find(kind, table, identifier):
    """The entry of that name, the identifier itself when it is none; kind is for the message."""
    if not isinstance(identifier, str):
        return identifier
    if identifier not in table:
        raise ValueError("Unknown %s: '%s'. Please ensure you are using one that hybridsim's keras has: %s"
                         % (kind, identifier, ", ".join(sorted(table))))
    return table[identifier]
