//! What happened, event by event, for whoever watches. Costs one comparison an event where nobody does.

use super::tally::Outcome;

/// Something that happened to a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// It came.
    Arrived {
        /// Its number.
        request: u64,
        /// Its class.
        class: u16,
    },
    /// A balancer sent it to a server.
    Sent {
        /// Its number.
        request: u64,
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
        /// The station.
        station: u32,
    },
    /// Its service began, or went on.
    Started {
        /// Its number.
        request: u64,
        /// The station.
        station: u32,
        /// The server; `u32::MAX` where all share.
        server: u32,
    },
    /// Its service ended.
    Finished {
        /// Its number.
        request: u64,
        /// The station.
        station: u32,
    },
    /// There was no room for it.
    Refused {
        /// Its number.
        request: u64,
        /// The station.
        station: u32,
    },
    /// It left a station before its service ended.
    Withdrawn {
        /// Its number.
        request: u64,
        /// The station.
        station: u32,
    },
    /// It waits for a place of a pool.
    Asked {
        /// Its number.
        request: u64,
        /// The pool.
        pool: u32,
    },
    /// It holds a place of a pool.
    Held {
        /// Its number.
        request: u64,
        /// The pool.
        pool: u32,
    },
    /// It left.
    Left {
        /// Its number.
        request: u64,
        /// How.
        outcome: Outcome,
    },
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
