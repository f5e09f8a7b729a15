//! Changes at a place of a document.

use sim_core::document::{Node, Place, Step, Style};
use sim_core::wording::{nearest, visible};

/// Puts `value` in place of what is there.
///
/// # Errors
/// Where there is nothing: how far the way goes, and what there is instead.
pub(crate) fn set(place: &Place, document: &mut Node, value: Node) -> Result<(), String> {
    let mut at = document;
    for (depth, step) in place.0.iter().enumerate() {
        let here = Place(place.0[..depth].to_vec());
        at = child_of(step, at, &here)?;
    }
    *at = value;
    Ok(())
}

fn child_of<'a>(step: &Step, node: &'a mut Node, here: &Place) -> Result<&'a mut Node, String> {
    let found = match (step, &*node) {
        (Step::Key(key), Node::Table(entries)) => entries.iter().position(|it| it.0 == *key),
        (Step::Index(index), Node::List(list)) => Some(*index).filter(|it| *it < list.len()),
        _ => None,
    };
    match (node, found) {
        (Node::Table(entries), Some(at)) => Ok(&mut entries[at].1),
        (Node::List(list), Some(at)) => Ok(&mut list[at]),
        (node, _) => Err(nothing(step, node, here)),
    }
}

/// What to say where a step leads nowhere.
fn nothing(step: &Step, node: &Node, here: &Place) -> String {
    let mut there = here.clone();
    there.0.push(step.clone());
    let place = if here.0.is_empty() {
        "the scenario".to_owned()
    } else {
        format!("`{here}`")
    };
    match node {
        Node::Table(entries) => {
            let keys: Vec<_> = entries.iter().map(|it| it.0.as_str()).collect();
            let meant = match step {
                Step::Key(key) => nearest(key, keys.iter().copied()),
                Step::Index(_) => None,
            };
            let meant = meant.map_or_else(String::new, |it| {
                format!("did you mean `{}`? ", visible(it))
            });
            let keys = visible(&keys.join(", "));
            format!(
                "`{there}` is not there; {meant}{place} has: {keys} (to put something else there, set {place} as a whole)"
            )
        }
        Node::List(list) if list.is_empty() => {
            format!("`{there}` is not there; {place} is an empty list")
        }
        Node::List(list) => format!(
            "`{there}` is not there; {place} is a list, its entries are {here}[0] to {here}[{}]",
            list.len() - 1
        ),
        Node::Null => format!("`{there}` is not there; {place} is not set: set it as a whole"),
        value => format!(
            "`{there}` is not there; {place} is a single value, {}",
            value.line(Style::Toml)
        ),
    }
}
