//! What files describe: read from TOML or JSON, and refused with the path of what is wrong.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::node::Node;

/// The largest file that is read, bytes.
const LARGEST: u64 = 1 << 28;

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

pub(crate) fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The document that a file's text is; its name or its first letter tells TOML from JSON.
pub(crate) fn document(path: &Path, text: &str) -> Result<Node, String> {
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

/// What is wrong with the structure of a document.
pub(crate) struct Problem {
    pub(crate) path: String,
    pub(crate) what: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.path.as_str() {
            "" | "." => f.write_str(&self.what),
            path => write!(f, "{path}: {}", self.what),
        }
    }
}

/// The document as a value of a type that knows what belongs in it.
pub(crate) fn typed<T: DeserializeOwned>(document: &Node) -> Result<T, Problem> {
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
