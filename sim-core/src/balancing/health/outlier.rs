//! Outlier ejection, Envoy's: a server whose requests fail several times in a row is sent away for a while, longer each time.
//!
//! After `consecutive` failures in a row a server is ejected, unless that would eject more than `max_percent` of the servers; one
//! may always be ejected. It stays away for `base_ejection` times its multiplier, at most `max_ejection`. The multiplier grows by
//! one at each ejection (until it reaches the cap), and shrinks by one at each sweep that finds the server in place for a whole
//! interval. Sweeps come every `interval` seconds, and only they bring servers back: at the first sweep after the time is over.
//! A good active check also brings a server back. Failures in a row count anew after an ejection, refused or not.
//! Source: Envoy, `outlier_detection_impl.cc` (`ejectHost`, `onIntervalTimer`, `checkHostForUneject`) with
//! `always_eject_one_host`, as its documentation promised before there was that option; without jitter.
//!
//! Sweeps stand at the multiples of the interval. They are made up for when time comes in, in one step however many they are.

use serde::{Deserialize, Serialize};

use super::super::policy::whole_in_range;
use super::{MAX_SECONDS, MIN_SECONDS};
use crate::error::{InputError, in_range};

/// The most failures in a row that can be put up with.
const MAX_CONSECUTIVE: u32 = 1_000_000;

/// Outlier ejection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OutlierEjection {
    /// Failed requests in a row that make a server be ejected, `1..=1000000`.
    pub consecutive: u32,
    /// Seconds between sweeps, `0.001..=1e9`.
    pub interval: f64,
    /// Seconds of the first ejection, `0.001..=1e9`.
    pub base_ejection: f64,
    /// Seconds of the longest ejection, at least `base_ejection` and at most 1e9.
    pub max_ejection: f64,
    /// Most servers ejected at a time, percent of those there are, `0..=100`; one may always be.
    pub max_percent: u32,
}

impl Default for OutlierEjection {
    fn default() -> Self {
        Self {
            consecutive: 5,
            interval: 10.0,
            base_ejection: 30.0,
            max_ejection: 300.0,
            max_percent: 10,
        }
    }
}

impl OutlierEjection {
    /// Checks the parameters.
    ///
    /// # Errors
    /// Names the parameter, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        whole_in_range("consecutive", self.consecutive, 1, MAX_CONSECUTIVE)?;
        in_range("interval", self.interval, MIN_SECONDS, MAX_SECONDS)?;
        in_range(
            "base_ejection",
            self.base_ejection,
            MIN_SECONDS,
            MAX_SECONDS,
        )?;
        in_range(
            "max_ejection",
            self.max_ejection,
            self.base_ejection,
            MAX_SECONDS,
        )?;
        whole_in_range("max_percent", self.max_percent, 0, 100)
    }

    /// Seconds of an ejection with this multiplier.
    fn ejection(&self, multiplier: u32) -> f64 {
        (self.base_ejection * f64::from(multiplier)).min(self.max_ejection)
    }

    /// The number of the first sweep that is not before `time`.
    fn sweep_from(&self, time: f64) -> f64 {
        (time / self.interval).ceil()
    }
}

/// What is known of one server. Sweeps are named by their number, sweep k at k·interval seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Record {
    failed_in_a_row: u32,
    multiplier: u32,
    /// The sweep that will bring it back, while it is ejected.
    returns: Option<f64>,
    /// The first sweep that may lower the multiplier, while it is not.
    lowers: f64,
}

impl Record {
    const NEW: Self = Self {
        failed_in_a_row: 0,
        multiplier: 0,
        returns: None,
        lowers: f64::INFINITY,
    };

    /// Brings it back; sweep `lowers` is the first at which it has then been there for a whole interval.
    fn come_back(&mut self, lowers: f64) {
        self.returns = None;
        self.lowers = lowers;
        self.failed_in_a_row = 0;
    }

    /// Makes up for the sweeps `from..=to`. Tells whether it came back.
    fn sweep(&mut self, from: f64, to: f64) -> bool {
        let due = self.returns.filter(|&returns| returns <= to);
        if let Some(returns) = due {
            self.come_back(returns + 1.0);
        }
        if self.returns.is_none() {
            let sweeps = to - self.lowers.max(from) + 1.0;
            let lowered = f64::from(self.multiplier) - sweeps.max(0.0);
            self.multiplier = whole(lowered.max(0.0));
        }
        due.is_some()
    }
}

/// A whole number no greater than a multiplier.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is not negative and came from a u32"
)]
fn whole(number: f64) -> u32 {
    number as u32
}

/// The records of all servers.
#[derive(Debug, Clone)]
pub(super) struct Detector {
    rule: OutlierEjection,
    servers: Vec<Record>,
    ejected: u32,
    /// The next sweep.
    next: f64,
}

impl Detector {
    pub(super) fn new(rule: &OutlierEjection, servers: usize) -> Self {
        Self {
            rule: rule.clone(),
            servers: vec![Record::NEW; servers],
            ejected: 0,
            next: 1.0,
        }
    }

    /// A new server stands in this place.
    pub(super) fn reset(&mut self, server: usize) {
        self.ejected -= u32::from(self.servers[server].returns.is_some());
        self.servers[server] = Record::NEW;
    }

    /// Whether `server` is not ejected at `now`, sweeps until then included.
    pub(super) fn is_up(&self, server: usize, now: f64) -> bool {
        self.servers[server]
            .returns
            .is_none_or(|returns| returns * self.rule.interval <= now)
    }

    /// When the next server comes back; infinity if nobody is away.
    pub(super) fn next_return(&self) -> f64 {
        let returns = self.servers.iter().filter_map(|server| server.returns);
        returns.fold(f64::INFINITY, f64::min) * self.rule.interval
    }

    /// Makes up for the sweeps until `now`. Tells whether somebody came back.
    pub(super) fn sweep(&mut self, now: f64) -> bool {
        if now < self.next * self.rule.interval {
            return false;
        }
        let last = (now / self.rule.interval).floor().max(self.next);
        let mut returned = 0;
        for server in &mut self.servers {
            returned += u32::from(server.sweep(self.next, last));
        }
        self.ejected -= returned;
        self.next = last + 1.0;
        returned > 0
    }

    /// A request to `server` ended, one of `present` servers. Tells whether the server was ejected.
    pub(super) fn answered(&mut self, server: usize, now: f64, well: bool, present: u32) -> bool {
        let record = &mut self.servers[server];
        if well {
            record.failed_in_a_row = 0;
            return false;
        }
        record.failed_in_a_row = record.failed_in_a_row.saturating_add(1);
        if record.failed_in_a_row != self.rule.consecutive || record.returns.is_some() {
            return false;
        }
        record.failed_in_a_row = 0;
        let ejected = u64::from(self.ejected + 1);
        let allowed = 100 * ejected <= u64::from(self.rule.max_percent) * u64::from(present);
        if self.ejected > 0 && !allowed {
            return false;
        }
        let longest = self.rule.max_ejection + self.rule.base_ejection;
        if self.rule.base_ejection * f64::from(record.multiplier) < longest {
            record.multiplier += 1;
        }
        let end = now + self.rule.ejection(record.multiplier);
        record.returns = Some(self.rule.sweep_from(end).max(self.next));
        self.ejected += 1;
        true
    }

    /// A good active check of `server`. Tells whether that brought it back.
    pub(super) fn checked_well(&mut self, server: usize, now: f64) -> bool {
        let record = &mut self.servers[server];
        let was_away = record.returns.is_some();
        if was_away {
            record.come_back(self.rule.sweep_from(now + self.rule.interval));
            self.ejected -= 1;
        }
        was_away
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets `server`, one of `present`, fail as often in a row as it takes. Tells whether it was ejected.
    fn fail(detector: &mut Detector, server: usize, now: f64, present: u32) -> bool {
        detector.sweep(now);
        (0..5).any(|_| detector.answered(server, now, false, present))
    }

    fn return_of(detector: &Detector) -> f64 {
        detector.next_return()
    }

    #[test]
    fn four_failures_and_a_success_do_nothing() {
        let mut detector = Detector::new(&OutlierEjection::default(), 3);
        for _ in 0..10 {
            for well in [false, false, false, false, true] {
                assert!(!detector.answered(1, 3.0, well, 3));
            }
        }
        assert_eq!(detector.servers[1], Record::NEW);
    }

    #[test]
    fn ejections_last_longer_each_time_up_to_the_cap_and_end_at_a_sweep() {
        let mut detector = Detector::new(&OutlierEjection::default(), 3);
        let mut now = 1.0;
        // It fails at once whenever it is back: 30, 60, … 300 s, then 300 s for ever; sweeps at multiples of 10 s.
        for seconds in [30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 300, 300] {
            assert!(fail(&mut detector, 0, now, 3));
            let end = now + f64::from(seconds);
            let back = (end / 10.0).ceil() * 10.0;
            assert_eq!(return_of(&detector), back);
            assert!(!detector.is_up(0, back - 1e-6) && detector.is_up(0, back));
            now = back + 1.0;
        }
        assert_eq!(detector.servers[0].multiplier, 11);
    }

    #[test]
    fn an_ejection_that_ends_at_a_sweep_ends_there() {
        let mut detector = Detector::new(&OutlierEjection::default(), 3);
        assert!(fail(&mut detector, 0, 10.0, 3));
        assert_eq!(return_of(&detector), 40.0);
    }

    #[test]
    fn the_multiplier_shrinks_at_sweeps_in_place() {
        // Ejected at 1 s (×1, back at 40 s), at 41 s (×2, back at 110 s), at 111 s (×3, back at 210 s).
        let mut detector = Detector::new(&OutlierEjection::default(), 3);
        for now in [1.0, 41.0, 111.0] {
            assert!(fail(&mut detector, 0, now, 3));
        }
        assert_eq!(return_of(&detector), 210.0);
        // The sweep that brings it back does not lower; those at 220, 230 and 240 s do.
        let expected = [
            (219.0, 3),
            (220.0, 2),
            (229.0, 2),
            (230.0, 1),
            (240.0, 0),
            (500.0, 0),
        ];
        let mut at_once = detector.clone();
        for (now, multiplier) in expected {
            detector.sweep(now);
            assert_eq!(detector.servers[0].multiplier, multiplier, "{now}");
        }
        at_once.sweep(235.0);
        assert_eq!(at_once.servers[0].multiplier, 1);
        // Ejected after one healthy sweep it is back to ×3 of ×3.
        assert!(fail(&mut at_once, 0, 236.0, 3));
        assert_eq!(at_once.servers[0].multiplier, 2);
        assert_eq!(return_of(&at_once), 300.0);
    }

    #[test]
    fn at_most_ten_percent_but_at_least_one() {
        for (servers, may) in [(1, 1), (3, 1), (10, 1), (19, 1), (20, 2), (29, 2), (30, 3)] {
            let mut detector = Detector::new(&OutlierEjection::default(), servers as usize);
            let ejected =
                (0..servers as usize).filter(|&server| fail(&mut detector, server, 1.0, servers));
            assert_eq!(ejected.count(), may, "{servers}");
        }
        // When one is back, the next that fails five times in a row may go.
        let mut detector = Detector::new(&OutlierEjection::default(), 5);
        assert!(fail(&mut detector, 0, 1.0, 5));
        assert!(!fail(&mut detector, 1, 2.0, 5));
        assert!(!detector.answered(1, 39.0, false, 5));
        detector.sweep(40.0);
        let ejected: Vec<_> = (0..4)
            .map(|_| detector.answered(1, 41.0, false, 5))
            .collect();
        assert_eq!(ejected, [false, false, false, true]);
    }

    #[test]
    fn a_good_active_check_brings_it_back() {
        let mut detector = Detector::new(&OutlierEjection::default(), 3);
        assert!(fail(&mut detector, 0, 1.0, 3));
        assert!(detector.checked_well(0, 7.0));
        assert!(detector.is_up(0, 7.0) && !detector.checked_well(0, 8.0));
        // In place for a whole interval at 20 s, not at 10 s.
        detector.sweep(19.0);
        assert_eq!(detector.servers[0].multiplier, 1);
        detector.sweep(20.0);
        assert_eq!(detector.servers[0].multiplier, 0);
    }

    #[test]
    fn who_leaves_takes_its_ejection_along() {
        let mut detector = Detector::new(&OutlierEjection::default(), 3);
        assert!(fail(&mut detector, 0, 1.0, 3));
        detector.reset(0);
        assert!(detector.is_up(0, 1.0));
        assert!(fail(&mut detector, 1, 2.0, 2));
    }
}
