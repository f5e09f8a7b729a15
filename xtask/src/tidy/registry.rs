//! An honest registry: every exhibit is in it, and nobody else knows one by name.

use super::{File, Finding, Token};

const REGISTRY: &str = "sim-core/src/exhibits/registry.rs";
/// Who must work for any exhibit.
const BLIND: [&str; 4] = ["sim-wasm/", "web/", "tests/", "xtask/"];

/// An exhibit as its file declares it.
struct Declared<'a> {
    file: &'a File,
    line: usize,
    type_name: &'a str,
    /// As in its card, without quotes.
    id: Option<&'a str>,
}

/// Exhibits missing from the registry or without an id, and places that name one.
pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let declared: Vec<_> = files
        .iter()
        .filter(|file| file.path.starts_with("sim-core/src/exhibits/"))
        .flat_map(declared)
        .collect();
    let registry = files.iter().find(|file| file.path == REGISTRY);
    let mut findings = Vec::new();
    for exhibit in &declared {
        let listed = registry.is_some_and(|registry| {
            registry
                .tokens
                .iter()
                .any(|token| token.text == exhibit.type_name)
        });
        if !listed {
            findings.push(exhibit.file.finding(
                exhibit.line,
                format!("`{}` is not in the registry", exhibit.type_name),
            ));
        }
        match exhibit.id {
            Some(id) => findings.extend(files.iter().flat_map(|file| named(file, id))),
            None => findings.push(exhibit.file.finding(
                exhibit.line,
                format!("no id found for `{}`", exhibit.type_name),
            )),
        }
    }
    findings
}

/// The `impl Exhibit for …` of a file.
fn declared(file: &File) -> Vec<Declared<'_>> {
    let starts = file.tokens.windows(4).enumerate();
    let starts = starts.filter(|(_, words)| {
        [&words[0], &words[1], &words[2]].map(|word| word.text.as_str())
            == ["impl", "Exhibit", "for"]
    });
    starts
        .map(|(at, words)| Declared {
            file,
            line: words[0].line,
            type_name: &words[3].text,
            id: id(&file.tokens[at..]),
        })
        .collect()
}

fn id(tokens: &[Token]) -> Option<&str> {
    let field = tokens
        .windows(3)
        .find(|words| words[0].text == "id" && words[1].text == ":")?;
    field[2].text.strip_prefix('"')?.strip_suffix('"')
}

/// Where a file that must work for any exhibit has `id` as a string, in an address or as a selector.
fn named<'a>(file: &'a File, id: &'a str) -> impl Iterator<Item = Finding> + 'a {
    let blind = BLIND.iter().any(|folder| file.path.starts_with(folder));
    let lines = file
        .text
        .lines()
        .enumerate()
        .filter(move |(_, line)| blind && names(line, id));
    lines.map(move |(at, _)| {
        file.finding(
            at + 1,
            format!("names the exhibit `{id}`: take it from the registry"),
        )
    })
}

fn names(line: &str, id: &str) -> bool {
    line.match_indices(id).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + id.len()..].chars().next();
        before.is_some_and(|c| "\"'`#=/".contains(c))
            && after.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_')
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, places};
    use super::*;

    const EXHIBIT: (&str, &str) = (
        "sim-core/src/exhibits/knee.rs",
        "impl Exhibit for Knee { const CARD: Card = Card { id: \"the-knee\" }; }",
    );
    const LISTED: (&str, &str) = (
        REGISTRY,
        "const ALL: &[Entry] = &[Entry::of::<super::knee::Knee>()];",
    );

    #[test]
    fn an_exhibit_must_be_listed() {
        assert!(check(&files(&[EXHIBIT, LISTED])).is_empty());
        assert_eq!(
            places(&check(&files(&[EXHIBIT]))),
            ["sim-core/src/exhibits/knee.rs:1"]
        );
    }

    #[test]
    fn only_the_core_names_it() {
        for text in [
            "open(\"the-knee\")",
            "<a href='#the-knee'>",
            "'./?exhibit=the-knee&x=1'",
        ] {
            assert_eq!(
                places(&check(&files(&[EXHIBIT, LISTED, ("web/main.js", text)]))),
                ["web/main.js:1"],
                "{text}"
            );
        }
        for text in ["the-knee of the curve", "\"the-knee-bone\""] {
            assert!(
                check(&files(&[EXHIBIT, LISTED, ("web/main.js", text)])).is_empty(),
                "{text}"
            );
        }
    }
}
