//! Policies by name alone, with their usual parameters: what a list of choices can offer.

use serde::{Deserialize, Serialize};

use crate::balancing::Policy;
use crate::error::InputError;
use crate::exhibits::parts::capital;

/// A policy with its usual parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NamedPolicy(pub Policy);

/// Names in the address and for people; those that know least of the servers come first.
pub(super) const OPTIONS: &[(&str, &str)] = &[
    ("random", "Random"),
    ("round-robin", "Round robin"),
    ("weighted-round-robin", "Weighted round robin"),
    ("ip-hash", "IP hash"),
    ("consistent-hash", "Consistent hashing"),
    ("maglev", "Maglev hashing"),
    ("rendezvous", "Rendezvous hashing"),
    ("bounded-hash", "Bounded-load hashing"),
    ("power-of-choices", "Power of two choices"),
    ("random-two", "Random two (nginx)"),
    ("least-request", "Least request (Envoy)"),
    ("least-connections", "Least connections"),
    ("peak-ewma", "Peak EWMA (Finagle)"),
    ("prequal", "Prequal (Google)"),
    ("idle-queue", "Join the idle queue"),
    ("shortest-queue", "Shortest queue"),
    ("least-work", "Least work left (an oracle)"),
];

impl NamedPolicy {
    /// The name within a sentence, such as `least connections`.
    pub(super) fn name(&self) -> &'static str {
        match self.0 {
            Policy::PowerOfChoices(_) => "power of two choices",
            _ => self.0.name(),
        }
    }

    /// The name at the start of a sentence.
    pub(super) fn title(&self) -> String {
        capital(self.name())
    }
}

impl TryFrom<String> for NamedPolicy {
    type Error = InputError;

    fn try_from(text: String) -> Result<Self, InputError> {
        Policy::parse("policy", &text).map(Self)
    }
}

impl From<NamedPolicy> for String {
    fn from(policy: NamedPolicy) -> Self {
        let spec = policy.0.spec();
        spec.split(':').next().unwrap_or_default().to_owned()
    }
}
