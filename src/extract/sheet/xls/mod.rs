//! `.xls`: workbooks of Excel 2 to 2003.

mod beside;
mod locked;

use super::biff::{CONTINUE, Joined, Record, int, real, record, short, string};
use super::xlsb::packed;
use super::xlsx::{Strings, add_lines, place};
use super::{Grid, Styles, error_text, plain_header, truth, write_sheet_names};
use crate::extract::office::ole::Ole;
use crate::extract::office::readings::Readings;
use crate::extract::office::vba;
use crate::extract::office::{blips, codepage, lock};
use crate::extract::ooxml::write_links;
use crate::extract::{Input, Out, Stop};
use beside::{Beside, hyperlink, object_id};

pub fn xls(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let bytes = input.bytes()?;
    if !bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return match bytes.first() {
            // Before OLE, the records were the file.
            Some(9) => {
                let bytes = locked::unlock(bytes, input.passwords, out)?;
                Workbook::default().read(&bytes, out)
            }
            Some(b'P') => super::xlsx(input, out),
            _ => Err(Stop::failed("no workbook in it")),
        };
    }
    let mut ole = Ole::open(bytes)?;
    if ole.has("/EncryptedPackage") {
        return lock::extract(input, out);
    }
    ole.properties(out)?;
    let stream = ["/Workbook", "/WORKBOOK", "/Book", "/BOOK", "/workbook", "/book"]
        .iter()
        .find_map(|name| ole.stream(name))
        .ok_or_else(|| Stop::failed("no workbook in it"))?;
    let stream = locked::unlock(stream, input.passwords, out)?;
    let read = Workbook::default().read(&stream, out);
    ole.send_embedded(out, "/")?;
    vba::write(&mut ole, "/_VBA_PROJECT_CUR", out)?;
    ole.end(read, out)
}

/// What the globals say.
#[derive(Default)]
struct Workbook {
    biff8: bool,
    /// A sheet without a workbook.
    strays: bool,
    biff2: bool,
    page: u32,
    strings: Strings,
    styles: Styles,
    readings: Readings,
    /// Offset, name, hidden.
    sheets: Vec<(usize, String, bool)>,
    links: Vec<(String, String)>,
}

/// Substreams nest as charts in sheets; deeper is nonsense.
const DEEPEST: u32 = 8;

impl Workbook {
    fn read(mut self, bytes: &[u8], out: &mut Out) -> Result<(), Stop> {
        self.page = 1252;
        let mut at = 0;
        let mut formats = 0;
        let mut drawings = Vec::new();
        let mut in_drawings = false;
        while let Some(record) = record(bytes, at) {
            let data = record.data;
            match record.number {
                0x809 => self.biff8 = short(data, 0) == Some(0x600),
                // Wide characters are only in BIFF 8, where no code page matters.
                0x42 => {
                    self.page = short(data, 0).filter(|p| *p != 1200).map_or(1252, u32::from);
                }
                0x22 => self.styles.since_1904 = short(data, 0) == Some(1),
                0x41e => {
                    if let Some(id) = short(data, 0)
                        && let Some(code) = string(data, 2, self.biff8, self.biff8, self.page)
                    {
                        self.styles.define(u32::from(id), &code);
                    }
                }
                0x1e => {
                    // Formats of BIFF 2 to 4 are numbered by their order.
                    if let Some(code) = string(data, 0, false, false, self.page) {
                        self.styles.define(formats, &code);
                        formats += 1;
                    }
                }
                0xe0 => self.styles.add_style(u32::from(short(data, 2).unwrap_or(0))),
                0x43 | 0x243 | 0x443 => {
                    let id = data.get(if record.number == 0x43 { 2 } else { 1 }).copied();
                    self.styles.add_style(u32::from(id.unwrap_or(0) & 0x3f));
                }
                0x85 => {
                    if let Some(offset) = int(data, 0) {
                        let name = string(data, 6, false, self.biff8, self.page);
                        let hidden = data.get(4).is_some_and(|state| state & 3 != 0);
                        self.sheets.push((offset as usize, name.unwrap_or_default(), hidden));
                    }
                }
                0xfc => {
                    if let Some((mut joined, end)) = Joined::at(bytes, at) {
                        joined.int();
                        joined.int();
                        while let Some((text, reading)) = joined.string_and_reading() {
                            self.strings.push(&text);
                            self.readings.of_cell(&text, &reading);
                        }
                        at = end;
                        continue;
                    }
                }
                // Pictures of all sheets.
                0xeb => {
                    drawings.extend_from_slice(data);
                    in_drawings = true;
                }
                CONTINUE if in_drawings => drawings.extend_from_slice(data),
                0x0a => break,
                _ => {}
            }
            in_drawings &= matches!(record.number, 0xeb | CONTINUE);
            at = record.end;
        }
        let names: Vec<String> = self.sheets.iter().map(|(_, name, _)| name.clone()).collect();
        if self.sheets.is_empty() {
            // A workbook of one sheet, from before there were workbooks.
            self.strays = true;
            self.sheets.push((0, String::new(), false));
        }
        for (offset, name, hidden) in std::mem::take(&mut self.sheets) {
            self.sheet(bytes, offset, &name, hidden, out)?;
        }
        write_sheet_names(out, &names)?;
        self.readings.write(out)?;
        write_links(out, &self.links)?;
        blips::from_records(&drawings, out)
    }

    fn sheet(
        &mut self,
        bytes: &[u8],
        offset: usize,
        name: &str,
        hidden: bool,
        out: &mut Out,
    ) -> Result<(), Stop> {
        let mut grid = Grid::new(name, hidden);
        let mut beside = Beside::default();
        let mut at = offset;
        let mut depth = 0u32;
        let mut waiting: Option<(u32, u32)> = None;
        let mut complete = false;
        while let Some(record) = record(bytes, at) {
            let data = record.data;
            at = record.end;
            match record.number {
                0x809 | 0x409 | 0x209 | 0x09 => {
                    // Sheets of a workbook are written as the workbook says: some programs give
                    // them another version.
                    if self.strays || record.number != 0x809 {
                        self.biff8 = record.number == 0x809 && short(data, 0) == Some(0x600);
                    }
                    self.biff2 = record.number == 0x09;
                    depth += 1;
                    if depth > DEEPEST {
                        break;
                    }
                }
                0x0a => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        complete = true;
                        break;
                    }
                }
                // Charts repeat the numbers of the sheet; only their texts are of interest.
                0x100d => {
                    if let Some(text) = string(data, 2, false, self.biff8, self.page) {
                        add_lines(&mut beside.boxes, vec![text]);
                    }
                }
                0x14 | 0x15 => {
                    let text = string(data, 0, self.biff8, self.biff8, self.page);
                    let lines = plain_header(&text.unwrap_or_default());
                    let into = if record.number == 0x14 {
                        &mut beside.headers
                    } else {
                        &mut beside.footers
                    };
                    add_lines(into, lines);
                }
                0x5d => beside.object = object_id(data),
                0x1b6 => {
                    at = beside.text_box(bytes, at - 4 - data.len());
                }
                0x1c => self.note(data, &mut beside),
                0x1b8 => {
                    if let Some((cell, address)) = hyperlink(data) {
                        self.links.push((address, format!("{name}!{cell}")));
                    }
                }
                0x207 | 0x07 => {
                    if let Some((row, column)) = waiting.take() {
                        let text = if self.biff8 {
                            Joined::at(bytes, at - 4 - data.len())
                                .and_then(|(mut joined, _)| joined.string())
                        } else {
                            string(data, 0, record.number == 0x207, false, self.page)
                        };
                        grid.cell(out, row, column, text.unwrap_or_default())?;
                    }
                }
                _ if depth <= 1 => {
                    if let Some(place) = self.cells(&record, &mut grid, out)? {
                        waiting = Some(place);
                    }
                }
                _ => {}
            }
        }
        grid.finish(out)?;
        beside.write(out, name)?;
        if !complete {
            out.warn(format!("sheet {name} ends in the middle"))?;
        }
        Ok(())
    }

    /// Cells of one record. Returns the place of a formula whose text is in the next record.
    fn cells(
        &mut self,
        record: &Record,
        grid: &mut Grid,
        out: &mut Out,
    ) -> Result<Option<(u32, u32)>, Stop> {
        let data = record.data;
        let (Some(row), Some(column)) = (short(data, 0), short(data, 2)) else { return Ok(None) };
        let (row, column) = (u32::from(row) + 1, u32::from(column) + 1);
        let style = usize::from(short(data, 4).unwrap_or(0));
        let old_style = usize::from(data.get(4).copied().unwrap_or(0) & 0x3f);
        let text = match record.number {
            0x203 => real(data, 6).map(|n| self.styles.show(n, style)),
            0x27e => int(data, 6).map(|n| self.styles.show(packed(n), style)),
            0xbd => {
                let many = data.get(4..data.len().saturating_sub(2)).unwrap_or_default();
                for (at, cell) in many.as_chunks::<6>().0.iter().enumerate() {
                    let style = usize::from(u16::from_le_bytes([cell[0], cell[1]]));
                    let raw = u32::from_le_bytes([cell[2], cell[3], cell[4], cell[5]]);
                    let shown = self.styles.show(packed(raw), style);
                    grid.cell(out, row, column + at as u32, shown)?;
                }
                None
            }
            0xfd => int(data, 6).map(|at| self.strings.get(at as usize).to_owned()),
            0x204 | 0xd6 => string(data, 6, true, self.biff8, self.page),
            0x205 => data.get(6).map(|&value| boolean(value, data.get(7) == Some(&1))),
            0x06 | 0x206 | 0x406 => {
                let old = record.number == 0x06 && self.biff2;
                let at = if old { 7 } else { 6 };
                let style = if old { old_style } else { style };
                match formula(data.get(at..at + 8).unwrap_or_default()) {
                    Cached::Number(number) => Some(self.styles.show(number, style)),
                    Cached::Plain(text) => Some(text),
                    Cached::Text => return Ok(Some((row, column))),
                    Cached::Nothing => None,
                }
            }
            // BIFF 2: three bytes of attributes instead of a style.
            0x02 => short(data, 7).map(|n| self.styles.show(f64::from(n), old_style)),
            0x03 => real(data, 7).map(|n| self.styles.show(n, old_style)),
            0x04 => string(data, 7, false, false, self.page),
            0x05 => data.get(7).map(|&value| boolean(value, data.get(8) == Some(&1))),
            _ => None,
        };
        if let Some(text) = text {
            grid.cell(out, row, column, text)?;
        }
        Ok(None)
    }

    fn note(&self, data: &[u8], beside: &mut Beside) {
        let (Some(row), Some(column)) = (short(data, 0), short(data, 2)) else { return };
        let cell = place(u32::from(row), u32::from(column));
        if self.biff8 {
            let object = short(data, 6).unwrap_or(0);
            let author = string(data, 8, true, true, self.page).unwrap_or_default();
            beside.notes.push((cell, author, object, String::new()));
        } else {
            let text = codepage::decode(data.get(6..).unwrap_or_default(), self.page);
            if row == 0xffff {
                // The text of the note before goes on.
                if let Some(last) = beside.notes.last_mut() {
                    last.3.push_str(&text);
                }
            } else {
                beside.notes.push((cell, String::new(), 0, text));
            }
        }
    }
}

fn boolean(value: u8, error: bool) -> String {
    if error { error_text(value).to_owned() } else { truth(value != 0).to_owned() }
}

/// The last result of a formula.
enum Cached {
    Number(f64),
    Plain(String),
    /// The next string record holds it.
    Text,
    Nothing,
}

fn formula(raw: &[u8]) -> Cached {
    let Some(number) = real(raw, 0) else { return Cached::Nothing };
    if raw[6..8] != [0xff, 0xff] {
        return Cached::Number(number);
    }
    match raw[0] {
        0 => Cached::Text,
        1 => Cached::Plain(truth(raw[2] != 0).to_owned()),
        2 => Cached::Plain(error_text(raw[2]).to_owned()),
        _ => Cached::Nothing,
    }
}
