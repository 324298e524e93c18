//! Elements and attributes by what they do to the text.

/// Elements that begin and end a line.
pub(super) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "body",
    "br",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frameset",
    "head",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "optgroup",
    "option",
    "section",
    "summary",
    "tbody",
    "tfoot",
    "thead",
    "caption",
    "tr",
    "td",
    "th",
    "title",
    "textarea",
    "button",
    "select",
    "noscript",
    "template",
    "object",
    "text",
];

/// Blocks with an empty line around them.
pub(super) const SPACED: &[&str] =
    &["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "table", "xmp"];

/// Attributes with words that are shown beside an element, or read out; of `data-*` nobody sees
/// anything, and programs keep addresses and keys there.
pub(super) const SAYING: [&str; 5] = ["title", "placeholder", "label", "aria-label", "summary"];

/// Attributes with what is done when somebody touches the element.
pub(super) const ACTING: [&str; 6] =
    ["onclick", "onload", "onerror", "onsubmit", "onchange", "onmouseover"];

/// Elements without an end.
pub(super) const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "wbr",
];
