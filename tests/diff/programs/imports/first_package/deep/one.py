from ..deep import where as w
from . import deeper
from .. import log
from .deeper.leaf import VALUE
NAME = __name__
