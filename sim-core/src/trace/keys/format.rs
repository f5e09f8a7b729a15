//! The formats of key traces, by name and by the names of files.

use crate::error::InputError;

/// How a trace is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A key a line.
    Text,
    /// Comma-separated columns.
    Csv,
    /// Keys of four bytes, little-endian, one after the other, as cache2k's benchmarks have them.
    U32le,
    /// Records of 24 bytes, libCacheSim's `oracleGeneral`.
    Oracle,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Csv, Self::U32le, Self::Oracle];
    /// Their names, for messages and help.
    pub const NAMES: &'static str = "text, csv, u32le, oracle";

    /// The name on command lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Csv => "csv",
            Self::U32le => "u32le",
            Self::Oracle => "oracle",
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// Names `field`, the text and the known names.
    pub fn parse(field: &str, text: &str) -> Result<Self, InputError> {
        let known = Self::ALL.into_iter().find(|format| format.name() == text);
        known.ok_or_else(|| InputError::unknown(field, text, Self::NAMES))
    }

    /// The format that a file of this name is likely to have, an ending for its compression already taken off: `.txt`, `.keys`
    /// or `.log`; `.csv`; `.trace`, `.u32` or `.u32le`; `.oracle`, `.bin` or `oracleGeneral` anywhere in the name.
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        if name.contains("oraclegeneral") {
            return Some(Self::Oracle);
        }
        match name.rsplit_once('.')?.1 {
            "txt" | "keys" | "log" => Some(Self::Text),
            "csv" => Some(Self::Csv),
            "trace" | "u32" | "u32le" => Some(Self::U32le),
            "oracle" | "bin" => Some(Self::Oracle),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_files_tell() {
        for format in Format::ALL {
            assert_eq!(Format::parse("f", format.name()), Ok(format));
            assert!(Format::NAMES.contains(format.name()));
        }
        assert_eq!(
            Format::parse("--trace-format", "lcs").unwrap_err().field(),
            "--trace-format"
        );
        for (name, format) in [
            ("web07.trace", Some(Format::U32le)),
            ("a.b.CSV", Some(Format::Csv)),
            ("keys.txt", Some(Format::Text)),
            ("msr_src1_0.oracleGeneral", Some(Format::Oracle)),
            ("cluster52.oracleGeneral.sample10", Some(Format::Oracle)),
            ("data", None),
            ("data.parquet", None),
        ] {
            assert_eq!(Format::of_name(name), format, "{name}");
        }
    }
}
