//! A document before anyone knows what it means: TOML or JSON alike, in the order in which it was written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// The most names in one table.
const MOST_NAMES: usize = 10_000;

/// A value of a document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// Nothing, where something could be.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Whole(i64),
    /// Any other finite number.
    Number(f64),
    /// A text.
    Text(String),
    /// Values in a row.
    List(Vec<Node>),
    /// Values by name, each name once.
    Table(Vec<(String, Node)>),
}

impl Node {
    /// A number; a whole one where it is whole, so that it can stand where only those may.
    pub(crate) fn number(value: f64) -> Self {
        const EVERY_WHOLE: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() <= EVERY_WHOLE {
            #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
            return Self::Whole(value as i64);
        }
        Self::Number(value)
    }

    /// Reads a value as TOML writes it; what is no TOML is a text.
    pub(crate) fn written(text: &str) -> Self {
        match toml::from_str(&format!("value = {text}")) {
            Ok(Self::Table(entries)) if entries.len() == 1 => {
                entries.into_iter().next().map_or(Self::Null, |it| it.1)
            }
            _ => Self::Text(text.trim().to_owned()),
        }
    }

    /// The value called `key`, in a table that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Table(entries) => entries.iter().find(|it| it.0 == key).map(|it| &it.1),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub(crate) fn as_number(&self) -> Option<f64> {
        match *self {
            Self::Whole(value) => Some(value as f64),
            Self::Number(value) => Some(value),
            _ => None,
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Whole(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            other => f.write_str(&serde_json::to_string(other).unwrap_or_default()),
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Whole(value) => serializer.serialize_i64(*value),
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(values) => serializer.collect_seq(values),
            Self::Table(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyNode)
    }
}

struct AnyNode;

impl<'de> Visitor<'de> for AnyNode {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Whole(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        let large = || Node::Number(value as f64);
        Ok(i64::try_from(value).map_or_else(|_| large(), Node::Whole))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
        if value.is_finite() {
            Ok(Node::Number(value))
        } else {
            Err(E::custom(format!("{value} is not a finite number")))
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Node::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut entries: Vec<(String, Node)> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if entries.len() == MOST_NAMES {
                return Err(A::Error::custom(format!("more than {MOST_NAMES} names")));
            }
            if entries.iter().any(|it| it.0 == key) {
                return Err(A::Error::custom(format!("`{key}` is there twice")));
            }
            entries.push((key, map.next_value()?));
        }
        Ok(Node::Table(entries))
    }
}
