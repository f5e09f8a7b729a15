//! Scenario files: read from TOML or JSON, and refused with the path of what is wrong.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::de::DeserializeOwned;
use sim_core::scenario::{Group, Pool, Scenario, Station};

use crate::failure::Failure;
use crate::node::Node;

/// The largest file that is read, bytes.
const LARGEST: u64 = 1 << 28;

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

/// What to call a file.
pub(crate) fn name(path: &Path) -> String {
    if is_standard_input(path) {
        return "standard input".into();
    }
    let last = path.file_name().unwrap_or(path.as_os_str());
    last.to_string_lossy().into_owned()
}

/// The text of a file, or of standard input.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    let place = if is_standard_input(path) {
        name(path)
    } else {
        path.display().to_string()
    };
    let failed = |error: &dyn std::fmt::Display| Failure::File(format!("{place}: {error}"));
    let mut text = String::new();
    let read = if is_standard_input(path) {
        io::stdin()
            .lock()
            .take(LARGEST + 1)
            .read_to_string(&mut text)
    } else {
        let file = File::open(path).map_err(|error| failed(&error))?;
        file.take(LARGEST + 1).read_to_string(&mut text)
    };
    match read {
        Err(error) => Err(failed(&error)),
        Ok(length) if length as u64 > LARGEST => {
            Err(failed(&format!("allowed are {LARGEST} bytes")))
        }
        Ok(_) => Ok(text),
    }
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn document(path: &Path, text: &str) -> Result<Node, String> {
    let ending = path
        .extension()
        .map(|it| it.to_string_lossy().to_lowercase());
    // No TOML document begins with a brace, and every JSON object does.
    let sniffed = if text.trim_start().starts_with('{') {
        "json"
    } else {
        "toml"
    };
    match ending.as_deref().unwrap_or(sniffed) {
        "json" => from_json(text),
        "toml" => from_toml(text),
        _ => Err("allowed is a file name ending in .toml or .json, or - for standard input".into()),
    }
}

fn from_json(text: &str) -> Result<Node, String> {
    serde_json::from_str(text).map_err(|error| format!("no valid JSON: {error}"))
}

fn from_toml(text: &str) -> Result<Node, String> {
    toml::from_str(text).map_err(|error| format!("no valid TOML: {}", error.to_string().trim_end()))
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

/// What is wrong with the structure of a document.
struct Problem {
    path: String,
    what: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path.as_str() {
            "" | "." => f.write_str(&self.what),
            path => write!(f, "{path}: {}", self.what),
        }
    }
}

fn typed<T: DeserializeOwned>(document: &Node) -> Result<T, Problem> {
    let text = serde_json::to_string(document).unwrap_or_default();
    let mut reader = serde_json::Deserializer::from_str(&text);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (path, what) = (error.path().to_string(), error.inner().to_string());
        // Lines and columns of a text that nobody has seen.
        let what = what
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        Problem { path, what }
    })
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
