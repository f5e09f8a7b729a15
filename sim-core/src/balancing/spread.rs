//! How a policy spreads requests over servers, as far as that is known before anything runs.

/// How requests are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// To each server with its share as the probability, whatever came before.
    ByChance(Share),
    /// In a fixed order, in which each server has its share.
    InTurn(Share),
    /// By who asks: it depends on the clients.
    ByClient,
    /// To the best of so many different servers drawn uniformly, and so equally over equal servers.
    BestOf(u32),
    /// By what the balancer sees of the servers.
    ByServers {
        /// Whether equal servers certainly get equally much in the long run: none is ever preferred for its number. False where that
        /// is in doubt.
        fair: bool,
    },
}

/// A server's share of the requests, relative to the others'.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// The same for all.
    Equal,
    /// Its weight.
    Weight,
}

impl Share {
    /// The share of a server of this weight, relative to those of the others.
    pub fn of(self, weight: u32) -> f64 {
        match self {
            Self::Equal => 1.0,
            Self::Weight => f64::from(weight),
        }
    }
}
