//! The bytes of a trace file, decompressed on the way.
//!
//! The ending of the name tells the compression; standard input tells it by its first bytes. Several members, streams or frames in one
//! file are read one after the other. What is corrupt or broken off is an error of reading.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use lzma_rust2::XzReader;

use crate::cache::frames::Frames;

/// The most memory that a window may take, KiB.
const WINDOW: u32 = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compression {
    None,
    Gzip,
    Xz,
    Zstd,
}

/// The name without an ending that says how the file is compressed.
pub(crate) fn bare_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy().into_owned();
    match by_name(&name) {
        Compression::None => name,
        _ => name
            .rsplit_once('.')
            .map_or(name.clone(), |it| it.0.to_owned()),
    }
}

/// Opens a file, or standard input where the name is `-`.
pub(crate) fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    if path.as_os_str() == "-" {
        let mut input = BufReader::new(io::stdin());
        let compression = by_first_bytes(input.fill_buf()?);
        return Ok(decompressed(compression, input));
    }
    let name = path.to_string_lossy();
    let input = BufReader::with_capacity(1 << 16, File::open(path)?);
    Ok(decompressed(by_name(&name), input))
}

fn decompressed(compression: Compression, input: impl BufRead + 'static) -> Box<dyn Read> {
    match compression {
        Compression::None => Box::new(input),
        Compression::Gzip => Box::new(MultiGzDecoder::new(input)),
        Compression::Xz => Box::new(XzReader::new_mem_limit(input, true, WINDOW)),
        Compression::Zstd => Box::new(Frames::new(input)),
    }
}

fn by_name(name: &str) -> Compression {
    let ending = name.rsplit_once('.').map_or("", |it| it.1);
    match ending.to_lowercase().as_str() {
        "gz" => Compression::Gzip,
        "xz" => Compression::Xz,
        "zst" | "zstd" => Compression::Zstd,
        _ => Compression::None,
    }
}

fn by_first_bytes(bytes: &[u8]) -> Compression {
    match bytes {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Compression::Xz,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Zstd,
        _ => Compression::None,
    }
}
