//! Places in a document, written as its problems name them: `path[0].work.demand.exponential.mean`.

use std::fmt;
use std::str::FromStr;

use crate::node::Node;

/// The way from the top of a document to one of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Into a table.
    Key(String),
    /// Into a list.
    Index(usize),
}

impl Address {
    /// Puts `value` in place of what is there.
    ///
    /// # Errors
    /// Where there is nothing: how far the way goes, and what there is instead.
    pub(crate) fn set(&self, document: &mut Node, value: Node) -> Result<(), String> {
        let mut at = document;
        for (depth, step) in self.0.iter().enumerate() {
            let here = Self(self.0[..depth].to_vec());
            at = step.child_of(at, &here)?;
        }
        *at = value;
        Ok(())
    }
}

impl Step {
    fn child_of<'a>(&self, node: &'a mut Node, here: &Address) -> Result<&'a mut Node, String> {
        let found = match (self, &*node) {
            (Self::Key(key), Node::Table(entries)) => entries.iter().position(|it| it.0 == *key),
            (Self::Index(index), Node::List(list)) => Some(*index).filter(|it| *it < list.len()),
            _ => None,
        };
        match (node, found) {
            (Node::Table(entries), Some(at)) => Ok(&mut entries[at].1),
            (Node::List(list), Some(at)) => Ok(&mut list[at]),
            (node, _) => Err(self.nothing(node, here)),
        }
    }

    /// What to say where this step leads nowhere.
    fn nothing(&self, node: &Node, here: &Address) -> String {
        let mut there = here.clone();
        there.0.push(self.clone());
        let place = if here.0.is_empty() {
            "the scenario".to_owned()
        } else {
            format!("`{here}`")
        };
        match node {
            Node::Table(entries) => {
                let keys: Vec<_> = entries.iter().map(|it| it.0.as_str()).collect();
                let keys = keys.join(", ");
                format!(
                    "`{there}` is not there; {place} has: {keys} (to put something else there, set it as a whole)"
                )
            }
            Node::List(list) if list.is_empty() => {
                format!("`{there}` is not there; {place} is empty")
            }
            Node::List(list) => format!(
                "`{there}` is not there; {place} is a list, its entries are {here}[0] to {here}[{}]",
                list.len() - 1
            ),
            Node::Null => format!("`{there}` is not there; {place} is not set: set it as a whole"),
            value => format!("`{there}` is not there; {place} is a single value, {value}"),
        }
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a path such as path[0].work.at");
        let mut steps = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let (step, after) = next_step(rest).ok_or_else(wrong)?;
            steps.push(step);
            rest = match after.strip_prefix('.') {
                Some("") => return Err(wrong()),
                Some(more) => more,
                None if after.is_empty() || after.starts_with('[') => after,
                None => return Err(wrong()),
            };
        }
        if steps.is_empty() {
            return Err(wrong());
        }
        Ok(Self(steps))
    }
}

/// The first step of a path, and what follows it.
fn next_step(text: &str) -> Option<(Step, &str)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (digits, after) = rest.split_once(']')?;
        return Some((Step::Index(digits.trim().parse().ok()?), after));
    }
    if let Some(rest) = text.strip_prefix('"') {
        let (key, after) = rest.split_once('"')?;
        return Some((Step::Key(key.to_owned()), after));
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (key, after) = text.split_at(end);
    let key = key.trim();
    (!key.is_empty() && !key.contains(']')).then(|| (Step::Key(key.to_owned()), after))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    let dot = if i > 0 { "." } else { "" };
                    let quote = if key.contains(['.', '[', '"']) {
                        "\""
                    } else {
                        ""
                    };
                    write!(f, "{dot}{quote}{key}{quote}")?;
                }
            }
        }
        Ok(())
    }
}
