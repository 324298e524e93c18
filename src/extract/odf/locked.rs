//! OpenDocument files locked with a password (OpenDocument 1.2, part 3): each part by itself under
//! AES, before 2011 under Blowfish, its key by PBKDF2 from the hash of the password; the manifest says how.

use super::super::office::lock::{Hash, blowfish, cbc, first_fitting, opened, unknown};
use super::super::office::pull::{Node, Xml};
use super::super::office::zipped::Parts;
use super::super::{Limits, Out, Stop};
use crate::extract::mail::transfer::base64;
use std::io::Read;

/// More rounds are no lock but a bomb; LibreOffice writes a hundred thousand.
const MOST_ROUNDS: u32 = 10_000_000;

/// How one part is locked.
#[derive(Default)]
struct Part {
    path: String,
    size: Option<u64>,
    cipher: String,
    start: Vec<u8>,
    derivation: String,
    salt: Vec<u8>,
    rounds: u32,
    key_size: usize,
    /// Of the password itself.
    hash: String,
    /// Of the beginning of the part, packed.
    checksum_kind: String,
    checksum: Vec<u8>,
    locked: bool,
}

/// The parts of a locked document by its manifest.
pub struct Locked {
    parts: Vec<Part>,
}

impl Locked {
    /// `None` when the content is not locked. A library of macros may be locked by itself.
    pub fn of(manifest: &str, nesting: u32) -> Option<Locked> {
        let mut xml = Xml::new(manifest, nesting);
        let mut parts: Vec<Part> = Vec::new();
        while let Some(node) = xml.next() {
            let Node::Start(tag) = node else { continue };
            let text = |name: &str| tag.attr(name).unwrap_or_default();
            if tag.name() == "file-entry" {
                let (path, size) = (text("full-path"), tag.number("size"));
                parts.push(Part { path, size, ..Part::default() });
            }
            let Some(part) = parts.last_mut() else { continue };
            match tag.name() {
                "encryption-data" => {
                    part.locked = true;
                    part.checksum_kind = text("checksum-type");
                    part.checksum = base64(text("checksum").as_bytes());
                }
                "algorithm" => {
                    part.cipher = text("algorithm-name");
                    part.start = base64(text("initialisation-vector").as_bytes());
                }
                "key-derivation" => {
                    part.derivation = text("key-derivation-name");
                    part.salt = base64(text("salt").as_bytes());
                    part.rounds = tag.number("iteration-count").unwrap_or(0);
                    part.key_size = tag.number("key-size").unwrap_or(16);
                }
                "start-key-generation" => part.hash = text("start-key-generation-name"),
                _ => {}
            }
        }
        parts.retain(|part| part.locked);
        let content =
            |part: &Part| matches!(part.path.as_str(), "content.xml" | "encrypted-package");
        parts.iter().any(content).then_some(Locked { parts })
    }

    /// All parts in clear, those that never were locked as they are.
    pub fn open(
        &self,
        mut sealed: Parts,
        passwords: &[String],
        limits: Limits,
        out: &mut Out,
    ) -> Result<Parts<'static>, Stop> {
        let mut most = limits.whole;
        let probe = self.parts.iter().find(|part| part.path == "content.xml");
        let probe = probe.ok_or_else(|| unknown("the package as a whole"))?;
        let bytes = sealed.read(&probe.path)?.unwrap_or_default();
        let password = first_fitting(passwords, |password| {
            Ok(probe.open(&bytes, password, most)?.map(|_| password.to_owned()))
        })?;
        opened(out)?;
        let mut open = Vec::new();
        for name in sealed.names().to_vec() {
            let Some(bytes) = sealed.read(&name)? else { continue };
            let part = self.parts.iter().find(|part| part.path == name);
            let bytes = match part.map(|part| part.open(&bytes, &password, most)).transpose()? {
                None => bytes,
                Some(Some(bytes)) => bytes,
                Some(None) => {
                    out.warn(format!("its part {name} does not open with the same password"))?;
                    continue;
                }
            };
            most = most.saturating_sub(bytes.len() as u64);
            open.push((name, bytes));
        }
        Ok(Parts::from_memory(open, limits))
    }
}

impl Part {
    /// The part in clear; `None` where the password does not fit.
    fn open(&self, bytes: &[u8], password: &str, most: u64) -> Result<Option<Vec<u8>>, Stop> {
        let hash = match self.hash.as_str() {
            "" => Hash::Sha1,
            name => Hash::named(name).ok_or_else(|| unknown(name))?,
        };
        let cipher = self.cipher.to_ascii_lowercase();
        let is_blowfish = cipher == "blowfish cfb" || cipher.ends_with("#blowfish");
        if !is_blowfish && !cipher.ends_with("-cbc") {
            return Err(unknown(&self.cipher));
        }
        let derived = self.derivation.rsplit('#').next().unwrap_or_default();
        if !derived.eq_ignore_ascii_case("pbkdf2")
            || self.rounds > MOST_ROUNDS
            || self.key_size > 64
        {
            return Err(unknown(&self.derivation));
        }
        let mut key = vec![0; self.key_size];
        let start = hash.of(&[password.as_bytes()]);
        pbkdf2::pbkdf2_hmac::<sha1::Sha1>(&start, &self.salt, self.rounds, &mut key);
        let packed = match is_blowfish {
            true => blowfish(&key, &self.start, bytes),
            false => cbc(&key, &self.start, bytes).map(|mut packed| {
                // The last byte says how many were added to fill the last block.
                let added = packed.last().map_or(0, |last| usize::from(*last));
                packed.truncate(packed.len().saturating_sub(added.min(16)));
                packed
            }),
        };
        let packed = packed.ok_or_else(|| unknown(&self.cipher))?;
        let kind = self.checksum_kind.to_ascii_lowercase();
        let kind = kind.rsplit(['#', ':']).next().unwrap_or_default();
        let (name, head) = match kind.strip_suffix("-1k").or_else(|| kind.strip_suffix("/1k")) {
            Some(name) => (name, &packed[..packed.len().min(1024)]),
            None => (kind, &packed[..]),
        };
        if let Some(hash) = Hash::named(name)
            && hash.of(&[head]) != self.checksum
        {
            return Ok(None);
        }
        let mut plain = Vec::new();
        let unpacked =
            flate2::read::DeflateDecoder::new(&packed[..]).take(most + 1).read_to_end(&mut plain);
        if plain.len() as u64 > most {
            return Err(Stop::OverLimit(format!("its part {} unpacks to too much", self.path)));
        }
        let whole = self.size.is_none_or(|size| size == plain.len() as u64);
        Ok((unpacked.is_ok() && whole).then_some(plain))
    }
}
