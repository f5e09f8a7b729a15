//! Recorded traffic from a file.

use std::path::Path;

use serde_json::Value;

use crate::program::{File, json, text};

/// Six requests, waits at one server 0, 1, 2.5, 2.5, 0, 1; with a byte-order mark, CRLF, quotes and other columns.
const RECORD: &[u8] = b"\xef\xbb\xbfid,\"tokens, out\",at\r\n\
    a,20,2023-11-16 18:17:03.9799600\r\n\
    b,20,2023-11-16 18:17:04.9799600\r\n\
    \"c \"\"x\"\", y\",5,\"2023-11-16 18:17:05.4799600\"\r\n\
    d,10,2023-11-16T18:17:05.97996\r\n\
    e,10,2023-11-16 18:17:09.979960\r\n\
    f,10,2023-11-16 18:17:09.979960\r\n";

#[test]
fn a_small_record_replays_as_computed_by_hand() {
    let file = File::new("record.csv", RECORD);
    let columns = ["--time-column", "at", "--service-column", "tokens, out"];
    let arguments = [
        &["--trace", file.path(), "--service-scale", "0.1"],
        &columns[..],
    ]
    .concat();
    let found = json(&arguments);
    let point = &found["points"][0];
    assert_eq!(found["points"].as_array().unwrap().len(), 1);
    assert_eq!(point["requests"], 6);
    let estimate = |name: &str| point[name]["estimate"].as_f64().unwrap();
    for (name, expected) in [
        ("mean_wait", 7.0 / 6.0),
        ("mean_response", 14.5 / 6.0),
        ("mean_in_system", 14.5 / 8.0),
        ("mean_in_queue", 7.0 / 8.0),
        ("p50", 2.0),
        ("p99", 3.5),
    ] {
        assert!(
            (estimate(name) / expected - 1.0).abs() < 1e-12,
            "{name}: {point}"
        );
        assert!(point[name]["theory"].is_null());
    }
    let scv = point["arrival_scv"].as_f64().unwrap();
    assert!((scv - (3.5 - 1.44) / 1.44).abs() < 1e-12);
    assert_eq!(
        (&point["stable"], &point["mmc"]),
        (&false.into(), &Value::Null)
    );
    let table = text(&arguments);
    assert!(
        table.contains("6 requests") && table.contains("load reaches capacity"),
        "{table}"
    );

    let two = json(&[&arguments[..], &["--servers", "2"]].concat());
    // M/M/2 at λ 5/6, μ 0.8: a = 1.0417, W = 1/(μ (1 − ρ²)).
    let rho = 5.0 / 6.0 / 1.6_f64;
    let promised = two["points"][0]["mmc"]["mean_response"].as_f64().unwrap();
    assert!((promised - 1.25 / (1.0 - rho * rho)).abs() < 1e-12, "{two}");
    assert!(two["points"][0]["mmc"]["p999"].is_f64());
    let csv = text(&[&arguments[..], &["--servers", "2", "--format", "csv"]].concat());
    assert!(
        csv.contains(&format!(",{},", serde_json::json!(promised))),
        "{csv}"
    );

    let fast = json(&[&arguments[..], &["--speed", "2"]].concat());
    let rate = |found: &Value| found["points"][0]["arrival_rate"].as_f64().unwrap();
    assert!((rate(&fast) / rate(&found) - 2.0).abs() < 1e-12);
}

#[test]
fn inference_calls_are_far_from_the_promise_and_the_output_says_why() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../shared/data/azure_llm_code.csv"
    );
    if !Path::new(path).exists() {
        println!("skipped: no such file");
        return;
    }
    let columns = [
        "--time-column",
        "TIMESTAMP",
        "--service-column",
        "GeneratedTokens",
    ];
    let station = ["--service-scale", "0.02", "--servers", "4"];
    let arguments = [&["--trace", path], &columns[..], &station].concat();
    let point = json(&arguments)["points"][0].clone();
    let scv = point["arrival_scv"].as_f64().unwrap();
    assert!((172.9..173.0).contains(&scv), "{scv}");
    let measured = point["mean_response"]["low"].as_f64().unwrap();
    assert!(measured > 5.0 * point["mmc"]["mean_response"].as_f64().unwrap());
    let table = text(&arguments);
    for part in [
        "M/M/4 promises",
        "SCV of the gaps is 173.0",
        "busiest",
        "16.5×",
    ] {
        assert!(table.contains(part), "`{part}` is not in:\n{table}");
    }
}
