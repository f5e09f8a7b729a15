//! Layers of `sim-core`: a module imports only what the list in the crate's documentation names before it.

use anyhow::{Context, Result};

use super::{File, Finding, Token};

const LIST_STARTS: &str = "each importing only what is listed above it:";

/// Every import that goes up, and every module that the list leaves out.
pub(super) fn check(files: &[File]) -> Result<Vec<Finding>> {
    let top = files
        .iter()
        .find(|file| file.path == "sim-core/src/lib.rs")
        .context("sim-core/src/lib.rs is missing")?;
    let layers = layers(&top.text)?;
    let exports = exports(&top.tokens);
    let mut findings = unlisted(top, &layers);
    for file in files {
        let Some(module) = file.module("sim-core").filter(|module| !module.is_empty()) else {
            continue;
        };
        let Some(own) = layers.iter().position(|layer| layer == module[0]) else {
            continue;
        };
        for (line, name) in imports(&file.tokens, module.len()) {
            let export = exports.iter().find(|(_, exported)| *exported == name);
            let layer = export.map_or(name, |(layer, _)| layer);
            if layers
                .iter()
                .position(|other| other == layer)
                .is_some_and(|other| other > own)
            {
                findings.push(file.finding(
                    line,
                    format!(
                        "`{}` stands above `{layer}` and must not import it",
                        module[0]
                    ),
                ));
            }
        }
    }
    Ok(findings)
}

/// The modules as the crate's documentation lists them, from the ground up.
fn layers(lib: &str) -> Result<Vec<String>> {
    let doc: Vec<_> = lib
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .collect();
    let doc = doc.join("\n");
    let list = doc
        .split_once(LIST_STARTS)
        .with_context(|| format!("sim-core's documentation lacks `{LIST_STARTS}`"))?
        .1;
    let list = list.split("\n\n").next().unwrap_or_default();
    // The names stand between backquotes.
    Ok(list
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect())
}

/// Declared modules that the list does not name.
fn unlisted(top: &File, layers: &[String]) -> Vec<Finding> {
    let declared = top
        .tokens
        .windows(3)
        .filter(|words| words[0].text == "mod" && words[2].text == ";");
    let missing = declared.filter(|words| !layers.contains(&words[1].text));
    missing
        .map(|words| {
            top.finding(
                words[1].line,
                format!("`{}` is not in the list of layers", words[1].text),
            )
        })
        .collect()
}

/// What the crate's root exports from its modules: (module, name).
fn exports(tokens: &[Token]) -> Vec<(&str, &str)> {
    let mut exports = Vec::new();
    for (at, _) in tokens
        .windows(2)
        .enumerate()
        .filter(|(_, words)| words[0].text == "pub" && words[1].text == "use")
    {
        let path = &tokens[at + 2..];
        let end = path
            .iter()
            .position(|token| token.text == ";")
            .unwrap_or(path.len());
        exports.extend(
            path[1..end]
                .iter()
                .map(|token| (path[0].text.as_str(), token.text.as_str())),
        );
    }
    exports
}

/// What a file imports from the crate's root, by `crate::…` or by as many `super::…` as it lies deep: (line, name).
fn imports(tokens: &[Token], depth: usize) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let rest = &tokens[at..];
        let begins = at == 0 || tokens[at - 1].text != "::";
        if !begins {
            continue;
        }
        let path = if starts(rest, &["crate", "::"]) {
            &rest[2..]
        } else if starts(rest, &["super", "::"].repeat(depth)) {
            &rest[2 * depth..]
        } else {
            continue;
        };
        found.extend(heads(path));
    }
    found
}

fn starts(tokens: &[Token], words: &[&str]) -> bool {
    tokens.len() >= words.len()
        && tokens
            .iter()
            .zip(words)
            .all(|(token, word)| token.text == *word)
}

/// First segments of a path or of a list of paths in braces.
fn heads(path: &[Token]) -> Vec<(usize, &str)> {
    let Some(first) = path.first() else {
        return Vec::new();
    };
    if first.text != "{" {
        return vec![(first.line, &first.text)];
    }
    let mut depth = 0;
    let mut found = Vec::new();
    for pair in path.windows(2) {
        match pair[0].text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        match depth {
            0 => break,
            1 if matches!(pair[0].text.as_str(), "{" | ",") => {
                found.push((pair[1].line, pair[1].text.as_str()));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, places};
    use super::*;

    const LIB: &str = "//! Layers, each importing only what is listed above it:\n//! [`error`] and `math`; [`stats`];\n//! [`run`].\n//!\n//! `Not` a layer.\npub mod error; pub mod math; pub mod stats; pub mod run;\npub use run::report::Report;";

    fn found(path: &str, text: &str) -> Vec<String> {
        places(&check(&files(&[("sim-core/src/lib.rs", LIB), (path, text)])).unwrap())
    }

    #[test]
    fn imports_from_the_ground_are_fine() {
        let text = "use crate::{error::E, math};\nuse crate::stats::x;\nuse super::y;";
        assert!(found("sim-core/src/stats/mean.rs", text).is_empty());
    }

    #[test]
    fn every_way_up_is_found() {
        for import in [
            "use crate::run::x;",
            "use crate::{error, run::{x, y}};",
            "use crate::Report;",
            "use super::super::run::x;",
            "fn f() { crate::run::x() }",
        ] {
            assert_eq!(
                found("sim-core/src/stats/mean.rs", import),
                ["sim-core/src/stats/mean.rs:1"],
                "{import}"
            );
        }
        assert_eq!(found("sim-core/src/error.rs", "use super::math;").len(), 1);
    }

    #[test]
    fn tests_may_import_anything() {
        assert!(
            found(
                "sim-core/src/stats/mean.rs",
                "#[cfg(test)] mod tests { use crate::run::x; }"
            )
            .is_empty()
        );
    }

    #[test]
    fn a_module_must_be_in_the_list() {
        let lib = format!("{LIB}\npub mod extra;");
        let findings = check(&files(&[("sim-core/src/lib.rs", &lib)])).unwrap();
        assert_eq!(places(&findings), ["sim-core/src/lib.rs:8"]);
    }
}
