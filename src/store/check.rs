//! What `verify` asks the store: is what is stored still what was stored?

use super::documents::main_place;
use super::identity::{MessageIdentity, kind_from, message_digest, short_digest};
use super::ingest::{NewDocument, json};
use super::texts::digest;
use super::{Store, StoreError, raw_time};
use crate::model::view::Damage;
use crate::model::{DocumentId, MessageId, Sha256, SourceId, State};
use rusqlite::OptionalExtension;
use sha2::Digest;
use std::path::PathBuf;

/// A file of a source that must still be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    pub source: SourceId,
    pub document: DocumentId,
    /// Relative to the source.
    pub path: String,
    pub file: PathBuf,
    pub key: Sha256,
    /// JSON of the claim, for parts of a chat package.
    pub claim: Option<String>,
    /// The last `add` did not find it, or found other bytes there.
    pub is_missing: bool,
}

/// What extraction says of a document beside its text, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub format: String,
    pub state: String,
    pub reason: String,
    pub encoding: String,
    /// Where the file itself says it: its member's date in a container is another matter.
    pub date: Option<String>,
    pub blank_pages: String,
    pub warnings: String,
    pub metadata: String,
}

impl Facts {
    /// # Errors
    /// They cannot be written as JSON.
    pub fn of(new: &NewDocument, encoding: &str) -> Result<Facts, StoreError> {
        let list =
            |items: &[String]| if items.is_empty() { Ok(String::new()) } else { json(items) };
        let metadata = if new.metadata.is_empty() { String::new() } else { json(new.metadata)? };
        let (clock, zone) = super::ingest::columns(new.date);
        Ok(Facts {
            format: new.format.to_owned(),
            state: new.state.name().to_owned(),
            reason: new.reason.to_owned(),
            encoding: encoding.to_owned(),
            date: date_of(clock, zone, new.date_source),
            blank_pages: list(new.blank_pages)?,
            warnings: list(new.warnings)?,
            metadata,
        })
    }

    /// What is another thing in the other one. Limits of time and memory are not met at the same
    /// place each time, so what is over one is not compared; nor are sentences (reasons,
    /// warnings), which a newer program may put into other words.
    pub fn differences(&self, other: &Facts) -> Vec<&'static str> {
        let limit = State::OverLimit.name();
        let mut found = Vec::new();
        let date = |facts: &Facts| facts.date.clone().unwrap_or_default();
        let dates = (date(self), date(other));
        if self.state == limit || other.state == limit {
            return found;
        }
        for (name, own, others) in [
            ("format", &self.format, &other.format),
            ("state", &self.state, &other.state),
            ("encoding", &self.encoding, &other.encoding),
            ("date", &dates.0, &dates.1),
            ("pages without text", &self.blank_pages, &other.blank_pages),
            ("metadata", &self.metadata, &other.metadata),
        ] {
            if own != others {
                found.push(name);
            }
        }
        found
    }
}

fn date_of(clock: Option<i64>, zone: Option<i32>, source: &str) -> Option<String> {
    let clock = clock.filter(|_| source != "member")?;
    Some(format!("{source} {clock} {zone:?}"))
}

/// What extraction gave for a document, to be compared with another extraction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    pub document: DocumentId,
    pub extractor: u32,
    /// Its first place, by whose name it was read, and the claim of that.
    pub path: String,
    pub claim: Option<String>,
    pub facts: Facts,
    /// Seconds east of UTC and status (`stated`, `inferred`, ...) of an export's clock.
    pub zone: Option<(i64, String)>,
    pub text: Option<Sha256>,
    /// Platform of an export, which its neighbours may have settled.
    pub platform: Option<String>,
    /// Messages of this export, and the sum of their digests.
    pub messages: Option<(u64, i64)>,
}

impl Store {
    /// Files that were there at the last `add`, in walk order.
    pub fn known_files(&self) -> Result<Vec<KnownFile>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT p.source, p.document, p.path, p.raw, s.path, s.is_file, d.key, p.claim,
                p.missing
             FROM place p JOIN source s ON s.id = p.source JOIN document d ON d.id = p.document
             WHERE p.parent IS NULL AND d.has_bytes ORDER BY p.id",
        )?;
        let mut rows = statement.query([])?;
        let mut files = Vec::new();
        while let Some(row) = rows.next()? {
            let path: String = row.get(2)?;
            let raw: Option<Vec<u8>> = row.get(3)?;
            let root = super::documents::path_from_bytes(row.get(4)?);
            let relative =
                raw.map_or_else(|| PathBuf::from(&path), super::documents::path_from_bytes);
            files.push(KnownFile {
                source: SourceId(row.get(0)?),
                document: DocumentId(row.get(1)?),
                file: if row.get(5)? { root } else { root.join(relative) },
                path,
                key: digest(row.get(6)?)?,
                claim: row.get(7)?,
                is_missing: row.get(8)?,
            });
        }
        Ok(files)
    }

    /// Every document that has bytes: its number, its content and the path of its main place.
    pub fn each_content(
        &self,
        mut each: impl FnMut(DocumentId, Sha256, String),
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT d.id, d.key, (SELECT path FROM place WHERE id = {})
             FROM document d WHERE d.has_bytes ORDER BY d.id",
            main_place("d.id", "")
        ))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let path: Option<String> = row.get(2)?;
            each(DocumentId(row.get(0)?), digest(row.get(1)?)?, path.unwrap_or_default());
        }
        Ok(())
    }

    /// Documents that lie nowhere: whoever wrote the case leaves none.
    pub fn unplaced(&self) -> Result<Vec<DocumentId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM document
             WHERE NOT EXISTS (SELECT 1 FROM place WHERE document = document.id) ORDER BY id",
        )?;
        let rows = statement.query_map([], |row| row.get(0).map(DocumentId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Documents and messages: what the index must hold.
    pub fn unit_count(&self) -> Result<u64, StoreError> {
        let count: i64 = self.conn.query_row(
            "SELECT (SELECT count(*) FROM document) + (SELECT count(*) FROM message)",
            [],
            |row| row.get(0),
        )?;
        Ok(count.unsigned_abs())
    }

    /// What the extraction of the document with these bytes gave.
    pub fn extracted(&self, key: &Sha256) -> Result<Option<Extracted>, StoreError> {
        let head = self
            .conn
            .prepare_cached(
                "SELECT d.id, d.extractor, d.format, d.state, d.reason, d.blank_pages, d.warnings,
                    d.metadata, p.path, p.claim, d.clock, d.zone, d.date_source
                 FROM document d LEFT JOIN place p
                    ON p.id = (SELECT min(f.id) FROM place f WHERE f.document = d.id)
                 WHERE d.key = ?1",
            )?
            .query_row([key.0.as_slice()], |row| {
                let facts = Facts {
                    format: row.get(2)?,
                    state: row.get(3)?,
                    reason: row.get(4)?,
                    encoding: String::new(),
                    date: date_of(row.get(10)?, row.get(11)?, &row.get::<_, String>(12)?),
                    blank_pages: row.get(5)?,
                    warnings: row.get(6)?,
                    metadata: row.get(7)?,
                };
                let path = row.get::<_, Option<String>>(8)?.unwrap_or_default();
                Ok((row.get::<_, i64>(0)?, row.get(1)?, facts, path, row.get(9)?))
            })
            .optional()?;
        let Some((id, extractor, mut facts, path, claim)) = head else { return Ok(None) };
        let text: Option<(Vec<u8>, String)> = self
            .conn
            .prepare_cached(
                "SELECT sha256, encoding FROM variant WHERE document = ?1 AND kind = 'original'",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let text = text.map(|(sum, encoding)| {
            facts.encoding = encoding;
            sum
        });
        let export: Option<(i64, i64, String, String)> = self
            .conn
            .prepare_cached(
                "SELECT id, zone, zone_status, platform FROM export WHERE document = ?1",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let messages = export.as_ref().map(|(id, ..)| self.digest_sum(*id)).transpose()?;
        let (zone, platform) =
            export.map(|(_, offset, status, platform)| ((offset, status), platform)).unzip();
        Ok(Some(Extracted {
            document: DocumentId(id),
            extractor,
            path,
            claim,
            facts,
            zone,
            text: text.map(digest).transpose()?,
            platform,
            messages,
        }))
    }

    fn digest_sum(&self, export: i64) -> Result<(u64, i64), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT digest, id, NULL FROM message WHERE export = ?1
             UNION ALL SELECT m.digest, m.id, p.extra ->> 'kind'
             FROM message_place p JOIN message m ON m.id = p.message WHERE p.export = ?1",
        )?;
        let mut rows = statement.query([export])?;
        let (mut count, mut sum) = (0, 0i64);
        while let Some(row) = rows.next()? {
            count += 1;
            let digest = match row.get::<_, Option<String>>(2)? {
                Some(kind) => self.digest_of_place(row.get(1)?, &kind)?,
                None => row.get(0)?,
            };
            sum = sum.wrapping_add(digest);
        }
        Ok((count, sum))
    }

    /// Re-reads every stored text and message and compares it with its hash. `each` is called
    /// now and then with the number of things done and says whether to go on.
    pub fn check_stored(
        &self,
        each: &mut dyn FnMut(u64) -> bool,
    ) -> Result<(u64, Vec<Damage>), StoreError> {
        let mut damage = Vec::new();
        let mut done = 0;
        let mut after = 0;
        loop {
            let variants: Vec<(i64, i64, String, Vec<u8>)> = {
                let mut statement = self.conn.prepare_cached(
                    "SELECT id, document, kind, sha256 FROM variant WHERE id > ?1
                     ORDER BY id LIMIT 500",
                )?;
                let rows = statement.query_map([after], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?;
                rows.collect::<Result<_, _>>()?
            };
            let Some(last) = variants.last() else { break };
            after = last.0;
            for (id, document, kind, expected) in variants {
                if let Err(problem) = self.check_text(id, &expected) {
                    let name = format!("{kind} text of {}", DocumentId(document));
                    damage.push(Damage { what: "text", name, problem });
                }
                done += 1;
            }
            if !each(done) {
                return Ok((done, damage));
            }
        }
        self.check_messages(&mut done, &mut damage, each)?;
        Ok((done, damage))
    }

    fn check_text(&self, variant: i64, expected: &[u8]) -> Result<(), String> {
        let words = |error: rusqlite::Error| StoreError::from(error).to_string();
        let mut statement = self
            .conn
            .prepare_cached("SELECT data FROM chunk WHERE variant = ?1 ORDER BY start")
            .map_err(words)?;
        let mut rows = statement.query([variant]).map_err(words)?;
        let mut hash = sha2::Sha256::new();
        while let Some(row) = rows.next().map_err(words)? {
            let data: Vec<u8> = row.get(0).map_err(words)?;
            hash.update(self.unpack(&data).map_err(|error| error.to_string())?);
        }
        if hash.finalize().as_slice() == expected {
            Ok(())
        } else {
            Err("is not what was extracted: its hash does not fit".to_owned())
        }
    }

    fn check_messages(
        &self,
        done: &mut u64,
        damage: &mut Vec<Damage>,
        each: &mut dyn FnMut(u64) -> bool,
    ) -> Result<(), StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT m.id, m.digest, c.platform, c.key, p.handle, m.kind, m.raw_time, m.native,
                m.text, m.extra ->> 'unresolved', m.clock
             FROM message m JOIN conversation c ON c.id = m.conversation
             LEFT JOIN participant p ON p.id = m.sender ORDER BY m.id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(8)?;
            let unresolved: Option<String> = row.get(9)?;
            let native: Option<String> = row.get(7)?;
            let digest = message_digest(&MessageIdentity {
                platform: &row.get::<_, String>(2)?,
                conversation: &row.get::<_, String>(3)?,
                sender: row.get::<_, Option<String>>(4)?.as_deref(),
                kind: kind_from(row.get(5)?),
                raw_time: &raw_time::unpack(row.get(6)?, row.get(10)?, native.as_deref()),
                native: native.as_deref(),
                text: unresolved.as_deref().unwrap_or(&text),
            });
            if short_digest(&digest) != row.get::<_, i64>(1)? {
                damage.push(Damage {
                    what: "text",
                    name: MessageId(row.get(0)?).to_string(),
                    problem: "is not what was extracted: its hash does not fit".to_owned(),
                });
            }
            *done += 1;
            if done.is_multiple_of(4096) && !each(*done) {
                break;
            }
        }
        Ok(())
    }
}
