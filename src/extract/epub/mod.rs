//! EPUB: the chapters in the order of the book.

mod page;

use super::office::children::embedded;
use super::office::pull::{Node, Xml};
use super::office::readings::Readings;
use super::office::zipped::Parts;
use super::ooxml::write_links;
use super::{Input, Key, Out, Stop};
use page::write_page;
use std::collections::HashMap;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let nesting = input.limits.nesting;
    let mut parts = Parts::open(input)?;
    let container = parts.xml("META-INF/container.xml")?.unwrap_or_default();
    let package = package_name(&container, nesting)
        .filter(|name| parts.has(name))
        .or_else(|| parts.names().iter().find(|n| n.to_lowercase().ends_with(".opf")).cloned());
    let mut links = Vec::new();
    let mut readings = Readings::default();
    let mut chapters = Vec::new();
    if let Some(name) = &package
        && let Some(text) = parts.xml(name)?
    {
        chapters = read_package(&text, folder(name), nesting, out)?;
    }
    if chapters.is_empty() {
        // Without a list of contents: every page, by name.
        chapters = parts.names().iter().filter(|name| is_page(name)).cloned().collect();
        chapters.sort();
    }
    let locked = parts.xml("META-INF/encryption.xml")?.unwrap_or_default();
    let locked = locked_names(&locked, nesting);
    let mut withheld = 0;
    for name in &chapters {
        if locked.iter().any(|locked| locked.eq_ignore_ascii_case(name)) {
            withheld += 1;
            continue;
        }
        match parts.xml(name)? {
            Some(text) => write_page(&text, nesting, &mut links, &mut readings, out)?,
            None => out.warn(format!("the chapter {name} cannot be read"))?,
        }
    }
    readings.write(out)?;
    write_links(out, &links)?;
    pictures(&mut parts, out)?;
    parts.end(out)?;
    if chapters.is_empty() {
        return Err(Stop::failed("no chapters in it"));
    }
    if withheld > 0 {
        return Err(Stop::Encrypted(format!(
            "{withheld} of {} chapters are encrypted",
            chapters.len()
        )));
    }
    Ok(())
}

fn package_name(container: &str, nesting: u32) -> Option<String> {
    let mut xml = Xml::new(container, nesting);
    while let Some(node) = xml.next() {
        if let Node::Start(tag) = node
            && tag.name() == "rootfile"
        {
            return tag.attr("full-path");
        }
    }
    None
}

fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_page(name: &str) -> bool {
    let name = name.to_lowercase();
    [".xhtml", ".html", ".htm"].iter().any(|end| name.ends_with(end))
}

/// Sends metadata; returns the chapters in reading order.
fn read_package(
    text: &str,
    folder: &str,
    nesting: u32,
    out: &mut Out,
) -> Result<Vec<String>, Stop> {
    let mut xml = Xml::new(text, nesting);
    let mut pages: HashMap<String, String> = HashMap::new();
    let mut listed = Vec::new();
    let mut order = Vec::new();
    while let Some(node) = xml.next() {
        let Node::Start(tag) = node else { continue };
        let key = match tag.name() {
            "title" => Key::Title,
            "creator" => Key::Author,
            "subject" => Key::Subject,
            "description" => Key::Description,
            "date" => Key::Created,
            "publisher" => Key::Other("publisher".to_owned()),
            "language" => Key::Other("language".to_owned()),
            "identifier" => Key::Other("identifier".to_owned()),
            "rights" => Key::Other("rights".to_owned()),
            "meta" => {
                match tag.attr("property").as_deref() {
                    Some("dcterms:modified") => out.meta(Key::Modified, &xml.text_inside())?,
                    _ if tag.attr("name").as_deref() == Some("generator") => {
                        out.meta(Key::Application, &tag.attr("content").unwrap_or_default())?;
                    }
                    _ => {}
                }
                continue;
            }
            "item" => {
                let kind = tag.attr("media-type").unwrap_or_default();
                let name = join(folder, &tag.attr("href").unwrap_or_default());
                if kind.contains("html") || is_page(&name) {
                    listed.push(name.clone());
                    pages.insert(tag.attr("id").unwrap_or_default(), name);
                } else if kind.ends_with("xml") && !kind.contains("ncx") && !kind.contains("svg") {
                    pages.insert(tag.attr("id").unwrap_or_default(), name);
                }
                continue;
            }
            "itemref" => {
                if let Some(name) = tag.attr("idref").and_then(|id| pages.get(&id))
                    && !order.contains(name)
                {
                    order.push(name.clone());
                }
                continue;
            }
            _ => continue,
        };
        let value = xml.text_inside();
        out.meta(key, &value)?;
    }
    // Pages that the order leaves out are text too; the list of contents repeats headings.
    let rest: Vec<String> = listed
        .into_iter()
        .filter(|name| !order.contains(name) && !name.to_lowercase().contains("nav"))
        .collect();
    order.extend(rest);
    Ok(order)
}

/// An address relative to a folder, with its `%20` resolved.
fn join(folder: &str, address: &str) -> String {
    let address = address.split('#').next().unwrap_or_default();
    let mut bytes = Vec::new();
    let mut rest = address.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let digit = |at: usize| after.get(at).and_then(|&d| char::from(d).to_digit(16));
        match (byte, digit(0).zip(digit(1))) {
            (b'%', Some((high, low))) => {
                bytes.push((high << 4 | low) as u8);
                rest = &after[2..];
            }
            _ => bytes.push(byte),
        }
    }
    let address = String::from_utf8_lossy(&bytes).into_owned();
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in address.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    path.join("/")
}

/// Parts that are encrypted. Fonts are scrambled in honest books and do not matter.
fn locked_names(text: &str, nesting: u32) -> Vec<String> {
    let mut xml = Xml::new(text, nesting);
    let mut names = Vec::new();
    while let Some(node) = xml.next() {
        if let Node::Start(tag) = node
            && tag.name() == "CipherReference"
        {
            names.push(join("", &tag.attr("URI").unwrap_or_default()));
        }
    }
    names
}

fn pictures(parts: &mut Parts, out: &mut Out) -> Result<(), Stop> {
    const KINDS: [&str; 6] = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp"];
    for name in parts.names().to_vec() {
        let lower = name.to_lowercase();
        if KINDS.iter().any(|kind| lower.ends_with(kind))
            && let (Some(ordinal), Some(bytes)) = (parts.ordinal(&name), parts.read(&name)?)
        {
            embedded(out, &name, ordinal, &bytes)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_resolve_inside_the_book() {
        let check = |folder: &str, address: &str, expected: &str| {
            assert_eq!(join(folder, address), expected);
        };
        check("OEBPS", "text/ch%201.xhtml#a", "OEBPS/text/ch 1.xhtml");
        check("OEBPS", "../../x.html", "x.html");
        check("", "100%.html", "100%.html");
        check("", "%E4%B8%AD.html", "中.html");
    }

    #[test]
    fn chapters_in_the_order_of_the_book() {
        use crate::extract::office::testing::{parts, read, zipped};
        use crate::model::{PartKind, State};
        let page = |title: &str, body: &str| {
            format!(
                "<html><head><title>{title}</title><style>p {{}}</style></head><body>{body}</body></html>"
            )
        };
        let package = "<package><metadata><dc:title>书</dc:title><dc:creator>林</dc:creator></metadata><manifest>\
            <item id='a' href='a.xhtml' media-type='application/xhtml+xml'/><item id='b' href='t/b%201.xhtml' media-type='application/xhtml+xml'/></manifest>\
            <spine><itemref idref='b'/><itemref idref='a'/></spine></package>";
        let container =
            "<container><rootfiles><rootfile full-path='O/p.opf'/></rootfiles></container>";
        let book = |encryption: &str| {
            zipped(&[
                ("META-INF/container.xml", container),
                ("META-INF/encryption.xml", encryption),
                ("O/p.opf", package),
                (
                    "O/a.xhtml",
                    &page(
                        "A",
                        "<p>one&nbsp;two\n three<br/>four</p><table><tr><td>x</td><td>y</td></tr></table>",
                    ),
                ),
                (
                    "O/t/b 1.xhtml",
                    &page(
                        "B",
                        "<div>first <ruby>東<rp>(</rp><rt>とう</rt><rp>)</rp>京<rt>きょう</rt></ruby>タワー <a href='http://a.example/'>link</a></div>",
                    ),
                ),
            ])
        };
        let all = read(extract, &book("<x/>"));
        assert_eq!(
            parts(&all),
            [
                (PartKind::Body, "B", "first 東京タワー link\n"),
                (PartKind::Body, "A", "one\u{a0}two three\nfour\n"),
                (PartKind::Table, "A", "x\ty\n"),
                (PartKind::Comment, "readings", "東京 とうきょう\n"),
                (PartKind::Body, "links", "link → http://a.example/\n"),
            ]
        );
        assert_eq!(all.meta(&Key::Author), Some("林"));
        let locked = book("<e><CipherReference URI='O/a.xhtml'/></e>");
        assert_eq!(read(extract, &locked).state(), State::Encrypted);
    }
}
