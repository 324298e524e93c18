//! The names of the panes, as they stand in the frame.

use crate::app::line::{Line, Role};
use crate::app::listing::Listing;
use crate::app::overview::{count, number};
use crate::app::paged::Paged;
use crate::app::part_list::PartList;
use crate::app::view::Pane;
use crate::app::writing::Writing;
use crate::app::{App, lists, rows};
use crate::case::{ConversationSort, Who};

/// The name of a pane, as it stands in the frame.
pub fn head(pane: Pane, app: &App) -> Line {
    match pane {
        _ if app.editor_pane() == Some(pane) => {
            app.writing.as_ref().map_or_else(Line::new, Writing::title)
        }
        Pane::Counts => Line::text("CASE"),
        Pane::Activity => Line::text("WHEN AND WHO"),
        Pane::Todo => Line::text("TO DO"),
        Pane::Margin => Line::text("MARGIN"),
        Pane::Facets => Line::text("NARROW"),
        Pane::Results if app.search.is_blank() => Line::text("WHAT CAN BE ASKED"),
        Pane::Results => {
            let order = match app.search.sort {
                crate::case::SearchSort::Relevance => "by relevance",
                crate::case::SearchSort::Date => "oldest first",
                crate::case::SearchSort::DateDescending => "newest first",
            };
            position("HITS", &app.search.results).and(format!(" {order}"), Role::Dim)
        }
        Pane::List if app.listing() != Listing::Documents => list_head(app),
        Pane::List => {
            let words = lists::filter_words(&app.filter);
            // Folders are no documents, and of a page set one row stands for all its pages.
            let (rows, of) = match app.documents.total() {
                Some(total) if app.documents.is_known() && total != app.documents_listed => {
                    let of = count(app.documents_listed, "document", "documents");
                    (" rows", format!(" of {of}"))
                }
                _ => ("", String::new()),
            };
            let gap = if words.is_empty() { "" } else { " " };
            let head = |name: &str, of: &str| {
                position(name, &app.documents).and(format!("{rows}{of}{gap}{words}"), Role::Dim)
            };
            let cells = app.layout.pane(pane).map_or(0, |area| usize::from(area.width));
            // What it is cut to matters more than what it is a list of.
            let heads = [head("DOCUMENTS", &of), head("DOCUMENTS", "")];
            heads.into_iter().find(|head| head.width() + 4 <= cells).unwrap_or(head("", ""))
        }
        Pane::Reader | Pane::Preview if app.awaits().is_some() => Line::text("READER"),
        Pane::Reader | Pane::Preview => match app.reader.title() {
            line if line.spans.is_empty() && pane == Pane::Preview => Line::text("PREVIEW"),
            line if line.spans.is_empty() => Line::text("READER"),
            line => line,
        },
    }
}

/// The head of a list that is not of documents.
fn list_head(app: &App) -> Line {
    match (app.listing(), &app.sessions) {
        (Listing::Parts, _) => app.parts.as_ref().map_or_else(Line::new, PartList::head),
        (Listing::Sessions, Some(sessions)) => Line::text("SESSIONS").and(
            format!(" {}/{}", number(sessions.cursor + 1), number(sessions.total())),
            Role::Dim,
        ),
        (Listing::People, _) => {
            let sort = rows::account_sort(app.people_sort);
            let words = match app.people_filter.as_str() {
                "" => sort.to_owned(),
                wanted => format!("~{wanted} · {sort}"),
            };
            let Who { entities, accounts, .. } = app.who;
            let (long, short) = match (app.people.is_known(), entities, accounts) {
                (false, ..) => (String::new(), String::new()),
                (true, 0, _) => (" accounts".to_owned(), " accounts".to_owned()),
                (true, ..) => (
                    format!(
                        " rows: {}, {}",
                        count(entities, "entity", "entities"),
                        count(accounts, "account", "accounts")
                    ),
                    format!(" rows: {} E, {} P", number(entities), number(accounts)),
                ),
            };
            let head = |of: &str, words: &str| {
                let gap = if words.is_empty() { "" } else { " " };
                position("WHO", &app.people).and(format!("{of}{gap}{words}"), Role::Dim)
            };
            // What it is cut to matters more than how it is sorted, and than what is in it.
            let is_cut = !app.people_filter.is_empty();
            let least = if is_cut { words.as_str() } else { "" };
            let heads = [
                head(&long, &words),
                head(&long, least),
                head(&short, &words),
                head(&short, least),
                head(" rows", least),
            ];
            let cells = app.layout.pane(Pane::List).map_or(0, |area| usize::from(area.width));
            heads.into_iter().find(|head| head.width() + 4 <= cells).unwrap_or(head("", least))
        }
        (Listing::Notes, _) => {
            let words = app.note_filter.words();
            let gap = if words.is_empty() { "" } else { " " };
            position("NOTES", &app.notes).and(format!("{gap}{words}"), Role::Dim)
        }
        (Listing::Days, _) => match app.day_filter.as_str() {
            "" => position("DAYS", &app.days),
            wanted => position("DAYS", &app.days).and(format!(" ~{wanted}"), Role::Dim),
        },
        _ => {
            let line = position("CHATS", &app.chats);
            let sort = rows::conversation_sort(app.chat_filter.sort);
            match (app.chat_filter.wanted.as_str(), app.chat_filter.sort) {
                ("", ConversationSort::Messages) => line,
                ("", _) => line.and(format!(" {sort}"), Role::Dim),
                (wanted, _) => line.and(format!(" ~{wanted} · {sort}"), Role::Dim),
            }
        }
    }
}

fn position<T>(name: &str, list: &Paged<T>) -> Line {
    let line = Line::text(name);
    let gap = if name.is_empty() { "" } else { " " };
    match list.total() {
        Some(0) | None => line,
        // What it shall list is another number.
        Some(_) if !list.is_known() => line.and(format!("{gap}…"), Role::Dim),
        Some(total) => {
            line.and(format!("{gap}{}/{}", number(list.cursor + 1), number(total)), Role::Dim)
        }
    }
}
