//! A worker's side: replications of one scenario at a time, in slices short enough to listen in between.

use std::fmt::Debug;
use std::ops::Range;

use sim_core::error::in_range;
use sim_core::run::MAX_REPLICATIONS;

use crate::failure::Failure;
use crate::number::whole;

/// Plans remembered: finding a warm-up takes a pilot run, and errands of one scenario come one after another.
const REMEMBERED: usize = 32;
/// Most requests in one step.
const MOST_REQUESTS: u64 = 1_000_000_000;

/// What runs errands: any scenario, or some kind of them with less code.
pub trait Engine {
    /// All that decides a replication.
    type Plan: Debug;
    /// Replications in progress.
    type Job: Debug;

    /// The plan of what a session packed.
    ///
    /// # Errors
    /// What is wrong with it.
    fn plan(packed: &[u8], seed: u64) -> Result<Self::Plan, Failure>;
    /// Begins replications.
    fn begin(plan: &Self::Plan, range: Range<u64>) -> Self::Job;
    /// Simulates about this many requests more; true when the job is done.
    fn step(job: &mut Self::Job, requests: u64) -> bool;
    /// What was found, packed.
    ///
    /// # Errors
    /// Never for what fits into memory.
    fn finish(job: Self::Job) -> Result<Vec<u8>, Failure>;
}

/// Runs errands, one at a time.
#[derive(Debug)]
pub struct Errands<E: Engine> {
    /// By scenario and seed as they came, the latest last.
    plans: Vec<(Vec<u8>, u64, E::Plan)>,
    job: Option<E::Job>,
}

impl<E: Engine> Default for Errands<E> {
    fn default() -> Self {
        Self {
            plans: Vec::new(),
            job: None,
        }
    }
}

impl<E: Engine> Errands<E> {
    /// Begins the replications `first..last` of what a session packed, and drops what was being done.
    ///
    /// # Errors
    /// What is wrong with the scenario or the numbers.
    pub fn start(
        &mut self,
        packed: &[u8],
        seed: f64,
        first: f64,
        last: f64,
    ) -> Result<(), Failure> {
        self.job = None;
        let range = whole("first", first)?..whole("last", last)?;
        in_range("replications", last - first, 0.0, MAX_REPLICATIONS as f64)
            .map_err(|error| Failure::unexpected(&error))?;
        let plan = self.plan(packed, whole("seed", seed)?)?;
        self.job = Some(E::begin(plan, range));
        Ok(())
    }

    fn plan(&mut self, packed: &[u8], seed: u64) -> Result<&E::Plan, Failure> {
        let known = self
            .plans
            .iter()
            .position(|plan| plan.0 == packed && plan.1 == seed);
        let plan = match known {
            Some(at) => self.plans.remove(at),
            None => (packed.to_owned(), seed, E::plan(packed, seed)?),
        };
        if self.plans.len() == REMEMBERED {
            self.plans.remove(0);
        }
        self.plans.push(plan);
        Ok(&self.plans[self.plans.len() - 1].2)
    }

    /// Simulates about this many requests more; true when the errand is done, or there is none.
    pub fn step(&mut self, requests: f64) -> bool {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "casts saturate"
        )]
        let requests = requests as u64;
        self.job
            .as_mut()
            .is_none_or(|job| E::step(job, requests.clamp(1, MOST_REQUESTS)))
    }

    /// What the errand found, packed, to be merged on the page.
    ///
    /// # Errors
    /// If there is no errand.
    pub fn finish(&mut self) -> Result<Vec<u8>, Failure> {
        let job = self
            .job
            .take()
            .ok_or_else(|| Failure("there is no errand to finish".into()))?;
        E::finish(job)
    }
}
