use super::*;
use encoding_rs::{BIG5, EUC_JP, EUC_KR, GB18030, GBK, ISO_2022_JP, KOI8_R, SHIFT_JIS, UTF_8};
use encoding_rs::{WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1257};
use proptest::prelude::*;

fn check(bytes: &[u8], text: &str, encoding: &str) {
    let decoded = decode(bytes, None);
    assert_eq!((decoded.text.as_str(), decoded.encoding.as_str()), (text, encoding));
    assert_eq!(decoded.warnings, Vec::<String>::new());
    assert!(is_text(bytes, true), "{text}");
}

fn check_encoded(text: &str, encoding: &'static Encoding) {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy);
    check(&bytes, text, encoding.name());
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

const CHINESE: &str = "合同编号：甲方应于本协议签订之日起十五日内支付全部款项。\n";

#[test]
fn usual_encodings_are_told_apart() {
    check_encoded(CHINESE, GBK);
    check_encoded("系统会议数据收到会议合同 | сделал сервер ок доступ привет готово\n", GBK);
    check_encoded("琥珀鯨魚游過寒冷的海灣，燈塔下的文件已經歸檔。\n", BIG5);
    check_encoded("こはくのクジラは冷たい湾を泳ぎます。\n", SHIFT_JIS);
    check_encoded("こはくのクジラは冷たい湾を泳ぎます。\n", EUC_JP);
    check_encoded("こはくのクジラは冷たい湾を泳ぎます。\n", ISO_2022_JP);
    check_encoded("호박 고래가 차가운 만을 헤엄칩니다.\n", EUC_KR);
    check_encoded("янтарный кит плывёт по холодному заливу\n", WINDOWS_1251);
    check_encoded("янтарный кит плывет по холодному заливу\n", KOI8_R);
    check_encoded("Größe der Bernsteinwale: übermäßig\n", WINDOWS_1252);
    check_encoded("plain\n", UTF_8);
    check_encoded(CHINESE, UTF_8);
}

#[test]
fn letters_of_one_language_tell_its_encoding() {
    check_encoded(
        "Läbirääkimised prokuröriga jäid pooleli, šefi garaažis on žürii.\n",
        WINDOWS_1257,
    );
    check_encoded(
        "A szerződést később írták alá, a felek egyetértettek, különös tűz.\n",
        WINDOWS_1250,
    );
    check_encoded(
        "Samningurinn var undirritaður í dag og þeir fóru heim með bréfið.\n",
        WINDOWS_1252,
    );
    check_encoded("As questões são difíceis, põe milhões de ações à disposição.\n", WINDOWS_1252);
    check_encoded("Le contrat a été signé en août, bien sûr, à la fin du mois.\n", WINDOWS_1252);
    let hebrew = "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{5e8}\u{5d1} \u{5dc}\u{5da} \u{5d7}\u{5d1}\u{5e8}\u{5d9}\u{5dd} \u{5d4}\u{5d7}\u{5d5}\u{5d6}\u{5d4} \u{5de}\u{5d5}\u{5db}\u{5df}\n";
    let bytes: Vec<u8> = hebrew
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or_else(|_| (u32::from(c) - 0x5d0) as u8 + 0x80))
        .collect();
    check(&bytes, hebrew, "IBM862");
}

#[test]
fn characters_of_no_meaning_are_told() {
    let odd =
        [GBK.encode("合同编号：甲方应于本协议签订之日起十五日内").0.as_ref(), b"\xaa\xa1"].concat();
    let decoded = decode(&odd, None);
    assert_eq!(decoded.warnings.len(), 1, "{decoded:?}");
    assert!(decoded.warnings[0].contains("probably not"), "{decoded:?}");
}

#[test]
fn wide_encodings_are_seen_with_and_without_a_mark() {
    for text in [CHINESE, "plain text\n", "смешанный текст 混合\n", "\u{1f642} ok\n"]
    {
        check(&utf16(text, u16::to_le_bytes), text, "UTF-16LE");
        check(&utf16(text, u16::to_be_bytes), text, "UTF-16BE");
        check(&utf16(&format!("\u{feff}{text}"), u16::to_le_bytes), text, "UTF-16LE");
        check(&utf16(&format!("\u{feff}{text}"), u16::to_be_bytes), text, "UTF-16BE");
        let long = |to_bytes: fn(u32) -> [u8; 4]| -> Vec<u8> {
            text.chars().flat_map(|char| to_bytes(char.into())).collect()
        };
        check(&long(u32::to_le_bytes), text, "UTF-32LE");
        check(&long(u32::to_be_bytes), text, "UTF-32BE");
    }
    // Only Han, no line end: not one NUL.
    check(&utf16("琥珀鲸鱼合同编号", u16::to_le_bytes), "琥珀鲸鱼合同编号", "UTF-16LE");
    for text in
        ["これは日本語の文章です。東京タワーへ行きました", "ประชุมที่กรุงเทพตอนบ่าย", "Совещание"]
    {
        check(&utf16(text, u16::to_le_bytes), text, "UTF-16LE");
        check(&utf16(text, u16::to_be_bytes), text, "UTF-16BE");
    }
    check(b"A0B0C0D0E0F0", "A0B0C0D0E0F0", "UTF-8");
    check(b"1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\n3\n4\n5\n6\n7\n8\n", "UTF-8");
    check(b"\xef\xbb\xbfx", "x", "UTF-8");
    // Is UTF-16 of Han letters, too.
    check(b"Bush hid the facts", "Bush hid the facts", "UTF-8");
}

#[test]
fn two_encodings_in_one_file_are_read_line_by_line() {
    let mut bytes = "时间 12:00 琥珀\n".as_bytes().to_vec();
    bytes.extend_from_slice(&GBK.encode("时间 12:01 鲸鱼游过海湾\n").0);
    let decoded = decode(&bytes, None);
    assert_eq!(decoded.text, "时间 12:00 琥珀\n时间 12:01 鲸鱼游过海湾\n");
    assert_eq!(decoded.encoding, "UTF-8 and GBK");
    assert_eq!(decoded.warnings.len(), 1);
}

#[test]
fn one_broken_character_leaves_the_rest() {
    let mut bytes = CHINESE.repeat(3).into_bytes();
    bytes[CHINESE.len() + 1] = b'x';
    let decoded = decode(&bytes, None);
    assert_eq!(decoded.encoding, "UTF-8");
    assert!(decoded.text.starts_with(CHINESE) && decoded.text.ends_with(CHINESE));
    assert_eq!(decoded.warnings, ["2 bytes could not be decoded and are shown as \u{fffd}"]);
}

#[test]
fn a_declaration_is_believed_as_long_as_the_bytes_agree() {
    let check =
        |text: &str, real: &'static Encoding, declared: &str, used: &str, warnings: usize| {
            let decoded = decode(&real.encode(text).0, Some(declared));
            assert_eq!((decoded.text.as_str(), decoded.encoding.as_str()), (text, used));
            assert_eq!(decoded.warnings.len(), warnings, "{:?}", decoded.warnings);
        };
    check("кит", WINDOWS_1251, "windows-1251", "windows-1251", 0);
    check("é", WINDOWS_1252, "iso-8859-1", "windows-1252", 0);
    check(CHINESE, GBK, "gb2312", "GBK", 0);
    check(CHINESE, UTF_8, "gb2312", "UTF-8", 1);
    check(CHINESE, GBK, "utf-8", "GBK", 1);
    check(CHINESE, GBK, "iso-8859-1", "GBK", 1);
    check(CHINESE, GBK, "x-no-such-thing", "GBK", 1);
    check("plain", UTF_8, "utf-16", "UTF-8", 0);
}

#[test]
fn binary_is_no_text() {
    let mut state = 1u64;
    let mut noise = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let noise: Vec<u8> = (0..4096).map(|_| noise()).collect();
    assert!(!is_text(&noise, true));
    assert!(!is_text(&[0; 100], true));
    assert!(!is_text(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0>\0\x01\0\0\0", true));
    assert!(is_text(b"line \xb5\xda\xb6\xfe\xd0\xd0 of GBK\n\xff\xfe\0bad bytes\n", true));
    assert!(is_text(b"", true));
    assert!(is_text(b"a log\n\0\0\0and more of the log\n", true));
}

proptest! {
    /// With a detector or without.
    #[test]
    fn what_is_stated_truly_needs_no_detector(
        lines in prop::collection::vec("[a-z ]{0,9}[合同甲方應支付款項こはアカムаеяżü한국日本]{0,12}", 1..8),
        written in prop::collection::vec(prop::sample::select(vec![
            UTF_8, GBK, BIG5, SHIFT_JIS, EUC_JP, EUC_KR, WINDOWS_1251, WINDOWS_1250,
        ]), 8),
        stated in prop::sample::select(vec![
            "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr", "koi8-r", "iso-2022-jp",
            "windows-1251", "windows-1252", "iso-8859-2", "utf-8", "utf-16", "no such",
        ]),
        is_mixed: bool,
    ) {
        let mut bytes = Vec::new();
        for (line, encoding) in lines.iter().zip(&written) {
            let encoding = if is_mixed { encoding } else { &written[0] };
            bytes.extend_from_slice(&encoding.encode(line).0);
            bytes.push(b'\n');
        }
        let mut survey = Survey::new();
        survey.feed(&bytes);
        prop_assert_eq!(guess(&bytes, Some(stated)), survey.finish(Some(stated)));
    }

    /// Cutting the bytes anywhere changes nothing.
    #[test]
    fn pieces_decode_as_the_whole(text in "[ -~一-丠а-я\n]{0,200}", which in 0usize..6, cut in 1usize..64) {
        let encoding = [UTF_8, GB18030, BIG5, SHIFT_JIS, WINDOWS_1251, EUC_KR][which];
        let bytes = encoding.encode(&text).0.into_owned();
        let whole = decode(&bytes, None);
        let mut survey = Survey::new();
        bytes.chunks(cut).for_each(|piece| survey.feed(piece));
        let guess = survey.finish(None);
        let mut decoder = Decoder::new(&guess);
        let mut text = String::new();
        bytes.chunks(cut).for_each(|piece| decoder.decode(piece, false, &mut text));
        decoder.decode(&[], true, &mut text);
        prop_assert_eq!(guess.charset.name(), whole.encoding);
        prop_assert_eq!(text, whole.text);
    }

    /// UTF-8 always comes back as it is.
    #[test]
    fn utf8_is_never_lost(text in "\\PC{0,100}\n") {
        prop_assert_eq!(decode(text.as_bytes(), None).text, text.trim_start_matches('\u{feff}'));
    }

    /// Any bytes decode to something.
    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..400), declared in "[a-z0-9-]{0,12}") {
        decode(&bytes, Some(&declared));
        is_text(&bytes, true);
    }
}

#[test]
fn chinese_in_seven_bits_is_told_from_tildes() {
    let text = decode(b"Subject\n~{VPND~} and ~~\n~{:OM,~}.\n", None);
    assert_eq!(
        (text.text.as_str(), text.encoding.as_str()),
        ("Subject\n中文 and ~\n合同.\n", "HZ-GB-2312")
    );
    // Other tildes beside it, and a run whose end was lost.
    let more = decode(b"see ~{ and ~user\n~{:OM,VPND:OM,~} ~{x\n", None);
    assert_eq!(
        (more.text.as_str(), more.encoding.as_str()),
        ("see ~{ and ~user\n合同中文合同 ~{x\n", "HZ-GB-2312")
    );
    assert_eq!(hz::decode(b"~{VPND\nnext"), "中文\nnext");
    for plain in ["a ~{ b", "x = ~{flags}; y = ~}", "~{abc~}", "~{!!~} ~{zz~}", "~{VPND~} ~{ x"] {
        let read = decode(plain.as_bytes(), None);
        assert_eq!((read.text.as_str(), read.encoding.as_str()), (plain, "UTF-8"), "{plain}");
    }
}

#[test]
fn cyrillic_of_other_machines() {
    let text =
        "Съешь ещё этих мягких французских булок, да выпей чаю. Москва, договор о поставке.\n";
    let check = |bytes: &[u8], name: &str| {
        let read = decode(bytes, None);
        assert_eq!((read.encoding.as_str(), read.text.as_str()), (name, text));
    };
    let dos: Vec<u8> = text
        .chars()
        .map(|c| {
            (0..=255)
                .find(|byte| dos::decode(&[*byte], 855).as_deref() == Some(&c.to_string()))
                .unwrap()
        })
        .collect();
    check(&dos, "IBM855");
    let (windows, _, _) = WINDOWS_1251.encode(text);
    check(&windows, "windows-1251");
    let declared = decode(&dos, Some("ibm855"));
    assert_eq!((declared.text.as_str(), declared.warnings.len()), (text, 0));
    let (mac, _, _) = encoding_rs::X_MAC_CYRILLIC.encode(text);
    assert_eq!(decode(&mac.repeat(3), None).encoding, "x-mac-cyrillic");
    assert_eq!(decode(b"\x1b$)C\n\x0e1[\x0f ok\n", None).text, "\n글 ok\n");
}

/// Bytes of a text in a set of one byte a character.
fn encoded(text: &str, decode: &dyn Fn(&[u8]) -> String) -> Vec<u8> {
    let byte = |c: char| {
        (0..=255u8).find(|byte| decode(&[*byte]).chars().eq([c])).unwrap_or_else(|| panic!("{c}"))
    };
    text.chars().map(byte).collect()
}

#[test]
fn letters_tell_the_sets_that_no_page_of_the_web_uses() {
    let check = |text: &str, name: &str, decode: &dyn Fn(&[u8]) -> String| {
        let read = super::decode(&encoded(text, decode), None);
        assert_eq!((read.text.as_str(), read.encoding.as_str()), (text, name));
        let judged = |warning: &String| warning.contains("judged by its letters");
        assert!(read.warnings.iter().any(judged), "{name}: {:?}", read.warnings);
    };
    let dos = |page: u32| move |bytes: &[u8]| dos::decode(bytes, page).unwrap();
    let page = |page: pages::Page| move |bytes: &[u8]| page.decode(bytes);
    let mac =
        |bytes: &[u8]| encoding_rs::MACINTOSH.decode_without_bom_handling(bytes).0.into_owned();
    let german = "Die Prüfung der Verträge über größere Mengen wurde für Dienstag angekündigt.\n";
    check(german, "IBM850", &dos(850));
    check(german, "macintosh", &mac);
    let czech = "Platba byla včera převedena na účet, ale zpráva říká, že ještě něco chybí.\n";
    check(czech, "IBM852", &dos(852));
    check(czech, "x-mac-ce", &page(pages::Page::MacLatin2));
    let turkish = "Sözleşme dün imzalandı, ödeme yarın yapılacak; müşteri şifreyi değiştirdi.\n";
    check(turkish, "IBM857", &dos(857));
    check(turkish, "x-mac-turkish", &page(pages::Page::MacTurkish));
    let greek = "Η σύμβαση υπογράφηκε χθες και τα χρήματα θα σταλούν αύριο στον λογαριασμό.\n";
    check(greek, "IBM737", &dos(737));
    let vietnamese = "Hợp đồng đã được ký kết hôm qua, số tiền sẽ được chuyển vào tài khoản.\n";
    check(vietnamese, "VISCII", &page(pages::Page::Viscii));
    check(vietnamese, "TCVN5712-1", &page(pages::Page::Tcvn));
    let ukrainian = "Договір підписано вчора, її гроші буде переказано на рахунок підприємства.\n";
    check(ukrainian, "IBM1125", &dos(1125));
    let known = |encoding: &'static encoding_rs::Encoding| {
        move |bytes: &[u8]| encoding.decode_without_bom_handling(bytes).0.into_owned()
    };
    let estonian = "Leping allkirjastati eile, žürii ja šahti õigused makstakse pärast välja.\n";
    check(estonian, "ISO-8859-15", &known(encoding_rs::ISO_8859_15));
    let latvian =
        "Līgums tika parakstīts vakar, nauda tiks pārskaitīta uz uzņēmuma kontu šādā ēkā.\n";
    check(latvian, "ISO-8859-10", &known(encoding_rs::ISO_8859_10));
}

#[test]
fn what_could_be_another_set_as_well_says_so() {
    // Small letters of these stand at the same places; nothing tells the two capitals.
    let read = decode(b"\x80 \xe5\xf1\xf2\xfc \x84\xee\xec\n", None);
    assert_eq!(read.warnings.len(), 1, "{read:?}");
    assert!(read.warnings[0].starts_with("nothing says how it is written"), "{read:?}");
    assert!(decode(b"caf\xe9 au lait\n", None).warnings.is_empty());
}

#[test]
fn seven_bits_and_korean_of_dos_are_read() {
    check(b"\x1b$)A\x0e:OM,\x0f ok \x1b$)A\x0e1`:E\x0f\n", "合同 ok 编号\n", "ISO-2022-CN");
    check(b"\x1b$)A\x0e:O\x1b$)GR|\x0f ok\n", "合約 ok\n", "ISO-2022-CN");
    check(b"Dear +T2BZfQ, +bF9d8mU2UjA!\n", "Dear 你好, 江已收到!\n", "UTF-7");
    let declared = decode(b"+T2BZfQ- x\n", Some("utf-7"));
    assert_eq!((declared.text.as_str(), declared.warnings.len()), ("你好 x\n", 0));
    for plain in ["1+1=2", "C++ and a+b", "tel +49 30 1234", "x +AGE- y", "a+b-", "q=+abcd-"] {
        assert_eq!(decode(plain.as_bytes(), None).text, plain);
    }
    let korean = "이 파일은 한글로 쓰여 있다. 계약서는 어제 서명되었고 돈은 내일 보낸다고 하는 이야기이다.\n";
    let bytes =
        b"\xb7\xa1 \xcca\xb7\xa9\xb7e \xd0e\x8bi\x9d\xa1 \xb3a\xb5a \xb7\xb6\x94a. \x89\x81\xb4\
        \xa2\xac\xe1\x93e \xb4\xe1\xb9A \xac\xe1\xa1w\x96A\xb4\xf6\x89\xa1 \x95\xa5\xb7e \x90\
        \x81\xb7\xa9 \xa5\xa1\x90\x85\x94a\x89\xa1 \xd0a\x93e \xb7\xa1\xb4\xa1\x8b\xa1\xb7\xa1\
        \x94a.\n";
    check(bytes, korean, "Johab");
}

/// Rare syllables are spelt out in KS X 1001, a filler and three letters; in EUC-JP these are kana.
#[test]
fn spelt_out_syllables_of_korean_are_no_kana() {
    let text = "고래는 차가운 바다에서 호박을 먹고 노래합니다. 우리는 배를 타고 섬으로 갑니다.\n";
    let mut bytes = EUC_KR.encode(text).0.into_owned();
    for _ in 0..3 {
        bytes.extend(b"\xa4\xd4\xa4\xb6\xa4\xd0\xa4\xd4");
    }
    let decoded = decode(&bytes, None);
    assert!(decoded.text.starts_with(text), "{}: {}", decoded.encoding, decoded.text);
}
