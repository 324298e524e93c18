//! The grammar as one table (input, tree or error), the errors as they are shown, and the law
//! that a printed tree parses to itself.

use super::*;
use crate::model::VariantKind;
use proptest::prelude::*;

/// The tree without sugar: every operator is written out, every literal is in quotes.
fn tree(node: &Node) -> String {
    let all = |parts: &[Node]| parts.iter().map(tree).collect::<Vec<_>>().join(" ");
    match &node.kind {
        Kind::Text(text) => format!("{text:?}"),
        Kind::Prefix(text) => format!("(prefix {text:?})"),
        Kind::Fuzzy { word, distance } => format!("(fuzzy {word:?} {distance})"),
        Kind::Regex(regex) => format!("(regex {regex})"),
        Kind::Near { left, right, distance } => {
            format!("(near {distance} {} {})", tree(left), tree(right))
        }
        Kind::Filter(filter) => {
            let values: Vec<_> = filter.values.iter().map(|value| format!("{value:?}")).collect();
            format!("({} {})", filter.field.name(), values.join(" "))
        }
        Kind::Not(inner) => format!("(not {})", tree(inner)),
        Kind::And(parts) => format!("(and {})", all(parts)),
        Kind::Or(parts) => format!("(or {})", all(parts)),
    }
}

fn parsed(input: &str) -> String {
    match Query::parse(input) {
        Ok(query) => query.root().map_or("everything".to_owned(), tree),
        Err(error) => format!("error: {error}"),
    }
}

#[track_caller]
fn check_all(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(input, expected)| (input, expected, parsed(input)))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(input, expected, found)| {
            format!("{input}\n  expected {expected}\n  found    {found}")
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn words_phrases_operators() {
    check_all(&[
        ("", "everything"),
        (" \u{3000}\n", "everything"),
        ("公司", r#""公司""#),
        ("\"公司\"", r#""公司""#),
        ("a b", r#"(and "a" "b")"#),
        ("a\u{3000}b", r#"(and "a" "b")"#),
        ("a AND b", r#"(and "a" "b")"#),
        ("a and b", r#"(and "a" "and" "b")"#),
        ("a ＡＮＤ b", r#"(and "a" "b")"#),
        ("a OR b c", r#"(or "a" (and "b" "c"))"#),
        ("(a OR b) c", r#"(and (or "a" "b") "c")"#),
        ("（a OR b）c", r#"(and (or "a" "b") "c")"#),
        ("(a (b (c)))", r#"(and "a" "b" "c")"#),
        ("a OR (b OR c)", r#"(or "a" "b" "c")"#),
        ("a -b", r#"(and "a" (not "b"))"#),
        ("a －b", r#"(and "a" (not "b"))"#),
        ("a NOT b", r#"(and "a" (not "b"))"#),
        ("a AND NOT b OR c", r#"(or (and "a" (not "b")) "c")"#),
        ("-(a b)", r#"(not (and "a" "b"))"#),
        ("NOT NOT a", r#"(not (not "a"))"#),
        ("NOT(a OR b)", r#"(not (or "a" "b"))"#),
        ("a AND(b)", r#"(and "a" "b")"#),
        ("-\"a b\"", r#"(not "a b")"#),
        ("a-b", r#""a-b""#),
        ("state-of-the-art -x", r#"(and "state-of-the-art" (not "x"))"#),
        ("“甲 乙”", r#""甲 乙""#),
        ("”甲 乙“", r#""甲 乙""#),
        ("「甲 乙」", r#""甲 乙""#),
        ("『甲 「乙」』", r#""甲 「乙」""#),
        ("＂甲 乙＂", r#""甲 乙""#),
        ("他说“好的”", r#"(and "他说" "好的")"#),
        (r#""say \"no\" to C:\\x and \d""#, r#""say \"no\" to C:\\x and \\d""#),
        ("\"AND\"", r#""AND""#),
        ("\" a \"", r#""a""#),
        ("ANDROID NOTES NEARBY", r#"(and "ANDROID" "NOTES" "NEARBY")"#),
        ("👍", r#""👍""#),
        ("a+b c++ +86", r#"(and "a+b" "c++" "+86")"#),
        ("foo(1).docx", r#""foo(1).docx""#),
        ("安洵信息（成都）有限公司", r#""安洵信息（成都）有限公司""#),
        ("(foo(1).docx OR b)", r#"(or "foo(1).docx" "b")"#),
        ("wxid_x a@b.example v2.0 第1期", r#"(and "wxid_x" "a@b.example" "v2.0" "第1期")"#),
        ("http://a.com:80/x?y=1", r#""http://a.com:80/x?y=1""#),
        (r"C:\Users\lin", r#""C:\\Users\\lin""#),
        (
            "std::vec fe80::1 10.0.0.1:80 12:30",
            r#"(and "std::vec" "fe80::1" "10.0.0.1:80" "12:30")"#,
        ),
        ("电话：123", r#""电话：123""#),
        ("微信from:x", r#""微信from:x""#),
    ]);
}

#[test]
fn prefix_fuzzy_near_regex() {
    check_all(&[
        ("pay*", r#"(prefix "pay")"#),
        ("付款＊", r#"(prefix "付款")"#),
        ("\"red pay\"*", r#"(prefix "red pay")"#),
        ("\"a*\"", r#""a*""#),
        ("name~1", r#"(fuzzy "name" 1)"#),
        ("安洵～1", r#"(fuzzy "安洵" 1)"#),
        ("\"name\"~2", r#"(fuzzy "name" 2)"#),
        ("~/x a~b", r#"(and "~/x" "a~b")"#),
        ("a NEAR/5 b", r#"(near 5 "a" "b")"#),
        ("a ＮＥＡＲ／5 b", r#"(near 5 "a" "b")"#),
        ("a b NEAR/5 c d", r#"(and "a" (near 5 "b" "c") "d")"#),
        ("-a NEAR/5 b", r#"(not (near 5 "a" "b"))"#),
        ("(a OR \"b c\") NEAR/5 d*", r#"(near 5 (or "a" "b c") (prefix "d"))"#),
        (r"/\d{3}-\d{4}/", r"(regex /\d{3}-\d{4}/)"),
        ("/foo bar/ims", "(regex /foo bar/ims)"),
        (r"/a\/b/ x", r#"(and (regex /a\/b/) "x")"#),
        ("-/a+/", "(not (regex /a+/))"),
        ("(/a+/i)", "(regex /a+/i)"),
        ("a/b/c", r#""a/b/c""#),
    ]);
}

#[test]
fn fields() {
    check_all(&[
        ("kind:message", "(kind Kind(Message))"),
        ("KIND：Message", "(kind Kind(Message))"),
        ("kind:(document message)", "(kind Kind(Document) Kind(Message))"),
        ("kind:（document，message）", "(kind Kind(Document) Kind(Message))"),
        ("kind:(document OR message)", "(kind Kind(Document) Kind(Message))"),
        ("kind:(document document)", "(kind Kind(Document))"),
        ("is:no-text", "(is Is(NoText))"),
        ("has:(note attachment)", "(has Has(Note) Has(Attachment))"),
        ("variant:ocr", "(variant Variant(Ocr))"),
        ("type:(pdf, docx)", r#"(type Text("pdf") Text("docx"))"#),
        ("path:\"a b\" c", r#"(and (path Text("a b")) "c")"#),
        ("path:“a b”", r#"(path Text("a b"))"#),
        ("path:*.pdf", r#"(path Pattern("*.pdf"))"#),
        ("path:\"*.pdf\"", r#"(path Text("*.pdf"))"#),
        ("path:/a/b(1).txt", r#"(path Text("/a/b(1).txt"))"#),
        ("(path:a/b)", r#"(path Text("a/b"))"#),
        ("-from:lin", r#"(not (from Text("lin")))"#),
        ("from:a@b.example in:C3", r#"(and (from Text("a@b.example")) (in Text("C3")))"#),
        ("size:>1M", "(size Size(Above(1048576)))"),
        ("size:10K..1.5m", "(size Size(Between(10240, 1572864)))"),
        ("size:<=2GiB", "(size Size(AtMost(2147483648)))"),
        ("size:0", "(size Size(Exactly(0)))"),
        ("size:=1K", "(size Size(Exactly(1024)))"),
        ("size:≥1KB", "(size Size(AtLeast(1024)))"),
        ("size:＞1Ｍ", "(size Size(Above(1048576)))"),
        ("date:none", "(date Date(None))"),
        (
            "date:2022",
            "(date Date(Within(Exactly(PartialDate { year: 2022, month: None, day: None }))))",
        ),
        (
            "date:2022年3月5日",
            "(date Date(Within(Exactly(PartialDate { year: 2022, month: Some(3), day: Some(5) }))))",
        ),
        (
            "date:>=2022-03",
            "(date Date(Within(AtLeast(PartialDate { year: 2022, month: Some(3), day: None }))))",
        ),
        (
            "date:..2022/3/5",
            "(date Date(Within(AtMost(PartialDate { year: 2022, month: Some(3), day: Some(5) }))))",
        ),
        (
            "amount:>=100万",
            "(amount Amount(AtLeast(Amount { hundredths: 100000000, currency: None })))",
        ),
        (
            "amount:(1,000 $5,000.5)",
            "(amount Amount(Exactly(Amount { hundredths: 100000, currency: None })) \
             Amount(Exactly(Amount { hundredths: 500050, currency: Some(\"USD\") })))",
        ),
        (
            "amount:10万..50万",
            "(amount Amount(Between(Amount { hundredths: 10000000, currency: None }, \
             Amount { hundredths: 50000000, currency: None })))",
        ),
    ]);
}

#[test]
fn errors() {
    check_all(&[
        ("\"abc", "error: this quote is never closed"),
        ("abc\"", "error: this quote is never closed"),
        ("“abc」", "error: this quote is never closed"),
        ("\" \"", "error: there is nothing between these quotes"),
        ("(a", "error: this parenthesis is never closed"),
        ("(", "error: this parenthesis is never closed"),
        ("a)", "error: this parenthesis closes nothing"),
        (")", "error: this parenthesis closes nothing"),
        ("a ()", "error: there is nothing between these parentheses"),
        ("f(a b)", "error: a parenthesis inside a word is never closed"),
        ("AND a", "error: AND needs something before it"),
        ("a OR", "error: OR needs something after it"),
        ("a OR OR b", "error: OR needs something after it"),
        ("a AND OR b", "error: AND needs something after it"),
        ("NOT", "error: NOT needs something after it"),
        (
            "(a -)",
            "error: a hyphen alone finds nothing; directly before a word it excludes the word",
        ),
        (
            "a - b",
            "error: a hyphen alone finds nothing; directly before a word it excludes the word",
        ),
        ("a || b", "error: || is no operator here; in quotes it is searched for"),
        ("公司 ＆ 合同", "error: ＆ is no operator here; in quotes it is searched for"),
        ("--force", "error: two hyphens before a word would exclude it twice"),
        ("*", "error: * needs the beginning of a word before it"),
        (
            "p*y",
            "error: * stands only at the end of a word; insides are found by /regular expressions/",
        ),
        (
            "*pay*",
            "error: * stands only at the end of a word; insides are found by /regular expressions/",
        ),
        ("name~", "error: ~ needs a distance, 1 or 2"),
        ("好的～", "error: ~ needs a distance, 1 or 2"),
        ("name~3", "error: ~ needs a distance, 1 or 2"),
        (
            "abc~2",
            "error: this word is too short: at distance 2 nearly everything would be like it",
        ),
        (
            "\"a b\"~2",
            "error: ~ is for one word, not for a phrase; NEAR/5 finds words close to each other",
        ),
        ("a NEAR b", "error: NEAR needs a distance from 1 to 1000"),
        ("a NEAR/0 b", "error: NEAR needs a distance from 1 to 1000"),
        ("a NEAR/99999999999 b", "error: NEAR needs a distance from 1 to 1000"),
        ("a NEAR/5", "error: NEAR needs something after it"),
        ("NEAR/5 a", "error: NEAR needs something before it"),
        ("a NEAR/5 -b", "error: NEAR needs something after it"),
        ("a NEAR/5 (b c)", "error: NEAR joins words and phrases, and groups of them with OR"),
        ("a NEAR/5 b NEAR/5 c", "error: NEAR joins two things; for three join the pairs with AND"),
        (
            "/etc/passwd",
            "error: \"passwd\" is no flag of a regular expression; there are i, m and s",
        ),
        ("/usr", "error: this regular expression is never closed"),
        ("//", "error: there is nothing between these slashes"),
        ("/a(/", "error: this regular expression cannot be read: unclosed group"),
        ("/a*/", "error: this regular expression fits the empty text, and so everything"),
        (
            "/(a{1000}){1000}/",
            "error: this regular expression cannot be read: Compiled regex exceeds size limit of 8388608 bytes.",
        ),
        ("form:alice", "error: there is no field \"form\""),
        ("localhost:8080", "error: there is no field \"localhost\""),
        ("from:", "error: from: needs a value directly after the colon"),
        ("from: alice", "error: from: needs a value directly after the colon"),
        ("(from:)", "error: from: needs a value directly after the colon"),
        ("kind:(a", "error: kind: has no value \"a\"; there are document, message, note"),
        ("type:(a", "error: this parenthesis is never closed"),
        ("kind:()", "error: there is nothing between these parentheses"),
        ("type:(a -b)", "error: a list of values means any of them; - cannot stand in it"),
        ("type:(a AND b)", "error: a list of values means any of them; AND cannot stand in it"),
        (
            "kind:massage",
            "error: kind: has no value \"massage\"; there are document, message, note",
        ),
        ("path:*", "error: * needs the beginning of a word before it"),
        (
            "date:22",
            "error: \"22\" is not a value of date:, which is written like 2022, 2022-03, 2022-03-05, 2022-01..2022-06, >=2022 or none",
        ),
        (
            "date:2022-02-30",
            "error: \"2022-02-30\" is not a value of date:, which is written like 2022, 2022-03, 2022-03-05, 2022-01..2022-06, >=2022 or none",
        ),
        ("date:2023..2022", "error: this range ends before it begins"),
        ("size:1M", "error: nearly no file has exactly this size"),
        (
            "size:big",
            "error: \"big\" is not a value of size:, which is written like 10K..2M, >1M, <=500K or 0",
        ),
        (
            "size:99999999999T",
            "error: \"99999999999T\" is not a value of size:, which is written like 10K..2M, >1M, <=500K or 0",
        ),
        (
            "amount:..",
            "error: \"..\" is not a value of amount:, which is written like 10万..50万, >=100万, >$5000 or <20MUSD",
        ),
    ]);
    let deep = "(".repeat(10_000) + "a";
    assert_eq!(parsed(&deep), "error: this query is nested too deeply");
    let deep = "NOT ".repeat(10_000) + "a";
    assert_eq!(parsed(&deep), "error: this query is nested too deeply");
    assert!(parsed(&"a".repeat(70_000)).starts_with("error: this query is too long: 70000 bytes"));
}

fn rendered(query: &str) -> String {
    Query::parse(query).unwrap_err().render()
}

#[test]
fn errors_show_the_place_and_a_repair() {
    insta::assert_snapshot!(rendered("合同 form:alice"), @r#"
    there is no field "form"
      合同 form:alice
           ^^^^
    did you mean  合同 from:alice
    "#);
    insta::assert_snapshot!(rendered("（公司 OR \"合同"), @r#"
    this quote is never closed
      （公司 OR "合同
                ^^^^^
    closed at the end  （公司 OR "合同")
    "#);
    insta::assert_snapshot!(rendered("甲 - 乙"), @r#"
    a hyphen alone finds nothing; directly before a word it excludes the word
      甲 - 乙
         ^
    without it  甲 乙
    "#);
    insta::assert_snapshot!(rendered("localhost:8080 x"), @r#"
    there is no field "localhost"
      localhost:8080 x
      ^^^^^^^^^
    to find these characters  "localhost:8080" x
    "#);
    insta::assert_snapshot!(rendered("好的～ x"), @r#"
    ~ needs a distance, 1 or 2
      好的～ x
      ^^^^^^
    to find these characters  "好的～" x
    "#);
    insta::assert_snapshot!(rendered("a NEAR/5 b NEAR/3 c"), @r#"
    NEAR joins two things; for three join the pairs with AND
      a NEAR/5 b NEAR/3 c
                 ^^^^^^
    as pairs  a NEAR/5 b AND b NEAR/3 c
    "#);
    insta::assert_snapshot!(rendered("f(a b)"), @r#"
    a parenthesis inside a word is never closed
      f(a b)
      ^^^
    with a space, as a group  f (a b)
    "#);
    insta::assert_snapshot!(rendered("date:2023..2022-05"), @r#"
    this range ends before it begins
      date:2023..2022-05
           ^^^^^^^^^^^^^
    the other way round  date:2022-05..2023
    "#);
    insta::assert_snapshot!(rendered("\u{1b}[31m\u{202e}x*y"), @r#"
    * stands only at the end of a word; insides are found by /regular expressions/
      �[31m�x*y
      ^^^^^^^^^
    to find these characters  "�[31m�x*y"
    "#);
    insta::assert_snapshot!(rendered(&format!("{} size:1M {}", "公司".repeat(60), "a ".repeat(90))), @r#"
    nearly no file has exactly this size
      …司公司公司公司公司公司公司公司公司 size:1M a a a a a a a a a a a a a a a a …
                                               ^^
    for example  公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司公司 size:>=1M a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a
    "#);
}

/// A repair that is offered must itself be understood.
#[test]
fn repairs_parse() {
    for query in [
        "\"abc",
        "“abc",
        "(a",
        "a)",
        "a ()",
        "AND a",
        "a OR",
        "NOT",
        "a - b",
        "a -",
        "--force",
        "*",
        "p*y",
        "name~",
        "a NEAR b",
        "a NEAR/5",
        "a NEAR/5 b NEAR/5 c",
        "/etc/passwd",
        "/usr",
        "//",
        "/a(/",
        "form:alice",
        "localhost:8080",
        "from:",
        "from: alice",
        "type:(a",
        "kind:massage",
        "is:duplicated",
        "date:2023..2022",
        "size:1M",
        "\u{feff}x\u{1b}*y",
    ] {
        let error = Query::parse(query).unwrap_err();
        let fix = error.fix.unwrap_or_else(|| panic!("no repair for {query}")).query;
        // `a -` leaves `a`; what remains may be blank but must be no new error.
        assert!(Query::parse(&fix).is_ok(), "{query} -> {fix}: {}", parsed(&fix));
    }
}

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

// ---- the round trip --------------------------------------------------------------------------

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        "[\u{4e00}-\u{4e20}]{1,4}",
        "[a-zA-Z:/\\\\()*~\"'“”「」（）＊～ ＂.,，-]{1,8}",
        "(AND|OR|NOT|NEAR|NEAR/5|from:x|http://x|-a|/a/|a~1|a\\*|ＡＮＤ)",
        "\\PC{1,6}",
    ]
    .prop_map(|text| text.trim().to_owned())
    .prop_filter("blank", |text| !text.is_empty())
}

fn dates() -> impl Strategy<Value = PartialDate> + Clone {
    (1000i16..=9999, prop::option::of((1i8..=12, prop::option::of(1i8..=28)))).prop_map(
        |(year, rest)| {
            let (month, day) = rest.map_or((None, None), |(month, day)| (Some(month), day));
            PartialDate::new(year, month, day).unwrap()
        },
    )
}

fn amounts() -> impl Strategy<Value = Amount> + Clone {
    (0u64..1 << 40, prop::option::of(prop::sample::select(vec!["CNY", "USD", "EUR", "BTC", "JPY"])))
        .prop_map(|(hundredths, currency)| Amount { hundredths, currency })
}

fn bounds<T: Copy + std::fmt::Debug + 'static>(
    values: impl Strategy<Value = T> + Clone + 'static,
    order: fn(T, T) -> bool,
) -> impl Strategy<Value = Bounds<T>> {
    (0..6, values.clone(), values).prop_map(move |(which, a, b)| match which {
        0 => Bounds::Exactly(a),
        1 => Bounds::Above(a),
        2 => Bounds::AtLeast(a),
        3 => Bounds::Below(a),
        4 => Bounds::AtMost(a),
        _ if order(a, b) => Bounds::Between(a, b),
        _ => Bounds::Between(a, a),
    })
}

fn filters() -> impl Strategy<Value = Filter> {
    let texts = prop::sample::select(
        Field::ALL.iter().copied().filter(|f| f.takes() == field::Takes::Text).collect::<Vec<_>>(),
    );
    let text = prop_oneof![
        words().prop_map(Value::Text),
        "[a-z]{0,3}\\*[a-z.]{1,3}".prop_map(Value::Pattern),
    ];
    prop_oneof![
        (texts, prop::collection::vec(text, 1..4)).prop_map(|(field, values)| (field, values)),
        prop::collection::vec(prop::sample::select(UnitKind::ALL).prop_map(Value::Kind), 1..3)
            .prop_map(|values| (Field::Kind, values)),
        prop::collection::vec(prop::sample::select(Is::ALL).prop_map(Value::Is), 1..3)
            .prop_map(|values| (Field::Is, values)),
        prop::collection::vec(prop::sample::select(Has::ALL).prop_map(Value::Has), 1..3)
            .prop_map(|values| (Field::Has, values)),
        prop::collection::vec(
            prop::sample::select(VariantKind::ALL.to_vec()).prop_map(Value::Variant),
            1..3
        )
        .prop_map(|values| (Field::Variant, values)),
        prop::collection::vec(bounds(0u64..1 << 50, |a, b| a <= b).prop_map(Value::Size), 1..3)
            .prop_map(|values| (Field::Size, values)),
        prop::collection::vec(
            prop_oneof![
                Just(DateValue::None),
                bounds(dates(), |a, b| a.start() < b.end()).prop_map(DateValue::Within)
            ]
            .prop_map(Value::Date),
            1..3
        )
        .prop_map(|values| (Field::Date, values)),
        prop::collection::vec(
            bounds(amounts(), |a, b| a.hundredths <= b.hundredths && a.currency == b.currency)
                .prop_map(Value::Amount),
            1..3
        )
        .prop_map(|values| (Field::Amount, values)),
    ]
    .prop_map(|(field, values)| {
        let mut once: Vec<Value> = Vec::new();
        for value in values {
            if !once.contains(&value) {
                once.push(value);
            }
        }
        Filter { field, values: once }
    })
}

fn literals() -> impl Strategy<Value = Node> {
    prop_oneof![
        4 => words().prop_map(Kind::Text),
        1 => words().prop_map(Kind::Prefix),
        1 => ("[a-z\u{4e00}-\u{4e20}/:\"-]{4,7}", 1u8..=2)
            .prop_map(|(word, distance)| Kind::Fuzzy { word, distance }),
    ]
    .prop_map(Node::new)
}

fn regexes() -> impl Strategy<Value = Kind> {
    (
        prop::sample::select(vec![
            "a+",
            "a/b",
            r"\d{3}-\d",
            r"a\\/b",
            "[/]x",
            "甲 乙",
            r"\(x\)",
            "\"q\"",
        ]),
        any::<[bool; 3]>(),
    )
        .prop_map(|(pattern, [ignore_case, multi_line, dot_all])| {
            // As the parser keeps it: `\/` is a slash.
            Kind::Regex(Regex { pattern: pattern.to_owned(), ignore_case, multi_line, dot_all })
        })
}

fn near() -> impl Strategy<Value = Kind> {
    let side = || {
        prop::collection::vec(literals(), 1..3).prop_map(|parts| Box::new(Node::or(parts).unwrap()))
    };
    (side(), side(), 1u32..=1000).prop_map(|(left, right, distance)| Kind::Near {
        left,
        right,
        distance,
    })
}

fn trees() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        4 => literals(),
        1 => regexes().prop_map(Node::new),
        2 => filters().prop_map(|filter| Node::new(Kind::Filter(filter))),
        1 => near().prop_map(Node::new),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|node| Node::new(Kind::Not(Box::new(node)))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| Node::and(parts).unwrap()),
            prop::collection::vec(inner, 2..4).prop_map(|parts| Node::or(parts).unwrap()),
        ]
    })
}

/// All spans of a tree, in one order.
fn spans(node: &Node, found: &mut Vec<Span>) {
    found.push(node.span);
    match &node.kind {
        Kind::And(parts) | Kind::Or(parts) => parts.iter().for_each(|part| spans(part, found)),
        Kind::Not(inner) => spans(inner, found),
        Kind::Near { left, right, .. } => {
            [left, right].into_iter().for_each(|side| spans(side, found))
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_printed_tree_parses_to_itself(root in trees()) {
        let query = Query::from_tree(Some(root.clone()));
        let again = Query::parse(query.text());
        prop_assert!(again.is_ok(), "{}: {}", query.text(), parsed(query.text()));
        let again = again.unwrap();
        prop_assert_eq!(tree(again.root().unwrap()), tree(&root), "{}", query.text());
        prop_assert_eq!(again.to_string(), query.text());
        // And the spans that printing gives are those that parsing gives.
        let (mut printed, mut read) = (Vec::new(), Vec::new());
        spans(query.root().unwrap(), &mut printed);
        spans(again.root().unwrap(), &mut read);
        prop_assert_eq!(printed, read, "{}", query.text());
    }

    #[test]
    fn any_text_is_a_tree_or_a_good_error(text in r#"[a-c甲乙 "“”「」()（）*~/:\\<>=.,\-ANDORTE0-9]{0,24}|\PC{0,16}"#) {
        match Query::parse(&text) {
            Ok(query) => {
                let again = Query::parse(&query.to_string());
                prop_assert!(again.is_ok(), "{text} -> {query}");
                prop_assert_eq!(again.unwrap(), query);
            }
            Err(error) => {
                prop_assert!(error.span.start <= error.span.end && error.span.end <= text.len());
                prop_assert!(text.is_char_boundary(error.span.start) && text.is_char_boundary(error.span.end));
                if let Some(fix) = &error.fix {
                    prop_assert!(Query::parse(&fix.query).is_ok(), "{text} -> {}", fix.query);
                }
                let shown = error.render();
                prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "{shown:?}");
            }
        }
    }
}
