//! What a policy says of itself.

use super::kind::Kind;
use super::{Policy, Sight, Spread};
use crate::error::InputError;

impl Policy {
    /// The name for people, such as `least connections`.
    pub fn name(&self) -> &'static str {
        each_policy!(self, type Own => Own::NAME)
    }

    /// The name for people where its parameters are the usual ones, such as `power of two choices`.
    pub fn usual_name(&self) -> &'static str {
        each_policy!(self, type Own => Own::USUAL_NAME)
    }

    /// What a list of choices calls it, such as `Random two (nginx)`.
    pub fn title(&self) -> &'static str {
        each_policy!(self, type Own => Own::TITLE)
    }

    /// How it chooses, in a sentence of which the server is the subject, such as `The fewest requests among all servers.`
    pub fn sentence(&self) -> &'static str {
        each_policy!(self, type Own => Own::SENTENCE)
    }

    /// What it looks at.
    pub fn sees(&self) -> &'static [Sight] {
        each_policy!(self, type Own => Own::SEES)
    }

    /// Whether it looks at this.
    pub fn looks_at(&self, sight: Sight) -> bool {
        self.sees().contains(&sight)
    }

    /// Whether it looks at the queues of servers, [`Sight::InSystem`], and at nothing else.
    pub fn polls(&self) -> bool {
        each_policy!(self, type Own => Own::POLLS)
    }

    /// Whether it ever chooses by chance.
    pub fn draws(&self) -> bool {
        each_policy!(self, type Own => Own::DRAWS)
    }

    /// How it spreads requests over servers, as far as that is known in advance.
    pub fn spread(&self) -> Spread {
        each_policy!(self, it => it.spread())
    }

    /// Bytes that a balancer keeps beside a few numbers for each server, where the servers' weights have this sum.
    pub(crate) fn table(&self, weights: f64) -> f64 {
        each_policy!(self, it => it.table(weights))
    }

    /// Checks the parameters.
    ///
    /// # Errors
    /// Names the parameter, its value and what is allowed.
    pub fn validate(&self) -> Result<(), InputError> {
        fn check<P: Kind>(policy: &P) -> Result<(), InputError> {
            P::PARAMETERS.map_or(Ok(()), |it| (it.validate)(policy))
        }
        each_policy!(self, it => check(it))
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
    use super::super::Maglev;
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
