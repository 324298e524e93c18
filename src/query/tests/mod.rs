//! The grammar as one table: input, tree or error.

mod errors;
mod laws;
mod parts;

use super::*;

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
        ("«甲 乙»", r#""甲 乙""#),
        ("‘甲 乙’ x", r#"(and "甲 乙" "x")"#),
        ("-‘the dog’s bone’", r#"(not "the dog’s bone")"#),
        ("O’Neil ‘em don’t", r#"(and "O’Neil" "‘em" "don’t")"#),
        ("a–b –c —", r#"(and "a–b" "–c" "—")"#),
        ("《甲》", r#""《甲》""#),
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
