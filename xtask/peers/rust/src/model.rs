//! The models: Poisson arrivals, exponential services of 1 s, nine tenths of what the servers can do, queues without a limit.

use crate::routing::Policy;

/// Mean service time in seconds.
pub const SERVICE: f64 = 1.0;
/// Share of the servers' time that is asked for.
pub const UTILIZATION: f64 = 0.9;

/// One model.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    /// The name it has in every program.
    pub name: &'static str,
    /// How many stations, each with a queue of its own.
    pub stations: usize,
    /// How many servers each station has.
    pub servers: usize,
    /// How a request finds its station.
    pub policy: Policy,
}

/// All models, in the order of the table.
pub const MODELS: [Model; 6] = [
    station("M/M/1", 1),
    station("M/M/16", 16),
    farm("round robin", Policy::RoundRobin),
    farm("random", Policy::Random),
    farm("power of two choices", Policy::TwoChoices),
    farm("shortest queue", Policy::Shortest),
];

impl Model {
    /// Mean time between arrivals in seconds.
    pub fn gap(&self) -> f64 {
        SERVICE / (UTILIZATION * (self.stations * self.servers) as f64)
    }
}

const fn station(name: &'static str, servers: usize) -> Model {
    Model {
        name,
        stations: 1,
        servers,
        policy: Policy::Only,
    }
}

const fn farm(name: &'static str, policy: Policy) -> Model {
    Model {
        name,
        stations: 10,
        servers: 1,
        policy,
    }
}
