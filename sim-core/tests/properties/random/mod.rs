//! Random scenarios that are valid by construction: every activity, law, policy, resource and horizon, the same ones for the same
//! seed. They are documents, as people write them.

mod dice;
mod laws;
mod paths;
mod resources;

use serde_json::{Map, Value, json};

pub(crate) use self::dice::Dice;
use self::laws::law;
use self::paths::World;

/// The scenario of a seed.
pub(crate) fn scenario(seed: u64) -> Value {
    let mut dice = Dice::new(seed);
    let dice = &mut dice;
    // Times from a microsecond to an hour.
    let unit = dice.magnitude(1e-6, 3600.0);
    let mut resources = Map::new();
    let world = resources_of(dice, unit, &mut resources);
    // A steady state takes a pilot run, and a load below capacity: few of those.
    let is_steady = dice.happens(0.05);
    let mut budget = 40;
    let mut rate = 0.0;
    let mut classes = Map::new();
    for name in &world.classes {
        let (arrivals, requests) = arrivals(dice, unit, is_steady);
        rate += requests;
        let mut class = json!({ "arrivals": arrivals, "priority": dice.below(256) });
        if dice.happens(0.3) {
            class["clients"] =
                json!({ "count": dice.whole(1, 100), "skew": dice.number(0.0, 2.0) });
        }
        if dice.happens(0.3) {
            class["path"] = json!(paths::path(dice, &world, &mut budget));
        }
        classes.insert(name.clone(), class);
    }
    let span = dice.magnitude(3.0, 150.0) * unit;
    let requests = dice.whole(1, 200);
    let horizon = match dice.below(4) {
        _ if is_steady => json!({ "steady": { "requests": requests } }),
        0 => json!({ "transient": { "requests": requests } }),
        _ => json!({ "span": { "seconds": span } }),
    };
    let mut scenario = json!({
        "name": format!("scenario {seed}"),
        "classes": classes,
        "resources": resources,
        "path": paths::path(dice, &world, &mut budget),
        "horizon": horizon,
        "limits": { "population": dice.count(100.0, 5_000.0) },
    });
    if dice.happens(0.3) {
        scenario["probes"] = json!({ "series": dice.whole(1, 30), "tail": dice.happens(0.5) });
    }
    if !is_steady && dice.happens(0.4) {
        let end = span.max(requests as f64 / f64::max(rate, 1e-9));
        scenario["script"] = script(dice, &world, &scenario["resources"], end);
    }
    scenario
}

fn resources_of(dice: &mut Dice, unit: f64, resources: &mut Map<String, Value>) -> World {
    let mut world = World {
        unit,
        classes: names(dice, "class", 1, 3),
        stations: names(dice, "station", 0, 3),
        groups: names(dice, "group", 0, 2),
        pools: names(dice, "pool", 0, 2),
        caches: Vec::new(),
    };
    for name in &world.stations {
        let mut station = resources::station(dice, unit);
        station["kind"] = json!("station");
        resources.insert(name.clone(), station);
    }
    for name in &world.groups {
        resources.insert(name.clone(), resources::group(dice, unit).0);
    }
    for name in &world.pools {
        resources.insert(name.clone(), resources::pool(dice, unit));
    }
    for name in names(dice, "cache", 0, 3) {
        let is_local = !world.groups.is_empty() && dice.happens(0.4);
        let group = is_local.then(|| dice.pick(&world.groups).clone());
        resources.insert(name.clone(), resources::cache(dice, unit, group.as_deref()));
        world.caches.push((name, group));
    }
    world
}

fn names(dice: &mut Dice, kind: &str, least: u64, most: u64) -> Vec<String> {
    let count = dice.whole(least, most);
    (0..count).map(|i| format!("{kind} {i}")).collect()
}

/// How requests come, and about how many in a second.
fn arrivals(dice: &mut Dice, unit: f64, is_steady: bool) -> (Value, f64) {
    let rate = if is_steady {
        dice.magnitude(0.01, 0.1) / unit
    } else {
        dice.magnitude(0.1, 3.0) / unit
    };
    let kind = if is_steady {
        dice.below(5)
    } else {
        dice.below(9)
    };
    let arrivals = match kind {
        0 | 8 => json!({ "poisson": { "rate": rate } }),
        1 => json!({ "renewal": { "interarrival": law(dice, 1.0 / rate) } }),
        2 => json!({ "bursty": {
            "calm_rate": if dice.happens(0.5) { 0.0 } else { 0.1 * rate },
            "burst_rate": 3.0 * rate,
            "calm_seconds": dice.magnitude(0.01, 10.0) * unit,
            "burst_seconds": dice.magnitude(0.01, 10.0) * unit,
        } }),
        3 => json!({ "batches": {
            "rate": 0.3 * rate,
            "size": if dice.happens(0.5) { json!({ "fixed": dice.whole(1, 8) }) } else { json!({ "geometric": dice.number(1.0, 6.0) }) },
        } }),
        4 => {
            let mut users = json!({ "count": dice.whole(1, 20) });
            // Paths begin with a pause, so that users need none.
            if dice.happens(0.8) {
                users["think"] = law(dice, 3.0 * unit);
            }
            json!({ "users": users })
        }
        5 => {
            let count = dice.whole(1, 4);
            let step = |dice: &mut Dice, rate: f64| json!({ "seconds": dice.magnitude(0.1, 30.0) * unit, "rate": rate });
            let mut steps: Vec<_> = (1..count)
                .map(|_| {
                    let rate = if dice.happens(0.3) {
                        0.0
                    } else {
                        dice.number(0.0, 2.0) * rate
                    };
                    step(dice, rate)
                })
                .collect();
            steps.push(step(dice, rate));
            json!({ "steps": { "steps": steps } })
        }
        6 => json!({ "sinusoidal": {
            "mean_rate": rate, "swing": dice.number(0.0, 1.0), "period": dice.magnitude(0.1, 30.0) * unit
        } }),
        _ => {
            let mut time = 0.0;
            let count = dice.whole(1, 100);
            let times = (0..count).map(|_| {
                time += dice.number(0.0, 2.0) / rate;
                time
            });
            json!({ "recorded": { "times": times.collect::<Vec<f64>>() } })
        }
    };
    (arrivals, rate)
}

fn script(dice: &mut Dice, world: &World, resources: &Value, end: f64) -> Value {
    let mut servers = world.stations.clone();
    for group in &world.groups {
        servers.push(group.clone());
        let members = resources[group]["members"].as_array().map_or(0, Vec::len);
        servers.push(format!("{group}[{}]", dice.below(members as u64)));
    }
    let mut lines = Vec::new();
    for _ in 0..dice.whole(1, 6) {
        let at = dice.number(0.0, end);
        if !world.caches.is_empty() && (servers.is_empty() || dice.happens(0.3)) {
            let what = *dice.pick(&["flush", "crash"]);
            let cache = &dice.pick(&world.caches).0;
            lines.push(json!({ what: { "at": at, "cache": cache } }));
            continue;
        }
        if servers.is_empty() {
            continue;
        }
        let server = dice.pick(&servers).clone();
        let what = *dice.pick(&[
            "kill",
            "drain",
            "pause",
            "revive",
            "slow",
            "partition",
            "heal",
        ]);
        let mut it = json!({ "at": at, "server": server });
        if what == "slow" {
            it["factor"] = json!(dice.magnitude(0.1, 100.0));
        }
        if what == "kill" {
            it["silent"] = json!(dice.happens(0.5));
        }
        lines.push(json!({ what: it }));
    }
    json!(lines)
}
