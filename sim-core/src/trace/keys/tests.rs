use super::*;

fn of(format: Format, bytes: &[u8]) -> KeyTrace {
    read(format, bytes, &Columns::default()).unwrap()
}

fn refused(format: Format, bytes: &[u8], columns: &Columns) -> String {
    read(format, bytes, columns).unwrap_err().to_string()
}

#[test]
fn published_hashes_of_fnv() {
    // RFC 9923, appendix C, and the authors' own test vectors.
    for (text, hash) in [
        (&b"a"[..], 0xaf63_dc4c_8601_ec8c),
        (b"foobar", 0x8594_4171_f739_67e8),
        (b"-1", text::key_of_text(b"-1")),
    ] {
        assert_eq!(key_of_text(text), hash);
    }
    assert_eq!(key_of_text(b"18446744073709551615"), u64::MAX);
    assert_eq!(key_of_text(b"007"), 7);
    assert_ne!(key_of_text(b"18446744073709551616"), 0);
}

#[test]
fn lines_are_keys_however_they_end() {
    let trace = of(Format::Text, b"7\r\n/a b\n\n 7 \n8\n/a b");
    assert_eq!(trace.keys(), [0, 1, 0, 2, 1]);
    assert_eq!((trace.distinct(), trace.footprint()), (3, 3));
    assert_eq!((trace.sizes(), trace.times()), (None, None));
    assert_eq!(trace.malformed().count(), 1);
    assert_eq!(
        trace.malformed().first()[0].to_string(),
        "line 3 must be a key; it is ``"
    );
}

#[test]
fn a_file_that_is_no_text_is_refused_before_it_fills_the_memory() {
    let message = refused(Format::Text, &vec![b'x'; 3 << 20], &Columns::default());
    assert!(
        message.starts_with("line 1 is `a longer one`; it must be a line of less"),
        "{message}"
    );
}

#[test]
fn words_and_records_are_read_whole_or_not_at_all() {
    let words = [5_u32, 0, u32::MAX, 5].map(u32::to_le_bytes).concat();
    assert_eq!(of(Format::U32le, &words).keys(), [0, 1, 2, 0]);
    let message = refused(Format::U32le, &words[..14], &Columns::default());
    assert_eq!(
        message,
        "byte 12 is `2 bytes`; it must be a record of 4 bytes: the file ends within it"
    );

    let record = |time: u32, key: u64, size: u32| {
        let next = (-1_i64).to_le_bytes();
        [
            &time.to_le_bytes()[..],
            &key.to_le_bytes(),
            &size.to_le_bytes(),
            &next,
        ]
        .concat()
    };
    let bytes = [
        record(100, u64::MAX, 10),
        record(105, 0, 0),
        record(103, 3, 20),
        record(101, u64::MAX, 12),
        record(110, 3, 20),
    ]
    .concat();
    let trace = of(Format::Oracle, &bytes);
    assert_eq!(trace.keys(), [0, 1, 0, 1]);
    assert_eq!(trace.sizes(), Some(&[10, 20, 12, 20][..]));
    // The clock does not run backwards.
    assert_eq!(trace.times(), Some(&[0.0, 3.0, 3.0, 10.0][..]));
    assert_eq!(trace.footprint(), 30);
    assert_eq!(trace.malformed().count(), 1);
    assert!(
        trace.malformed().first()[0]
            .to_string()
            .starts_with("byte 24, size must be between 1 and")
    );
    let message = refused(Format::Oracle, &bytes[..100], &Columns::default());
    assert!(
        message.starts_with("byte 96 is `4 bytes`; it must be a record of 24"),
        "{message}"
    );
}

const TABLE: &[u8] = b"timestamp,key,size\n\
    10.5,a,100\n\
    11,b,0\n\
    11.5,\"a\",200\n\
    12,c\n\
    x,c,5\n\
    10,c,7\n";

#[test]
fn a_header_tells_the_columns() {
    let trace = of(Format::Csv, TABLE);
    assert_eq!(trace.keys(), [0, 0, 1]);
    assert_eq!(trace.sizes(), Some(&[100, 200, 7][..]));
    assert_eq!(trace.times(), Some(&[0.0, 1.0, 1.0][..]));
    let malformed: Vec<_> = trace
        .malformed()
        .first()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(malformed.len(), 3);
    assert!(malformed[0].starts_with(
        "line 3, size must be a whole number of bytes between 1 and 4,294,967,295; it is `0`"
    ));
    assert!(
        malformed[1].starts_with(
            "line 5 must be a row of 3 columns like the first; it is `2 columns, 12c`"
        ),
        "{malformed:?}"
    );
    assert!(malformed[2].starts_with("line 6, time must be seconds"));
}

#[test]
fn columns_are_taken_by_name_or_number() {
    let columns = |key: &str, size: Option<&str>, header| Columns {
        key: Some(Column::parse(key)),
        size: size.map(Column::parse),
        time: None,
        header,
    };
    let with = |bytes: &[u8], columns: &Columns| read(Format::Csv, bytes, columns).unwrap();
    let plain = b"1,2\n1,3\n5,2\n";
    assert_eq!(with(plain, &columns("2", None, false)).keys(), [0, 1, 0]);
    assert_eq!(with(plain, &columns("2", None, true)).keys(), [0, 1]);
    assert_eq!(
        with(plain, &columns("2", Some("1"), false)).sizes(),
        Some(&[1, 1, 5][..])
    );
    let named = b"url , bytes\nx,2\ny,3\nx,2\n";
    let trace = with(named, &columns("url", Some("bytes"), false));
    assert_eq!((trace.keys(), trace.footprint()), (&[0, 1, 0][..], 5));
    // Without any word of columns: the first.
    assert_eq!(of(Format::Csv, plain).keys(), [0, 0, 1]);
    for (columns, part) in [
        (
            columns("3", None, false),
            "key column must be between 1 and 2; it is 3",
        ),
        (
            columns("0", None, false),
            "key column must be between 1 and 2; it is 0",
        ),
        (
            columns("path", None, false),
            "key column: `path` is not known here; known: the columns 1, 2",
        ),
    ] {
        let message = refused(Format::Csv, plain, &columns);
        assert!(message.contains(part), "{message}");
    }
    let twice = refused(Format::Csv, b"k,k\n1,2\n", &columns("k", None, false));
    assert!(twice.contains("named once"), "{twice}");
}

/// Three pieces of a stream, and then none.
struct Broken(u8);
impl Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::Error::other("unplugged"));
        }
        self.0 -= 1;
        buffer[..4].copy_from_slice(b"1\n2\n");
        Ok(4)
    }
}

#[test]
fn a_trace_needs_requests_and_a_stream_that_holds() {
    for (format, bytes) in [
        (Format::Text, &b""[..]),
        (Format::Text, b"\n \n"),
        (Format::Csv, b""),
        (Format::Csv, b"key\n"),
        (Format::U32le, b""),
        (Format::Oracle, b""),
    ] {
        let message = refused(format, bytes, &Columns::default());
        assert!(
            message.starts_with("trace is missing"),
            "{format:?}: {message}"
        );
    }
    for format in [Format::Text, Format::Csv, Format::U32le] {
        let error = read(format, Broken(3), &Columns::default()).unwrap_err();
        assert!(matches!(&error, ReadError::Io(_)), "{format:?}: {error}");
        assert!(error.to_string().contains("unplugged"));
    }
}
