//! Results as CSV: a header and a line for each; what is not known is left empty.

use std::borrow::Cow;

use crate::common::number_text::exact;

/// Names and texts of one line.
pub(crate) type Cells = Vec<(String, String)>;

/// A number, or nothing for what is not known.
pub(crate) fn optional(value: Option<f64>) -> String {
    value.map(exact).unwrap_or_default()
}

/// A header and the lines, which all have the same names.
pub(crate) fn text(lines: &[Cells]) -> String {
    let header = lines
        .first()
        .map(|line| join(line.iter().map(|cell| &cell.0)));
    let rows = lines
        .iter()
        .map(|line| join(line.iter().map(|cell| &cell.1)));
    header.into_iter().chain(rows).collect()
}

fn join<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    let texts: Vec<_> = texts.map(|text| quoted(text)).collect();
    texts.join(",") + "\n"
}

/// A text as a cell: in quotes where it has to be.
fn quoted(text: &str) -> Cow<'_, str> {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\"")).into()
    } else {
        text.into()
    }
}
