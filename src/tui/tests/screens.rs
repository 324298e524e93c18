//! Snapshots of every section: the text of the screen and a digest of its looks.

use super::stage::play;
use crate::tui::theme::Theme;

const SIZES: [(u16, u16); 4] = [(160, 50), (120, 40), (80, 24), (40, 12)];

fn look_in(name: &str, theme: Theme, keys: &str, sizes: &[(u16, u16)]) {
    for (width, height) in sizes {
        let played = play(*width, *height, theme, keys);
        let cursor = played.cursor.map_or("hidden".to_owned(), |(x, y)| format!("{x},{y}"));
        let text = format!("{}\nlooks {} · cursor {cursor}\n", played.screen, played.styles);
        insta::with_settings!({ description => keys, omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), text);
        });
    }
}

fn look(name: &str, keys: &str) {
    look_in(name, Theme::Dark, keys, &SIZES);
}

#[test]
fn overview() {
    look("overview", "");
}

#[test]
fn documents() {
    look("documents", "1 j");
    look("document", "1 j enter");
    look_in("document_margin", Theme::Dark, "1 j enter tab", &[(80, 24), (40, 12)]);
    look_in("document_hostile", Theme::Dark, "1 G k enter", &[(120, 40), (80, 24)]);
    look_in("document_unreadable", Theme::Dark, "1 j j j", &[(120, 40), (80, 24)]);
    look_in("document_export", Theme::Dark, "1 G", &[(120, 40)]);
    look_in(
        "document_clock",
        Theme::Dark,
        "tab tab j enter enter",
        &[(120, 40), (80, 24), (40, 12)],
    );
    look_in("document_grid", Theme::Dark, "1 enter j l l", &SIZES);
    look_in("document_figures", Theme::Dark, "1 enter l l =", &[(120, 40), (80, 24)]);
    look_in("documents_filter", Theme::Dark, "1 f \"扫描\"", &[(80, 24)]);
}

#[test]
fn chats() {
    look("chats", "2");
    look("chat", "2 enter j j");
    look("sessions", "2 enter h j");
    look_in("sessions_hits", Theme::Dark, "/ \"青河\" enter 2 enter h", &[(120, 40)]);
}

#[test]
fn entities() {
    look("entities", "3");
    look_in("dossier", Theme::Dark, "3 j enter j", &[(120, 40), (80, 24)]);
    let made =
        "3 E n ctrl-u \"林墨\" enter enter E a \"青河\" enter E s \"职务 = 销售\" enter E w ";
    look("entity", made);
    look_in("entities_made", Theme::Dark, &format!("{made}h"), &[(160, 50), (80, 24)]);
    look_in("entity_pick", Theme::Dark, &format!("{made}2 enter E p"), &[(120, 40), (40, 12)]);
    look_in("entity_margin", Theme::Dark, &format!("{made}2 enter j"), &[(160, 50), (120, 40)]);
}

#[test]
fn notes() {
    look("notes", "4 j");
    look("note_written", "2 enter j w \"青河 pays, 付款方式另行约定\"");
    look_in("note", Theme::Dark, "4 G k enter j", &[(120, 40), (80, 24)]);
    look("finding", "4 j enter");
    look_in("finding_evidence", Theme::Dark, "4 j enter tab", &[(80, 24), (40, 12)]);
    look_in("question", Theme::Dark, "4 enter", &[(120, 40), (80, 24)]);
    look_in("finding_written", Theme::Dark, "2 enter j W f \"青河 pays\"", &[(120, 40)]);
    look_in("note_fields", Theme::Dark, "4 j =", &[(120, 40), (80, 24)]);
    look_in("choose_likelihood", Theme::Dark, "4 j enter = l", &[(120, 40), (80, 24), (40, 12)]);
    look_in("choose_grade", Theme::Dark, "4 j enter tab = g \"b\"", &[(120, 40)]);
    look_in("choose_tag", Theme::Dark, "1 j # \"m\"", &[(120, 40), (80, 24)]);
    look_in("export", Theme::Dark, "4 X", &[(160, 50), (120, 40), (80, 24), (40, 12)]);
    look_in("export_what", Theme::Dark, "4 X k k k k enter", &[(160, 50), (80, 24)]);
    look_in("export_written", Theme::Dark, "4 X enter", &[(160, 50), (80, 24)]);
    look_in("tag_all", Theme::Dark, "/ \"青河\" enter M # \"mon\" enter", &[(80, 24)]);
}

#[test]
fn timeline() {
    look("timeline", "5");
    look_in("timeline_undated", Theme::Dark, "5 G", &[(120, 40), (80, 24)]);
}

#[test]
fn search() {
    look("search", "/ \"青河\"");
    look_in("search_empty", Theme::Dark, "/", &[(120, 40), (80, 24)]);
    look_in("search_message", Theme::Dark, "/ \"青河\" enter G tab", &[(160, 50), (80, 24)]);
    look_in("search_facets", Theme::Dark, "/ \"青河\" tab", &[(80, 24)]);
    look_in("search_wrong", Theme::Dark, "/ \"(青河\"", &[(120, 40), (40, 12)]);
    look_in("search_nothing", Theme::Dark, "/ \"zzz\"", &[(80, 24)]);
    look_in("search_opened", Theme::Dark, "/ \"青河\" enter j enter", &[(120, 40), (80, 24)]);
}

#[test]
fn popups() {
    look("help", "1 ?");
    look_in("prefix", Theme::Dark, "1 g", &[(120, 40), (40, 12)]);
    look_in("palette", Theme::Dark, ": \"hit\"", &[(120, 40), (80, 24), (40, 12)]);
}

#[test]
fn monochrome() {
    look_in("mono_search", Theme::Monochrome, "/ \"青河\"", &[(120, 40)]);
    look_in("mono_chat", Theme::Monochrome, "2 enter j", &[(80, 24)]);
    look_in("sixteen_search", Theme::Sixteen, "/ \"青河\"", &[(120, 40)]);
    look_in("light_search", Theme::Light, "/ \"青河\"", &[(120, 40)]);
}
