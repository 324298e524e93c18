//! What WhatsApp writes in place of a message, in the languages it is written in.

/// Stems of "left out" in a body like `<Media omitted>` or `image omitted`.
#[rustfmt::skip]
const OMITTED: &[&str] = &[
    "omitted", "omitid", "omiss", "omess", "médias omis", "média omis", "weggelassen", "ausgeschlossen",
    "weggelaten", "ocult", "não revelado", "absente", "absent", "absinte", "omesos", "omesa", "omès",
    "пропущен", "отсутств", "исключен", "без медиа", "пропуснат", "не додано", "без мультимеді",
    "dahil edilmedi", "edilmədi", "pominięt", "utelämna", "udelad", "udeladt", "utelatt",
    "utelat", "vynechán", "vynechan", "kihagy", "mellőz", "hiányz", "dikecualikan", "пропусн", "jätetty pois", "poistettu", "忽略",
    "略過", "略过", "省略", "已省略", "含まれていません", "除外", "생략", "제외", "tidak disertakan", "dihilangkan",
    "tidak disertai", "bỏ qua", "השמט", "הושמט", "לא נכלל", "استبعاد", "محذوف", "حذف", "παραλείφθ",
    "παραλείφ", "jätettiin pois", "media omis", "neuključ", "неукључ", "изостав", "искључ",
    "изключ", "vylúč", "vynech", "vyloučen", "kizár", "nélkül", "ikke inkluder",
    "inte inkluder", "נשמט", "شامل نہیں", "چھوڑ", "বাদ",
    "তুলে", "தவிர்", "நீக்க", "వదిలి", "ಬಿಟ್ಟು", "ഒഴിവാക്കി", "છોડ", "ਛੱਡ", "वगळ", "छोड़", "शामिल नहीं", "ไม่รวม", "ละเว้น", "izostav", "izpuščen",
];

/// Stems of "media" in a body like `<Media omitted>`.
#[rustfmt::skip]
const MEDIA: &[&str] = &[
    "media", "médi", "multim", "mídia", "medi", "arquivo", "archivo", "fichei", "медиа", "медіа",
    "мультим", "файл", "媒", "影音", "多媒體", "メディア", "미디어", "وسائط", "מדיה", "πολυμέσ", "मीडिया",
    "สื่อ", "phương tiện", "mediat", "média", "mediju", "медиј", "медия", "fișier", "fájl", "soubor", "súbor",
    "رسانه", "میڈیا", "মিডিয়া", "ஊடக", "மீடியா", "మీడియా", "ಮಾಧ್ಯಮ", "മീഡിയ", "મીડિયા", "ਮੀਡੀਆ", "मीडिया",
    "medya", "plik", "medier", "μέσ", "αρχεί",
    "message", "nachricht", "mensaje", "video", "vídeo", "photo", "foto", "audio",
];

/// `(file attached)` behind a file's name.
#[rustfmt::skip]
const ATTACHED: &[&str] = &[
    "file attached", "datei angehängt", "archivo adjunto", "fichier joint", "file allegato",
    "arquivo anexado", "ficheiro anexado", "bestand bijgevoegd", "файл добавлен",
    "файл прикреплен", "файл прикреплён", "файл додано", "прикачен файл", "dosya ekli",
    "dosya eklendi", "plik dołączony", "załączono plik", "vedhæftet fil", "fil vedhæftet",
    "bifogad fil", "fil bifogad", "fil lagt ved", "fil vedlagt", "tiedosto liitettynä",
    "tiedosto liitteenä", "soubor byl přiložen", "přiložený soubor", "súbor pripojený",
    "fájl csatolva", "csatolt fájl", "fișier atașat", "arxiu adjunt", "fitxer adjunt", "文件附件",
    "附件", "已附加文件", "附加檔案", "檔案已附加", "添付ファイル", "ファイル添付", "파일 첨부됨", "파일 첨부", "첨부 파일",
    "file terlampir", "fail dilampirkan", "tệp đính kèm", "הקובץ מצורף", "קובץ מצורף",
    "الملف مرفق", "ملف مرفق", "το αρχείο επισυνάφθηκε", "संलग्न फ़ाइल", "फ़ाइल संलग्न",
    "ไฟล์ที่แนบ", "ไฟล์ที่แนบมา", "附件檔案", "已附加檔案", "已附加附件", "tiedosto liitetty", "bilagd fil",
    "fil bifogades", "dosya eki", "plik załączony", "załączony plik", "datoteka u prilogu",
    "datoteka je priložena", "priložena datoteka", "fișier anexat", "συνημμένο αρχείο",
    "επισυναπτόμενο αρχείο", "فایل پیوست شد", "فایل پیوست شده", "připojený soubor", "priložený súbor",
    "fichier attaché", "allegato", "archivo adjuntado", "ficheiro em anexo", "arquivo em anexo",
    "вложенный файл", "прикреплённый файл", "вкладений файл", "berkas terlampir",
    "fail dilampirkan", "fail terlampir",
];

/// Bodies of deleted messages, without a last full stop.
#[rustfmt::skip]
const DELETED: &[&str] = &[
    "this message was deleted", "you deleted this message", "this message was deleted by admin",
    "diese nachricht wurde gelöscht", "du hast diese nachricht gelöscht",
    "se eliminó este mensaje", "este mensaje fue eliminado", "eliminaste este mensaje",
    "este mensaje se eliminó", "ce message a été supprimé", "vous avez supprimé ce message",
    "questo messaggio è stato eliminato", "hai eliminato questo messaggio", "mensagem apagada",
    "esta mensagem foi apagada", "você apagou esta mensagem", "apagou esta mensagem",
    "dit bericht is verwijderd", "je hebt dit bericht verwijderd",
    "u hebt dit bericht verwijderd", "данное сообщение удалено", "вы удалили данное сообщение",
    "сообщение удалено", "вы удалили это сообщение", "повідомлення видалено",
    "ви видалили це повідомлення", "bu mesaj silindi", "bu mesajı sildiniz",
    "ta wiadomość została usunięta", "wiadomość została usunięta", "usunięto tę wiadomość",
    "det här meddelandet raderades", "du raderade det här meddelandet",
    "denne besked blev slettet", "du slettede denne besked", "tato zpráva byla smazána",
    "此消息已删除", "此消息已被删除", "你删除了此消息", "您删除了此消息", "此訊息已刪除", "此訊息已被刪除", "您已刪除此訊息", "你已刪除此訊息",
    "このメッセージは削除されました", "あなたはこのメッセージを削除しました", "삭제된 메시지입니다", "이 메시지는 삭제되었습니다", "이 메시지를 삭제했습니다",
    "pesan ini telah dihapus", "anda menghapus pesan ini", "تم حذف هذه الرسالة",
    "لقد حذفت هذه الرسالة", "הודעה זו נמחקה", "מחקת הודעה זו", "यह संदेश हटाया गया",
    "आपने यह संदेश हटाया", "esta mensagem foi eliminada", "eliminou esta mensagem",
    "apagaste esta mensagem", "eliminaste esta mensagem", "has eliminado este mensaje",
    "se ha eliminado este mensaje", "anda telah menghapus pesan ini", "mesej ini telah dipadam",
    "mesej ini telah dipadamkan", "anda telah memadamkan mesej ini", "це повідомлення видалено",
    "ви видалили повідомлення", "це повідомлення було видалено", "това съобщение беше изтрито",
    "изтрихте това съобщение", "táto správa bola odstránená",
    "tato zpráva byla odstraněna", "odstranili jste tuto zprávu", "tuto zprávu jste smazali",
    "ezt az üzenetet törölték", "törölted ezt az üzenetet", "törölte ezt az üzenetet",
    "acest mesaj a fost șters", "ai șters acest mesaj", "ați șters acest mesaj",
    "αυτό το μήνυμα διαγράφηκε", "διαγράψατε αυτό το μήνυμα", "tämä viesti poistettiin",
    "poistit tämän viestin", "denne meldingen ble slettet", "du slettet denne meldingen",
    "denne melding blev slettet", "tin nhắn này đã bị xóa", "tin nhắn này đã bị xoá",
    "bạn đã xóa tin nhắn này", "bạn đã xoá tin nhắn này", "ข้อความนี้ถูกลบแล้ว", "ข้อความนี้ถูกลบ",
    "คุณลบข้อความนี้แล้ว", "คุณลบข้อความนี้", "این پیام حذف شد", "این پیام حذف شده است",
    "شما این پیام را حذف کردید", "ova poruka je izbrisana", "izbrisali ste ovu poruku",
    "ова порука је избрисана", "aquest missatge s'ha eliminat", "s'ha eliminat aquest missatge",
    "has eliminat aquest missatge", "这条消息已删除", "你已删除这条消息", "这条消息已被删除", "你已删除此消息",
    "您已删除此消息", "已刪除此訊息", "このメッセージを削除しました", "このメッセージを取り消しました",
    "यह मैसेज डिलीट किया गया", "यह मैसेज हटाया गया", "आपने यह मैसेज डिलीट किया",
];

/// Stems of "edited" in a last `<This message was edited>`.
#[rustfmt::skip]
const EDITED: &[&str] = &[
    "message was edited", "nachricht wurde bearbeitet", "editó este mensaje",
    "mensaje fue editado", "mensaje se editó", "editado", "message a été modifié",
    "messaggio è stato modificato", "mensagem editada", "mensagem foi editada",
    "bericht is bewerkt", "сообщение изменено", "повідомлення відредаговано", "mesaj düzenlendi",
    "wiadomość edytowana", "wiadomość została zmieniona", "meddelandet redigerades",
    "beskeden er redigeret", "消息已编辑", "消息已被编辑", "訊息已編輯", "訊息已被編輯", "メッセージは編集", "메시지가 수정",
    "수정된 메시지", "pesan ini diedit", "تم تعديل", "ההודעה נערכה", "הודעה זו נערכה", "संपादित",
    "została edytowana", "повідомлення змінено", "redigerat", "redigert", "redigeret", "muokattiin",
    "muokattu", "byla upravena", "bola upravená", "a fost editat", "szerkesztve", "szerkesztett",
    "επεξεργάστηκε", "επεξεργασία", "đã được chỉnh sửa", "đã chỉnh sửa", "แก้ไขข้อความ", "ویرایش",
    "disunting", "редактиран", "s'ha editat", "poruka uređena", "poruka je uređena", "измењена",
];

/// Stems that only a group's events have.
#[rustfmt::skip]
const GROUP: &[&str] = &[
    "group", "gruppe", "grupo", "groupe", "gruppo", "grupp", "grup", "групп", "груп", "群",
    "グループ", "그룹", "المجموعة", "הקבוצה", "ομάδα", "समूह", "skupin", "added you", " added ",
    " removed ", " left", "hinzugefügt", "verlassen",
];

/// Stems of what WhatsApp tells in a chat beside what only groups have: who came and went, codes,
/// calls, and that nobody else can read it.
#[rustfmt::skip]
const NOTICE: &[&str] = &[
    "whatsapp", " joined", "security code", "phone number", "missed v", "disappearing messages",
    "beigetreten", "entfernt", "sicherheitsnummer", "se unió", " salió", "añadió a", "eliminó a",
    "código de seguridad", "a rejoint", "est parti", "a ajouté", "a retiré", "code de sécurité",
    " entrou", " saiu", "adicionou", "removeu", "código de segurança", "è entrat", "ha abbandonato",
    "ha aggiunto", "ha rimosso", "codice di sicurezza", "toegevoegd", "verlaten", "is lid geworden",
    "beveiligingscode", "присоедин", "добавил", "покинул", "вышел", "вышла", "удалил",
    "код безопасности", "приєднав", "вийшов", "вийшла", "katıldı", "ayrıldı", "ekledi", "çıkardı",
    "güvenlik kodu", "加入", "离开", "離開", "退出", "移除", "安全码", "安全碼", "参加しました", "退出しました", "追加しました",
    "나갔", "들어왔", "초대", "bergabung", "keluar", "menambahkan", "kode keamanan", "انضم", "غادر", "أضاف",
    "رمز الأمان", "הצטרף", "יצא", "הוסיף", "dołączył", "opuścił", "dodał", "शामिल हु", "जोड़ा", "बाहर",
];

/// Stems of "end-to-end encrypted".
#[rustfmt::skip]
const ENCRYPTION: &[&str] = &[
    "end-to-end", "ende-zu-ende", "extremo a extremo", "bout en bout", "ponta a ponta",
    "ponto a ponto", "сквозн", "наскрізн", "端到端", "端對端", "エンドツーエンド", "종단간", "종단 간", "uçtan uca",
    "مشفرة", "التشفير", "מקצה", "szyfrowan", "totalsträckskrypter", "päästä päähän", "mã hóa", "mã hoá",
    "ต้นทางถึงปลายทาง", "koncově šifrovan", "végpontok közötti", "άκρο σε άκρο", "criptate integral",
    "سرتاسر", "hujung ke hujung", "ende-til-ende", "край до край", "एंड-टू-एंड", "d'extrem a extrem",
    "sveobuhvatno", "crittograf",
];

fn has(text: &str, stems: &[&str]) -> bool {
    stems.iter().any(|stem| text.contains(stem))
}

fn bare(text: &str) -> String {
    text.trim().trim_end_matches(['.', '。']).to_lowercase()
}

/// `<Media omitted>`: nothing but that.
pub(super) fn is_omitted(body: &str) -> bool {
    let Some(inner) = body.strip_prefix('<').and_then(|body| body.strip_suffix('>')) else {
        return false;
    };
    // iPhones of before 2018 put the mark inside.
    let marked = inner.starts_with('\u{200e}');
    let inner = inner.to_lowercase();
    inner.chars().count() <= 60
        && !inner.contains(['<', '>', '\n'])
        && (has(&inner, OMITTED) || has(&inner, NONE))
        && (marked || has(&inner, MEDIA) || kind(&inner) != "media")
}

/// Languages that say "without media" in other ways.
const NONE: &[&str] =
    &["без", "non inclus", "olmadan", "uden", "utan", "ilman", "ohne", "bez", "nélkül"];

/// `image omitted`, where a mark before it says that WhatsApp wrote it.
pub(super) fn is_marked_omitted(body: &str) -> bool {
    let body = body.to_lowercase();
    body.chars().count() <= 200 && has(&body, OMITTED)
}

/// `name.ext (file attached)`: the name. In a language whose words are none that are known, the mark
/// before the line says so, or a name that only WhatsApp gives.
pub(super) fn attached(line: &str, marked: bool) -> Option<&str> {
    let line = line.trim_end();
    let inner = line.strip_suffix([')', '）'])?;
    let at = inner.rfind(['(', '（'])?;
    let word = inner[at..].trim_start_matches(['(', '（']).trim().to_lowercase();
    let name = inner[..at].trim();
    let is_file = || marked && name.rsplit_once('.').is_some_and(|(_, end)| is_extension(end));
    let known = ATTACHED.contains(&word.as_str()) || is_own_name(name) || is_file();
    (known && !name.is_empty() && !word.is_empty()).then_some(name)
}

/// Whether only WhatsApp names files so: `IMG-20240219-WA0001.jpg`, `00000012-PHOTO-2024-02-19.jpg`.
pub(super) fn is_own_name(name: &str) -> bool {
    let mut parts = name.trim().split('-');
    let [first, second, third] =
        [parts.next(), parts.next(), parts.next()].map(Option::unwrap_or_default);
    let digits = |text: &str, count: usize| {
        text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let capitals =
        |text: &str| text.len() >= 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let of_android = capitals(first)
        && digits(second, 8)
        && third.strip_prefix("WA").and_then(|rest| rest.get(..4)).is_some_and(|n| digits(n, 4));
    of_android || (digits(first, 8) && capitals(second) && !third.is_empty())
}

fn is_extension(text: &str) -> bool {
    (2..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

pub(super) fn is_deleted(body: &str) -> bool {
    let said = bare(body);
    let by_admin = || said.starts_with("this message was deleted by admin ");
    body.len() < 200 && (DELETED.contains(&said.as_str()) || by_admin())
}

/// What stands in angle brackets at the end says that the message was edited.
pub(super) fn is_edited(inner: &str) -> bool {
    inner.len() < 200 && has(&inner.to_lowercase(), EDITED)
}

pub(super) fn is_group_event(body: &str) -> bool {
    has(&body.to_lowercase(), GROUP)
}

/// Whether a line without a name is what WhatsApp tells.
pub(super) fn is_notice(line: &str) -> bool {
    let line = line.to_lowercase();
    has(&line, GROUP) || has(&line, NOTICE) || has(&line, ENCRYPTION)
}

pub(super) fn is_encryption(line: &str) -> bool {
    has(&line.to_lowercase(), ENCRYPTION)
}

/// The kind of a file by its name, or by the word that stands for it.
pub(super) fn kind(word: &str) -> &'static str {
    #[rustfmt::skip]
    const EXTENSIONS: &[(&str, &[&str])] = &[
        ("photo", &["jpg", "jpeg", "png", "heic", "webp", "gif"]),
        ("video", &["mp4", "mov", "3gp", "mkv", "avi"]),
        ("voice", &["opus", "m4a", "mp3", "aac", "ogg", "amr", "wav"]),
        ("contact", &["vcf"]),
    ];
    #[rustfmt::skip]
    const WORDS: &[(&str, &[&str])] = &[
        ("sticker", &["sticker", "стикер", "çıkartma", "貼圖", "贴图", "表情", "スタンプ", "스티커", "stk-"]),
        ("gif", &["gif"]),
        ("video", &["video", "vídeo", "vidéo", "видео", "відео", "wideo", "视频", "視訊", "影片", "動画",
            "ビデオ", "동영상", "فيديو"]),
        ("voice", &["audio", "áudio", "voice", "sprach", "аудио", "ses ", "音频", "音訊", "語音", "语音",
            "音声", "オーディオ", "오디오", "صوت"]),
        ("photo", &["image", "photo", "bild", "foto", "imagen", "imagem", "immagin", "imatge", "afbeelding",
            "изображен", "фото", "зображ", "görüntü", "grafik", "obraz", "图像", "图片", "圖片", "影像",
            "画像", "사진", "이미지", "صورة"]),
        ("contact", &["contact", "kontakt", "contato", "контакт", "名片", "联系人", "聯絡人", "連絡先", "연락처"]),
        ("file", &["document", "dokument", "документ", "belge", "文档", "文件", "檔案", "ドキュメント", "문서"]),
    ];
    let word = word.to_lowercase();
    if let Some((stem, extension)) = word.rsplit_once('.')
        && is_extension(extension)
    {
        if stem.contains("stk-") || stem.contains("-sticker-") {
            return "sticker";
        }
        let known = EXTENSIONS.iter().find(|(_, all)| all.contains(&extension));
        return known.map_or("file", |(kind, _)| kind);
    }
    WORDS.iter().find(|(_, words)| has(&word, words)).map_or("media", |(kind, _)| kind)
}

/// The name of a chat in the name of its file, in the languages of the export.
pub(super) fn title(name: &str) -> Option<&str> {
    #[rustfmt::skip]
    const FRAMES: &[(&str, &str)] = &[
        ("WhatsApp Chat with ", ""), ("WhatsApp Chat mit ", ""), ("WhatsApp Chat - ", ""),
        ("WhatsApp chat - ", ""), ("Chat de WhatsApp con ", ""), ("Chat de WhatsApp - ", ""),
        ("Xat de WhatsApp amb ", ""), ("Chat de WhatsApp amb ", ""),
        ("Discussion WhatsApp avec ", ""), ("Chat WhatsApp con ", ""),
        ("Conversa do WhatsApp com ", ""), ("Conversa de WhatsApp com ", ""),
        ("WhatsApp-chat met ", ""), ("WhatsApp Chat met ", ""), ("WhatsApp-chatt med ", ""),
        ("WhatsApp-chat med ", ""), ("WhatsApp-samtale med ", ""), ("Chat WhatsApp cu ", ""),
        ("Чат WhatsApp с контактом ", ""), ("Чат WhatsApp с ", ""), ("Чат WhatsApp із ", ""),
        ("Чат WhatsApp з ", ""), ("Czat WhatsApp z ", ""), ("Chat WhatsApp dengan ", ""),
        ("Sembang WhatsApp dengan ", ""), ("WhatsApp-keskustelu: ", ""),
        ("WhatsApp-keskustelu ", ""), ("Chat WhatsApp s ", ""), ("Konverzace WhatsApp s ", ""),
        ("WhatsApp-beszélgetés - ", ""), ("Cuộc trò chuyện trên WhatsApp với ", ""),
        ("Συζήτηση WhatsApp με ", ""), ("דו-שיח WhatsApp עם ", ""), ("צ'אט WhatsApp עם ", ""),
        ("دردشة واتساب مع ", ""), ("محادثة واتساب مع ", ""), ("", " ile WhatsApp Sohbeti"),
        ("", "님과의 WhatsApp 대화"), ("", "와의 WhatsApp 대화"), ("", "とのWhatsAppチャット"),
        ("", "との WhatsApp チャット"), ("与", "的 WhatsApp 聊天"), ("与", "的WhatsApp聊天"),
        ("与", "的 WhatsApp 聊天记录"), ("與", "的WhatsApp對話"), ("與", "的 WhatsApp 對話"),
        ("與", "的 WhatsApp 聊天"), ("", " के साथ WhatsApp चैट"),
    ];
    let stem = name.strip_suffix(".txt").unwrap_or(name);
    let framed = |(before, after): &(&str, &str)| stem.strip_prefix(before)?.strip_suffix(after);
    FRAMES.iter().find_map(framed).map(str::trim).filter(|title| !title.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_known() {
        for body in [
            "<Media omitted>",
            "<Medien ausgeschlossen>",
            "<Multimedia omitido>",
            "<Médias omis>",
            "<省略影音内容>",
            "<Без медиафайлов>",
            "<Mídia oculta>",
            "<Media omessi>",
            "<Media jätettiin pois>",
            "<Hiányzó média>",
            "<Média vynechána>",
            "<Pominięto multimedia>",
            "<Fișier media omis>",
            "<Παραλείφθηκαν πολυμέσα>",
            "<Без медіа>",
            "<Bỏ qua phương tiện>",
            "<Media tidak disertakan>",
            "<Media dikecualikan>",
            "<Medier udeladt>",
            "<Medier utelatt>",
            "<Медията е пропусната>",
            "<Mediji su izostavljeni>",
            "<Médiá vynechané>",
            "<Медији су изостављени>",
            "<رسانه حذف شد>",
            "<মিডিয়া বাদ দেওয়া হয়েছে>",
            "<மீடியா தவிர்க்கப்பட்டது>",
            "<میڈیا شامل نہیں ہے>",
        ] {
            assert!(is_omitted(body), "{body}");
        }
        for body in [
            "<b>",
            "<media>",
            "<poistu, media>",
            "Media omitted",
            "<tags> & omitted <media>",
            "<I omitted it>",
            "<>",
        ] {
            assert!(!is_omitted(body), "{body}");
        }
        assert_eq!(attached("a b.pdf (Datei angehängt)", false), Some("a b.pdf"));
        assert_eq!(attached("a b.pdf (see below)", false), None);
        assert!(is_deleted("This message was deleted."));
        assert!(!is_deleted("I said: this message was deleted, twice"));
    }

    #[test]
    fn titles_stand_in_file_names() {
        assert_eq!(title("WhatsApp Chat mit Basalt.txt"), Some("Basalt"));
        assert_eq!(title("与Basalt的 WhatsApp 聊天.txt"), Some("Basalt"));
        assert_eq!(title("Basalt ile WhatsApp Sohbeti.txt"), Some("Basalt"));
        assert_eq!(title("_chat.txt"), None);
    }

    #[test]
    fn kinds_by_word_or_name() {
        assert_eq!(kind("图像已忽略"), "photo");
        assert_eq!(kind("IMG-20240219-WA0001.jpg"), "photo");
        assert_eq!(kind("basalt_invoice.pdf"), "file");
        assert_eq!(kind("<Media omitted>"), "media");
    }
}
