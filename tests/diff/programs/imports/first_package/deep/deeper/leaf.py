VALUE = 42
from ... import log
log.append("leaf")
