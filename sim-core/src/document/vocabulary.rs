//! What the types that documents are read as are called, and an example of each.
//!
//! A message about a field shows how it could be written. The examples are here in JSON, one for each field of every type, and are
//! printed in the language of the document. A test holds the list against the schema of scenarios: a type or a field that is
//! forgotten here fails it. Where a table elsewhere makes a type of names, one of them is enough.

use super::node::Node;
use crate::balancing::{Entry, Policy};

/// A type that documents are read as.
#[derive(Clone, Copy)]
pub(crate) struct Term {
    /// Its name in the code, by which serde knows it.
    name: &'static str,
    /// For a type of which one of several is chosen: what one of them is called. `None` for a table of fields.
    pub(crate) choice: Option<&'static str>,
    examples: Examples,
    /// How many of the fields an example of the whole has, the first ones.
    essential: usize,
    /// Whether all that can be chosen are names that stand alone: one example is enough, the type knows the others.
    pub(crate) is_names: bool,
}

/// An example for each field, or for each that can be chosen.
#[derive(Clone, Copy)]
enum Examples {
    /// As an object in JSON.
    Written(&'static str),
    /// Balancing policies: their own table has them.
    Policies,
}

impl Term {
    /// The term for a type of this name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let written = TERMS.iter().find(|it| it.name == name).copied();
        written.or_else(|| {
            let mut parameters = Policy::ENTRIES.iter().filter_map(|it| it.parameters);
            let found = parameters.find(|it| it.name == name)?;
            Some(fields(found.name, 1, found.all))
        })
    }

    /// The name of the term for the fields that follow a choice, `Owner::choice`.
    pub(crate) fn variant(owner: &str, choice: &str) -> Option<&'static str> {
        let is_it = |name: &str| {
            name.strip_prefix(owner)?
                .strip_prefix("::")
                .filter(|it| *it == choice)
                .map(drop)
        };
        TERMS
            .iter()
            .map(|it| it.name)
            .find(|it| is_it(it).is_some())
    }

    /// All examples.
    pub(crate) fn entries(&self) -> Vec<(String, Node)> {
        match self.examples {
            Examples::Written(text) => match read(text) {
                Node::Table(entries) => entries,
                _ => Vec::new(),
            },
            Examples::Policies => Policy::ENTRIES.iter().map(policy).collect(),
        }
    }

    /// What a field could hold, or what a choice could be followed by.
    pub(crate) fn example(&self, field: &str) -> Option<Node> {
        if self.is_names {
            return Some(Node::Null);
        }
        let mut entries = self.entries().into_iter();
        entries.find(|it| it.0 == field).map(|it| it.1)
    }

    /// A whole value of the type.
    pub(crate) fn whole(&self) -> Node {
        match self.entries().into_iter().next() {
            Some((name, example)) if self.choice.is_some() => chosen(&name, example),
            _ => Node::Table(self.entries().into_iter().take(self.essential).collect()),
        }
    }

    /// All that can be chosen.
    pub(crate) fn choices(&self) -> Vec<String> {
        self.entries().into_iter().map(|it| it.0).collect()
    }
}

/// An example in JSON. A test reads all of them.
fn read(text: &str) -> Node {
    serde_json::from_str(text).unwrap_or(Node::Null)
}

/// A balancing policy, by its name in documents, with what follows it.
fn policy(entry: &Entry) -> (String, Node) {
    let brief = entry.parameters.map_or(Node::Null, |it| read(it.brief));
    (entry.spelling.replace('-', "_"), brief)
}

/// Which of the choices a text names, alone or followed by numbers as on the command line.
pub(crate) fn choice_named(text: &str, known: &[impl AsRef<str>]) -> Option<String> {
    let name = text.split(':').next().unwrap_or_default().trim();
    let name = name.to_lowercase().replace(['-', ' '], "_");
    known.iter().any(|it| it.as_ref() == name).then_some(name)
}

/// A choice with what follows it: a name alone where nothing does.
pub(crate) fn chosen(name: &str, rest: Node) -> Node {
    match rest {
        Node::Null => Node::Text(name.to_owned()),
        rest => Node::Table(vec![(name.to_owned(), rest)]),
    }
}

const fn fields(name: &'static str, essential: usize, examples: &'static str) -> Term {
    Term {
        name,
        choice: None,
        examples: Examples::Written(examples),
        essential,
        is_names: false,
    }
}

const fn choice(name: &'static str, called: &'static str, examples: &'static str) -> Term {
    Term {
        name,
        choice: Some(called),
        examples: Examples::Written(examples),
        essential: 1,
        is_names: false,
    }
}

const fn names(name: &'static str, called: &'static str, example: &'static str) -> Term {
    Term {
        is_names: true,
        ..choice(name, called, example)
    }
}

/// Every type, in the order of a scenario's fields.
#[rustfmt::skip]
static TERMS: &[Term] = &[
    fields("Scenario", 1, r#"{"classes": {"page": {"arrivals": {"poisson": {"rate": 80}}}},
        "resources": {"web": {"kind": "station", "servers": 2, "service": {"exponential": {"mean": 0.01}}}},
        "path": [{"work": {"at": "web"}}], "name": "Two servers", "warm_up": 10, "horizon": {"span": {"seconds": 60}},
        "probes": {"series": 60}, "limits": {"population": 1000000}, "script": [{"kill": {"at": 60, "server": "web"}}]}"#),
    fields("Class", 1, r#"{"arrivals": {"poisson": {"rate": 80}}, "priority": 1, "clients": {"count": 10000},
        "path": [{"work": {"at": "web"}}]}"#),
    fields("Clients", 1, r#"{"count": 10000, "skew": 1}"#),
    choice("Horizon", "horizon", r#"{"span": {"seconds": 60}, "steady": {}, "transient": {"requests": 10000}}"#),
    fields("Horizon::span", 1, r#"{"seconds": 60}"#),
    fields("Horizon::steady", 1, r#"{"requests": 100000}"#),
    fields("Horizon::transient", 1, r#"{"requests": 10000}"#),
    fields("Probes", 1, r#"{"series": 60, "tail": true, "within": [0.1, 1], "waits": true, "numbers": 20}"#),
    fields("Limits", 1, r#"{"population": 1000000}"#),

    choice("Arrivals", "way to arrive", r#"{"poisson": {"rate": 80}, "renewal": {"interarrival": {"deterministic": {"value": 0.01}}},
        "bursty": {"calm_rate": 10, "burst_rate": 200, "calm_seconds": 50, "burst_seconds": 5},
        "steps": {"steps": [{"seconds": 60, "rate": 80}]}, "sinusoidal": {"mean_rate": 80, "swing": 0.5, "period": 86400},
        "batches": {"rate": 1, "size": {"fixed": 10}}, "recorded": {"times": [0.1, 0.5, 2]},
        "users": {"count": 50, "think": {"exponential": {"mean": 1}}}}"#),
    fields("Poisson", 1, r#"{"rate": 80}"#),
    fields("Renewal", 1, r#"{"interarrival": {"deterministic": {"value": 0.01}}}"#),
    fields("Bursty", 4, r#"{"calm_rate": 10, "burst_rate": 200, "calm_seconds": 50, "burst_seconds": 5}"#),
    fields("Steps", 1, r#"{"steps": [{"seconds": 60, "rate": 80}, {"seconds": 60, "rate": 20}]}"#),
    fields("Step", 2, r#"{"seconds": 60, "rate": 80}"#),
    fields("Sinusoidal", 3, r#"{"mean_rate": 80, "swing": 0.5, "period": 86400}"#),
    fields("Batches", 2, r#"{"rate": 1, "size": {"fixed": 10}}"#),
    choice("BatchSize", "size of a batch", r#"{"fixed": 10, "geometric": 2.5}"#),
    fields("Recorded", 1, r#"{"times": [0.1, 0.5, 2]}"#),
    fields("Users", 2, r#"{"count": 50, "think": {"exponential": {"mean": 1}}}"#),

    choice("Distribution", "law", r#"{"exponential": {"mean": 0.01}, "deterministic": {"value": 0.01},
        "uniform": {"low": 0.005, "high": 0.015}, "erlang": {"stages": 4, "mean": 0.01}, "mixed_erlang": {"mean": 0.01, "scv": 0.5},
        "hyperexponential": {"mean": 0.01, "scv": 4}, "lognormal": {"mean": 0.01, "scv": 4}, "weibull": {"mean": 0.01, "shape": 0.5},
        "pareto": {"mean": 0.01, "shape": 2.5}, "bounded_pareto": {"shape": 1.5, "low": 0.001, "high": 1},
        "empirical": {"values": [0.008, 0.009, 0.04]}}"#),
    fields("Exponential", 1, r#"{"mean": 0.01}"#),
    fields("Deterministic", 1, r#"{"value": 0.01}"#),
    fields("Uniform", 2, r#"{"low": 0.005, "high": 0.015}"#),
    fields("Erlang", 2, r#"{"stages": 4, "mean": 0.01}"#),
    fields("MixedErlang", 2, r#"{"mean": 0.01, "scv": 0.5}"#),
    fields("Hyperexponential", 2, r#"{"mean": 0.01, "scv": 4}"#),
    fields("Lognormal", 2, r#"{"mean": 0.01, "scv": 4}"#),
    fields("Weibull", 2, r#"{"mean": 0.01, "shape": 0.5}"#),
    fields("Pareto", 2, r#"{"mean": 0.01, "shape": 2.5}"#),
    fields("BoundedPareto", 3, r#"{"shape": 1.5, "low": 0.001, "high": 1}"#),
    fields("Empirical", 1, r#"{"values": [0.008, 0.009, 0.04]}"#),

    choice("Resource", "kind of resource", r#"{"station": null, "pool": null, "group": null, "cache": null}"#),
    fields("Station", 2, r#"{"servers": 2, "service": {"exponential": {"mean": 0.01}}, "speed": 1, "discipline": "fifo", "room": 100,
        "patience": {"exponential": {"mean": 0.5}}, "failures": {"time_to_failure": {"exponential": {"mean": 3600}},
        "time_to_repair": {"exponential": {"mean": 60}}}, "cold_start": 30, "scalability": {"contention": 0.05}}"#),
    choice("Discipline", "discipline", r#"{"fifo": null, "lifo": null, "random_order": null, "priority": null,
        "preemptive_priority": null, "shortest_job": null, "shortest_remaining": null, "processor_sharing": null}"#),
    fields("Failures", 2, r#"{"time_to_failure": {"exponential": {"mean": 3600}}, "time_to_repair": {"exponential": {"mean": 60}},
        "kind": "crash", "silent": true}"#),
    choice("FailureKind", "kind of failure", r#"{"crash": null, "drain": null, "pause": null}"#),
    fields("ScalingLaw", 2, r#"{"contention": 0.05, "coherency": 0.001}"#),
    fields("Pool", 1, r#"{"size": 10, "queue": 100, "patience": {"exponential": {"mean": 0.5}}}"#),
    fields("Group", 2, r#"{"members": [{"count": 10}], "policy": "round_robin", "balancers": 2, "health": {"passive": {"max_fails": 3}},
        "autoscaler": {"max": 20, "target": 0.5}, "coordination": {"contention": 0.01}, "station": {"servers": 2}}"#),
    fields("Member", 2, r#"{"count": 10, "speed": 1, "weight": 1, "backup": true}"#),
    Term { name: "Policy", choice: Some("policy"), examples: Examples::Policies, essential: 1, is_names: false },
    fields("Health", 1, r#"{"passive": {"max_fails": 3}, "active": {"interval": 5}, "outlier": {"consecutive": 5}, "slow_start": 30,
        "panic_threshold": 0.5, "backups": "nginx"}"#),
    fields("MaxFails", 2, r#"{"max_fails": 3, "fail_timeout": 10}"#),
    fields("ActiveChecks", 2, r#"{"interval": 5, "timeout": 1, "fall": 3, "rise": 2, "first": 0}"#),
    fields("OutlierEjection", 1, r#"{"consecutive": 5, "interval": 10, "base_ejection": 30, "max_ejection": 300, "max_percent": 10}"#),
    choice("Backups", "use of backups", r#"{"nginx": null, "first_only": null, "all": null}"#),
    fields("Autoscaler", 2, r#"{"max": 20, "target": 0.5, "min": 2, "initial": 3, "interval": 15, "tolerance": 0.1, "provisioning": 30,
        "scale_up": {"stabilization": 0}, "scale_down": {"stabilization": 300}, "rule": "cooldown", "step": 2, "cooldown_out": 0,
        "cooldown_in": 300}"#),
    choice("Rule", "rule", r#"{"kubernetes": null, "cooldown": null}"#),
    fields("Scaling", 1, r#"{"stabilization": 300, "policies": [{"servers": 4, "period": 15}], "select": "max"}"#),
    fields("ScalingPolicy", 2, r#"{"servers": 4, "period": 15, "percent": 100}"#),
    choice("Select", "choice among policies", r#"{"max": null, "min": null, "disabled": null}"#),
    fields("Cache", 2, r#"{"policy": "lru", "capacity": {"objects": 1000}, "expiry": {"seconds": 60}, "per": "web"}"#),
    names("CachePolicy", "policy", r#"{"lru": null}"#),
    choice("Capacity", "capacity", r#"{"objects": 1000, "bytes": 1000000}"#),
    fields("Expiry", 1, r#"{"seconds": 60, "rule": "on_write", "jitter": 0.1}"#),
    choice("ExpiryRule", "rule", r#"{"on_write": null, "on_access": null}"#),

    choice("Activity", "activity", r#"{"work": {"at": "web"}, "delay": {"exponential": {"mean": 0.1}},
        "hold": {"pool": "db", "path": [{"work": {"at": "web"}}]}, "repeat": {"times": 3, "path": [{"work": {"at": "web"}}]},
        "parallel": {"paths": [[{"work": {"at": "web"}}], [{"work": {"at": "db"}}]]},
        "choose": [{"when": {"share": 0.2}, "path": [{"work": {"at": "db"}}]}],
        "balance": {"over": "web", "path": [{"work": {"at": "web"}}]},
        "attempt": {"timeout": 1, "retries": 2, "path": [{"work": {"at": "web"}}]},
        "cache": {"at": "objects", "miss": [{"work": {"at": "db"}}]}, "write": {"path": [{"work": {"at": "db"}}]},
        "set": {"priority": 1}, "mark": {"span": "checkout", "path": [{"work": {"at": "web"}}]}}"#),
    fields("Work", 1, r#"{"at": "web", "demand": {"exponential": {"mean": 0.01}}, "times": "size"}"#),
    fields("Hold", 2, r#"{"pool": "db", "path": [{"work": {"at": "web"}}]}"#),
    fields("Repeat", 2, r#"{"times": 3, "path": [{"work": {"at": "web"}}]}"#),
    fields("Parallel", 1, r#"{"paths": [[{"work": {"at": "web"}}], [{"work": {"at": "db"}}]], "first": 1, "rest": "stops"}"#),
    choice("Abandoned", "end of work that nobody waits for", r#"{"stops": null, "runs_on": null}"#),
    fields("Branch", 2, r#"{"when": {"share": 0.2}, "path": [{"work": {"at": "db"}}]}"#),
    choice("When", "condition", r#"{"share": 0.2, "class": "page", "above": {"attribute": "size", "value": 2}, "otherwise": null}"#),
    fields("When::above", 2, r#"{"attribute": "size", "value": 2}"#),
    fields("Balance", 2, r#"{"over": "web", "path": [{"work": {"at": "web"}}]}"#),
    fields("Attempt", 3, r#"{"timeout": 1, "retries": 2, "path": [{"work": {"at": "web"}}], "backoff": {"base": 0.1},
        "abandoned": "stops", "otherwise": [{"delay": {"exponential": {"mean": 0.1}}}]}"#),
    fields("Backoff", 1, r#"{"base": 0.1, "factor": 2, "most": 60, "jitter": 1}"#),
    choice("Set", "thing to set", r#"{"priority": 1, "attribute": {"name": "size", "to": {"lognormal": {"mean": 1, "scv": 4}}},
        "key": {"keys": {"zipf": {"items": 100000, "alpha": 0.9}}}}"#),
    fields("Set::attribute", 2, r#"{"name": "size", "to": {"lognormal": {"mean": 1, "scv": 4}}}"#),
    fields("Mark", 2, r#"{"span": "checkout", "path": [{"work": {"at": "web"}}]}"#),
    fields("Lookup", 2, r#"{"at": "objects", "miss": [{"work": {"at": "db"}}], "hit": [{"work": {"at": "web"}}], "coalesce": true,
        "early": 1, "absent": 0.01, "negative": 10}"#),
    fields("Write", 1, r#"{"path": [{"work": {"at": "db"}}], "caches": ["objects"], "how": "aside", "event": {"after": 0.1},
        "forgotten": 0.01}"#),
    choice("WritePolicy", "way to write", r#"{"aside": null, "through": null, "around": null,
        "behind": {"interval": 1, "batch": 100}}"#),
    fields("Behind", 2, r#"{"interval": 1, "batch": 100}"#),
    fields("Broadcast", 1, r#"{"after": 0.1}"#),

    choice("Incident", "incident", r#"{"kill": {"at": 60, "server": "web[2]"}, "drain": {"at": 60, "server": "web[2]"},
        "pause": {"at": 60, "server": "web[2]"}, "revive": {"at": 90, "server": "web[2]"},
        "slow": {"at": 60, "server": "web[2]", "factor": 3}, "partition": {"at": 60, "server": "web[2]"},
        "heal": {"at": 90, "server": "web[2]"}, "flush": {"at": 60, "cache": "objects"}, "crash": {"at": 60, "cache": "objects"}}"#),
    fields("Kill", 2, r#"{"at": 60, "server": "web[2]", "silent": true}"#),
    fields("Moment", 2, r#"{"at": 60, "server": "web[2]"}"#),
    fields("Slow", 3, r#"{"at": 60, "server": "web[2]", "factor": 3}"#),
    fields("Loss", 2, r#"{"at": 60, "cache": "objects"}"#),

    fields("Workload", 1, r#"{"keys": {"zipf": {"items": 100000, "alpha": 0.9}}, "sizes": {"fixed": 4096}}"#),
    choice("Keys", "pattern of keys", r#"{"zipf": {"items": 100000, "alpha": 0.9}, "uniform": {"items": 100000},
        "hotspot": {"items": 100000, "hot_items": 0.2, "hot_requests": 0.8}, "loop": {"items": 1000},
        "scan": {"items": 100000, "length": 100}, "drift": {"items": 100000, "alpha": 0.9, "every": 1000}, "one_hit": {},
        "mixture": [{"weight": 0.9, "keys": {"zipf": {"items": 100000, "alpha": 0.9}}}, {"weight": 0.1, "keys": {"one_hit": {}}}]}"#),
    fields("Zipf", 2, r#"{"items": 100000, "alpha": 0.9}"#),
    fields("UniformKeys", 1, r#"{"items": 100000}"#),
    fields("Hotspot", 3, r#"{"items": 100000, "hot_items": 0.2, "hot_requests": 0.8}"#),
    fields("Loop", 1, r#"{"items": 1000}"#),
    fields("Scan", 2, r#"{"items": 100000, "length": 100}"#),
    fields("Drift", 3, r#"{"items": 100000, "alpha": 0.9, "every": 1000}"#),
    fields("OneHit", 0, "{}"),
    fields("Part", 2, r#"{"weight": 0.9, "keys": {"zipf": {"items": 100000, "alpha": 0.9}}, "shared": true}"#),
    choice("Sizes", "size of objects", r#"{"fixed": 4096, "law": {"lognormal": {"mean": 4096, "scv": 4}}}"#),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_an_object_without_repetition() {
        let parameters = Policy::ENTRIES.iter().filter_map(|it| it.parameters);
        let of_policies: Vec<Term> = parameters.filter_map(|it| Term::of(it.name)).collect();
        let all = [TERMS, &of_policies].concat();
        for (at, term) in all.iter().enumerate() {
            assert!(
                term.name == "OneHit" || !term.entries().is_empty(),
                "{}",
                term.name
            );
            assert!(term.essential <= term.entries().len(), "{}", term.name);
            assert!(
                all[..at].iter().all(|it| it.name != term.name),
                "{}",
                term.name
            );
        }
    }
}
