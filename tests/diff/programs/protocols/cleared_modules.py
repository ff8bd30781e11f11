# Imports go on working after a program has emptied sys.modules.
import sys

sys.modules.clear()
import bisect
import json.decoder

print(bisect.bisect([1, 2], 1), json.decoder.JSONDecoder().decode("[1]"))
