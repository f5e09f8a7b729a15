//! Words that must not be in the project: unfinished work, and the machine it was written on.

use super::{File, Finding};

/// A word, and why not. Written in two parts where this list would find itself.
const FORBIDDEN: [(&str, &str); 12] = [
    (concat!("TO", "DO"), "finish it or leave it out"),
    (concat!("FIX", "ME"), "mend it"),
    (concat!("to", "do!("), "write it"),
    (concat!("unimplemented", "!("), "write it"),
    (concat!("<<<", "<<<<"), "a merge that was not finished"),
    (
        concat!("sha", "red/"),
        "a folder of one machine; only a test may look for its data",
    ),
    (concat!("/ro", "ot/"), "a path of one machine"),
    (concat!("/ho", "me/"), "a path of one machine"),
    (concat!("/wo", "rk/"), "a path of one machine"),
    (
        concat!("registry.", "npmjs"),
        "the reader's own settings say where packages come from",
    ),
    (
        concat!("index.", "crates.io"),
        "the reader's own settings say where packages come from",
    ),
    (
        concat!("deb.", "debian.org"),
        "the reader's own settings say where packages come from",
    ),
];
/// How a test may look for data beside the workspace.
const DATA: &str = concat!("../sha", "red/data");

/// Every forbidden word in every file.
pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        for (at, line) in file.text.lines().enumerate() {
            let line = line.replace(DATA, "");
            let found = FORBIDDEN.iter().filter(|(word, _)| line.contains(word));
            findings
                .extend(found.map(|(word, why)| file.finding(at + 1, format!("`{word}`: {why}"))));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, places};
    use super::*;

    #[test]
    fn every_word_is_found_and_data_may_be_looked_for() {
        for (word, _) in FORBIDDEN {
            let text = format!("one line\nthen {word} there");
            assert_eq!(
                places(&check(&files(&[("a.md", &text)]))),
                ["a.md:2"],
                "{word}"
            );
        }
        assert!(check(&files(&[("a.md", DATA)])).is_empty());
    }
}
