//! What happened, event by event, for whoever watches. Costs one comparison an event where nobody does.

use super::tally::Outcome;

/// Something that happened to a request, or to a token that stands for it: a request is one token, and one more for each branch
/// and each try. A token's number is used again after it left or ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// It came.
    Arrived {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// Its class.
        class: u16,
    },
    /// A balancer sent it to a server.
    Sent {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// The group.
        group: u32,
        /// Which of its balancers.
        balancer: u32,
        /// Which of its servers.
        server: u32,
    },
    /// It waits at a station.
    Queued {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// The station.
        station: u32,
    },
    /// Its service began, or went on.
    Started {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// The station.
        station: u32,
        /// The server; `u32::MAX` where all share.
        server: u32,
        /// When the service will end if nobody interferes; infinite where all share, for that depends on who comes.
        until: f64,
    },
    /// Its service ended.
    Finished {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// The station.
        station: u32,
    },
    /// There was no room for it.
    Refused {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// The station.
        station: u32,
    },
    /// Nobody answers it: it hangs at a station's door, or its answer cannot be heard.
    Hung {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// The station.
        station: u32,
    },
    /// It left a station before its service ended.
    Withdrawn {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// The station.
        station: u32,
    },
    /// It waits for a place of a pool.
    Asked {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// The pool.
        pool: u32,
    },
    /// It holds a place of a pool.
    Held {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// The pool.
        pool: u32,
    },
    /// It gave a place of a pool back.
    Freed {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// The pool.
        pool: u32,
    },
    /// A branch of a parallel path or a try of an attempt began: a child of the token that waits for it.
    Split {
        /// Its number.
        request: u64,
        /// The child.
        token: u32,
        /// Who waits for it.
        parent: u32,
    },
    /// Work in the background began: a token that nobody waits for.
    Began {
        /// Number of the request that it comes from, or of the next one to come.
        request: u64,
        /// The token.
        token: u32,
    },
    /// It looked into a cache.
    Looked {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// The cache.
        cache: u32,
        /// What it found.
        found: Found,
    },
    /// A child's path ended.
    Ended {
        /// Its number.
        request: u64,
        /// The child.
        token: u32,
        /// How; `None` where it came to its end.
        failed: Option<Outcome>,
    },
    /// Nobody waits for a child any more.
    Dropped {
        /// Its number.
        request: u64,
        /// The child.
        token: u32,
        /// Whether it goes on, to no avail.
        runs_on: bool,
    },
    /// It left.
    Left {
        /// Its number.
        request: u64,
        /// The token that stands for it.
        token: u32,
        /// How.
        outcome: Outcome,
    },
    /// Something happened to a station itself.
    Changed {
        /// The station.
        station: u32,
        /// What.
        change: Change,
    },
    /// A balancer has changed its mind about a server.
    Believed {
        /// The group.
        group: u32,
        /// Which of its balancers.
        balancer: u32,
        /// Which of its servers.
        server: u32,
        /// Whether it sends requests there from now on.
        up: bool,
    },
    /// A cache holds more than it did, or less; those in the servers of a group together.
    Stocked {
        /// The cache.
        cache: u32,
        /// Objects in it.
        objects: u64,
        /// How much of its capacity they take, in its own unit.
        used: u64,
    },
}

/// What a look-up found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The object.
    Hit,
    /// Nothing: it goes to fetch the object.
    Miss,
    /// Nothing yet, but another fetches the object: it waits for that one.
    OnItsWay,
}

/// What can happen to a station.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// It stopped.
    Down,
    /// It serves, at its usual speed.
    Up,
    /// It takes no new requests.
    Draining,
    /// Its requests stand still.
    Paused,
    /// It works this many times slower than usual.
    Slower(f64),
    /// The network leads there no longer.
    CutOff,
    /// The network leads there again.
    Healed,
}

/// Events with their moments, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Log {
    events: Vec<(f64, Event)>,
}

impl Log {
    pub(super) fn add(&mut self, time: f64, event: Event) {
        self.events.push((time, event));
    }

    pub(super) fn take(&mut self) -> Vec<(f64, Event)> {
        std::mem::take(&mut self.events)
    }
}
