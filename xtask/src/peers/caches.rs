//! `cargo xtask peers --caches`: other caches and Headroom's on the same requests.

use std::fmt::Write as _;

use anyhow::{Context, Result};

use super::programs;

/// Rooms, as the programs name them and as readers read them.
const ROOMS: [(&str, &str); 2] = [("100000", "10 %"), ("10000", "1 %")];

/// Times every cache and prints a table in Markdown.
///
/// # Errors
/// If a peer cannot be installed or run, or prints what is no timing.
pub(super) fn compare() -> Result<()> {
    let [rust, python] = programs::caches()?;
    let lines = [rust.replay()?, python.replay()?].concat();
    let versions = programs::platforms()?.join(", ");
    println!(
        "{}\nNanoseconds a request on one thread in the fastest of three runs, and the share of misses. {versions}. \
         `cargo xtask peers --caches` repeats it.",
        table(&lines)?
    );
    Ok(())
}

/// The lines that programs print, as a table with a row for each cache.
fn table(lines: &str) -> Result<String> {
    let mut cells = Vec::new();
    for line in lines.lines() {
        let words: Vec<_> = line.split('\t').collect();
        let [title, room, nanoseconds, misses] = words[..] else {
            anyhow::bail!("`{line}` is no timing");
        };
        cells.push((title, room, format!("{nanoseconds} ns, {misses}")));
    }
    let mut table = String::from("| |");
    for (_, room) in ROOMS {
        write!(table, " room for {room} |")?;
    }
    table.push_str("\n| --- | --- | --- |\n");
    for (title, ..) in cells.iter().filter(|(_, room, _)| *room == ROOMS[0].0) {
        write!(table, "| {title} |")?;
        for (room, _) in ROOMS {
            let cell = cells.iter().find(|cell| cell.0 == *title && cell.1 == room);
            let (.., cell) = cell.with_context(|| format!("{title} lacks {room}"))?;
            write!(table, " {cell} |")?;
        }
        table.push('\n');
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_is_a_row_and_a_room_a_column() {
        let lines = "a\t100000\t1.5\t0.25\na\t10000\t2.5\t0.5\n";
        let table = table(lines).unwrap();
        assert!(
            table.ends_with("| a | 1.5 ns, 0.25 | 2.5 ns, 0.5 |\n"),
            "{table}"
        );
        assert!(super::table("a\t100000\t1.5\t0.25\n").is_err());
        assert!(super::table("nonsense\n").is_err());
    }
}
