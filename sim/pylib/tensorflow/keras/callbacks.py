"""What fit returns, and what it can be given."""


class Callback:
    model = None

    def on_train_begin(self, logs=None):
        pass

    def on_epoch_begin(self, epoch, logs=None):
        pass

    def on_epoch_end(self, epoch, logs=None):
        pass

    def on_train_end(self, logs=None):
        pass


class History(Callback):
    def __init__(self):
        self.history, self.epoch, self.params = {}, [], {}

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class EarlyStopping(Callback):
    """Stop when the figure has not become smaller (larger, for an accuracy) for `patience` epochs."""

    def __init__(self, monitor="val_loss", min_delta=0, patience=0, restore_best_weights=False):
        self.monitor, self.min_delta, self.patience = monitor, abs(min_delta), patience
        self.restore_best_weights = restore_best_weights

    def on_train_begin(self, logs=None):
        self.best, self.waited, self.weights, self.stopped_epoch = None, 0, None, 0

    def on_epoch_end(self, epoch, logs=None):
        if self.monitor not in (logs or {}):
            raise ValueError("EarlyStopping watches '%s', which is not among %s" % (self.monitor, ", ".join(logs or {})))
        value = -logs[self.monitor] if "acc" in self.monitor else logs[self.monitor]
        if self.best is None or value < self.best - self.min_delta:
            self.best, self.waited = value, 0
            if self.restore_best_weights:
                self.weights = self.model.get_weights()
            return
        self.waited += 1
        if self.waited >= self.patience:
            self.stopped_epoch = epoch
            self.model.stop_training = True
            if self.weights is not None:
                self.model.set_weights(self.weights)
