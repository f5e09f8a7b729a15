//! One scenario with known answers, and how often its intervals cover them.

use sim_core::run::{Cancel, Plan, Stopping, run};
use sim_core::scenario::Scenario;
use sim_core::{Quantity, Report};

/// Replications of a run.
const REPLICATIONS: u64 = 16;

/// A scenario, and what is known about it.
pub(crate) struct Cell {
    pub(crate) family: &'static str,
    pub(crate) name: String,
    pub(crate) scenario: Scenario,
    /// Quantities by their names in [`quantity`], and their exact values.
    pub(crate) truths: Vec<(String, f64)>,
}

/// What runs of one cell found.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Coverage {
    /// By quantity: runs whose interval covers the truth, and runs that gave an interval.
    pub(crate) covered: Vec<(String, u32, u32)>,
    /// Runs that doubted something.
    pub(crate) doubted: u32,
    /// The first doubt, in words.
    pub(crate) doubt: Option<String>,
}

impl Cell {
    pub(crate) fn new(family: &'static str, name: impl Into<String>, scenario: Scenario) -> Self {
        Self {
            family,
            name: name.into(),
            scenario,
            truths: Vec::new(),
        }
    }

    /// The same with a quantity whose value is known.
    pub(crate) fn knows(mut self, quantity: impl Into<String>, value: f64) -> Self {
        self.truths.push((quantity.into(), value));
        self
    }

    /// Runs it on these seeds.
    pub(crate) fn coverage(&self, seeds: std::ops::Range<u64>) -> Coverage {
        let covered = self.truths.iter().map(|it| (it.0.clone(), 0, 0));
        let mut found = Coverage {
            covered: covered.collect(),
            ..Coverage::default()
        };
        for seed in seeds {
            let plan = Plan::new(&self.scenario, seed)
                .unwrap_or_else(|error| panic!("{}: {error}", self.name));
            let report = run(&plan, &stopping(), 2, &Cancel::default(), &|_| {});
            self.see(&report, &mut found);
        }
        found
    }

    fn see(&self, report: &Report, found: &mut Coverage) {
        for ((name, truth), (_, covered, given)) in self.truths.iter().zip(&mut found.covered) {
            let it = quantity(report, name);
            if let (Some(low), Some(high)) = (it.low, it.high) {
                *given += 1;
                // What is exact is so to rounding.
                let slack = 1e-9 * truth.abs();
                *covered += u32::from(low <= truth + slack && truth - slack <= high);
            }
        }
        found.doubted += u32::from(!report.doubts.is_empty());
        if let Some(doubt) = report.doubts.first().filter(|_| found.doubt.is_none()) {
            found.doubt = Some(format!("{}: {}", doubt.what, doubt.detail));
        }
    }
}

pub(crate) fn stopping() -> Stopping {
    Stopping {
        precision: 0.05,
        replications: REPLICATIONS,
        early: false,
    }
}

/// A quantity of a report by its name: `W`, `Wq`, `L`, `Lq`, `X` and `P50` of all requests; `W` of a class as `class high W`; `U db`, `L db`, `Lq db`, `Wq db`,
/// `lost db` and `left db` (those that give up) of a place; `waits db`, the share that waits, of a resource; `hits cache`; `tries` of the first attempt.
pub(crate) fn quantity(report: &Report, name: &str) -> Quantity {
    let details = report.details.as_deref().expect("a run on the calendar");
    let words: Vec<&str> = name.split(' ').collect();
    let place = |name: &str| {
        let mut places = details.places.iter();
        places.find(|it| it.name == name).expect("a place")
    };
    match words[..] {
        ["W"] => report.mean_response,
        ["Wq"] => report.mean_wait,
        ["L"] => report.mean_in_system,
        ["Lq"] => report.mean_in_queue,
        ["X"] => details.throughput,
        ["P50"] => report.p50,
        ["P90"] => report.p90,
        ["P99"] => report.p99,
        ["served"] => details.classes[0].served_share,
        ["tries"] => details.attempts[0].tries,
        ["class", class, "W"] => {
            let mut classes = details.classes.iter();
            classes
                .find(|it| it.name == class)
                .expect("a class")
                .mean_response
        }
        ["waits", resource] => {
            let mut resources = details.resources.iter();
            resources
                .find(|it| it.name == resource)
                .expect("a resource")
                .delayed_share
        }
        ["P90wait", resource] => {
            let mut resources = details.resources.iter();
            resources
                .find(|it| it.name == resource)
                .expect("a resource")
                .wait
                .p90
        }
        ["hits", cache] => {
            let mut caches = details.caches.iter();
            caches
                .find(|it| it.name == cache)
                .expect("a cache")
                .hit_ratio
        }
        ["U", name] => place(name).utilization,
        ["L", name] => place(name).mean_in_system,
        ["Lq", name] => place(name).mean_in_queue,
        ["Wq", name] => place(name).mean_wait,
        ["lost", name] => place(name).rejected_share,
        ["left", name] => place(name).gave_up_share,
        _ => panic!("no quantity is called {name}"),
    }
}
