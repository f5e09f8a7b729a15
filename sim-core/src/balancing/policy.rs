//! A policy as data.

use serde::{Deserialize, Serialize};

use super::{BoundedHash, ConsistentHash, LeastRequest, Maglev, PeakEwma, PowerOfChoices, Prequal};
use crate::error::InputError;

/// How a balancer chooses a server. Each is described, with its source, in its own file.
///
/// ```
/// use sim_core::balancing::Policy;
/// let policy = Policy::parse("--policy", "power-of-choices:3")?;
/// assert_eq!(policy.name(), "power of choices");
/// # Ok::<(), sim_core::InputError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Any server.
    Random,
    /// The servers in turn.
    RoundRobin,
    /// The servers in turn by weight, smoothly, as in nginx.
    WeightedRoundRobin,
    /// The fewest of this balancer's requests for its weight, as in nginx.
    LeastConnections,
    /// By the client's network, as in nginx.
    IpHash,
    /// By the key, on a ring.
    ConsistentHash(ConsistentHash),
    /// By the key, in Maglev's table.
    Maglev(Maglev),
    /// By the key, the highest random weight.
    Rendezvous,
    /// By the key, on a ring, unless a server has more than its share.
    BoundedHash(BoundedHash),
    /// The fewest requests among a few servers drawn and polled.
    PowerOfChoices(PowerOfChoices),
    /// The fewest requests among all servers.
    ShortestQueue,
    /// The least seconds of work, known to an oracle.
    LeastWork,
    /// A server that told of being idle.
    IdleQueue,
    /// The lower response time times requests of two, as in Finagle.
    PeakEwma(PeakEwma),
    /// The fewest of this balancer's requests among a few drawn, or weighted turns, as in Envoy.
    LeastRequest(LeastRequest),
    /// By a pool of probes, as at Google.
    Prequal(Prequal),
    /// The fewest of this balancer's requests of two drawn by weight, as in nginx.
    RandomTwo,
}

impl Policy {
    /// Whether it looks at the client's address or key.
    pub fn needs_client(&self) -> bool {
        matches!(
            self,
            Self::IpHash
                | Self::ConsistentHash(_)
                | Self::Maglev(_)
                | Self::Rendezvous
                | Self::BoundedHash(_)
        )
    }

    /// Checks the parameters.
    ///
    /// # Errors
    /// Names the parameter, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        match self {
            Self::ConsistentHash(policy) => policy.validate(),
            Self::Maglev(policy) => policy.validate(),
            Self::BoundedHash(policy) => policy.validate(),
            Self::PowerOfChoices(policy) => policy.validate(),
            Self::PeakEwma(policy) => policy.validate(),
            Self::LeastRequest(policy) => policy.validate(),
            Self::Prequal(policy) => policy.validate(),
            _ => Ok(()),
        }
    }

    /// The name for people, such as `least connections`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::RoundRobin => "round robin",
            Self::WeightedRoundRobin => "weighted round robin",
            Self::LeastConnections => "least connections",
            Self::IpHash => "IP hash",
            Self::ConsistentHash(_) => "consistent hashing",
            Self::Maglev(_) => "Maglev hashing",
            Self::Rendezvous => "rendezvous hashing",
            Self::BoundedHash(_) => "bounded-load hashing",
            Self::PowerOfChoices(_) => "power of choices",
            Self::ShortestQueue => "shortest queue",
            Self::LeastWork => "least work left",
            Self::IdleQueue => "join the idle queue",
            Self::PeakEwma(_) => "peak EWMA",
            Self::LeastRequest(_) => "least request",
            Self::Prequal(_) => "Prequal",
            Self::RandomTwo => "random two",
        }
    }
}

/// Checks that `value` lies in `low..=high`.
pub(super) fn whole_in_range(
    field: &str,
    value: u32,
    low: u32,
    high: u32,
) -> Result<(), InputError> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        let allowed = format!("{low}..={high}");
        Err(InputError::out_of_range(field, value, allowed))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::policies;
    use super::*;

    #[test]
    fn a_policy_reads_back_from_json_and_leaves_out_what_is_usual() {
        for policy in policies() {
            policy.validate().unwrap();
            let text = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy);
        }
        let read = |text| serde_json::from_str::<Policy>(text);
        assert_eq!(
            read(r#""least_connections""#).unwrap(),
            Policy::LeastConnections
        );
        let usual = Policy::Maglev(Maglev { table_size: 65_537 });
        assert_eq!(read(r#"{"maglev":{}}"#).unwrap(), usual);
        assert!(read(r#"{"maglev":{"size":7}}"#).is_err());
    }

    #[test]
    fn parameters_out_of_range_are_named() {
        for (text, field) in [
            (r#"{"consistent_hash":{"points":0}}"#, "points"),
            (r#"{"maglev":{"table_size":65536}}"#, "table_size"),
            (r#"{"bounded_hash":{"factor":1.0}}"#, "factor"),
            (r#"{"bounded_hash":{"points":2000}}"#, "points"),
            (r#"{"power_of_choices":{"choices":33}}"#, "choices"),
            (r#"{"peak_ewma":{"decay":0}}"#, "decay"),
            (r#"{"least_request":{"choices":0}}"#, "choices"),
            (
                r#"{"least_request":{"active_request_bias":-1}}"#,
                "active_request_bias",
            ),
            (r#"{"prequal":{"probes":-1}}"#, "probes"),
            (r#"{"prequal":{"pool_size":0}}"#, "pool_size"),
            (r#"{"prequal":{"hot_quantile":1.1}}"#, "hot_quantile"),
        ] {
            let policy: Policy = serde_json::from_str(text).unwrap();
            assert_eq!(policy.validate().unwrap_err().field(), field, "{text}");
        }
    }
}
