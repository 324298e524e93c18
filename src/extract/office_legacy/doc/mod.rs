//! `.doc`: Word 6 to 2003.
//!
//! The text is one run of characters, cut into stories (body, footnotes, headers, comments, text
//! boxes) by lengths in the file's head, and lying in pieces that a table lists.

mod fib;
mod lists;
mod locked;
mod pieces;
mod properties;
mod stories;

use crate::extract::office::ole::Ole;
use crate::extract::office::{lock, vba};
use crate::extract::{Input, Out, Stop};
use fib::Fib;
use locked::Lock;

pub fn doc(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let bytes = input.bytes()?;
    if !bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return match bytes.get(..4) {
            // Word 2 and the first Word 6 wrote their stream as the file.
            Some([0xdb | 0xdc, 0xa5, _, _]) => read(&bytes, None, out),
            Some(b"{\\rt") => crate::extract::rtf::extract(input, out),
            Some(b"PK\x03\x04") => crate::extract::ooxml::docx(input, out),
            _ => Err(Stop::failed("no Word document in it")),
        };
    }
    let mut ole = Ole::open(bytes)?;
    if ole.has("/EncryptedPackage") {
        return lock::extract(input, out);
    }
    ole.properties(out)?;
    let Some(mut main) = ole.stream("/WordDocument") else {
        return Err(Stop::failed("no Word document in it"));
    };
    let lock = locked::unlock(&mut main, &mut ole, input.passwords)?;
    if lock.is_some() {
        lock::opened(out)?;
    }
    let result = read(&main, Some((&mut ole, lock.as_ref())), out);
    vba::write(&mut ole, "/Macros", out)?;
    ole.send_embedded(out, "/ObjectPool")?;
    if let Some(mut data) = ole.stream("/Data") {
        if let Some(lock) = &lock {
            lock.open(&mut data, 0);
        }
        crate::extract::office::blips::from_pictures(&data, out)?;
    }
    ole.end(result, out)
}

fn read(main: &[u8], ole: Option<(&mut Ole, Option<&Lock>)>, out: &mut Out) -> Result<(), Stop> {
    let fib = Fib::read(main)?;
    let table = if fib.is_old() {
        main.to_vec()
    } else {
        ole.and_then(|(ole, lock)| {
            let table = ole.stream(fib.table_stream());
            let mut table = table.or_else(|| ole.stream(fib.other_table_stream()))?;
            if let Some(lock) = lock {
                lock.open(&mut table, lock.header);
            }
            Some(table)
        })
        .ok_or_else(|| Stop::failed("the table stream of the document is missing"))?
    };
    stories::write(main, &table, &fib, out)
}
