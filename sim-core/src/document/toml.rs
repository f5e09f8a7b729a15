//! TOML texts: what they say, where each value stands, and what is wrong with one that is none.

use toml::de::{DeTable, DeValue};

use super::node::{MOST_NAMES, Node};
use super::positions::{Inner, Positions};
use super::{Problem, line_and_column};
use crate::error::InputError;
use crate::wording::{grouped, shown};

/// What the parser says, and how it is said here. What is not in the list is plain enough.
const WORDS: &[(&str, &str)] = &[
    (
        "key with no value",
        "an equals sign is missing after a name; write name = value",
    ),
    (
        "missing value for key",
        "a name has no value; write name = value",
    ),
    ("missing value", "a name has no value; write name = value"),
    (
        "invalid value",
        "a value is missing, or is written in a way that TOML does not know: texts stand in quotes",
    ),
    (
        "invalid basic string",
        "a text begins but does not end in its line: a `\"` is missing",
    ),
    (
        "invalid literal string",
        "a text begins but does not end in its line: a `'` is missing",
    ),
    (
        "unexpected key or value",
        "only one name and value may stand on a line",
    ),
    (
        "unclosed array",
        "a list begins but does not end: a `]` is missing",
    ),
    (
        "unclosed inline table",
        "a table begins but does not end: a `}` is missing",
    ),
    (
        "unclosed table",
        "the name of a table begins but does not end: a `]` is missing",
    ),
    (
        "unclosed array table",
        "the name of a table begins but does not end: `]]` is missing",
    ),
    (
        "missing assignment between key-value pairs",
        "an equals sign is missing; write name = value",
    ),
    (
        "extra comma in inline table",
        "a table has two commas in a row",
    ),
    ("extra comma in array", "a list has two commas in a row"),
    (
        "missing comma between key-value pairs",
        "a comma is missing between two entries of a table",
    ),
    (
        "missing comma between array elements",
        "a comma is missing between two entries of a list",
    ),
    (
        "cannot recurse further; max recursion depth met",
        "lists and tables are nested too deeply",
    ),
    ("recursion limit", "lists and tables are nested too deeply"),
    (
        "invalid unquoted key",
        "a name with this character must stand in quotes",
    ),
    (
        "unquoted keys cannot be empty",
        "a name is missing before the equals sign",
    ),
    (
        "unexpected content",
        "this is not written as TOML; write name = value",
    ),
];

/// What a text says.
pub(super) fn node(text: &str) -> Result<Node, Problem> {
    let table = DeTable::parse(text).map_err(|error| problem(text, &error))?;
    table_node(table.get_ref(), text)
}

fn problem(text: &str, error: &toml::de::Error) -> Problem {
    let said = error.message();
    // What the parser would have liked to see is a list of its own terms.
    let said = said.split(", expected ").next().unwrap_or_default();
    let known = WORDS.iter().find(|it| it.0 == said).map(|it| it.1);
    let span = error.span().unwrap_or(text.len()..text.len());
    let name = text.get(span.clone()).unwrap_or_default();
    let words = match known {
        Some(words) => words.to_owned(),
        None if said == "string values must be quoted" => {
            let rest = text.get(span.start..).unwrap_or_default();
            unquoted(rest.lines().next().unwrap_or_default()).to_owned()
        }
        None if said == "duplicate key" => format!("`{name}` is there twice in one table"),
        None => said.to_owned(),
    };
    syntax(text, span.start, &words)
}

/// What is wrong with a value that is neither a text in quotes nor anything else.
fn unquoted(value: &str) -> &'static str {
    let first = value.trim().chars().next();
    match first {
        None => "a value is missing after the equals sign",
        Some('0'..='9' | '+' | '-' | '.') => {
            "this is no number; numbers are written as 80, 0.5 or 1e-3, without a unit, and times are in seconds"
        }
        Some(_) => "a text must stand in quotes",
    }
}

fn syntax(text: &str, offset: usize, problem: &str) -> Problem {
    Problem {
        position: Some(line_and_column(text, offset)),
        error: InputError::Syntax {
            field: String::new(),
            language: "TOML".into(),
            problem: shown(problem),
        },
    }
}

fn table_node(table: &DeTable<'_>, text: &str) -> Result<Node, Problem> {
    if let Some((name, _)) = table.iter().nth(MOST_NAMES) {
        let most = format!("a table has more than {} names", grouped(MOST_NAMES as u64));
        return Err(syntax(text, name.span().start, &most));
    }
    let entries = table.iter().map(|(name, value)| {
        let place = value.span().start;
        Ok((
            name.get_ref().to_string(),
            value_node(value.get_ref(), place, text)?,
        ))
    });
    entries.collect::<Result<_, _>>().map(Node::Table)
}

fn value_node(value: &DeValue<'_>, place: usize, text: &str) -> Result<Node, Problem> {
    let wrong = |what: &str| syntax(text, place, what);
    Ok(match value {
        DeValue::String(text) => Node::Text(text.to_string()),
        DeValue::Boolean(value) => Node::Bool(*value),
        DeValue::Datetime(moment) => Node::Text(moment.to_string()),
        DeValue::Integer(number) => {
            let digits = number.as_str();
            match i64::from_str_radix(digits, number.radix()) {
                Ok(value) => Node::Whole(value),
                Err(_) if number.radix() == 10 => {
                    Node::Number(digits.parse().map_err(|_| wrong("this is no number"))?)
                }
                Err(_) => return Err(wrong("this number is too large")),
            }
        }
        DeValue::Float(number) => {
            let parsed = number.as_str().parse();
            Node::Number(parsed.map_err(|_| wrong("this is no number"))?)
        }
        DeValue::Array(values) => {
            let values = values
                .iter()
                .map(|it| value_node(it.get_ref(), it.span().start, text));
            Node::List(values.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => table_node(table, text)?,
    })
}

/// Where each value of a text stands; `None` where it is no TOML.
pub(super) fn positions(text: &str) -> Option<Positions> {
    let table = DeTable::parse(text).ok()?;
    Some(Positions {
        at: 0,
        inner: names(table.get_ref()),
    })
}

fn names(table: &DeTable<'_>) -> Inner {
    let entries = table.iter().map(|(name, value)| {
        let at = name.span().start;
        let inner = inner(value.get_ref());
        // A table that is made of dotted names and headers begins where it is first named.
        let start = match inner {
            Inner::Table(_) => value.span().start.max(at),
            _ => value.span().start,
        };
        (
            name.get_ref().to_string(),
            at,
            Positions { at: start, inner },
        )
    });
    Inner::Table(entries.collect())
}

fn inner(value: &DeValue<'_>) -> Inner {
    match value {
        DeValue::Table(table) => names(table),
        DeValue::Array(values) => {
            let entries = values.iter().map(|it| Positions {
                at: it.span().start,
                inner: inner(it.get_ref()),
            });
            Inner::List(entries.collect())
        }
        _ => Inner::Single,
    }
}
