//! Laws of durations, of keys and of sizes.

use serde_json::{Value, json};

use super::dice::Dice;

/// A law of durations whose mean is about `unit`.
pub(crate) fn law(dice: &mut Dice, unit: f64) -> Value {
    let mean = dice.magnitude(0.1, 3.0) * unit;
    match dice.below(12) {
        0..=2 => json!({ "exponential": { "mean": mean } }),
        3 => json!({ "deterministic": { "value": mean } }),
        4 => json!({ "uniform": { "low": dice.number(0.0, mean), "high": 2.0 * mean } }),
        5 => json!({ "erlang": { "stages": dice.whole(1, 20), "mean": mean } }),
        6 => json!({ "mixed_erlang": { "mean": mean, "scv": dice.number(0.05, 1.0) } }),
        7 => json!({ "hyperexponential": { "mean": mean, "scv": dice.magnitude(1.0, 100.0) } }),
        8 => json!({ "lognormal": { "mean": mean, "scv": dice.magnitude(0.01, 50.0) } }),
        9 => json!({ "weibull": { "mean": mean, "shape": dice.magnitude(0.3, 10.0) } }),
        10 => match dice.below(2) {
            0 => json!({ "pareto": { "mean": mean, "shape": dice.magnitude(1.1, 10.0) } }),
            _ => json!({ "bounded_pareto": {
                "low": mean, "high": mean * dice.magnitude(2.0, 1e4), "shape": dice.magnitude(0.1, 5.0)
            } }),
        },
        _ => {
            let count = dice.whole(1, 5);
            let values: Vec<f64> = (0..count).map(|_| dice.number(0.01, 2.0) * mean).collect();
            json!({ "empirical": { "values": values } })
        }
    }
}

/// A pattern of keys.
fn pattern(dice: &mut Dice) -> Value {
    let items = dice.count(1.0, 3e4);
    match dice.below(7) {
        0..=1 => json!({ "zipf": { "items": items, "alpha": dice.number(0.0, 2.0) } }),
        2 => json!({ "uniform": { "items": items } }),
        3 => json!({ "hotspot": {
            "items": items + 10, "hot_items": dice.number(0.1, 0.9), "hot_requests": dice.number(0.0, 1.0)
        } }),
        4 => json!({ "loop": { "items": items } }),
        5 => json!({ "scan": { "items": items, "length": dice.whole(1, 10) } }),
        _ => json!({ "drift": {
            "items": items, "alpha": dice.number(0.0, 2.0), "every": dice.whole(1, 1000)
        } }),
    }
}

/// The keys that requests are about, and the sizes of their objects.
pub(crate) fn workload(dice: &mut Dice) -> Value {
    let keys = match dice.below(8) {
        0 => json!({ "one_hit": {} }),
        1 => {
            let parts = dice.whole(1, 3);
            let part = |dice: &mut Dice| json!({ "weight": dice.magnitude(0.01, 10.0), "keys": pattern(dice) });
            json!({ "mixture": (0..parts).map(|_| part(dice)).collect::<Vec<_>>() })
        }
        _ => pattern(dice),
    };
    let sizes = match dice.below(3) {
        0 => json!({ "fixed": dice.whole(1, 100) }),
        _ => json!({ "law": law(dice, 10.0) }),
    };
    json!({ "keys": keys, "sizes": sizes })
}
