//! Simulations that do not trust their own numbers: said under the figures and among the sentences, in the same way by every exhibit.

use super::sentence::Sentence;
use super::{Figure, Readout};
use crate::figure::Role;
use crate::run::EXHIBIT_REPLICATIONS;
use crate::run::audit::{Doubt, DoubtKind};
use crate::run::report::Report;

/// The first thing that is doubted in any of an exhibit's simulations, once that is over: while dozens of them are read again and again,
/// each time with a few replications more, some would doubt something for a moment. That a queue grows, exhibits say by themselves.
fn first(reports: &[Option<Report>]) -> Option<&Doubt> {
    let finished = reports.iter().flatten();
    let finished = finished.filter(|it| it.replications >= EXHIBIT_REPLICATIONS);
    let mut doubts = finished.flat_map(|it| &it.doubts);
    doubts.find(|it| it.kind != DoubtKind::Growth)
}

/// The figures, each with a note where a simulation is doubted. Its dots are hollow then anyway: a doubted run has not converged.
pub(super) fn noted(mut figures: Vec<Figure>, reports: &[Option<Report>]) -> Vec<Figure> {
    if let Some(doubt) = first(reports) {
        let note = format!("Not trusted yet: {}.", doubt.what);
        for figure in &mut figures {
            figure.notes.push(note.clone());
        }
    }
    figures
}

/// The sentences, with one more where a simulation is doubted.
pub(super) fn told(mut readouts: Vec<Readout>, reports: &[Option<Report>]) -> Vec<Readout> {
    if let Some(doubt) = first(reports) {
        let sentence = Sentence::new("")
            .number("Not trusted yet".into(), Role::Overload)
            .text(&format!(": {}: {}", doubt.what, doubt.detail));
        readouts.push(sentence.end());
    }
    readouts
}
