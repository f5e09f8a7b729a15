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
pub(super) const OPTIONS: &[(&str, &str)] = &sorted();

/// The options in order: each goes before those that know more.
const fn sorted() -> [(&'static str, &'static str); Policy::ENTRIES.len()] {
    let mut options = [("", ""); Policy::ENTRIES.len()];
    let (mut filled, mut knows) = (0, 0);
    while filled < options.len() {
        let mut at = 0;
        while at < options.len() {
            let entry = &Policy::ENTRIES[at];
            if entry.knows as usize == knows {
                options[filled] = (entry.spelling, entry.title);
                filled += 1;
            }
            at += 1;
        }
        knows += 1;
    }
    options
}

impl NamedPolicy {
    /// The name within a sentence, such as `least connections`.
    pub(super) fn name(&self) -> &'static str {
        self.0.usual_name()
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
        policy.0.spelling().to_owned()
    }
}
