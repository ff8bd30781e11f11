from .. import log
log.append(__name__)
def where():
    return __package__, __name__
