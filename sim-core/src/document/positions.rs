//! Where in a text each value of a document stands.

use crate::error::InputError;

/// The offsets of a value and of what is in it, bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions {
    /// Where the value begins.
    pub(super) at: usize,
    /// What is in it.
    pub(super) inner: Inner,
}

#[derive(Debug, Clone, Default)]
pub(super) enum Inner {
    /// A number, a text, or nothing known.
    #[default]
    Single,
    /// The entries of a list.
    List(Vec<Positions>),
    /// Names, where they stand, and what they stand for.
    Table(Vec<(String, usize, Positions)>),
}

impl Positions {
    /// Where the field stands that an error names; where it does not exist, the closest thing around it. A name that does not
    /// belong is found by itself.
    pub(super) fn of(&self, error: &InputError) -> usize {
        let (found, rest) = self.follow(error.field());
        match (error, &found.inner) {
            (InputError::Unknown { value, .. }, Inner::Table(entries)) if rest.is_empty() => {
                let entry = entries.iter().find(|it| it.0 == *value);
                entry.map_or(found.at, |it| it.1)
            }
            _ => found.at,
        }
    }

    /// The value that a written place leads to, as far as it does, and the rest of the place. Names may have dots in them, with
    /// or without quotes around them: whatever name the table has and the place goes on with is taken.
    fn follow<'a>(&self, place: &'a str) -> (&Self, &'a str) {
        let rest = place.strip_prefix('.').unwrap_or(place);
        match &self.inner {
            Inner::Single => (self, rest),
            Inner::List(entries) => {
                let index = rest.strip_prefix('[').and_then(|it| it.split_once(']'));
                let entry = index.and_then(|(digits, after)| {
                    Some((entries.get(digits.parse::<usize>().ok()?)?, after))
                });
                entry.map_or((self, rest), |(entry, after)| entry.follow(after))
            }
            Inner::Table(entries) => {
                let fits = |name: &str| {
                    let quoted = format!("\"{name}\"");
                    let after = rest
                        .strip_prefix(&quoted)
                        .or_else(|| rest.strip_prefix(name))?;
                    (after.is_empty() || after.starts_with(['.', '['])).then_some(after)
                };
                let candidates = entries.iter().filter_map(|it| Some((it, fits(&it.0)?)));
                // The longest name: of `a` and `a.b` the one that leaves less.
                let best = candidates.min_by_key(|(_, after)| after.len());
                best.map_or((self, rest), |(it, after)| it.2.follow(after))
            }
        }
    }
}
