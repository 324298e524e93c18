//! Whole workbooks, small enough to be read here.

use super::{cell_name, parse_cell, spreadsheetml, xls, xlsx};
use crate::extract::collect::Collected;
use crate::extract::office::testing::{ole, parts, read, relationships, zipped};
use crate::model::{PartKind, State};

fn workbook(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let mut all = vec![
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name='台账' r:id='r1'/><sheet name='隐藏' state='veryHidden' r:id='r2'/></sheets></workbook>",
        ),
        ("xl/worksheets/sheet1.xml", sheet),
        (
            "xl/worksheets/sheet2.xml",
            "<worksheet><sheetData><row><c t='inlineStr'><is><t>below the water</t></is></c></row></sheetData></worksheet>",
        ),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>plain</t></si><si><r><t>ri</t></r><r><t>ch</t></r><rPh><t>phonetic</t></rPh></si><si><t>a_x000D_b_x0041_</t></si></sst>",
        ),
        (
            "xl/styles.xml",
            "<styleSheet><numFmts><numFmt numFmtId='164' formatCode='#,##0.00\"元\"'/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/><xf numFmtId='10'/></cellXfs></styleSheet>",
        ),
    ];
    let rels = relationships(&[
        ("r1", "worksheet", "worksheets/sheet1.xml"),
        ("r2", "worksheet", "worksheets/sheet2.xml"),
        ("r3", "sharedStrings", "sharedStrings.xml"),
        ("r4", "styles", "styles.xml"),
    ]);
    all.push(("xl/_rels/workbook.xml.rels", &rels));
    all.extend(more);
    zipped(&all)
}

#[test]
fn cells_as_they_look() {
    let sheet = "<worksheet><sheetData>\
        <row r='2'><c r='B2' t='s'><v>0</v></c><c r='C2' t='s'><v>1</v></c><c r='D2' t='s'><v>2</v></c></row>\
        <row r='3'><c r='B3' s='1'><v>39219</v></c><c r='C3' s='2'><v>1871500</v></c><c r='D3' s='3'><v>0.125</v></c><c r='E3' t='b'><v>1</v></c><c r='F3' t='e'><v>#N/A</v></c><c r='G3'><f>SUM(A1)</f></c></row>\
        <row r='500'><c r='A500' t='str'><v>far</v></c></row>\
        </sheetData><hyperlinks><hyperlink ref='B2' r:id='h'/></hyperlinks><headerFooter><oddHeader>&amp;LTop secret&amp;P</oddHeader></headerFooter></worksheet>";
    let more = [
        (
            "xl/worksheets/_rels/sheet1.xml.rels",
            &relationships(&[
                ("h", "hyperlink", "http://a.example/"),
                ("c", "comments", "../comments1.xml"),
                ("d", "drawing", "../drawings/d.xml"),
            ]) as &str,
        ),
        (
            "xl/comments1.xml",
            "<comments><authors><author>Mara</author></authors><commentList><comment ref='C3' authorId='0'><text><r><t>too </t></r><r><t>much</t></r></text></comment></commentList></comments>",
        ),
        (
            "xl/drawings/d.xml",
            "<xdr:wsDr><xdr:sp><xdr:txBody><a:p><a:r><a:t>box</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>",
        ),
    ];
    let all = read(xlsx, &workbook(sheet, &more));
    assert_eq!(
        parts(&all),
        [
            (
                PartKind::Sheet,
                "台账",
                "plain\trich\tabA\n5/17/07 [2007-05-17]\t1,871,500.00元\t12.50%\tTRUE\t#N/A\t=SUM(A1)\n"
            ),
            (PartKind::Sheet, "台账", "far\n"),
            (PartKind::Header, "台账", "Top secret\n"),
            (PartKind::Comment, "Mara", "Mara, 台账!C3\ntoo much\n"),
            (PartKind::TextBox, "台账", "box\n"),
            (PartKind::Sheet, "隐藏", "below the water\n"),
            (PartKind::Body, "sheets", "台账\n隐藏\n"),
            (PartKind::Comment, "readings", "rich phonetic\n"),
            (PartKind::Body, "links", "台账!B2 → http://a.example/\n"),
        ]
    );
    assert_eq!((all.parts[0].origin, all.parts[1].origin), ((2, 2), (500, 1)));
    assert!(all.parts[5].hidden && !all.parts[0].hidden);
}

#[test]
fn a_workbook_of_names_alone_stays_empty() {
    let named = |name: &str| {
        let workbook =
            format!("<workbook><sheets><sheet name='{name}' r:id='r1'/></sheets></workbook>");
        let all = zipped(&[
            ("xl/workbook.xml", &workbook),
            ("xl/_rels/workbook.xml.rels", &relationships(&[("r1", "worksheet", "s.xml")])),
            ("xl/s.xml", "<worksheet><sheetData/></worksheet>"),
        ]);
        read(xlsx, &all).text
    };
    assert_eq!((named("Sheet1"), named("Лист 2")), (String::new(), String::new()));
    assert_eq!(named("安平公司 (2019)"), "安平公司 (2019)\n");
}

/// Records of an old workbook.
#[derive(Default)]
struct Records(Vec<u8>);

impl Records {
    fn add(mut self, number: u16, data: &[u8]) -> Self {
        self.0.extend(number.to_le_bytes());
        self.0.extend((data.len() as u16).to_le_bytes());
        self.0.extend(data);
        self
    }
}

fn shorts(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn old_workbook(cells: Records) -> Vec<u8> {
    let bof = shorts(&[0x600, 5, 0, 0]);
    let globals = |offset: u32| {
        let mut sheet = offset.to_le_bytes().to_vec();
        sheet.extend([0, 0, 2, 1]);
        sheet.extend("台账".encode_utf16().flat_map(u16::to_le_bytes));
        let mut strings = 1u32.to_le_bytes().to_vec();
        strings.extend(1u32.to_le_bytes());
        strings.extend([5, 0, 0, b's', b'h', b'a', b'r']);
        Records::default()
            .add(0x809, &bof)
            .add(0x41e, &[&shorts(&[164, 8])[..], &[0], b"0.00\" K\""].concat())
            .add(0xe0, &shorts(&[0, 0]))
            .add(0xe0, &shorts(&[0, 164]))
            .add(0x85, &sheet)
            .add(0xfc, &strings)
            .add(0x3c, &[0, b'e'])
            .add(0x0a, &[])
    };
    let length = globals(0).0.len() as u32;
    let mut all = globals(length).0;
    all.extend(Records::default().add(0x809, &shorts(&[0x600, 0x10, 0, 0])).0);
    all.extend(cells.0);
    all
}

fn read_old(cells: Records) -> Collected {
    read(xls, &ole(&[("/Workbook", &old_workbook(cells))]))
}

#[test]
fn old_workbooks() {
    let number = |row: u16, column: u16, style: u16, value: f64| {
        [shorts(&[row, column, style]), value.to_le_bytes().to_vec()].concat()
    };
    let mut formula = shorts(&[2, 0, 0]);
    formula.extend([0, 0, 0, 0, 0, 0, 0xff, 0xff]);
    let note_object = [shorts(&[0x15, 0x12, 0x19, 7])].concat();
    let mut text_head = vec![0; 18];
    text_head[10] = 2;
    let mut note = shorts(&[0, 0, 0, 7]);
    note.extend([4, 0, 0]);
    note.extend(b"Mara");
    let cells = Records::default()
        .add(0xfd, &[shorts(&[0, 0, 0]), 0u32.to_le_bytes().to_vec()].concat())
        .add(0x203, &number(0, 1, 1, 12.5))
        .add(
            0xbd,
            &[
                shorts(&[1, 0, 0]),
                (7u32 << 2 | 2).to_le_bytes().to_vec(),
                shorts(&[0]),
                (8u32 << 2 | 2).to_le_bytes().to_vec(),
                shorts(&[1]),
            ]
            .concat(),
        )
        .add(0x06, &formula)
        .add(0x207, &[&shorts(&[1])[..], &[1, 0x2d, 0x4e]].concat())
        .add(0x5d, &note_object)
        .add(0x1b6, &text_head)
        .add(0x3c, &[0, b'h', b'i'])
        .add(0x1c, &note)
        .add(0x0a, &[]);
    let all = read_old(cells);
    assert_eq!(
        parts(&all),
        [
            (PartKind::Sheet, "台账", "share\t12.50 K\n7\t8\n中\n"),
            (PartKind::Comment, "Mara", "Mara, 台账!A1\nhi\n"),
            (PartKind::Body, "sheets", "台账\n"),
        ]
    );
    assert!(all.warnings.is_empty(), "{:?}", all.warnings);
}

#[test]
fn old_workbooks_that_break_off_or_are_locked() {
    let cut = Records::default().add(0x204, &[&shorts(&[0, 0, 0, 2])[..], b"\0ok"].concat());
    let all = read_old(cut);
    assert!(all.text.starts_with("ok\n"), "{}", all.text);
    assert!(all.warnings[0].contains("ends in the middle"));
    let locked = Records::default().add(0x809, &shorts(&[0x600, 5])).add(0x2f, &[0, 0, 1, 2, 3, 4]);
    assert_eq!(read(xls, &ole(&[("/Workbook", &locked.0)])).state(), State::Encrypted);
    assert_eq!(read(xls, b"\xd0\xcf\x11\xe0 and nothing").state(), State::Failed);
}

#[test]
fn sheets_are_written_as_their_workbook_says() {
    let globals = |offset: u32| {
        Records::default()
            .add(0x809, &shorts(&[0x500, 5]))
            .add(0x42, &shorts(&[1253]))
            .add(0x85, &[&offset.to_le_bytes()[..], b"\0\0\x05Names"].concat())
            .add(0x0a, &[])
    };
    let offset = globals(0).0.len() as u32;
    let book = globals(offset)
        .add(0x809, &shorts(&[0x600, 0x10]))
        .add(0x204, &[&shorts(&[0, 0, 0, 3])[..], b"\xd0\xf1\xef"].concat())
        .add(0x0a, &[]);
    let all = read(xls, &ole(&[("/BOOK", &book.0)]));
    assert_eq!(parts(&all)[0], (PartKind::Sheet, "Names", "Προ\n"));
}

#[test]
fn workbooks_in_one_xml_file() {
    let xml = "<Workbook><Styles><Style ss:ID='p'><NumberFormat ss:Format='Percent'/></Style></Styles>\
        <Worksheet ss:Name='S'><Table><Row ss:Index='3'><Cell><Data ss:Type='String'>甲</Data></Cell>\
        <Cell ss:Index='3' ss:StyleID='p'><Data ss:Type='Number'>0.5</Data><Comment ss:Author='M'><ss:Data>half</ss:Data></Comment></Cell></Row></Table></Worksheet></Workbook>";
    let all = read(spreadsheetml, xml.as_bytes());
    assert_eq!(
        parts(&all),
        [
            (PartKind::Sheet, "S", "甲\t\t50.00%\n"),
            (PartKind::Comment, "M", "M, S!C3\nhalf\n"),
            (PartKind::Body, "sheets", "S\n"),
        ]
    );
    assert_eq!(all.parts[0].origin, (3, 1));
}

#[test]
fn cell_names_round_trip() {
    for (row, column, name) in
        [(1, 1, "A1"), (7, 26, "Z7"), (7, 27, "AA7"), (1_048_576, 16_384, "XFD1048576")]
    {
        assert_eq!(cell_name(row, column), name);
        assert_eq!(parse_cell(name), Some((row, column)));
    }
    assert_eq!(parse_cell("$B$7"), Some((7, 2)));
    for wrong in ["", "A", "7", "1A", "A-1", "ZZZZZZZZZZ1"] {
        assert_eq!(parse_cell(wrong), None, "{wrong}");
    }
}
