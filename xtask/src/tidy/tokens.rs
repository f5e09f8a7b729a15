//! Rust as a flat list of tokens, without comments and without code that only tests compile.

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// A word, a literal, `::`, another sign, or a bracket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) line: usize,
}

/// The tokens of `source` outside tests.
///
/// # Errors
/// If it does not read as Rust.
pub(super) fn tokens(source: &str) -> Result<Vec<Token>> {
    let mut found = Vec::new();
    flatten(&trees(source)?, &mut found);
    Ok(found)
}

/// The names of modules in files of their own that only tests compile.
pub(super) fn modules_for_tests(source: &str) -> Vec<String> {
    let trees = trees(source).unwrap_or_default();
    let mut names = Vec::new();
    for at in 0..trees.len() {
        if !opens_test(&trees[at..]) {
            continue;
        }
        let item: Vec<_> = trees[at..item_end(&trees, at)]
            .iter()
            .map(ToString::to_string)
            .collect();
        if let [.., module, name, end] = item.as_slice()
            && (module.as_str(), end.as_str()) == ("mod", ";")
        {
            names.push(name.clone());
        }
    }
    names
}

fn trees(source: &str) -> Result<Vec<TokenTree>> {
    let stream: TokenStream = source.parse().map_err(|error| anyhow!("{error}"))?;
    Ok(stream.into_iter().collect())
}

fn flatten(trees: &[TokenTree], found: &mut Vec<Token>) {
    let mut at = 0;
    while at < trees.len() {
        if opens_test(&trees[at..]) {
            at = item_end(trees, at);
            continue;
        }
        match &trees[at] {
            TokenTree::Group(group) => flatten_group(group, found),
            TokenTree::Punct(sign) if sign.as_char() == ':' && sign.spacing() == Spacing::Joint => {
                found.push(Token {
                    text: "::".into(),
                    line: sign.span().start().line,
                });
                at += 1;
            }
            tree => found.push(Token {
                text: tree.to_string(),
                line: tree.span().start().line,
            }),
        }
        at += 1;
    }
}

fn flatten_group(group: &Group, found: &mut Vec<Token>) {
    let (open, close) = match group.delimiter() {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    };
    found.push(Token {
        text: open.into(),
        line: group.span_open().start().line,
    });
    flatten(&group.stream().into_iter().collect::<Vec<_>>(), found);
    found.push(Token {
        text: close.into(),
        line: group.span_close().start().line,
    });
}

/// Whether `#[cfg(test)]` stands here.
fn opens_test(trees: &[TokenTree]) -> bool {
    let [TokenTree::Punct(sign), TokenTree::Group(attribute), ..] = trees else {
        return false;
    };
    sign.as_char() == '#' && attribute.stream().to_string().replace(' ', "") == "cfg(test)"
}

/// Where the item that begins at `start` with its attributes is over: after its braces or its semicolon.
fn item_end(trees: &[TokenTree], start: usize) -> usize {
    let ends = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(sign) => sign.as_char() == ';',
        _ => false,
    };
    trees[start..]
        .iter()
        .position(ends)
        .map_or(trees.len(), |length| start + length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_tests_are_left_out() {
        let source = "// std::fs\nfn f() { a::b(\"std::fs\") }\n#[cfg(test)]\nmod tests { use std::fs; }\nfn g() {}";
        let found = tokens(source).unwrap();
        let words: Vec<_> = found.iter().map(|token| token.text.as_str()).collect();
        let expected = "fn f ( ) { a :: b ( \"std::fs\" ) } fn g ( ) { }";
        assert_eq!(words.join(" "), expected);
        assert_eq!(found.last().unwrap().line, 5);
    }
}
