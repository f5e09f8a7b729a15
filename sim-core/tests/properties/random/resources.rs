//! Resources: stations, groups, pools and caches with everything that they can have.

use serde_json::{Value, json};
use sim_core::balancing::Policy;
use sim_core::caching;

use super::dice::Dice;
use super::laws::law;

const DISCIPLINES: [&str; 8] = [
    "fifo",
    "lifo",
    "random_order",
    "priority",
    "preemptive_priority",
    "shortest_job",
    "shortest_remaining",
    "processor_sharing",
];

/// A station with times of about `unit`.
pub(crate) fn station(dice: &mut Dice, unit: f64) -> Value {
    let servers = dice.whole(1, 6);
    let mut it = json!({
        "servers": servers,
        "service": law(dice, unit),
        "discipline": dice.pick(&DISCIPLINES),
    });
    if dice.happens(0.3) {
        it["speed"] = json!(dice.magnitude(0.2, 5.0));
    }
    if dice.happens(0.2) {
        it["room"] = json!(servers + dice.below(6));
    }
    if dice.happens(0.2) {
        it["patience"] = law(dice, 3.0 * unit);
    }
    if dice.happens(0.2) {
        it["failures"] = json!({
            "time_to_failure": law(dice, 20.0 * unit),
            "time_to_repair": law(dice, 3.0 * unit),
            "kind": dice.pick(&["crash", "drain", "pause"]),
            "silent": dice.happens(0.5),
        });
    }
    if dice.happens(0.1) {
        it["cold_start"] = json!(dice.number(0.0, 3.0) * unit);
    }
    if dice.happens(0.1) {
        it["scalability"] = scaling(dice);
    }
    it
}

fn scaling(dice: &mut Dice) -> Value {
    json!({ "contention": dice.number(0.0, 0.3), "coherency": dice.number(0.0, 0.1) })
}

pub(crate) fn pool(dice: &mut Dice, unit: f64) -> Value {
    let mut it = json!({ "kind": "pool", "size": dice.whole(1, 8) });
    if dice.happens(0.3) {
        it["queue"] = json!(dice.below(6));
    }
    if dice.happens(0.3) {
        it["patience"] = law(dice, 3.0 * unit);
    }
    it
}

/// A group, and how many servers it has.
pub(crate) fn group(dice: &mut Dice, unit: f64) -> (Value, u64) {
    let lines = dice.whole(1, 3);
    let mut servers = 0;
    let members: Vec<Value> = (0..lines)
        .map(|_| {
            let count = dice.whole(1, 4);
            servers += count;
            json!({
                "count": count,
                "speed": dice.magnitude(0.3, 3.0),
                "weight": dice.whole(1, 5),
                "backup": dice.happens(0.1),
            })
        })
        .collect();
    let mut it = json!({
        "kind": "group",
        "members": members,
        "policy": policy(dice, unit),
        "balancers": dice.whole(1, 3),
        "station": station(dice, unit),
    });
    if dice.happens(0.3) {
        it["health"] = health(dice, unit);
    }
    if dice.happens(0.2) {
        let min = dice.whole(1, servers);
        it["autoscaler"] = json!({
            "target": dice.number(0.1, 1.0),
            "min": min,
            "max": dice.whole(min, servers),
            "interval": f64::max(0.1, 3.0 * unit),
            "provisioning": dice.number(0.0, 5.0) * unit,
        });
        if dice.happens(0.5) {
            it["autoscaler"]["rule"] = json!("cooldown");
            it["autoscaler"]["cooldown_out"] = json!(dice.number(0.0, 5.0) * unit);
            it["autoscaler"]["cooldown_in"] = json!(dice.number(0.0, 5.0) * unit);
        }
    }
    if dice.happens(0.1) {
        it["coordination"] = scaling(dice);
    }
    (it, servers)
}

/// Any policy, with its usual values or with its main parameter.
fn policy(dice: &mut Dice, unit: f64) -> Value {
    let names: Vec<&str> = Policy::all().map(|it| it.spelling()).collect();
    let name = *dice.pick(&names);
    let text = match name {
        "maglev" => format!("maglev:{}", dice.pick(&[7, 101, 65_537])),
        "consistent-hash" => format!("consistent-hash:{}", dice.whole(1, 100)),
        "power-of-choices" => format!("power-of-choices:{}", dice.whole(1, 4)),
        "peak-ewma" => format!(
            "peak-ewma:{}",
            dice.number(1.0, 10.0) * f64::max(unit, 1e-6)
        ),
        other => other.to_owned(),
    };
    let policy = Policy::parse("policy", &text).expect("a valid policy");
    serde_json::to_value(policy).expect("data")
}

fn health(dice: &mut Dice, unit: f64) -> Value {
    let mut it = json!({
        "panic_threshold": dice.number(0.0, 1.0),
        "slow_start": dice.number(0.0, 5.0) * unit,
        "backups": dice.pick(&["nginx", "first_only", "all"]),
    });
    // Periods have lower limits.
    let period = |dice: &mut Dice| f64::max(1e-3, dice.number(1.0, 5.0) * unit);
    if dice.happens(0.5) {
        let interval = period(dice);
        it["active"] =
            json!({ "interval": interval, "fall": dice.whole(1, 3), "rise": dice.whole(1, 3) });
    }
    if dice.happens(0.4) {
        it["passive"] = json!({ "max_fails": dice.below(4), "fail_timeout": period(dice) });
    }
    if dice.happens(0.4) {
        let base = period(dice);
        it["outlier"] = json!({
            "consecutive": dice.whole(1, 5),
            "interval": period(dice),
            "base_ejection": base,
            "max_ejection": 10.0 * base,
            "max_percent": dice.below(101),
        });
    }
    it
}

/// A cache; one in each server of a group where that is given.
pub(crate) fn cache(dice: &mut Dice, unit: f64, per: Option<&str>) -> Value {
    let policies: Vec<_> = caching::Policy::ALL
        .into_iter()
        .filter(|it| !it.needs_future())
        .collect();
    let amount = dice.count(1.0, 3_000.0);
    let mut it = json!({
        "kind": "cache",
        "policy": dice.pick(&policies),
        "capacity": if dice.happens(0.6) { json!({ "objects": amount }) } else { json!({ "bytes": amount }) },
    });
    if dice.happens(0.4) {
        it["expiry"] = json!({
            "seconds": dice.magnitude(0.1, 100.0) * unit,
            "rule": dice.pick(&["on_write", "on_access"]),
            "jitter": dice.number(0.0, 1.0),
        });
    }
    if let Some(group) = per {
        it["per"] = json!(group);
    }
    it
}
