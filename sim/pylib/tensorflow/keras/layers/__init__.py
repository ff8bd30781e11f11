"""Layers. A batch is images x height x width x channels, or samples x features; float32."""
from .activation import ELU, Activation, LeakyReLU, PReLU, ReLU, Softmax, ThresholdedReLU
from .base import Input, InputLayer, Layer
from .convolution import (AveragePooling2D, Conv2D, DepthwiseConv2D, GlobalAveragePooling2D, GlobalMaxPooling2D, MaxPooling2D)
from .core import (Cropping2D, Dense, Dropout, Flatten, GaussianNoise, Permute, RepeatVector, Rescaling, Reshape, SpatialDropout2D,
                   UpSampling2D, ZeroPadding2D)
from .merging import (Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract, add, average, concatenate, maximum, minimum,
                      multiply, subtract)
from .normalization import BatchNormalization, LayerNormalization

Convolution2D, DepthwiseConvolution2D = Conv2D, DepthwiseConv2D
MaxPool2D, AvgPool2D, GlobalAvgPool2D, GlobalMaxPool2D = MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, GlobalMaxPooling2D


def serialize(layer):
    return {"class_name": layer.class_name, "config": layer.get_config()}


def deserialize(config):
    kind = globals().get(config["class_name"])
    if not isinstance(kind, type) or not issubclass(kind, Layer):
        raise ValueError("Unknown layer: '%s' (not in hybridsim's slice of keras)" % config["class_name"])
    return kind.from_config(config["config"])


def __getattr__(name):
    raise AttributeError("module 'tensorflow.keras.layers' has no attribute '%s' (not in hybridsim's slice of it)" % name)
