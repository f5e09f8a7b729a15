//! How much is simulated: replications, their length, and when to stop.

use clap::Args;
use sim_core::run::{MAX_REPLICATIONS, Plan, Stopping};
use sim_core::scenario::{Horizon, MAX_REQUESTS};
use sim_core::{InputError, Scenario};

use crate::common::numbers::{number, whole};
use crate::common::threads::{MAX_THREADS, threads};

/// Replications when nothing is said, and the first round of a run that stops at a precision.
pub(crate) const REPLICATIONS: u64 = 32;
/// The most replications of a run that stops at a precision, when nothing is said.
const MOST_REPLICATIONS: u64 = 4096;
/// Relative half-width that counts as converged when nothing is said.
pub(crate) const PRECISION: f64 = 0.05;

/// The flags that say how much.
#[derive(Debug, Args)]
pub(crate) struct EffortArguments {
    /// Requests measured at each point, over all replications together [default: chosen from the load]
    ///
    /// Every replication measures N / replications of them, rounded up. With --precision, N is an upper limit.
    /// With N given, loads of 1 and above are run too: they start empty, and show how fast the queue grows.
    #[arg(
        short = 'n', long, value_name = "N", help_heading = "Effort",
        value_parser = |text: &str| whole(text, 1, MAX_REQUESTS * 1000)
    )]
    pub(crate) requests: Option<u64>,

    /// Independent replications of each point [default: 32; with --precision as many as it takes, at most 4096]
    #[arg(
        short, long, value_name = "R", help_heading = "Effort",
        value_parser = |text: &str| whole(text, 1, MAX_REPLICATIONS)
    )]
    pub(crate) replications: Option<u64>,

    /// Go on until the 95% intervals of the mean and of P99 are within ± this share, such as 0.01 or 1%
    ///
    /// Without it, exactly the given number of replications is run, and ±5% counts as converged.
    #[arg(
        short, long, value_name = "SHARE", help_heading = "Effort",
        value_parser = |text: &str| number(text, 1e-4, 0.5)
    )]
    pub(crate) precision: Option<f64>,

    /// Seed of the random numbers: the same arguments with the same seed give the same output, byte for byte
    #[arg(
        short, long, value_name = "S", default_value = "1", help_heading = "Effort",
        value_parser = |text: &str| whole(text, 0, u64::MAX)
    )]
    pub(crate) seed: u64,

    /// Threads to use; the results do not depend on it [default: all cores]
    #[arg(
        short, long, value_name = "T", help_heading = "Effort",
        value_parser = |text: &str| whole(text, 1, MAX_THREADS)
    )]
    pub(crate) threads: Option<u64>,
}

impl EffortArguments {
    /// Threads to use.
    pub(crate) fn threads(&self) -> usize {
        threads(self.threads)
    }

    /// When to stop.
    pub(crate) fn stopping(&self) -> Stopping {
        let (usual, precision, early) = match self.precision {
            Some(precision) => (MOST_REPLICATIONS, precision, true),
            None => (REPLICATIONS, PRECISION, false),
        };
        Stopping {
            precision,
            replications: self.replications.unwrap_or(usual),
            early,
        }
    }

    /// What is watched where `own` is asked for: `--requests` are shared out among the replications. Beyond capacity the start
    /// from empty is watched.
    pub(crate) fn horizon(&self, own: Horizon, stable: bool) -> Horizon {
        let Stopping {
            replications,
            early,
            ..
        } = self.stopping();
        let Some(all) = self.requests else { return own };
        let each = all.div_ceil(replications);
        match own {
            Horizon::Steady { .. } if !stable => Horizon::Transient { requests: each },
            Horizon::Steady { .. } if !early => Horizon::Steady {
                requests: Some(each),
            },
            Horizon::Transient { .. } => Horizon::Transient { requests: each },
            own => own,
        }
    }

    /// How a scenario that has this [`Self::horizon`] is run. This may take a pilot run.
    pub(crate) fn plan(&self, scenario: &Scenario) -> Result<(Plan, Stopping), InputError> {
        let plan = Plan::new(scenario, self.seed)?;
        let steady = matches!(scenario.horizon, Horizon::Steady { .. });
        match self.requests {
            Some(budget) if steady && self.precision.is_some() => {
                self.within_budget(plan, scenario, budget)
            }
            _ => Ok((plan, self.stopping())),
        }
    }

    /// As many replications of the length that suits the load as `budget` requests allow; shorter ones where it is too small
    /// for a first round of those.
    fn within_budget(
        &self,
        plan: Plan,
        scenario: &Scenario,
        budget: u64,
    ) -> Result<(Plan, Stopping), InputError> {
        let stopping = self.stopping();
        let most = stopping.replications;
        let round = most.min(REPLICATIONS);
        let suitable = plan.requests_per_replication();
        let (plan, replications) = if budget < suitable.saturating_mul(round) {
            let mut shorter = scenario.clone();
            shorter.horizon = Horizon::Steady {
                requests: Some(budget.div_ceil(round)),
            };
            (Plan::new(&shorter, self.seed)?, round)
        } else {
            (plan, most.min(budget / suitable))
        };
        let stopping = Stopping {
            replications,
            ..stopping
        };
        Ok((plan, stopping))
    }
}
