import cycle_package.d
def use():
    return cycle_package.d.value
early = "early"
