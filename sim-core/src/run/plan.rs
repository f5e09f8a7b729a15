//! What a replication consists of: how it starts, what it discards, how long it is measured.

use super::pilot;
use super::relaxation::relaxation;
use crate::distribution::Distribution;
use crate::engine::recursion::{Path, Schedule};
use crate::error::InputError;
use crate::scenario::{Horizon, Scenario};

/// Shortest and longest replication that is chosen unasked.
const SHORTEST: f64 = 16_384.0;
const LONGEST: f64 = 1_048_576.0;

/// A validated scenario and seed with the run length and warm-up worked out: all that decides a replication's bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    scenario: Scenario,
    seed: u64,
    schedule: Schedule,
    stationary: bool,
    warmed_up: bool,
}

impl Plan {
    /// Validates the scenario; finds the run length from the load, and the warm-up from a pilot run where no stationary
    /// start is known.
    ///
    /// ```
    /// use sim_core::{Scenario, distribution::Distribution, run::Plan};
    /// let station = |servers| Scenario::new(Distribution::exponential(0.1), servers, Distribution::exponential(0.15));
    /// assert!(Plan::new(&station(2), 1).is_ok());
    /// assert_eq!(Plan::new(&station(1), 1).unwrap_err().field(), "utilization");
    /// ```
    ///
    /// # Errors
    /// What [`Scenario::validate`] finds.
    #[inline]
    pub fn new(scenario: &Scenario, seed: u64) -> Result<Self, InputError> {
        scenario.validate()?;
        let (requests, transient) = match scenario.horizon {
            Horizon::Steady { requests } => {
                (requests.unwrap_or_else(|| run_length(scenario)), false)
            }
            Horizon::Transient { requests } => (requests, true),
        };
        let laws = [&scenario.arrivals.interarrival, &scenario.station.service];
        let stationary = !transient && laws.into_iter().all(Distribution::is_exponential);
        let mut plan = Self {
            scenario: scenario.clone(),
            seed,
            schedule: Schedule {
                warm_up: 0,
                requests,
            },
            stationary,
            warmed_up: true,
        };
        if !transient && !stationary {
            let found = pilot::warm_up(plan.path());
            plan.schedule.warm_up = found.requests;
            plan.warmed_up = found.settled;
        }
        Ok(plan)
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Requests measured in one replication.
    pub fn requests_per_replication(&self) -> u64 {
        self.schedule.requests
    }

    /// Requests discarded at the start of one replication.
    pub fn warm_up(&self) -> u64 {
        self.schedule.warm_up
    }

    /// Whether the start is known to be forgotten: false if the pilot run never levelled off.
    pub(super) fn is_warmed_up(&self) -> bool {
        self.warmed_up
    }

    pub(super) fn schedule(&self) -> Schedule {
        self.schedule
    }

    pub(super) fn path(&self) -> Path<'_> {
        Path {
            scenario: &self.scenario,
            seed: self.seed,
            stationary: self.stationary,
        }
    }
}

/// A few thousand relaxation times, as a power of two, within bounds that keep a replication short enough to watch.
fn run_length(scenario: &Scenario) -> u64 {
    let requests = (4096.0 * relaxation(scenario)).clamp(SHORTEST, LONGEST);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped"
    )]
    let whole = requests as u64;
    whole.next_power_of_two()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mm1(utilization: f64) -> Scenario {
        Scenario::new(
            Distribution::exponential(1.0 / utilization),
            1,
            Distribution::exponential(1.0),
        )
    }

    #[test]
    fn runs_lengthen_towards_saturation() {
        let lengths: Vec<u64> = [0.1, 0.8, 0.9, 0.999]
            .map(|utilization| {
                Plan::new(&mm1(utilization), 1)
                    .unwrap()
                    .requests_per_replication()
            })
            .into();
        assert_eq!(lengths, [16_384, 131_072, 524_288, 1_048_576]);
    }

    #[test]
    fn markovian_stations_need_no_warm_up_and_others_find_one() {
        assert_eq!(Plan::new(&mm1(0.9), 1).unwrap().warm_up(), 0);
        let mut other = mm1(0.9);
        other.station.service = Distribution::deterministic(1.0);
        let plan = Plan::new(&other, 1).unwrap();
        assert!(plan.warm_up() > 0 && plan.is_warmed_up(), "{plan:?}");
    }

    #[test]
    fn a_transient_starts_empty_at_any_load() {
        let mut scenario = mm1(1.2);
        scenario.horizon = Horizon::Transient { requests: 500 };
        let plan = Plan::new(&scenario, 1).unwrap();
        assert_eq!((plan.warm_up(), plan.requests_per_replication()), (0, 500));
        assert!(!plan.path().stationary);
    }
}
