def __getattr__(name):
    if name == "lazy":
        return "made"
    raise AttributeError("no " + name)
def __dir__():
    return ["lazy", "z", "a"]
real = 1
