"""Polynomials in powers, the lowest first: the class Polynomial and module polynomial. Other bases are not there."""
from numpy.polynomial import polynomial
from numpy.polynomial._series import Polynomial, set_default_printstyle

__all__ = ["set_default_printstyle", "polynomial", "Polynomial"]
