//! Scenarios from documents: read with the place of whatever is wrong.
//!
//! The kind of a resource is one of its fields, so that a resource is known only after all of it has been read. Whatever is wrong
//! in one whose kind is known is looked for once more, as a value of that kind, where every field has a place.

use super::{Cache, Group, Pool, Scenario, Station};
use crate::document::{self, Document, Node, Place, Problem, Step, Style};
use crate::error::InputError;

/// The kinds of resources.
const KINDS: [&str; 4] = ["station", "pool", "group", "cache"];

impl Scenario {
    /// The scenario that a document is. Whether its values make sense is what [`Scenario::problems`] says.
    ///
    /// # Errors
    /// The line, the column and the place of the first thing that does not belong, is missing, or is of the wrong kind.
    ///
    /// ```
    /// use sim_core::Scenario;
    /// use sim_core::document::{Document, Style};
    /// let text = "[classes.page.arrivals.poisson]\nrat = 80\n";
    /// let problem = Scenario::of(&Document::parse(Style::Toml, text)?).unwrap_err();
    /// assert_eq!(
    ///     problem.to_string(),
    ///     "line 2, column 1: classes.page.arrivals.poisson: `rat` is not known here; did you mean `rate`? Known: rate"
    /// );
    /// # Ok::<(), sim_core::document::Problem>(())
    /// ```
    pub fn of(document: &Document) -> Result<Self, Problem> {
        let scenario = Self::of_node(document.node(), document.style());
        scenario.map_err(|error| document.locate(error))
    }

    /// The scenario that a node of a document is; examples in the message are in `style`.
    ///
    /// # Errors
    /// The place of the first thing that does not belong, is missing, or is of the wrong kind.
    pub fn of_node(node: &Node, style: Style) -> Result<Self, InputError> {
        document::read(node, style)
            .map_err(|error| within_resource(node, style, error.field()).unwrap_or(error))
    }
}

/// What is wrong with the first resource that cannot be read by itself, where an error is about one of them.
fn within_resource(document: &Node, style: Style, field: &str) -> Option<InputError> {
    field.strip_prefix("resources.")?;
    let Node::Table(resources) = document.get("resources")? else {
        return None;
    };
    resources.iter().find_map(|(name, resource)| {
        let place = Place(vec![Step::Key("resources".into()), Step::Key(name.clone())]);
        let error = problem_of(name, resource, style)?;
        Some(error.within(&place.to_string()))
    })
}

fn problem_of(name: &str, resource: &Node, style: Style) -> Option<InputError> {
    let Node::Table(entries) = resource else {
        let example = Node::Table(vec![
            ("kind".into(), Node::Text("station".into())),
            ("servers".into(), Node::Whole(2)),
        ]);
        let example = document::entry(name, &example, style);
        let wanted = format!("a table with its kind, such as {example}");
        return Some(InputError::malformed("", resource.line(style), wanted));
    };
    let rest = entries.iter().filter(|it| it.0 != "kind");
    let rest = Node::Table(rest.cloned().collect());
    match resource.get("kind") {
        None => {
            let example = document::entry("kind", &Node::Text("station".into()), style);
            let wanted = format!("one of {}, such as {example}", KINDS.join(", "));
            Some(InputError::missing("kind", wanted))
        }
        Some(Node::Text(kind)) => match kind.as_str() {
            "station" => document::read::<Station>(&rest, style).err(),
            "pool" => document::read::<Pool>(&rest, style).err(),
            "group" => document::read::<Group>(&rest, style).err(),
            "cache" => document::read::<Cache>(&rest, style).err(),
            _ => Some(InputError::unknown("kind", kind, KINDS.join(", "))),
        },
        Some(other) => {
            let wanted = format!("a text in quotes, one of {}", KINDS.join(", "));
            Some(InputError::malformed("kind", other.line(style), wanted))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::vocabulary::{Term, chosen};

    /// Every type of the schema of scenarios with every field or choice of it has an example here, and nothing else does.
    #[cfg(feature = "schema")]
    #[test]
    fn the_vocabulary_is_that_of_the_schema() {
        use std::collections::BTreeSet;

        use serde_json::Value;

        fn names(schema: &Value, found: &mut BTreeSet<String>) {
            for form in ["oneOf", "anyOf"] {
                for part in schema[form].as_array().into_iter().flatten() {
                    names(part, found);
                }
            }
            found.extend(
                schema["properties"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|it| it.0.clone()),
            );
            let texts = schema["enum"]
                .as_array()
                .into_iter()
                .flatten()
                .chain([&schema["const"]]);
            found.extend(texts.filter_map(Value::as_str).map(str::to_owned));
        }

        let schema = schemars::schema_for!(crate::Scenario);
        let schema = schema.as_value();
        let definitions = schema["$defs"].as_object().unwrap();
        let all = definitions.iter().map(|(name, it)| (name.as_str(), it));
        for (name, definition) in all.chain([("Scenario", schema)]) {
            // Tables of names that the scenario chooses itself; a resource by its kind.
            if name.starts_with("TableOf") || name == "Resource" {
                continue;
            }
            let mut wanted = BTreeSet::new();
            names(definition, &mut wanted);
            let term = Term::of(name).unwrap_or_else(|| panic!("the vocabulary has no `{name}`"));
            let known: BTreeSet<String> = term.choices().into_iter().collect();
            if term.is_names {
                assert!(known.is_subset(&wanted), "examples of `{name}`");
            } else {
                assert_eq!(known, wanted, "examples of `{name}`");
            }
        }
    }

    /// The examples are right: a scenario reads with each of them in it.
    #[test]
    fn examples_read_as_what_they_are_examples_of() {
        use crate::distribution::Distribution;
        use crate::document::read;
        use crate::scenario::{Activity, Arrivals, Incident};
        use crate::workload::{Keys, Sizes};

        fn each<T: serde::de::DeserializeOwned>(name: &str) {
            let term = Term::of(name).unwrap();
            for (choice, example) in term.entries() {
                let value = chosen(&choice, example);
                read::<T>(&value, Style::Toml).unwrap_or_else(|error| panic!("{choice}: {error}"));
            }
        }
        fn all<T: serde::de::DeserializeOwned>(name: &str) {
            let value = Node::Table(Term::of(name).unwrap().entries());
            read::<T>(&value, Style::Toml).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        each::<Activity>("Activity");
        each::<Arrivals>("Arrivals");
        each::<Distribution>("Distribution");
        each::<Incident>("Incident");
        each::<Keys>("Keys");
        each::<Sizes>("Sizes");
        each::<crate::balancing::Policy>("Policy");
        each::<crate::caching::Policy>("CachePolicy");
        all::<Station>("Station");
        all::<Pool>("Pool");
        all::<Group>("Group");
        all::<Cache>("Cache");
        all::<crate::balancing::health::Health>("Health");
        all::<crate::scenario::Lookup>("Lookup");
        all::<crate::scenario::Write>("Write");
        all::<Scenario>("Scenario");
    }
}
