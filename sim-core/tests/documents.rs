//! Malformed documents of strangers, each with the whole message.

use sim_core::Scenario;
use sim_core::document::{Document, Problem, Style};
use sim_core::workload::Workload;

/// A small scenario in TOML, to be spoilt.
const GOOD: &str = r#"[classes.page.arrivals.poisson]
rate = 80
[resources.web]
kind = "station"
servers = 2
service = { exponential = { mean = 0.01 } }
[resources.db]
kind = "pool"
size = 10
[[path]]
hold = { pool = "db", path = [{ work = { at = "web" } }] }
"#;

/// What is replaced in it by what, and the whole message.
const SPOILT: &[(&str, &str, &str)] = &[
    (
        "rate = 80",
        "rate = \"fast\"",
        r#"line 2, column 8: classes.page.arrivals.poisson.rate must be a number, such as rate = 80; it is `"fast"`"#,
    ),
    (
        "rate = 80",
        "rate = \"80\"",
        r#"line 2, column 8: classes.page.arrivals.poisson.rate must be a number (write 80, without quotes); it is `"80"`"#,
    ),
    (
        "rate = 80",
        "rate = [80]",
        "line 2, column 8: classes.page.arrivals.poisson.rate must be a number, such as rate = 80; it is `[80]`",
    ),
    (
        "rate = 80",
        "rate = true",
        "line 2, column 8: classes.page.arrivals.poisson.rate must be a number, such as rate = 80; it is `true`",
    ),
    (
        "rate = 80",
        "rate = 2024-01-01",
        r#"line 2, column 8: classes.page.arrivals.poisson.rate must be a number, such as rate = 80; it is `"2024-01-01"`"#,
    ),
    (
        "rate = 80",
        "rate = nan",
        "line 2, column 8: classes.page.arrivals.poisson.rate must be a number, such as rate = 80; it is `nan`",
    ),
    (
        "rate = 80",
        "rte = 80",
        "line 2, column 1: classes.page.arrivals.poisson: `rte` is not known here; did you mean `rate`? Known: rate",
    ),
    (
        "rate = 80",
        "rate = 80\nburst = 3",
        "line 3, column 1: classes.page.arrivals.poisson: `burst` is not known here; known: rate",
    ),
    (
        "rate = 80",
        "",
        "line 1, column 24: classes.page.arrivals.poisson.rate is missing; needed: a value, such as rate = 80",
    ),
    (
        "rate = 80",
        "rate = 80\nrate = 90",
        "line 3, column 1: no valid TOML: `rate` is there twice in one table",
    ),
    (
        "rate = 80",
        "rate = ",
        "line 2, column 8: no valid TOML: a value is missing after the equals sign",
    ),
    (
        "rate = 80",
        "rate = 80 per second",
        "line 2, column 8: no valid TOML: this is no number; numbers are written as 80, 0.5 or 1e-3, without a unit, and times are in seconds",
    ),
    (
        "rate = 80",
        "rate = 10 ms",
        "line 2, column 8: no valid TOML: this is no number; numbers are written as 80, 0.5 or 1e-3, without a unit, and times are in seconds",
    ),
    (
        "rate = 80",
        "rate: 80",
        "line 2, column 7: no valid TOML: an equals sign is missing after a name; write name = value",
    ),
    (
        "[classes.page.arrivals.poisson]\nrate = 80",
        "[classes.page]\narrivals = 80",
        "line 2, column 12: classes.page.arrivals is `80`; it must be a way to arrive: poisson, renewal, bursty, steps, sinusoidal, batches, recorded, users, such as arrivals = { poisson = { rate = 80 } }",
    ),
    (
        "[classes.page.arrivals.poisson]\nrate = 80",
        "[classes.page]\narrivals = \"poisson\"",
        r#"line 2, column 12: classes.page.arrivals must be a table, since `poisson` needs more than its name, such as arrivals = { poisson = { rate = 80 } }; it is `"poisson"`"#,
    ),
    (
        "[classes.page.arrivals.poisson]\nrate = 80",
        "[classes.page]\npriority = 300\narrivals.poisson.rate = 1",
        "line 2, column 12: classes.page.priority must be a whole number between 0 and 255, such as priority = 1; it is `300`",
    ),
    (
        "[classes.page.arrivals.poisson]\nrate = 80",
        "[classes.page]\npriority = 1",
        "line 1, column 10: classes.page.arrivals is missing; needed: a value, such as arrivals = { poisson = { rate = 80 } }",
    ),
    (
        "[classes.page.arrivals.poisson]\nrate = 80",
        "[classes]\npage = 80",
        "line 2, column 8: classes.page must be a table with arrivals, priority, clients and path, such as page = { arrivals = { poisson = { rate = 80 } } }; it is `80`",
    ),
    (
        "[classes.page.arrivals.poisson]\nrate = 80",
        "classes = 5",
        "line 1, column 11: classes must be a table, such as classes = { page = { arrivals = { poisson = { rate = 80 } } } }; it is `5`",
    ),
    (
        "[classes.page.arrivals.poisson]\nrate = 80",
        "",
        "line 1, column 1: classes is missing; needed: a value, such as classes = { page = { arrivals = { poisson = { rate = 80 } } } }",
    ),
    (
        "poisson",
        "poison",
        "line 1, column 24: classes.page.arrivals: `poison` is not known here; did you mean `poisson`? Known: poisson, renewal, bursty, steps, sinusoidal, batches, recorded, users",
    ),
    (
        "poisson]",
        "poisson.law]",
        "line 1, column 32: classes.page.arrivals.poisson: `law` is not known here; known: rate",
    ),
    (
        "servers = 2",
        "servers = -2",
        "line 5, column 11: resources.web.servers must be a whole number of at least 0, such as servers = 2; it is `-2`",
    ),
    (
        "servers = 2",
        "servers = 2.5",
        "line 5, column 11: resources.web.servers must be a whole number, such as servers = 2; it is `2.5`",
    ),
    (
        "servers = 2",
        "servers = \"two\"",
        r#"line 5, column 11: resources.web.servers must be a whole number, such as servers = 2; it is `"two"`"#,
    ),
    (
        "servers = 2",
        "servers = 1e30",
        "line 5, column 11: resources.web.servers must be a whole number, such as servers = 2; it is `1e30`",
    ),
    (
        "servers = 2",
        "servrs = 2",
        "line 5, column 1: resources.web: `servrs` is not known here; did you mean `servers`? Known: servers, service, speed, discipline, room, patience, failures, cold_start, scalability",
    ),
    (
        "servers = 2",
        "discipline = \"FIFO\"",
        "line 5, column 14: resources.web.discipline: `FIFO` is not known here; did you mean `fifo`? Known: fifo, lifo, random_order, priority, preemptive_priority, shortest_job, shortest_remaining, processor_sharing",
    ),
    (
        "servers = 2",
        "discipline = \"shortest\"",
        "line 5, column 14: resources.web.discipline: `shortest` is not known here; did you mean `shortest_job`? Known: fifo, lifo, random_order, priority, preemptive_priority, shortest_job, shortest_remaining, processor_sharing",
    ),
    (
        "servers = 2",
        "patience = \"1 min\"",
        r#"line 5, column 12: resources.web.patience must be a law or a number of seconds (write 60, in seconds); it is `"1 min"`"#,
    ),
    (
        "servers = 2",
        "rate = 5",
        "line 5, column 1: resources.web: `rate` is not known here; known: servers, service, speed, discipline, room, patience, failures, cold_start, scalability",
    ),
    (
        "kind = \"station\"",
        "kind = \"stattion\"",
        "line 4, column 8: resources.web.kind: `stattion` is not known here; did you mean `station`? Known: station, pool, group, cache",
    ),
    (
        "kind = \"station\"\n",
        "",
        r#"line 3, column 12: resources.web.kind is missing; needed: one of station, pool, group, cache, such as kind = "station""#,
    ),
    (
        "kind = \"station\"",
        "kind = 1",
        "line 4, column 8: resources.web.kind must be a text in quotes, one of station, pool, group, cache; it is `1`",
    ),
    (
        "service = { exponential = { mean = 0.01 } }",
        "service = \"exponential\"",
        r#"line 6, column 11: resources.web.service must be a table, since `exponential` needs more than its name, such as service = { exponential = { mean = 0.01 } }; it is `"exponential"`"#,
    ),
    (
        "service = { exponential = { mean = 0.01 } }",
        "service = \"lognormal:4\"",
        r#"line 6, column 11: resources.web.service must be a table, since `lognormal` needs more than its name, such as service = { lognormal = { mean = 0.01, scv = 4 } }; it is `"lognormal:4"`"#,
    ),
    (
        "service = { exponential = { mean = 0.01 } }",
        "service = \"normal\"",
        "line 6, column 11: resources.web.service: `normal` is not known here; did you mean `lognormal`? Known: exponential, deterministic, uniform, erlang, mixed_erlang, hyperexponential, lognormal, weibull, pareto, bounded_pareto, empirical",
    ),
    (
        "service = { exponential = { mean = 0.01 } }",
        "service = [0.01]",
        "line 6, column 11: resources.web.service must be a law or a number of seconds, such as service = { exponential = { mean = 0.01 } }; it is `[0.01]`",
    ),
    (
        "service = { exponential = { mean = 0.01 } }",
        "service = { mean = 0.01 }",
        "line 6, column 11: resources.web.service must be a table with exactly one name, that of the law, such as service = { exponential = { mean = 0.01 } }; it is a table with `mean`",
    ),
    (
        "service = { exponential = { mean = 0.01 } }",
        "service = {}",
        "line 6, column 11: resources.web.service must be a table with exactly one name, that of the law, such as service = { exponential = { mean = 0.01 } }; it is an empty table",
    ),
    (
        "service = { exponential = { mean = 0.01 } }",
        "service = { exponential = 0.01 }",
        "line 6, column 27: resources.web.service.exponential must be a table with mean, such as exponential = { mean = 0.01 }; it is `0.01`",
    ),
    (
        "service = { exponential = { mean = 0.01 } }",
        "service = { exponential = {} }",
        "line 6, column 27: resources.web.service.exponential.mean is missing; needed: a value, such as mean = 0.01",
    ),
    (
        "service = { exponential = { mean = 0.01 } }",
        "service = { exponential = { mean = \"10ms\" } }",
        r#"line 6, column 36: resources.web.service.exponential.mean must be a number (write 0.01, in seconds); it is `"10ms"`"#,
    ),
    (
        "service = { exponential = { mean = 0.01 } }",
        "service = { lognormal = { mean = 0.01, sigma = 2, scv = 1 } }",
        "line 6, column 40: resources.web.service.lognormal: `sigma` is not known here; known: mean, scv",
    ),
    (
        "service = { exponential = { mean = 0.01 } }",
        "service = { exponential = { mean = 0.01 }, delay = 1 }",
        "line 6, column 11: resources.web.service must be a table with exactly one name, that of the law, such as service = { exponential = { mean = 0.01 } }; it is a table with `exponential`, `delay`",
    ),
    (
        "size = 10",
        "size = 10\nservers = 1",
        "line 10, column 1: resources.db: `servers` is not known here; known: size, queue, patience",
    ),
    (
        "hold =",
        "hodl =",
        "line 11, column 1: path[0]: `hodl` is not known here; did you mean `hold`? Known: work, delay, hold, repeat, parallel, choose, balance, attempt, cache, write, set, mark",
    ),
    (
        "work = { at = \"web\" }",
        "work = { at = \"web\" }, delay = 0.1",
        r#"line 11, column 31: path[0].hold.path[0] must be a table with exactly one name, that of the activity, such as { work = { at = "web" } }; it is a table with `work`, `delay`"#,
    ),
    (
        "work = { at = \"web\" }",
        "work = \"web\"",
        r#"line 11, column 40: path[0].hold.path[0].work must be a table with at, demand and times, such as work = { at = "web" }; it is `"web"`"#,
    ),
    (
        "work = { at = \"web\" }",
        "work = { at = 5 }",
        r#"line 11, column 47: path[0].hold.path[0].work.at must be a text in quotes, such as at = "web"; it is `5`"#,
    ),
    (
        "work = { at = \"web\" }",
        "work = { demand = 0.1 }",
        r#"line 11, column 40: path[0].hold.path[0].work.at is missing; needed: a value, such as at = "web""#,
    ),
    (
        "path = [{ work = { at = \"web\" } }]",
        "path = { work = { at = \"web\" } }",
        r#"line 11, column 30: path[0].hold.path must be a list, such as path = [{ work = { at = "web" } }]; it is `{ work = { at = "web" } }`"#,
    ),
    (
        "[[path]]",
        "[path]",
        r#"line 10, column 2: path must be a list, such as path = [{ work = { at = "web" } }]; it is `{ hold = { pool = "db", path = [{ work = { at = "web" } }] } }`"#,
    ),
    (
        "[[path]]",
        "[[paths]]",
        "line 10, column 3: `paths` is not known here; did you mean `path`? Known: name, warm_up, path, horizon, probes, limits, script, classes, resources",
    ),
    (
        "[[path]]",
        "horizon = \"steady\"\n[[path]]",
        "line 10, column 1: resources.db: `horizon` is not known here; known: size, queue, patience; `horizon` stands at the top of the document",
    ),
];

/// JSON, and the whole message.
const JSON: &[(&str, &str)] = &[
    (
        r#"{"classes": {"a": {"arrivals": {"poisson": {"rate": "80/s"}}}}}"#,
        r#"line 1, column 53: classes.a.arrivals.poisson.rate is `"80/s"`; it must be a number, such as "rate": 80"#,
    ),
    (
        r#"{"classes": {"a": {"arrivals": {"poisson": {"rate": 80}}}}, "path": {"work": 1}}"#,
        r#"line 1, column 69: path is `{"work": 1}`; it must be a list, such as "path": [{"work": {"at": "web"}}]"#,
    ),
    (
        "{\n  \"classes\": {\n    \"a\": {\"arrivals\": {\"poisson\": {\"rte\": 1}}}\n  }\n}",
        "line 3, column 36: classes.a.arrivals.poisson: `rte` is not known here; did you mean `rate`? Known: rate",
    ),
    (
        r#"{"classes": {"a": {"arrivals": {"users": {"count": 3, "think": "exponential"}}}}}"#,
        r#"line 1, column 64: classes.a.arrivals.users.think is `"exponential"`; it must be a table, since `exponential` needs more than its name, such as "think": {"exponential": {"mean": 0.01}}"#,
    ),
    (
        r#"{"classes": {"a": {"arrivals": {"users": {"count": 3, "think": {"exponential": {}}}}}}}"#,
        r#"line 1, column 80: classes.a.arrivals.users.think.exponential.mean is missing; needed: a value, such as "mean": 0.01"#,
    ),
    (
        r#"{"classes": {"a": 1, "a": 2}}"#,
        "line 1, column 24: no valid JSON: `a` is there twice",
    ),
    (
        r#"{"classes": null}"#,
        r#"line 1, column 13: classes is `null`; it must be a table, such as "classes": {"page": {"arrivals": {"poisson": {"rate": 80}}}}"#,
    ),
    (
        r#"{"classes": {"a": {"arrivals": {"poisson": {"rate": 80,}}}}}"#,
        "line 1, column 56: no valid JSON: there is a comma after the last entry; take it away",
    ),
    (
        r#"{"classes": {"a": {"arrivals": {"poisson": {"rate": 80}}}}"#,
        "line 1, column 58: no valid JSON: an object begins but does not end: a `}` is missing",
    ),
    (
        r#"{"classes": {"a": {"arrivals": {"poisson": {"rate": NaN}}}}}"#,
        "line 1, column 53: no valid JSON: a value is missing, or is written in a way that JSON does not know: texts stand in quotes",
    ),
    (
        r#"{"classes": {"a": {"arrivals": {"poisson": {"rate": 1e999}}}}}"#,
        "line 1, column 57: no valid JSON: this number is too large",
    ),
    (
        r"{classes: {}}",
        r#"line 1, column 2: no valid JSON: a name must stand in quotes, as in "rate": 80"#,
    ),
    (
        r#"{"classes" {}}"#,
        r#"line 1, column 12: no valid JSON: a colon is missing between a name and its value, as in "rate": 80"#,
    ),
    (
        r"{'classes': {}}",
        r#"line 1, column 2: no valid JSON: a name must stand in quotes, as in "rate": 80"#,
    ),
    (
        r"[1, 2]",
        r#"line 1, column 1: the document is `[1, 2]`; it must be a table with name, warm_up, path, horizon, probes and others, such as {"classes": {"page": {"arrivals": {"poisson": {"rate": 80}}}}}"#,
    ),
    (
        r#"{"classes": {"a": {"arrivals": {"poisson": {"rate": 80}}}}} {}"#,
        "line 1, column 61: no valid JSON: something follows after the end of the document",
    ),
    (
        "{\"classes\": {\"\\u001b[31m\": {\"arrivals\": \"\\u001b[2J\"}}}",
        r#"line 1, column 13: classes."\u{1b}[31m".arrivals: `\u{1b}[2J` is not known here; known: poisson, renewal, bursty, steps, sinusoidal, batches, recorded, users"#,
    ),
    (
        "",
        "line 1, column 1: no valid JSON: the document ends where a value should stand",
    ),
];

/// Workloads in TOML, and the whole message.
const WORKLOADS: &[(&str, &str)] = &[
    (
        "keys.zipf = { items = 5 }",
        "line 1, column 13: keys.zipf.alpha is missing; needed: a value, such as alpha = 0.9",
    ),
    (
        "keys.zipf = { items = 5.5, alpha = 1 }",
        "line 1, column 23: keys.zipf.items must be a whole number, such as items = 100000; it is `5.5`",
    ),
    (
        "keys.zip = { items = 5, alpha = 1 }",
        "line 1, column 6: keys: `zip` is not known here; did you mean `zipf`? Known: zipf, uniform, hotspot, loop, scan, drift, one_hit, mixture",
    ),
    (
        "keys.uniform = { items = 5, alpha = 1 }",
        "line 1, column 29: keys.uniform: `alpha` is not known here; known: items",
    ),
    (
        "keys = \"zipf\"",
        r#"line 1, column 8: keys must be a table, since `zipf` needs more than its name, such as keys = { zipf = { items = 100000, alpha = 0.9 } }; it is `"zipf"`"#,
    ),
    (
        "sizes.fixed = 1",
        "line 1, column 1: keys is missing; needed: a value, such as keys = { zipf = { items = 100000, alpha = 0.9 } }",
    ),
    (
        "keys.one_hit = {}\nsizes = 4096",
        "line 2, column 9: sizes is `4096`; it must be a size of objects: fixed, law, such as sizes = { fixed = 4096 }",
    ),
    (
        "keys.one_hit = {}\nsizes.law = \"lognormal:4\"",
        r#"line 2, column 13: sizes.law must be a table, since `lognormal` needs more than its name, such as law = { lognormal = { mean = 0.01, scv = 4 } }; it is `"lognormal:4"`"#,
    ),
    (
        "keys.mixture = { zipf = { items = 5, alpha = 1 } }",
        "line 1, column 16: keys.mixture must be a list, such as mixture = [{ weight = 0.9, keys = { zipf = { items = 100000, alpha = 0.9 } } }, { weight = 0.1, keys = { one_hit = {} } }]; it is `{ zipf = { items = 5, alpha = 1 } }`",
    ),
];

#[test]
fn spoilt_scenarios_are_refused_in_words() {
    for (good, bad, message) in SPOILT {
        assert!(GOOD.contains(good), "{good}");
        let text = GOOD.replacen(good, bad, 1);
        let read = Document::parse(Style::Toml, &text).and_then(|it| Scenario::of(&it));
        check(&format!("{good} -> {bad}"), read, message);
    }
}

#[test]
fn spoilt_json_is_refused_in_words() {
    for (text, message) in JSON {
        let read = Document::parse(Style::Json, text).and_then(|it| Scenario::of(&it));
        check(text, read, message);
    }
}

#[test]
fn spoilt_workloads_are_refused_in_words() {
    for (text, message) in WORKLOADS {
        let read = Document::parse(Style::Toml, text).and_then(|it| it.read::<Workload>());
        check(text, read, message);
    }
}

/// Words that only programmers of Rust know.
const NOT_WORDS: [&str; 16] = [
    "struct ",
    "expected",
    "f64",
    "u32",
    "u64",
    "i64",
    "sequence",
    "variant",
    "invalid type",
    "invalid value",
    "missing field",
    "enum",
    "..=",
    " map",
    "EOF",
    "serde",
];

fn check<T>(what: &str, read: Result<T, Problem>, message: &str) {
    let said = read.map_or_else(|problem| problem.to_string(), |_| "fine".to_owned());
    if std::env::var_os("SHOW").is_some() {
        println!("SHOW\t{said}");
        return;
    }
    assert_eq!(said, message, "{what}");
    for word in NOT_WORDS {
        assert!(!said.contains(word), "{what}: {said}");
    }
    assert!(!said.contains(char::is_control), "{what}: {said}");
}
