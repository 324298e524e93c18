//! Reports: what they shall be, how they would read, and writing them.

use crate::app::App;
use crate::app::choice::Choice;
use crate::app::data::{Failure, Purpose, Request};
use crate::app::exporting::{Ended, Form, What, counted};
use crate::app::history::Open;
use crate::app::input::Input;
use crate::app::layers::{Layer, Prompt, Yes};
use crate::app::made::Made;
use crate::app::overview::bytes;
use crate::app::pages::export::{ExportPage, Writing};
use crate::app::pages::{Page, PageId, PageReader};
use crate::app::reader::{Goal, Reader};
use crate::app::target::{Change, Target};
use crate::app::view::{Pane, View};
use crate::text::escape::typed_at_prompt;
use std::path::PathBuf;

impl App {
    /// What is exported, as it was chosen last.
    pub(in crate::app) fn export_form(&self) -> Form {
        self.export.clone().unwrap_or_else(|| Form::new(&self.name))
    }

    /// Shows how a report would read: of the notes that are selected or that the list is cut to.
    pub(in crate::app) fn start_export(&mut self) {
        let form = self.export_form();
        let rows = self.selected_rows().filter(|_| self.is_notes());
        let what = match rows {
            Some(rows) => What::Listed(self.note_filter.clone(), Some(rows)),
            None if self.is_notes() && !self.note_filter.is_all() => {
                What::Listed(self.note_filter.clone(), None)
            }
            None => match &form.what {
                // What was selected then is not what is selected now.
                What::Listed(..) => What::default(),
                chosen => chosen.clone(),
            },
        };
        let form = form.of(what, &self.name);
        self.show_export(form);
    }

    /// Puts the report together and shows it.
    pub(in crate::app) fn show_export(&mut self, form: Form) {
        if self.open != Some(Open::Page(PageId::Export)) {
            self.depart();
        }
        self.view = View::Notes;
        self.focus = Pane::Reader;
        self.stop_rows();
        self.export = Some(form.clone());
        self.open = Some(Open::Page(PageId::Export));
        self.goal = None;
        // Whoever changed one line of it goes on to the next.
        let goal = match &self.reader {
            Reader::Page(page) if page.export().is_some() => page.place(),
            _ => Goal::Start,
        };
        let page = Page::Export(Box::new(ExportPage::new(form.clone())));
        self.reader = Reader::Page(Box::new(PageReader::new(page, Made::default(), goal)));
        self.asked.remove(&Purpose::Reader);
        self.ask(Purpose::Reader, Request::Preview(form));
    }

    /// Back to where one was; the notes are as one left them before.
    pub(in crate::app) fn leave_report(&mut self) {
        let before = self.places.get(&View::Notes).cloned();
        self.go_back();
        match before {
            Some(place) => self.places.insert(View::Notes, place),
            None => self.places.remove(&View::Notes),
        };
    }

    /// The report in the reader.
    fn report(&self) -> Option<&ExportPage> {
        match &self.reader {
            Reader::Page(page) => page.export(),
            _ => None,
        }
    }

    pub(in crate::app) fn change_export(&mut self, change: Change) {
        match change {
            Change::What => self.open_choice(Choice::Report),
            Change::Format => self.open_choice(Choice::ReportFormat),
            Change::Profile => self.open_choice(Choice::ReportProfile),
            Change::File => {
                let input = Input::new(&self.export_form().file);
                self.layers.push(Layer::Prompt { what: Prompt::ReportFile, input });
            }
            Change::Write => self.write_report(false),
        }
    }

    pub(in crate::app) fn export_into(&mut self, file: &str) {
        if !file.is_empty() {
            let form = self.export_form().into_file(file);
            self.show_export(form);
        }
    }

    /// Writes what is shown; with `force`, over a file that is there.
    pub(in crate::app) fn write_report(&mut self, force: bool) {
        let Some(page) = self.report() else { return };
        let form = page.form.clone();
        match page.draft.as_ref().map(|draft| draft.preview.is_ok()) {
            None => return self.say("it is still put together", false),
            Some(false) => return,
            Some(true) if page.writing == Writing::Running => return,
            Some(true) => {}
        }
        self.put_writing(&form, Writing::Running);
        self.asked.remove(&Purpose::Export);
        self.ask(Purpose::Export, Request::Export { form, force });
    }

    fn put_writing(&mut self, form: &Form, writing: Writing) {
        if let Reader::Page(page) = &mut self.reader {
            page.take_writing(form, writing);
        }
    }

    /// What became of it.
    pub(in crate::app) fn exported(&mut self, form: &Form, path: PathBuf, ended: Ended) {
        self.asked.remove(&Purpose::Export);
        match ended {
            Ended::Written(written) => {
                let size = bytes(written.bytes as u64);
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let words = format!("{name} is written: {size}, {}", counted(&written));
                let name = typed_at_prompt(&name);
                let words = format!("{words} · casebook verify CASE --report {name} checks it");
                self.put_writing(form, Writing::Done(path, Box::new(written)));
                self.say(words, false);
            }
            Ended::Exists(size) => {
                self.put_writing(form, Writing::No);
                if self.report().is_none_or(|page| page.form != *form) {
                    return self.say(format!("{} exists: not written", path.display()), true);
                }
                let lines = vec![
                    format!("{} exists, {}.", path.display(), bytes(size)),
                    "Replace it? What is in it now is lost.".to_owned(),
                ];
                self.layers.push(Layer::Confirm { lines, yes: Yes::Replace });
            }
            Ended::Failed(lines) => {
                self.put_writing(form, Writing::No);
                self.layers.push(Layer::Report { title: "NOT WRITTEN", lines, top: 0 });
            }
        }
    }

    pub(in crate::app) fn export_failed(&mut self, failure: Failure) {
        self.stopped_writing();
        self.say(failure.message, true);
    }

    fn stopped_writing(&mut self) {
        self.asked.remove(&Purpose::Export);
        if let Some(form) = self.report().map(|page| page.form.clone()) {
            self.put_writing(&form, Writing::No);
        }
    }

    /// A report is on its way to the disk, whatever is on the screen.
    pub(in crate::app) fn has_export(&self) -> bool {
        self.asked.contains_key(&Purpose::Export)
    }

    pub(in crate::app) fn is_exporting(&self) -> bool {
        self.report().is_some_and(|page| page.writing == Writing::Running)
    }

    /// The reader shows how a report reads.
    pub(in crate::app) fn is_on_report(&self) -> bool {
        self.report().is_some()
    }

    /// Nothing of it is left behind.
    pub(in crate::app) fn stop_export(&mut self) {
        self.cancel(Purpose::Export);
        self.stopped_writing();
        self.say("stopped: nothing was written", false);
    }

    /// What `enter` does on a line of the form, and below it.
    pub(in crate::app) fn follow_hint(&self, hint: &str) -> String {
        let words = match self.links().and_then(|links| links.link()) {
            // Not before it can be looked at.
            Some(Target::Export(Change::Write)) => match self.report() {
                Some(page) if page.draft.is_some() => "write it",
                _ => "",
            },
            Some(Target::Export(_)) => "change",
            Some(Target::Facet(_)) => match self.search.facet_here() {
                Some((_, true)) => "the first only",
                _ => "show the others",
            },
            _ => hint,
        };
        words.to_owned()
    }

    /// Worth a word where reports come from.
    pub(in crate::app) fn export_hint(&self, hint: &str) -> String {
        let is_here = self.is_notes() && self.report().is_none();
        if is_here { hint.to_owned() } else { String::new() }
    }
}
