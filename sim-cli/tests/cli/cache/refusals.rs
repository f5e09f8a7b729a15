//! Bad input: a message that names the flag or the place, the value and what is allowed; a failing exit code; no panic.

use crate::program::{File, refused_by};

/// Flags, and parts of the message.
const WRONG: &[(&[&str], &[&str])] = &[
    (&["--policy", "lru,mru"], &["--policy", "mru", "s3-fifo"]),
    (
        &["--capacity", "0"],
        &["--capacity", "'0'", "between 1 and"],
    ),
    (&["--capacity", "10,-5"], &["--capacity", "between 1 and"]),
    (&["--capacity", "1.5"], &["--capacity", "whole number"]),
    (
        &["--capacity", "0%"],
        &["--capacity", "between 0.000001% and 100%"],
    ),
    (&["--capacity", "nan"], &["--capacity", "nan"]),
    (&["--capacity", "1e300"], &["--capacity", "1e300"]),
    (
        &["--capacity", "10", "--curve", "5"],
        &["--capacity", "--curve"],
    ),
    (&["--curve", "1"], &["--curve", "between 2 and 1,000"]),
    (&["--zipf", "-1"], &["--zipf", "-1", "between 0 and 10"]),
    (&["--zipf", "0.9", "--uniform"], &["--zipf", "--uniform"]),
    (
        &["--items", "0"],
        &["--items", "between 1 and 1,000,000,000"],
    ),
    (&["--items", "1e12"], &["--items", "1e12"]),
    (&["--requests", "0"], &["--requests", "between 1 and"]),
    (&["--hotspot", "0.2"], &["--hotspot", "0.2:0.8"]),
    (&["--hotspot", "2:0.8"], &["--hotspot", "2"]),
    (
        &["--hotspot", "0.5:0.5", "--items", "1"],
        &["--items", "between 2 and 1,000,000,000"],
    ),
    (&["--drift", "10", "--loop"], &["--drift", "--loop"]),
    (&["--one-hits", "1.5"], &["--one-hits", "0.999"]),
    (&["--size", "0"], &["--size", "between 1 and 4,294,967,295"]),
    (&["--size", "10:normal"], &["--size", "normal", "lognormal"]),
    (&["--ttl", "0"], &["--ttl", "between 1e-9 and"]),
    (&["--ttl-from", "access"], &["--ttl"]),
    (&["--rate", "0"], &["--rate", "between 1e-9 and"]),
    (&["--warmup", "1e7"], &["--warmup", "10000000", "fewer"]),
    (&["--warmup", "100%"], &["--warmup", "fewer"]),
    (&["--sample", "0"], &["--sample", "between 1e-6 and 1"]),
    (
        &["--sample", "0.01", "--capacity", "50"],
        &["--sample", "50", "10000 or more"],
    ),
    (
        &["--policy", "belady", "--requests", "1e9", "--capacity", "9"],
        &["--requests", "100,000,000", "belady"],
    ),
    (&["--plot", "x.pdf"], &["--plot", ".svg or .png"]),
    (
        &["--trace", "nowhere.txt"],
        &["--trace nowhere.txt", "No such file"],
    ),
    (
        &["--trace", "nowhere"],
        &["--trace-format", "text, csv, u32le, oracle"],
    ),
    (
        &["--trace", "x.txt", "--trace-format", "lcs"],
        &["--trace-format", "lcs", "oracle"],
    ),
    (&["--trace", "x.txt", "--zipf", "1"], &["--trace", "--zipf"]),
    (&["--trace-format", "text"], &["--trace"]),
    (&["--workload", "nowhere.toml"], &["nowhere.toml"]),
];

#[test]
fn wrong_flags_are_named_with_their_value_and_what_is_allowed() {
    for (flags, parts) in WRONG {
        let printed = refused_by("cache", flags, b"", parts);
        assert!(printed.is_empty(), "{flags:?}");
    }
}

#[test]
fn wrong_traces_are_named_with_the_place() {
    for (name, bytes, flags, parts) in [
        (
            "a.u32",
            &b"\x01\0\0\0\x02\0"[..],
            &[][..],
            &["byte 4", "2 bytes", "ends within it"][..],
        ),
        (
            "b.oracle",
            &[1; 47],
            &[],
            &["byte 24", "23 bytes", "ends within it"],
        ),
        ("c.txt", b"", &[], &["trace", "missing"]),
        (
            "d.csv",
            b"k,v\n1,2\n",
            &["--key-column", "id"],
            &["key column", "id", "k, v"],
        ),
        (
            "e.csv",
            b"1,2\n1,3\n",
            &["--size-column", "9"],
            &["size column", "9", "between 1 and 2"],
        ),
        (
            "f.txt",
            b"1\n",
            &["--size-column", "9"],
            &["--size-column", "csv"],
        ),
        (
            "g.csv",
            b"1\n2\n",
            &["--capacity", "5", "--warmup", "2"],
            &["--warmup", "2 requests"],
        ),
    ] {
        let file = File::new(name, bytes);
        let printed = refused_by(
            "cache",
            &[&["--trace", file.path()], flags].concat(),
            b"",
            parts,
        );
        assert!(printed.is_empty(), "{name}");
    }
}

#[test]
fn wrong_workload_files_are_named_with_the_field() {
    for (name, text, parts) in [
        (
            "a.toml",
            "keys.zipf = { items = 0, alpha = 1 }",
            &["keys.zipf.items", "0", "between 1 and"][..],
        ),
        (
            "b.toml",
            "keys.zipf = { items = 5 }",
            &["keys.zipf", "alpha"],
        ),
        (
            "c.toml",
            "keys.zipf = { items = 5, alpha = 1, n = 2 }",
            &["n", "items"],
        ),
        (
            "d.json",
            "{\"keys\": {\"zip\": {}}}",
            &["keys", "zip", "zipf"],
        ),
        ("e.json", "{", &["no valid JSON"]),
        ("f.toml", "sizes.fixed = 1", &["keys"]),
        (
            "g.toml",
            "keys.one_hit = {}\nsizes.fixed = 0",
            &["sizes.fixed", "0"],
        ),
    ] {
        let file = File::new(name, text.as_bytes());
        refused_by("cache", &["--workload", file.path()], b"", parts);
    }
}
