//! What the end of a cut stream still says, for LZMA and what is made of it (xz, lzma).
//!
//! These decoders take their bytes in pieces: of an xz stream up to 64 KiB have to be there before
//! any of the 2 MiB that they stand for comes out, and at the end of a file a decoder of lzma goes
//! on with zeros, and makes up text. So the last piece is unpacked twice, once as if nothing but
//! zeros followed and once as if nothing but ones did. LZMA codes by ranges: what follows is a
//! number between these two, and as long as both give the same, every other continuation does. The
//! bytes on which they agree are in the file, and the first on which they do not is behind its end.
//!
//! The other formats have nothing like it. A block of bzip2 is sorted as a whole and a block of
//! zstd is read from its end: of a cut block nothing can be had, and whole blocks before it are.

use std::cell::Cell;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::rc::Rc;

/// Begins to unpack a stream.
pub type Begin = for<'r> fn(Box<dyn Read + 'r>) -> io::Result<Box<dyn Read + 'r>>;

/// Most bytes that come out of a piece: of xz.
const PIECE: usize = 2 << 20;
/// More bytes than a piece takes.
const PADDING: u64 = 256 << 10;
/// Streams that gave more are not unpacked again.
const MOST_AGAIN: u64 = 256 << 20;

/// A source that remembers whether more was asked for than it has.
pub struct Watched<R> {
    source: R,
    ended: Rc<Cell<bool>>,
}

impl<R> Watched<R> {
    pub fn new(source: R, ended: Rc<Cell<bool>>) -> Self {
        Watched { source, ended }
    }

    pub fn into_inner(self) -> R {
        self.source
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            self.ended.set(true);
        }
        Ok(count)
    }
}

/// The bytes behind the first `given` that are certain, of a stream that begins at `start`.
pub fn rest(
    source: &mut (impl Read + Seek),
    start: u64,
    given: u64,
    begin: Begin,
) -> io::Result<Vec<u8>> {
    if given > MOST_AGAIN {
        return Ok(Vec::new());
    }
    let mut low = continued(source, start, given, begin, 0)?;
    let high = continued(source, start, given, begin, 0xff)?;
    let certain = low.iter().zip(&high).take_while(|(low, high)| low == high).count();
    low.truncate(certain);
    Ok(low)
}

/// What comes out behind the first `given` bytes when `fill` follows the end of the file.
fn continued(
    source: &mut (impl Read + Seek),
    start: u64,
    given: u64,
    begin: Begin,
    fill: u8,
) -> io::Result<Vec<u8>> {
    source.seek(SeekFrom::Start(start))?;
    let padded = source.by_ref().chain(io::repeat(fill).take(PADDING));
    let mut stream = begin(Box::new(BufReader::new(padded)))?;
    io::copy(&mut stream.by_ref().take(given), &mut io::sink())?;
    let mut out = Vec::new();
    // One at a time: what was asked for together is lost together.
    let mut byte = [0];
    while out.len() < PIECE && matches!(stream.read(&mut byte), Ok(1)) {
        out.push(byte[0]);
    }
    Ok(out)
}
