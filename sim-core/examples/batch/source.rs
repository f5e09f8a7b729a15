//! Scenario files: read from TOML or JSON, and refused with the path of what is wrong.

use std::path::Path;

use sim_core::scenario::{Group, Pool, Scenario, Station};

use crate::described::{Problem, document, name, text, typed};
use crate::failure::Failure;
use crate::node::Node;

/// A scenario and what to call it.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// The name of its file.
    pub(crate) name: String,
    /// As the file has it, checked for its structure alone.
    pub(crate) scenario: Scenario,
}

/// Reads the scenario in a file; in standard input where the name is `-`.
pub(crate) fn read(path: &Path) -> Result<Named, Failure> {
    let name = name(path);
    let text = text(path)?;
    let wrong = |problem: String| Failure::Input(format!("{name}: {problem}"));
    let document = document(path, &text).map_err(wrong)?;
    let scenario = scenario(&document).map_err(wrong)?;
    Ok(Named { name, scenario })
}

/// The scenario that a document is.
///
/// # Errors
/// The path of the first thing that does not belong, is missing, or is of the wrong type.
pub(crate) fn scenario(document: &Node) -> Result<Scenario, String> {
    typed(document).map_err(|problem: Problem| {
        within_resource(document, &problem.path)
            .unwrap_or(problem)
            .to_string()
    })
}

/// The document of a scenario, with everything in it that could be set.
pub(crate) fn document_of(scenario: &Scenario) -> Node {
    // Whatever was read can be written, and what is written can be read.
    let text = serde_json::to_string(scenario).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or(Node::Null)
}

/// The kind of a resource is one of its fields, and a problem beside it is found without a path. Read as that kind, it has one.
fn within_resource(document: &Node, path: &str) -> Option<Problem> {
    let name = path.strip_prefix("resources.")?;
    let Node::Table(entries) = document.get("resources")?.get(name)? else {
        return None;
    };
    let kind = entries.iter().find(|it| it.0 == "kind")?.1.to_string();
    let rest = Node::Table(
        entries
            .iter()
            .filter(|it| it.0 != "kind")
            .cloned()
            .collect(),
    );
    let found = match kind.as_str() {
        "station" => typed::<Station>(&rest).err(),
        "pool" => typed::<Pool>(&rest).err(),
        "group" => typed::<Group>(&rest).err(),
        _ => None,
    }?;
    let path = match found.path.as_str() {
        "" | "." => path.to_owned(),
        inner => format!("{path}.{inner}"),
    };
    Some(Problem { path, ..found })
}
