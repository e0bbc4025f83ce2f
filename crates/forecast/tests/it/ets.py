"""Forecasts of statsmodels beside ours: additive damped ETS with a week of seasons.

Reads `origin value value ...` by line, writes `total mean-square` by line: what the 28 days after
the values before the origin come to, and the mean squared error one day ahead.
"""

import sys
import warnings

import numpy
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

TOTAL = 28

warnings.filterwarnings("ignore")
for line in sys.stdin:
    origin, *values = line.split()
    known = numpy.array([float(value) for value in values[: int(origin)]])
    model = ETSModel(
        known, error="add", trend="add", damped_trend=True, seasonal="add", seasonal_periods=7
    )
    fit = model.fit(disp=False)
    print(repr(float(fit.forecast(TOTAL).sum())), repr(float(fit.sse / len(known))), flush=True)
