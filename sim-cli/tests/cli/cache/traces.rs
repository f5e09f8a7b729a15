//! Formats of traces, and records that cannot be used.

use super::{document, hits, warned};
use crate::program::File;

/// Thirty requests for ten objects.
fn keys() -> Vec<u32> {
    (0..30).map(|n| n * n % 11).collect()
}

/// What LRU finds with three places, by hand of the text format's reader: the same for every format.
fn expected() -> (u64, u64) {
    let hits = super::naive_lru(&keys(), 3);
    (hits, 30 - hits)
}

#[test]
fn the_same_requests_in_every_format_give_the_same_counts() {
    let lines = |line: &dyn Fn(u32) -> String| keys().into_iter().map(line).collect::<String>();
    let text = lines(&|key| format!("{key}\n")).into_bytes();
    let words = lines(&|key| format!("/item/{key}\r\n")).into_bytes();
    let table = format!("time,key\n{}", lines(&|key| format!("1,{key}\n"))).into_bytes();
    let u32le: Vec<u8> = keys().into_iter().flat_map(u32::to_le_bytes).collect();
    let oracle: Vec<u8> = keys()
        .into_iter()
        .flat_map(|key| {
            let next = (-1_i64).to_le_bytes();
            let (time, key, size) = (
                7_u32.to_le_bytes(),
                u64::from(key).to_le_bytes(),
                5_u32.to_le_bytes(),
            );
            [&time[..], &key, &size, &next].concat()
        })
        .collect();
    for (name, format, bytes) in [
        ("a.txt", "text", &text),
        ("b.keys", "text", &words),
        ("c.csv", "csv", &table),
        ("d.trace", "u32le", &u32le),
        ("e.oracleGeneral", "oracle", &oracle),
    ] {
        let file = File::new(name, bytes);
        let guessed = document(&["--trace", file.path(), "--capacity", "3"]);
        assert_eq!(hits(&guessed), [expected()], "{name}");
        let (told, stderr) = warned(
            &["--trace", "-", "--trace-format", format, "--capacity", "3"],
            bytes,
        );
        assert_eq!(
            (told["results"].clone(), stderr),
            (guessed["results"].clone(), String::new())
        );
    }
}

#[test]
fn malformed_records_are_left_out_and_reported_with_their_places() {
    let file = File::new("bad.csv", b"key,size\na,1\nb,x\na,1\nc\n,3\na,1\n");
    let (found, stderr) = warned(&["--trace", file.path(), "--capacity", "2"], b"");
    assert_eq!(hits(&found), [(2, 1)]);
    assert_eq!(found["trace"]["malformed"], 3);
    let first = found["trace"]["first_malformed"].as_array().unwrap();
    for (at, place) in ["line 3, size", "line 5", "line 6, key"]
        .into_iter()
        .enumerate()
    {
        assert!(first[at].as_str().unwrap().starts_with(place), "{found}");
        assert!(stderr.contains(place), "{stderr}");
    }
    assert!(stderr.contains("3 malformed records"), "{stderr}");
    let table = crate::program::run("cache", &["--trace", file.path(), "--capacity", "2"], b"");
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(
        table.contains("3 malformed records were left out"),
        "{table}"
    );
}

#[test]
fn times_of_a_trace_decide_what_has_expired() {
    let rows = b"timestamp,key\n\
        2024-05-01 10:00:00,a\n2024-05-01 10:00:05,a\n2024-05-01 10:00:30,a\n2024-05-01 10:00:31,a\n";
    let file = File::new("times.csv", rows);
    let found = document(&["--trace", file.path(), "--capacity", "2", "--ttl", "10"]);
    assert_eq!(hits(&found), [(2, 2)]);
    // The same requests one a second.
    let flags = ["--key-column", "key", "--ttl", "10"];
    let untimed = document(
        &[
            &[
                "--trace",
                file.path(),
                "--capacity",
                "2",
                "--time-column",
                "timestamp",
            ],
            &flags[..],
        ]
        .concat(),
    );
    assert_eq!(hits(&untimed), [(2, 2)]);
}
