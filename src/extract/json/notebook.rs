//! Jupyter notebooks: cells of text, of program code, and what the code printed.

use crate::extract::{Input, Key, Out, Stop};
use crate::model::{PartKind, Wrap};
use serde_json::Value;

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    let decoded = crate::extract::encoding::decode(&input.bytes()?, None);
    // serde_json refuses to nest deeper than 128 levels; what it refuses is shown as plain JSON.
    let Ok(notebook) = serde_json::from_str::<Value>(&decoded.text) else {
        return super::extract(input, out);
    };
    let Some(cells) = cells(&notebook) else { return super::extract(input, out) };
    out.encoding(&decoded.encoding)?;
    if let Some(name) = notebook.pointer("/metadata/kernelspec/display_name") {
        out.meta(Key::Application, name.as_str().unwrap_or_default())?;
    }
    for author in
        notebook.pointer("/metadata/authors").and_then(Value::as_array).into_iter().flatten()
    {
        out.meta(Key::Author, author.get("name").and_then(Value::as_str).unwrap_or_default())?;
    }
    for (number, cell) in cells.iter().enumerate() {
        let kind = cell.get("cell_type").and_then(Value::as_str).unwrap_or("cell");
        let wrap = if kind == "markdown" { Wrap::Flow } else { Wrap::Lines };
        out.labelled_part(PartKind::Body, format!("{kind} {}", number + 1), wrap)?;
        // `input` in version 3.
        let source = cell.get("source").or_else(|| cell.get("input"));
        write(source, out)?;
        for output in cell.get("outputs").and_then(Value::as_array).into_iter().flatten() {
            out.labelled_part(PartKind::Body, format!("output {}", number + 1), Wrap::Lines)?;
            for place in ["/text", "/data/text~1plain", "/evalue"] {
                write(output.pointer(place), out)?;
            }
        }
    }
    for warning in decoded.warnings {
        out.warn(warning)?;
    }
    Ok(())
}

fn cells(notebook: &Value) -> Option<&Vec<Value>> {
    let old = || notebook.pointer("/worksheets/0/cells");
    notebook.get("cells").or_else(old)?.as_array()
}

/// Text is one string or a list of lines.
fn write(text: Option<&Value>, out: &mut Out) -> Result<(), Stop> {
    match text {
        Some(Value::String(text)) => out.line(text),
        Some(Value::Array(lines)) => {
            for line in lines {
                out.text(line.as_str().unwrap_or_default())?;
            }
            out.text("\n")
        }
        _ => Ok(()),
    }
}
