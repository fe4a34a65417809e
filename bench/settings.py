"""The product's settings, with a bare view beside it to measure against."""

from safegrid.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
