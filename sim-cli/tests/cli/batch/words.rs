//! What people read: names that are not obeyed by the terminal, constants that read as such, one unit to a column.

use super::{batch, document};
use crate::program::{File, refused_by, run};

/// A pool whose callers give up after half a second, written in two ways.
fn impatient(patience: &str) -> String {
    format!(
        "horizon = {{ transient = {{ requests = 2000 }} }}\n[classes.call.arrivals.poisson]\nrate = 60\n\
         [resources.pool]\nkind = \"pool\"\nsize = 5\npatience = {patience}\n\
         [resources.db]\nkind = \"station\"\nservers = 100\nservice = {{ exponential = {{ mean = 0.1 }} }}\n\
         [[path]]\nhold = {{ pool = \"pool\", path = [{{ work = {{ at = \"db\" }} }}] }}\n"
    )
}

#[test]
fn a_plain_number_is_a_constant_wherever_a_law_is_wanted() {
    let long = File::new(
        "long.toml",
        impatient("{ deterministic = { value = 0.5 } }").as_bytes(),
    );
    let short = File::new("short.toml", impatient("0.5").as_bytes());
    let of = |file: &File| document(&["run", file.path(), "--replications", "2"]);
    let found = of(&short);
    assert_eq!(found, of(&long));
    let patience = &found["scenario"]["resources"]["pool"]["patience"];
    assert_eq!(
        *patience,
        serde_json::json!({ "deterministic": { "value": 0.5 } })
    );
    let whole = [
        "run",
        long.path(),
        "--replications",
        "2",
        "--set",
        "resources.pool.patience=2",
    ];
    let patience = &document(&whole)["scenario"]["resources"]["pool"]["patience"];
    assert_eq!(patience["deterministic"]["value"], 2.0);
    let json = br#"{ "classes": { "a": { "arrivals": { "renewal": { "interarrival": 1 } } } },
        "path": [ { "delay": 0.25 } ], "horizon": { "transient": { "requests": 100 } } }"#;
    let output = run(
        "batch",
        &["run", "-", "--replications", "2", "--format", "json"],
        json,
    );
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["report"]["mean_response"]["estimate"], 0.25);
    let file = File::new("minute.toml", impatient("\"1 min\"").as_bytes());
    refused_by(
        "batch",
        &["run", file.path()],
        b"",
        &["line 7, column 12", "write 60, in seconds"],
    );
    let schema: serde_json::Value = serde_json::from_str(&batch(&["schema"])).unwrap();
    let forms = schema["$defs"]["Distribution"]["oneOf"].as_array().unwrap();
    assert!(forms.iter().any(|it| it["type"] == "number"), "{forms:?}");
}

/// Names that would clear the screen and turn text around.
const HOSTILE: &str = "name = \"a\\u001b[2Jb\"\nhorizon = { transient = { requests = 100 } }\n\
    [classes.\"c\\u001b[31m\\u202e\\u009b\".arrivals.poisson]\nrate = 1\n\
    [resources.\"r\\u0007\"]\nkind = \"station\"\nservice = 0.5\npatience = 3\n[[path]]\nwork = { at = \"r\\u0007\" }\n";

fn is_obeyed(it: char) -> bool {
    it != '\n' && sim_core::wording::is_hidden(it)
}

#[test]
fn names_from_outside_do_nothing_to_a_terminal() {
    let file = File::new("hostile.toml", HOSTILE.as_bytes());
    for format in ["table", "csv", "json"] {
        let printed = batch(&[
            "run",
            file.path(),
            "--replications",
            "2",
            "--format",
            format,
        ]);
        assert!(!printed.contains(is_obeyed), "{format}: {printed:?}");
    }
    assert!(batch(&["run", file.path(), "--replications", "2"]).contains("c\\u{1b}[31m"));
    let wrong = HOSTILE.replace("at = \"r", "at = \"x");
    let wrong_file = File::new("wrong.toml", wrong.as_bytes());
    for arguments in [
        &["run", wrong_file.path()][..],
        &["check", wrong_file.path()],
        &["run", file.path(), "--set", "resources.\u{1b}[2J=1"],
        &["run", "\u{1b}[2J.toml"],
        &["exhibit", "\u{1b}[2J"],
    ] {
        let output = run("batch", arguments, b"");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && said.contains("\\u{"),
            "{arguments:?}: {said}"
        );
        assert!(!said.contains(is_obeyed), "{arguments:?}: {said:?}");
    }
    // The reader of flags leaves such characters out by itself.
    let output = run("batch", &["run", file.path(), "--seed", "\u{7}x"], b"");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && !said.contains(is_obeyed),
        "{said:?}"
    );
}

#[test]
fn one_is_not_several_and_a_column_has_one_unit() {
    let one = [
        "run",
        &super::shipped("fan-out.toml"),
        "--replications",
        "1",
    ];
    let printed = batch(&one);
    assert!(printed.contains("in 1 replication"), "{printed}");
    assert!(!printed.contains("1 replications"), "{printed}");
    let header = printed.lines().find(|it| it.starts_with("place")).unwrap();
    assert!(
        header.contains("mean wait (ms)") && header.contains("mean visit (ms)"),
        "{header}"
    );
}
