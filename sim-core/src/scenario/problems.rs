//! The collector of everything that is wrong with a document, each with its path.

use crate::distribution::{Distribution, MAX_MEAN, MIN_MEAN};
use crate::error::{InputError, in_range};
use crate::wording::counted;

/// Collects problems below one place of the document.
pub(super) struct Problems<'a> {
    place: String,
    found: &'a mut Vec<InputError>,
}

impl<'a> Problems<'a> {
    /// Problems of the whole document.
    pub(super) fn new(found: &'a mut Vec<InputError>) -> Self {
        Self {
            place: String::new(),
            found,
        }
    }

    /// Whether nothing was found yet, anywhere.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The same collector further down.
    pub(super) fn at(&mut self, name: &str) -> Problems<'_> {
        Problems {
            place: join(&self.place, name),
            found: self.found,
        }
    }

    /// Takes a problem found elsewhere, if there is one.
    pub(super) fn take<T>(&mut self, name: &str, result: Result<T, InputError>) {
        if let Err(error) = result {
            self.found.push(error.within(&join(&self.place, name)));
        }
    }

    /// A value that is not allowed.
    pub(super) fn refuse(&mut self, name: &str, value: impl std::fmt::Display, allowed: String) {
        let field = join(&self.place, name);
        self.found
            .push(InputError::out_of_range(field, value, allowed));
    }

    /// A name that does not exist.
    pub(super) fn unknown(&mut self, name: &str, value: &str, allowed: String) {
        let field = join(&self.place, name);
        self.found.push(InputError::unknown(field, value, allowed));
    }

    /// Something that is not there.
    pub(super) fn missing(&mut self, name: &str, expected: &str) {
        let field = join(&self.place, name);
        self.found.push(InputError::missing(field, expected));
    }

    pub(super) fn range(&mut self, name: &str, value: f64, low: f64, high: f64) {
        if let Err(error) = in_range(&join(&self.place, name), value, low, high) {
            self.found.push(error);
        }
    }

    pub(super) fn count(&mut self, name: &str, value: u32, low: u32, high: u32) {
        if !(low..=high).contains(&value) {
            self.refuse(name, value, format!("{low}..={high}"));
        }
    }

    pub(super) fn length(&mut self, name: &str, length: usize, low: usize, high: usize) {
        if !(low..=high).contains(&length) {
            self.refuse(
                name,
                format!("one with {}", counted(length as u64, "entry")),
                format!("a list with {low}..={high} entries"),
            );
        }
    }

    /// A length of time that is not nothing, seconds.
    pub(super) fn duration(&mut self, name: &str, value: f64) {
        self.range(name, value, MIN_MEAN, MAX_MEAN);
    }

    pub(super) fn law(&mut self, name: &str, law: &Distribution) {
        self.take(name, law.validate_in_document());
    }
}

/// `a.b`, but `a[0]` where the name is an index.
fn join(place: &str, name: &str) -> String {
    if place.is_empty() || name.is_empty() || name.starts_with('[') {
        format!("{place}{name}")
    } else {
        format!("{place}.{name}")
    }
}
