//! What leaves the program: text on standard output, in one of three formats.

use std::io::Write;

use clap::ValueEnum;
use serde::Serialize;

use crate::failure::Failure;
use crate::interrupt::{begin_printing, end_printing};

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

/// Prints everything.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    begin_printing();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    end_printing();
    Ok(())
}

/// A document, each float with every digit it needs.
pub(crate) fn json(document: &impl Serialize) -> String {
    // Names are strings and numbers are finite: nothing here has no JSON.
    let mut text = serde_json::to_string_pretty(document).expect("a document");
    text.push('\n');
    text
}
