"""What the peers written in Python have in common: the models, how a station is chosen, and what is reported.

Poisson arrivals, exponential services of 1 s, nine tenths of what the servers can do, queues without a limit.
"""

import json
import random
import sys
import time
from itertools import cycle
from typing import Callable, NamedTuple

SERVICE_RATE = 1.0
UTILIZATION = 0.9


class Model(NamedTuple):
    """One model; `name` is the same in every program."""

    name: str
    stations: int
    servers: int

    @property
    def arrival_rate(self) -> float:
        """Requests a second, of all stations together."""
        return UTILIZATION * SERVICE_RATE * self.stations * self.servers


MODELS = [
    Model("M/M/1", 1, 1),
    Model("M/M/16", 1, 16),
    Model("round robin", 10, 1),
    Model("random", 10, 1),
    Model("power of two choices", 10, 1),
    Model("shortest queue", 10, 1),
]


def router(model: Model, lengths: list[int]) -> Callable[[], int]:
    """A function that chooses the next request's station; `lengths` says how many requests each has, in service included."""
    stations, uniform = model.stations, random.random

    def two_choices() -> int:
        first = int(stations * uniform())
        second = int((stations - 1) * uniform())
        if second >= first:
            second += 1
        return second if lengths[second] < lengths[first] else first

    return {
        "round robin": cycle(range(stations)).__next__,
        "random": lambda: int(stations * uniform()),
        "power of two choices": two_choices,
        "shortest queue": lambda: lengths.index(min(lengths)),
    }.get(model.name, lambda: 0)


class Tally:
    """The mean response time of a run of known length; the first tenth is left out."""

    def __init__(self, requests: int) -> None:
        self.left = requests
        self.counted = requests - requests // 10
        self.sum = 0.0

    def record(self, response: float) -> bool:
        """Takes the response time of a completed request; whether it was the last."""
        if self.left <= self.counted:
            self.sum += response
        self.left -= 1
        return self.left == 0

    def mean(self) -> float:
        """Mean of what was counted, in seconds."""
        return self.sum / self.counted


def report(requests: int, simulate: Callable[[Model, int], float], sow: Callable[[int], None] = random.seed) -> None:
    """Runs every model with `simulate`, which returns the mean response, and prints a line of JSON for each.

    The program's first argument is the seed, which `sow` takes.
    """
    sow(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
    for model in MODELS:
        start = time.perf_counter()
        mean = simulate(model, requests)
        seconds = time.perf_counter() - start
        line = {"model": model.name, "requests": requests, "seconds": seconds, "mean_response": mean}
        print(json.dumps(line), flush=True)
