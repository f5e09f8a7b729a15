//! The command `batch`: scenario files and exhibits.

mod changes;
mod comparison;
mod exhibits;
mod refusals;
mod scenarios;
mod shards;
mod words;

use std::path::PathBuf;

use serde_json::Value;

use crate::program::text_of;

/// A scenario that is shipped.
pub(crate) fn shipped(name: &str) -> String {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "sim-core", "scenarios"]
        .iter()
        .collect();
    folder.join(name).to_str().unwrap().to_owned()
}

/// What `batch` prints.
#[track_caller]
pub(crate) fn batch(arguments: &[&str]) -> String {
    text_of("batch", arguments)
}

/// The document that `batch` prints.
#[track_caller]
pub(crate) fn document(arguments: &[&str]) -> Value {
    let all = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&batch(&all)).unwrap()
}
