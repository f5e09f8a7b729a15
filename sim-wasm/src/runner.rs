//! A worker's side: replications of one scenario at a time, in slices short enough to listen in between.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sim_core::error::in_range;
use sim_core::run::{Job, Plan};
use sim_wasm_hot as hot;
use wasm_bindgen::prelude::*;

use crate::failure::Failure;

/// Plans remembered: finding a warm-up takes a pilot run, and errands of one scenario come one after another.
const REMEMBERED: usize = 32;
/// Most requests in one step.
const MOST_REQUESTS: u64 = 1_000_000_000;
/// Largest whole number that JavaScript counts to without gaps.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// Runs errands.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Runner {
    /// By scenario and seed as they came, the latest last.
    plans: Vec<(Vec<u8>, u64, Plan)>,
    job: Option<Job>,
}

#[wasm_bindgen]
impl Runner {
    /// An idle runner.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins the replications `first..last` of a scenario packed by a session, and drops what was being done.
    ///
    /// # Errors
    /// What is wrong with the scenario or the numbers.
    pub fn start(
        &mut self,
        scenario: &[u8],
        seed: f64,
        first: f64,
        last: f64,
    ) -> Result<(), Failure> {
        self.job = None;
        let range = whole("first", first)?..whole("last", last)?;
        in_range(
            "replications",
            last - first,
            0.0,
            sim_core::run::MAX_REPLICATIONS as f64,
        )?;
        let plan = self.plan(scenario, whole("seed", seed)?)?;
        self.job = Some(Job::new(plan, range));
        Ok(())
    }

    fn plan(&mut self, scenario: &[u8], seed: u64) -> Result<&Plan, Failure> {
        let known = self
            .plans
            .iter()
            .position(|plan| plan.0 == scenario && plan.1 == seed);
        let plan = match known {
            Some(at) => self.plans.remove(at),
            None => (
                scenario.to_owned(),
                seed,
                hot::plan(&unpack(scenario)?, seed)?,
            ),
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
            .is_none_or(|job| hot::step(job, requests.clamp(1, MOST_REQUESTS)))
    }

    /// The result of the errand, to be merged on the page.
    ///
    /// # Errors
    /// If there is no errand.
    pub fn finish(&mut self) -> Result<Vec<u8>, Failure> {
        let job = self
            .job
            .take()
            .ok_or_else(|| Failure("there is no errand to finish".into()))?;
        Ok(postcard::to_allocvec(&job.finish())?)
    }
}

/// A scenario, or scenes, in few bytes, to be handed on.
///
/// # Errors
/// Never for what fits into memory.
pub(crate) fn pack(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    Ok(postcard::to_allocvec(value)?)
}

/// What [`pack`] packed.
///
/// # Errors
/// Where it does not read as such; whether it can run is for a plan to say.
pub(crate) fn unpack<T: DeserializeOwned>(packed: &[u8]) -> Result<T, Failure> {
    Ok(postcard::from_bytes(packed)?)
}

/// A whole number from JavaScript.
///
/// # Errors
/// Names `field` if it is not one.
pub(crate) fn whole(field: &str, value: f64) -> Result<u64, Failure> {
    let value = in_range(field, value, 0.0, LARGEST)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "just checked"
    )]
    let whole = value as u64;
    if whole as f64 == value {
        Ok(whole)
    } else {
        Err(Failure(format!("{field}: {value} is not a whole number")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::Scenario;
    use sim_core::distribution::Distribution;
    use sim_core::run::Partial;
    use sim_core::run::report::Stopped;

    fn half_busy() -> Vec<u8> {
        let (gap, service) = (
            Distribution::exponential(2.0),
            Distribution::exponential(1.0),
        );
        pack(&Scenario::new(gap, 1, service)).unwrap()
    }

    fn run(first: f64, last: f64, step: f64) -> Partial {
        let mut runner = Runner::new();
        runner.start(&half_busy(), 1.0, first, last).unwrap();
        while !runner.step(step) {}
        postcard::from_bytes(&runner.finish().unwrap()).unwrap()
    }

    #[test]
    fn slices_and_splits_do_not_show_in_the_result() {
        let whole = run(0.0, 8.0, 1e9);
        let mut parts = run(0.0, 4.0, 1000.0);
        parts.merge(&run(4.0, 8.0, 5000.0)).unwrap();
        assert_eq!(parts, whole);
        let mean = whole.report(0.05, Stopped::Budget).mean_response;
        assert!(
            mean.low.unwrap() < 2.0 && 2.0 < mean.high.unwrap(),
            "{mean:?}"
        );
    }

    #[test]
    fn nonsense_is_refused_in_words() {
        let mut runner = Runner::new();
        for (scenario, seed, first, last) in [
            (&[7, 7, 7][..], 1.0, 0.0, 4.0),
            (&half_busy(), -1.0, 0.0, 4.0),
            (&half_busy(), 1.0, 0.5, 4.0),
            (&half_busy(), 1.0, 4.0, 0.0),
            (&half_busy(), 1.0, 0.0, 1e300),
            (&half_busy(), f64::NAN, 0.0, 4.0),
        ] {
            assert!(
                !runner
                    .start(scenario, seed, first, last)
                    .unwrap_err()
                    .0
                    .is_empty()
            );
            assert!(runner.step(f64::NAN));
            assert!(runner.finish().is_err());
        }
    }
}
