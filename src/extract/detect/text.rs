//! Which kind of text a text is.

use super::{extension, mail, markup, tabular};
use crate::extract::encoding::{self, is_utf8_head};
use crate::extract::json::Shape;
use crate::extract::{Input, card, json};
use std::borrow::Cow;

pub(super) fn kind(input: &Input, whole: bool) -> &'static str {
    let hint = extension(input.name);
    let head = narrow(input.head());
    let text = String::from_utf8_lossy(&head);
    let named_text = matches!(hint.as_str(), "txt" | "md" | "markdown" | "log" | "text");
    let needed = match hint.as_str() {
        "eml" => mail::Proof::Named,
        _ if named_text => mail::Proof::Strong,
        _ => mail::Proof::Usual,
    };
    if let Some(id) = mail::kind(&text, needed) {
        return id;
    }
    if let Some(id) = markup::kind(&text, &hint) {
        // A page that a server makes is a program, whatever surrounds it.
        let is_made = ["<?php", "<?=", "<%@", "<%="].iter().any(|mark| text.contains(mark));
        return if id == "html" && is_made { "source" } else { id };
    }
    if let Some(id) = json_kind(&text, whole, &hint) {
        return id;
    }
    if MARKDOWN.contains(&hint.as_str()) {
        return "md";
    }
    if let Some(id) = card::kind(&text) {
        return id;
    }
    if is_subtitles(&text) {
        return "subtitles";
    }
    if SOURCE.contains(&hint.as_str()) || text.starts_with("#!") {
        return "source";
    }
    if hint == "log" {
        return "log";
    }
    if let Some(id) = tabular::kind(&head, whole, &hint) {
        return id;
    }
    match hint.as_str() {
        // One column, or rows of all lengths: the name is all there is to go by.
        "csv" => "csv",
        "tsv" | "tab" => "tsv",
        _ if is_markdown(&text) => "md",
        _ if is_log(&text) => "log",
        _ => "txt",
    }
}

/// The head in an encoding whose ASCII is ASCII.
fn narrow(head: &[u8]) -> Cow<'_, [u8]> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if is_utf8_head(head) && !head.contains(&0) {
        return Cow::Borrowed(head);
    }
    match encoding::guess_wide(head) {
        Some(_) => Cow::Owned(encoding::decode(head, None).text.into_bytes()),
        None => Cow::Borrowed(head),
    }
}

fn json_kind(text: &str, whole: bool, hint: &str) -> Option<&'static str> {
    let text = text.trim_start();
    if !text.starts_with(['{', '[']) && hint != "json" {
        return None;
    }
    match json::shape(text, whole) {
        Shape::One
            if hint == "ipynb" || text.contains("\"nbformat\"") && text.contains("\"cells\"") =>
        {
            Some("ipynb")
        }
        Shape::One => Some("json"),
        Shape::Many => Some("jsonl"),
        Shape::Not if matches!(hint, "json" | "jsonl" | "ndjson" | "geojson") => Some("json"),
        Shape::Not => None,
    }
}

const MARKDOWN: &[&str] = &["md", "markdown", "mdown", "mkd"];

const SOURCE: &[&str] = &[
    "c",
    "h",
    "cc",
    "cpp",
    "cxx",
    "hpp",
    "cs",
    "java",
    "kt",
    "scala",
    "go",
    "rs",
    "py",
    "rb",
    "pl",
    "pm",
    "php",
    "js",
    "mjs",
    "ts",
    "tsx",
    "jsx",
    "vue",
    "css",
    "scss",
    "less",
    "sh",
    "bash",
    "zsh",
    "fish",
    "bat",
    "cmd",
    "ps1",
    "psm1",
    "vbs",
    "vb",
    "bas",
    "lua",
    "sql",
    "r",
    "m",
    "mm",
    "swift",
    "groovy",
    "gradle",
    "cmake",
    "mk",
    "asm",
    "s",
    "f",
    "f90",
    "pas",
    "dpr",
    "hs",
    "ml",
    "erl",
    "ex",
    "clj",
    "lisp",
    "el",
    "tcl",
    "awk",
    "sed",
    "yml",
    "yaml",
    "toml",
    "ini",
    "cfg",
    "conf",
    "env",
    "properties",
    "reg",
    "dockerfile",
    "tf",
    "proto",
    "diff",
    "patch",
    "tex",
    "bib",
    "ass",
    "ics",
    "vcf",
    "strings",
    "po",
    "inf",
    "asp",
    "jsp",
    "aspx",
];

/// Two signs of Markdown, or a pipe table, which nothing else looks like.
fn is_markdown(text: &str) -> bool {
    let (mut heads, mut fences, mut tables, mut links) = (0, 0, 0, 0);
    for line in text.lines().take(2000) {
        let line = line.trim_end();
        if line.starts_with("```") || line.starts_with("~~~") {
            fences += 1;
        } else if line.starts_with('#') && line.trim_start_matches('#').starts_with(' ') {
            heads += 1;
        } else if is_table_rule(line) {
            tables += 1;
        } else if line.contains("](http") || line.contains("](./") {
            links += 1;
        }
    }
    // `# comment` lines are heads as well: they need company.
    tables > 0 || fences >= 2 && heads > 0 || links > 0 && heads > 0
}

/// `|---|:--:|`: what stands under the head of a Markdown table.
pub(in crate::extract) fn is_table_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 3
        && line.contains("--")
        && line.contains('|')
        && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// SubRip and WebVTT begin with the first line that is spoken, after its number: two times and an
/// arrow.
fn is_subtitles(text: &str) -> bool {
    let is_time = |text: &str| {
        text.contains(':')
            && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | ',' | '.'))
    };
    let is_timing = |line: &str| {
        line.split_once("-->").is_some_and(|(from, to)| {
            is_time(from.trim()) && is_time(to.split_whitespace().next().unwrap_or_default())
        })
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    match lines.next().unwrap_or_default() {
        first if first.starts_with("WEBVTT") => lines.take(200).any(is_timing),
        first if first.bytes().all(|byte| byte.is_ascii_digit()) => {
            lines.next().is_some_and(is_timing)
        }
        first => is_timing(first),
    }
}

/// Most lines begin with a time.
fn is_log(text: &str) -> bool {
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(200);
    let stamped = lines().filter(|line| begins_with_time(line)).count();
    stamped >= 3 && stamped * 10 >= lines().count() * 7
}

fn begins_with_time(line: &str) -> bool {
    let head: String = line.trim_start().chars().take(32).collect();
    let digits = head.chars().filter(char::is_ascii_digit).count();
    let colons = head.bytes().filter(|byte| *byte == b':').count();
    let starts =
        head.starts_with(|c: char| c.is_ascii_digit() || c == '[' || c.is_ascii_uppercase());
    starts && digits >= 6 && colons >= 2
}
