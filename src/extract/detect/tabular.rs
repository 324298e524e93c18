//! Tables as text: rows with the same number of cells.

use crate::extract::csv::Dialect;

/// `csv` or `tsv`, or `None`. `hint` is the name's extension.
pub(super) fn kind(head: &[u8], whole: bool, hint: &str) -> Option<&'static str> {
    let dialect = Dialect::guess(head, whole)?;
    let claimed = matches!(hint, "csv" | "tsv" | "tab" | "psv");
    // Prose has commas too: without the name's word it takes more rows and cells to believe it.
    let enough = claimed
        || match dialect.delimiter {
            b'\t' => dialect.rows >= 3,
            b'|' => false,
            _ => {
                dialect.rows >= 4 && dialect.columns >= 3
                    || dialect.rows >= 3 && dialect.columns >= 5
            }
        };
    if !enough {
        return None;
    }
    Some(if dialect.delimiter == b'\t' { "tsv" } else { "csv" })
}
