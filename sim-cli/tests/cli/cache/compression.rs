//! Compressed traces: whole, in several parts, broken off, corrupt.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use lzma_rust2::{XzOptions, XzWriter};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::{document, hits, naive_lru, warned};
use crate::program::{File, refused_by};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = XzWriter::new(Vec::new(), XzOptions::with_preset(6)).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

/// Compresses bytes.
type Compress = fn(&[u8]) -> Vec<u8>;

const ALL: [(&str, Compress); 3] = [("gz", gzip), ("xz", xz), ("zst", zstd)];

/// Keys that do not compress to nothing, a line each.
fn keys() -> Vec<u64> {
    (0..40_000_u64)
        .map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50 & (n % 4096))
        .collect()
}

fn lines(keys: &[u64]) -> Vec<u8> {
    keys.iter()
        .flat_map(|key| format!("{key}\n").into_bytes())
        .collect()
}

#[test]
fn files_of_one_part_and_of_several_are_read_to_the_end() {
    let keys = keys();
    let hit = naive_lru(&keys, 50);
    let expected = [(hit, keys.len() as u64 - hit)];
    let (first, second) = keys.split_at(12_345);
    for (ending, compress) in ALL {
        let whole = compress(&lines(&keys));
        let parts = [compress(&lines(first)), compress(&lines(second))].concat();
        for bytes in [whole, parts] {
            assert!(bytes.len() < lines(&keys).len() / 2);
            let file = File::new(&format!("keys.txt.{ending}"), &bytes);
            let found = document(&["--trace", file.path(), "--capacity", "50"]);
            assert_eq!(hits(&found), expected, "{ending}");
            // Standard input has no name to tell the compression.
            let flags = ["--trace", "-", "--trace-format", "text", "--capacity", "50"];
            assert_eq!(hits(&warned(&flags, &bytes).0), expected, "{ending}");
        }
    }
}

#[test]
fn a_skippable_frame_is_skipped() {
    let skippable = [
        &0x184d_2a53_u32.to_le_bytes()[..],
        &5_u32.to_le_bytes(),
        b"notes",
    ]
    .concat();
    let bytes = [
        skippable.clone(),
        zstd(b"1\n2\n"),
        skippable.clone(),
        zstd(b"1\n"),
    ]
    .concat();
    let file = File::new("skip.txt.zst", &bytes);
    assert_eq!(
        hits(&document(&["--trace", file.path(), "--capacity", "5"])),
        [(1, 2)]
    );
    let file = File::new(
        "skip2.txt.zst",
        &[zstd(b"1\n2\n"), skippable[..10].to_vec()].concat(),
    );
    refused_by(
        "cache",
        &["--trace", file.path(), "--capacity", "5"],
        b"",
        &["--trace", "skip2"],
    );
}

#[test]
fn what_is_broken_off_or_corrupt_is_an_error_and_no_short_trace() {
    let bytes = lines(&keys());
    for (ending, compress) in ALL {
        let whole = compress(&bytes);
        let mut broken: Vec<(String, Vec<u8>)> = [1, 5, 11, whole.len() / 2, whole.len() - 6]
            .map(|left_off| {
                (
                    format!("short by {left_off}"),
                    whole[..whole.len() - left_off].to_vec(),
                )
            })
            .into();
        for at in [0, whole.len() / 3, whole.len() - 2] {
            let mut corrupt = whole.clone();
            corrupt[at] ^= 0x55;
            broken.push((format!("changed at {at}"), corrupt));
        }
        broken.push((
            "followed by something else".into(),
            [&whole[..], b"else"].concat(),
        ));
        broken.push(("empty".into(), Vec::new()));
        for (what, bytes) in broken {
            let file = File::new(&format!("broken.txt.{ending}"), &bytes);
            let printed = refused_by(
                "cache",
                &["--trace", file.path(), "--capacity", "5"],
                b"",
                &["--trace"],
            );
            assert!(printed.is_empty(), "{ending}, {what}");
        }
    }
}
