//! The rows of a CSV file with the lines they stand on, in bounded memory.
//!
//! The CSV reader's own line numbers are those before the blank lines it skips, and lag behind where lines end in CRLF. So
//! line ends are noted as bytes pass by, and counted once a row is known to end beyond them.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

use csv::{ByteRecord, Reader, ReaderBuilder};

/// The most bytes between the ends of two rows: a file without line ends, or with a quote that never closes, is refused
/// before it fills the memory.
const MAX_ROW: u64 = 1 << 20;

/// A CSV file being read.
#[derive(Debug)]
pub struct Rows<R> {
    reader: Reader<Watched<R>>,
    watch: Rc<RefCell<Watch>>,
}

impl<R: Read> Rows<R> {
    /// Reads from `inner`, which need not be buffered.
    pub fn new(inner: R) -> Self {
        let watch = Rc::new(RefCell::new(Watch::default()));
        let watched = Watched {
            inner,
            watch: Rc::clone(&watch),
        };
        Self {
            reader: ReaderBuilder::new()
                .flexible(true)
                .has_headers(false)
                .from_reader(watched),
            watch,
        }
    }

    /// Reads the names of the columns, the first row; none in an empty file.
    ///
    /// # Errors
    /// Of reading, or a row that is too long.
    pub fn header(&mut self) -> io::Result<ByteRecord> {
        let mut header = ByteRecord::new();
        self.next(&mut header)?;
        Ok(header)
    }

    /// Reads the next row; the line it begins on, counted from 1, or `None` at the end.
    ///
    /// # Errors
    /// Of reading, or a row that is too long.
    pub fn next(&mut self, row: &mut ByteRecord) -> io::Result<Option<u64>> {
        if !self.reader.read_byte_record(row)? {
            return Ok(None);
        }
        let within = row.iter().flatten().filter(|byte| **byte == b'\n').count();
        Ok(Some(self.passed() - within as u64))
    }

    /// The line on which the row just read ends.
    fn passed(&mut self) -> u64 {
        self.watch
            .borrow_mut()
            .passed(self.reader.position().byte())
    }
}

/// What has been read, and which of it belongs to complete rows.
#[derive(Debug, Default)]
struct Watch {
    /// Bytes read.
    read: u64,
    /// Bytes of complete rows.
    complete: u64,
    /// Line ends in complete rows but for the last row's own.
    lines: u64,
    /// Where the line ends after those are.
    ends: VecDeque<u64>,
}

impl Watch {
    fn note(&mut self, bytes: &[u8]) {
        let ends = (self.read..).zip(bytes).filter(|(_, byte)| **byte == b'\n');
        self.ends.extend(ends.map(|(place, _)| place));
        self.read += bytes.len() as u64;
    }

    /// A row is complete up to the byte `end`, the last one before it a line end or the file's last byte.
    fn passed(&mut self, end: u64) -> u64 {
        self.complete = end;
        while self.ends.front().is_some_and(|place| place + 1 < end) {
            self.ends.pop_front();
            self.lines += 1;
        }
        self.lines + 1
    }
}

/// A reader under watch.
#[derive(Debug)]
struct Watched<R> {
    inner: R,
    watch: Rc<RefCell<Watch>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut watch = self.watch.borrow_mut();
        if watch.read - watch.complete > MAX_ROW {
            return Err(io::Error::other(format!(
                "a row of more than {MAX_ROW} bytes: is a quote left open, or is this not CSV?"
            )));
        }
        let count = self.inner.read(buffer)?;
        watch.note(&buffer[..count]);
        Ok(count)
    }
}
