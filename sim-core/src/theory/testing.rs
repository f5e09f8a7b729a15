//! What several models' tests share.

/// Fails unless `found` is `expected` to a relative `tolerance`.
#[track_caller]
pub(super) fn assert_close(found: f64, expected: f64, tolerance: f64) {
    let error = (found - expected).abs();
    assert!(
        error <= tolerance * expected.abs(),
        "{found} against {expected}"
    );
}

/// Stationary probabilities of 0, 1, … `top` requests from the balance of flows alone, at `load` Erlangs on `servers` servers.
pub(super) fn birth_death(load: f64, servers: u32, top: u32) -> Vec<f64> {
    let mut weights = vec![1.0];
    for n in 1..=top {
        let last = weights[weights.len() - 1];
        weights.push(last * load / f64::from(n.min(servers)));
    }
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| w / total).collect()
}
