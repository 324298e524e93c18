//! RTF, with the code page of each font, as East Asian and Slavic documents need it.

mod lexer;
mod reader;
mod words;

use super::{Input, Out, Stop};

pub fn extract(input: &mut Input, out: &mut Out) -> Result<(), Stop> {
    write(&input.bytes()?, input.limits.nesting, out)
}

/// Writes RTF that is in memory: the bodies of Outlook.
pub fn write(bytes: &[u8], nesting: u32, out: &mut Out) -> Result<(), Stop> {
    let start = bytes
        .windows(5)
        .take(1024)
        .position(|w| w == b"{\\rtf")
        .or_else(|| bytes.windows(5).take(1024).position(|w| w == b"{\\urt"))
        .ok_or_else(|| Stop::failed("no RTF in it"))?;
    reader::Reader::new(nesting).read(&bytes[start..], out)
}

#[cfg(test)]
mod tests {
    use crate::extract::{Input, Limits, Out, Record, collect::Collected};
    use crate::model::PartKind;
    use proptest::prelude::*;
    use std::io::Write;

    fn read(source: &[u8]) -> Collected {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(source).unwrap();
        let mut input = Input::new(file, "a.rtf", "a.rtf", Limits::default()).unwrap();
        let mut all = Collected::default();
        let mut sink = |record: Record| {
            all.take(record);
            Ok(())
        };
        let mut out = Out::new(&mut sink, Limits::default());
        let _ = super::extract(&mut input, &mut out);
        out.finish().unwrap();
        all
    }

    fn check(body: &str, expected: &str) {
        let source = format!("{{\\rtf1\\ansi\\ansicpg1252 {body}}}");
        assert_eq!(read(source.as_bytes()).text, expected, "{body}");
    }

    #[test]
    fn text_in_the_code_page_of_its_font() {
        check("caf\\'e9\\par", "café\n");
        let fonts = "{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset134 B;}{\\f2\\fcharset238 C;}{\\f3\\fcharset128 D;}}";
        check(&format!("{fonts}\\f1\\'d6\\'d0\\'ce\\'c4\\par"), "中文\n");
        check(&format!("{fonts}\\f2 \\'9elut\\'fd\\par"), "žlutý\n");
        check(&format!("{fonts}\\f3\\'93\\'fa\\'96\\'7b\\par"), "日本\n");
        check(&format!("{fonts}{{\\f1\\'d6}}\\'d0\\par"), "\u{fffd}Ð\n");
        let named =
            "{\\fonttbl{\\f0\\fcharset0 Arial Cyr;}{\\f1 Arial CE;}{\\f2\\fcharset161 B CYR;}}";
        check(&format!("{named}\\f0\\'e4\\'e0 \\f1 p\\'f8ed \\f2\\'e1\\par"), "да před α\n");
    }

    #[test]
    fn unicode_replaces_its_substitute() {
        check("\\u20013?\\u25991?\\par", "中文\n");
        check("\\uc2\\u20013ab\\uc0\\u25991 x\\par", "中文x\n");
        check("\\u-10179?\\u-8704?\\par", "😀\n");
        check("\\u-10179\\uc1 \\u-8704\\'3f\\par", "😀\n");
        check("{\\u-10179 ?}{\\b\\u-8704?}\\par", "😀\n");
        check(
            "\\u-10179?a\\u-10179?\\u-10179?\\u-8704?\\u-10179?\\par",
            "\u{fffd}a\u{fffd}😀\u{fffd}\n",
        );
        check("\\u233\\'e9t\\u233\\'e9\\par", "été\n");
        check("{\\upr{old}{\\*\\ud{new}}}\\par", "new\n");
    }

    #[test]
    fn rows_stay_rows() {
        check(
            "before\\par\\trowd\\intbl a\\cell b\\cell\\row\\trowd\\intbl c\\par d\\cell e\\cell\\row\\pard after\\par",
            "before\na\tb\nc\u{2028}d\te\nafter\n",
        );
    }

    #[test]
    fn what_stands_around_the_text() {
        let all = read(
            b"{\\rtf1{\\info{\\title T}{\\author A}{\\creatim\\yr2020\\mo2\\dy3\\hr4\\min5}}{\\header head\\par}\
              x{\\footnote note}y {\\deleted gone}{\\field{\\*\\fldinst HYPERLINK \"http://a.example/\"}{\\fldrslt link}}\\par}",
        );
        let parts: Vec<_> = all.parts.iter().map(|p| (p.kind, all.part_text(p))).collect();
        assert_eq!(
            parts,
            [
                (PartKind::Header, "head\n"),
                (PartKind::Body, "xy link\n"),
                (PartKind::Footnote, "note\n"),
                (PartKind::Deleted, "gone\n"),
                (PartKind::Body, "link → http://a.example/\n"),
            ]
        );
        let meta: Vec<_> = all.meta.iter().map(|(k, v)| (k.name(), v.as_str())).collect();
        assert_eq!(meta, [("title", "T"), ("author", "A"), ("created", "2020-02-03T04:05:00")]);
    }

    proptest! {
        #[test]
        fn anything_is_survived(words in proptest::collection::vec("[{}]|\\\\(par|cell|row|intbl|u-?[0-9]{1,6}|bin[0-9]{1,3}|field|fldinst|fldrslt|footnote|info|title|fonttbl|f[0-9]|pict|'[0-9a-f]{2}|\\*|object|objdata|shptxt|deleted|trowd|header) ?|[a-z 0-9]{1,5}", 0..60)) {
            read(format!("{{\\rtf1 {}", words.concat()).as_bytes());
        }
    }
}
