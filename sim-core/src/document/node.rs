//! A document before anyone knows what it means: TOML or JSON alike, in the order in which it was written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use crate::wording::visible;

/// The most names in one table.
pub(super) const MOST_NAMES: usize = 10_000;

/// A language that documents are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// TOML 1.1.
    Toml,
    /// JSON, RFC 8259.
    Json,
}

/// A value of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Nothing, where something could be.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Whole(i64),
    /// Any other number. In TOML it may be infinite or not a number.
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
    pub fn number(value: f64) -> Self {
        const EVERY_WHOLE: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() <= EVERY_WHOLE {
            #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
            return Self::Whole(value as i64);
        }
        Self::Number(value)
    }

    /// Reads a value as TOML writes it; what is no TOML is a text.
    #[cfg(feature = "toml")]
    pub fn written(text: &str) -> Self {
        match super::toml::node(&format!("value = {text}")) {
            Ok(Self::Table(entries)) if entries.len() == 1 => {
                entries.into_iter().next().map_or(Self::Null, |it| it.1)
            }
            _ => Self::Text(text.trim().to_owned()),
        }
    }

    /// The value called `key`, in a table that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Table(entries) => entries.iter().find(|it| it.0 == key).map(|it| &it.1),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<f64> {
        match *self {
            Self::Whole(value) => Some(value as f64),
            Self::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value in one line, as a document of this style would have it.
    pub fn line(&self, style: Style) -> String {
        let mut text = String::new();
        self.write(style, &mut text);
        text
    }

    fn write(&self, style: Style, out: &mut String) {
        match self {
            Self::Null if style == Style::Toml => out.push_str("nothing"),
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(&value.to_string()),
            Self::Whole(value) => out.push_str(&value.to_string()),
            Self::Number(value) => out.push_str(&written(*value)),
            Self::Text(text) => out.push_str(&quoted(text)),
            Self::List(values) => {
                list(values.iter(), "[", "]", out, |it, out| it.write(style, out));
            }
            Self::Table(entries) => {
                let (open, close) = if style == Style::Toml && !entries.is_empty() {
                    ("{ ", " }")
                } else {
                    ("{", "}")
                };
                list(entries.iter(), open, close, out, |(name, value), out| {
                    out.push_str(&entry(name, value, style));
                });
            }
        }
    }
}

/// A number as people write it: without a row of zeros.
fn written(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        "nan".into()
    } else if size != 0.0 && size.is_finite() && !(1e-5..1e15).contains(&size) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

/// `name = value`, or `"name": value`.
pub(crate) fn entry(name: &str, value: &Node, style: Style) -> String {
    let value = value.line(style);
    match style {
        Style::Toml if is_bare(name) => format!("{name} = {value}"),
        Style::Toml => format!("{} = {value}", quoted(name)),
        Style::Json => format!("{}: {value}", quoted(name)),
    }
}

/// Whether TOML has this name without quotes.
fn is_bare(name: &str) -> bool {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-');
    !name.is_empty() && name.bytes().all(is_plain)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", visible(text).replace('"', "\\\""))
}

fn list<T>(
    items: impl Iterator<Item = T>,
    open: &str,
    close: &str,
    out: &mut String,
    mut write: impl FnMut(T, &mut String),
) {
    out.push_str(open);
    for (i, item) in items.enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        write(item, out);
    }
    out.push_str(close);
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&visible(text)),
            other => f.write_str(&other.line(Style::Json)),
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

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Number(value))
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
