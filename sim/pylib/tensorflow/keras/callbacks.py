"""What fit returns, and what it can be given."""
import csv
import sys

import numpy as np

_EVENTS = ("epoch_begin", "epoch_end", "train_begin", "train_end", "test_begin", "test_end", "predict_begin", "predict_end",
           "train_batch_begin", "train_batch_end", "test_batch_begin", "test_batch_end", "predict_batch_begin", "predict_batch_end")


def _warn(text):
    print("WARNING:tensorflow:" + text, file=sys.stderr)


class Callback:
    model = None
    params = None

    def set_params(self, params):
        self.params = params

    def set_model(self, model):
        self.model = model

    def on_batch_begin(self, batch, logs=None):
        pass

    def on_batch_end(self, batch, logs=None):
        pass

    def on_train_batch_begin(self, batch, logs=None):
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        self.on_batch_end(batch, logs)


def _nothing(self, *arguments, **options):
    pass


for _event in _EVENTS:
    if not hasattr(Callback, "on_" + _event):
        setattr(Callback, "on_" + _event, _nothing)


class CallbackList:
    def __init__(self, callbacks, model, params):
        self.callbacks = list(callbacks or ())
        for callback in self.callbacks:
            callback.set_model(model)
            callback.set_params(params)

    def tell(self, event, *arguments):
        for callback in self.callbacks:
            getattr(callback, "on_" + event)(*arguments)


class LambdaCallback(Callback):
    def __init__(self, on_epoch_begin=None, on_epoch_end=None, on_batch_begin=None, on_batch_end=None, on_train_begin=None,
                 on_train_end=None, **others):
        self.__dict__.update(others)
        given = {"on_epoch_begin": on_epoch_begin, "on_epoch_end": on_epoch_end, "on_batch_begin": on_batch_begin,
                 "on_batch_end": on_batch_end, "on_train_begin": on_train_begin, "on_train_end": on_train_end}
        self.__dict__.update((name, function) for name, function in given.items() if function is not None)


class History(Callback):
    def __init__(self):
        self.history, self.epoch = {}, []

    def on_train_begin(self, logs=None):
        self.epoch = []

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
        self.model.history = self


class Watching(Callback):
    """Follows a figure: whether it has become better by more than min_delta."""

    missing = ""     # the warning about a figure that there is not: its name, and those there are
    maxima = ("acc", "accuracy", "auc")

    def watch(self, monitor, mode, min_delta=0):
        if mode not in ("auto", "min", "max"):
            _warn("%s mode %s is unknown, fallback to auto mode." % (type(self).__name__, mode))
            mode = "auto"
        self.monitor, self.mode, self.min_delta = monitor, mode, abs(min_delta)
        self.upwards = mode == "max" or mode == "auto" and self.is_maximum(monitor)
        self.best = -np.inf if self.upwards else np.inf

    def is_maximum(self, monitor):
        return monitor.endswith(self.maxima)

    def is_better(self, value, other):
        return value - self.min_delta > other if self.upwards else value + self.min_delta < other

    def figure(self, logs):
        if self.monitor not in (logs or {}):
            _warn(self.missing.format(self.monitor, ",".join(logs or {})))
            return None
        return logs[self.monitor]


class EarlyStopping(Watching):
    missing = "Early stopping conditioned on metric `{0}` which is not available. Available metrics are: {1}"

    def __init__(self, monitor="val_loss", min_delta=0, patience=0, verbose=0, mode="auto", baseline=None,
                 restore_best_weights=False, start_from_epoch=0):
        self.watch(monitor, mode, min_delta)
        self.patience, self.verbose, self.baseline = patience, verbose, baseline
        self.restore_best_weights, self.start_from_epoch = restore_best_weights, start_from_epoch
        self.wait, self.stopped_epoch, self.best_weights = 0, 0, None

    def on_train_begin(self, logs=None):
        self.wait, self.stopped_epoch, self.best_weights, self.best_epoch = 0, 0, None, 0
        self.best = -np.inf if self.upwards else np.inf

    def on_epoch_end(self, epoch, logs=None):
        value = self.figure(logs)
        if value is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self.best_weights = self.model.get_weights()
        self.wait += 1
        if self.is_better(value, self.best):
            self.best, self.best_epoch = value, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            if self.baseline is None or self.is_better(value, self.baseline):
                self.wait = 0
        if self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True
            if self.best_weights is not None:
                if self.verbose:
                    print("Restoring model weights from the end of the best epoch: %d." % (self.best_epoch + 1))
                self.model.set_weights(self.best_weights)

    def on_train_end(self, logs=None):
        if self.stopped_epoch and self.verbose:
            print("Epoch %d: early stopping" % (self.stopped_epoch + 1))


class ReduceLROnPlateau(Watching):
    missing = "Learning rate reduction is conditioned on metric `{0}` which is not available. Available metrics are: {1}"

    def __init__(self, monitor="val_loss", factor=0.1, patience=10, verbose=0, mode="auto", min_delta=0.0001, cooldown=0, min_lr=0):
        if factor >= 1.0:
            raise ValueError("ReduceLROnPlateau does not support a factor >= 1.0. Got %s" % factor)
        self.watch(monitor, mode, min_delta)
        self.factor, self.patience, self.verbose, self.cooldown, self.min_lr = factor, patience, verbose, cooldown, min_lr
        self.on_train_begin()

    def is_maximum(self, monitor):
        return "acc" in monitor

    def on_train_begin(self, logs=None):
        self.best = -np.inf if self.upwards else np.inf
        self.wait, self.cooldown_counter = 0, 0

    def on_epoch_end(self, epoch, logs=None):
        logs = {} if logs is None else logs
        logs["lr"] = np.float32(float(self.model.optimizer.lr))
        value = self.figure(logs)
        if value is None:
            return
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.wait = 0
        if self.is_better(value, self.best):
            self.best, self.wait = value, 0
        elif self.cooldown_counter <= 0:
            self.wait += 1
            old = float(self.model.optimizer.lr)
            if self.wait >= self.patience and old > np.float32(self.min_lr):
                new = max(old * self.factor, self.min_lr)
                self.model.optimizer.lr = new
                if self.verbose:
                    print("\nEpoch %d: ReduceLROnPlateau reducing learning rate to %s." % (epoch + 1, new))
                self.cooldown_counter, self.wait = self.cooldown, 0


class LearningRateScheduler(Callback):
    def __init__(self, schedule, verbose=0):
        self.schedule, self.verbose = schedule, verbose

    def on_epoch_begin(self, epoch, logs=None):
        try:
            rate = self.schedule(epoch, float(self.model.optimizer.lr))
        except TypeError:
            rate = self.schedule(epoch)
        if not isinstance(rate, (float, np.floating)):
            raise ValueError("The output of the \"schedule\" function should be float. Got: %s" % (rate,))
        self.model.optimizer.lr = rate
        if self.verbose:
            print("\nEpoch %d: LearningRateScheduler setting learning rate to %s." % (epoch + 1, rate))

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["lr"] = np.float32(float(self.model.optimizer.lr))


class ModelCheckpoint(Watching):
    """Keeps the model, or its weights, after each epoch (save_freq="epoch"), or after those that are better."""

    missing = "Can save best model only with {0} available, skipping."

    def __init__(self, filepath, monitor="val_loss", verbose=0, save_best_only=False, save_weights_only=False, mode="auto",
                 save_freq="epoch", initial_value_threshold=None):
        if save_freq != "epoch":
            raise NotImplementedError("ModelCheckpoint(save_freq) is not in hybridsim's keras")
        self.watch(monitor, mode)
        self.filepath, self.verbose = filepath, verbose
        self.save_best_only, self.save_weights_only = save_best_only, save_weights_only
        if initial_value_threshold is not None:
            self.best = initial_value_threshold

    def is_maximum(self, monitor):
        return "acc" in monitor or monitor.startswith("fmeasure")

    def on_epoch_end(self, epoch, logs=None):
        path = str(self.filepath).format(epoch=epoch + 1, **(logs or {}))
        text = "\nEpoch %d: saving model to %s" % (epoch + 1, path)
        if self.save_best_only:
            value = self.figure(logs)
            if value is None:
                return
            if not self.is_better(value, self.best):
                if self.verbose:
                    print("\nEpoch %d: %s did not improve from %0.5f" % (epoch + 1, self.monitor, self.best))
                return
            text = "\nEpoch %d: %s improved from %0.5f to %0.5f, saving model to %s" % (epoch + 1, self.monitor, self.best,
                                                                                        value, path)
            self.best = value
        if self.verbose:
            print(text)
        (self.model.save_weights if self.save_weights_only else self.model.save)(path)


class TerminateOnNaN(Callback):
    def on_batch_end(self, batch, logs=None):
        if "loss" in (logs or {}) and not np.isfinite(logs["loss"]):
            print("Batch %d: Invalid loss, terminating training" % batch)
            self.model.stop_training = True


class CSVLogger(Callback):
    def __init__(self, filename, separator=",", append=False):
        self.filename, self.separator, self.append = filename, separator, append

    def on_train_begin(self, logs=None):
        self.file, self.writer = open(self.filename, "a" if self.append else "w", newline=""), None

    def on_epoch_end(self, epoch, logs=None):
        names = sorted(logs or {})
        if self.writer is None:
            self.writer = csv.DictWriter(self.file, ["epoch", *names], delimiter=self.separator)
            if not self.append:
                self.writer.writeheader()
        self.writer.writerow({"epoch": epoch, **(logs or {})})
        self.file.flush()

    def on_train_end(self, logs=None):
        self.file.close()


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras.callbacks' has no attribute '%s' (not in hybridsim's slice of it)" % name)
