//! Names of page images, which say what work an image is a page of.

/// The name of a page image. `UUID_3_12.png` is page 3 of a set with 12, wherever the first part is
/// a name that somebody gave. Where it is the number that a program gave to one work, all images
/// with it are that work's, whatever they count: pages from 0 (`UUID_7.png`), or sheets of a
/// workbook and the pieces of each (`UUID_4_0.png`, `UUID_4_1.png`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageName<'a> {
    /// Path up to the first number, with the underscore before it.
    pub prefix: &'a str,
    /// Where the page stands among the others.
    pub number: (u32, u32),
    /// Pages of the set, where the name says it.
    total: Option<u32>,
}

impl<'a> PageName<'a> {
    pub fn parse(path: &'a str) -> Option<PageName<'a>> {
        let (stem, extension) = path.rsplit_once('.')?;
        if !matches!(
            extension.to_ascii_lowercase().as_str(),
            "png" | "jpg" | "jpeg" | "tif" | "tiff"
        ) {
            return None;
        }
        let (head, last) = stem.rsplit_once('_')?;
        if is_uuid(head) {
            let prefix = &stem[..=head.len()];
            return Some(PageName { prefix, number: (digits(last)?, 0), total: None });
        }
        let (name, number) = head.rsplit_once('_')?;
        let prefix = &head[..=name.len()];
        let (number, last) = (digits(number)?, digits(last)?);
        if is_uuid(name) {
            return Some(PageName { prefix, number: (number, last), total: None });
        }
        let own = name.rsplit(['/', '!']).next().unwrap_or(name);
        (!own.is_empty()).then_some(PageName { prefix, number: (number, 0), total: Some(last) })
    }

    /// Whether both are pages of one work.
    pub fn is_with(&self, other: &PageName) -> bool {
        self.work() == other.work()
    }

    /// What all pages of one work have in common.
    pub fn work(&self) -> (&'a str, Option<u32>) {
        (self.prefix, self.total)
    }
}

/// Whether a path ends in a UUID.
fn is_uuid(path: &str) -> bool {
    const LENGTH: usize = 36;
    let bytes = path.as_bytes();
    let Some(from) = bytes.len().checked_sub(LENGTH) else { return false };
    bytes[from..].iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

fn digits(text: &str) -> Option<u32> {
    (!text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "5f0c2b6e-91d4-4c7a-8a3e-0d1b7e44c2a9";

    #[test]
    fn page_names() {
        let check = |path: &str, expected: Option<(&str, (u32, u32), Option<u32>)>| {
            let found = PageName::parse(path).map(|p| (p.prefix, p.number, p.total));
            assert_eq!(found, expected, "{path}");
        };
        check("scan/0a1b-2c_3_12.png", Some(("scan/0a1b-2c_", (3, 0), Some(12))));
        check("a.zip!0a1b-2c_10_12.PNG", Some(("a.zip!0a1b-2c_", (10, 0), Some(12))));
        check("scan/photo_3.png", None);
        check("scan/_3_12.png", None);
        check("report_3_12.pdf", None);
        check("扫描件_1_2.jpg", Some(("扫描件_", (1, 0), Some(2))));
        check(&format!("0/{UUID}.png"), None);
        check(&format!("0/{UUID}_x.png"), None);
        check(&format!("0/{UUID}_28.png"), Some((&format!("0/{UUID}_"), (28, 0), None)));
        check(&format!("{UUID}_4_1.png"), Some((&format!("{UUID}_"), (4, 1), None)));
        check("2022_5f0c2b6e-91d4-4c7a-8a3e-0d1b7e44c2a_7.png", None);
    }

    #[test]
    fn pages_of_one_work() {
        let check = |one: &str, other: &str, expected: bool| {
            let both = PageName::parse(one).zip(PageName::parse(other));
            assert_eq!(both.is_some_and(|(one, other)| one.is_with(&other)), expected, "{one}");
        };
        check("a/x_1_12.png", "a/x_2_12.png", true);
        check("a/x_1_12.png", "a/x_2_3.png", false);
        check("a/x_1_12.png", "b/x_2_12.png", false);
        let named = |tail: &str| format!("0/{UUID}_{tail}.png");
        check(&named("0"), &named("49"), true);
        check(&named("3_0"), &named("4_1"), true);
        check(&named("3_0"), &named("3_0").replace("5f", "6f"), false);
    }
}
