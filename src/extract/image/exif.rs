//! EXIF: what cameras and phones write.

use super::metadata_text;
use crate::extract::{Input, Key, Out, Stop};
use exif::{Context, DateTime, Exif, In, Tag, Value};
use std::io::BufReader;

type MakeKey = fn() -> Key;

/// Tags that Windows writes: UTF-16, little end first.
const WINDOWS: &[(u16, MakeKey)] = &[
    (0x9c9b, || Key::Title),
    (0x9c9c, || Key::Other("comment".to_owned())),
    (0x9c9d, || Key::Author),
    (0x9c9e, || Key::Keywords),
    (0x9c9f, || Key::Subject),
];

const TEXTS: &[(Tag, MakeKey)] = &[
    (Tag::ImageDescription, || Key::Description),
    (Tag::Artist, || Key::Author),
    (Tag::CameraOwnerName, || Key::Other("camera_owner".to_owned())),
    (Tag::BodySerialNumber, || Key::Other("camera_serial".to_owned())),
    (Tag::LensModel, || Key::Other("lens".to_owned())),
    (Tag::Software, || Key::Application),
    (Tag::Copyright, || Key::Other("copyright".to_owned())),
    (Tag::ImageUniqueID, || Key::Other("image_id".to_owned())),
    (Tag(Context::Tiff, 0x10d), || Key::Title),
    (Tag(Context::Tiff, 0x13c), || Key::Other("host_computer".to_owned())),
];

pub(super) fn read(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    if input.len() > input.limits.whole {
        // A TIFF is read as a whole by the library.
        return out.warn("too large for its metadata to be read");
    }
    let mut reader = exif::Reader::new();
    reader.continue_on_error(true);
    let read = reader.read_from_container(&mut BufReader::new(input.reader()?));
    let mut damaged = false;
    let Ok(exif) = read.or_else(|error| error.distill_partial_result(|_| damaged = true)) else {
        // No EXIF, or none that can be read: nothing is missing that was promised.
        return Ok(());
    };
    if damaged {
        out.warn("parts of its EXIF data are damaged")?;
    }
    for (tag, key) in TEXTS {
        if let Some(text) = text(&exif, *tag) {
            out.meta(key(), &text)?;
        }
    }
    for (number, key) in WINDOWS {
        if let Some(bytes) = bytes(&exif, Tag(Context::Tiff, *number)) {
            let (text, _) = encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes);
            out.meta(key(), text.trim_end_matches('\0'))?;
        }
    }
    if let Some(comment) = bytes(&exif, Tag::UserComment) {
        out.meta(Key::Other("comment".to_owned()), &user_comment(&comment))?;
    }
    let camera = [Tag::Make, Tag::Model].map(|tag| text(&exif, tag).unwrap_or_default());
    out.meta(Key::Camera, &camera_name(camera[0].trim(), camera[1].trim()))?;
    let taken =
        time(&exif, Tag::DateTimeOriginal, Tag::OffsetTimeOriginal, Tag::SubSecTimeOriginal);
    let digitised =
        || time(&exif, Tag::DateTimeDigitized, Tag::OffsetTimeDigitized, Tag::SubSecTimeDigitized);
    if let Some(time) = taken.or_else(digitised) {
        out.meta(Key::Taken, &time)?;
    }
    if let Some(time) = time(&exif, Tag::DateTime, Tag::OffsetTime, Tag::SubSecTime) {
        out.meta(Key::Modified, &time)?;
    }
    if let Some(place) = place(&exif) {
        out.meta(Key::Place, &place)?;
    }
    for (tag, name) in [
        (Tag::GPSAltitude, "altitude"),
        (Tag::GPSDateStamp, "gps_date"),
        (Tag::GPSTimeStamp, "gps_time"),
    ] {
        if let Some(field) = exif.get_field(tag, In::PRIMARY) {
            out.meta(
                Key::Other(name.to_owned()),
                &field.display_value().with_unit(&exif).to_string(),
            )?;
        }
    }
    let orientation = exif.get_field(Tag::Orientation, In::PRIMARY);
    if let Some(value) = orientation.and_then(|field| field.value.get_uint(0)) {
        out.meta(Key::Other("orientation".to_owned()), &value.to_string())?;
    }
    Ok(())
}

fn bytes(exif: &Exif, tag: Tag) -> Option<Vec<u8>> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Byte(bytes) | Value::Undefined(bytes, _) => Some(bytes.clone()),
        Value::Ascii(texts) => Some(texts.join(&b' ')),
        _ => None,
    }
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    let text = metadata_text(&bytes(exif, tag)?);
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// Maker and model; most makers write their name into both.
fn camera_name(maker: &str, model: &str) -> String {
    if model.to_lowercase().starts_with(&maker.to_lowercase()) {
        model.to_owned()
    } else {
        format!("{maker} {model}")
    }
}

/// Eight bytes say how the rest is written.
fn user_comment(bytes: &[u8]) -> String {
    match bytes.split_at_checked(8) {
        Some((b"UNICODE\0", text)) => {
            let wide = if text.first() == Some(&0) {
                encoding_rs::UTF_16BE
            } else {
                encoding_rs::UTF_16LE
            };
            wide.decode(text).0.trim_end_matches('\0').to_owned()
        }
        Some((b"ASCII\0\0\0" | b"\0\0\0\0\0\0\0\0" | b"JIS\0\0\0\0\0", text)) => {
            metadata_text(text)
        }
        _ => metadata_text(bytes),
    }
}

/// RFC 3339, with an offset where one stands beside it. Cameras without a set clock write zeros.
fn time(exif: &Exif, tag: Tag, offset: Tag, fraction: Tag) -> Option<String> {
    let mut time = DateTime::from_ascii(&bytes(exif, tag)?).ok()?;
    // Both are left out where they cannot be read.
    if let Some(fraction) = bytes(exif, fraction) {
        let _ = time.parse_subsec(&fraction);
    }
    if let Some(offset) = bytes(exif, offset) {
        let _ = time.parse_offset(&offset);
    }
    let DateTime { year, month, day, hour, minute, second, .. } = time;
    let possible = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60
        && year > 0;
    if !possible {
        return None;
    }
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if let Some(nanos) = time.nanosecond.filter(|nanos| *nanos > 0) {
        text.push_str(format!(".{nanos:09}").trim_end_matches('0'));
    }
    if let Some(offset) = time.offset {
        let sign = if offset < 0 { '-' } else { '+' };
        text.push_str(&format!("{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60));
    }
    Some(text)
}

/// Decimal degrees, `latitude,longitude`; nothing where the numbers are impossible.
fn place(exif: &Exif) -> Option<String> {
    let degrees = |tag, reference, most: f64, negative: &[u8]| {
        let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
        let [degrees, minutes, seconds] = parts.get(..3)? else { return None };
        let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
        let sign = bytes(exif, reference).is_some_and(|sign| sign.eq_ignore_ascii_case(negative));
        (value.is_finite() && value <= most).then_some(if sign { -value } else { value })
    };
    let latitude = degrees(Tag::GPSLatitude, Tag::GPSLatitudeRef, 90.0, b"S")?;
    let longitude = degrees(Tag::GPSLongitude, Tag::GPSLongitudeRef, 180.0, b"W")?;
    Some(format!("{latitude:.6},{longitude:.6}"))
}
