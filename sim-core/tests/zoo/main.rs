//! Many scenarios whose answers are known, each on many seeds: do 95 % intervals cover the truth in 95 % of runs, and does the audit see what
//! is wrong and nothing else?
//!
//! The whole zoo takes minutes and is run by `cargo xtask verify --zoo`; a sample of it runs with every other test.

#![allow(missing_docs)]
#![allow(
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "expected values need no particular last bits"
)]

mod cell;
mod families;
mod formulas;
mod injected;

use std::collections::BTreeMap;

use crate::cell::{Cell, Coverage};

/// Seeds of each cell.
const SEEDS: u64 = 200;
/// The same in the sample, and the most requests in flight that it bears.
const SAMPLE: u64 = 8;

/// The seeds of a cell: its own, or all cells would be lucky together.
fn seeds(cell: u64, count: u64) -> std::ops::Range<u64> {
    let first = 1_000 * cell + 1;
    first..first + count
}

/// Cells that are quick enough for a sample.
fn quick(cell: &Cell) -> bool {
    let slow = ["M/G/1000/", "M/G/10000/", "at 0.97"];
    !slow.iter().any(|it| cell.name.contains(it))
}

#[test]
fn the_zoo_has_sixty_scenarios() {
    assert!(families::all().len() >= 60, "{}", families::all().len());
}

/// Of 8 runs of every quick cell as many cover as should, over the families: of n intervals 95 % do, with a standard deviation of √(0.0475 n).
/// Quantities of one run depend on each other, so four of these are allowed for.
#[test]
fn a_sample_of_the_zoo_is_covered() {
    let mut families: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let (mut doubted, mut runs) = (0, 0);
    let mut doubts = Vec::new();
    for (number, cell) in (0..).zip(families::all()).filter(|it| quick(&it.1)) {
        let found = cell.coverage(seeds(number, SAMPLE));
        let sums = families.entry(cell.family).or_default();
        for (name, covered, given) in &found.covered {
            assert!(*given > 0, "{}: {name} has no interval", cell.name);
            *sums = (sums.0 + covered, sums.1 + given);
        }
        (doubted, runs) = (doubted + found.doubted, runs + SAMPLE);
        doubts.extend(found.doubt.map(|it| format!("{}: {it}", cell.name)));
    }
    for (family, (covered, given)) in families {
        let n = f64::from(given);
        let (share, error) = (f64::from(covered) / n, (0.0475 / n).sqrt());
        assert!(
            (share - 0.95).abs() < 4.0 * error.max(0.02),
            "{family}: {covered} of {given} intervals cover"
        );
    }
    // The audit doubts one honest run in a hundred at most.
    let most = runs as f64 * 0.01 + 3.0 * (runs as f64 * 0.01).sqrt();
    assert!(
        f64::from(doubted) <= most,
        "{doubted} of {runs} runs doubted: {doubts:#?}"
    );
}

/// Prints the table of the whole zoo, and fails where it is not as it should be.
#[test]
#[ignore = "takes minutes: cargo xtask verify --zoo"]
fn the_whole_zoo_is_covered() {
    let mut families: BTreeMap<&str, (u32, u32, u32, u32)> = BTreeMap::new();
    let mut bad = Vec::new();
    // `ZOO=sessions` runs one family or one cell.
    let wanted = std::env::var("ZOO").unwrap_or_default();
    let is_wanted = |it: &Cell| it.family.contains(&wanted) || it.name.contains(&wanted);
    for (number, cell) in (0..).zip(families::all()).filter(|it| is_wanted(&it.1)) {
        let found = cell.coverage(seeds(number, SEEDS));
        report(&cell, &found);
        let sums = families.entry(cell.family).or_default();
        for (name, covered, given) in &found.covered {
            sums.0 += covered;
            sums.1 += given;
            let share = f64::from(*covered) / f64::from((*given).max(1));
            if *given == 0 || share < 0.88 {
                bad.push(format!("{}, {name}: {covered} of {given}", cell.name));
            }
        }
        sums.2 += found.doubted;
        sums.3 += SEEDS as u32;
    }
    println!("\n| family | intervals | cover the truth | runs doubted |\n|---|---|---|---|");
    for (family, (covered, given, doubted, runs)) in families {
        let share = 100.0 * f64::from(covered) / f64::from(given);
        let doubts = 100.0 * f64::from(doubted) / f64::from(runs);
        println!("| {family} | {given} | {share:.1} % | {doubts:.2} % |");
        if !(93.0..=97.0).contains(&share) {
            bad.push(format!("{family}: {share:.1} %"));
        }
        if doubts > 1.0 {
            bad.push(format!("{family}: {doubts:.2} % of runs doubted"));
        }
    }
    assert!(bad.is_empty(), "{bad:#?}");
}

fn report(cell: &Cell, found: &Coverage) {
    let parts = found.covered.iter().map(|(name, covered, given)| {
        format!(
            "{name} {:.1} %",
            100.0 * f64::from(*covered) / f64::from((*given).max(1))
        )
    });
    let parts: Vec<String> = parts.collect();
    println!(
        "{:<16} {:<40} {}; doubted {}",
        cell.family,
        cell.name,
        parts.join(", "),
        found.doubted
    );
    if let Some(doubt) = &found.doubt {
        println!("{:<16} {:<40}   {doubt}", "", "");
    }
}
