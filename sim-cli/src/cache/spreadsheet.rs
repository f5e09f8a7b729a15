//! The results as CSV: a header and a line for each cache.

use crate::cache::run::Measured;
use crate::common::csv_text::{Cells, optional, text as lines};
use crate::common::number_text::exact;

/// All caches.
pub(crate) fn text(results: &[Measured]) -> String {
    lines(&results.iter().map(cells).collect::<Vec<_>>())
}

fn cells(measured: &Measured) -> Cells {
    let counts = &measured.counts;
    [
        ("policy", measured.cell.policy.spec().to_owned()),
        ("capacity", measured.cell.capacity.amount().to_string()),
        ("requests", counts.requests.to_string()),
        ("hits", counts.hits.to_string()),
        ("misses", counts.misses().to_string()),
        ("hit_ratio", exact(counts.hit_ratio())),
        ("byte_hit_ratio", exact(counts.byte_hit_ratio())),
        ("hit_ratio_theory", optional(measured.theory)),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}
