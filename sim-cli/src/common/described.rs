//! Files that describe something, in TOML or JSON.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sim_core::document::{Document, Style};
use sim_core::wording::grouped;

use crate::common::failure::{Failure, cause};

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
    let failed =
        |error: &dyn std::fmt::Display| Failure::File(format!("{place}: {}", cause(error)));
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
        Ok(length) if length as u64 > LARGEST => Err(failed(&format!(
            "the file is too large; at most {} bytes are read",
            grouped(LARGEST)
        ))),
        Ok(_) => Ok(text),
    }
}

pub(crate) fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The document in a file; its name or its first letter tells TOML from JSON. What is wrong is said of the file's name.
pub(crate) fn document(path: &Path) -> Result<Document, Failure> {
    let text = text(path)?;
    let wrong =
        |problem: &dyn std::fmt::Display| Failure::Input(format!("{}: {problem}", name(path)));
    let ending = path
        .extension()
        .map(|it| it.to_string_lossy().to_lowercase());
    // No TOML document begins with a brace, and every JSON object does.
    let is_object = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('{');
    let style = match ending.as_deref() {
        Some("json") => Style::Json,
        None if is_object => Style::Json,
        Some("toml") | None => Style::Toml,
        Some(_) => {
            return Err(wrong(
                &"the file's name must end in .toml or .json; use - for standard input",
            ));
        }
    };
    Document::parse(style, &text).map_err(|problem| wrong(&problem))
}
