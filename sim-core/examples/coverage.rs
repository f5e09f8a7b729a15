//! Do the 95 % intervals cover the truth in 95 % of runs? Repeats whole runs with different seeds where theory knows the
//! answer, and counts. Takes some minutes: `cargo run --release -p sim-core --example coverage [MACRO_REPLICATIONS]`.
//!
//! As a check on the check, the naive interval, which takes the waits of one run as independent, must fail it.

use std::process::ExitCode;

use sim_core::distribution::Distribution;
use sim_core::engine::live::LiveStation;
use sim_core::run::{Cancel, Plan, Stopping, run};
use sim_core::scenario::Queue;
use sim_core::stats::moments::Moments;
use sim_core::theory::{Mm1, Mmc};
use sim_core::{InputError, Quantity};

/// Coverage that counts as honest: three standard errors around 95 % at 2,000 macro-replications.
const HONEST: std::ops::RangeInclusive<f64> = 0.935..=0.965;
const REPLICATIONS: u64 = 32;

fn main() -> ExitCode {
    let trials = match std::env::args()
        .nth(1)
        .map(|text| (text.parse::<u64>(), text))
    {
        None => 2000,
        Some((Ok(trials), _)) if (100..=1_000_000).contains(&trials) => trials,
        Some((_, text)) => {
            eprintln!("MACRO_REPLICATIONS: `{text}` is not in 100..=1000000");
            return ExitCode::FAILURE;
        }
    };
    match verify(trials) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a line for each model and quantity; true if all are as they should be.
fn verify(trials: u64) -> Result<bool, InputError> {
    println!(
        "{trials} macro-replications of {REPLICATIONS} replications each; honest is {HONEST:?}"
    );
    let mut good = true;
    for (servers, utilization) in [(1, 0.5), (1, 0.8), (1, 0.9), (4, 0.8)] {
        let covered = coverage(servers, utilization, trials)?;
        for (what, share) in [("mean", covered.mean), ("P99", covered.p99)] {
            let honest = HONEST.contains(&share);
            good &= honest;
            let verdict = if honest { "honest" } else { "NOT HONEST" };
            println!(
                "M/M/{servers} at {utilization}: {what:<4} covered in {:.2} %: {verdict}",
                share * 100.0
            );
        }
    }
    let naive = naive_coverage(0.8, trials)?;
    let caught = !HONEST.contains(&naive);
    let verdict = if caught {
        "fails, as it must"
    } else {
        "PASSES, so this check sees nothing"
    };
    println!(
        "M/M/1 at 0.8: naive interval of one run covers the mean in {:.2} %: {verdict}",
        naive * 100.0
    );
    Ok(good && caught)
}

/// Shares of intervals that cover.
struct Coverage {
    mean: f64,
    p99: f64,
}

fn markovian(servers: u32, utilization: f64) -> Queue {
    let gap = 1.0 / (utilization * f64::from(servers));
    Queue::new(
        Distribution::exponential(gap),
        servers,
        Distribution::exponential(1.0),
    )
}

fn coverage(servers: u32, utilization: f64, trials: u64) -> Result<Coverage, InputError> {
    let theory = Mmc::new(utilization * f64::from(servers), 1.0, servers)?;
    let scenario = markovian(servers, utilization).into();
    let stopping = Stopping {
        precision: 0.05,
        replications: REPLICATIONS,
        early: false,
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut mean, mut p99) = (0, 0);
    for seed in 0..trials {
        let report = run(
            &Plan::new(&scenario, seed)?,
            &stopping,
            threads,
            &Cancel::default(),
            &|_| {},
        );
        mean += u64::from(covers(report.mean_response, theory.mean_response()));
        p99 += u64::from(covers(report.p99, theory.response_quantile(0.99)));
    }
    Ok(Coverage {
        mean: mean as f64 / trials as f64,
        p99: p99 as f64 / trials as f64,
    })
}

fn covers(quantity: Quantity, truth: f64) -> bool {
    matches!((quantity.low, quantity.high), (Some(low), Some(high)) if low <= truth && truth <= high)
}

/// Coverage of mean ± 1.96·s/√n over the successive response times of a single run.
fn naive_coverage(utilization: f64, trials: u64) -> Result<f64, InputError> {
    const WARM_UP: usize = 2_000;
    const REQUESTS: usize = 20_000;
    let truth = Mm1::new(utilization, 1.0)?.mean_response();
    let mut covered = 0;
    for seed in 0..trials {
        let mut live = LiveStation::new(&markovian(1, utilization), seed)?;
        let mut passages = std::iter::repeat_with(|| live.next_passage());
        let responses: Moments = passages
            .by_ref()
            .skip(WARM_UP)
            .take(REQUESTS)
            .map(|passage| passage.departure - passage.arrival)
            .collect();
        let half_width = 1.96 * (responses.variance() / REQUESTS as f64).sqrt();
        covered += u64::from((responses.mean() - truth).abs() <= half_width);
    }
    Ok(covered as f64 / trials as f64)
}
