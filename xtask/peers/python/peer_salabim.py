"""The models in salabim: a component for the source of requests and one for each server.

Queues are deques, and monitors are off: salabim's own keep statistics that nobody asks for here.
"""

from collections import deque
from random import expovariate

import salabim as sim

from peer import SERVICE_RATE, Model, Tally, report, router

# Processes as generators, which are half as fast again as greenlets, salabim's default.
sim.yieldless(False)


class Source(sim.Component):
    def setup(self, model, lengths, queues, idle):
        self.model, self.lengths, self.queues, self.idle = model, lengths, queues, idle
        self.mode.monitor(False)
        self.status.monitor(False)

    def process(self):
        choose, rate = router(self.model, self.lengths), self.model.arrival_rate
        while True:
            yield self.hold(expovariate(rate))
            station = choose()
            self.lengths[station] += 1
            self.queues[station].append(self.env.now())
            if self.idle[station]:
                self.idle[station].pop().activate()


class Server(sim.Component):
    def setup(self, station, lengths, queue, idle, tally):
        self.station, self.lengths, self.queue, self.idle, self.tally = station, lengths, queue, idle, tally
        self.mode.monitor(False)
        self.status.monitor(False)

    def process(self):
        while True:
            if not self.queue:
                self.idle.append(self)
                yield self.passivate()
            arrived = self.queue.popleft()
            yield self.hold(expovariate(SERVICE_RATE))
            self.lengths[self.station] -= 1
            if self.tally.record(self.env.now() - arrived):
                self.env.main().activate()


def simulate(model: Model, requests: int) -> float:
    env = sim.Environment(random_seed="")
    tally = Tally(requests)
    lengths = [0] * model.stations
    queues = [deque() for _ in lengths]
    idle = [[] for _ in lengths]
    Source(model=model, lengths=lengths, queues=queues, idle=idle)
    for station in range(model.stations):
        for _ in range(model.servers):
            Server(station=station, lengths=lengths, queue=queues[station], idle=idle[station], tally=tally)
    env.run(sim.inf)
    return tally.mean()


if __name__ == "__main__":
    report(500_000, simulate)
