"""The values of measurements: number, unit, comparator, reference range, flag and date.

In running text and in tables. A measurement without a value is no fact. A number that is not
plausible for the test, or whose unit does not fit it, is no value of it.
"""
