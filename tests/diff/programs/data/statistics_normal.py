# _statistics and what stands on it.
import statistics
from _statistics import _normal_dist_inv_cdf as inverse


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return type(error).__name__, str(error)


for p in (0.5, 0.001, 0.075, 0.0749, 0.925, 0.9251, 1e-10, 1e-12, 1e-300, 5e-324, 1 - 1e-16, 0.999, 0.3, 0.7):
    print(p, attempt(inverse, p, 0.0, 1.0), attempt(inverse, p, 100.0, 15.5))
for arguments in [(0.0, 0, 1), (1.0, 0, 1), (0.5, 0, 0), (0.5, 0, -1), ("x", 0, 1), (0.5, None, 1), (0.5,), (float("nan"), 0, 1), (0.5, 0, float("nan"))]:
    print(arguments, attempt(inverse, *arguments))
d = statistics.NormalDist(3, 2)
print(d.inv_cdf(0.25), d.quantiles(5), statistics.mean([1, 2, 3, 4.5]), statistics.stdev([1.5, 2.5, 4]), statistics.median([3, 1, 2]))
print(statistics.quantiles([1, 2, 3, 4, 5, 6, 7], n=4), statistics.mode("aabbb"), statistics.fmean([1, 2.5]), statistics.geometric_mean([1, 2, 4]))
print(statistics.linear_regression([1, 2, 3], [2, 4.1, 6]), statistics.correlation([1, 2, 3], [3, 1, 2]), statistics.pvariance([1, 2, 4]))
