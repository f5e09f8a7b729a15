//! Places in a document, written as its problems name them: `path[0].work.demand.exponential.mean`.

use std::fmt;
use std::str::FromStr;

use crate::wording::visible;

/// The way from the top of a document to one of its values.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place(pub Vec<Step>);

/// One step of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into a table.
    Key(String),
    /// Into a list, counted from 0.
    Index(usize),
}

impl FromStr for Place {
    type Err = String;

    /// Reads `path[0].work.at`; a name with a dot stands in quotes, `resources."a.b"`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{}` is not a path such as path[0].work.at", visible(text));
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

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) => {
                    let dot = if i > 0 { "." } else { "" };
                    let quote = if key.is_empty() || key.contains(['.', '[', ']', '"']) {
                        "\""
                    } else {
                        ""
                    };
                    write!(f, "{dot}{quote}{}{quote}", visible(key))?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["a", "path[0].work.at", "resources.\"a.b\"[2][3].x", "[1]"] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
        for text in ["", ".", "a.", "a..b", "[x]", "a]", "[1"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
