"""The models in SimPy: a process for the source of requests and one for each server.

A process for each request, with a `Resource` for each station, takes four times as long.
"""

from collections import deque
from random import expovariate

import simpy

from peer import SERVICE_RATE, Model, Tally, report, router


def simulate(model: Model, requests: int) -> float:
    env = simpy.Environment()
    tally, done = Tally(requests), env.event()
    lengths = [0] * model.stations
    queues = [deque() for _ in lengths]
    idle = [[] for _ in lengths]
    env.process(source(env, model, lengths, queues, idle))
    for station in range(model.stations):
        for _ in range(model.servers):
            env.process(server(env, station, lengths, queues[station], idle[station], tally, done))
    env.run(until=done)
    return tally.mean()


def source(env, model, lengths, queues, idle):
    choose, rate = router(model, lengths), model.arrival_rate
    while True:
        yield env.timeout(expovariate(rate))
        station = choose()
        lengths[station] += 1
        if idle[station]:
            idle[station].pop().succeed(env.now)
        else:
            queues[station].append(env.now)


def server(env, station, lengths, queue, idle, tally, done):
    while True:
        if queue:
            arrived = queue.popleft()
        else:
            work = env.event()
            idle.append(work)
            arrived = yield work
        yield env.timeout(expovariate(SERVICE_RATE))
        lengths[station] -= 1
        if tally.record(env.now - arrived):
            done.succeed()
            return


if __name__ == "__main__":
    report(1_500_000, simulate)
