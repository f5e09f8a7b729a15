//! Visits that begin in the window and end after it.
//!
//! In a steady state the visits that end in the window stand for all. Where a given time is watched from its start they do not: long
//! ones are still under way when it is over. There the visits that begin in the window count, whenever they end.

use super::Network;
use super::service::count_within;
use super::tally::PlaceTally;
use super::window::Phase;

/// A visit that is served: where, and how long it took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Served {
    /// The place, in the order of the books.
    pub(super) place: usize,
    /// The resource that it belongs to.
    pub(super) resource: u32,
    /// Seconds in line.
    pub(super) wait: f64,
    /// Seconds in all.
    pub(super) stay: f64,
}

impl Network {
    /// The place of a pool in the books, after all stations.
    pub(super) fn place_of_pool(&self, pool: u32) -> usize {
        self.stations.len() + pool as usize
    }

    /// Whether the window is over and visits that began in it, as this one did, still count.
    #[inline(always)]
    pub(super) fn is_late(&self, joined: f64) -> bool {
        self.phase == Phase::Closing && self.window.whole_visits && joined < self.window.stop
    }

    /// A visit ends otherwise than served.
    pub(super) fn end_late(&mut self, place: usize, joined: f64, note: fn(&mut PlaceTally)) {
        if self.is_late(joined) {
            note(&mut self.tally.places[place]);
        }
    }

    /// A late visit is served.
    #[cold]
    pub(super) fn serve_late(&mut self, visit: Served) {
        self.tally.places[visit.place].serve(visit.wait, visit.stay);
        let resource = visit.resource as usize;
        self.final_waits[resource].add(visit.wait);
        if let Some(counts) = self.tally.within.get_mut(resource) {
            count_within(counts, &self.program.within, visit.wait);
        }
    }
}
