//! Policies by name, as on a command line: `random`, `power-of-choices:3`, `maglev`.

use super::Policy;
use super::kind::Kind;
use crate::error::InputError;

impl Policy {
    /// The names that [`Policy::parse`] knows, for messages and help: `random, maglev[:table-size]` and so on.
    pub fn names() -> String {
        let known = Self::ENTRIES.iter().map(|it| match it.parameters {
            Some(parameters) => format!("{}[:{}]", it.spelling, parameters.main),
            None => it.spelling.to_owned(),
        });
        known.collect::<Vec<_>>().join(", ")
    }

    /// The name that [`Policy::parse`] knows it by, such as `power-of-choices`.
    pub fn spelling(&self) -> &'static str {
        each_policy!(self, type Own => Own::SPELLING)
    }

    /// Reads a policy's name and, where it has one, its main parameter: `maglev` or `maglev:5003`. The other parameters have
    /// their usual values.
    ///
    /// # Errors
    /// Names `field`, the text and what is allowed.
    pub fn parse(field: &str, text: &str) -> Result<Self, InputError> {
        let (name, number) = match text.split_once(':') {
            Some((name, number)) => (name, Some(number)),
            None => (text, None),
        };
        let Some(mut policy) = Self::all().find(|it| it.spelling() == name) else {
            return Err(InputError::unknown(field, text, Self::names()));
        };
        if let Some(number) = number {
            each_policy!(&mut policy, it => set(it, number))
                .map_err(|expected| InputError::malformed(field, text, expected))?;
        }
        policy
            .validate()
            .map_err(|error| error.within(&format!("{field} {text}")))?;
        Ok(policy)
    }

    /// The text that [`Policy::parse`] reads back as this policy, if its other parameters have their usual values.
    pub fn spec(&self) -> String {
        let name = self.spelling();
        match each_policy!(&mut self.clone(), it => main(it)) {
            Some(number) => format!("{name}:{number}"),
            None => name.to_owned(),
        }
    }
}

/// Sets the main parameter; the error is what was expected.
fn set<P: Kind>(policy: &mut P, number: &str) -> Result<(), String> {
    let Some(parameters) = P::PARAMETERS else {
        return Err(format!("`{}` alone", P::SPELLING));
    };
    let value = (parameters.value)(policy).set(number.trim());
    value.ok_or_else(|| "a policy's name and a number after the colon".to_owned())
}

/// The main parameter.
fn main<P: Kind>(policy: &mut P) -> Option<String> {
    P::PARAMETERS.map(|it| (it.value)(policy).text())
}

#[cfg(test)]
mod tests {
    use super::super::PowerOfChoices;
    use super::super::tests::policies;
    use super::*;

    #[test]
    fn every_policy_reads_back() {
        for policy in policies() {
            let spec = policy.spec();
            assert_eq!(Policy::parse("policy", &spec).unwrap(), policy, "{spec}");
            let name = spec.split(':').next().unwrap();
            assert!(Policy::parse("policy", name).is_ok());
            let known = Policy::names()
                .split(", ")
                .any(|known| known.split('[').next() == Some(name));
            assert!(known, "{name}");
        }
    }

    #[test]
    fn numbers_follow_the_colon() {
        let parse = |text| Policy::parse("--policy", text);
        let three = Policy::PowerOfChoices(PowerOfChoices { choices: 3 });
        assert_eq!(parse("power-of-choices:3").unwrap(), three);
        for text in [
            "roundrobin",
            "random:2",
            "maglev:x",
            "maglev:4",
            "least-request:1.5",
            "",
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.field().starts_with("--policy"), "{error}");
        }
    }
}
