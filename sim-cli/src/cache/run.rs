//! All caches of a job, each on its own thread's copy of the requests.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use sim_core::caching::curve::{Block, Counts, Replay};

use crate::cache::job::{Cell, Job};
use crate::cache::theory::Theory;
use crate::common::failure::Failure;
use crate::common::progress::{PointProgress, Progress};

/// What became of a cache.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) cell: Cell,
    pub(crate) counts: Counts,
    /// The hit ratio that theory expects.
    pub(crate) theory: Option<f64>,
}

/// Every cell, in order, whatever the number of threads.
pub(crate) fn all(job: &Job) -> Result<Vec<Measured>, Failure> {
    let cells = job.cells();
    let progress = Progress::new(1);
    let point = progress.point(0, format!("{} caches", cells.len()));
    let done = Done {
        point: &point,
        requests: AtomicU64::new(0),
        all: job.traffic.len().saturating_mul(cells.len() as u64),
    };
    let pool = ThreadPoolBuilder::new().num_threads(job.threads).build();
    let pool =
        pool.map_err(|error| Failure::File(format!("--threads {}: {error}", job.threads)))?;
    let theory = Theory::of(job)?;
    pool.install(|| {
        let measured = cells
            .par_iter()
            .map(|cell| one(job, cell, theory.as_ref(), &done));
        measured.collect()
    })
}

/// How many requests of all caches have been made.
struct Done<'a> {
    point: &'a PointProgress<'a>,
    requests: AtomicU64,
    all: u64,
}

impl Done<'_> {
    fn more(&self, requests: u64) {
        let before = self.requests.fetch_add(requests, Ordering::Relaxed);
        self.point.done(before + requests, self.all);
    }
}

fn one(job: &Job, cell: &Cell, theory: Option<&Theory>, done: &Done) -> Result<Measured, Failure> {
    let mut replay = Replay::new(&[job.spec(cell)?])?;
    let mut all = Counts::default();
    let mut told = 0;
    let mut flow = job.flow()?;
    let mut block = Block::default();
    while flow.next(&mut block) {
        for &size in &block.sizes {
            all.add(size, false);
        }
        if let Some(sampling) = &job.sampling {
            block.retain(|key| sampling.keeps(key));
        }
        replay.run(&block);
        if flow.warmed_up() {
            replay.forget_counts();
            all = Counts::default();
        }
        if flow.passed() - told >= 1 << 20 {
            done.more(flow.passed() - told);
            told = flow.passed();
        }
    }
    done.more(flow.passed() - told);
    let counted = replay.counts()[0];
    let counts = match &job.sampling {
        Some(sampling) => sampling.estimate(&counted, &all),
        None => counted,
    };
    Ok(Measured {
        cell: *cell,
        counts,
        theory: theory.and_then(|it| it.hit_ratio(cell.policy, cell.capacity)),
    })
}
