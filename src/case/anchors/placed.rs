//! What an anchor says of its place, beside what the case knows of it. Anybody may sign an anchor: its
//! quote is proved by hashes, who is said to have written it and when is proved here.

use crate::case::{Case, CaseError};
use crate::model::anchor::{At, Hold, Passage};
use crate::model::entity::EntityKind;
use crate::model::{ItemId, MessageId};

/// What a report shows in the place of a name that is masked.
const MASKED: char = '▇';

impl Case {
    /// What becomes of a passage that was found, when what it says of its place is looked at.
    pub(in crate::case) fn placed(
        &self,
        passage: &Passage,
        found: (Hold, Option<At>),
    ) -> Result<(Hold, Option<At>), CaseError> {
        let (hold, at) = found;
        let Some(At { item: ItemId::Message(id), .. }) = at else { return Ok((hold, at)) };
        Ok(match self.misplaced(passage, id)? {
            Some(why) => (Hold::Broken { why }, at),
            None => (hold, at),
        })
    }

    /// Where a passage names another writer or another stamp than the message has: what is so.
    fn misplaced(&self, passage: &Passage, id: MessageId) -> Result<Option<String>, CaseError> {
        let said = &passage.locator;
        if said.is_empty() {
            return Ok(None);
        }
        let is = self.store.message_stamp(id)?;
        let (writer, _) = said.split_once(" in ").unwrap_or((said, ""));
        let names = [is.sender.as_deref(), Some(is.name.as_str())].into_iter().flatten();
        let mut names = names.filter(|name| !name.is_empty());
        let is_hidden = writer.contains(MASKED) || is_pseudonym(writer);
        let is_other = is.sender.is_some() && !is_hidden && !names.any(|name| said.contains(name));
        // Another export of the same message may write its stamp in another way.
        let export = self.file_of(is.export)?.0;
        let is_late = export == passage.content
            && !is.raw_time.is_empty()
            && !said.contains(&format!("{:?}", is.raw_time));
        Ok((is_other || is_late).then(|| {
            let sender = is.sender.as_deref().unwrap_or("the platform itself");
            format!("it says “{said}”, and the case has this of {sender}, {}", is.raw_time)
        }))
    }
}

/// As a redaction names somebody: `person-k7qd2`.
fn is_pseudonym(name: &str) -> bool {
    name.split([' ', '(', ')']).any(|word| {
        word.rsplit_once('-').is_some_and(|(kind, letters)| {
            (kind == "name" || EntityKind::from_word(kind).is_some())
                && letters.len() == 5
                && letters.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_are_known() {
        assert!(is_pseudonym("person-k7qd2 (person-k7qd2)"));
        assert!(!is_pseudonym("wxid_q7m2kd81 (lin)") && !is_pseudonym("anna-maria"));
    }
}
