//! Load balancing: which of several servers gets the next request, one policy a file.
//!
//! A policy is pure: it sees a [`View`] of the servers and a [`Client`], keeps the state a real balancer would keep, and names
//! a server. It has no calendar and no clock; time comes in as a number, and chance from the stream it is given.
//!
//! What a policy may know differs, and is the point: most count only the requests this balancer itself has under way
//! ([`View::connections`]); some poll servers for what is truly there ([`View::in_system`]); one is an oracle
//! ([`View::work_left`]). Those that hash build their tables from the weights given to [`Balancer::new`]; the others read the
//! weights of the view, which may change from choice to choice.
//!
//! Each policy is a `Kind` in its own file, where it says all there is to say of it, and a line of `table`, which makes the rest.
//!
//! Which servers may be chosen is for [`health`] to say: what the balancer believes of them, by checks and by what came back.

#[macro_use]
mod table;
mod balancer;
mod bounded_hash;
mod consistent_hash;
mod cumulative;
mod draw;
pub mod health;
mod idle_queue;
mod ip_hash;
mod kind;
mod least;
mod least_connections;
mod least_request;
mod least_work;
mod maglev;
mod or_turns;
mod peak_ewma;
mod policy;
mod power_of_choices;
mod prequal;
mod random;
mod random_two;
mod rendezvous;
mod round_robin;
mod shortest_queue;
mod sight;
mod spec;
mod spread;
#[cfg(test)]
mod tests;
mod weighted_random;
mod weighted_round_robin;

pub use balancer::Balancer;
pub(crate) use kind::Entry;
pub(crate) use sight::Knows;
pub use sight::Sight;
pub use spread::{Share, Spread};
pub use table::*;

/// The largest weight a server may have; the smallest is 1.
pub const MAX_WEIGHT: u32 = 256;

/// What a balancer sees when it has to choose. All slices have one entry per server.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Weight of each server relative to the others, at least 1.
    pub weights: &'a [u32],
    /// Requests that this balancer has under way at each server.
    pub connections: &'a [u32],
    /// The truth: requests at each server, waiting and in service, whoever sent them.
    pub in_system: &'a [u32],
    /// The truth: seconds of work left at each server. Empty where no policy [sees](Policy::sees) it.
    pub work_left: &'a [f64],
    /// Which servers may be chosen; `None` means all of them. A server that is not eligible is never chosen.
    pub eligible: Option<&'a [bool]>,
}

impl View<'_> {
    /// Number of servers.
    #[inline(always)]
    pub fn servers(&self) -> u32 {
        number(self.weights.len())
    }

    /// Whether `server` may be chosen.
    #[inline(always)]
    pub fn is_eligible(&self, server: u32) -> bool {
        self.eligible
            .is_none_or(|eligible| eligible[server as usize])
    }
}

/// What a balancer knows of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// IPv4 address; the first octet is the highest byte.
    pub address: u32,
    /// What hashing policies hash: the session or the object.
    pub key: u64,
}

impl Client {
    /// For policies that do not ask who it is.
    pub(crate) const NOBODY: Self = Self { address: 0, key: 0 };
}

/// The number of the server at `index`. Servers are far fewer than 2³².
#[expect(
    clippy::cast_possible_truncation,
    reason = "there are never 2^32 servers"
)]
#[inline(always)]
const fn number(index: usize) -> u32 {
    index as u32
}
