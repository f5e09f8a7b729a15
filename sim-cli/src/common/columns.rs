//! Texts in aligned columns.

use std::iter::zip;

/// To which side of its column a text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Names.
    Left,
    /// Numbers.
    Right,
}

/// Rows under a header; each column as wide as its widest text.
pub(crate) struct Columns {
    aligns: Vec<Align>,
    lines: Vec<Line>,
}

enum Line {
    Row(Vec<String>),
    /// A first column and a text across all others.
    Remark(String, String),
}

impl Columns {
    /// Columns with these names.
    pub(crate) fn new(header: &[(&str, Align)]) -> Self {
        Self {
            aligns: header.iter().map(|(_, align)| *align).collect(),
            lines: vec![Line::Row(
                header.iter().map(|(name, _)| (*name).to_owned()).collect(),
            )],
        }
    }

    /// Adds a row with a text for each column.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.lines.push(Line::Row(cells));
    }

    /// Adds a row whose second text goes across all further columns.
    pub(crate) fn remark(&mut self, first: String, text: String) {
        self.lines.push(Line::Remark(first, text));
    }

    /// The whole table, each line ended.
    pub(crate) fn text(&self) -> String {
        let widths = self.widths();
        let mut text = String::new();
        for line in &self.lines {
            let line = match line {
                Line::Row(cells) => zip(zip(&self.aligns, &widths), cells)
                    .map(|((&align, &width), cell)| padded(cell, align, width))
                    .collect::<Vec<_>>()
                    .join("  "),
                Line::Remark(first, rest) => {
                    format!("{}  {rest}", padded(first, self.aligns[0], widths[0]))
                }
            };
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths = vec![0; self.aligns.len()];
        for line in &self.lines {
            let cells = match line {
                Line::Row(cells) => cells.as_slice(),
                Line::Remark(first, _) => std::slice::from_ref(first),
            };
            for (width, cell) in zip(&mut widths, cells) {
                *width = cell.chars().count().max(*width);
            }
        }
        widths
    }
}

fn padded(text: &str, align: Align, width: usize) -> String {
    match align {
        Align::Left => format!("{text:<width$}"),
        Align::Right => format!("{text:>width$}"),
    }
}
