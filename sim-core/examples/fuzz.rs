//! Random scenarios without end: each must run, account for every request and find numbers, or be refused by a field.
//! `cargo run --release -p sim-core --example fuzz -- 1000000` tries so many; a second number is the first seed. A single one is
//! printed.

#![allow(
    clippy::disallowed_methods,
    reason = "random scenarios need no particular last bits"
)]

#[path = "../tests/properties/examined.rs"]
mod examined;
#[path = "../tests/properties/mutated.rs"]
mod mutated;
#[path = "../tests/properties/random/mod.rs"]
mod random;
#[path = "../tests/properties/reduced.rs"]
mod reduced;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;

use rayon::prelude::*;

use crate::examined::{Verdict, examine};
use crate::mutated::{mutated, survives};
use crate::random::{Dice, scenario};
use crate::reduced::reduced;

/// Failures that are told in full.
const TOLD: usize = 10;

#[derive(Debug, Default)]
struct Found {
    passed: u64,
    refused: BTreeMap<String, u64>,
    spoilt: u64,
    failures: Vec<String>,
}

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|it| it.parse::<u64>());
    let (Ok(count), Ok(first), None) = (
        numbers.next().unwrap_or(Ok(1_000_000)),
        numbers.next().unwrap_or(Ok(0)),
        numbers.next(),
    ) else {
        eprintln!("error: allowed are two whole numbers: how many scenarios, and the first seed");
        return ExitCode::from(2);
    };
    if count == 1 {
        println!("{}", scenario(first));
    }
    // Panics are reported with the scenario, once it is as small as it gets.
    std::panic::set_hook(Box::new(|_| {}));
    let found = Mutex::new(Found::default());
    (first..first.saturating_add(count))
        .into_par_iter()
        .for_each(|seed| one(seed, &found));
    let found = found.into_inner().unwrap_or_default();
    let refused: u64 = found.refused.values().sum();
    println!(
        "{count} scenarios from seed {first}: {} ran, {refused} were refused, {} failed; of as many spoilt ones {} ran.",
        found.passed,
        found.failures.len(),
        found.spoilt,
    );
    for (field, times) in &found.refused {
        println!("refused {times} times by {field}");
    }
    for failure in found.failures.iter().take(TOLD) {
        println!("{failure}");
    }
    let is_well = found.failures.is_empty() && refused <= count / 10;
    if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The scenario of a seed, and the same spoilt.
fn one(seed: u64, found: &Mutex<Found>) {
    let document = scenario(seed);
    let verdict = examine(&document);
    let failure = match &verdict {
        Verdict::Failed(what) => {
            let smaller = reduced(&document);
            let now = examine(&smaller);
            Some(format!("seed {seed}: {what}\n  {smaller}\n  {now:?}"))
        }
        _ => None,
    };
    let spoilt = toml::Value::try_from(&document).map(|it| {
        let spoilt = mutated(&it, &mut Dice::new(seed));
        (survives(&spoilt), spoilt)
    });
    let Ok(mut found) = found.lock() else { return };
    found.failures.extend(failure);
    match verdict {
        Verdict::Passed => found.passed += 1,
        Verdict::Refused(field) => *found.refused.entry(field).or_default() += 1,
        Verdict::Failed(_) => {}
    }
    match spoilt {
        Ok((Verdict::Passed, _)) => found.spoilt += 1,
        Ok((Verdict::Failed(what), spoilt)) => {
            found
                .failures
                .push(format!("seed {seed}, spoilt: {what}\n{spoilt:?}"));
        }
        Ok((Verdict::Refused(_), _)) | Err(_) => {}
    }
}
