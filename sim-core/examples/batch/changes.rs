//! `--set path=value`: changes to a scenario before it runs.

use std::str::FromStr;

use sim_core::scenario::Scenario;

use crate::address::Address;
use crate::node::Node;
use crate::source::{document_of, scenario};

/// One change.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// Where.
    pub(crate) address: Address,
    /// What is put there.
    pub(crate) value: Node,
}

impl FromStr for Change {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, value) = text
            .split_once('=')
            .ok_or("allowed is path=value, such as resources.db.servers=8")?;
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
        address.set(&mut document, value.clone())?;
    }
    scenario(&document)
}
