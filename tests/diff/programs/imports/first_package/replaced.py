import sys
class Stand:
    answer = 7
sys.modules[__name__] = Stand()
