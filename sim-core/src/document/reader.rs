//! A node as a source of values for serde. It knows the place of each value, and asks nothing in vain: whether a value can stand
//! where a type wants one is decided here, in words, before the type's own code sees it.
//!
//! Whole numbers may be written as floats, `1e6`, as long as they are whole.

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::fault::{Fault, a_table_with};
use super::node::Node;
use super::place::Step;
use super::vocabulary::{Term, choice_named};
use crate::wording::{between, nearest};

/// The largest number up to which floats hold every whole one, 2⁵³.
const EVERY_WHOLE: f64 = 9_007_199_254_740_992.0;

/// A node to be read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    node: &'a Node,
    /// The type that is read, where it has announced itself as one that can be written in several ways.
    name: Option<&'static str>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(node: &'a Node) -> Self {
        Self { node, name: None }
    }

    fn number(self) -> Result<f64, Fault> {
        let number = self.node.as_number().filter(|it| !it.is_nan());
        number.ok_or_else(|| Fault::wrong("a number", self.node))
    }

    /// A whole number between these.
    fn whole(self, low: i128, high: i128) -> Result<i128, Fault> {
        let value = match *self.node {
            Node::Whole(value) => Some(i128::from(value)),
            #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
            Node::Number(value) if value.fract() == 0.0 && value.abs() <= EVERY_WHOLE => {
                Some(value as i128)
            }
            // A whole number beyond those of TOML.
            #[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
            Node::Number(value) if value.fract() == 0.0 => Some(value as i128),
            _ => None,
        };
        value.filter(|it| (low..=high).contains(it)).ok_or_else(|| {
            let is_short = high <= i128::from(u16::MAX);
            let wanted = match value {
                Some(_) if is_short => {
                    format!("a whole number {}", between(low as f64, high as f64))
                }
                Some(value) if value < low => format!("a whole number of at least {low}"),
                _ => "a whole number".into(),
            };
            Fault::wrong(wanted, self.node)
        })
    }

    fn entries(self, wanted: impl FnOnce() -> String) -> Result<&'a [(String, Node)], Fault> {
        match self.node {
            Node::Table(entries) => Ok(entries),
            other => Err(Fault::wrong(wanted(), other)),
        }
    }

    /// Reads a table whose names are fields of `owner`, or names of anything.
    fn table<V: Visitor<'a>>(
        entries: &'a [(String, Node)],
        owner: Option<&'static str>,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let mut rest = Entries {
            rest: entries.iter(),
            value: None,
            owner,
        };
        visitor.visit_map(&mut rest)
    }

    fn list<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node {
            Node::List(values) => visitor.visit_seq(Values {
                values: values.iter().enumerate(),
            }),
            other => Err(Fault::wrong("a list", other)),
        }
    }

    /// One of several, by name: a text where nothing more follows, a table with one entry.
    fn choice<V: Visitor<'a>>(
        self,
        owner: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let called = Term::of(owner).and_then(|it| it.choice).unwrap_or("choice");
        match self.node {
            Node::Text(name) if known.contains(&name.as_str()) => visitor.visit_enum(Chosen {
                owner,
                name,
                rest: None,
            }),
            Node::Text(text) => Err(not_a_choice(owner, text, known)),
            Node::Table(entries) => match entries.as_slice() {
                [(name, rest)] if known.contains(&name.as_str()) => visitor.visit_enum(Chosen {
                    owner,
                    name,
                    rest: Some(rest),
                }),
                [(name, _)] if nearest(name, known.iter().copied()).is_some() => {
                    Err(not_a_choice(owner, name, known))
                }
                several => Err(Fault::several(called, several).of(owner)),
            },
            other => {
                Err(Fault::wrong(format!("a {called}: {}", known.join(", ")), other).of(owner))
            }
        }
    }
}

/// Whether a table is a choice, or is likely meant to be one.
fn is_one_of(entries: &[(String, Node)], known: &[String]) -> bool {
    let is_near = |name: &str| nearest(name, known.iter().map(String::as_str)).is_some();
    matches!(entries, [(name, _)] if known.contains(name) || is_near(name))
}

/// A name that cannot be chosen: misspelt, or one as the command line has it.
fn not_a_choice(owner: &'static str, text: &str, known: &[&str]) -> Fault {
    match choice_named(text, known) {
        Some(name) if text.contains(':') => Fault::bare(text, &name).of_choice(owner, &name),
        _ => {
            let known = known.iter().map(|it| (*it).to_owned()).collect();
            Fault::unknown_choice(text, known)
        }
    }
}

/// Reads whole numbers of one type.
macro_rules! whole {
    ($($method:ident $visit:ident $type:ty,)+) => {$(
        fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
            let value = self.whole(i128::from(<$type>::MIN), i128::from(<$type>::MAX))?;
            match <$type>::try_from(value) {
                Ok(value) => visitor.$visit(value),
                Err(_) => Err(Fault::wrong("a whole number", self.node)),
            }
        }
    )+};
}

impl<'a> Deserializer<'a> for Reader<'a> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        let choice = self.name.and_then(|name| Some((name, Term::of(name)?)));
        match self.node {
            Node::Null | Node::Bool(_) | Node::List(_) if choice.is_some() => {
                let expected: &dyn Expected = &visitor;
                Err(Fault::wrong(expected.to_string(), self.node))
            }
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Whole(value) => visitor.visit_i64(*value),
            Node::Number(value) => visitor.visit_f64(*value),
            Node::List(_) => self.list(visitor),
            Node::Text(text) => match choice {
                Some((owner, term)) => Err(match choice_named(text, &term.choices()) {
                    Some(name) => Fault::bare(text, &name).of_choice(owner, &name),
                    None if text.starts_with(|it: char| it.is_ascii_digit()) => {
                        let expected: &dyn Expected = &visitor;
                        Fault::wrong(expected.to_string(), self.node)
                    }
                    None => Fault::unknown_choice(text, term.choices()),
                }),
                None => visitor.visit_str(text),
            },
            Node::Table(entries) => match choice {
                Some((owner, term)) if !is_one_of(entries, &term.choices()) => {
                    Err(Fault::several(term.choice.unwrap_or("choice"), entries).of(owner))
                }
                _ => Self::table(entries, None, visitor),
            },
        }
    }

    whole! {
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
    }

    fn deserialize_f32<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f64(self.number()?)
    }

    fn deserialize_f64<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_f64(self.number()?)
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node {
            Node::Bool(value) => visitor.visit_bool(*value),
            other => Err(Fault::wrong("true or false", other)),
        }
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node {
            Node::Text(text) => visitor.visit_str(text),
            other => Err(Fault::wrong("a text in quotes", other)),
        }
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node {
            Node::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.node {
            Node::Null => visitor.visit_unit(),
            other => Err(Fault::wrong("nothing", other)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_unit(visitor)
    }

    /// Types that can be written in several ways tell their name in this way before they look at what is there.
    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let name = Some(name);
        visitor.visit_newtype_struct(Self { name, ..self })
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.list(visitor)
    }

    fn deserialize_tuple<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.list(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        let entries = self.entries(|| "a table".into())?;
        Self::table(entries, None, visitor)
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let entries = self
            .entries(|| a_table_with(fields))
            .map_err(|fault| fault.of(name))?;
        Self::table(entries, Some(name), visitor).map_err(|fault| fault.of(name))
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.choice(name, variants, visitor)
    }

    fn deserialize_identifier<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    fn deserialize_bytes<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.list(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.list(visitor)
    }
}

/// The entries of a list, one after the other.
struct Values<'a> {
    values: std::iter::Enumerate<std::slice::Iter<'a, Node>>,
}

impl<'a> SeqAccess<'a> for Values<'a> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Fault> {
        let Some((index, node)) = self.values.next() else {
            return Ok(None);
        };
        let value = seed.deserialize(Reader::new(node));
        value
            .map(Some)
            .map_err(|fault| fault.inside(Step::Index(index), None))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

/// The entries of a table, one after the other.
struct Entries<'a> {
    rest: std::slice::Iter<'a, (String, Node)>,
    value: Option<&'a (String, Node)>,
    owner: Option<&'static str>,
}

impl<'a> MapAccess<'a> for &mut Entries<'a> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        self.value = self.rest.next();
        let name = self.value.map(|it| it.0.as_str());
        name.map(|name| seed.deserialize(name.into_deserializer()))
            .transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let Some((name, node)) = self.value.take() else {
            return Err(serde::de::Error::custom("a name has no value"));
        };
        seed.deserialize(Reader::new(node))
            .map_err(|fault| fault.inside(Step::Key(name.clone()), self.owner))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// What was chosen, and what follows it.
struct Chosen<'a> {
    owner: &'static str,
    name: &'a str,
    rest: Option<&'a Node>,
}

impl<'a> EnumAccess<'a> for Chosen<'a> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'a>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name: serde::de::value::StrDeserializer<'_, Fault> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'a> Chosen<'a> {
    fn rest(&self) -> Result<Reader<'a>, Fault> {
        let bare = || Fault::bare(self.name, self.name).of_choice(self.owner, self.name);
        self.rest.map(Reader::new).ok_or_else(bare)
    }

    fn inside(&self, fault: Fault) -> Fault {
        // An example of what follows is one of the whole choice.
        fault.inside(Step::Key(self.name.to_owned()), None)
    }
}

impl<'a> VariantAccess<'a> for Chosen<'a> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.rest {
            None | Some(Node::Null) => Ok(()),
            Some(Node::Table(entries)) if entries.is_empty() => Ok(()),
            Some(other) => {
                let wanted = format!("alone, \"{}\": nothing follows it", self.name);
                Err(self.inside(Fault::wrong(wanted, other)))
            }
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'a>>(self, seed: T) -> Result<T::Value, Fault> {
        let rest = self.rest()?;
        seed.deserialize(rest).map_err(|fault| {
            let fault = self.inside(fault);
            fault.or_example(self.owner, self.name)
        })
    }

    fn tuple_variant<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        let rest = self.rest()?;
        rest.list(visitor).map_err(|fault| self.inside(fault))
    }

    fn struct_variant<V: Visitor<'a>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let rest = self.rest()?;
        let owner = Term::variant(self.owner, self.name);
        let read = rest
            .entries(|| a_table_with(fields))
            .and_then(|entries| Reader::table(entries, owner, visitor));
        read.map_err(|fault| match owner {
            Some(owner) => self.inside(fault.of(owner)),
            None => self.inside(fault),
        })
    }
}
