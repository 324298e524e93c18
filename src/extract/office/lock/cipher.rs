//! Hashes and ciphers by the names that documents give them.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use blowfish::Blowfish;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

fn of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = D::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().to_vec()
}

fn spun<D: Digest>(seed: &[&[u8]], rounds: u32) -> Vec<u8> {
    let mut found = of::<D>(seed);
    for round in 0..rounds {
        let mut hash = D::new();
        hash.update(round.to_le_bytes());
        hash.update(&found);
        found.copy_from_slice(&hash.finalize());
    }
    found
}

impl Hash {
    /// `SHA512`, `SHA-512`, or the end of an address in a manifest (`...#sha256`).
    pub fn named(name: &str) -> Option<Hash> {
        let name = name.rsplit('#').next()?.to_ascii_lowercase().replace('-', "");
        Some(match name.as_str() {
            "md5" => Hash::Md5,
            "sha1" => Hash::Sha1,
            "sha256" => Hash::Sha256,
            "sha384" => Hash::Sha384,
            "sha512" => Hash::Sha512,
            _ => return None,
        })
    }

    /// The hash of these parts, one after the other.
    pub fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Hash::Md5 => of::<Md5>(parts),
            Hash::Sha1 => of::<Sha1>(parts),
            Hash::Sha256 => of::<Sha256>(parts),
            Hash::Sha384 => of::<Sha384>(parts),
            Hash::Sha512 => of::<Sha512>(parts),
        }
    }

    /// The hash of the seed, hashed again with the number of each round before it.
    pub fn spun(self, seed: &[&[u8]], rounds: u32) -> Vec<u8> {
        match self {
            Hash::Md5 => spun::<Md5>(seed, rounds),
            Hash::Sha1 => spun::<Sha1>(seed, rounds),
            Hash::Sha256 => spun::<Sha256>(seed, rounds),
            Hash::Sha384 => spun::<Sha384>(seed, rounds),
            Hash::Sha512 => spun::<Sha512>(seed, rounds),
        }
    }
}

enum Aes {
    Short(Box<Aes128>),
    Middle(Box<Aes192>),
    Long(Box<Aes256>),
}

impl Aes {
    /// By the length of the key; `None` for one that AES does not have.
    fn new(key: &[u8]) -> Option<Aes> {
        Some(match key.len() {
            16 => Aes::Short(Box::new(Aes128::new_from_slice(key).ok()?)),
            24 => Aes::Middle(Box::new(Aes192::new_from_slice(key).ok()?)),
            32 => Aes::Long(Box::new(Aes256::new_from_slice(key).ok()?)),
            _ => return None,
        })
    }

    fn block(&self, bytes: [u8; 16]) -> [u8; 16] {
        let mut block = bytes.into();
        match self {
            Aes::Short(aes) => aes.decrypt_block(&mut block),
            Aes::Middle(aes) => aes.decrypt_block(&mut block),
            Aes::Long(aes) => aes.decrypt_block(&mut block),
        }
        block.into()
    }
}

/// Whole blocks under AES in CBC mode; a rest that is no block is dropped.
pub fn cbc(key: &[u8], start: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let aes = Aes::new(key)?;
    let mut before: [u8; 16] = start.get(..16)?.try_into().ok()?;
    let mut out = Vec::with_capacity(bytes.len());
    for block in bytes.as_chunks::<16>().0 {
        let plain = aes.block(*block);
        out.extend(plain.iter().zip(before).map(|(plain, before)| plain ^ before));
        before = *block;
    }
    Some(out)
}

/// Whole blocks under AES, each by itself.
pub fn ecb(key: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let aes = Aes::new(key)?;
    Some(bytes.as_chunks::<16>().0.iter().flat_map(|block| aes.block(*block)).collect())
}

/// Bytes under Blowfish in cipher feedback of whole blocks, as OpenOffice has it up to version 3.3.
pub fn blowfish(key: &[u8], start: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let cipher = <Blowfish>::new_from_slice(key).ok()?;
    let mut before: [u8; 8] = start.try_into().ok()?;
    let mut out = Vec::with_capacity(bytes.len());
    for chunk in bytes.chunks(before.len()) {
        let mut block = before.into();
        cipher.encrypt_block(&mut block);
        out.extend(chunk.iter().zip(block).map(|(sealed, key)| sealed ^ key));
        before[..chunk.len()].copy_from_slice(chunk);
    }
    Some(out)
}

/// The key stream of RC4.
pub struct Rc4 {
    state: [u8; 256],
    i: u8,
    j: u8,
}

impl Rc4 {
    /// # Panics
    /// Never: an empty key counts as a zero.
    pub fn new(key: &[u8]) -> Rc4 {
        let key = if key.is_empty() { &[0] } else { key };
        let mut state: [u8; 256] = std::array::from_fn(|at| at as u8);
        let mut j = 0u8;
        for at in 0..256 {
            j = j.wrapping_add(state[at]).wrapping_add(key[at % key.len()]);
            state.swap(at, usize::from(j));
        }
        Rc4 { state, i: 0, j: 0 }
    }

    pub fn next(&mut self) -> u8 {
        self.i = self.i.wrapping_add(1);
        self.j = self.j.wrapping_add(self.state[usize::from(self.i)]);
        self.state.swap(usize::from(self.i), usize::from(self.j));
        let at = self.state[usize::from(self.i)].wrapping_add(self.state[usize::from(self.j)]);
        self.state[usize::from(at)]
    }

    pub fn apply(&mut self, bytes: &mut [u8]) {
        bytes.iter_mut().for_each(|byte| *byte ^= self.next());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        // FIPS 197, appendix C; RFC 6229 in its first bytes; FIPS 180.
        let key: Vec<u8> = (0..16).collect();
        let sealed = [
            0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30, 0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4,
            0xc5, 0x5a,
        ];
        let plain: Vec<u8> = (0..16).map(|n| n * 0x11).collect();
        assert_eq!(ecb(&key, &sealed), Some(plain.clone()));
        assert_eq!(cbc(&key, &[0; 16], &sealed), Some(plain));
        assert_eq!(ecb(&key[..5], &sealed), None);
        let mut bytes = [0; 4];
        Rc4::new(&[1, 2, 3, 4, 5]).apply(&mut bytes);
        assert_eq!(bytes, [0xb2, 0x39, 0x63, 0x05]);
        assert_eq!(Hash::Sha1.of(&[b"a", b"bc"])[..4], [0xa9, 0x99, 0x3e, 0x36]);
        assert_eq!(Hash::named("http://www.w3.org/2000/09/xmldsig#sha256"), Some(Hash::Sha256));
        assert_eq!(Hash::named("WHIRLPOOL"), None);
        assert_eq!(Hash::Sha1.spun(&[b"abc"], 0), Hash::Sha1.of(&[b"abc"]));
    }
}
