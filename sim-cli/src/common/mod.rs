//! What the commands share: flags, tables, pictures, progress, failures.

pub(crate) mod beside_theory;
pub(crate) mod cells;
pub(crate) mod columns;
pub(crate) mod csv_text;
pub(crate) mod described;
pub(crate) mod effort;
pub(crate) mod failure;
pub(crate) mod interrupt;
pub(crate) mod number_text;
pub(crate) mod numbers;
pub(crate) mod output;
pub(crate) mod picture_file;
pub(crate) mod program;
pub(crate) mod progress;
pub(crate) mod quantities;
pub(crate) mod report_cells;
pub(crate) mod threads;
