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
fn values_stand_on_lines_with_their_keys() {
    check(
        r#"{"name":"甲方","tags":["a","b"],"nested":{"x":1,"y":null},"list":[{"k":"v","l":true}]}"#,
        "name: 甲方\ntags:\n  - a\n  - b\nnested:\n  x: 1\n  y: null\nlist:\n  - k: v\n    l: true\n",
    );
    check(r#"["\u4e2d\u6587 \ud83d\ude42 \ud83d \n x"]"#, "- 中文 🙂 \u{fffd} \n x\n");
    check("\"one\" 2", "one\n2\n");
    check("[1,2,]", "- 1\n- 2\n");
}

#[test]
fn json_lines_and_concatenated_json_are_several_documents() {
    for text in ["{\"a\":1}\n{\"a\":2}\n", "{\"a\":1}{\"a\":2}"] {
        let all = read(text.as_bytes());
        assert_eq!((all.format.as_str(), all.text.as_str()), ("jsonl", "a: 1\na: 2\n"));
    }
}

#[test]
fn a_hundred_thousand_levels_cost_this_file() {
    let deep = "[".repeat(100_000) + "\"bottom\"" + &"]".repeat(100_000);
    let all = read(deep.as_bytes());
    assert_eq!(all.state(), State::OverLimit);
    assert!(all.text.contains("bottom"));
}

#[test]
fn broken_json_is_shown_as_far_as_it_goes() {
    let all = read(br#"{"a":"x","b":["y"#);
    assert_eq!(all.text, "a: x\nb:\n  - y\n");
    assert_eq!(all.warnings, ["the JSON is cut off in the middle"]);
    let all = read("{\"a\":\"x\" oops 琥珀}".as_bytes());
    assert_eq!(all.text, "a: x\noops 琥珀}");
    assert_eq!(all.warnings.len(), 1);
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

#[test]
fn notebooks_are_cells() {
    let text = r##"{"nbformat":4,"metadata":{"kernelspec":{"display_name":"Python 3"}},"cells":[
        {"cell_type":"markdown","source":["# 分析\n","正文"]},
        {"cell_type":"code","source":"print(1)","outputs":[{"text":["1\n"]}]}]}"##;
    let all = collect(text.as_bytes(), "book");
    assert_eq!(all.format, "ipynb");
    assert_eq!(all.text, "# 分析\n正文\nprint(1)\n1\n\n");
}

proptest! {
    /// Every string of a valid JSON stands in its text, whatever its characters are.
    #[test]
    fn strings_survive(words in prop::collection::vec("\\PC{1,20}", 1..10)) {
        let json = serde_json::to_string(&words).unwrap();
        let all = read(json.as_bytes());
        for word in &words {
            prop_assert!(all.text.contains(word.as_str()), "{:?} {:?}", word, all.text);
        }
    }

    #[test]
    fn nothing_panics(text in "[\\[\\]{}:,\"\\\\u0-9a-f \\n琥]{0,200}") {
        read(text.as_bytes());
        shape(&text, true);
    }
}
