//! The page's own files: nothing inline that the policy would block, no address that leaves the site or its folder.

use super::{File, Finding};

/// Every tag of `web/*.html` that breaks the policy.
pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let pages = files
        .iter()
        .filter(|file| file.path.starts_with("web/") && file.is("html"));
    pages
        .flat_map(|page| {
            tags(&page.text).filter_map(|(line, tag)| Some(page.finding(line, wrong(tag)?)))
        })
        .collect()
}

/// The tags of a page, without their brackets: (line, tag). An attribute's value must not hold `>`.
fn tags(page: &str) -> impl Iterator<Item = (usize, &str)> {
    page.match_indices('<').filter_map(|(at, _)| {
        let line = page[..at].matches('\n').count() + 1;
        Some((line, page[at + 1..].split_once('>')?.0))
    })
}

fn wrong(tag: &str) -> Option<String> {
    let name = tag.split_whitespace().next().unwrap_or_default();
    let attributes = attributes(tag);
    let has = |wanted: &str| attributes.iter().any(|(name, _)| name == wanted);
    match name {
        "script" if !has("src") => return Some("an inline script, which the policy blocks".into()),
        "style" => return Some("an inline style sheet, which the policy blocks".into()),
        _ => {}
    }
    attributes.iter().find_map(|(attribute, value)| {
        let handler = attribute.starts_with("on");
        let loads = attribute == "src" || (attribute == "href" && name != "a");
        let elsewhere = value.starts_with('/') || value.contains("://");
        match attribute.as_str() {
            _ if handler => Some(format!(
                "`{attribute}` is an inline script, which the policy blocks"
            )),
            "style" => Some("`style` is an inline style, which the policy blocks".into()),
            _ if loads && elsewhere => Some(format!("`{value}` is not relative to the page")),
            "href" if value.starts_with('/') => {
                Some(format!("`{value}` is not relative to the page"))
            }
            _ if value.starts_with("javascript:") => {
                Some("a `javascript:` address, which the policy blocks".into())
            }
            _ => None,
        }
    })
}

/// Names and values, the latter empty where there is none.
fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag
        .split_once(char::is_whitespace)
        .map_or("", |(_, rest)| rest)
        .trim();
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(given) = rest.strip_prefix('=') {
            let given = given.trim_start();
            let quote = given.chars().next().filter(|c| matches!(c, '"' | '\''));
            let parts = match quote {
                Some(quote) => given[1..].split_once(quote),
                None => given.split_once(char::is_whitespace),
            };
            (value, rest) = parts.unwrap_or((given, ""));
        }
        found.push((name, value.to_owned()));
        rest = rest.trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, places};
    use super::*;

    fn found(html: &str) -> Vec<String> {
        places(&check(&files(&[("web/index.html", html)])))
    }

    #[test]
    fn a_clean_page_passes() {
        let html = "<link rel=\"stylesheet\" href=\"style.css\">\n<script type=module src=main.js></script>\n<a href=\"https://example.org/\">x</a> <svg viewBox='0 0 1 1'><path d=\"M0 0\"/></svg>";
        assert!(found(html).is_empty());
    }

    #[test]
    fn what_the_policy_blocks_is_found() {
        for html in [
            "\n<script>alert(1)</script>",
            "\n<script type=\"module\">import './a.js'</script>",
            "\n<p onclick=\"x()\">",
            "\n<p class='a' style='color: red'>",
            "\n<style>p {}</style>",
            "\n<a href=\"javascript:x()\">",
            "\n<img src=\"https://example.org/a.png\">",
            "\n<script src=\"/main.js\"></script>",
        ] {
            assert_eq!(found(html), ["web/index.html:2"], "{html}");
        }
    }
}
