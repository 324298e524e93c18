//! A note that is written in the editor that somebody has set.

use super::KEYS;
use crate::app::App;
use crate::app::event::{Effect, Outside};

impl App {
    /// Hands the text to the editor that somebody has set, and takes it back as it then is.
    pub(in crate::app) fn write_outside(&mut self) {
        self.keep_draft();
        let Some(writing) = &self.writing else { return };
        let Some(program) = self.editor.clone() else {
            let words = "no editor: set VISUAL or EDITOR to one, with its arguments";
            return self.say(words, true);
        };
        let name = match writing.draft.note {
            Some(id) => id.to_string(),
            None => writing.draft.kind.word().to_owned(),
        };
        let text = writing.area.text();
        self.effects.push(Effect::Write { program, name, text });
    }

    /// The program outside has ended.
    pub(in crate::app) fn written_outside(&mut self, outside: Outside) {
        let Some(writing) = &mut self.writing else { return };
        match outside {
            Outside::Failed(why) => self.say(why, true),
            Outside::Text(text) => {
                // Editors end a file with a line end that nobody typed.
                let before = writing.area.text();
                let text = match text.strip_suffix('\n') {
                    Some(rest) if !before.ends_with('\n') => rest,
                    _ => &text,
                };
                if text == before {
                    return self.say("the text is as it was", false);
                }
                writing.area.rewrite(text);
                self.written(KEYS);
                let key = self.first_key("undo-typing");
                self.say(format!("the text is taken over · {key} undoes it"), false);
            }
        }
    }
}
