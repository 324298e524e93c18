//! Comma-separated values and their relatives: every record is a row.

use super::encoding::TextReader;
use super::{Input, Out, Stop};
use std::io::BufRead as _;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let whole = input.head_is_all();
    let is_tsv = input.name.to_ascii_lowercase().ends_with(".tsv");
    let mut text = TextReader::open(input, None)?;
    let dialect = Dialect::guess(text.fill_buf()?, whole).unwrap_or_else(|| Dialect {
        delimiter: if is_tsv { b'\t' } else { b',' },
        ..Dialect::default()
    });
    text.announce(out)?;
    out.sheet("", false, (1, 1))?;
    let mut reader = dialect.reader(&mut text);
    let mut record = csv::StringRecord::new();
    let mut cells: Vec<&str> = Vec::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {
                let mut cells_now = std::mem::take(&mut cells);
                cells_now.extend(record.iter());
                out.row(&cells_now)?;
            }
            Ok(false) => break,
            Err(error) => return Err(Stop::Failed(format!("broken off: {error}"))),
        }
    }
    drop(reader);
    text.conclude(out)
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub delimiter: u8,
    /// Cells may stand in double quotes.
    pub quoting: bool,
    /// Records seen in the head.
    pub rows: usize,
    /// Cells of most records.
    pub columns: usize,
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect { delimiter: b',', quoting: true, rows: 0, columns: 1 }
    }
}

/// Bytes of the head that are looked at.
const SAMPLE: usize = 16 * 1024;

impl Dialect {
    /// The dialect that gives the same number of cells in nearly every row; `None` when there is
    /// none. `whole` says that `head` is everything.
    pub fn guess(head: &[u8], whole: bool) -> Option<Dialect> {
        let whole = whole && head.len() <= SAMPLE;
        let head = &head[..head.len().min(SAMPLE)];
        let mut best: Option<(usize, Dialect)> = None;
        for delimiter in [b',', b';', b'\t', b'|'] {
            // Cheap, and true for nearly every text that is no table.
            let lines = || head.split(|byte| *byte == b'\n').take(20).filter(|line| line.len() > 1);
            let with = lines().filter(|line| line.contains(&delimiter)).count();
            if with < 2 || with * 2 < lines().count() {
                continue;
            }
            for quoting in [true, false] {
                if !quoting && !head.contains(&b'"') {
                    continue;
                }
                let dialect = Dialect { delimiter, quoting, ..Dialect::default() };
                if let Some((score, dialect)) = dialect.measure(head, whole)
                    && best.as_ref().is_none_or(|(most, _)| score > *most)
                {
                    best = Some((score, dialect));
                }
            }
        }
        best.map(|(_, dialect)| dialect)
    }

    fn measure(mut self, head: &[u8], whole: bool) -> Option<(usize, Dialect)> {
        let mut widths = self.widths(head);
        if !whole && widths.len() > 2 {
            // Cut somewhere.
            widths.pop();
        }
        let mut sorted = widths.clone();
        sorted.sort_unstable();
        let runs = sorted.chunk_by(|a, b| a == b);
        let most = runs.max_by_key(|run| run.len())?;
        let (columns, same) = (most[0], most.len());
        if columns < 2 || widths.len() < 2 || same * 10 < widths.len() * 8 {
            return None;
        }
        self.columns = columns;
        self.rows = widths.len();
        // Consistency first, then the finer cut; quotes that are understood win a tie.
        let score =
            same * 1000 / widths.len() * 100 + columns.min(40) * 2 + usize::from(self.quoting);
        Some((score, self))
    }

    /// Cells of each record.
    fn widths(&self, head: &[u8]) -> Vec<usize> {
        // Making a reader takes longer than a few lines.
        if !self.quoting || !head.contains(&b'"') {
            let cells =
                |line: &[u8]| line.iter().filter(|byte| **byte == self.delimiter).count() + 1;
            let lines = head.split(|byte| matches!(byte, b'\n' | b'\r'));
            return lines.filter(|line| !line.is_empty()).map(cells).collect();
        }
        self.widths_as_read(head)
    }

    fn widths_as_read(&self, head: &[u8]) -> Vec<usize> {
        let mut widths = Vec::new();
        let mut reader = self.reader(head);
        let mut record = csv::ByteRecord::new();
        while let Ok(true) = reader.read_byte_record(&mut record) {
            widths.push(record.len());
        }
        widths
    }

    fn reader<R: std::io::Read>(&self, from: R) -> csv::Reader<R> {
        csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quoting(self.quoting)
            .has_headers(false)
            .flexible(true)
            .from_reader(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::collect::collect;
    use proptest::prelude::*;

    fn check(text: &str, delimiter: u8, columns: usize) {
        let dialect = Dialect::guess(text.as_bytes(), true).unwrap();
        assert_eq!((dialect.delimiter, dialect.columns), (delimiter, columns), "{text}");
    }

    #[test]
    fn dialects_are_told_apart() {
        check("a,b,c\n1,2,3\n", b',', 3);
        check("a;b\n1,5;2,5\n3,5;4,5\n", b';', 2);
        check("a\tb\tc\n1\t2,0\t3\n", b'\t', 3);
        check("name,note\nx,\"one, two\nthree\"\ny,z\n", b',', 2);
        check("a|b\nc|d\n", b'|', 2);
        assert_eq!(Dialect::guess(b"Dear all,\nno table, here, at all.\nBye\n", true), None);
    }

    proptest! {
        #[test]
        fn cells_without_quotes_can_be_counted(
            text in "[a甲 ,;\t|\n\r]{0,80}",
            delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        ) {
            let dialect = Dialect { delimiter, ..Dialect::default() };
            let head = text.as_bytes();
            prop_assert_eq!(dialect.widths(head), dialect.widths_as_read(head));
        }
    }

    #[test]
    fn rows_stay_rows() {
        let all =
            collect("编号,名称\n1,\"甲, 乙\n丙\"\n2,=HYPERLINK(\"\"x\"\")\n".as_bytes(), "a.csv");
        assert_eq!(all.format, "csv");
        assert_eq!(all.text, "编号\t名称\n1\t甲, 乙\u{2028}丙\n2\t=HYPERLINK(\"\"x\"\")\n");
    }
}
