//! A smaller document that fails as well: what can be left out is left out.

use serde_json::Value;

use crate::examined::{Verdict, examine};

/// Trials at most.
const TRIALS: u32 = 3_000;

/// Leaves out of a document whatever its failure does not need.
pub(crate) fn reduced(document: &Value) -> Value {
    let mut best = document.clone();
    let mut trials = 0;
    loop {
        let before = best.clone();
        // From the end, so that the places before it stay where they are.
        for place in places(&best).into_iter().rev() {
            trials += 1;
            if trials > TRIALS {
                return best;
            }
            let smaller = without(&best, &place);
            if matches!(examine(&smaller), Verdict::Failed(what) if !what.starts_with("is not read"))
            {
                best = smaller;
            }
        }
        if best == before {
            return best;
        }
    }
}

/// JSON pointers to all values inside a document.
pub(crate) fn places(document: &Value) -> Vec<String> {
    fn walk(value: &Value, place: &str, found: &mut Vec<String>) {
        let mut inside = |key: &str, value: &Value| {
            let place = format!("{place}/{}", key.replace('~', "~0").replace('/', "~1"));
            found.push(place.clone());
            walk(value, &place, found);
        };
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| inside(key, value)),
            Value::Array(list) => {
                let entries = list.iter().enumerate();
                entries.for_each(|(i, value)| inside(&i.to_string(), value));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(document, "", &mut found);
    found
}

/// A document without the value at a place.
fn without(document: &Value, place: &str) -> Value {
    let mut document = document.clone();
    let Some((parent, key)) = place.rsplit_once('/') else {
        return document;
    };
    let key = key.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(parent) {
        Some(Value::Object(map)) => drop(map.remove(&key)),
        Some(Value::Array(list)) => {
            if let Some(at) = key.parse().ok().filter(|&at: &usize| at < list.len()) {
                list.remove(at);
            }
        }
        _ => {}
    }
    document
}
