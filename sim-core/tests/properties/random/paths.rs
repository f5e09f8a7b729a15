//! Paths: every activity, inside every other one where that is allowed, up to eight deep.

use serde_json::{Value, json};

use super::dice::Dice;
use super::laws::{law, workload};

/// The most activities inside each other.
const DEEPEST: u32 = 8;
/// The most often that an activity is done for one request.
const MOST_TIMES: u64 = 200;

/// What a path can use.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) unit: f64,
    pub(crate) classes: Vec<String>,
    pub(crate) stations: Vec<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) pools: Vec<String>,
    /// Caches, each with the group that it is in the servers of.
    pub(crate) caches: Vec<(String, Option<String>)>,
}

/// Where on a path the next activity stands.
#[derive(Debug, Clone, Default)]
struct Place {
    depth: u32,
    /// How often it is done for one request.
    times: u64,
    /// Groups of which a server was chosen, pools held.
    chosen: Vec<String>,
    held: Vec<String>,
    /// No cache up to this number is looked up any more: it was missed, or one after it was.
    missed: usize,
    has_key: bool,
    is_batch: bool,
}

/// The path of a class, and what is left of the activities that all paths may have.
pub(crate) fn path(dice: &mut Dice, world: &World, budget: &mut u32) -> Vec<Value> {
    let size = json!({ "set": { "attribute": { "name": "size", "to": law(dice, 1.0) } } });
    let pause = json!({ "delay": { "exponential": { "mean": 0.01 * world.unit } } });
    let mut path = vec![size, pause];
    let mut place = Place {
        times: 1,
        ..Place::default()
    };
    if !world.caches.is_empty() && dice.happens(0.8) {
        path.push(json!({ "set": { "key": workload(dice) } }));
        place.has_key = true;
    }
    let steps = dice.whole(1, 4);
    path.extend((0..steps).map(|_| activity(dice, world, &place, budget)));
    path
}

fn inner(dice: &mut Dice, world: &World, place: &Place, budget: &mut u32) -> Vec<Value> {
    let place = Place {
        depth: place.depth + 1,
        ..place.clone()
    };
    let steps = dice.below(3) + u64::from(dice.happens(0.7));
    (0..steps)
        .map(|_| activity(dice, world, &place, budget))
        .collect()
}

fn activity(dice: &mut Dice, world: &World, place: &Place, budget: &mut u32) -> Value {
    let is_leaf = place.depth >= DEEPEST || *budget == 0;
    *budget = budget.saturating_sub(1);
    let kind = if is_leaf {
        dice.below(4)
    } else {
        dice.below(16)
    };
    let leaf = |dice: &mut Dice| leaf(dice, world, place);
    match kind {
        0..=3 => leaf(dice),
        4 => repeat(dice, world, place, budget),
        5 => parallel(dice, world, place, budget),
        6..=7 => choose(dice, world, place, budget),
        8..=9 => balance(dice, world, place, budget).unwrap_or_else(|| leaf(dice)),
        10 => attempt(dice, world, place, budget),
        11 => hold(dice, world, place, budget).unwrap_or_else(|| leaf(dice)),
        12..=13 => look_up(dice, world, place, budget).unwrap_or_else(|| leaf(dice)),
        14 => write(dice, world, place, budget).unwrap_or_else(|| leaf(dice)),
        _ => {
            let span = *dice.pick(&["one", "two"]);
            json!({ "mark": { "span": span, "path": inner(dice, world, place, budget) } })
        }
    }
}

fn leaf(dice: &mut Dice, world: &World, place: &Place) -> Value {
    match dice.below(6) {
        0 => json!({ "delay": law(dice, world.unit) }),
        1 => match dice.below(3) {
            0 => json!({ "set": { "priority": dice.below(256) } }),
            1 => json!({ "set": { "attribute": { "name": "size", "to": law(dice, 1.0) } } }),
            _ if place.is_batch => json!({ "delay": law(dice, world.unit) }),
            _ => json!({ "set": { "key": workload(dice) } }),
        },
        _ => work(dice, world, place),
    }
}

fn work(dice: &mut Dice, world: &World, place: &Place) -> Value {
    let places: Vec<&String> = world.stations.iter().chain(&place.chosen).collect();
    if places.is_empty() {
        return json!({ "delay": law(dice, world.unit) });
    }
    let mut it = json!({ "at": dice.pick(&places) });
    if dice.happens(0.5) {
        it["demand"] = law(dice, world.unit);
    }
    if dice.happens(0.3) {
        it["times"] = json!("size");
    }
    json!({ "work": it })
}

fn repeat(dice: &mut Dice, world: &World, place: &Place, budget: &mut u32) -> Value {
    let times = dice.below(5);
    let times = if place.times * times > MOST_TIMES {
        1
    } else {
        times
    };
    let place = Place {
        times: place.times * times.max(1),
        ..place.clone()
    };
    json!({ "repeat": { "times": times, "path": inner(dice, world, &place, budget) } })
}

fn parallel(dice: &mut Dice, world: &World, place: &Place, budget: &mut u32) -> Value {
    let most = (MOST_TIMES / place.times).clamp(1, 5);
    let count = dice.whole(1, most);
    let place = Place {
        times: place.times * count,
        ..place.clone()
    };
    let paths: Vec<_> = (0..count)
        .map(|_| inner(dice, world, &place, budget))
        .collect();
    let mut it = json!({ "paths": paths, "rest": abandoned(dice) });
    if dice.happens(0.5) {
        it["first"] = json!(dice.whole(1, count));
    }
    json!({ "parallel": it })
}

fn abandoned(dice: &mut Dice) -> &'static str {
    if dice.happens(0.5) {
        "stops"
    } else {
        "runs_on"
    }
}

fn choose(dice: &mut Dice, world: &World, place: &Place, budget: &mut u32) -> Value {
    let by_chance = dice.happens(0.6);
    let mut branches = Vec::new();
    for _ in 0..dice.whole(1, 3) {
        let when = if by_chance {
            json!({ "share": dice.number(0.0, 0.33) })
        } else if dice.happens(0.5) {
            json!({ "class": dice.pick(&world.classes) })
        } else {
            json!({ "above": { "attribute": "size", "value": dice.number(0.0, 2.0) } })
        };
        branches.push(json!({ "when": when, "path": inner(dice, world, place, budget) }));
    }
    if dice.happens(0.5) {
        branches.push(json!({ "when": "otherwise", "path": inner(dice, world, place, budget) }));
    }
    json!({ "choose": branches })
}

fn balance(dice: &mut Dice, world: &World, place: &Place, budget: &mut u32) -> Option<Value> {
    let free = not_in(&world.groups, &place.chosen);
    let group = (!free.is_empty()).then(|| dice.pick(&free).clone())?;
    let mut inside = place.clone();
    inside.chosen.push(group.clone());
    let mut path = inner(dice, world, &inside, budget);
    if dice.happens(0.8) {
        path.push(json!({ "work": { "at": group } }));
    }
    Some(json!({ "balance": { "over": group, "path": path } }))
}

fn hold(dice: &mut Dice, world: &World, place: &Place, budget: &mut u32) -> Option<Value> {
    let free = not_in(&world.pools, &place.held);
    let pool = (!free.is_empty()).then(|| dice.pick(&free).clone())?;
    let mut inside = place.clone();
    inside.held.push(pool.clone());
    Some(json!({ "hold": { "pool": pool, "path": inner(dice, world, &inside, budget) } }))
}

fn not_in(all: &[String], taken: &[String]) -> Vec<String> {
    let free = all.iter().filter(|it| !taken.contains(it));
    free.cloned().collect()
}

fn attempt(dice: &mut Dice, world: &World, place: &Place, budget: &mut u32) -> Value {
    let retries = dice.below(4).min(MOST_TIMES / place.times - 1);
    let inside = Place {
        times: place.times * (retries + 1),
        ..place.clone()
    };
    let mut it = json!({
        "retries": retries,
        "abandoned": abandoned(dice),
        "path": inner(dice, world, &inside, budget),
    });
    if dice.happens(0.7) {
        it["timeout"] = json!(dice.magnitude(0.1, 5.0) * world.unit);
    }
    if dice.happens(0.4) {
        it["backoff"] = json!({
            "base": dice.magnitude(0.01, 1.0) * world.unit,
            "factor": dice.number(1.0, 3.0),
            "most": dice.magnitude(0.1, 5.0) * world.unit,
            "jitter": dice.number(0.0, 1.0),
        });
    }
    if dice.happens(0.3) {
        it["otherwise"] = json!(inner(dice, world, place, budget));
    }
    json!({ "attempt": it })
}

/// Caches at hand: shared ones, and those of servers that were chosen; not those that were missed.
fn at_hand(world: &World, place: &Place) -> Vec<usize> {
    let is_near = |group: &Option<String>| {
        group
            .as_ref()
            .is_none_or(|group| place.chosen.contains(group))
    };
    let all = world.caches.iter().enumerate();
    all.filter(|(_, (_, group))| is_near(group))
        .map(|(number, _)| number)
        .collect()
}

fn look_up(dice: &mut Dice, world: &World, place: &Place, budget: &mut u32) -> Option<Value> {
    let mut caches = at_hand(world, place);
    caches.retain(|&it| it >= place.missed);
    if caches.is_empty() || !place.has_key {
        return None;
    }
    let cache = *dice.pick(&caches);
    let missed = Place {
        missed: cache + 1,
        ..place.clone()
    };
    let mut it = json!({
        "at": world.caches[cache].0,
        "hit": inner(dice, world, place, budget),
        "miss": inner(dice, world, &missed, budget),
        "coalesce": dice.happens(0.5),
        "absent": if dice.happens(0.3) { dice.number(0.0, 1.0) } else { 0.0 },
    });
    if dice.happens(0.3) {
        it["early"] = json!(dice.magnitude(0.1, 10.0));
    }
    if dice.happens(0.3) {
        it["negative"] = json!(dice.magnitude(0.1, 10.0) * world.unit);
    }
    Some(json!({ "cache": it }))
}

fn write(dice: &mut Dice, world: &World, place: &Place, budget: &mut u32) -> Option<Value> {
    let near = at_hand(world, place);
    if near.is_empty() || !place.has_key {
        return None;
    }
    let is_behind = dice.happens(0.5);
    let at = *dice.pick(&near);
    let mut it = if is_behind {
        let (name, group) = &world.caches[at];
        let batch = Place {
            chosen: place
                .chosen
                .iter()
                .filter(|it| Some(*it) == group.as_ref())
                .cloned()
                .collect(),
            held: Vec::new(),
            missed: 0,
            is_batch: true,
            ..place.clone()
        };
        json!({
            "caches": [name],
            "how": { "behind": {
                "interval": dice.magnitude(0.3, 10.0) * world.unit, "batch": dice.whole(1, 20)
            } },
            "path": inner(dice, world, &batch, budget),
        })
    } else {
        let all = world.caches.iter();
        let caches: Vec<_> = all.filter(|_| dice.happens(0.5)).map(|it| &it.0).collect();
        let caches = json!(caches);
        json!({
            "caches": caches,
            "how": dice.pick(&["aside", "through", "around"]),
            "path": inner(dice, world, place, budget),
        })
    };
    if dice.happens(0.3) {
        it["event"] = json!({ "after": law(dice, world.unit) });
    }
    if dice.happens(0.2) {
        it["forgotten"] = json!(dice.number(0.0, 1.0));
    }
    Some(json!({ "write": it }))
}
