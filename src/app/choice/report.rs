//! What is chosen for a report: what is in it, its format, what masks names in it.

use super::{Pick, Take, pick};
use crate::app::App;
use crate::app::exporting::What;
use crate::export::Format;
use crate::text::sanitise;
use std::path::Path;

fn format_about(format: Format) -> &'static str {
    match format {
        Format::Markdown => "text with footnotes",
        Format::Html => "one file for a browser, without scripts or links outside",
        Format::Docx => "for a word processor, with its footnotes",
        Format::Csv => "a row for each claim and what it cites",
        Format::Json => "for programs",
    }
}

impl App {
    pub(super) fn report_picks(&self) -> Vec<Pick> {
        let now = self.export_form();
        let mut all = vec![
            (What::Everything, "questions, findings, events, entities and notes"),
            (What::Findings, "questions and findings"),
            (What::Timeline, "events in the order of their dates"),
            (What::Entities, "entities with their evidence"),
        ];
        if !self.note_filter.is_all() {
            all.push((What::Listed(self.note_filter.clone(), None), "those that the list shows"));
        }
        if matches!(now.what, What::Listed(..) | What::Notes(_))
            && !all.iter().any(|(what, _)| *what == now.what)
        {
            all.push((now.what.clone(), "as they were chosen"));
        }
        let picks = all.into_iter().map(|(what, about)| {
            let is_now = what == now.what;
            pick(what.words(), about, is_now, Take::Export(now.of(what, &self.name)))
        });
        picks.collect()
    }

    pub(super) fn typed_report(&self, typed: &str) -> Option<Pick> {
        let what = What::typed(typed)?;
        let form = self.export_form().of(what.clone(), &self.name);
        Some(pick(what.words(), "these notes", false, Take::Export(form)))
    }

    pub(super) fn format_picks(&self) -> Vec<Pick> {
        let now = self.export_form();
        let picks = Format::ALL.into_iter().map(|format| {
            let take = Take::Export(now.written_as(format));
            pick(format.word(), format_about(format), format == now.format, take)
        });
        picks.collect()
    }

    /// The profiles of the configuration folder, and the one that was typed.
    pub(super) fn profile_picks(&self) -> Vec<Pick> {
        let now = self.export_form();
        let with = |profile: Option<&Path>| {
            let mut form = now.clone();
            form.profile = profile.map(Path::to_owned);
            Take::Export(form)
        };
        let mut picks = vec![pick(
            "none",
            "every name as it stands; else one of profiles/*.toml",
            now.profile.is_none(),
            with(None),
        )];
        let typed = now.profile.iter().filter(|path| !self.profiles.contains(path));
        for path in self.profiles.iter().chain(typed) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let about = path.display().to_string();
            let is_now = now.profile.as_ref() == Some(path);
            let label = sanitise::line(&name).into_owned();
            picks.push(pick(label, sanitise::line(&about), is_now, with(Some(path))));
        }
        picks
    }

    pub(super) fn typed_profile(&self, typed: &str) -> Option<Pick> {
        let is_file = typed.contains('/') || typed.ends_with(".toml");
        is_file.then(|| {
            let mut form = self.export_form();
            form.profile = Some(typed.into());
            pick(typed, "the profile in this file", false, Take::Export(form))
        })
    }
}
