//! Scenario files.

use std::path::Path;

use sim_core::InputError;
use sim_core::document::Document;
use sim_core::scenario::Scenario;

use crate::common::described::{self, document};
use crate::common::failure::Failure;

/// A scenario and what to call it.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// The name of its file.
    pub(crate) name: String,
    /// As the file has it, checked for its structure alone.
    pub(crate) scenario: Scenario,
    /// The file, as long as the scenario says the same.
    pub(crate) document: Option<Document>,
}

/// Reads the scenario in a file; in standard input where the name is `-`.
pub(crate) fn read(path: &Path) -> Result<Named, Failure> {
    let name = described::name(path);
    let document = document(path)?;
    let scenario =
        Scenario::of(&document).map_err(|problem| Failure::Input(format!("{name}: {problem}")))?;
    Ok(Named {
        name,
        scenario,
        document: Some(document),
    })
}

impl Named {
    /// One problem, with the name of the file, and the line where it is in it.
    pub(crate) fn problem(&self, error: &InputError) -> String {
        match &self.document {
            Some(document) => format!("{}: {}", self.name, document.locate(error.clone())),
            None => format!("{}: {error}", self.name),
        }
    }

    /// All problems, a line each.
    pub(crate) fn listed(&self, problems: &[InputError]) -> Failure {
        let lines: Vec<_> = problems.iter().map(|it| self.problem(it)).collect();
        Failure::Input(lines.join("\n       "))
    }
}
