//! Bad input: a message that names the flag or the line, the value and what is allowed; a failing exit code; no panic.

use crate::program::{File, refused};

/// Flags, and parts of the message.
const WRONG_FLAGS: &[(&[&str], &[&str])] = &[
    (
        &["--utilization", "-0.5"],
        &["--utilization", "-0.5", "between 1e-6 and"],
    ),
    (
        &["--utilization", "0"],
        &["--utilization", "`0`", "between 1e-6 and"],
    ),
    (&["--utilization", "NaN"], &["--utilization", "NaN"]),
    (&["--utilization", "0.5,inf"], &["--utilization", "inf"]),
    (
        &["--utilization", "1e308"],
        &["--utilization", "1e308", "1,000"],
    ),
    (
        &["--utilization", "0.9..0.1"],
        &["--utilization", "0.9..0.1"],
    ),
    (&["--utilization", ""], &["--utilization"]),
    (
        &["--utilization", "1"],
        &["--utilization 1", "below 1", "--requests"],
    ),
    (
        &["--utilization", "0.5,1.2"],
        &["--utilization 1.2", "below 1", "--requests"],
    ),
    (
        &[
            "--arrival-rate",
            "8",
            "--servers",
            "4",
            "--service-rate",
            "2",
        ],
        &["--arrival-rate 8", "below", "8"],
    ),
    (
        &["--arrival-rate", "-1"],
        &["--arrival-rate", "-1", "between 1e-9 and"],
    ),
    (
        &["--arrival-rate", "1", "--utilization", "0.5"],
        &["--arrival-rate", "--utilization"],
    ),
    (
        &[
            "--utilization",
            "1.1",
            "--requests",
            "1000",
            "--precision",
            "0.01",
        ],
        &["--precision 0.01", "--utilization 1.1"],
    ),
    (
        &["--points", "5", "--utilization", "0.5"],
        &["--points", "range"],
    ),
    (
        &["--points", "1", "--utilization", "0.1..0.5"],
        &["--points", "'1'", "between 2 and 1,000"],
    ),
    (
        &["--points", "1e9", "--utilization", "0.1..0.5"],
        &["--points", "between 2 and 1,000"],
    ),
    (
        &["--service-rate", "0"],
        &["--service-rate", "'0'", "between 1e-9 and"],
    ),
    (&["--service-rate", "-3"], &["--service-rate", "-3"]),
    (&["--service-rate", "nan"], &["--service-rate", "nan"]),
    (
        &["--service-rate", "1e308"],
        &["--service-rate", "1e308", "1,000,000,000"],
    ),
    (
        &[
            "--service-rate",
            "1e9",
            "--servers",
            "1000000",
            "--utilization",
            "0.5",
        ],
        &["--utilization 0.5", "between 1e-9 and"],
    ),
    (
        &["--servers", "0"],
        &["--servers", "'0'", "between 1 and 1,000,000"],
    ),
    (
        &["--servers", "-2"],
        &["--servers", "-2", "between 1 and 1,000,000"],
    ),
    (&["--servers", "1.5"], &["--servers", "1.5"]),
    (
        &["--servers", "1e308"],
        &["--servers", "1e308", "between 1 and 1,000,000"],
    ),
    (
        &["--arrivals", "poison"],
        &["--arrivals", "poison", "exponential"],
    ),
    (
        &["--service", "erlang:0"],
        &["--service", "0", "between 1 and"],
    ),
    (&["--service", "lognormal:-1"], &["--service", "-1"]),
    (&["--service", "pareto:1"], &["--service", "shape", "1.01"]),
    (
        &["--service", "hyperexponential:inf"],
        &["--service", "inf"],
    ),
    (
        &["--requests", "0"],
        &["--requests", "'0'", "between 1 and"],
    ),
    (
        &["--requests", "1e30"],
        &["--requests", "1e30", "between 1 and"],
    ),
    (
        &["--replications", "0"],
        &["--replications", "'0'", "between 1 and 100,000"],
    ),
    (
        &["--precision", "0"],
        &["--precision", "'0'", "between 0.0001 and 0.5"],
    ),
    (&["--seed", "-1"], &["--seed", "-1", "at least 0"]),
    (
        &["--threads", "0"],
        &["--threads", "'0'", "between 1 and 1,024"],
    ),
    (&["--format", "xml"], &["--format", "xml", "json"]),
    (
        &["--plot", "curve.gif"],
        &["--plot curve.gif", ".svg", ".png"],
    ),
    (
        &["--plot", "/no/such/place/curve.svg"],
        &["--plot /no/such/place/curve.svg"],
    ),
    (&["--speed", "2"], &["--trace"]),
    (
        &["--trace", "calls.csv"],
        &["--time-column", "--service-column"],
    ),
    (&["--frobnicate"], &["--frobnicate"]),
];

#[test]
fn wrong_flags_are_refused_with_flag_value_and_range() {
    for (arguments, parts) in WRONG_FLAGS {
        refused(arguments, parts);
    }
}

/// Contents of a file whose columns are `t` and `s`, and parts of the message.
const WRONG_TRACES: &[(&[u8], &[&str])] = &[
    (b"", &["--time-column", "empty"]),
    (b"t,s\n", &["0 requests", "between 2 and"]),
    (b"t,s\n1,1\n", &["1 request", "between 2 and"]),
    (b"time,s\n1,1\n", &["--time-column", "`t`", "time, s"]),
    (b"t,work\n1,1\n", &["--service-column", "`s`", "t, work"]),
    (b"t,s,t\n1,1,1\n", &["--time-column", "only one column"]),
    (b"t,s\n1,1\n2\n", &["line 3", "1 column:", "2 columns"]),
    (b"t,s\n1,1\n2,1,1\n", &["line 3", "3 columns:", "2 columns"]),
    (b"t,s\n\n2,1\n\n1,1\n", &["line 5, column t", "1", "order"]),
    (
        b"t,s\r\n\r\n\"2\",1\r\n1,1\r\n",
        &["line 4, column t", "1", "order"],
    ),
    (
        b"t,s\n1,1\n-2,1\n",
        &["line 3, column t", "-2", "at least 0"],
    ),
    (b"t,s\nNaN,1\n", &["line 2, column t", "NaN", "seconds"]),
    (b"t,s\n1e308,1\n", &["line 2, column t", "1e308", "1e12"]),
    (b"t,s\nnoon,1\n", &["line 2, column t", "noon", "timestamp"]),
    (b"t,s\n,1\n", &["line 2, column t", "``"]),
    (b"t,s\n1,\n", &["line 2, column s", "``"]),
    (b"t,s\n1,x\n", &["line 2, column s", "`x`", "at least 0"]),
    (b"t,s\n1,-1\n", &["line 2, column s", "-1", "between 0 and"]),
    (
        b"t,s\n1,inf\n",
        &["line 2, column s", "inf", "between 0 and"],
    ),
    (
        b"t,s\n1,NaN\n",
        &["line 2, column s", "NaN", "between 0 and"],
    ),
    (b"t,s\n1,1\n\xff\xfe,1\n", &["line 3, column t", "UTF-8"]),
    (b"t,s\n1,1\n1,1\n", &["column t", "same time"]),
    (b"t,s\n1,0\n2,0\n", &["column s", "0 in every line"]),
    (
        b"t,s\n1,1\n2024-02-30 00:00:00,1\n",
        &["line 3, column t", "2024-02-30"],
    ),
    (
        b"t,s\n2024-01-01 00:00:00,1\n2024-01-01 00:00:01Z,1\n",
        &["line 3, column t", "without offset"],
    ),
];

fn refused_trace(content: &[u8], parts: &[&str]) {
    let file = File::new("wrong.csv", content);
    let columns = ["--time-column", "t", "--service-column", "s"];
    refused(&[&["--trace", file.path()], &columns[..]].concat(), parts);
}

#[test]
fn wrong_traces_are_refused_with_line_value_and_range() {
    for (content, parts) in WRONG_TRACES {
        refused_trace(content, parts);
    }
}

#[test]
fn a_trace_that_is_no_csv_fills_neither_message_nor_memory() {
    let many_digits = format!("t,s\n{},1\n", "9".repeat(400));
    refused_trace(many_digits.as_bytes(), &["line 2, column t", "999…"]);
    let open_quote = [b"t,s\n1,\"".to_vec(), b"1,1\n".repeat(1_000_000)].concat();
    refused_trace(&open_quote, &["--trace", "quote"]);
}

#[test]
fn wrong_flags_of_a_replay_are_refused() {
    let columns = ["--time-column", "t", "--service-column", "s"];
    for (arguments, parts) in [
        (
            ["/no/such.csv", "--servers", "1"],
            &["--trace /no/such.csv"][..],
        ),
        (
            ["x.csv", "--utilization", "0.5"],
            &["--trace", "--utilization"],
        ),
        (["x.csv", "--plot", "x.svg"], &["--trace", "--plot"]),
        (
            ["x.csv", "--speed", "0"],
            &["--speed", "'0'", "between 1e-6 and"],
        ),
        (
            ["x.csv", "--speed", "inf"],
            &["--speed", "inf", "between 1e-6 and"],
        ),
        (
            ["x.csv", "--service-scale", "-1"],
            &["--service-scale", "-1"],
        ),
    ] {
        refused(&[&["--trace"], &arguments[..], &columns].concat(), parts);
    }
}
