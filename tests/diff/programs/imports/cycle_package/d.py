import cycle_package.c
value = 5
try:
    cycle_package.c.use
except AttributeError as error:
    problem = str(error)
