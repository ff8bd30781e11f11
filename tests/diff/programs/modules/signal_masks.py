"""signal.pthread_sigmask and sigpending: blocked signals wait."""
import signal


def attempt(name, function, *arguments):
    try:
        result = function(*arguments)
    except Exception as error:
        result = "%s: %s" % (type(error).__name__, error)
    print(name, result)


def handler(number, frame):
    print("handled", signal.Signals(number).name)


signal.signal(signal.SIGUSR1, handler)
signal.signal(signal.SIGUSR2, handler)
print(signal.SIG_BLOCK, repr(signal.SIG_UNBLOCK), signal.SIG_SETMASK)
attempt("none", signal.pthread_sigmask, signal.SIG_BLOCK, [])
attempt("block", signal.pthread_sigmask, signal.SIG_BLOCK, [signal.SIGUSR1])
signal.raise_signal(signal.SIGUSR1)
print("still waiting")
attempt("pending", signal.sigpending)
signal.raise_signal(signal.SIGUSR2)
attempt("set", signal.pthread_sigmask, signal.SIG_SETMASK, {signal.SIGUSR2})
signal.raise_signal(signal.SIGUSR2)
attempt("unblock", signal.pthread_sigmask, signal.SIG_UNBLOCK, (12, 10))
attempt("kill", signal.pthread_sigmask, signal.SIG_BLOCK, [9, 19])
attempt("empty", signal.pthread_sigmask, signal.SIG_SETMASK, ())
attempt("pending", signal.sigpending)
for how, mask in ((5, [1]), (0, [0]), (0, [99]), (0, 5), (0, ["a"])):
    attempt("wrong", signal.pthread_sigmask, how, mask)
