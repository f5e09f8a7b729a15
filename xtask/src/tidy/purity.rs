//! Purity of `sim-core`: no clock, no files, no threads of its own, no web, no function of the platform's.

use super::{File, Finding, Token};

/// Paths that `sim-core` must not name, why, and where they may stand after all.
const FORBIDDEN: [(&str, &str, Option<&str>); 14] = [
    ("std::time", "the core reads no clock", None),
    ("std::fs", "the core reads and writes no files", None),
    ("std::net", "the core opens no connection", None),
    ("std::env", "the core depends on no surroundings", None),
    ("std::process", "the core starts and ends no process", None),
    ("std::thread", "threads come from rayon, in `run`", None),
    ("rayon", "threads are the business of `run`", Some("run")),
    (
        "libm",
        "call `crate::math`, the one place for such functions",
        Some("math"),
    ),
    (
        "getrandom",
        "every draw comes from a stream of the seed",
        None,
    ),
    ("wasm_bindgen", "the core knows no web", None),
    ("web_sys", "the core knows no web", None),
    ("js_sys", "the core knows no web", None),
    (
        "clippy::disallowed_methods",
        "what clippy.toml forbids has no exceptions here",
        None,
    ),
    (
        "clippy::disallowed_types",
        "what clippy.toml forbids has no exceptions here",
        None,
    ),
];

/// Every forbidden path in `sim-core`, outside tests.
pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let Some(module) = file.module("sim-core") else {
            continue;
        };
        for (path, why, home) in FORBIDDEN {
            if home.is_none_or(|home| module.first() != Some(&home)) {
                let lines = lines(&file.tokens, path);
                findings.extend(lines.map(|line| file.finding(line, format!("`{path}`: {why}"))));
            }
        }
    }
    findings
}

/// Lines where `path` begins a path, also as a member of `use root::{…}`.
fn lines<'a>(tokens: &'a [Token], path: &'a str) -> impl Iterator<Item = usize> + 'a {
    let (root, member) = path.split_once("::").unwrap_or((path, ""));
    let begins =
        move |at: &usize| tokens[*at].text == root && (*at == 0 || tokens[at - 1].text != "::");
    let names = move |at: &usize| {
        let rest = &tokens[at + 1..];
        match rest {
            [colons, ..] if member.is_empty() => colons.text == "::",
            [colons, brace, list @ ..] if colons.text == "::" && brace.text == "{" => list
                .iter()
                .take_while(|token| token.text != ";")
                .any(|token| token.text == member),
            [colons, name, ..] => colons.text == "::" && name.text == member,
            _ => false,
        }
    };
    (0..tokens.len())
        .filter(begins)
        .filter(names)
        .map(|at| tokens[at].line)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, places};
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        places(&check(&files(&[(path, text)])))
    }

    #[test]
    fn forbidden_paths_are_found_however_they_are_written() {
        for text in [
            "use std::fs;",
            "use std::{fmt, fs};",
            "fn f() { std::fs::read(x) }",
            "#![allow(clippy::disallowed_methods)]",
            "fn f() { libm::exp(1.0) }",
        ] {
            assert_eq!(
                found("sim-core/src/stats/mean.rs", text),
                ["sim-core/src/stats/mean.rs:1"],
                "{text}"
            );
        }
    }

    #[test]
    fn words_and_other_places_are_free() {
        assert!(
            found(
                "sim-core/src/stats/mean.rs",
                "// std::fs\nuse std::fmt; fn fs() {}"
            )
            .is_empty()
        );
        assert!(found("sim-core/src/math/ln.rs", "fn f() { libm::exp(1.0) }").is_empty());
        assert!(found("xtask/src/lib.rs", "use std::fs;").is_empty());
        assert!(found("sim-core/examples/fuzz.rs", "use std::fs;").is_empty());
    }
}
