//! What is to be done, from the flags: the requests, the caches, how much is counted.

use std::sync::Arc;

use sim_core::InputError;
use sim_core::caching::curve::Sampling;
use sim_core::caching::{Capacity, Chance, Expiry, ExpiryRule, Keys, Policy, Spec};

use super::{future, recording, traffic};
use crate::cache::arguments::{Arguments, TtlFrom};
use crate::cache::requests::{Flow, Traffic};
use crate::common::failure::Failure;
use crate::common::threads::threads;

/// Requests when nothing is said.
const REQUESTS: u64 = 10_000_000;
/// Sizes of a curve when nothing is said.
const POINTS: u64 = 10;
/// A curve starts at this share of all objects.
const CURVE_STARTS: f64 = 1e-3;
/// Up to so many keys caches have flat tables of some twenty bytes a key; beyond, hash tables of what they hold.
const MOST_DENSE: u64 = 1 << 23;

/// All that is asked for.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) traffic: Traffic,
    pub(crate) policies: Vec<Policy>,
    /// In the order in which they were given; those of a curve ascend.
    pub(crate) capacities: Vec<Capacity>,
    pub(crate) expiry: Option<Expiry>,
    pub(crate) rate: f64,
    pub(crate) warm_up: u64,
    pub(crate) sampling: Option<Sampling>,
    pub(crate) seed: u64,
    pub(crate) threads: usize,
    /// The name of the trace's file.
    pub(crate) trace: Option<String>,
    future: Option<Arc<[u32]>>,
}

/// One cache of a job.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) policy: Policy,
    pub(crate) capacity: Capacity,
}

impl Job {
    pub(crate) fn new(arguments: &Arguments) -> Result<Self, Failure> {
        let traffic = requests(arguments)?;
        let requests = traffic.len();
        let warm_up = arguments.warmup.of(requests);
        if warm_up >= requests {
            let allowed = format!("fewer than the {requests} requests");
            return Err(InputError::out_of_range("--warmup", warm_up, allowed).into());
        }
        let rate = arguments.sample;
        let sampling = rate
            .map(|rate| Sampling::new(rate, arguments.seed))
            .transpose()?;
        let expiry = arguments.ttl.map(|seconds| Expiry {
            seconds,
            rule: match arguments.ttl_from {
                TtlFrom::Write => ExpiryRule::OnWrite,
                TtlFrom::Access => ExpiryRule::OnAccess,
            },
            jitter: arguments.ttl_jitter,
        });
        let mut policies = arguments.policy.clone();
        let mut seen = Vec::new();
        policies.retain(|policy| {
            !seen.contains(policy) && {
                seen.push(*policy);
                true
            }
        });
        let mut job = Self {
            capacities: capacities(arguments, &traffic, sampling.as_ref()),
            traffic,
            policies,
            expiry,
            rate: arguments.traffic.rate,
            warm_up,
            sampling,
            seed: arguments.seed,
            threads: threads(arguments.threads),
            trace: (arguments.recorded.trace.as_ref()).map(|path| path.display().to_string()),
            future: None,
        };
        if job.policies.iter().any(|policy| policy.needs_future()) {
            let future = future::of(requests, job.flow()?, job.sampling.as_ref())?;
            job.future = Some(future);
        }
        // Whatever is wrong with a cache is found before anyone waits.
        for cell in job.cells() {
            job.spec(&cell)?.validate()?;
        }
        Ok(job)
    }

    /// All requests from the start.
    pub(crate) fn flow(&self) -> Result<Flow<'_>, InputError> {
        self.traffic.start(self.rate, self.warm_up)
    }

    /// Every policy at every size.
    pub(crate) fn cells(&self) -> Vec<Cell> {
        let sizes = |policy: &Policy| {
            let policy = *policy;
            self.capacities
                .iter()
                .map(move |&capacity| Cell { policy, capacity })
        };
        self.policies.iter().flat_map(sizes).collect()
    }

    /// The cache that is run for a cell: a small one where there is a sample.
    pub(crate) fn spec(&self, cell: &Cell) -> Result<Spec, Failure> {
        let capacity = match &self.sampling {
            Some(sampling) => sampling
                .capacity(cell.capacity)
                .map_err(|error| Failure::flag("--sample", &error))?,
            None => cell.capacity,
        };
        let dense = self.traffic.dense().filter(|&keys| keys <= MOST_DENSE);
        let keys = dense.and_then(|keys| u32::try_from(keys).ok());
        Ok(Spec {
            keys: keys.map_or(Keys::Any, Keys::Dense),
            expiry: self.expiry,
            chance: Chance {
                seed: self.seed,
                ..Chance::default()
            },
            future: self.future.clone().filter(|_| cell.policy.needs_future()),
            ..Spec::new(cell.policy, capacity)
        })
    }
}

fn requests(arguments: &Arguments) -> Result<Traffic, Failure> {
    match &arguments.recorded.trace {
        Some(path) => Ok(Traffic::Recorded(recording::trace(
            path,
            &arguments.recorded,
        )?)),
        None => Ok(Traffic::Drawn {
            workload: traffic::workload(&arguments.traffic)?,
            requests: arguments.traffic.requests.unwrap_or(REQUESTS),
            seed: arguments.seed,
        }),
    }
}

fn capacities(
    arguments: &Arguments,
    traffic: &Traffic,
    sampling: Option<&Sampling>,
) -> Vec<Capacity> {
    let (objects, bytes) = traffic.footprint();
    let whole = if arguments.bytes { bytes } else { objects };
    let in_unit = |amount| {
        if arguments.bytes {
            Capacity::Bytes(amount)
        } else {
            Capacity::Objects(amount)
        }
    };
    if let Some(amounts) = &arguments.capacity {
        let amounts = amounts.0.iter().map(|amount| amount.of(whole));
        return amounts.map(in_unit).collect();
    }
    let fewest = sampling.map_or(1, Sampling::fewest) as f64;
    let low = (whole * CURVE_STARTS).max(fewest).min(whole);
    let amounts = equal_ratios(arguments.curve.unwrap_or(POINTS), low, whole);
    amounts.into_iter().map(in_unit).collect()
}

/// So many whole sizes from `low` to `high`, each once.
pub(crate) fn equal_ratios(points: u64, low: f64, high: f64) -> Vec<u64> {
    let share = |point: u64| point as f64 / (points - 1) as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and a whole number"
    )]
    let at = |point| {
        (low * sim_core::math::pow(high / low, share(point)))
            .round()
            .max(1.0) as u64
    };
    let mut amounts: Vec<u64> = (0..points).map(at).collect();
    amounts.dedup();
    amounts
}
