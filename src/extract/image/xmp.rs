//! XMP: metadata as RDF in XML, in many kinds of files.

use crate::extract::{Key, Out, Stop};
use crate::text::entities;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Properties as elements or attributes, and what they are here.
fn key(name: &str) -> Option<Key> {
    Some(match name {
        "dc:title" => Key::Title,
        "dc:creator" => Key::Author,
        "dc:description" => Key::Description,
        "dc:subject" => Key::Keywords,
        "dc:rights" => Key::Other("copyright".to_owned()),
        "xmp:CreatorTool" | "xap:CreatorTool" => Key::Application,
        "xmp:CreateDate" | "xap:CreateDate" => Key::Created,
        "xmp:ModifyDate" | "xap:ModifyDate" => Key::Modified,
        "photoshop:DateCreated" => Key::Taken,
        "photoshop:City" => Key::Other("city".to_owned()),
        "photoshop:Country" => Key::Other("country".to_owned()),
        "photoshop:Headline" => Key::Subject,
        "tiff:Model" => Key::Camera,
        "xmpMM:DocumentID" | "xapMM:DocumentID" => Key::Other("document_id".to_owned()),
        "xmpMM:OriginalDocumentID" => Key::Other("original_document_id".to_owned()),
        _ => return None,
    })
}

/// Values of one packet; no program writes more.
const MOST: usize = 500;

pub(super) fn read(packet: &str, out: &mut Out) -> Result<(), Stop> {
    let mut reader = Reader::from_str(packet);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut current: Option<String> = None;
    let mut text = String::new();
    let mut written = 0;
    while written < MOST {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                attributes(&tag, out)?;
                let name = tag.name().0;
                if key(name).is_some() {
                    current = Some(name.to_owned());
                    text.clear();
                }
            }
            Ok(Event::Empty(tag)) => attributes(&tag, out)?,
            Ok(Event::Text(piece)) if current.is_some() => text.push_str(&piece),
            Ok(Event::GeneralRef(name)) if current.is_some() => {
                text.push_str(&entities::decode(&format!("&{};", &*name)));
            }
            Ok(Event::End(tag)) => {
                let name = tag.name().0;
                if name == "rdf:li" || current.as_deref() == Some(name) {
                    if let Some(key) = current.as_deref().and_then(key) {
                        out.meta(key, &text)?;
                        written += 1;
                    }
                    text.clear();
                }
                if current.as_deref() == Some(name) {
                    current = None;
                }
            }
            // Broken packets end where they break.
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    Ok(())
}

fn attributes(tag: &quick_xml::events::BytesStart, out: &mut Out) -> Result<(), Stop> {
    for attribute in tag.attributes().with_checks(false).flatten().take(MOST) {
        if let Some(key) = key(attribute.key.0) {
            out.meta(key, &entities::decode(&attribute.value))?;
        }
    }
    Ok(())
}
