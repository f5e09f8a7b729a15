//! The command `cache`: hit ratios of policies on workloads and traces.

mod compression;
mod counts;
mod output;
mod refusals;
mod traces;

use std::collections::VecDeque;

use serde_json::Value;

use crate::program::{run, text_of};

/// What `cache` prints.
#[track_caller]
pub(crate) fn cache(arguments: &[&str]) -> String {
    text_of("cache", arguments)
}

/// The document that `cache` prints without a word on standard error.
#[track_caller]
pub(crate) fn document(arguments: &[&str]) -> Value {
    let all = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&cache(&all)).unwrap()
}

/// The document that `cache` prints, and what it says on standard error.
#[track_caller]
pub(crate) fn warned(arguments: &[&str], input: &[u8]) -> (Value, String) {
    let output = run("cache", &[arguments, &["--format", "json"]].concat(), input);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {stderr}");
    (serde_json::from_slice(&output.stdout).unwrap(), stderr)
}

/// (hits, misses) of each result.
pub(crate) fn hits(document: &Value) -> Vec<(u64, u64)> {
    let results = document["results"].as_array().unwrap().iter();
    results
        .map(|it| (it["hits"].as_u64().unwrap(), it["misses"].as_u64().unwrap()))
        .collect()
}

/// Hits of LRU by a list that is searched.
pub(crate) fn naive_lru<T: PartialEq + Copy>(keys: &[T], room: usize) -> u64 {
    let mut list = VecDeque::new();
    let mut hits = 0;
    for &key in keys {
        if let Some(at) = list.iter().position(|&it| it == key) {
            hits += 1;
            list.remove(at);
        } else if list.len() == room {
            list.pop_back();
        }
        list.push_front(key);
    }
    hits
}
