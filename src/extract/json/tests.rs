use super::*;
use crate::extract::collect::{Collected, collect};
use crate::model::State;
use proptest::prelude::*;

fn check(json: &str, text: &str) {
    let all = collect(json.as_bytes(), "a.json");
    assert_eq!(all.text, text, "{json}");
    assert_eq!(all.warnings, Vec::<String>::new());
}

fn read(bytes: &[u8]) -> Collected {
    collect(bytes, "a.json")
}

#[test]
fn layout_is_kept_and_strings_are_resolved() {
    check(
        "{\n  \"name\": \"\\u7532\\u65b9\",\n  \"tags\": [\"a\", \"b\\/c\"]\n}\n",
        "{\n  \"name\": \"甲方\",\n  \"tags\": [\"a\", \"b/c\"]\n}\n",
    );
    check("{\"a\":1,\"b\":{}}\n{\"a\":2}\n", "{\"a\": 1,\"b\": {}}\n{\"a\": 2}\n");
    let wrapped =
        "这是一份关于青河项目的付款合同说明文件请各部门仔细阅读其中的条\n款并在下周五之前";
    check(&format!("[{wrapped:?}]"), &format!("[\"{}\"]", wrapped.replace('\n', "")));
    check(r#"["\ud83d\ude42 \ud83d \n x"]"#, "[\"🙂 \u{fffd} \n x\"]");
}

#[test]
fn what_nobody_wrapped_is_laid_out() {
    let long = "x".repeat(3000);
    let json = format!(r#"{{"k":"{long}","list":[1,{{"a":null,"b":[]}}],"e":{{}}}}{{"n":2}}"#);
    let text = format!(
        "{{\n  \"k\": \"{long}\",\n  \"list\": [\n    1,\n    {{\n      \"a\": null,\n      \"b\": []\n    }}\n  ],\n  \"e\": {{}}\n}}\n{{\n  \"n\": 2\n}}"
    );
    check(&json, &text);
}

#[test]
fn several_documents_are_seen() {
    for text in ["{\"a\":1}\n{\"a\":2}\n", "{\"a\":1}{\"a\":2}"] {
        assert_eq!(read(text.as_bytes()).format, "jsonl");
    }
}

#[test]
fn utf8_written_as_single_bytes_is_repaired() {
    let all = read(br#"{"content": "\u00e5\u0090\u0088\u00e5\u0090\u008c", "other": "\u00fc"}"#);
    assert_eq!(all.text, r#"{"content": "合同", "other": "ü"}"#);
    assert_eq!(all.warnings.len(), 1);
}

#[test]
fn a_hundred_thousand_levels_cost_this_file() {
    let deep = "[".repeat(100_000) + "\"bottom\"" + &"]".repeat(100_000);
    let all = read(deep.as_bytes());
    assert_eq!(all.state(), State::OverLimit);
    assert!(all.text.contains("bottom"));
    assert!(all.text.len() < 300_000);
}

#[test]
fn broken_json_is_shown_as_far_as_it_goes() {
    let all = read(br#"{"a":"x","b":["y"#);
    assert_eq!(all.text, r#"{"a": "x","b": ["y"#);
    assert_eq!(all.warnings, ["the JSON is cut off in the middle"]);
    let all = read("{\"a\":\"x\" oops 琥珀}".as_bytes());
    assert_eq!(all.text, "{\"a\": \"x\" oops 琥珀}");
    assert_eq!(all.warnings.len(), 1);
    // Nothing of it is JSON, and yet it is not empty.
    let all = read("{\n  { \"k\": \"琥珀\" }\n}\n".as_bytes());
    assert_eq!((all.state(), all.text.contains("琥珀")), (State::Read, true));
    assert_eq!(read(b"{} ").state(), State::Empty);
}

#[test]
fn shapes_are_told_apart() {
    assert_eq!(shape("[1,2", false), Shape::One);
    assert_eq!(shape("{}{}", true), Shape::Many);
    assert_eq!(shape("{\"a\": tru", false), Shape::One);
    assert_eq!(shape("[2024-02-19 08:05] hello", true), Shape::Not);
    assert_eq!(shape("{timestamp: 2024, sender: x}", true), Shape::Not);
    assert_eq!(shape("", true), Shape::Not);
}

proptest! {
    /// Every string of a valid JSON stands in its text, whatever its characters are.
    #[test]
    fn strings_survive(words in prop::collection::vec("\\PC{1,20}", 1..10)) {
        let json = serde_json::to_string(&words).unwrap();
        let all = read(json.as_bytes());
        for word in words.iter().filter(|word| super::print::repair(word).is_none()) {
            prop_assert!(all.text.contains(word.as_str()), "{:?} {:?}", word, all.text);
        }
    }

    #[test]
    fn nothing_panics(text in "[\\[\\]{}:,\"\\\\u0-9a-f \\n琥]{0,200}") {
        read(text.as_bytes());
        shape(&text, true);
    }
}
