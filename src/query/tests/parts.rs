//! Parts of a query: where they were written, filters that are added, parts that are taken out.

use super::*;

#[test]
fn spans_are_where_it_was_written() {
    let text = "公司 (甲 OR from:lin) -\"a b\"";
    let query = Query::parse(text).unwrap();
    let found: Vec<_> = query
        .root()
        .unwrap()
        .conjuncts()
        .map(|node| &text[node.span.start..node.span.end])
        .collect();
    assert_eq!(found, ["公司", "(甲 OR from:lin)", "-\"a b\""]);
    let wanted: Vec<_> = query
        .root()
        .unwrap()
        .wanted()
        .iter()
        .map(|node| &text[node.span.start..node.span.end])
        .collect();
    assert_eq!(wanted, ["公司", "甲", "from:lin"]);
}

#[test]
fn filters_are_added_and_parts_removed() {
    let pdf = || Value::Text("pdf".to_owned());
    let with = |text: &str| Query::parse(text).unwrap().with_filter(Field::Type, pdf());
    assert_eq!(with("").text(), "type:pdf");
    assert_eq!(with("“公司”").text(), "“公司” type:pdf");
    assert_eq!(with("a OR b").text(), "(a OR b) type:pdf");
    assert_eq!(with("a type:pdf").text(), "a type:pdf");
    assert_eq!(
        with("a").root(),
        Query::parse("type:pdf a").unwrap().root().map(|_| with("a")).unwrap().root()
    );

    let without = |text: &str, part: &str| {
        let start = text.find(part).unwrap();
        Query::parse(text).unwrap().without(Span::new(start, start + part.len())).text().to_owned()
    };
    assert_eq!(without("a type:pdf", "type:pdf"), "a");
    assert_eq!(without("a -b", "b"), "a");
    assert_eq!(without("(a OR b) c", "b"), "a c");
    assert_eq!(without("a NEAR/5 b", "a"), "b");
    assert_eq!(without("a", "a"), "");
    assert_eq!(without("“公司” x y", "y"), "公司 x");
}

#[test]
fn dates_on_the_clock() {
    let clock = |text: &str| match &Query::parse(text).unwrap().root().unwrap().kind {
        Kind::Filter(Filter { values, .. }) => match values.as_slice() {
            [Value::Date(date)] => date.clock(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert_eq!(clock("date:1970"), Some((0, 365 * 86_400)));
    assert_eq!(clock("date:1970-12"), Some((334 * 86_400, 365 * 86_400)));
    assert_eq!(clock("date:1970-12-31"), Some((364 * 86_400, 365 * 86_400)));
    assert_eq!(clock("date:2020-02-29"), Some((1_582_934_400, 1_583_020_800)));
    assert_eq!(clock("date:>1970"), Some((365 * 86_400, i64::MAX)));
    assert_eq!(clock("date:<1970"), Some((i64::MIN, 0)));
    assert_eq!(clock("date:1970..1970-01"), Some((0, 31 * 86_400)));
    assert_eq!(clock("date:9999-12-31").map(|(_, end)| end), Some(i64::MAX));
    assert_eq!(clock("date:none"), None);
}
