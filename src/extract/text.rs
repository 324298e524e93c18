//! Plain text.

use super::{Input, Out, Stop};

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let bytes = input.bytes()?;
    out.text(&String::from_utf8_lossy(&bytes))
}
