//! When a replication counts: warming up, measuring, waiting for those who are still there; and its books.

use super::Network;
use super::series::{Counted, SeriesMaker};
use super::tally::{self, ClassTally, Ended, Responses, SpanTally};
use super::token::State;

/// When a replication counts, in simulated seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Requests that arrive from then on count.
    pub start: f64,
    /// Until then.
    pub stop: f64,
    /// How long after that those in flight are waited for.
    pub patience: f64,
}

/// Where a replication is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Warming,
    /// Measuring, before the middle of the window.
    First,
    /// Measuring, after it.
    Second,
    /// Waiting for those who are still there.
    Closing,
    Done,
}

impl Network {
    #[cold]
    pub(super) fn end_phase(&mut self) {
        let Window {
            start,
            stop,
            patience,
        } = self.window;
        if self.phase != Phase::Closing {
            self.now = self.until;
            self.operations = 0;
        }
        match self.phase {
            Phase::Warming => {
                self.start_counting();
                (self.phase, self.until) = (Phase::First, f64::midpoint(start, stop));
            }
            Phase::First => {
                self.tally.population.0 = self.population + self.orphans;
                (self.phase, self.until) = (Phase::Second, stop);
            }
            Phase::Second => {
                self.stop_counting();
                (self.phase, self.until) = (Phase::Closing, stop + patience);
            }
            Phase::Closing | Phase::Done => self.phase = Phase::Done,
        }
        if self.phase == Phase::Closing && (self.pending == 0 || patience <= 0.0) {
            self.phase = Phase::Done;
        }
        if self.phase == Phase::Done {
            self.close_books();
        }
    }

    /// The window opens: what was counted while warming up is forgotten.
    pub(super) fn start_counting(&mut self) {
        let empty = ClassTally {
            extremes: (f64::MAX, 0.0),
            ..ClassTally::default()
        };
        self.pass_all();
        self.stations
            .iter_mut()
            .for_each(|it| it.tally = tally::PlaceTally::default());
        self.pools
            .iter_mut()
            .for_each(|it| it.tally = tally::PlaceTally::default());
        self.tally.classes = vec![empty; self.program.classes.len()];
        self.tally.spans = vec![SpanTally::default(); self.program.layout.spans.len()];
        self.tally.detections = vec![SpanTally::default(); self.program.groups.len()];
        self.tally.repeated_detections = vec![0; self.program.groups.len()];
        if let Some(caching) = &mut self.caching {
            let caches = caching.caches.iter_mut();
            caches.for_each(|it| it.tally = tally::CacheTally::default());
        }
        self.count_population(0.0);
        self.tally.present = -self.presence;
        if self.program.tail {
            let empty = Responses::new(self.program.layout.scale);
            self.tails = vec![empty; self.program.series as usize];
        }
        if self.program.series > 0 {
            let (start, stop) = (self.window.start, self.window.stop);
            let stations = self.stations.iter().map(|it| it.life.is_some());
            let counted = Counted {
                places: stations.chain(self.pools.iter().map(|_| false)).collect(),
                groups: self.groups.len(),
                caches: self.program.caches.len(),
            };
            let points = self.program.series as usize;
            self.series = Some(Box::new(SeriesMaker::new(points, &counted, start, stop)));
        }
    }

    /// The window closes: averages over time end here.
    pub(super) fn stop_counting(&mut self) {
        self.pass_all();
        self.count_population(0.0);
        self.tally.present += self.presence;
        self.tally.population.1 = self.population + self.orphans;
        self.tally.window = self.now - self.window.start;
        let caches = self.caching.iter().flat_map(|it| &it.caches);
        self.tally.caches = caches.map(|it| it.tally).collect();
        let stations = self.stations.iter().map(|it| it.tally);
        self.tally.places = stations
            .chain(self.pools.iter().map(|it| it.tally))
            .collect();
    }

    /// Brings the integrals of all places up to now.
    pub(super) fn pass_all(&mut self) {
        for (number, _) in (0..).zip(0..self.stations.len()) {
            self.pass_station(number);
        }
        for (number, _) in (0..).zip(0..self.pools.len()) {
            self.pass_pool(number);
        }
    }

    /// The replication ends before its time, with what was measured so far.
    #[cold]
    pub(super) fn stop_early(&mut self, ended: Ended) {
        if self.phase == Phase::Done {
            return;
        }
        if self.phase == Phase::Warming {
            self.start_counting();
            self.window.start = self.now;
        }
        if self.phase != Phase::Closing {
            self.stop_counting();
        }
        self.tally.ended = ended;
        self.phase = Phase::Done;
        self.ready.clear();
        self.close_books();
    }

    /// Little's law over the whole replication: the integral of the number in system against the times spent there.
    pub(super) fn close_books(&mut self) {
        self.count_population(0.0);
        let mut spent = self.residence;
        for token in self.tokens.iter() {
            let is_request = !token.is_child
                && !matches!(token.state, State::Free | State::Thinking | State::Acting);
            if is_request {
                spent += self.now - token.arrival;
            }
        }
        self.tally.little = (self.presence - spent) / self.presence.max(f64::MIN_POSITIVE);
        self.tally.series = self.series.take().map(|series| series.finish());
    }
}
