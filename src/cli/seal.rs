//! What leaves the machine, encrypted: by the program `age`, which must be on the PATH. There is no
//! cryptography of our own, and what is not encrypted yet never touches the disk.

use super::error::{Code, Failure};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// First lines of what age writes, binary and armoured.
const MARKS: [&str; 2] = ["age-encryption.org/", "-----BEGIN AGE ENCRYPTED FILE-----"];

/// Encrypts `plain` to all of the recipients.
pub fn encrypt(plain: &[u8], recipients: &[String], into: &mut dyn Write) -> Result<(), Failure> {
    let mut command = Command::new("age");
    command.arg("--encrypt").stdin(Stdio::piped()).stdout(Stdio::piped());
    for recipient in recipients {
        if !["age1", "ssh-ed25519 ", "ssh-rsa "].iter().any(|begin| recipient.starts_with(begin)) {
            return Err(Failure::usage(format!("{recipient:?} is no recipient"))
                .hint("a recipient is a public key: age1... or ssh-ed25519 ..."));
        }
        // In one word, so that no recipient is an option.
        command.arg(format!("--recipient={recipient}"));
    }
    let mut child = start(&mut command)?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let copied = std::thread::scope(|scope| {
        let writer = scope.spawn(move || stdin.map_or(Ok(()), |mut to| to.write_all(plain)));
        let copied = stdout.map_or(Ok(0), |mut from| io::copy(&mut from, into));
        // When it goes away early, it says why when it ends.
        drop(writer.join());
        copied
    });
    ended(child)?;
    copied?;
    Ok(())
}

/// Hands a file on as it is, or as age decrypts it with an identity.
pub fn open<T>(
    path: &Path,
    identity: Option<&Path>,
    read: impl FnOnce(&mut dyn Read) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let failed = |error: io::Error| Failure::io("open", path, &error);
    let mut file = File::open(path).map_err(failed)?;
    let is_sealed = {
        let mut first = Vec::new();
        let mut line = BufReader::new(&mut file).take(64);
        line.read_until(b'\n', &mut first).map_err(failed)?;
        MARKS.iter().any(|mark| first.starts_with(mark.as_bytes()))
    };
    file.rewind().map_err(failed)?;
    if !is_sealed {
        return read(&mut file);
    }
    let Some(identity) = identity else {
        return Err(Failure::usage(format!("{} is encrypted", path.display()))
            .hint("say where the key for it lies: --identity FILE"));
    };
    let identity = std::path::absolute(identity).unwrap_or_else(|_| identity.to_owned());
    let mut command = Command::new("age");
    command.arg("--decrypt").arg("--identity").arg(identity);
    let mut child = start(command.stdin(file).stdout(Stdio::piped()))?;
    let mut stdout = child.stdout.take();
    let result = match &mut stdout {
        Some(from) => read(from),
        None => read(&mut io::empty()),
    };
    drop(stdout);
    // What came is only what was meant when it ends well.
    let end = ended(child);
    match (result, end) {
        (Ok(value), Ok(())) => Ok(value),
        (_, Err(end)) if end.code == Code::Failed => Err(end),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

fn start(command: &mut Command) -> Result<Child, Failure> {
    command.stderr(Stdio::piped()).spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::new("the program age is not on the PATH")
            .hint("install the package age; it does the encryption"),
        _ => Failure::new(format!("age cannot be started: {error}")),
    })
}

/// Waits for the end, and says what it said when that was not a good one.
fn ended(mut child: Child) -> Result<(), Failure> {
    let mut said = String::new();
    if let Some(from) = child.stderr.take() {
        // What cannot be read is not said.
        let _ = from.take(4096).read_to_string(&mut said);
    }
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    let said = said.lines().next().unwrap_or("it did not say why").trim();
    let said = said.trim_start_matches("age: ").trim_start_matches("error: ");
    Err(Failure::new(format!("age failed: {said}")))
}
