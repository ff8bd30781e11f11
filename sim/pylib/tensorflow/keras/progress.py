"""What fit, evaluate and predict print: the lines that stand when a bar has come to its end."""
import time


def _duration(seconds, unit):
    if seconds >= 1 or seconds == 0:
        return " %.0fs/%s" % (seconds, unit)
    return " %.0fms/%s" % (seconds * 1e3, unit) if seconds >= 1e-3 else " %.0fus/%s" % (seconds * 1e6, unit)


class Progress:
    """verbose 0: nothing; 1: a bar; 2: one line an epoch."""

    def __init__(self, verbose, steps):
        self.verbose, self.steps = 1 if verbose == "auto" else int(verbose), steps
        self.started = time.time()

    def epoch(self, number, epochs):
        if self.verbose:
            print("Epoch %d/%d" % (number, epochs))
        self.started = time.time()

    def done(self, figures):
        seconds = time.time() - self.started
        if self.verbose == 1:
            values = "".join(" - %s: %.4f" % item if abs(item[1]) > 1e-3 else " - %s: %.4e" % item for item in figures.items())
            print("%d/%d [%s] - %.0fs%s%s" % (self.steps, self.steps, "=" * 30, seconds,
                                              _duration(seconds / self.steps, "step"), values))
        elif self.verbose == 2:
            values = "".join(" - %s: %.4f" % item if item[1] > 1e-3 else " - %s: %.4e" % item for item in figures.items())
            print("%d/%d - %.0fs%s -%s -%s" % (self.steps, self.steps, seconds, values, _duration(seconds, "epoch"),
                                              _duration(seconds / self.steps, "step")))
