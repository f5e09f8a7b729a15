//! The engine of a single first-come-first-served station, by recursion: all that most of the page's dots need, in few bytes.

use std::ops::Range;

use sim_core::run::{QueueJob, QueuePlan};
use sim_wasm_common::{Engine, Failure, pack_station, runner, unpack_station};

/// Stations alone.
#[derive(Debug)]
struct Stations;

impl Engine for Stations {
    type Plan = QueuePlan;
    type Job = QueueJob;

    fn plan(packed: &[u8], seed: u64) -> Result<QueuePlan, Failure> {
        QueuePlan::new(unpack_station(packed)?, seed).map_err(|error| Failure::unexpected(&error))
    }

    fn begin(plan: &QueuePlan, range: Range<u64>) -> QueueJob {
        QueueJob::new(plan, range)
    }

    fn step(job: &mut QueueJob, requests: u64) -> bool {
        job.step(requests)
    }

    fn finish(job: QueueJob) -> Result<Vec<u8>, Failure> {
        pack_station(&job.finish())
    }
}

runner!(Stations, "Runs errands about single stations.");

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::Scenario;
    use sim_core::distribution::Distribution;
    use sim_core::run::report::Stopped;
    use sim_core::run::{Findings, Partial, QueueResults};
    use sim_core::scenario::Queue;
    use sim_wasm_common::{pack, unpack};

    fn half_busy() -> Queue {
        let (gap, service) = (
            Distribution::exponential(2.0),
            Distribution::exponential(1.0),
        );
        Queue::new(gap, 1, service)
    }

    fn packed() -> Vec<u8> {
        pack(&half_busy()).unwrap()
    }

    fn run(first: f64, last: f64, step: f64) -> Partial {
        let mut runner = Runner::new();
        runner.start(&packed(), 1.0, first, last).unwrap();
        while !runner.step(step) {}
        let findings: Findings<QueueResults> = unpack(&runner.finish().unwrap()).unwrap();
        Partial::new(Scenario::from(half_busy()), 1, findings)
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
        for (packed, seed, first, last) in [
            (&[7, 7, 7][..], 1.0, 0.0, 4.0),
            (&packed(), -1.0, 0.0, 4.0),
            (&packed(), 1.0, 0.5, 4.0),
            (&packed(), 1.0, 4.0, 0.0),
            (&packed(), 1.0, 0.0, 1e300),
            (&packed(), f64::NAN, 0.0, 4.0),
        ] {
            assert!(
                !runner
                    .start(packed, seed, first, last)
                    .unwrap_err()
                    .0
                    .is_empty()
            );
            assert!(runner.step(f64::NAN));
            assert!(runner.finish().is_err());
        }
    }
}
