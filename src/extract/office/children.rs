//! Embedded files as children.

use crate::extract::{Child, ChildRole, Out, Stop};

/// Sends embedded bytes as a child with this path inside its container.
pub fn embedded(out: &mut Out, name: &str, ordinal: u64, bytes: &[u8]) -> Result<(), Stop> {
    if bytes.is_empty() {
        return Ok(());
    }
    out.child(head(name, ordinal, ChildRole::Embedded, bytes.len()), &mut &*bytes)
}

/// Sends attached bytes as a child.
pub fn attached(out: &mut Out, name: &str, ordinal: u64, bytes: &[u8]) -> Result<(), Stop> {
    out.child(head(name, ordinal, ChildRole::Attachment, bytes.len()), &mut &*bytes)
}

fn head(name: &str, ordinal: u64, role: ChildRole, size: usize) -> Child {
    Child {
        name: clean(name),
        raw_name: None,
        ordinal,
        role,
        modified: None,
        claimed_size: Some(size as u64),
    }
}

/// A path that stays inside: `/` between folders, no drive, no `..`, never empty.
pub fn clean(name: &str) -> String {
    let name = name.replace('\\', "/");
    let parts: Vec<&str> = name
        .split('/')
        .map(|part| part.trim_matches(|c: char| c.is_control()))
        .filter(|part| !matches!(*part, "" | "." | ".."))
        .collect();
    if parts.is_empty() { "embedded".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_stay_inside() {
        let check = |name: &str, expected: &str| assert_eq!(super::clean(name), expected);
        check("word/media/a.png", "word/media/a.png");
        check("../../etc/x", "etc/x");
        check("C:\\a\\b", "C:/a/b");
        check("..", "embedded");
    }
}
