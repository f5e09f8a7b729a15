//! Zstandard: all frames of a file, one after the other, their checksums compared.
//!
//! The decoder reads one frame; RFC 8878 lets a file have several, and skippable ones between them, of a magic number
//! 0x184D2A50 to 0x184D2A5F, a length of four bytes and as many bytes.

use std::io::{self, Chain, Cursor, Read};

use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

/// The largest window, bytes: `zstd --ultra -22` has half of it.
const WINDOW: u64 = 1 << 28;

/// A frame begins with the four bytes that told what it is.
type Source<R> = Chain<Cursor<[u8; 4]>, R>;

/// A file of frames being read.
pub(crate) struct Frames<R: Read> {
    state: State<R>,
}

enum State<R: Read> {
    /// Before a frame.
    Between(R),
    /// Within one.
    Within(Box<StreamingDecoder<Source<R>, FrameDecoder>>),
    /// At the end, or after an error.
    Over,
}

impl<R: Read> Frames<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            state: State::Between(input),
        }
    }
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, State::Over) {
                State::Over => return Ok(0),
                State::Between(input) => match next_frame(input)? {
                    Some(frame) => self.state = State::Within(Box::new(frame)),
                    None => return Ok(0),
                },
                State::Within(mut frame) => {
                    let count = frame.read(buffer)?;
                    if count > 0 || buffer.is_empty() {
                        self.state = State::Within(frame);
                        return Ok(count);
                    }
                    let (source, decoder) = frame.into_parts();
                    check(&decoder)?;
                    self.state = State::Between(source.into_inner().1);
                }
            }
        }
    }
}

/// The next frame that is not to be skipped.
fn next_frame<R: Read>(
    mut input: R,
) -> io::Result<Option<StreamingDecoder<Source<R>, FrameDecoder>>> {
    loop {
        let mut magic = [0; 4];
        if input.read(&mut magic[..1])? == 0 {
            return Ok(None);
        }
        input.read_exact(&mut magic[1..])?;
        if u32::from_le_bytes(magic) & !0xf != 0x184d_2a50 {
            let source = Cursor::new(magic).chain(input);
            let frame = StreamingDecoder::new_with_max_window_size(source, WINDOW);
            return frame.map(Some).map_err(io::Error::other);
        }
        let mut length = [0; 4];
        input.read_exact(&mut length)?;
        let length = u64::from(u32::from_le_bytes(length));
        if io::copy(&mut (&mut input).take(length), &mut io::sink())? < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

fn check(decoder: &FrameDecoder) -> io::Result<()> {
    match decoder.get_checksum_from_data() {
        Some(written) if decoder.get_calculated_checksum() != Some(written) => Err(
            io::Error::other("the checksum of a frame is not that of its data"),
        ),
        _ => Ok(()),
    }
}
