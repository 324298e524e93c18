//! For tests: documents made of the parts that matter, read in process.

use crate::extract::collect::Collected;
use crate::extract::record::Outcome;
use crate::extract::{Input, Limits, Out, Record, Stop};
use crate::model::PartKind;
use std::io::{Cursor, Write};

type Extract = fn(&mut Input, &mut Out) -> Result<(), Stop>;

/// Reads bytes with one extractor.
pub fn read(extract: Extract, bytes: &[u8]) -> Collected {
    read_within(extract, bytes, Limits::default())
}

/// Reads bytes with one extractor within limits.
pub fn read_within(extract: Extract, bytes: &[u8], limits: Limits) -> Collected {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let mut input = Input::new(file, "test", "test", limits).unwrap();
    let mut all = Collected::default();
    let mut sink = |record: Record| {
        all.take(record);
        Ok(())
    };
    let mut out = Out::new(&mut sink, limits);
    let result = extract(&mut input, &mut out);
    out.finish().unwrap();
    if let Err(stop) = result {
        all.outcome = Some(Outcome { state: stop.state(), reason: stop.to_string() });
    }
    all
}

/// A zip of parts.
pub fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An OLE file of streams.
pub fn ole(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (path, bytes) in streams {
        if let Some((storage, _)) = path.rsplit_once('/').filter(|(storage, _)| !storage.is_empty())
        {
            file.create_storage_all(storage).unwrap();
        }
        file.create_stream(path).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

/// Kind, label and text of each part.
pub fn parts(all: &Collected) -> Vec<(PartKind, &str, &str)> {
    all.parts.iter().map(|p| (p.kind, p.label.as_str(), all.part_text(p))).collect()
}

/// Relationships of a part: id, last segment of the type, target.
pub fn relationships(all: &[(&str, &str, &str)]) -> String {
    let mut xml = String::from("<Relationships>");
    for (id, kind, target) in all {
        let mode = if target.contains("://") { " TargetMode=\"External\"" } else { "" };
        xml.push_str(&format!(
            "<Relationship Id=\"{id}\" Type=\"http://example.org/{kind}\" Target=\"{target}\"{mode}/>"
        ));
    }
    xml + "</Relationships>"
}
