//! `--set` and `--sweep`.

use super::{batch, document, shipped};
use crate::program::{File, refused_by, run};

#[test]
fn a_field_is_set_by_its_path() {
    let file = shipped("n-plus-one.toml");
    let found = document(&[
        "run",
        &file,
        "--replications",
        "2",
        "--set",
        "resources.db.servers=3",
        "--set",
        "path[1].hold.path[0].repeat.times=5",
        "--set",
        "resources.db.discipline=lifo",
        "--set",
        "resources.app.service={exponential={mean=0.004}}",
        "--set",
        "name=renamed",
        "--set",
        "resources.db.room=40",
    ]);
    let scenario = &found["scenario"];
    assert_eq!(scenario["resources"]["db"]["servers"], 3);
    assert_eq!(scenario["resources"]["db"]["discipline"], "lifo");
    assert_eq!(scenario["resources"]["db"]["room"], 40);
    assert_eq!(
        scenario["resources"]["app"]["service"]["exponential"]["mean"],
        0.004
    );
    assert_eq!(scenario["path"][1]["hold"]["path"][0]["repeat"]["times"], 5);
    assert_eq!(scenario["name"], "renamed");
}

#[test]
fn a_change_gives_what_the_changed_file_would() {
    let changed = [
        "--set",
        "classes.request.arrivals.poisson.rate=70",
        "--replications",
        "2",
    ];
    let set = document(&[&["run", &shipped("mm1.toml")], &changed[..]].concat());
    let text = std::fs::read_to_string(shipped("mm1.toml")).unwrap();
    let file = File::new(
        "seventy.toml",
        text.replace("rate = 80", "rate = 70").as_bytes(),
    );
    assert_eq!(set, document(&["run", file.path(), "--replications", "2"]));
    // JSON is another way to write the same, also on standard input.
    let json = serde_json::to_vec(&set["scenario"]).unwrap();
    let arguments = ["run", "-", "--replications", "2", "--format", "json"];
    let output = run("batch", &arguments, &json);
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap(),
        set
    );
    let output = run(
        "batch",
        &arguments,
        text.replace("rate = 80", "rate = 70").as_bytes(),
    );
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap(),
        set
    );
}

#[test]
fn a_path_that_leads_nowhere_says_what_there_is() {
    let file = shipped("n-plus-one.toml");
    for (change, parts) in [
        (
            "resources.bd.servers=8",
            &["`resources.bd`", "app, connections, db"][..],
        ),
        (
            "resources.db.servrs=8",
            &["`resources.db.servrs`", "kind, servers, service"],
        ),
        ("path[2].work=1", &["`path[2]`", "path[0] to path[1]"]),
        ("path.hold=1", &["`path.hold`", "list"]),
        ("name.x=1", &["`name.x`", "single value"]),
        (
            "resources.db.room.x=1",
            &["`resources.db.room.x`", "not set"],
        ),
        (
            "horizon.span.seconds=1",
            &["`horizon.span`", "steady", "as a whole"],
        ),
        (
            "resources.db.servers=many",
            &["resources.db.servers", "many", "a whole number"],
        ),
        ("resources.db.servers=1.5", &["resources.db.servers", "1.5"]),
        (
            "resources.db.servers=0",
            &["resources.db.servers", "0", "between 1 and 1,000,000"],
        ),
        ("resources.db.servers=nan", &["resources.db.servers"]),
        ("resources.db=3", &["resources.db"]),
        (
            "resources.app.service=soon",
            &["resources.app.service", "soon"],
        ),
        (
            "resources.app.service.lognormal.mean=inf",
            &["resources.app.service.lognormal.mean"],
        ),
        (
            "path[1].hold.pool=poll",
            &["path[1].hold.pool", "poll", "connections"],
        ),
        ("resources.db.servers", &["path=value"]),
        ("[0=1", &["[0"]),
        ("a..b=1", &["a..b"]),
        ("=1", &["path"]),
    ] {
        let out = refused_by("batch", &["run", &file, "--set", change], b"", parts);
        assert!(out.is_empty(), "{change}");
    }
}

#[test]
fn a_sweep_is_the_single_runs_side_by_side() {
    let file = shipped("mm1.toml");
    let field = "classes.request.arrivals.poisson.rate";
    let effort = ["--replications", "3", "--seed", "7"];
    let sweep = format!("{field}=20..80:3");
    let swept = document(&[&["run", &file, "--sweep", &sweep], &effort[..]].concat());
    assert_eq!(swept["sweep"], field);
    let points = swept["points"].as_array().unwrap();
    assert_eq!(points.len(), 3);
    for (point, rate) in points.iter().zip([20, 50, 80]) {
        assert_eq!(point["value"], rate);
        let set = format!("{field}={rate}");
        let alone = document(&[&["run", &file, "--set", &set], &effort[..]].concat());
        assert_eq!(point["report"], alone["report"]);
    }
    let csv = batch(
        &[
            &["run", &file, "--sweep", &sweep, "--format", "csv"],
            &effort[..],
        ]
        .concat(),
    );
    let lines: Vec<_> = csv.lines().collect();
    assert!(
        lines[0].starts_with(field) && lines[3].starts_with("80,"),
        "{csv}"
    );
    let width = |line: &str| line.split(',').count();
    assert!(lines.iter().all(|line| width(line) == width(lines[0])));
}

#[test]
fn names_are_swept_too_and_numbers_are_drawn() {
    let file = shipped("sharing.toml");
    let field = "resources.cpu.discipline=fifo,shortest_remaining";
    let effort = ["--replications", "2"];
    let table = batch(&[&["run", &file, "--sweep", field], &effort[..]].concat());
    assert!(table.contains("shortest_remaining"), "{table}");
    let parts = ["--plot", "numbers"];
    let plot = ["run", &file, "--sweep", field, "--plot", "no/such/x.svg"];
    refused_by("batch", &plot, b"", &parts);
    for (name, sweep) in [
        (
            "sweep.svg",
            Some("classes.request.arrivals.poisson.rate=10..60:3"),
        ),
        ("distribution.svg", None),
    ] {
        let picture = File::new(name, b"");
        let sweep = sweep.map_or(vec![], |sweep| vec!["--sweep", sweep]);
        batch(
            &[
                &["run", &file, "--plot", picture.path()],
                &effort[..],
                &sweep,
            ]
            .concat(),
        );
        let drawn = std::fs::read_to_string(&picture.0).unwrap();
        assert!(drawn.starts_with("<svg") && drawn.contains("P99"), "{name}");
    }
    let station = ["run", &shipped("mm1.toml"), "--plot", "no/such/x.svg"];
    refused_by("batch", &station, b"", &["--plot", "--sweep"]);
}
