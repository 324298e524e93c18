//! What begins with `<`: HTML, or one of the kinds of XML.

/// The format of a text that looks like markup, or `None`. `hint` is the name's extension.
pub(super) fn kind(text: &str, hint: &str) -> Option<&'static str> {
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let claims_html =
        matches!(hint, "html" | "htm" | "xhtml" | "shtml" | "mht" | "asp" | "aspx" | "php" | "jsp");
    if !text.starts_with('<') {
        // Text before the first tag: only when the name says so, and there is a tag.
        return (claims_html && text.contains('<') && text.contains("</")).then_some("html");
    }
    let declared = text.starts_with("<?xml");
    let root = root(text)?;
    let lower = root.name.to_ascii_lowercase();
    let local = lower.rsplit(':').next().unwrap_or("");
    let id = match (lower.as_str(), local) {
        (_, "html") | ("!doctype html", _) => "html",
        (_, "svg") => "svg",
        ("office:document", _) => flat_odf(root.tag),
        ("w:worddocument", _) => "wordml",
        ("pkg:package", _) => "flat-opc",
        (_, "workbook") if root.tag.contains("office:spreadsheet") => "spreadsheetml",
        (_, "fictionbook") => "fb2",
        (_, "plist") => "plist",
        _ if declared => "xml",
        _ if HTML_TAGS.contains(&lower.as_str()) => "html",
        _ if claims_html => "html",
        _ if root.tag.contains("xmlns")
            || matches!(
                hint,
                "xml"
                    | "xsd"
                    | "xsl"
                    | "rss"
                    | "atom"
                    | "kml"
                    | "gpx"
                    | "opml"
                    | "rdf"
                    | "wsdl"
                    | "resx"
                    | "config"
                    | "xaml"
            ) =>
        {
            "xml"
        }
        _ if text.contains(&format!("</{}", root.name)) => "xml",
        _ => return None,
    };
    Some(id)
}

const HTML_TAGS: &[&str] = &[
    "head",
    "body",
    "div",
    "p",
    "table",
    "title",
    "meta",
    "script",
    "style",
    "h1",
    "h2",
    "h3",
    "center",
    "font",
    "span",
    "a",
    "b",
    "i",
    "ul",
    "ol",
    "li",
    "br",
    "hr",
    "img",
    "pre",
    "form",
    "link",
    "base",
    "blockquote",
    "tr",
    "td",
    "tbody",
    "article",
    "section",
    "main",
    "nav",
    "header",
];

struct Root<'a> {
    name: &'a str,
    /// From its `<` up to its `>`.
    tag: &'a str,
}

/// The first element, behind declarations, comments and doctypes.
fn root(text: &str) -> Option<Root<'_>> {
    let mut rest = text;
    for _ in 0..100 {
        rest = rest[rest.find('<')?..].trim_start();
        if let Some(inner) = rest.strip_prefix("<!--") {
            // A comment without an end: the head was too short for it.
            rest = &inner[inner.find("-->")? + 3..];
        } else if rest.starts_with("<?") {
            rest = &rest[rest.find("?>")? + 2..];
        } else if rest.starts_with("<!") {
            let end = rest.find(['>', '['])?;
            if rest[..end].to_ascii_lowercase().starts_with("<!doctype html") {
                return Some(Root { name: "!doctype html", tag: &rest[..end] });
            }
            // An internal subset ends with `]>`; entities in it contain tags.
            rest = if rest.as_bytes().get(end) == Some(&b'[') {
                &rest[rest.find("]>").or_else(|| rest.find("] >"))? + 2..]
            } else {
                &rest[end + 1..]
            };
        } else {
            let end = rest.find('>').unwrap_or(rest.len());
            let tag = &rest[..end];
            let name =
                tag[1..].split(|c: char| c.is_whitespace() || c == '/' || c == '<').next()?;
            let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ':' | '_' | '-' | '.'));
            return is_name.then_some(Root { name, tag });
        }
    }
    None
}

/// ODF in one XML file says which kind it is in an attribute.
fn flat_odf(tag: &str) -> &'static str {
    if tag.contains("opendocument.spreadsheet") {
        "fods"
    } else if tag.contains("opendocument.presentation") {
        "fodp"
    } else {
        "fodt"
    }
}
