"""The models in Ciw: a network of one node for each station, between an arrival node that routes and an exit node that counts.

Ciw keeps the individuals that have left with all their records; without them it is up to half as fast again.
"""

from random import random

import ciw

from peer import SERVICE_RATE, Model, Tally, report


class TwoChoices(ciw.routing.NodeRouting):
    """The node with fewer individuals of two different ones, the first on a tie."""

    def __init__(self, destinations):
        self.destinations = destinations

    def next_node(self, ind):
        first = int(len(self.destinations) * random())
        second = int((len(self.destinations) - 1) * random())
        if second >= first:
            second += 1
        one, other = (self.simulation.nodes[self.destinations[choice]] for choice in (first, second))
        return other if other.number_of_individuals < one.number_of_individuals else one


ROUTERS = {
    "round robin": ciw.routing.Cycle,
    "random": lambda nodes: ciw.routing.Probabilistic(nodes, [1 / len(nodes)] * len(nodes)),
    "power of two choices": TwoChoices,
    "shortest queue": lambda nodes: ciw.routing.LoadBalancing(nodes, tie_break="order"),
}


def routed(model: Model):
    """An arrival node that routes on arrival: one visit a request, where a node of its own for the router would make it two."""
    if model.name not in ROUTERS:
        return None

    class RoutingArrivals(ciw.ArrivalNode):
        def initialise(self):
            self.router = ROUTERS[model.name](list(range(1, model.stations + 1)))
            self.router.initialise(self.simulation, self)
            super().initialise()

        def release_individual(self, next_node, next_individual):
            super().release_individual(self.router.next_node(next_individual), next_individual)

    return RoutingArrivals


def counting(tally: Tally):
    """An exit node that takes the response time of each individual and forgets it."""

    class CountingExit(ciw.ExitNode):
        def accept(self, next_individual, completed=True):
            self.number_of_individuals += 1
            self.number_of_completed_individuals += completed
            (visit,) = next_individual.data_records
            tally.record(visit.exit_date - visit.arrival_date)

    return CountingExit


def simulate(model: Model, requests: int) -> float:
    others = model.stations - 1
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(model.arrival_rate)] + [None] * others,
        service_distributions=[ciw.dists.Exponential(SERVICE_RATE)] * model.stations,
        number_of_servers=[model.servers] * model.stations,
        routing=[[0.0] * model.stations] * model.stations,
    )
    tally = Tally(requests)
    simulation = ciw.Simulation(network, arrival_node_class=routed(model), exit_node_class=counting(tally))
    simulation.simulate_until_max_customers(requests)
    return tally.mean()


if __name__ == "__main__":
    report(150_000, simulate, ciw.seed)
