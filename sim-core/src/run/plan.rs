//! What a replication consists of: how it starts, what it discards, how long it is measured.

use super::findings::Findings;
use super::network::NetworkPlan;
use super::queue::QueuePlan;
use crate::error::InputError;
use crate::scenario::{Horizon, Scenario};

/// A validated scenario and seed with the run length and warm-up worked out: all that decides a replication's bits.
#[derive(Debug, Clone)]
pub struct Plan {
    scenario: Scenario,
    seed: u64,
    way: Way,
}

/// How the sample path is computed.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// By recursion, where the scenario is a single first-come-first-served station.
    Queue(QueuePlan),
    /// By a calendar of events.
    Network(NetworkPlan),
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
    pub fn new(scenario: &Scenario, seed: u64) -> Result<Self, InputError> {
        scenario.validate()?;
        let way = match scenario.queue() {
            Some(queue) => Way::Queue(QueuePlan::of_valid(queue, seed)),
            None => Way::Network(NetworkPlan::new(scenario, seed)?.or_shortcut()),
        };
        Ok(Self {
            scenario: scenario.clone(),
            seed,
            way,
        })
    }

    /// The same by the calendar of events, also where the recursion would do: what two plans have to share to be compared
    /// replication by replication.
    ///
    /// # Errors
    /// What [`Scenario::validate`] finds.
    #[inline(never)]
    pub fn on_calendar(scenario: &Scenario, seed: u64) -> Result<Self, InputError> {
        Ok(Self {
            scenario: scenario.clone(),
            seed,
            way: Way::Network(NetworkPlan::new(scenario, seed)?),
        })
    }

    /// Both on the calendar of events, discarding what the one that needs longer discards: replication by replication they are
    /// then watched over the same time, and see the same requests.
    ///
    /// # Errors
    /// What [`Scenario::validate`] finds.
    pub fn pair(first: &Scenario, second: &Scenario, seed: u64) -> Result<[Self; 2], InputError> {
        let mut plans = [
            Self::on_calendar(first, seed)?,
            Self::on_calendar(second, seed)?,
        ];
        let longest = plans
            .iter()
            .filter_map(Self::warm_up_seconds)
            .fold(0.0, f64::max);
        for plan in &mut plans {
            if let Way::Network(network) = &mut plan.way
                && matches!(plan.scenario.horizon, Horizon::Steady { .. })
            {
                network.discard(longest);
            }
        }
        Ok(plans)
    }

    /// The same with twice the warm-up and twice the window of each replication: what a run that does not trust its numbers tries
    /// next. `None` where that would change nothing.
    #[must_use]
    pub fn doubled(&self) -> Option<Self> {
        let way = match &self.way {
            Way::Queue(queue) => Way::Queue(queue.doubled()?),
            Way::Network(network) => Way::Network(network.doubled()?),
        };
        Some(Self {
            scenario: self.scenario.clone(),
            seed: self.seed,
            way,
        })
    }

    /// The same done carelessly: from an empty system, without a warm-up, over this share of the window. For trying what the audit of a
    /// run sees; nobody wants the numbers.
    #[must_use]
    pub fn careless(&self, share_of_window: f64) -> Self {
        let way = match &self.way {
            Way::Queue(queue) => Way::Queue(queue.careless(share_of_window)),
            Way::Network(network) => Way::Network(network.careless(share_of_window)),
        };
        Self {
            scenario: self.scenario.clone(),
            seed: self.seed,
            way,
        }
    }

    fn warm_up_seconds(&self) -> Option<f64> {
        match &self.way {
            Way::Network(plan) => Some(plan.window.start),
            Way::Queue(_) => None,
        }
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Requests measured in one replication; about as many, where they are not counted but timed.
    pub fn requests_per_replication(&self) -> u64 {
        self.nothing_found().schedule.requests
    }

    /// Requests discarded at the start of one replication; about as many, where they are not counted but timed.
    pub fn warm_up(&self) -> u64 {
        self.nothing_found().schedule.warm_up
    }

    /// What a run finds that has not begun.
    pub(super) fn nothing_found(&self) -> Findings {
        match &self.way {
            Way::Queue(plan) => plan.nothing_found().into(),
            Way::Network(plan) => plan.nothing_found().into(),
        }
    }

    pub(super) fn way(&self) -> &Way {
        &self.way
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::scenario::Resource;

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
        if let Some(Resource::Station(station)) = other.resources.get_mut("server") {
            station.service = Some(Distribution::deterministic(1.0));
        }
        let plan = Plan::new(&other, 1).unwrap();
        assert!(
            plan.warm_up() > 0 && plan.nothing_found().schedule.warmed_up,
            "{plan:?}"
        );
    }

    #[test]
    fn a_pair_is_watched_over_the_same_time() {
        let mut slow = mm1(0.9);
        if let Some(Resource::Station(station)) = slow.resources.get_mut("server") {
            station.service = Some(Distribution::with_scv(1.0, 30.0));
        }
        let alone = [&mm1(0.9), &slow].map(|it| Plan::on_calendar(it, 1).unwrap().warm_up());
        assert!(alone[0] < alone[1], "{alone:?}");
        let pair = Plan::pair(&mm1(0.9), &slow, 1).unwrap();
        assert_eq!(pair.each_ref().map(Plan::warm_up), [alone[1]; 2]);
        let [first, second] = pair.each_ref().map(Plan::warm_up_seconds);
        assert_eq!(first, second);
    }

    #[test]
    fn a_transient_starts_empty_at_any_load() {
        let mut scenario = mm1(1.2);
        scenario.horizon = Horizon::Transient { requests: 500 };
        let plan = Plan::new(&scenario, 1).unwrap();
        assert_eq!((plan.warm_up(), plan.requests_per_replication()), (0, 500));
        assert!(matches!(plan.way(), Way::Queue(plan) if !plan.stationary));
    }
}
