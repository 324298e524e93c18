//! Control words that stand for characters, and destinations that hold no text.

/// The character of a control word.
pub fn character(word: &str) -> Option<&'static str> {
    Some(match word {
        "tab" => "\t",
        "line" | "lbr" => "\n",
        "emdash" => "—",
        "endash" => "–",
        "emspace" => "\u{2003}",
        "enspace" => "\u{2002}",
        "qmspace" => "\u{2005}",
        "bullet" => "•",
        "lquote" => "‘",
        "rquote" => "’",
        "ldblquote" => "“",
        "rdblquote" => "”",
        "zwj" => "\u{200d}",
        "zwnj" => "\u{200c}",
        "zwbo" => "\u{200b}",
        _ => return None,
    })
}

/// Destinations whose content is no text of the document.
pub fn is_silent(word: &str) -> bool {
    matches!(
        word,
        "colortbl"
            | "stylesheet"
            | "listtable"
            | "listoverridetable"
            | "revtbl"
            | "rsidtbl"
            | "generator"
            | "filetbl"
            | "themedata"
            | "colorschememapping"
            | "datastore"
            | "latentstyles"
            | "xmlnstbl"
            | "nonshppict"
            | "bkmkstart"
            | "bkmkend"
            | "xe"
            | "tc"
            | "fldtype"
            | "datafield"
            | "formfield"
            | "picprop"
            | "blipuid"
            | "blip"
            | "sp"
            | "docvar"
            | "pnseclvl"
            | "mmath"
            | "mmathPr"
            | "wgrffmtfilter"
            | "template"
            | "ftnsep"
            | "ftnsepc"
            | "ftncn"
            | "aftnsep"
            | "aftnsepc"
            | "aftncn"
            | "listpicture"
            | "pgdsctbl"
            | "keycode"
            | "background"
            | "objclass"
            | "objname"
            | "htmltag"
            | "mhtmltag"
            | "atrfstart"
            | "atrfend"
            | "defchp"
            | "defpap"
            | "passwordhash"
            | "nonesttables"
            | "shprslt"
            | "oldcprops"
            | "oldpprops"
            | "oldsprops"
            | "oldtprops"
            | "protusertbl"
            | "userprot"
            | "panose"
            | "fontemb"
            | "fontfile"
            | "falt"
            | "fname"
            | "do"
    )
}

/// Starred destinations that do hold text or are read for something else.
pub fn is_known(word: &str) -> bool {
    matches!(
        word,
        "shppict"
            | "shpinst"
            | "ud"
            | "fldinst"
            | "annotation"
            | "atnauthor"
            | "atnid"
            | "atndate"
            | "userprops"
            | "propname"
            | "staticval"
            | "objdata"
            | "company"
            | "manager"
            | "hlinkbase"
            | "footnote"
            | "shptxt"
            | "dptxbxtext"
            | "pntext"
            | "listtext"
            | "cs"
            | "result"
            | "moveto"
            | "nesttableprops"
    )
}
