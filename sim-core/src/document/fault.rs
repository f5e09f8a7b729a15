//! What can be wrong with the structure of a document, gathered on the way out of it and then put into words.

use std::fmt::{self, Display};

use serde::de::{Error, Expected, Unexpected};

use super::node::{Node, Style, entry};
use super::place::{Place, Step};
use super::vocabulary::{Term, chosen};
use crate::error::InputError;
use crate::wording::{any_of, shown};

/// Something is wrong at a place.
#[derive(Debug)]
pub(super) struct Fault {
    /// The way back to the top, the last step first.
    steps: Vec<Step>,
    what: Box<What>,
    /// The type and the field of it that the value at fault belongs to, for an example; no field where it is the whole.
    example: Option<(&'static str, Option<String>)>,
    /// Whether the value at fault is what follows a choice, and not the choice itself.
    is_followed: bool,
}

#[derive(Debug)]
enum What {
    /// A value is not what it should be.
    Wrong { wanted: String, found: Node },
    /// A field does not exist.
    UnknownField { name: String, known: Vec<String> },
    /// A name is none of those that can be chosen.
    UnknownChoice { name: String, known: Vec<String> },
    /// A choice is named, and what has to follow is not there.
    Bare { found: String, name: String },
    /// Several choices are made where one belongs, or none is.
    Several {
        called: &'static str,
        found: Vec<String>,
    },
    /// A field is not there.
    Missing(&'static str),
    /// What a type has to say itself.
    Said(String),
}

impl Fault {
    fn new(what: What) -> Self {
        Self {
            steps: Vec::new(),
            what: Box::new(what),
            example: None,
            is_followed: false,
        }
    }

    pub(super) fn wrong(wanted: impl Into<String>, found: &Node) -> Self {
        Self::new(What::Wrong {
            wanted: wanted.into(),
            found: found.clone(),
        })
    }

    pub(super) fn unknown_choice(name: &str, known: Vec<String>) -> Self {
        Self::new(What::UnknownChoice {
            name: name.to_owned(),
            known,
        })
    }

    /// `found` is a text that names a choice, `name`, and nothing more.
    pub(super) fn bare(found: &str, name: &str) -> Self {
        Self::new(What::Bare {
            found: found.to_owned(),
            name: name.to_owned(),
        })
    }

    pub(super) fn several(called: &'static str, entries: &[(String, Node)]) -> Self {
        Self::new(What::Several {
            called,
            found: entries.iter().map(|it| it.0.clone()).collect(),
        })
    }

    /// The same fault, seen from one step further up; `owner` is the type that the step is a field of.
    pub(super) fn inside(mut self, step: Step, owner: Option<&'static str>) -> Self {
        if let (None, Some(owner), Step::Key(field)) = (&self.example, owner, &step) {
            self.example = Some((owner, Some(field.clone())));
        }
        self.steps.push(step);
        self
    }

    /// The same fault, where it is one of a whole value of this type and not of something in it.
    pub(super) fn of(mut self, owner: &'static str) -> Self {
        if self.steps.is_empty() && self.example.is_none() {
            self.example = Some((owner, None));
        }
        self
    }

    /// The same fault; where nothing further down has an example, it is that of one choice.
    pub(super) fn or_example(mut self, owner: &'static str, name: &str) -> Self {
        if self.example.is_none() && self.steps.len() == 1 {
            self.example = Some((owner, Some(name.to_owned())));
            self.is_followed = true;
        }
        self
    }

    /// The same fault, its example being that of one choice.
    pub(super) fn of_choice(mut self, owner: &'static str, name: &str) -> Self {
        if self.steps.is_empty() {
            self.example = Some((owner, Some(name.to_owned())));
        }
        self
    }

    /// In words; examples in the language of the document.
    pub(super) fn into_error(self, style: Style) -> InputError {
        let example = self.example(style);
        let such_as = |words: String| match &example {
            Some(example) => format!("{words}, such as {example}"),
            None => words,
        };
        let as_in = example
            .as_ref()
            .map_or_else(String::new, |it| format!("; for example {it}"));
        let mut steps = self.steps;
        steps.reverse();
        let mut place = Place(steps);
        let is_top = matches!(self.example, Some(("Scenario", _)));
        let is_of_the_top = match &*self.what {
            What::UnknownField { name, .. } => is_of_the_top(name),
            _ => false,
        };
        match *self.what {
            What::Wrong { wanted, found } => {
                let hint = found.as_text().and_then(plain_number);
                let wanted = match hint {
                    Some(hint) => format!("{wanted} (write {hint})"),
                    None => such_as(wanted),
                };
                InputError::malformed(named(&place), shown(&found.line(style)), wanted)
            }
            What::UnknownField { name, known } if known.is_empty() => {
                InputError::malformed(named(&place), name, "empty: nothing can be set here")
            }
            What::UnknownField { name, known } if is_of_the_top && !is_top => {
                let known = format!(
                    "{}; `{name}` stands at the top of the document",
                    known.join(", ")
                );
                InputError::unknown(place.to_string(), shown(&name), known)
            }
            What::UnknownField { name, known } | What::UnknownChoice { name, known } => {
                InputError::unknown(place.to_string(), shown(&name), known.join(", "))
            }
            What::Bare { found, name } => {
                let found = format!("\"{}\"", shown(&found));
                let wanted = format!("a table, since `{name}` needs more than its name");
                InputError::malformed(named(&place), found, such_as(wanted))
            }
            What::Several { called, found } => {
                let found: Vec<String> =
                    found.iter().map(|it| format!("`{}`", shown(it))).collect();
                let found = match found.as_slice() {
                    [] => "an empty table".to_owned(),
                    names => format!("a table with {}", names.join(", ")),
                };
                let wanted = format!("a table with exactly one name, that of the {called}");
                InputError::out_of_range(named(&place), found, such_as(wanted))
            }
            What::Missing(name) => {
                place.0.push(Step::Key(name.to_owned()));
                InputError::missing(place.to_string(), wanted_there(example.as_ref(), name))
            }
            What::Said(words) => InputError::rejected(place.to_string(), shown(&words) + &as_in),
        }
    }

    fn example(&self, style: Style) -> Option<String> {
        let (owner, field) = self.example.as_ref()?;
        let term = Term::of(owner)?;
        // The steps are there from the inside out.
        let last = self.steps.first().and_then(|it| match it {
            Step::Key(name) => Some(name.as_str()),
            Step::Index(_) => None,
        });
        let (name, value) = match (&*self.what, field, term.choice) {
            (What::Missing(name), ..) => (Some(*name), term.example(name)?),
            (_, Some(field), Some(_)) if self.is_followed => (last, term.example(field)?),
            (_, Some(field), Some(_)) => (last, chosen(field, term.example(field)?)),
            (_, Some(field), None) => (Some(field.as_str()), term.example(field)?),
            (_, None, _) => (last, term.whole()),
        };
        Some(match name {
            Some(name) => entry(name, &value, style),
            None => value.line(style),
        })
    }
}

/// Whether a scenario has a field of this name.
fn is_of_the_top(name: &str) -> bool {
    Term::of("Scenario").is_some_and(|it| it.example(name).is_some())
}

/// The number that a text in quotes is likely meant to be: one with a unit of time, in seconds; a percentage, as a share.
fn plain_number(text: &str) -> Option<String> {
    const UNITS: [(&[&str], f64); 8] = [
        (&["", "s", "sec", "second", "seconds"], 1.0),
        (&["%"], 1e-2),
        (&["ms", "millisecond", "milliseconds"], 1e-3),
        (&["us", "µs", "μs", "microseconds"], 1e-6),
        (&["ns", "nanoseconds"], 1e-9),
        (&["m", "min", "minute", "minutes"], 60.0),
        (&["h", "hour", "hours"], 3_600.0),
        (&["d", "day", "days"], 86_400.0),
    ];
    let text = text.trim();
    let end = text
        .find(|it: char| it.is_alphabetic() || it == '%')
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let value: f64 = digits.trim().parse().ok()?;
    let unit = unit.trim().to_lowercase();
    let (names, size) = UNITS.iter().find(|it| it.0.contains(&unit.as_str()))?;
    let what = match names[0] {
        "" if unit.is_empty() => "without quotes",
        "%" => "as a share of one",
        _ => "in seconds",
    };
    let value = (value * size * 1e12).round() / 1e12;
    Some(format!("{}, {what}", Node::number(value).line(Style::Toml)))
}

/// What a missing field needs: an example of it, or its name alone.
fn wanted_there(example: Option<&String>, name: &str) -> String {
    match example {
        Some(example) => format!("a value, such as {example}"),
        None => format!("`{name}`"),
    }
}

/// The place, or the document where it is the whole.
fn named(place: &Place) -> String {
    if place.0.is_empty() {
        "the document".into()
    } else {
        place.to_string()
    }
}

/// What a visitor expects, without the names of types.
fn in_words(expected: &str) -> String {
    let starts = |names: &[&str]| names.iter().any(|it| expected.starts_with(it));
    if starts(&[
        "u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize",
    ]) {
        "a whole number".into()
    } else if starts(&["f32", "f64"]) {
        "a number".into()
    } else if starts(&["a boolean", "bool"]) {
        "true or false".into()
    } else if starts(&["a string", "string", "a character", "a borrowed string"]) {
        "a text in quotes".into()
    } else if starts(&["a sequence", "tuple", "an array", "a tuple"]) {
        "a list".into()
    } else if starts(&[
        "struct",
        "variant identifier",
        "field identifier",
        "a map",
        "map",
        "enum",
        "internally tagged",
        "adjacently tagged",
        "newtype",
        "unit",
    ]) {
        "a table".into()
    } else {
        expected.to_owned()
    }
}

fn node_of(unexpected: &Unexpected) -> Node {
    match *unexpected {
        Unexpected::Bool(value) => Node::Bool(value),
        Unexpected::Unsigned(value) => Node::number(value as f64),
        Unexpected::Signed(value) => Node::Whole(value),
        Unexpected::Float(value) => Node::Number(value),
        Unexpected::Char(value) => Node::Text(value.to_string()),
        Unexpected::Str(value) | Unexpected::Other(value) => Node::Text(value.to_owned()),
        Unexpected::Seq => Node::List(Vec::new()),
        Unexpected::Map => Node::Table(Vec::new()),
        _ => Node::Null,
    }
}

fn names(known: &'static [&'static str]) -> Vec<String> {
    known.iter().map(|it| (*it).to_owned()).collect()
}

impl Error for Fault {
    fn custom<T: Display>(words: T) -> Self {
        Self::new(What::Said(words.to_string()))
    }

    fn invalid_type(found: Unexpected, expected: &dyn Expected) -> Self {
        Self::wrong(in_words(&expected.to_string()), &node_of(&found))
    }

    fn invalid_value(found: Unexpected, expected: &dyn Expected) -> Self {
        Self::wrong(in_words(&expected.to_string()), &node_of(&found))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        let found = Node::Text(format!("{length} entries"));
        Self::wrong(in_words(&expected.to_string()), &found)
    }

    fn unknown_variant(name: &str, known: &'static [&'static str]) -> Self {
        Self::unknown_choice(name, names(known))
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::new(What::UnknownField {
            name: name.to_owned(),
            known: names(known),
        })
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(What::Missing(name))
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::custom(format!("`{name}` is there twice"))
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.what)
    }
}

impl std::error::Error for Fault {}

/// The names of fields in a sentence: all of a few, the first of many.
pub(super) fn a_table_with(fields: &[&str]) -> String {
    const MOST: usize = 6;
    match fields {
        [] => "an empty table".into(),
        few if few.len() <= MOST => {
            format!("a table with {}", any_of(few).replace(" or ", " and "))
        }
        many => format!("a table with {} and others", many[..MOST - 1].join(", ")),
    }
}
