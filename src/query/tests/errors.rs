//! The errors as they are shown, and the repairs that they offer.

use super::*;

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
