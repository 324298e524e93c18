//! What leaves the machine, encrypted: files of age (age-encryption.org/v1), by its library. There
//! is no cryptography of our own, and what is not encrypted yet never touches the disk.

use super::error::{Code, Failure};
use super::out::{Out, Style};
use super::target::{self, Bytes};
use super::{args, quoted};
use age::secrecy::ExposeSecret;
use age::x25519::{Identity, Recipient};
use age::{DecryptError, Decryptor, Encryptor, IdentityFile, armor::ArmoredReader};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::path::Path;

/// First bytes of what age writes, binary and armoured.
const MARKS: [&str; 2] = ["age-encryption.org/", "-----BEGIN AGE ENCRYPTED FILE-----"];

/// `key`: makes a key that bundles can be encrypted to.
pub fn key(args: &args::Key, out: &mut Out<'_>) -> Result<Code, Failure> {
    let identity = Identity::generate();
    let recipient = identity.to_public().to_string();
    let lines = [
        "# A key of Casebook, and of age: who has this file reads what is encrypted to it.",
        &format!("# public key: {recipient}"),
        identity.to_string().expose_secret(),
    ]
    .join("\n");
    // A new file is for its owner alone.
    target::write(&args.output, 0o600, Bytes::Safe, out, |file| {
        file.write_all(lines.as_bytes())
            .and_then(|()| file.write_all(b"\n"))
            .map_err(|error| Failure::io("write", &args.output, &error))
    })?;
    target::tell(&args.output, out)?;
    let file = quoted(&args.output);
    out.say(&format!("{recipient}\n"))?;
    let hint = format!(
        "give that line to whoever encrypts to you; keep {file}: casebook merge --identity {file}"
    );
    out.line_of(Style::Dim, &hint)?;
    out.say("\n")?;
    Ok(Code::Done)
}

/// Encrypts `plain` to all of the recipients.
pub fn encrypt(plain: &[u8], recipients: &[String], into: &mut dyn Write) -> Result<(), Failure> {
    let recipients: Vec<Recipient> = recipients
        .iter()
        .map(|recipient| {
            recipient.parse().map_err(|_| {
                Failure::usage(format!("{recipient:?} is no recipient"))
                    .hint("a recipient is a public key of age: age1...; casebook key makes one")
            })
        })
        .collect::<Result<_, _>>()?;
    let encryptor = Encryptor::with_recipients(recipients.iter().map(|one| one as _))
        .map_err(|error| Failure::new(format!("it cannot be encrypted: {error}")))?;
    let mut sealed = encryptor.wrap_output(into)?;
    sealed.write_all(plain)?;
    sealed.finish()?;
    Ok(())
}

/// Hands a file on as it is, or decrypted with an identity. Each part of the plain text was
/// authenticated before it is handed on; where the file is damaged or ends early, reading fails.
pub fn open<T>(
    path: &Path,
    identity: Option<&Path>,
    read: impl FnOnce(&mut dyn Read) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let failed = |error: io::Error| Failure::io("open", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let mut first = Vec::new();
    (&mut file).take(64).read_to_end(&mut first).map_err(failed)?;
    file.rewind().map_err(failed)?;
    if !MARKS.iter().any(|mark| first.starts_with(mark.as_bytes())) {
        return read(&mut file);
    }
    let Some(identity) = identity else {
        return Err(Failure::usage(format!("{} is encrypted", path.display()))
            .hint("say where the key for it lies: --identity FILE"));
    };
    let decryptor = Decryptor::new_buffered(ArmoredReader::new(BufReader::new(file)))
        .map_err(|error| undone(path, &error))?;
    if decryptor.is_scrypt() {
        return Err(Failure::new(format!("{} is encrypted with a passphrase", path.display()))
            .hint(
                "decrypt it with the program age first, or ask for it to be encrypted to a key",
            ));
    }
    let identities = identities(identity)?;
    let plain = decryptor
        .decrypt(identities.iter().map(|one| &**one))
        .map_err(|error| undone(path, &error))?;
    read(&mut Opened(plain))
}

/// What is decrypted, with words for what fails in the middle of it.
struct Opened<R>(R);

impl<R: Read> Read for Opened<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => io::Error::new(
                error.kind(),
                "its encryption does not hold: it is damaged, or was changed on its way",
            ),
            _ => error,
        })
    }
}

fn identities(path: &Path) -> Result<Vec<Box<dyn age::Identity>>, Failure> {
    let failed = |error: io::Error| Failure::io("read the key in", path, &error);
    let file = BufReader::new(File::open(path).map_err(failed)?);
    let file = IdentityFile::from_buffer(file).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => Failure::new(format!("{} holds no key", path.display()))
            .hint("a key is a line AGE-SECRET-KEY-1..., as casebook key and age-keygen write it"),
        _ => failed(error),
    })?;
    file.into_identities().map_err(|error| undone(path, &error))
}

fn undone(path: &Path, error: &DecryptError) -> Failure {
    let path = path.display();
    match error {
        DecryptError::NoMatchingKeys => {
            Failure::new(format!("{path} is encrypted, but not to the key in --identity"))
                .hint("its sender must encrypt it to the public key that stands in that file")
        }
        DecryptError::Io(error) => Failure::new(format!("cannot read {path}: {error}")),
        _ => Failure::new(format!("{path} is damaged, or was changed on its way: {error}"))
            .hint("ask for it to be sent again"),
    }
}
