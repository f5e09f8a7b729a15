//! What leaves the program: text on standard output, in one of three formats.

use std::fmt::Write as _;
use std::io::Write;

use clap::ValueEnum;
use serde::Serialize;
use sim_core::wording::{is_hidden, visible_lines};

use crate::common::failure::Failure;
use crate::common::interrupt::{begin_printing, end_printing};

/// How the results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: aligned, with units, four digits
    Table,
    /// A header and a line for each point, every digit
    Csv,
    /// One document, every digit
    Json,
}

/// Prints everything; names from outside may hold characters that do something to a terminal, and are escaped.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    begin_printing();
    out.write_all(visible_lines(text).as_bytes())?;
    out.flush()?;
    end_printing();
    Ok(())
}

/// A document, each float with every digit it needs. Its texts hold no character that a terminal obeys: JSON has escapes for
/// them.
pub(crate) fn json(document: &impl Serialize) -> String {
    // Names are strings and numbers are finite: nothing here has no JSON.
    let text = serde_json::to_string_pretty(document).expect("a document");
    escaped(&text) + "\n"
}

/// `serde_json` escapes the controls of ASCII alone.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for it in json.chars() {
        if it != '\n' && is_hidden(it) {
            let mut units = [0; 2];
            for unit in it.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(it);
        }
    }
    text
}
