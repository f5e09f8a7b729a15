use super::super::tests::{stream, view};
use super::*;

fn sharp(probes: f64) -> Prequal {
    Prequal {
        probes,
        removals: 0.0,
        ..Prequal::default()
    }
}

#[test]
fn uses_by_hand() {
    // The paper's setting: 16 of 100 servers, 3 probes, 1 removal: 2/(0.84·3 − 1) = 1.3158.
    let uses = Prequal::default().uses(100);
    assert!((uses - 2.0 / 1.52).abs() < 1e-12);
    assert_eq!(Prequal::default().uses(10), f64::INFINITY);
    assert_eq!(sharp(32.0).uses(1000), 1.0);
    let mut random = stream(1);
    let sum: u32 = (0..100_000).map(|_| rounded(uses, &mut random)).sum();
    // The standard deviation of the sum is 147.
    assert!((f64::from(sum) - 1e5 * uses).abs() < 735.0, "{sum}");
    assert_eq!(rounded(f64::INFINITY, &mut random), u32::MAX);
}

#[test]
fn the_first_request_goes_anywhere_and_the_next_where_a_probe_says() {
    let weights = [1; 4];
    let view = view(&weights, &[7, 5, 9, 8]);
    for seed in 0..20 {
        let (mut state, mut random) = (State::new(&sharp(4.0), 4), stream(seed));
        state.returned(1, 2.0);
        let first = state.choose(&view, 0.0, &mut random).unwrap();
        // All four were probed; hot is above the fourth of four answers, so nobody. The unknown have estimate 0 and the one
        // that is known to be slow is avoided.
        let second = state.choose(&view, 0.1, &mut random).unwrap();
        assert_ne!(second, 1, "after {first}");
    }
}

#[test]
fn the_cold_with_the_least_estimate_wins_and_if_all_are_hot_the_least_in_flight() {
    let mut state = State::new(&sharp(0.0), 4);
    let probe = |server, in_flight, estimate| Probe {
        server,
        in_flight,
        estimate,
        at: 0.0,
        uses: 9,
    };
    for answer in [probe(0, 9, 0.1), probe(1, 3, 0.4), probe(2, 4, 0.3)] {
        state.pool.insert(answer);
    }
    let weights = [1; 4];
    let all = view(&weights, &[0; 4]);
    assert_eq!(state.pool.best(&all, 4), Some(2));
    assert_eq!(state.pool.best(&all, 3), Some(1));
    assert_eq!(state.pool.best(&all, 2), Some(1));
    assert_eq!(state.pool.best(&all, 9), Some(0));
    let without_1 = View {
        eligible: Some(&[true, false, true, true]),
        ..all
    };
    assert_eq!(state.pool.best(&without_1, 2), Some(2));
}

#[test]
fn old_probes_are_forgotten() {
    let weights = [1; 2];
    let (idle, mut random) = (view(&weights, &[0; 2]), stream(4));
    let mut state = State::new(&sharp(2.0), 2);
    state.choose(&idle, 0.0, &mut random);
    assert_eq!(state.pool.servers().count(), 2);
    state.policy.probes = 0.0;
    state.choose(&idle, 0.99, &mut random);
    assert_eq!(state.pool.servers().count(), 2);
    state.choose(&idle, 1.01, &mut random);
    assert_eq!(state.pool.servers().count(), 0);
}

#[test]
fn fractions_accumulate() {
    let weights = [1; 10];
    let (idle, mut random) = (view(&weights, &[0; 10]), stream(5));
    let mut state = State::new(&sharp(0.25), 10);
    let mut answers = Vec::new();
    for _ in 0..8 {
        state.choose(&idle, 0.0, &mut random);
        answers.push(state.answers.len());
    }
    assert_eq!(answers, [0, 0, 0, 1, 1, 1, 1, 2]);
}

#[test]
fn estimates_by_hand() {
    let mut state = State::new(&Prequal::default(), 1);
    state.returned(0, 0.8);
    state.returned(0, 1.6);
    // 0.8 + 0.8/8.
    assert!((state.estimates[0] - 0.9).abs() < 1e-12);
}
