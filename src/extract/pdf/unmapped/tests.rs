use super::*;
use crate::extract::collect::Collected;
use crate::extract::office::testing::read;
use crate::extract::pdf::extract;
use crate::extract::pdf::tests::{page, pdf, stream};

/// One page that shows codes in a font, which may have an object below it.
fn shown(codes: &str, font: &str, below: &str) -> Collected {
    read(
        extract,
        &pdf(&[
            "<</Type /Catalog /Pages 2 0 R>>",
            "<</Type /Pages /Kids [3 0 R] /Count 1>>",
            &page(5, ""),
            "null",
            &stream(&format!("BT /F 12 Tf 50 200 Td <{codes}>Tj ET")),
            "null",
            font,
            below,
        ]),
    )
}

/// `Contract` in glyphs that are named so.
fn named(name: impl Fn(char) -> String) -> Collected {
    let names: String = "Contract".chars().map(|c| format!("/{} ", name(c))).collect();
    let font = format!(
        "<</Type /Font /Subtype /Type1 /BaseFont /ABCDEF+Odd /FirstChar 1 /LastChar 8 \
         /Widths [600 600 600 600 600 600 600 600] /Encoding <</Differences [1 {names}]>>>>"
    );
    shown("0102030405060708", &font, "null")
}

#[test]
fn numbers_in_names_of_glyphs_are_characters() {
    let check = |name: fn(char) -> String| {
        let all = named(name);
        assert_eq!((all.text.as_str(), all.warnings.len()), ("Contract\n", 0));
    };
    check(|c| format!("a{}", u32::from(c)));
    check(|c| format!("A{}", u32::from(c)));
    check(|c| format!("C{}", u32::from(c)));
    check(|c| format!("c{}", u32::from(c)));
    check(|c| format!("G{:02X}", u32::from(c)));
    check(|c| format!("g{:04x}", u32::from(c)));
    // What the parser knows goes on as it was.
    check(|c| c.to_string());
    check(|c| format!("uni{:04X}", u32::from(c)));
    // The number of a glyph, which is no character.
    let all = named(|c| format!("glyph{}", u32::from(c)));
    assert_eq!((all.text.as_str(), all.pages_without_text.as_slice()), ("", &["1".to_owned()][..]));
}

/// Letterheads and stamps are drawn as forms, with fonts of their own; a form may name itself.
#[test]
fn fonts_of_forms_get_their_map_too() {
    let names: String = "Contract".chars().map(|c| format!("/a{} ", u32::from(c))).collect();
    let font = format!(
        "<</Type /Font /Subtype /Type1 /BaseFont /ABCDEF+Odd /FirstChar 1 /LastChar 8 \
         /Widths [600 600 600 600 600 600 600 600] /Encoding <</Differences [1 {names}]>>>>"
    );
    let form = |content: &str, resources: &str| {
        format!(
            "<</Type /XObject /Subtype /Form /BBox [0 0 300 300] /Resources <<{resources}>> /Length {}>>\n\
             stream\n{content}\nendstream",
            content.len()
        )
    };
    let all = read(
        extract,
        &pdf(&[
            "<</Type /Catalog /Pages 2 0 R>>",
            "<</Type /Pages /Kids [3 0 R] /Count 1>>",
            "<</Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] \
             /Resources <</XObject <</X 4 0 R>>>> /Contents 5 0 R>>",
            &form("q /Y Do Q", "/XObject <</Y 6 0 R /X 4 0 R>>"),
            &stream("q /X Do Q"),
            &form("BT /F 12 Tf 50 200 Td <0102030405060708>Tj ET", "/Font <</F 7 0 R>>"),
            &font,
        ]),
    );
    assert_eq!(all.text, "Contract\n");
}

#[test]
fn names_say_what_they_can() {
    let check = |name: &str, expected: Option<&str>| {
        assert_eq!(numbered(name, 10).as_deref(), expected, "{name}");
    };
    check("a12", Some("fi"));
    check("a228", Some("ä"));
    check("C151", Some("—"));
    check("g4E2D", Some("中"));
    check("a5", None);
    check("a127", None);
    check("a129", None);
    check("a1000", None);
    check("a", None);
    check("ä12", None);
    check("A", None);
    check("agrave", None);
}

/// Glyphs by numbers, in a font that says nothing else.
fn by_numbers(numbers: impl Iterator<Item = u32>) -> Collected {
    let codes: String = numbers.map(|number| format!("{number:04X}")).collect();
    shown(
        &codes,
        "<</Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Odd /Encoding /Identity-H /DescendantFonts [8 0 R]>>",
        "<</Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Odd /DW 600 \
          /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>>>",
    )
}

#[test]
fn glyphs_in_the_order_of_the_macintosh_are_read() {
    let text = "Second contract, 300000 yuan: payable to the bureau";
    let all = by_numbers(text.chars().map(|c| u32::from(c) - 29));
    assert_eq!((all.text.trim_end(), all.warnings.len()), (text, 0));
}

#[test]
fn numbers_that_are_characters_stay() {
    for text in [
        "Second contract of the bureau, payable in advance",
        "青河项目第二期的付款合同由法务部审核完毕",
    ] {
        let all = by_numbers(text.chars().map(u32::from));
        assert_eq!((all.text.trim_end(), all.warnings.len()), (text, 0));
    }
}

#[test]
fn numbers_that_are_nothing_are_lost_and_counted() {
    // As a subset counts its glyphs: in the order in which they come.
    let text = "青河项目第二期的付款合同由法务部审核完毕请查收";
    let all = by_numbers((1..=text.chars().count() as u32).map(|number| number * 37 % 700 + 300));
    assert_eq!((all.text.as_str(), all.pages_without_text.as_slice()), ("", &["1".to_owned()][..]));
    let said = "23 glyphs on page 1 cannot be read: the file does not say what characters they are";
    assert_eq!(all.warnings, [said]);
}

#[test]
fn languages_are_told_from_numbers() {
    let check = |text: &str, expected: bool| assert_eq!(is_language(text), expected, "{text}");
    check("SGI HQFU\\SWLRQ WHVW SDVVZRUG", false);
    check("PDF ENCRYPTION TEST PASSWORD", true);
    check("ʄћ˼ġĶӄ¯ǣǨ̠lámĦYӱƙƞτSʎŔöÙǷӲǄ", false);
    check("3EVMREGVS[HJYRHWQE\\IHORS[LIV 3VEKMPIWXQYJJMRRSXXLEXWQIPXMRK", false);
    check("\"%2-7,-2+-2(-+31)8)6+332)76)-2())673", false);
    check("2024 30.000,00 1 250 000 17", true);
    check("Der Vertrag wurde am 3. März unterzeichnet, die Lieferung folgt.", true);
    check("договор подписан обеими сторонами", true);
    check("⋹㩓䂁変ꉗの㜃幍䯗㴃㯸㨼㠺", false);
    check("合同簽署完畢，請查收附件", true);
    check("계약서에 서명했습니다", true);
}

#[test]
fn names_of_several_characters_are_all_of_them() {
    let check =
        |name: &str, expected: Option<&str>| assert_eq!(glyphs::text(name).as_deref(), expected);
    check("f_f_i.alt", Some("ffi"));
    check("T_h", Some("Th"));
    check("uni0066_uni0069", Some("fi"));
    check("A.sc", Some("A"));
    check("f_nothing", None);
    check(".notdef", None);
    let font = "<</Type /Font /Subtype /Type1 /BaseFont /ABCDEF+Odd /FirstChar 1 /LastChar 5 \
                /Widths [600 600 600 600 600] /Encoding <</Differences [1 /s /t /u /f_f /space]>>>>";
    assert_eq!(shown("01020304", font, "null").text, "stuff\n");
}

#[test]
fn hexadecimal_numbers_in_names_are_told() {
    let names = |names: &[&str]| radix_of_c(names.iter().copied());
    assert_eq!(names(&["C41", "C4b", "space"]), 16);
    assert_eq!(names(&["C41", "C42"]), 10);
    assert_eq!(names(&["C41", "C4b", "C151"]), 10);
    let all = named(|c| format!("C{:02x}", u32::from(c)));
    assert_eq!(all.text, "Contract\n");
}

/// The encoding of a font stands in its program where the file says none.
#[test]
fn encodings_inside_of_a_font_are_read() {
    let program = "%!PS-AdobeFont-1.0: Odd\n/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for\n\
                   dup 1 /o put\ndup 2/ff put\ndup 8#3 /ffi put\ndup 4 /c put\nreadonly def\ncurrentfile eexec\n";
    let font = "<</Type /Font /Subtype /Type1 /BaseFont /ABCDEF+Odd /FirstChar 1 /LastChar 4 \
                /Widths [600 600 600 600] /FontDescriptor <</Type /FontDescriptor /FontName /ABCDEF+Odd \
                /Flags 4 /FontFile 8 0 R>>>>";
    assert_eq!(shown("010304", font, &stream(program)).text, "offic\n");
}

/// A map in one line, with the line ends of the Macintosh, with a bracket in its name.
#[test]
fn maps_of_the_file_are_read_in_any_arrangement() {
    let font = "<</Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Odd /FirstChar 65 /LastChar 69 \
                /Widths [600 600 600 600 600] /ToUnicode 8 0 R>>";
    let check = |map: &str| {
        assert_eq!(shown("4142434445", font, &stream(map)).text, "开票通知单\n", "{map}")
    };
    check(
        "1 begincodespacerange <41><7A> endcodespacerange 5 beginbfchar <41><5F00> <42><7968> \
         <43><901A> <44><77E5> <45><5355> endbfchar",
    );
    check(
        "/CIDSystemInfo <</Ordering (UC>)>> def\r1 begincodespacerange\r<00><FF>\rendcodespacerange\r\
         1 beginbfrange\r<41><45>[<5F00><7968>\r<901A><77E5>\r<5355>]endbfrange\r",
    );
    check(
        "1 begincodespacerange\n<00><FF>\nendcodespacerange\n3 beginbfrange\n<41><41><5F00> <42><43>\
         [<7968><901A>] <44><44><77E5> <45><45><5355>\nendbfrange\n",
    );
}
