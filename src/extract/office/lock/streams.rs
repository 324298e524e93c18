//! Older documents: streams under RC4, whose key changes every so many bytes, and workbooks under
//! XOR ([MS-OFFCRYPTO] 2.3.5 to 2.3.7).

use super::cipher::{Hash, Rc4};
use super::{cut, first_fitting, unknown, wide};
use crate::extract::Stop;

/// What opens the streams of a document.
pub enum Lock {
    /// Office 97 and 2000: MD5, forty bits.
    Plain { base: Vec<u8> },
    /// Office XP and 2003: SHA-1, as many bytes as the header says.
    CryptoApi { base: Vec<u8>, bytes: usize },
}

impl Lock {
    /// Reads the description of a lock (version first) and finds the password that fits.
    pub fn open(about: &[u8], passwords: &[String]) -> Result<Lock, Stop> {
        first_fitting(passwords, |password| Lock::with(about, password))
    }

    fn with(about: &[u8], password: &str) -> Result<Option<Lock>, Stop> {
        let short = |at: usize| about.get(at..at + 2).map(|b| u16::from_le_bytes([b[0], b[1]]));
        match (short(0), short(2)) {
            (Some(1), Some(1)) => plain(about, password),
            (Some(2..=4), Some(2)) => crypto_api(about, password),
            (Some(major), Some(minor)) => Err(unknown(format_args!("version {major}.{minor}"))),
            _ => Err(cut()),
        }
    }

    /// The key stream of a block.
    pub fn cipher(&self, block: u32) -> Rc4 {
        let number = block.to_le_bytes();
        match self {
            Lock::Plain { base } => Rc4::new(&Hash::Md5.of(&[base, &number])),
            Lock::CryptoApi { base, bytes } => {
                let mut key = Hash::Sha1.of(&[base, &number]);
                key.truncate(*bytes);
                if *bytes == 5 {
                    key.resize(16, 0);
                }
                Rc4::new(&key)
            }
        }
    }

    /// A whole stream, its key changing every `block` bytes.
    pub fn stream(&self, bytes: &mut [u8], block: usize) {
        for (at, chunk) in bytes.chunks_mut(block).enumerate() {
            self.cipher(at as u32).apply(chunk);
        }
    }
}

fn plain(about: &[u8], password: &str) -> Result<Option<Lock>, Stop> {
    let (Some(salt), Some(verifier), Some(hash)) =
        (about.get(4..20), about.get(20..36), about.get(36..52))
    else {
        return Err(cut());
    };
    let word = Hash::Md5.of(&[&wide(password)]);
    let mixed: Vec<u8> = [&word[..5], salt].concat().repeat(16);
    let base = Hash::Md5.of(&[&mixed])[..5].to_vec();
    let lock = Lock::Plain { base };
    Ok(fits(&lock, Hash::Md5, verifier, hash).then_some(lock))
}

fn crypto_api(about: &[u8], password: &str) -> Result<Option<Lock>, Stop> {
    let int =
        |at: usize| about.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let header = int(8).ok_or_else(cut)? as usize;
    let (cipher, bits) = (int(20).ok_or_else(cut)?, int(28).ok_or_else(cut)?);
    if !matches!(cipher, 0 | 0x6801) {
        return Err(unknown(format_args!("cipher {cipher:#x}")));
    }
    let verifier = 12usize.checked_add(header).and_then(|at| about.get(at..)).ok_or_else(cut)?;
    let (Some(salt), Some(sealed), Some(hash)) =
        (verifier.get(4..20), verifier.get(20..36), verifier.get(40..60))
    else {
        return Err(cut());
    };
    let bytes = if bits == 0 { 5 } else { bits as usize / 8 };
    if bytes > 20 {
        return Err(unknown(format_args!("a key of {bits} bits")));
    }
    let lock = Lock::CryptoApi { base: Hash::Sha1.of(&[salt, &wide(password)]), bytes };
    Ok(fits(&lock, Hash::Sha1, sealed, hash).then_some(lock))
}

/// Verifier and its hash follow each other under the key of the first block.
fn fits(lock: &Lock, hash: Hash, verifier: &[u8], hashed: &[u8]) -> bool {
    let mut cipher = lock.cipher(0);
    let (mut verifier, mut hashed) = (verifier.to_vec(), hashed.to_vec());
    cipher.apply(&mut verifier);
    cipher.apply(&mut hashed);
    hash.of(&[&verifier]) == hashed
}

/// XOR with sixteen bytes made of the password, as Excel up to 2003 has it.
pub struct Xor {
    key: [u8; 16],
}

impl Xor {
    /// By the key and the hash of the password that the file holds. The hash has sixteen bits, so
    /// that a wrong password may pass; nothing tells it then.
    pub fn open(key: u16, hash: u16, passwords: &[String]) -> Result<Xor, Stop> {
        first_fitting(passwords, |password| {
            let word: Vec<u8> = password.bytes().take(15).collect();
            Ok((word_hash(&word) == hash && word_key(&word) == key).then(|| Xor::of(&word, key)))
        })
    }

    fn of(word: &[u8], key: u16) -> Xor {
        const FILL: [u8; 15] =
            [0xbb, 0xff, 0xff, 0xba, 0xff, 0xff, 0xb9, 0x80, 0, 0xbe, 0x0f, 0, 0xbf, 0x0f, 0];
        let halves = key.to_le_bytes();
        let mut bytes = word.iter().chain(&FILL).copied();
        let key =
            std::array::from_fn(|at| (bytes.next().unwrap_or(0) ^ halves[at % 2]).rotate_left(2));
        Xor { key }
    }

    /// The data of a record that begins at `offset` of the stream.
    pub fn apply(&self, data: &mut [u8], offset: usize) {
        let first = offset + data.len();
        for (at, byte) in data.iter_mut().enumerate() {
            *byte = byte.rotate_left(3) ^ self.key[(first + at) % 16];
        }
    }
}

fn word_hash(word: &[u8]) -> u16 {
    let mut hash = word.len() as u16;
    if !word.is_empty() {
        hash ^= 0xce4b;
    }
    for (at, byte) in word.iter().enumerate() {
        // Turned left within fifteen bits.
        let (byte, by) = (u32::from(*byte), (at + 1) % 15);
        hash ^= ((byte << by | byte >> (15 - by)) & 0x7fff) as u16;
    }
    hash
}

fn word_key(word: &[u8]) -> u16 {
    let step = |register: &mut u16| {
        *register = register.rotate_left(1);
        if *register & 1 != 0 {
            *register ^= 0x1020;
        }
    };
    let (mut key, mut base, mut end) = (0, 0x8000, 0xffff);
    for byte in word.iter().rev() {
        for bit in 0..8 {
            step(&mut base);
            if byte & 0x7f & 1 << bit != 0 {
                key ^= base;
            }
            step(&mut end);
        }
    }
    if word.is_empty() { 0 } else { key ^ end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_their_marks() {
        // The mark of a protected sheet, as it is known of many files.
        assert_eq!(word_hash(b"test"), 0xcbeb);
        assert_eq!((word_hash(b""), word_key(b"")), (0, 0));
        let (hash, key) = (word_hash(b"abc"), word_key(b"abc"));
        let xor = Xor::open(key, hash, &["x".to_owned(), "abc".to_owned()]).unwrap();
        let plain = b"records of a workbook";
        let mut sealed = plain.to_vec();
        for (at, byte) in sealed.iter_mut().enumerate() {
            *byte = (*byte ^ xor.key[(100 + plain.len() + at) % 16]).rotate_right(3);
        }
        xor.apply(&mut sealed, 100);
        assert_eq!(sealed, plain);
        assert!(Xor::open(key, hash, &[]).is_err());
    }
}
