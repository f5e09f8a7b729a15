//! Running a plan on this machine: rounds of replications until the precision or the budget is reached.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::job::Job;
use super::partial::Partial;
use super::plan::Plan;
use super::report::{Report, Stopped};
use crate::engine::LANES;

/// Replications of the first round of a run that may stop early: enough for a trustworthy interval.
const FIRST_ROUND: u64 = 32;
/// Replications whose parts are held before they are merged: what bounds the memory of a long run.
const BATCH: u64 = 1024;
/// Requests simulated between two looks at the flag of cancellation.
const STEP: u64 = 65_536;

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stopping {
    /// Relative half-width of the 95 % intervals of the mean response and of P99 that counts as converged.
    pub precision: f64,
    /// Replications to run; with `early`, at most.
    pub replications: u64,
    /// Stop as soon as the precision is reached.
    pub early: bool,
}

/// A flag that asks a run to stop between two small steps.
#[derive(Debug, Default)]
pub struct Cancel(AtomicBool);

impl Cancel {
    /// Asks the run to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Runs `plan` on `threads` threads (1 without the feature `parallel`) until `stopping` says so. `progress` is told the
/// number of requests done so far, from any thread.
///
/// The result depends on the plan, the replications done and nothing else; without `early` it does not depend on the
/// precision either.
///
/// ```
/// use sim_core::distribution::Distribution;
/// use sim_core::run::{Cancel, Plan, Stopping, run};
/// let scenario = sim_core::Scenario::new(Distribution::exponential(2.0), 1, Distribution::exponential(1.0));
/// let plan = Plan::new(&scenario, 42)?;
/// let stopping = Stopping { precision: 0.05, replications: 8, early: false };
/// let report = run(&plan, &stopping, 1, &Cancel::default(), &|_| {});
/// let (low, high) = (report.mean_response.low.unwrap(), report.mean_response.high.unwrap());
/// assert!(low < 2.0 && 2.0 < high); // M/M/1 at half load: W = 1/(μ − λ) = 2 s
/// # Ok::<(), sim_core::InputError>(())
/// ```
///
/// # Panics
/// Never: parts of one plan always merge.
pub fn run(
    plan: &Plan,
    stopping: &Stopping,
    threads: usize,
    cancel: &Cancel,
    progress: &(dyn Fn(u64) + Sync),
) -> Report {
    let workers = Workers::new(threads);
    let mut all = Partial::empty(plan);
    let mut target = if stopping.early {
        stopping.replications.min(FIRST_ROUND)
    } else {
        stopping.replications
    };
    let done = AtomicU64::new(0);
    let told = |requests| progress(done.fetch_add(requests, Ordering::Relaxed) + requests);
    loop {
        let missing = all.replications()..target;
        workers.extend(&mut all, plan, missing, cancel, &told);
        let report = all.report(stopping.precision, Stopped::Budget);
        if cancel.is_cancelled() {
            return Report {
                stopped: Stopped::Cancelled,
                ..report
            };
        }
        if stopping.early && report.converged {
            return Report {
                stopped: Stopped::Precision,
                ..report
            };
        }
        if target >= stopping.replications {
            return report;
        }
        target = next_target(&report, stopping);
    }
}

/// How often [`run_until_trusted`] doubles warm-up and window.
pub const DOUBLINGS: u8 = 2;

/// As [`run`]; where the run doubts numbers that a longer one may settle, it is repeated with twice the warm-up and twice the window of
/// each replication, and once more. What is still doubted then stays in the report.
///
/// The result depends on the plan, the replications done and nothing else, as that of [`run`] does. `progress` counts on.
pub fn run_until_trusted(
    plan: &Plan,
    stopping: &Stopping,
    threads: usize,
    cancel: &Cancel,
    progress: &(dyn Fn(u64) + Sync),
) -> Report {
    let done = AtomicU64::new(0);
    let told = |requests| {
        done.fetch_max(requests, Ordering::Relaxed);
        progress(requests);
    };
    let mut report = run(plan, stopping, threads, cancel, &told);
    let mut longer = None;
    for _ in 0..DOUBLINGS {
        if !report.may_settle() || cancel.is_cancelled() {
            break;
        }
        let Some(next) = longer.as_ref().unwrap_or(plan).doubled() else {
            break;
        };
        let before = done.load(Ordering::Relaxed);
        let told = |requests| {
            done.fetch_max(before + requests, Ordering::Relaxed);
            progress(before + requests);
        };
        report = run(&next, stopping, threads, cancel, &told);
        longer = Some(next);
    }
    report
}

/// Runs the replications `range` of `plan` on `threads` threads, as one machine of several does. Partials of disjoint ranges that
/// make up `0..n` merge to what [`run`] reports of n replications, to the bit.
///
/// ```
/// use sim_core::distribution::Distribution;
/// use sim_core::run::report::Stopped;
/// use sim_core::run::{Cancel, Plan, Stopping, run, run_range};
/// let scenario = sim_core::Scenario::new(Distribution::exponential(2.0), 1, Distribution::exponential(1.0));
/// let plan = Plan::new(&scenario, 42)?;
/// let part = |range| run_range(&plan, range, 1, &Cancel::default(), &|_| {});
/// let mut all = part(5..8);
/// all.merge(&part(0..5))?;
/// let stopping = Stopping { precision: 0.05, replications: 8, early: false };
/// let whole = run(&plan, &stopping, 1, &Cancel::default(), &|_| {});
/// assert_eq!(all.report(0.05, Stopped::Budget), whole);
/// # Ok::<(), sim_core::InputError>(())
/// ```
///
/// # Panics
/// Never: parts of one plan always merge.
pub fn run_range(
    plan: &Plan,
    range: Range<u64>,
    threads: usize,
    cancel: &Cancel,
    progress: &(dyn Fn(u64) + Sync),
) -> Partial {
    let done = AtomicU64::new(0);
    let told = |requests| progress(done.fetch_add(requests, Ordering::Relaxed) + requests);
    let mut all = Partial::empty(plan);
    Workers::new(threads).extend(&mut all, plan, range, cancel, &told);
    all
}

/// How many replications the precision probably takes: intervals shrink with the root of their number.
fn next_target(report: &Report, stopping: &Stopping) -> u64 {
    let widest = report
        .watched()
        .iter()
        .filter_map(super::report::Quantity::relative_half_width)
        .fold(0.0, f64::max);
    let excess = widest / stopping.precision;
    let here = report.replications as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped"
    )]
    let wanted = (here * excess * excess * 1.05).clamp(here * 1.25, here * 4.0) as u64;
    wanted.next_multiple_of(16).min(stopping.replications)
}

/// The threads a run may use.
struct Workers {
    #[cfg(feature = "parallel")]
    pool: Option<rayon::ThreadPool>,
}

impl Workers {
    /// A pool of `threads` threads. If the system grants none, the calling thread does the work.
    #[cfg(feature = "parallel")]
    fn new(threads: usize) -> Self {
        let pool = (threads > 1).then(|| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .ok()
        });
        Self {
            pool: pool.flatten(),
        }
    }

    #[cfg(not(feature = "parallel"))]
    fn new(_: usize) -> Self {
        Self {}
    }

    /// Runs the replications of `range` and merges them into `all`.
    fn extend(
        &self,
        all: &mut Partial,
        plan: &Plan,
        range: Range<u64>,
        cancel: &Cancel,
        progress: &(dyn Fn(u64) + Sync),
    ) {
        let mut first = range.start;
        while first < range.end && !cancel.is_cancelled() {
            let end = range.end.min(first.saturating_add(BATCH));
            for part in self.replications(plan, first..end, cancel, progress) {
                // Parts of one plan and disjoint ranges always merge.
                all.merge(&part).expect("parts of one run belong together");
            }
            first = end;
        }
    }

    /// Runs the replications of `range`, in tasks of one block each.
    fn replications(
        &self,
        plan: &Plan,
        range: Range<u64>,
        cancel: &Cancel,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Vec<Partial> {
        let tasks = range
            .clone()
            .step_by(LANES)
            .map(|first| first..range.end.min(first + LANES as u64));
        #[cfg(not(feature = "parallel"))]
        let Self {} = self;
        let task = |range: Range<u64>| run_task(plan, range, cancel, progress);
        #[cfg(feature = "parallel")]
        if let Some(pool) = &self.pool {
            use rayon::prelude::*;
            let tasks: Vec<_> = tasks.collect();
            return pool.install(|| tasks.into_par_iter().map(task).collect());
        }
        tasks.map(task).collect()
    }
}

fn run_task(
    plan: &Plan,
    range: Range<u64>,
    cancel: &Cancel,
    progress: &(dyn Fn(u64) + Sync),
) -> Partial {
    let requests = plan.requests_per_replication() * (range.end - range.start);
    let mut job = Job::new(plan, range);
    let mut told = 0;
    while !cancel.is_cancelled() && !job.step(STEP) {
        let step = STEP.min(requests - told);
        told += step;
        progress(step);
    }
    if !cancel.is_cancelled() {
        progress(requests - told);
    }
    job.finish()
}
