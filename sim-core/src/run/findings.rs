//! What replications found, without what was simulated: all that a worker has to hand back to whoever sent it.

use serde::{Deserialize, Serialize};

use super::network::NetworkResults;
use super::queue::QueueResults;

/// Results of some replications of a scenario that the reader knows. Becomes a [`Partial`](super::Partial) beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Findings {
    /// Requests discarded at the start of each replication.
    pub(super) warm_up: u64,
    /// Whether the start is known to be forgotten.
    pub(super) warmed_up: bool,
    /// Requests measured in each replication.
    pub(super) requests: u64,
    pub(super) results: Results,
}

/// Results of one way of computing sample paths.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Results {
    Queue(QueueResults),
    Network(NetworkResults),
}
