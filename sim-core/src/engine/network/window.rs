//! When a replication counts: warming up, measuring part by part, following those who are still there; and its books.

use super::Network;
use super::parts::{PARTS, Parts, ResourcePart, UNCOUNTED};
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
    /// How long after that those still there are followed at most, while others go on arriving.
    pub patience: f64,
    /// Whether visits to places count by when they begin and are followed to their end too, instead of by when they end.
    pub whole_visits: bool,
}

/// Where a replication is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Warming,
    /// One of the parts of the window.
    Measuring,
    /// Following those who are still there.
    Closing,
    Done,
}

/// The share of the patience after which it is seen for the first time who is still there; from then on each time after twice as long.
const FIRST_LOOK: f64 = 1.0 / 256.0;

impl Window {
    /// When part `number` begins, or the one before ends.
    pub(super) fn part(&self, number: u8) -> f64 {
        if usize::from(number) >= PARTS {
            return self.stop;
        }
        let share = f64::from(number) / PARTS as f64;
        self.start + (self.stop - self.start) * share
    }
}

impl Network {
    #[cold]
    pub(super) fn end_phase(&mut self) {
        if self.phase != Phase::Closing || self.until.is_finite() {
            self.now = self.until.max(self.now);
            self.operations = 0;
        }
        match self.phase {
            Phase::Warming => {
                self.start_counting();
                (self.phase, self.part) = (Phase::Measuring, 0);
                self.until = self.window.part(1);
            }
            Phase::Measuring => self.end_part(),
            Phase::Closing => self.look_after(),
            Phase::Done => {}
        }
        if self.phase == Phase::Closing && (self.pending == 0 || self.window.patience <= 0.0) {
            self.end();
        }
    }

    /// One part of the window is over.
    fn end_part(&mut self) {
        self.close_part();
        self.part += 1;
        let part = usize::from(self.part);
        if part == PARTS / 2 {
            self.tally.population[1] = self.population + self.orphans;
        }
        if part < PARTS {
            self.until = self.window.part(self.part + 1);
            return self.look_for_deadlock();
        }
        self.part = UNCOUNTED;
        self.stop_counting();
        self.phase = Phase::Closing;
        self.until = self.window.stop + self.window.patience * FIRST_LOOK;
        self.settle_if_alone();
        self.look_for_deadlock();
    }

    /// Who is still there is followed further, unless that took too long already or leads nowhere.
    fn look_after(&mut self) {
        let Window { stop, patience, .. } = self.window;
        let end = stop + patience;
        if self.now < end {
            self.settle_if_alone();
        } else {
            self.settle();
        }
        if self.pending == 0 || self.now >= end || self.leads_nowhere() {
            return self.end();
        }
        self.until = (stop + 2.0 * (self.now - stop)).min(end);
        self.look_for_deadlock();
    }

    /// The window opens: what was counted while warming up is forgotten.
    pub(super) fn start_counting(&mut self) {
        let empty = ClassTally {
            extremes: (f64::MAX, 0.0),
            within: vec![[0; 2]; self.program.within.len()],
            calls: vec![0; self.program.layout.resources.len()],
            ..ClassTally::default()
        };
        self.pass_all();
        self.count_population(0.0);
        self.stations
            .iter_mut()
            .for_each(|it| it.tally = tally::PlaceTally::default());
        self.pools
            .iter_mut()
            .for_each(|it| it.tally = tally::PlaceTally::default());
        self.tally.classes = vec![empty; self.program.classes.len()];
        self.tally.spans = vec![SpanTally::default(); self.program.layout.spans.len()];
        self.tally.tries = vec![0; self.program.layout.attempts.len()];
        let resources = self.program.layout.resources.len();
        self.within = vec![vec![0; self.program.within.len()]; resources];
        if self.program.numbers > 0 {
            let none = vec![0.0; self.program.numbers as usize + 1];
            self.numbers = vec![none; resources + 1];
        }
        self.tally.detections = vec![SpanTally::default(); self.program.groups.len()];
        self.tally.repeated_detections = vec![0; self.program.groups.len()];
        if let Some(caching) = &mut self.caching {
            let caches = caching.caches.iter_mut();
            caches.for_each(|it| it.tally = tally::CacheTally::default());
        }
        self.place_waits.iter_mut().for_each(|it| it.counts.fill(0));
        self.tally.present = -self.presence;
        self.tally.population[0] = self.population + self.orphans;
        let length = (self.window.stop - self.window.start) / PARTS as f64;
        self.parts = Some(Box::new(Parts::new(length, self.presence)));
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

    /// Notes what resources and caches have counted up to the end of a part.
    fn close_part(&mut self) {
        self.pass_all();
        self.count_population(0.0);
        let mut resources = vec![ResourcePart::default(); self.program.layout.resources.len()];
        for (station, spec) in self.stations.iter().zip(&self.program.stations) {
            resources[spec.resource as usize].add(&station.tally);
        }
        for (pool, spec) in self.pools.iter().zip(&self.program.pools) {
            resources[spec.resource as usize].add(&pool.tally);
        }
        let caches = self.caching.iter().flat_map(|it| &it.caches);
        if let Some(parts) = &mut self.parts {
            parts.close(self.presence, resources, caches.map(|it| it.tally));
        }
    }

    /// The window closes: averages over time end here.
    pub(super) fn stop_counting(&mut self) {
        self.pass_all();
        self.count_population(0.0);
        self.tally.present += self.presence;
        self.tally.population[2] = self.population + self.orphans;
        self.tally.window = self.now - self.window.start;
        let caches = self.caching.iter().flat_map(|it| &it.caches);
        self.tally.caches = caches.map(|it| it.tally).collect();
        let stations = self.stations.iter().map(|it| it.tally);
        self.tally.places = stations
            .chain(self.pools.iter().map(|it| it.tally))
            .collect();
        self.final_waits = self.place_waits.clone();
        self.tally.within = std::mem::take(&mut self.within);
        self.tally.numbers = std::mem::take(&mut self.numbers);
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
        let grown = self.population + self.orphans - self.opening;
        self.tally.early_growth = (self.now > 0.0).then(|| grown / self.now);
        self.tally.ended = ended;
        self.ready.clear();
        self.end();
    }

    /// The replication is over. Its books are closed once, however it ended.
    fn end(&mut self) {
        if self.phase == Phase::Done {
            return;
        }
        self.phase = Phase::Done;
        self.close_books();
    }

    /// Little's law over the whole replication: the integral of the number in system against the times spent there.
    fn close_books(&mut self) {
        self.count_population(0.0);
        let mut spent = self.residence;
        for token in self.tokens.iter() {
            let is_request = !token.is_child
                && !matches!(token.state, State::Free | State::Thinking | State::Acting);
            if !is_request {
                continue;
            }
            spent += self.now - token.arrival;
            if token.measured {
                let class = &mut self.tally.classes[usize::from(token.class)];
                class.unresolved += self.now - token.arrival;
            }
        }
        self.tally.little = (self.presence - spent) / self.presence.max(f64::MIN_POSITIVE);
        self.tally.series = self.series.take().map(|series| series.finish());
        self.tally.drifts = self.parts.take().map_or(Vec::new(), |it| it.finish());
    }
}
