//! The laws: a printed tree parses to itself, and any text is a tree or a good error.

use super::*;
use crate::model::VariantKind;
use proptest::prelude::*;

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        "[\u{4e00}-\u{4e20}]{1,4}",
        "[a-zA-Z:/\\\\()*~\"'‘’«»“”「」（）＊～ ＂.,，-]{1,8}",
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
    fn any_text_is_a_tree_or_a_good_error(text in r#"[a-c甲乙 "‘’«»“”「」()（）*~/:\\<>=.,\-ANDORTE0-9]{0,24}|\PC{0,16}"#) {
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
