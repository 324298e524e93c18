//! Which format a file is: by its content, with its name as a hint where contents tie.

use super::format::BINARY;
use super::{Input, Stop};

/// The id of the format ([`super::format::FORMATS`]).
pub fn detect(input: &mut Input) -> Result<&'static str, Stop> {
    use file_format::FileFormat as F;
    if input.is_empty() {
        return Ok("txt");
    }
    let format = F::from_reader(input.reader()?)?;
    let id = super::format::find(format.extension()).map(|format| format.id);
    Ok(match format {
        F::ArbitraryBinaryData => BINARY,
        F::PlainText => "txt",
        _ => id.unwrap_or(BINARY),
    })
}
