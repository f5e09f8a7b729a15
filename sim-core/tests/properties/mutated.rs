//! Scenarios with one thing spoilt: whatever it is, they run, or are refused by the name of a field.

use serde::Deserialize as _;
use sim_core::Scenario;
use sim_core::scenario::Horizon;
use toml::Value;

use crate::examined::{Verdict, examine_with, run};
use crate::random::Dice;

/// Requests of a replication of what is still valid.
const REQUESTS: u64 = 30;

/// A document with one of its values, or several, changed or gone.
pub(crate) fn mutated(document: &Value, dice: &mut Dice) -> Value {
    let mut document = document.clone();
    for _ in 0..=dice.below(2) {
        let count = count(&document);
        let at = usize::try_from(dice.below(count as u64)).expect("an index");
        let mut left = at;
        change(&mut document, &mut left, dice);
    }
    document
}

/// Values inside a document.
fn count(document: &Value) -> usize {
    let inside = |values: &mut dyn Iterator<Item = &Value>| values.map(|it| 1 + count(it)).sum();
    match document {
        Value::Table(table) => inside(&mut table.values()),
        Value::Array(list) => inside(&mut list.iter()),
        _ => 0,
    }
}

/// Changes the value that comes after so many others; true once that is done.
fn change(document: &mut Value, left: &mut usize, dice: &mut Dice) -> bool {
    match document {
        Value::Table(table) => {
            let keys: Vec<String> = table.keys().cloned().collect();
            for key in keys {
                if *left == 0 {
                    match dice.below(4) {
                        0 => drop(table.remove(&key)),
                        1 => {
                            let value = table[&key].clone();
                            table.insert(format!("{key}2"), value);
                        }
                        _ => table[&key] = other(&table[&key], dice),
                    }
                    return true;
                }
                *left -= 1;
                if change(&mut table[&key], left, dice) {
                    return true;
                }
            }
            false
        }
        Value::Array(list) => {
            for at in 0..list.len() {
                if *left == 0 {
                    match dice.below(4) {
                        0 => drop(list.remove(at)),
                        1 => list.insert(at, list[at].clone()),
                        _ => list[at] = other(&list[at], dice),
                    }
                    return true;
                }
                *left -= 1;
                if change(&mut list[at], left, dice) {
                    return true;
                }
            }
            false
        }
        _ => false,
    }
}

/// Something else in place of a value.
fn other(value: &Value, dice: &mut Dice) -> Value {
    let is_number = matches!(value, Value::Integer(_) | Value::Float(_));
    let number = value
        .as_float()
        .or_else(|| value.as_integer().map(|it| it as f64));
    match dice.below(if is_number { 14 } else { 10 }) {
        0 => Value::Integer(0),
        1 => Value::Integer(-1),
        2 => Value::Float(1e308),
        3 => Value::Float(f64::NAN),
        4 => Value::Float(f64::INFINITY),
        5 => Value::String("x".into()),
        6 => Value::Boolean(true),
        7 => Value::Array(Vec::new()),
        8 => Value::Table(toml::Table::new()),
        9 => Value::Integer(i64::MAX),
        10 => Value::Float(0.0),
        11 => Value::Float(5e-324),
        12 => Value::Float(1e9),
        _ => Value::Float(number.unwrap_or(1.0) * dice.magnitude(1e-3, 1e3)),
    }
}

/// What comes of such a document: what is still valid runs for a moment.
pub(crate) fn survives(document: &Value) -> Verdict {
    examine_with(|| {
        let mut scenario = match Scenario::deserialize(document.clone()) {
            Ok(scenario) => scenario,
            Err(error) if error.to_string().trim().is_empty() => return Err("no words".into()),
            Err(_) => return Ok(Verdict::Refused("the document".into())),
        };
        scenario.limits.population = scenario.limits.population.min(2_000);
        scenario.horizon = match scenario.horizon {
            Horizon::Span { seconds } => {
                let rates = scenario
                    .classes
                    .iter()
                    .map(|it| it.1.arrivals.rate().unwrap_or(0.0));
                let most = REQUESTS as f64 / rates.sum::<f64>().max(1e-3);
                Horizon::Span {
                    seconds: if seconds > most { most } else { seconds },
                }
            }
            Horizon::Steady { requests: None } => Horizon::Transient { requests: REQUESTS },
            Horizon::Steady { requests: Some(it) } | Horizon::Transient { requests: it } => {
                Horizon::Transient {
                    requests: it.min(REQUESTS),
                }
            }
        };
        run(&scenario)
    })
}
