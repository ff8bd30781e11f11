"""What fit, evaluate and predict print."""
import time


def _duration(seconds):
    if seconds >= 1 or seconds == 0:
        return "%ds" % seconds
    return "%dms" % (seconds * 1e3) if seconds >= 1e-3 else "%dus" % (seconds * 1e6)


class Progress:
    """verbose 0: nothing; 1: a bar; 2: one line an epoch."""

    def __init__(self, verbose, steps):
        self.verbose, self.steps = 1 if verbose == "auto" else verbose, steps
        self.started = time.time()

    def epoch(self, number, epochs):
        if self.verbose:
            print("Epoch %d/%d" % (number, epochs))
        self.started = time.time()

    def done(self, figures):
        if not self.verbose:
            return
        seconds = time.time() - self.started
        values = "".join(" - %s: %.4f" % item if abs(item[1]) > 1e-3 else " - %s: %.4e" % item for item in figures.items())
        step = _duration(seconds / self.steps)
        if self.verbose == 1:
            print("%d/%d [%s] - %ds %s/step%s" % (self.steps, self.steps, "=" * 30, seconds, step, values))
        else:
            print("%d/%d - %ds%s - %s/epoch - %s/step" % (self.steps, self.steps, seconds, values, _duration(seconds), step))
