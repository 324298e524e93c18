use super::*;

fn named(name: &str) -> Becomes {
    match name.split_at(1) {
        ("A" | "D", number) => Becomes::Footnote(number.parse().unwrap()),
        ("N", _) => Becomes::Entry(name.to_owned()),
        _ => Becomes::Text(name.to_owned()),
    }
}

fn shown(runs: &[Run]) -> String {
    runs.iter()
        .map(|run| {
            let text = match &run.mark {
                Mark::Plain => run.text.clone(),
                Mark::Break => "⏎".to_owned(),
                Mark::Footnote(number) => format!("^{number}"),
                Mark::Entry(id) => format!("→{id}"),
            };
            match run.style {
                Style { strong: true, .. } => format!("*{text}*"),
                Style { code: true, .. } => format!("`{text}`"),
                _ => text,
            }
        })
        .collect()
}

/// Sentences by `|`, those that claim nothing in brackets.
fn line(sentences: &[Sentence]) -> String {
    let each = |s: &Sentence| match s.claims {
        true => shown(&s.runs),
        false => format!("({})", shown(&s.runs)),
    };
    sentences.iter().map(each).collect::<Vec<_>>().join("|")
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(level, runs) => format!("h{level} {}", shown(runs)),
        Block::Paragraph(sentences) => line(sentences),
        Block::List { start, items } => {
            let items: Vec<String> = items.iter().map(|item| blocks(item)).collect();
            format!("list {start:?} [{}]", items.join(" ; "))
        }
        Block::Quote(inner) => format!("quote [{}]", blocks(inner)),
        Block::Code(code) => format!("code {code:?}"),
        Block::Table(rows) => {
            let row = |row: &Vec<Vec<Sentence>>| {
                row.iter().map(|cell| line(cell)).collect::<Vec<_>>().join(",")
            };
            format!("table {}", rows.iter().map(row).collect::<Vec<_>>().join(" / "))
        }
        Block::Rule => "rule".to_owned(),
    }
}

fn blocks(all: &[Block]) -> String {
    all.iter().map(block).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(blocks(&read(text, "N1", false, &mut named)), expected, "{text:?}");
}

#[test]
fn sentences_have_their_footnotes() {
    check("付款三十万。[[A1]] 沈若岚知道！[[A2]]也许。", "付款三十万。^1 |沈若岚知道！^2|(也许。)");
    check(
        "He paid 3.5 million [[A1]]. No. 7 said e.g. nothing.",
        "He paid 3.5 million^1. |(No. 7 said e.g. nothing.)",
    );
    check("see [[A7]] and [[N2]], [[P5]]", "see^7 and →N2, P5");
    check("as [[D5]] says", "as D5^5 says");
    check(
        "as in [[N2]]\n\n> and [[N2]]\n\n# to [[N2]] [[A1]]",
        "(as in →N2)\nquote [(and →N2)]\nh1 to →N2^1",
    );
    check("see [[N2]] *as well* ", "(see →N2 as well)");
    check("he paid \n[[A1]] [[A2]]", "he paid^1^2");
    check("an E1 visa on A7 paper", "(an E1 visa on A7 paper)");
    check("**李四**付款[[A1]]。", "*李四*付款^1。");
    check("[[A1]] begins", "^1 begins");
    check("“好。”他说。走了。", "(“好。”)|(他说。)|(走了。)");
    check("A7x xA7 A_1", "(A7x xA7 A_1)");
}

#[test]
fn lines_join_as_they_are_read() {
    check("公司\n名称 and\nmore\\\nnew", "(公司名称 and more⏎new)");
}

#[test]
fn blocks_stand_as_they_were_written() {
    check(
        "# 标题\n\ntext\n\n- a\n- b [[A1]]\n  1. c\n\n> q\n\n```\nx [[A1]]\n```\n\n---",
        "h1 标题\n(text)\nlist None [(a) ; b^1\nlist Some(1) [(c)]]\nquote [(q)]\ncode \"x [[A1]]\"\nrule",
    );
    check("| a | b |\n|---|---|\n| 1 [[A1]] | `c` |", "table (a),(b) / 1^1,(`c`)");
}

#[test]
fn markup_of_others_is_text() {
    check(
        "<script>alert(1)</script>\n\n<b>x</b> ![p](http://a.example/p.png)",
        "(<script>alert(1)</script>)\n(<b>x</b> p (http://a.example/p.png))",
    );
    check("[text](javascript:x)", "(text (javascript:x))");
}

#[test]
fn deep_lists_are_flattened() {
    let text: String = (0..60).map(|depth| format!("{}- x\n", "  ".repeat(depth))).collect();
    let blocks = read(&text, "N1", true, &mut named);
    fn depth(blocks: &[Block]) -> usize {
        let below = |block: &Block| match block {
            Block::List { items, .. } => {
                1 + items.iter().map(|item| depth(item)).max().unwrap_or(0)
            }
            Block::Quote(inner) => 1 + depth(inner),
            _ => 0,
        };
        blocks.iter().map(below).max().unwrap_or(0)
    }
    assert!(depth(&blocks) <= DEPTH, "{}", depth(&blocks));
}
