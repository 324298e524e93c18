//! Tables of a case: windows of rows, orders and figures agree with the table read in one go.

use crate::ingest::Bench;
use casebook::case::{Condition, RowOrder, TableRow, TableView, Variant};
use casebook::model::DocumentId;
use casebook::model::document::Part;
use std::sync::atomic::AtomicBool;

const ROWS: u64 = 30_000;

/// About 1.5 MB, so that rows lie over the borders of chunks.
fn table() -> (Bench, Variant, Part) {
    let bench = Bench::new();
    let mut csv = "编号,客户,金额\n".to_owned();
    for row in 0..ROWS {
        let customer = ["青河市某局", "川江科技", "\"north, \nbranch\""][row as usize % 3];
        let amount = match row % 5 {
            0 => String::new(),
            1 => format!("{}万", row % 100),
            _ => format!("{}", row % 1000),
        };
        csv.push_str(&format!("QH-{row:06},{customer},{amount}\n"));
    }
    bench.write("ledger.csv", csv);
    bench.add();
    let document = bench.case.document(DocumentId(1)).unwrap();
    let mut variant = document.variants[0].clone();
    let table = variant.parts.remove(0);
    (bench, variant, table)
}

fn never() -> AtomicBool {
    AtomicBool::new(false)
}

fn all(bench: &Bench, variant: &Variant, table: &Part) -> Vec<TableRow> {
    let text = bench.case.text(variant, 0..variant.bytes).unwrap().text;
    let mut at = table.start;
    let mut rows = Vec::new();
    for (number, line) in text.lines().enumerate() {
        rows.push(TableRow {
            number: number as u64,
            start: at,
            text: line.to_owned(),
            is_cut: false,
        });
        at += line.len() as u64 + 1;
    }
    rows
}

#[test]
fn windows_orders_and_figures_agree_with_the_whole() {
    let (bench, variant, table) = table();
    let whole = all(&bench, &variant, &table);
    assert_eq!(whole.len() as u64, ROWS + 1);
    for start in [0, 1, 777, 12_345, ROWS - 3, ROWS + 5] {
        let slice = bench.case.table_rows(&variant, &table, start..start + 40).unwrap();
        assert_eq!(slice.total, ROWS + 1);
        let expected: Vec<&TableRow> = whole.iter().skip(start as usize).take(40).collect();
        assert_eq!(slice.rows.iter().collect::<Vec<_>>(), expected, "from {start}");
        if let Some(row) = slice.rows.first() {
            let at = bench.case.table_row_at(&variant, &table, row.start + 2).unwrap();
            assert_eq!(at, start);
        }
    }
    // Sorted by amount, only those of one customer.
    let condition = Condition { column: 1, typed: "川江".to_owned() };
    let view =
        TableView { header: Some(0), sort: Some((2, true)), conditions: vec![condition.clone()] };
    let order: RowOrder = bench.case.table_order(&variant, &table, &view, &never()).unwrap();
    assert_eq!(order.len(), ROWS / 3);
    let rows = bench.case.ordered_rows(&variant, &table, &order, 0..3).unwrap();
    let amounts: Vec<&str> = rows.iter().map(|row| row.cells().nth(2).unwrap()).collect();
    assert_eq!(amounts, ["96万"; 3], "ties stand as in the table");
    assert!(rows.windows(2).all(|pair| pair[0].number < pair[1].number));
    assert_eq!(rows[0], whole[rows[0].number as usize]);
    let last = bench.case.ordered_rows(&variant, &table, &order, ROWS / 3 - 1..ROWS).unwrap();
    assert_eq!(last.len(), 1);
    assert_eq!(last[0].cells().nth(2), Some(""), "what is empty stands last");
    assert_eq!(order.place_of(rows[2].number), Some(2));
    // Figures over the same rows.
    let figures = bench
        .case
        .column_figures(&variant, &table, Some(0), 2, std::slice::from_ref(&condition), &never())
        .unwrap();
    let of_customer = (0..ROWS).filter(|row| row % 3 == 1);
    let value = |row: u64| match row % 5 {
        0 => None,
        1 => Some(row % 100 * 10_000),
        _ => Some(row % 1000),
    };
    let expected: u64 = of_customer.clone().filter_map(value).sum();
    assert_eq!(figures.rows, ROWS / 3);
    assert_eq!(figures.empty, of_customer.filter(|row| value(*row).is_none()).count() as u64);
    assert_eq!(figures.units.len(), 1);
    let sum = figures.units[0].sum.total().unwrap().value.to_int();
    assert_eq!(sum, Some(u128::from(expected)));
    assert!(!figures.has_more && figures.values[0].rows >= figures.values[1].rows);
    let stopped = AtomicBool::new(true);
    assert!(bench.case.table_order(&variant, &table, &view, &stopped).is_err());
}
