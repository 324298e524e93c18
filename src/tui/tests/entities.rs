//! Who is who, by keys: from a selection, an account and a name; changed, merged, split, undone.

use super::stage::{Played, play};
use crate::app::line::Role;
use crate::app::view::{Pane, View};
use crate::case::Listed;
use crate::model::EntityId;
use crate::tui::theme::Theme;

fn at(keys: &str) -> Played {
    play(120, 40, Theme::Dark, keys)
}

#[track_caller]
fn shows(keys: &str, wanted: &[&str]) -> Played {
    let played = at(keys);
    for text in wanted {
        assert!(played.screen.contains(text), "{text} after {keys}\n{}", played.screen);
    }
    played
}

/// 川江 as an organisation, made from the section; lin as a person from his account.
const TWO: &str = "3 E N \"川江\" enter \"org\" enter esc G k k E n ctrl-u \"林某\" enter enter ";

#[test]
fn an_entity_is_made_from_a_name_an_account_and_a_selection() {
    // From an account in the list, whose name is offered.
    let played = shows("3 E n", &["name of the entity: lin"]);
    assert_eq!(played.app.focus, Pane::List);
    // One that is owned is not made another one's.
    shows("3 E n enter enter esc j E n", &["P1 is owned by E1"]);
    let played =
        shows("3 E n enter enter", &["E1 lin person", "owns 1 account", "── 2 unowned accounts"]);
    assert_eq!(played.app.reader.title().plain().trim(), "E1 lin person");
    // By kind; what is typed cuts the choice.
    shows("3 E n enter \"or\"", &["WHAT IS IT?", "▸  organisation"]);
    // From what is selected while reading; one stays where one is.
    let played = shows("1 j enter v w E n", &["name of the entity: 青河"]);
    assert_eq!(played.app.view, View::Documents);
    let played = shows("1 j enter v w E n enter \"pl\" enter", &["is a place now"]);
    assert_eq!(played.app.view, View::Documents);
    // The margin says who is named in what is read.
    assert!(played.screen.contains("E1 青河"), "{}", played.screen);
}

/// Who owns no account wrote nothing: the list says how often they are named.
#[test]
fn the_list_counts_where_the_names_of_those_stand_who_wrote_nothing() {
    let named = |name: &str| format!("named {}", super::fake_evidence::search(name).total);
    let made = "3 E N \"川江\" enter \"org\" enter ";
    shows(made, &["E1 organisation", &named("川江")]);
    // Another name is counted too; nobody has this one.
    let both =
        super::fake_evidence::search("青河").total + super::fake_evidence::search("川江").total;
    shows(&format!("{made}E a \"青河\" enter"), &[&format!("named {both}")]);
    shows("3 E N \"没有这个\" enter \"org\" enter", &["E1 organisation · named 0"]);
    // Who wrote something shows how much that is.
    let played = shows("3 E n enter enter", &["E1 person"]);
    assert!(!played.screen.contains("named 0"), "{}", played.screen);
}

#[test]
fn names_kinds_tags_and_attributes_are_said_and_undone() {
    let made = "3 E n enter enter ";
    shows(&format!("{made}E a \"老林\" enter"), &["老林"]);
    let played = shows(&format!("{made}E a \"老林\" enter u"), &["undone"]);
    assert!(!played.screen.contains("老林  "), "{}", played.screen);
    shows(
        &format!("{made}E r ctrl-u \"林墨\" enter \"staff list\" enter"),
        &["E1 林墨", "was called lin: staff list"],
    );
    shows(&format!("{made}E k \"pl\" enter"), &["E1 lin place"]);
    shows(&format!("{made}E t \"seller\" enter"), &["#seller"]);
    shows(&format!("{made}E s \"role = 销售\" enter"), &["role 销售", "no source"]);
    shows(&format!("{made}E s \"role\" enter"), &["what is said of it (key = value): role"]);
    shows(&format!("{made}E w"), &["◉ watched"]);
    let played = at(&format!("{made}E w E w"));
    assert!(!played.screen.contains("◉"), "{}", played.screen);
    shows(&format!("{made}E d \"sells\" enter"), &["sells"]);
    // An account is chosen by what is known of it.
    shows(&format!("{made}E p \"mar\""), &["WHICH ACCOUNT IS ITS OWN?", "▸  P2 mara"]);
    shows(&format!("{made}E p \"mar\" enter"), &["owns 2 accounts"]);
    // What the cursor is on in the dossier is taken away by D.
    let played = shows(&format!("{made}E a \"老林\" enter j D"), &["undoes it"]);
    assert!(!played.screen.contains("老林"), "{}", played.screen);
    // So is a name made an entity of its own.
    let split = format!("{made}E a \"老林\" enter j E x enter \"two people\" enter");
    let played = shows(&split, &["老林 is E2 now", "E2 person"]);
    assert_eq!(played.app.reader.title().plain().trim(), "E1 lin person");
}

#[test]
fn a_selection_becomes_a_name_or_shows_an_attribute() {
    let made = "3 E n enter enter ";
    // Whose name it is is chosen from the list.
    shows(
        &format!("{made}1 j enter v w E a"),
        &["WHOSE NAME IS 青河?", "▸  a new entity: 青河", "E1 lin"],
    );
    shows(&format!("{made}1 j enter v w E a \"lin\" enter 3"), &["E1 lin person", "青河"]);
    shows(
        &format!("{made}1 j enter v w E s enter home \"seat \" enter 3"),
        &["what is said of it", "seat 青河", "“30万先付”"],
    );
    // The key is typed before what was selected; a line that says nothing is asked for again.
    let said = format!("{made}1 j enter v w E s enter");
    shows(&format!("{said} \"seat \" enter 3"), &["seat 青河", "“30万先付”"]);
    let again = format!("{said} ctrl-k \"seat\" enter");
    shows(&format!("{again} \" = Beijing\" enter 3"), &["seat Beijing", "“30万先付”"]);
}

#[test]
fn two_are_merged_with_a_preview_and_a_reason() {
    let question = format!("{TWO}E m \"川\" enter \"same phone\" enter");
    let played = shows(
        &question,
        &[
            "Merge E2 林某 into E1 川江?",
            "It gets the name 林某.",
            "in 2 documents and messages now",
            "! Both take part in C1",
        ],
    );
    assert_eq!(played.app.view, View::Entities);
    let played = at(&format!("{question} y"));
    assert_eq!(played.app.reader.title().plain().trim(), "E1 川江 organisation");
    assert!(played.screen.contains("merged into it"), "{}", played.screen);
    let played = at(&format!("{question} y u"));
    assert!(!played.screen.contains("merged into it"), "{}", played.screen);
    let played = at(&format!("{question} n"));
    assert!(!played.screen.contains("merged into it"), "{}", played.screen);
}

#[test]
fn the_number_of_what_was_merged_leads_to_what_it_is_now() {
    let merged = format!("{TWO}E m \"川\" enter \"same phone\" enter y ");
    // From a section where something else is read, and from its line in the dossier.
    for keys in ["1 enter : \"E2\" enter", "2 : \"E2\" enter", "4 : \"E2\" enter", "g g j j enter"]
    {
        let played = shows(&format!("{merged}{keys}"), &["E2 is E1 now"]);
        let title = played.app.reader.title().plain();
        assert_eq!(title.trim(), "E1 川江 organisation", "{keys}\n{}", played.screen);
        assert_eq!((played.app.view, played.app.focus), (View::Entities, Pane::Reader), "{keys}");
        let Some(Listed::Entity(row)) = played.app.people.current() else {
            panic!("an entity is listed after {keys}\n{}", played.screen)
        };
        assert_eq!(row.entity.id, EntityId(1), "{keys}");
    }
    // What is done on that line is done to the entity that the dossier is of.
    shows(&format!("{merged}g g j j E t \"seller\" enter"), &["#seller"]);
}

#[test]
fn the_name_of_what_was_merged_takes_the_merge_apart() {
    let merged = format!("{TWO}E m \"川\" enter \"same phone\" enter y ");
    // The list stands on what there is now, not on the account that it owns.
    let listed = at(&format!("{merged}h"));
    let Some(Listed::Entity(row)) = listed.app.people.current() else {
        panic!("an entity is listed\n{}", listed.screen)
    };
    assert_eq!(row.entity.id, EntityId(1), "{}", listed.screen);
    // Not a new entity of that name: only a reason is asked for.
    shows(&format!("{merged}g g j"), &["merged into it"]);
    let apart = shows(&format!("{merged}g g j E x"), &["merged into it", "why"]);
    assert!(!apart.screen.contains("name of the entity"), "{}", apart.screen);
    let apart = at(&format!("{merged}g g j E x \"another man\" enter"));
    assert!(!apart.screen.contains("merged into it"), "{}", apart.screen);
}

#[test]
fn two_values_of_one_attribute_are_marked() {
    let made = "3 E n enter enter E s \"born = 1970\" enter ";
    let one = shows(made, &["born 1970"]);
    assert!(!one.screen.contains("≠ also"), "{}", one.screen);
    let two = format!("{made}E s \"Born = 1975\" enter ");
    shows(&two, &["≠ also 1970", "≠ also 1975"]);
    let other = at(&format!("{made}E s \"role = 1975\" enter"));
    assert!(!other.screen.contains("≠ also"), "{}", other.screen);
    // Whoever has two numbers is no doubt.
    let phone =
        "3 E n enter enter E s \"phone = 13900002217\" enter E s \"phone = 13900002218\" enter ";
    let both = shows(phone, &["also 13900002217", "also 13900002218"]);
    assert!(!both.screen.contains("≠ also"), "{}", both.screen);
}

#[test]
fn the_section_lists_filters_and_deletes() {
    let played = shows(TWO, &["── 2 unowned accounts", "E1 organisation", "E2 person"]);
    assert_eq!(played.app.view, View::Entities);
    let played = shows(&format!("{TWO}h f \"川\" enter"), &["~川"]);
    assert!(!played.screen.contains("林某  "), "{}", played.screen);
    shows(&format!("{TWO}h g g D"), &["Delete E1 川江?"]);
    let played = shows(&format!("{TWO}h g g D y"), &["undoes it"]);
    assert!(!played.screen.contains("E1 organisation"), "{}", played.screen);
    shows(&format!("{TWO}h g g D y u"), &["E1 organisation"]);
    // By its number, from anywhere.
    let played = at(&format!("{TWO}0 : \"E2\" enter"));
    assert_eq!(played.app.reader.title().plain().trim(), "E2 林某 person");
}

#[test]
fn an_account_shows_its_owner_where_it_speaks() {
    let made = "3 E n ctrl-u \"林墨\" enter enter ";
    // Whose message it is; from there to the dossier.
    let played = shows(&format!("{made}2 enter"), &["E1 林墨 wrote it"]);
    assert_eq!(played.app.view, View::Chats);
    let played = at(&format!("{made}2 enter tab enter"));
    assert_eq!(played.app.reader.title().plain().trim(), "E1 林墨 person");
}

#[test]
fn watched_names_are_marked_where_one_reads() {
    let watched = "3 E n ctrl-u \"青河\" enter enter E w ";
    let marked = |keys: &str| {
        let played = play(160, 50, Theme::Dark, keys);
        let lines = played.app.reader.lines();
        let spans = lines.iter().flat_map(|line| &line.spans);
        let marked = spans.filter(|span| span.role() == Role::Watched);
        marked.map(|span| span.text().to_owned()).collect::<Vec<_>>()
    };
    for read in ["2 enter", "1 enter", "1 j enter"] {
        let found = marked(&format!("{watched}{read}"));
        assert!(!found.is_empty() && found.iter().all(|text| text == "青河"), "{read}: {found:?}");
        // Not watched any more.
        assert_eq!(marked(&format!("{watched}E w {read}")), [""; 0], "{read}");
    }
    // What is searched is marked as such.
    assert_eq!(marked(&format!("{watched}/ \"青河\" enter 2 enter")), [""; 0]);
}

#[test]
fn an_account_is_called_by_its_owner_and_by_the_export_beside_raw_stamps() {
    let owned = "3 E n ctrl-u \"林墨\" enter enter 2 enter";
    let wide = play(160, 50, Theme::Dark, owned).screen;
    assert!(wide.contains("林墨 发票呢") && !wide.contains("lin  发票呢"), "{wide}");
    let raw = play(160, 50, Theme::Dark, &format!("{owned} : \"raw-times\" enter")).screen;
    assert!(raw.contains("lin  发票呢"), "{raw}");
    let narrow = play(60, 24, Theme::Dark, owned).screen;
    assert!(narrow.contains("林 发票呢"), "{narrow}");
}

#[test]
fn a_message_of_an_owned_account_leads_to_its_owner() {
    // lin sent the first message, mara the second; lin is an entity.
    let made = "3 E n enter enter 2 enter g g ";
    shows(&format!("{made}E w"), &["did that · E1 lin", "◉ E1 lin"]);
    let twice = at(&format!("{made}E w E w"));
    assert!(!twice.screen.contains("◉ E1"), "{}", twice.screen);
    shows(&format!("{made}E r"), &["what it is called from now on: lin"]);
    shows(&format!("{made}E a"), &["another name of it"]);
    shows(&format!("{made}E n"), &["P1 is owned by E1"]);
    shows(&format!("{made}j E w"), &["no entity is here"]);
    // Whoever gives an account away is told whose it is now.
    shows(&format!("{made}j E p \"lin\" enter"), &["did that · E1 lin"]);
}

#[test]
fn an_account_leads_to_whose_it_is_or_asks() {
    let made = "3 E n enter enter 2 enter g g ";
    // From a message of an owned account, and back to it.
    let owner = shows(&format!("{made}E o"), &["E1 lin person"]);
    assert_eq!((owner.app.view, owner.app.focus), (View::Entities, Pane::Reader));
    assert_eq!(at(&format!("{made}E o ctrl-o")).app.view, View::Chats);
    // From one that nobody owns: an entity that is there, or a new one.
    shows(&format!("{made}j E o"), &["WHO OWNS P2 mara?", "▸  a new entity: mara", "E1 lin"]);
    shows(&format!("{made}j E o \"lin\" enter E o"), &["E1 lin person"]);
    // Whoever presses enter unread makes a new owner, and gives nothing to a wrong one.
    shows(&format!("{made}j E o enter"), &["name of the entity: mara"]);
    shows(&format!("{made}j E o enter enter enter E o"), &["E2 mara person"]);
    shows("3 j E o", &["WHO OWNS P2 mara?", "a new entity: mara"]);
    shows("3 j tab tab", &["say whose it is"]);
    shows("1 E o", &["no account is here"]);
    // The head says what is counted.
    let head = play(160, 50, Theme::Dark, "3 E n enter enter h").screen;
    assert!(head.contains("WHO 1/5 rows: 1 entity, 3 accounts"), "{head}");
}
