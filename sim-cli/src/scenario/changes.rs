//! `--set path=value`: changes to a scenario before it runs.

use std::str::FromStr;

use sim_core::document::{Node, Place, Style};
use sim_core::scenario::Scenario;

use crate::scenario::address::set;

/// One change.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// Where.
    pub(crate) address: Place,
    /// What is put there.
    pub(crate) value: Node,
}

impl FromStr for Change {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, value) = text
            .split_once('=')
            .ok_or("it must be written as path=value, such as resources.db.servers=8")?;
        Ok(Self {
            address: address.parse()?,
            value: Node::written(value),
        })
    }
}

/// The scenario with all changes.
///
/// # Errors
/// A path that leads nowhere, or a value that cannot stand there.
pub(crate) fn changed(given: &Scenario, changes: &[Change]) -> Result<Scenario, String> {
    if changes.is_empty() {
        return Ok(given.clone());
    }
    let mut document = document_of(given);
    for Change { address, value } in changes {
        set(address, &mut document, value.clone())?;
    }
    Scenario::of_node(&document, Style::Toml).map_err(|error| error.to_string())
}

/// The document of a scenario, with everything in it that could be set.
fn document_of(scenario: &Scenario) -> Node {
    // Whatever was read can be written, and what is written can be read.
    let text = serde_json::to_string(scenario).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or(Node::Null)
}
