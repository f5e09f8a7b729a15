//! Runs that are done carelessly: from empty, without a warm-up, over a window that is too short. Wherever that moves a number by more than
//! its interval, the audit has to say so.

use sim_core::run::{Cancel, Plan, run};

use crate::cell::{Cell, quantity, stopping};
use crate::families;

/// Runs a cell carelessly on many seeds: how often a number was off by more than its interval, and how often that went unnoticed.
fn unnoticed(cell: &Cell, share_of_window: f64, seeds: u64) -> (u32, u32) {
    let (mut wrong, mut unnoticed) = (0, 0);
    for seed in 1..=seeds {
        let plan = Plan::new(&cell.scenario, seed).unwrap();
        let careless = plan.careless(share_of_window);
        let report = run(&careless, &stopping(), 2, &Cancel::default(), &|_| {});
        let is_off = cell.truths.iter().any(|(name, truth)| {
            let it = quantity(&report, name);
            let (Some(estimate), Some(low), Some(high)) = (it.estimate, it.low, it.high) else {
                return false;
            };
            (estimate - truth).abs() > (high - low) + 1e-9 * truth.abs()
        });
        wrong += u32::from(is_off);
        unnoticed += u32::from(is_off && report.doubts.is_empty());
    }
    (wrong, unnoticed)
}

fn check(seeds: u64, is_chosen: impl Fn(&Cell) -> bool) {
    let (mut wrong, mut missed) = (0, 0);
    let mut names = Vec::new();
    for cell in families::all().into_iter().filter(is_chosen) {
        for share in [1.0, 0.01] {
            let (more, unnoticed) = unnoticed(&cell, share, seeds);
            (wrong, missed) = (wrong + more, missed + unnoticed);
            if unnoticed > 0 {
                names.push(format!("{}: {unnoticed} of {more}", cell.name));
            }
        }
    }
    println!("{wrong} careless runs were off by more than an interval, {missed} of them unnoticed");
    assert!(
        wrong > 0,
        "carelessness has to do harm, or this tests nothing"
    );
    assert!(
        missed * 100 <= wrong,
        "{missed} of {wrong} went unnoticed: {names:#?}"
    );
}

#[test]
fn careless_runs_are_doubted() {
    let chosen = [
        "M/G/∞ exponential, 200",
        "M/G/100/100",
        "before a delay",
        "20 places",
        "tandem at 0.9",
        "600 s to live",
    ];
    check(10, |cell| chosen.iter().any(|it| cell.name.contains(it)));
}

#[test]
#[ignore = "takes minutes: cargo xtask verify --zoo"]
fn careless_runs_of_the_whole_zoo_are_doubted() {
    check(100, |_| true);
}
