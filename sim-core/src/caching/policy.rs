//! Policies by name: on command lines, in documents and in lists of choices.

use std::fmt;

use serde::de::{DeserializeSeed, EnumAccess, Unexpected, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Policy;
use crate::error::InputError;

/// What the type is called in documents, their messages and their schema.
const TYPE: &str = "CachePolicy";

impl Policy {
    /// Reads a policy's name.
    ///
    /// # Errors
    /// Names `field`, the text and the known names.
    pub fn parse(field: &str, text: &str) -> Result<Self, InputError> {
        Self::named(text).ok_or_else(|| InputError::unknown(field, text, Self::NAMES.join(", ")))
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.spec() == name)
    }

    /// Whether a system can run it: it keeps to its capacity and knows nothing of the future.
    pub const fn is_real(self) -> bool {
        !self.needs_future() && !self.keeps_everything()
    }

    /// Those that a system can run, as (name in files, name for readers at the start of a line): for lists of choices.
    pub const OPTIONS: [(&'static str, &'static str); Self::REAL] = {
        let mut options = [("", ""); Self::REAL];
        let (mut at, mut found) = (0, 0);
        while at < Self::ALL.len() {
            let policy = Self::ALL[at];
            if policy.is_real() {
                options[found] = (policy.spec(), policy.title());
                found += 1;
            }
            at += 1;
        }
        options
    };

    /// How many of them a system can run.
    const REAL: usize = {
        let (mut at, mut found) = (0, 0);
        while at < Self::ALL.len() {
            found += Self::ALL[at].is_real() as usize;
            at += 1;
        }
        found
    };
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit_variant(TYPE, *self as u32, self.spec())
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum(TYPE, &Self::NAMES, Chosen)
    }
}

/// A policy as one of several that a document can choose.
struct Chosen;

impl<'de> Visitor<'de> for Chosen {
    type Value = Policy;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "enum {TYPE}")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Policy, A::Error> {
        let (policy, rest) = data.variant_seed(Name)?;
        rest.unit_variant()?;
        Ok(policy)
    }
}

/// The name of the one that is chosen, or its number in the table where a format writes no names.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Policy;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Policy, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Policy;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("variant identifier")
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Policy, E> {
        let known = usize::try_from(number)
            .ok()
            .and_then(|number| Policy::ALL.get(number));
        known.copied().ok_or_else(|| {
            let expected = format!("variant index 0 <= i < {}", Policy::ALL.len());
            E::invalid_value(Unexpected::Unsigned(number), &expected.as_str())
        })
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Policy, E> {
        Policy::named(name).ok_or_else(|| E::unknown_variant(name, &Policy::NAMES))
    }
}

/// The schema of the choice: each policy's name with its sentence.
#[cfg(feature = "schema")]
pub(super) fn say_in_schema(schema: &mut schemars::Schema) {
    let choice = |policy: Policy| {
        serde_json::json!({
            "description": policy.sentence(),
            "type": "string",
            "const": policy.spec(),
        })
    };
    let choices: Vec<_> = Policy::ALL.into_iter().map(choice).collect();
    schema.insert("oneOf".to_owned(), choices.into());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::de::IntoDeserializer;

    use super::*;

    #[test]
    fn every_name_reads_back_and_is_the_one_in_files() {
        for policy in Policy::ALL {
            assert_eq!(Policy::parse("policy", policy.spec()), Ok(policy));
            let json = serde_json::to_string(&policy).unwrap();
            assert_eq!(json, format!("\"{}\"", policy.spec()));
            assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy);
            assert_eq!(Policy::NAMES[policy as usize], policy.spec());
        }
        let error = Policy::parse("--policy", "LRU").unwrap_err();
        assert_eq!(error.field(), "--policy");
        let error = serde_json::from_str::<Policy>("\"LRU\"").unwrap_err();
        assert!(error.to_string().contains("expected one of `lru`, `fifo`"));
    }

    fn read(place: u32) -> Result<Policy, serde::de::value::Error> {
        Policy::deserialize(place.into_deserializer())
    }

    #[test]
    fn formats_without_names_write_the_place_in_the_table() {
        for (place, policy) in (0..).zip(Policy::ALL) {
            assert_eq!(policy as u32, place);
            assert_eq!(read(place), Ok(policy));
        }
        assert!(read(u32::try_from(Policy::ALL.len()).unwrap()).is_err());
    }

    #[test]
    fn every_policy_says_all_of_itself_and_none_says_what_another_says() {
        let words: [fn(Policy) -> &'static str; 5] = [
            Policy::spec,
            Policy::name,
            Policy::title,
            Policy::sentence,
            Policy::brief,
        ];
        for of in words {
            let all = Policy::ALL.map(of);
            assert!(all.iter().all(|it| !it.is_empty()), "{all:?}");
            let different: BTreeSet<_> = all.iter().collect();
            assert_eq!(different.len(), all.len(), "{all:?}");
        }
        for policy in Policy::ALL {
            let sentence = policy.sentence();
            assert!(sentence.ends_with('.') && !policy.brief().ends_with('.'));
            let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
            assert!(policy.spec().chars().all(is_plain), "{policy:?}");
            let queues: BTreeSet<_> = policy.queues().iter().map(|it| it.0).collect();
            assert_eq!(queues.len(), policy.queues().len(), "{policy:?}");
            assert!(policy.queues().iter().all(|it| !it.1.is_empty()));
        }
        assert_eq!(Policy::Random.title(), "Random");
    }

    #[test]
    fn what_can_be_chosen_is_what_a_system_can_run() {
        let known = Policy::OPTIONS.map(|(spec, _)| Policy::parse("", spec).unwrap());
        let real = Policy::ALL.into_iter().filter(|it| it.is_real());
        assert!(real.eq(known));
        assert!(!Policy::Belady.is_real() && !Policy::Infinite.is_real());
    }
}
