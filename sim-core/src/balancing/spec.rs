//! Policies by name, as on a command line: `random`, `power-of-choices:3`, `maglev`.

use std::str::FromStr;

use super::{
    BoundedHash, ConsistentHash, LeastRequest, Maglev, PeakEwma, Policy, PowerOfChoices, Prequal,
};
use crate::error::InputError;

const NAMES: &str = "random, round-robin, weighted-round-robin, least-connections, ip-hash, consistent-hash[:points], \
     maglev[:table-size], rendezvous, bounded-hash[:factor], power-of-choices[:choices], shortest-queue, least-work, \
     idle-queue, peak-ewma[:decay], least-request[:choices], prequal[:hot-quantile], random-two";

impl Policy {
    /// The names that [`Policy::parse`] knows, for messages and help.
    pub const NAMES: &'static str = NAMES;

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
        let argument = Argument {
            field,
            text,
            number,
        };
        let policy = match plain(name) {
            Some(policy) if number.is_none() => policy,
            Some(_) => {
                return Err(InputError::malformed(
                    field,
                    text,
                    format!("`{name}` alone"),
                ));
            }
            None => with_argument(name, &argument)?,
        };
        policy
            .validate()
            .map_err(|error| error.within(&format!("{field} {text}")))?;
        Ok(policy)
    }

    /// The text that [`Policy::parse`] reads back as this policy, if its other parameters have their usual values.
    pub fn spec(&self) -> String {
        match self {
            Self::Random => "random".into(),
            Self::RoundRobin => "round-robin".into(),
            Self::WeightedRoundRobin => "weighted-round-robin".into(),
            Self::LeastConnections => "least-connections".into(),
            Self::IpHash => "ip-hash".into(),
            Self::Rendezvous => "rendezvous".into(),
            Self::ShortestQueue => "shortest-queue".into(),
            Self::LeastWork => "least-work".into(),
            Self::IdleQueue => "idle-queue".into(),
            Self::RandomTwo => "random-two".into(),
            Self::ConsistentHash(policy) => format!("consistent-hash:{}", policy.points),
            Self::Maglev(policy) => format!("maglev:{}", policy.table_size),
            Self::BoundedHash(policy) => format!("bounded-hash:{}", policy.factor),
            Self::PowerOfChoices(policy) => format!("power-of-choices:{}", policy.choices),
            Self::PeakEwma(policy) => format!("peak-ewma:{}", policy.decay),
            Self::LeastRequest(policy) => format!("least-request:{}", policy.choices),
            Self::Prequal(policy) => format!("prequal:{}", policy.hot_quantile),
        }
    }
}

/// The policy of this name that takes no number.
fn plain(name: &str) -> Option<Policy> {
    Some(match name {
        "random" => Policy::Random,
        "round-robin" => Policy::RoundRobin,
        "weighted-round-robin" => Policy::WeightedRoundRobin,
        "least-connections" => Policy::LeastConnections,
        "ip-hash" => Policy::IpHash,
        "rendezvous" => Policy::Rendezvous,
        "shortest-queue" => Policy::ShortestQueue,
        "least-work" => Policy::LeastWork,
        "idle-queue" => Policy::IdleQueue,
        "random-two" => Policy::RandomTwo,
        _ => return None,
    })
}

/// The policy of this name that may take a number.
fn with_argument(name: &str, argument: &Argument<'_>) -> Result<Policy, InputError> {
    Ok(match name {
        "consistent-hash" => {
            let ConsistentHash { points } = ConsistentHash::default();
            let points = argument.or(points)?;
            Policy::ConsistentHash(ConsistentHash { points })
        }
        "maglev" => {
            let Maglev { table_size } = Maglev::default();
            let table_size = argument.or(table_size)?;
            Policy::Maglev(Maglev { table_size })
        }
        "bounded-hash" => {
            let mut policy = BoundedHash::default();
            policy.factor = argument.or(policy.factor)?;
            Policy::BoundedHash(policy)
        }
        "power-of-choices" => {
            let PowerOfChoices { choices } = PowerOfChoices::default();
            let choices = argument.or(choices)?;
            Policy::PowerOfChoices(PowerOfChoices { choices })
        }
        "peak-ewma" => {
            let PeakEwma { decay } = PeakEwma::default();
            let decay = argument.or(decay)?;
            Policy::PeakEwma(PeakEwma { decay })
        }
        "least-request" => {
            let mut policy = LeastRequest::default();
            policy.choices = argument.or(policy.choices)?;
            Policy::LeastRequest(policy)
        }
        "prequal" => {
            let mut policy = Prequal::default();
            policy.hot_quantile = argument.or(policy.hot_quantile)?;
            Policy::Prequal(policy)
        }
        _ => return Err(InputError::unknown(argument.field, argument.text, NAMES)),
    })
}

/// What stands after the colon, and where.
struct Argument<'a> {
    field: &'a str,
    text: &'a str,
    number: Option<&'a str>,
}

impl Argument<'_> {
    fn or<T: FromStr>(&self, usual: T) -> Result<T, InputError> {
        let Some(number) = self.number else {
            return Ok(usual);
        };
        number.trim().parse().map_err(|_| {
            let expected = "a policy's name and a number after the colon";
            InputError::malformed(self.field, self.text, expected)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::policies;
    use super::*;

    #[test]
    fn every_policy_reads_back() {
        for policy in policies() {
            let spec = policy.spec();
            assert_eq!(Policy::parse("policy", &spec).unwrap(), policy, "{spec}");
            let name = spec.split(':').next().unwrap();
            assert!(Policy::parse("policy", name).is_ok());
            let known = NAMES
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
