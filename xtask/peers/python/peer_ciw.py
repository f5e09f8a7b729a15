"""The models in Ciw: a network of one node for each station, and an arrival node that routes."""

from random import random

import ciw

from peer import SERVICE_RATE, Model, report


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


def simulate(model: Model, requests: int) -> float:
    others = model.stations - 1
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(model.arrival_rate)] + [None] * others,
        service_distributions=[ciw.dists.Exponential(SERVICE_RATE)] * model.stations,
        number_of_servers=[model.servers] * model.stations,
        routing=[[0.0] * model.stations] * model.stations,
    )
    simulation = ciw.Simulation(network, arrival_node_class=routed(model))
    simulation.simulate_until_max_customers(requests)
    departed = simulation.nodes[-1].all_individuals
    counted = [individual.data_records[0] for individual in departed[requests // 10 : requests]]
    return sum(record.exit_date - record.arrival_date for record in counted) / len(counted)


if __name__ == "__main__":
    report(100_000, simulate, ciw.seed)
