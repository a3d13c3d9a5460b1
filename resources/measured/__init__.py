"""Published measurements, and the parameters fitted to them by ``make calibrate``."""
