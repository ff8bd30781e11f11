"""Objects named by strings, as in `activation="relu"`, or by what get_config gives: {"class_name": ..., "config": ...}."""


def find(kind, table, identifier):
    """The entry of that name, the identifier itself when it is none; kind is for the message."""
    if not isinstance(identifier, str):
        return identifier
    if identifier not in table:
        raise ValueError("Unknown %s: '%s'. Please ensure you are using one that hybridsim's keras has: %s"
                         % (kind, identifier, ", ".join(sorted(table))))
    return table[identifier]


def instance(kind, table, identifier):
    """An object for a name, a class, a configuration, or an object already."""
    if isinstance(identifier, dict):
        identifier = find(kind, {entry.__name__: entry for entry in table.values()},
                          identifier["class_name"])(**identifier["config"])
    found = find(kind, {**table, **{entry.__name__: entry for entry in table.values()}}, identifier)
    return found() if isinstance(found, type) else found


def serialized(thing):
    """The configuration of a part of a layer."""
    if thing is None or isinstance(thing, (bool, int, float, str, tuple, list)):
        return thing
    if hasattr(thing, "get_config"):
        return {"class_name": type(thing).__name__, "config": thing.get_config()}
    return thing.__name__


def check_options(owner, options, neutral):
    """Options that Keras knows and this package does not: only with the values that change nothing."""
    for name, value in options.items():
        if name not in neutral:
            raise TypeError("('Keyword argument not understood:', '%s')" % name)
        if value not in neutral[name]:
            raise NotImplementedError("%s(%s) is not in hybridsim's keras" % (owner, name))
