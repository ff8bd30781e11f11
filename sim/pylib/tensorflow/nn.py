"""Activation functions under their other names."""
from .keras.activations import elu, gelu, leaky_relu, relu, selu, sigmoid, silu, softmax, softplus, softsign, swish, tanh
