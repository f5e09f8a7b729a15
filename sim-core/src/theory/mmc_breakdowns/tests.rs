//! Against closed forms at three edges, and against the chain cut off far out and solved state by state.

use super::*;
use crate::math;
use crate::theory::testing::assert_close;
use crate::theory::{Breakdowns, Mmc, breakdowns};

/// (λ, μ, c, MTBF, MTTR).
type Case = (f64, f64, u32, f64, f64);

const CASES: [Case; 6] = [
    (1.0, 1.0, 2, 20.0, 5.0),
    (2.2, 1.0, 4, 20.0, 5.0),
    (1.4, 1.0, 2, 3.0, 0.5),
    (0.3, 1.0, 3, 1.0, 4.0),
    (30.0, 10.0, 5, 100.0, 1.0),
    (14.0, 1.0, 20, 50.0, 10.0),
];

fn queue((arrival, service, servers, mtbf, mttr): Case) -> MmcBreakdowns {
    MmcBreakdowns::new(arrival, service, servers, mtbf, mttr).unwrap()
}

/// Probabilities of 0, 1, … `top` requests: states are taken out from the far end, one after the other (Grassmann, Taksar and
/// Heyman), no level or matrix in sight. No state leads further than c + 1 states away, so a band of rates is all there is.
fn state_by_state((arrival, service, servers, mtbf, mttr): Case, top: usize) -> Vec<f64> {
    let phases = servers as usize + 1;
    let states = (top + 1) * phases;
    let mut rates = vec![vec![0.0; 2 * phases + 1]; states];
    // The place in its row of the rate from one state to another.
    let place = |from: usize, to: usize| to + phases - from;
    for (state, row) in rates.iter_mut().enumerate() {
        let (n, up) = (state / phases, state % phases);
        if n < top {
            row[2 * phases] = arrival;
        }
        row[0] = n.min(up) as f64 * service;
        row[phases - 1] += up as f64 / mtbf;
        row[phases + 1] += (phases - 1 - up) as f64 / mttr;
    }
    let mut leaving = vec![0.0; states];
    for state in (1..states).rev() {
        let near = state.saturating_sub(phases)..state;
        leaving[state] = near.clone().map(|to| rates[state][place(state, to)]).sum();
        for from in near.clone() {
            let share = rates[from][place(from, state)] / leaving[state];
            for to in near.clone() {
                let by = share * rates[state][place(state, to)];
                rates[from][place(from, to)] += by;
            }
        }
    }
    let mut law = vec![1.0];
    for state in 1..states {
        let near = state.saturating_sub(phases)..state;
        let coming: f64 = near
            .map(|from| law[from] * rates[from][place(from, state)])
            .sum();
        law.push(coming / leaving[state]);
    }
    let total: f64 = law.iter().sum();
    let levels = law.chunks_exact(phases);
    levels
        .map(|level| level.iter().sum::<f64>() / total)
        .collect()
}

#[test]
fn it_agrees_with_the_chain_solved_state_by_state() {
    for case in CASES {
        let found = queue(case);
        let top = 2_000;
        let expected = state_by_state(case, top);
        // What is cut off is less than can be told.
        assert!(expected[top] < 1e-12, "{case:?}: {}", expected[top]);
        let numbers = expected.iter().enumerate();
        let mean: f64 = numbers.map(|(n, p)| n as f64 * p).sum();
        assert_close(found.mean_in_system(), mean, 1e-8);
        for n in [0, 1, 2, 5, 7, 25] {
            let there = expected[n as usize];
            assert_close(found.probability_in_system(n), there, 1e-8);
        }
    }
}

#[test]
fn one_server_is_white_and_christie() {
    for (arrival, service, mtbf, mttr) in [
        (1.0, 4.0, 1.0, 1.0),
        (0.5, 1.0, 20.0, 2.0),
        (3.0, 5.0, 0.1, 0.01),
        (0.05, 1.0, 10.0, 30.0),
    ] {
        let failures = breakdowns::Failures {
            when: breakdowns::Failing::AnyTime,
            mtbf,
            mttr,
            repair_scv: 1.0,
        };
        let expected = Breakdowns::new(arrival, service, 1.0, failures).unwrap();
        let found = queue((arrival, service, 1, mtbf, mttr));
        assert_close(found.mean_in_system(), expected.mean_in_system(), 1e-11);
        assert_close(found.availability(), expected.availability(), 1e-15);
        assert_close(found.utilization(), expected.utilization(), 1e-14);
    }
}

#[test]
fn without_breakdowns_it_is_mmc() {
    for (arrival, servers) in [(0.8, 1), (1.5, 2), (9.5, 10), (40.0, 64)] {
        let found = queue((arrival, 1.0, servers, 1e6, 1e-6));
        let plain = Mmc::new(arrival, 1.0, servers).unwrap();
        // Once in eleven days a server is away for a microsecond.
        assert_close(found.mean_response(), plain.mean_response(), 1e-9);
        assert_close(found.mean_wait() + 1e-6, plain.mean_wait() + 1e-6, 1e-8);
        for n in [0, 3, 12, 50] {
            let expected = plain.probability_in_system(u64::from(n));
            let off = found.probability_in_system(n) - expected;
            assert!(off.abs() < 1e-8 * expected + 1e-14, "{n}: {off}");
        }
    }
}

/// Breakdowns that come and go within no time leave n requests the mean of min(n, I) servers, I binomial: a birth-death chain.
#[test]
fn breakdowns_as_fast_as_light_slow_everybody_down_alike() {
    let (arrival, servers, up) = (2.0, 4_i32, 0.75_f64);
    let chance = |i: i32| {
        let ways = [1.0, 4.0, 6.0, 4.0, 1.0][usize::try_from(i).unwrap()];
        ways * math::pow(up, f64::from(i)) * math::pow(1.0 - up, f64::from(servers - i))
    };
    let working = |n: i32| -> f64 { (0..=servers).map(|i| f64::from(i.min(n)) * chance(i)).sum() };
    let (mut weight, mut total, mut weighted) = (1.0, 1.0, 0.0);
    for n in 1..400 {
        weight *= arrival / working(n);
        total += weight;
        weighted += f64::from(n) * weight;
    }
    let found = queue((arrival, 1.0, 4, 3e-6, 1e-6));
    assert_close(found.mean_in_system(), weighted / total, 1e-5);
}

#[test]
fn servers_that_are_up_are_binomial_and_all_levels_are_one() {
    for case in CASES {
        let found = queue(case);
        let all: f64 = (0..2000).map(|n| found.probability_in_system(n)).sum();
        assert_close(all, 1.0, 1e-9);
        // Requests that a server works on: what arrives, by Little's law.
        let working: f64 = found.mean_in_system() - found.mean_in_queue();
        assert_close(working, case.0 / case.1, 1e-12);
        // The chance that all servers are down, requests or no requests.
        let beyond = Matrix::diagonal(found.ratio.size(), |_| 1.0).plus(-1.0, &found.ratio);
        let ones = Matrix::diagonal(found.ratio.size(), |_| 1.0);
        let mut down = beyond
            .solve(&ones)
            .after_row(&found.levels[case.2 as usize])[0];
        down += found.levels[..case.2 as usize]
            .iter()
            .map(|level| level[0])
            .sum::<f64>();
        let expected = math::pow(1.0 - found.availability(), f64::from(case.2));
        assert_close(down, expected, 1e-8);
    }
}

#[test]
fn many_servers_feel_breakdowns_less_than_one_at_the_same_utilization() {
    let waits = [1, 2, 4, 8, 16].map(|servers: u32| {
        let arrival = 0.6 * f64::from(servers);
        queue((arrival, 1.0, servers, 20.0, 5.0)).mean_wait()
    });
    assert!(waits.is_sorted_by(|a, b| a > b), "{waits:?}");
}

#[test]
fn wrong_input_is_named() {
    let field = |arrival, service, servers, mtbf, mttr| {
        let error = MmcBreakdowns::new(arrival, service, servers, mtbf, mttr).unwrap_err();
        error.field().to_owned()
    };
    assert_eq!(field(0.0, 1.0, 2, 9.0, 1.0), "arrival_rate");
    assert_eq!(field(1.0, f64::NAN, 2, 9.0, 1.0), "service_rate");
    assert_eq!(field(1.0, 1.0, 0, 9.0, 1.0), "servers");
    assert_eq!(field(1.0, 1.0, 65, 9.0, 1.0), "servers");
    assert_eq!(field(1.0, 1.0, 2, 0.0, 1.0), "mtbf");
    assert_eq!(field(1.0, 1.0, 2, 9.0, f64::INFINITY), "mttr");
    // Two servers that are up nine tenths of the time carry less than 1.8.
    assert!(MmcBreakdowns::new(1.799, 1.0, 2, 9.0, 1.0).is_ok());
    assert_eq!(field(1.801, 1.0, 2, 9.0, 1.0), "utilization");
}
