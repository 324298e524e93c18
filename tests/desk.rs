//! The desk end to end: the real binary in a pseudo terminal, waiting for conditions, never for
//! time.

use crate::program::{PROGRAM, casebook, done, ended};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const COLUMNS: u16 = 120;
const ROWS: u16 = 40;

pub struct Desk {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    screen: vt100::Parser,
}

impl Desk {
    pub fn open(case: &Path) -> Desk {
        Desk::open_with(case, &[])
    }

    /// With more in its environment. Settings and the author's key lie beside the case.
    pub fn open_with(case: &Path, env: &[(&str, &str)]) -> Desk {
        let mut command = CommandBuilder::new(PROGRAM);
        command.arg(case);
        Desk::run(command, case, env)
    }

    /// From a shell that says `stopped` when it is stopped, and continues it after a line.
    fn open_in_shell(case: &Path) -> Desk {
        let mut command = CommandBuilder::new("sh");
        let script = "set -m; \"$0\" \"$1\"; echo stopped; read go; fg";
        command.args(["-c", script, PROGRAM]);
        command.arg(case);
        Desk::run(command, case, &[])
    }

    fn run(mut command: CommandBuilder, case: &Path, env: &[(&str, &str)]) -> Desk {
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        command.env("CASEBOOK_CONFIG", case.with_file_name("config"));
        for (name, value) in env {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        let cells = |count| NonZeroU16::new(count).unwrap();
        let screen = vt100::Parser::new(cells(ROWS), cells(COLUMNS), 0);
        Desk { child, master: pair.master, keys, bytes, screen }
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Reads what the desk sends until the screen is as it should be.
    #[track_caller]
    pub fn wait(&mut self, what: &str, is_so: impl Fn(&str) -> bool) {
        let until = Instant::now() + Duration::from_secs(60);
        while !is_so(&self.text()) {
            let left = until.saturating_duration_since(Instant::now());
            match self.bytes.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(_) => panic!("never came: {what}\n{}", self.text()),
            }
        }
    }

    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        self.wait(text, |screen| screen.contains(text));
    }

    /// Sends a signal, by its name.
    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Waits until the process stands still. It gives the terminal back before it stops, and one
    /// that is continued in between stops for good.
    fn wait_until_stopped(&self) {
        let file = format!("/proc/{}/stat", self.child.process_id().unwrap());
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let stat = std::fs::read_to_string(&file).unwrap();
            // proc_pid_stat(5): the state is the letter behind the name in parentheses.
            if stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T')) {
                return;
            }
            assert!(Instant::now() < until, "it never stopped: {stat}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The row that the cursor of the list is on.
    fn here(&self) -> String {
        let text = self.text();
        text.lines().find(|line| line.contains("│▸")).unwrap_or("").to_owned()
    }

    /// Waits for the end of one that was killed.
    pub fn wait_until_dead(mut self) {
        self.child.wait().unwrap();
    }

    /// Waits for the end; the terminal must have been given back.
    #[track_caller]
    pub fn ended(mut self) -> u32 {
        let status = self.child.wait().unwrap();
        drop(self.master);
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_secs(10)) {
            self.screen.process(&bytes);
        }
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen(), "the screen before is back");
        assert!(!screen.hide_cursor(), "the cursor is back");
        assert!(!screen.bracketed_paste());
        status.exit_code()
    }
}

pub fn demo(folder: &Path) -> std::path::PathBuf {
    let case = folder.join("demo.case");
    done(&mut casebook(folder, ["demo", "--no-open", "demo.case"]));
    case
}

#[test]
fn search_read_come_back_and_leave() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&demo(folder.path()));
    desk.wait_for("0▸Overview");
    desk.wait_for("needs a decision");
    desk.press("/");
    desk.wait_for("NARROW");
    desk.press("川江");
    desk.wait_for(" found");
    desk.press("\r");
    desk.wait_for("enter open");
    desk.press("\r");
    desk.wait("something opened", |screen| {
        screen.contains("▸Documents") || screen.contains("▸Chats")
    });
    desk.press("\x0f");
    desk.wait_for("HITS 1/");
    desk.press("2");
    desk.wait_for("2▸Chats");
    desk.wait_for("participants");
    desk.press("?");
    desk.wait_for("KEYS");
    desk.press("\x1b");
    desk.wait("help closed", |screen| !screen.contains("KEYS"));
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

#[test]
fn a_lost_connection_gives_the_terminal_back() {
    let folder = tempfile::tempdir().unwrap();
    let case = demo(folder.path());
    for signal in ["-HUP", "-TERM"] {
        let mut desk = Desk::open(&case);
        desk.wait_for("needs a decision");
        let id = desk.child.process_id().unwrap().to_string();
        let sent = std::process::Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        assert_eq!(desk.ended(), 0);
    }
}

#[test]
fn the_terminal_may_be_resized() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&demo(folder.path()));
    desk.wait_for("WHEN AND WHO");
    let size = PtySize { rows: 24, cols: 70, pixel_width: 0, pixel_height: 0 };
    desk.screen.screen_mut().set_size(NonZeroU16::new(24).unwrap(), NonZeroU16::new(70).unwrap());
    desk.master.resize(size).unwrap();
    desk.wait("one column", |screen| !screen.contains("WHEN AND WHO") && screen.contains("CASE"));
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

/// Whether a sign stands in the row of the list's cursor.
pub fn has_mark(screen: &str, sign: &str) -> bool {
    let row = screen.lines().find(|line| line.starts_with("│▸"));
    row.and_then(|row| row.split('│').nth(1)).is_some_and(|row| row.contains(sign))
}

#[test]
fn marked_left_and_opened_at_the_same_place() {
    let folder = tempfile::tempdir().unwrap();
    let case = demo(folder.path());
    let mut desk = Desk::open(&case);
    desk.wait_for("needs a decision");
    desk.press("1jjj");
    desk.wait_for("DOCUMENTS 4/");
    desk.press(" ");
    desk.wait("it is marked", |screen| has_mark(screen, "●"));
    let row = desk.here();
    // At once: what is on its way is written first.
    desk.press("sq");
    assert_eq!(desk.ended(), 0);
    let mut desk = Desk::open(&case);
    desk.wait_for("DOCUMENTS 4/");
    desk.wait("both marks", |screen| has_mark(screen, "★●"));
    let name = |row: &str| row.split('│').nth(1).unwrap()[3..].chars().take(6).collect::<String>();
    assert_eq!(name(&desk.here()), name(&row));
    // Undoing reaches back to what was done before.
    desk.press("u");
    desk.wait_for("marked 1 document as starred, of another sitting");
    desk.wait("one mark", |screen| has_mark(screen, "●") && !has_mark(screen, "★"));
    desk.press("uu");
    desk.wait_for("there is nothing to undo");
    desk.wait("no mark", |screen| !has_mark(screen, "●"));
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

#[test]
fn that_a_filter_leaves_no_row_of_a_table_is_cited_as_a_number() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&demo(folder.path()));
    desk.wait_for("needs a decision");
    desk.press("1f台账2022\r");
    desk.wait_for("1/1 ~台账2022");
    desk.press("\r");
    desk.wait_for("付款 1/3, 1 hidden · A2");
    desk.press("fzzz\r");
    desk.wait_for("no row fits");
    desk.press("c");
    desk.wait_for("is cited: 0: rows");
    desk.press("\x1b");
    desk.wait_for("is kept");
    // An empty cell is no file either.
    desk.press("a");
    desk.wait_for("付款 1/3, 1 hidden · A2");
    desk.press("$jc");
    desk.wait_for("the cell is empty");
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

/// On a network file system only one handle can have a case open, so all threads share it.
#[test]
fn a_case_on_a_network_file_system_is_worked_on_alone() {
    let folder = tempfile::tempdir().unwrap();
    let case = demo(folder.path());
    let network = ("CASEBOOK_TEST_NETWORK", "1");
    let cache = folder.path().join("cache").display().to_string();
    let mut desk = Desk::open_with(&case, &[network, ("XDG_CACHE_HOME", &cache)]);
    desk.wait_for("on a network");
    desk.press("1jjj");
    desk.wait_for("DOCUMENTS 4/");
    desk.press("s");
    desk.wait("it is marked", |screen| has_mark(screen, "★"));
    desk.press("/");
    desk.press("青河");
    desk.wait_for(" found");
    desk.press("\r");
    desk.wait_for("enter open");
    // Nobody else gets in meanwhile, and is told why.
    let status = [Path::new("status"), case.as_path()];
    let (code, said) = ended(casebook(folder.path(), status).env(network.0, network.1));
    assert!(code != 0 && said.contains("another program"), "{said}");
    desk.press("q");
    assert_eq!(desk.ended(), 0);
    let mut desk = Desk::open(&case);
    desk.wait_for(" found");
    desk.press("1ggjjj");
    desk.wait("the star", |screen| screen.contains('★'));
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

#[test]
fn a_lost_connection_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let case = demo(folder.path());
    let mut desk = Desk::open(&case);
    desk.wait_for("needs a decision");
    desk.press("1jj");
    desk.wait_for("DOCUMENTS 3/");
    desk.press("x");
    // The key was taken before the signal: its sign is there.
    desk.wait("it is marked", |screen| has_mark(screen, "✗"));
    desk.signal("-HUP");
    assert_eq!(desk.ended(), 0);
    let mut desk = Desk::open(&case);
    desk.wait_for("DOCUMENTS 3/");
    desk.wait("the mark", |screen| has_mark(screen, "✗"));
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

#[test]
fn a_panic_gives_the_terminal_back_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let case = demo(folder.path());
    let mut desk = Desk::open_with(&case, &[("CASEBOOK_TEST_PANIC", "1")]);
    desk.wait_for("needs a decision");
    desk.press("1j");
    desk.wait_for("DOCUMENTS 2/");
    // A mark and the panic in one go: the mark is on its way when it comes.
    desk.press("s\x1b[24~");
    assert_ne!(desk.ended(), 0);
    let mut desk = Desk::open(&case);
    desk.wait_for("DOCUMENTS 2/");
    desk.wait("the mark", |screen| has_mark(screen, "★"));
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

#[test]
fn stopped_and_continued() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::open_in_shell(&demo(folder.path()));
    desk.wait_for("needs a decision");
    desk.press("\x1a");
    desk.wait_for("stopped");
    assert!(!desk.screen.screen().alternate_screen(), "the terminal is given back");
    desk.press("go\r");
    desk.wait_for("needs a decision");
    assert!(desk.screen.screen().alternate_screen());
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

/// As in `ssh -t HOST casebook CASE`: what is stopped there is never seen again.
#[test]
fn not_stopped_where_no_shell_would_continue_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&demo(folder.path()));
    desk.wait_for("needs a decision");
    desk.press("\x1a");
    desk.wait_for("no shell waits behind this terminal");
    desk.press("1");
    desk.wait_for("DOCUMENTS");
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

#[test]
fn stopped_from_outside_and_continued() {
    let folder = tempfile::tempdir().unwrap();
    let mut desk = Desk::open(&demo(folder.path()));
    desk.wait_for("needs a decision");
    desk.signal("-STOP");
    desk.wait_until_stopped();
    // As a shell leaves the terminal that a stopped program did not give back.
    let terminal = desk.master.tty_name().unwrap();
    let set = std::process::Command::new("stty").arg("-F").arg(terminal).arg("sane").status();
    assert!(set.unwrap().success());
    desk.screen.process(b"\x1b[?1049l");
    desk.signal("-CONT");
    desk.wait_for("needs a decision");
    // A key alone arrives only where no line is waited for.
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

#[test]
fn two_people_see_what_each_other_marks_and_adds() {
    let folder = tempfile::tempdir().unwrap();
    let case = demo(folder.path());
    let other = folder.path().join("other");
    let mut lin = Desk::open(&case);
    let mut mara = Desk::open_with(&case, &[("CASEBOOK_CONFIG", other.to_str().unwrap())]);
    for desk in [&mut lin, &mut mara] {
        desk.wait_for("needs a decision");
        desk.press("1jj");
        desk.wait_for("DOCUMENTS 3/");
    }
    lin.press("s");
    lin.wait("her own star", |screen| has_mark(screen, "★"));
    mara.wait("the star of the other", |screen| has_mark(screen, "★"));
    let total = |desk: &Desk| {
        let text = desk.text();
        let rest = text.split("DOCUMENTS 3/").nth(1).unwrap().to_owned();
        rest.split_whitespace().next().unwrap().parse::<u64>().unwrap()
    };
    let before = total(&mara);
    let file = folder.path().join("late.txt");
    std::fs::write(&file, "青河 came late").unwrap();
    let add = [Path::new("add"), case.as_path(), file.as_path()];
    done(casebook(folder.path(), add).env("CASEBOOK_CONFIG", &other));
    let wanted = format!("DOCUMENTS 3/{}", before + 1);
    for mut desk in [lin, mara] {
        desk.wait_for(&wanted);
        desk.press("q");
        assert_eq!(desk.ended(), 0);
    }
}

/// The terminal still makes lines of what is typed before the desk is there.
#[test]
fn what_is_typed_before_the_first_frame_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let case = demo(folder.path());
    let mut desk = Desk::open(&case);
    desk.press(":C9\r");
    desk.wait_for("2▸Chats");
    desk.wait_for("C9 ");
    // As it comes from a terminal that made a line of it, whenever that was.
    desk.press(":C3\n");
    desk.wait_for("▸C3 ");
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}

/// The desk is there at once, and what is searched comes when the index does.
#[test]
fn a_lost_index_is_made_while_the_desk_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let case = demo(folder.path());
    std::fs::remove_dir_all(case.join("index")).unwrap();
    let mut desk = Desk::open(&case);
    desk.press("/川江");
    desk.wait("all of it is found", |screen| {
        screen.contains("HITS 1/") && screen.contains(" found") && !screen.contains("so far")
    });
    let found = done(&mut casebook(folder.path(), ["search", "demo.case", "川江", "--limit", "0"]));
    let counts = found.lines().next().unwrap().split(" messages").next().unwrap();
    let counts = format!("{} messages", counts.replace(" and ", ", "));
    desk.wait("as much as a search finds", |screen| screen.contains(&counts));
    desk.press("\r");
    desk.wait_for("enter open");
    desk.press("q");
    assert_eq!(desk.ended(), 0);
}
