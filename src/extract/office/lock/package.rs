//! Encrypted packages ([MS-OFFCRYPTO] 2.3.4): *standard* is AES in single blocks under a key from
//! SHA-1, *agile* says in XML what it is.

use super::cipher::{Hash, cbc, ecb};
use super::{cut, unknown, wide};
use crate::extract::Stop;
use crate::extract::mail::transfer::base64;
use crate::extract::office::pull::{Node, Tag, Xml, decode};

/// What opens a package.
pub enum Key {
    Standard(Vec<u8>),
    Agile { key: Vec<u8>, salt: Vec<u8>, hash: Hash, block: usize },
}

impl Key {
    /// The package; `None` where it is cut before its size.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (size, data) = sealed.split_at_checked(8)?;
        let size = usize::try_from(u64::from_le_bytes(size.try_into().ok()?)).ok()?;
        let mut plain = match self {
            Key::Standard(key) => ecb(key, data)?,
            Key::Agile { key, salt, hash, block } => {
                let mut plain = Vec::with_capacity(data.len());
                for (at, segment) in data.chunks(SEGMENT).enumerate() {
                    let number = u32::try_from(at).ok()?.to_le_bytes();
                    let start = sized(hash.of(&[salt, &number]), *block);
                    plain.extend(cbc(key, &start, segment)?);
                }
                plain
            }
        };
        // A file that was cut keeps what is there: a zip is read without its directory too.
        plain.truncate(size);
        Some(plain)
    }
}

/// Agile encryption begins anew after so many bytes.
const SEGMENT: usize = 4096;
/// More rounds are no lock but a bomb; Office writes a hundred thousand.
const MOST_ROUNDS: u32 = 10_000_000;

/// The key that this password gives, if it fits.
pub fn key(about: &[u8], password: &str) -> Result<Option<Key>, Stop> {
    let short = |at: usize| about.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]]));
    match (short(0), short(2)) {
        (Some(4), Some(4)) => agile(&decode(about.get(8..).unwrap_or_default()), password),
        (Some(2..=4), Some(2)) => standard(about, password),
        (Some(major), Some(minor)) => Err(unknown(format_args!("version {major}.{minor}"))),
        _ => Err(cut()),
    }
}

/// Cut, or filled with the byte that the specification names.
fn sized(mut bytes: Vec<u8>, size: usize) -> Vec<u8> {
    bytes.resize(size, 0x36);
    bytes
}

fn standard(about: &[u8], password: &str) -> Result<Option<Key>, Stop> {
    let int =
        |at: usize| about.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let header = int(8).ok_or_else(cut)? as usize;
    let (cipher, bits) = (int(20).ok_or_else(cut)?, int(28).ok_or_else(cut)?);
    if !matches!(cipher, 0 | 0x660e..=0x6610) {
        return Err(unknown(format_args!("cipher {cipher:#x}")));
    }
    let verifier = 12usize.checked_add(header).and_then(|at| about.get(at..)).ok_or_else(cut)?;
    let (salt, sealed, sealed_hash) =
        match (verifier.get(4..20), verifier.get(20..36), verifier.get(40..72)) {
            (Some(salt), Some(sealed), Some(hash)) => (salt, sealed, hash),
            _ => return Err(cut()),
        };
    let spun = Hash::Sha1.spun(&[salt, &wide(password)], 50_000);
    let last = Hash::Sha1.of(&[&spun, &[0; 4]]);
    let mixed = |with: u8| {
        let mut buffer = [with; 64];
        buffer.iter_mut().zip(&last).for_each(|(byte, hash)| *byte ^= hash);
        Hash::Sha1.of(&[&buffer])
    };
    let mut key = mixed(0x36);
    key.extend(mixed(0x5c));
    key.truncate(if bits == 0 { 16 } else { bits as usize / 8 });
    let fits = || Some(Hash::Sha1.of(&[&ecb(&key, sealed)?]) == ecb(&key, sealed_hash)?[..20]);
    Ok(fits().unwrap_or(false).then_some(Key::Standard(key)))
}

/// What an element of the description says of a cipher.
#[derive(Default)]
struct Cipher {
    salt: Vec<u8>,
    block: usize,
    bits: usize,
    hash: String,
    cipher: String,
    chaining: String,
}

impl Cipher {
    fn of(tag: &Tag) -> Cipher {
        Cipher {
            salt: base64(tag.attr("saltValue").unwrap_or_default().as_bytes()),
            block: tag.number("blockSize").unwrap_or(0),
            bits: tag.number("keyBits").unwrap_or(0),
            hash: tag.attr("hashAlgorithm").unwrap_or_default(),
            cipher: tag.attr("cipherAlgorithm").unwrap_or_default(),
            chaining: tag.attr("cipherChaining").unwrap_or_default(),
        }
    }

    fn hash(&self) -> Result<Hash, Stop> {
        if self.cipher != "AES" || self.chaining != "ChainingModeCBC" || self.block != 16 {
            return Err(unknown(format_args!("{} {}", self.cipher, self.chaining)));
        }
        Hash::named(&self.hash).ok_or_else(|| unknown(&self.hash))
    }
}

fn agile(xml: &str, password: &str) -> Result<Option<Key>, Stop> {
    let mut xml = Xml::new(xml, 64);
    let (mut data, mut lock) = (None, None);
    while let Some(node) = xml.next() {
        let Node::Start(tag) = node else { continue };
        match tag.name() {
            "keyData" => data = Some(Cipher::of(&tag)),
            "encryptedKey" if lock.is_none() => {
                let sealed = [
                    "encryptedVerifierHashInput",
                    "encryptedVerifierHashValue",
                    "encryptedKeyValue",
                ]
                .map(|name| base64(tag.attr(name).unwrap_or_default().as_bytes()));
                lock = Some((Cipher::of(&tag), tag.number("spinCount").unwrap_or(0), sealed));
            }
            _ => {}
        }
    }
    let (Some(data), Some((lock, rounds, [input, value, sealed]))) = (data, lock) else {
        return Err(unknown("no password among its locks"));
    };
    if rounds > MOST_ROUNDS {
        return Err(unknown(format_args!("{rounds} rounds")));
    }
    let (hash, data_hash) = (lock.hash()?, data.hash()?);
    let spun = hash.spun(&[&lock.salt, &wide(password)], rounds);
    let opened = |block: [u8; 8], sealed: &[u8]| {
        let key = sized(hash.of(&[&spun, &block]), lock.bits / 8);
        cbc(&key, &sized(lock.salt.clone(), 16), sealed)
    };
    let input = opened([0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79], &input);
    let value = opened([0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e], &value);
    let key = opened([0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6], &sealed);
    let (Some(input), Some(value), Some(mut key)) = (input, value, key) else {
        return Err(unknown(format_args!("a key of {} bits", lock.bits)));
    };
    let found = hash.of(&[&input]);
    let fits = value.len() >= found.len() && value[..found.len()] == found[..] && !input.is_empty();
    if !fits {
        return Ok(None);
    }
    key.truncate(data.bits / 8);
    Ok(Some(Key::Agile { key, salt: data.salt, hash: data_hash, block: data.block }))
}
