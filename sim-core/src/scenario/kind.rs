//! How a resource stands in a document: a table of its fields, and its kind among them.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeSeed, Error as _, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::cache::Cache;
use super::resource::{Group, Pool, Resource, Station};

/// How people write a resource: its fields, and its kind among them.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "a scenario has few of them")]
enum Written {
    Station(Station),
    Pool(Pool),
    Group(Group),
    Cache(Cache),
}

/// How programs pass it on: formats that do not describe themselves cannot look for a kind.
#[derive(Serialize, Deserialize)]
#[expect(clippy::large_enum_variant, reason = "a scenario has few of them")]
enum Packed {
    Station(Station),
    Pool(Pool),
    Group(Group),
    Cache(Cache),
}

impl Serialize for Resource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            match self.clone() {
                Self::Station(it) => Written::Station(it).serialize(serializer),
                Self::Pool(it) => Written::Pool(it).serialize(serializer),
                Self::Group(it) => Written::Group(it).serialize(serializer),
                Self::Cache(it) => Written::Cache(it).serialize(serializer),
            }
        } else {
            match self.clone() {
                Self::Station(it) => Packed::Station(it).serialize(serializer),
                Self::Pool(it) => Packed::Pool(it).serialize(serializer),
                Self::Group(it) => Packed::Group(it).serialize(serializer),
                Self::Cache(it) => Packed::Cache(it).serialize(serializer),
            }
        }
    }
}

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_map(AnyKind)
        } else {
            Packed::deserialize(deserializer).map(|packed| match packed {
                Packed::Station(it) => Self::Station(it),
                Packed::Pool(it) => Self::Pool(it),
                Packed::Group(it) => Self::Group(it),
                Packed::Cache(it) => Self::Cache(it),
            })
        }
    }
}

/// The kinds by name.
#[derive(Deserialize)]
#[serde(rename = "Resource", rename_all = "snake_case")]
enum Kind {
    Station,
    Pool,
    Group,
    Cache,
}

/// Reads a resource of whatever kind it is. Fields that follow the kind are read where they stand, so that a problem in one of them
/// has its place in the document; those before it are kept until the kind is known, and a problem names the field.
struct AnyKind;

impl<'de> Visitor<'de> for AnyKind {
    type Value = Resource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table with a `kind`: station, pool, group or cache")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Resource, A::Error> {
        let mut before = Vec::new();
        let kind: Kind = loop {
            match map.next_key::<String>()? {
                Some(key) if key == "kind" => break map.next_value()?,
                Some(key) => before.push((key, map.next_value_seed(Kept)?)),
                None => return Err(A::Error::missing_field("kind")),
            }
        };
        let fields = MapAccessDeserializer::new(Fields {
            before: before.into_iter(),
            value: None,
            rest: map,
        });
        match kind {
            Kind::Station => Station::deserialize(fields).map(Resource::Station),
            Kind::Pool => Pool::deserialize(fields).map(Resource::Pool),
            Kind::Group => Group::deserialize(fields).map(Resource::Group),
            Kind::Cache => Cache::deserialize(fields).map(Resource::Cache),
        }
    }
}

/// Keeps a value until it is known what it has to be. A number that is none is refused: [`serde_json::Value`] makes nothing of it, as if it
/// had not been given.
struct Kept;

impl<'de> DeserializeSeed<'de> for Kept {
    type Value = serde_json::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Kept {
    type Value = serde_json::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Self::Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Self::Value, E> {
        let number = serde_json::Number::from_f64(value);
        let number =
            number.ok_or_else(|| E::custom(format_args!("must be a number; it is `{value}`")));
        number.map(Self::Value::Number)
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Self)? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = serde_json::Map::new();
        while let Some(key) = map.next_key()? {
            entries.insert(key, map.next_value_seed(Self)?);
        }
        Ok(entries.into())
    }
}

/// The fields of a resource: those that stand before its kind, then the rest.
struct Fields<A> {
    before: std::vec::IntoIter<(String, serde_json::Value)>,
    /// The field that is being read, if it stands before the kind.
    value: Option<(String, serde_json::Value)>,
    rest: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Fields<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        let Some((key, value)) = self.before.next() else {
            return self.rest.next_key_seed(seed);
        };
        let name = seed.deserialize(key.as_str().into_deserializer())?;
        self.value = Some((key, value));
        Ok(Some(name))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        let Some((key, value)) = self.value.take() else {
            return self.rest.next_value_seed(seed);
        };
        let named = |error| A::Error::custom(format_args!("{key}: {error}"));
        seed.deserialize(value).map_err(named)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Resource {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Resource".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Written::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        let mut reader = serde_json::Deserializer::from_str(text);
        let error = serde_path_to_error::deserialize::<_, Resource>(&mut reader).unwrap_err();
        format!("{}: {}", error.path(), error.inner())
    }

    #[test]
    fn a_problem_has_its_place() {
        let found = problem(r#"{"kind": "cache", "policy": "lru", "capacity": {"objects": 1.5}}"#);
        assert!(found.starts_with("capacity.objects: "), "{found}");
        let found = problem(r#"{"kind": "station", "service": {"exponential": {"mean": "x"}}}"#);
        assert!(found.starts_with("service"), "{found}");
        let found = problem(r#"{"policy": "lru", "capacity": {"objects": 1.5}, "kind": "cache"}"#);
        assert!(found.contains("capacity: "), "{found}");
    }

    #[test]
    fn the_kind_may_stand_anywhere_and_must_stand_somewhere() {
        let first: Resource = serde_json::from_str(r#"{"kind": "pool", "size": 3}"#).unwrap();
        let last: Resource = serde_json::from_str(r#"{"size": 3, "kind": "pool"}"#).unwrap();
        assert_eq!(first, last);
        assert!(problem(r#"{"size": 3}"#).contains("missing field `kind`"));
        assert!(problem(r#"{"kind": "pond", "size": 3}"#).contains("unknown variant `pond`"));
        assert!(problem(r#"{"size": 3, "depth": 1, "kind": "pool"}"#).contains("unknown field"));
    }

    #[test]
    fn what_is_no_number_is_refused_wherever_it_stands() {
        for text in [
            "kind = \"pool\"\nsize = 1\nqueue = nan",
            "queue = nan\nkind = \"pool\"\nsize = 1",
            "patience = { deterministic = { value = inf } }\nkind = \"pool\"\nsize = 1",
        ] {
            assert!(toml::from_str::<Resource>(text).is_err(), "{text}");
        }
        let null = r#"{"queue": null, "kind": "pool", "size": 3}"#;
        assert!(serde_json::from_str::<Resource>(null).is_ok());
    }
}
