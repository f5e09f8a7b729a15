//! Documents from outside, in TOML or JSON: read as values of our types, and refused in words.
//!
//! A text becomes a [`Node`], the value that both languages can write; [`read`] makes of a node any type that serde knows. What is
//! wrong comes back as an [`InputError`] that names the place in the document, such as `classes.page.arrivals.poisson.rate`, what
//! stands there, what may stand there, and an example. [`Document`] knows line and column as well.
//!
//! ```
//! use sim_core::document::{Document, Style};
//! use sim_core::distribution::Exponential;
//! let document = Document::parse(Style::Json, r#"{"mean": "fast"}"#).unwrap();
//! let problem = document.read::<Exponential>().unwrap_err();
//! assert_eq!(
//!     problem.to_string(),
//!     "line 1, column 10: mean is `\"fast\"`; it must be a number, such as \"mean\": 0.01"
//! );
//! ```

mod fault;
mod json;
mod node;
mod place;
mod positions;
mod reader;
#[cfg(feature = "toml")]
mod toml;
pub(crate) mod vocabulary;

use std::fmt::{self, Display};

use serde::de::DeserializeOwned;

pub use node::{Node, Style};
pub use place::{Place, Step};

use crate::error::InputError;
pub(crate) use node::entry;

use fault::Fault;
use reader::Reader;

/// A text that has been read as TOML or JSON.
#[derive(Debug, Clone)]
pub struct Document {
    style: Style,
    text: String,
    node: Node,
}

/// What is wrong with a document, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line and column in the text, both counted from 1; `None` where the value stands in no text.
    pub position: Option<(usize, usize)>,
    /// The field, what stands there and what may stand there.
    pub error: InputError,
}

impl Document {
    /// Reads a text.
    ///
    /// # Errors
    /// The line and column at which the text is not the language it should be.
    pub fn parse(style: Style, text: &str) -> Result<Self, Problem> {
        let node = match style {
            Style::Json => json::node(text)?,
            #[cfg(feature = "toml")]
            Style::Toml => toml::node(text)?,
            #[cfg(not(feature = "toml"))]
            Style::Toml => {
                let error =
                    InputError::malformed("the document", "TOML", "JSON: TOML is not built in");
                return Err(error.into());
            }
        };
        Ok(Self {
            style,
            text: text.to_owned(),
            node,
        })
    }

    /// What the text says.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The language that it is written in.
    pub fn style(&self) -> Style {
        self.style
    }

    /// The document as a value of a type that knows what belongs in it.
    ///
    /// # Errors
    /// The first thing that does not belong, is missing, or is of the wrong kind.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        read(&self.node, self.style).map_err(|error| self.locate(error))
    }

    /// Adds the line and column of the field that `error` names, or of the closest thing around it.
    pub fn locate(&self, error: InputError) -> Problem {
        let positions = match self.style {
            Style::Json => Some(json::positions(&self.text)),
            #[cfg(feature = "toml")]
            Style::Toml => toml::positions(&self.text),
            #[cfg(not(feature = "toml"))]
            Style::Toml => None,
        };
        let offset = positions.map(|it| it.of(&error));
        Problem {
            position: offset.map(|it| line_and_column(&self.text, it)),
            error,
        }
    }
}

/// A node as a value of a type that knows what belongs in it; examples in the message are in `style`.
///
/// # Errors
/// The first thing that does not belong, is missing, or is of the wrong kind.
pub fn read<T: DeserializeOwned>(node: &Node, style: Style) -> Result<T, InputError> {
    T::deserialize(Reader::new(node)).map_err(|fault: Fault| fault.into_error(style))
}

/// The line and column of a byte of a text, counted from 1, columns in characters.
fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line = before.split(|it| *it == b'\n').count();
    let start = before
        .iter()
        .rposition(|it| *it == b'\n')
        .map_or(0, |it| it + 1);
    // The bytes that begin a character of UTF-8.
    let column = before[start..]
        .iter()
        .filter(|it| **it & 0xc0 != 0x80)
        .count();
    (line, column + 1)
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.position {
            write!(f, "line {line}, column {column}: ")?;
        }
        self.error.fmt(f)
    }
}

impl std::error::Error for Problem {}

impl From<InputError> for Problem {
    fn from(error: InputError) -> Self {
        Self {
            position: None,
            error,
        }
    }
}
