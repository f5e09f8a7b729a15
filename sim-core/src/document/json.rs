//! JSON texts: what they say, where each value stands, and what is wrong with one that is none.

use serde::de::Deserialize as _;
use serde_json::error::Category;

use super::Problem;
use super::node::Node;
use super::positions::{Inner, Positions};
use crate::error::InputError;

/// What `serde_json` says, and how it is said here.
const WORDS: &[(&str, &str)] = &[
    (
        "EOF while parsing a list",
        "a list begins but does not end: a `]` is missing",
    ),
    (
        "EOF while parsing an object",
        "an object begins but does not end: a `}` is missing",
    ),
    (
        "EOF while parsing a string",
        "a text begins but does not end: a `\"` is missing",
    ),
    (
        "EOF while parsing a value",
        "the document ends where a value should stand",
    ),
    (
        "expected `:`",
        "a colon is missing between a name and its value, as in \"rate\": 80",
    ),
    (
        "expected `,` or `]`",
        "a comma or the end of the list is missing",
    ),
    (
        "expected `,` or `}`",
        "a comma or the end of the object is missing",
    ),
    (
        "expected ident",
        "this is no value: texts stand in quotes; words without quotes are true, false and null",
    ),
    (
        "expected value",
        "a value is missing, or is written in a way that JSON does not know: texts stand in quotes",
    ),
    (
        "invalid escape",
        "JSON does not know this escape in a text; a backslash is written \\\\",
    ),
    (
        "invalid number",
        "this is no number; numbers are written as 80, 0.5 or 1e-3",
    ),
    ("number out of range", "this number is too large"),
    (
        "invalid unicode code point",
        "this escape stands for no character",
    ),
    (
        "control character (\\u0000-\\u001F) found while parsing a string",
        "a text goes over the end of its line; a line break is written \\n",
    ),
    (
        "key must be a string",
        "a name must stand in quotes, as in \"rate\": 80",
    ),
    (
        "invalid value: expected key to be a number in quotes",
        "a name must stand in quotes",
    ),
    ("float key must be finite", "a name must stand in quotes"),
    (
        "lone leading surrogate in hex escape",
        "this escape stands for half a character",
    ),
    (
        "trailing comma",
        "there is a comma after the last entry; take it away",
    ),
    (
        "trailing characters",
        "something follows after the end of the document",
    ),
    (
        "unexpected end of hex escape",
        "this escape is not complete",
    ),
    (
        "recursion limit exceeded",
        "lists and objects are nested too deeply",
    ),
];

/// What a text says.
pub(super) fn node(text: &str) -> Result<Node, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = serde_json::Deserializer::from_str(text);
    let node = Node::deserialize(&mut reader).and_then(|node| reader.end().map(|()| node));
    node.map_err(|error| problem(&error))
}

fn problem(error: &serde_json::Error) -> Problem {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    let known = WORDS.iter().find(|it| it.0 == said).map(|it| it.1);
    let words = match (error.classify(), known) {
        (_, Some(words)) => words,
        // What reading a node has against it.
        (Category::Data, None) => said,
        (_, None) => "this is not written as JSON",
    };
    Problem {
        position: Some((error.line(), error.column().max(1))),
        error: InputError::Syntax {
            field: String::new(),
            language: "JSON".into(),
            problem: crate::wording::shown(words),
        },
    }
}

/// Where each value of a valid text stands.
pub(super) fn positions(text: &str) -> Positions {
    let mut scan = Scan {
        bytes: text.as_bytes(),
        at: text.len() - text.trim_start_matches('\u{feff}').len(),
    };
    scan.value()
}

/// Goes once over a text that is known to be JSON.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&mut self) -> u8 {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn value(&mut self) -> Positions {
        let first = self.peek();
        let at = self.at;
        let inner = match first {
            b'{' => self.table(),
            b'[' => self.list(),
            b'"' => {
                self.text();
                Inner::Single
            }
            _ => {
                let is_end = |it: &u8| it.is_ascii_whitespace() || b",]}".contains(it);
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                self.at += rest.iter().position(is_end).unwrap_or(rest.len());
                Inner::Single
            }
        };
        Positions { at, inner }
    }

    fn list(&mut self) -> Inner {
        let mut entries = Vec::new();
        self.at += 1;
        while !matches!(self.peek(), b']' | 0) {
            entries.push(self.value());
            if self.peek() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        Inner::List(entries)
    }

    fn table(&mut self) -> Inner {
        let mut entries = Vec::new();
        self.at += 1;
        while self.peek() == b'"' {
            let at = self.at;
            let name = self.text();
            if self.peek() == b':' {
                self.at += 1;
            }
            entries.push((name, at, self.value()));
            if self.peek() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        Inner::Table(entries)
    }

    /// Passes a text in quotes, and says what it is.
    fn text(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
        let end = self.at.min(self.bytes.len());
        serde_json::from_slice(&self.bytes[start..end]).unwrap_or_default()
    }
}
