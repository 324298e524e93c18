//! A store written by hand, with what the readers of it need and nothing else.

use super::*;
use crate::extract::collect::{Collected, collect};
use crate::extract::office::testing::read;

/// Writes a store of Outlook 2003.
struct Writer {
    bytes: Vec<u8>,
    blocks: Vec<[u64; 3]>,
    nodes: Vec<[u64; 4]>,
    next: u64,
    /// The first page of the nodes, where it is another than the one that is written.
    root: Option<u64>,
}

impl Writer {
    fn new() -> Writer {
        Writer { bytes: vec![0; 564], blocks: Vec::new(), nodes: Vec::new(), next: 4, root: None }
    }

    /// Data, not hidden by a cipher; a list of blocks or nodes has another kind of number.
    fn block(&mut self, data: &[u8], is_list: bool) -> u64 {
        let id = self.next | u64::from(is_list) << 1;
        self.next += 4;
        self.bytes.resize(self.bytes.len().next_multiple_of(64), 0);
        self.blocks.push([id, self.bytes.len() as u64, data.len() as u64]);
        self.bytes.extend(data);
        id
    }

    fn inside(&mut self, nodes: &[(u32, u64, u64)]) -> u64 {
        let mut list = vec![2, 0, nodes.len() as u8, 0, 0, 0, 0, 0];
        for (id, data, inside) in nodes {
            [u64::from(*id), *data, *inside].iter().for_each(|n| list.extend(n.to_le_bytes()));
        }
        self.block(&list, true)
    }

    fn node(&mut self, id: u32, data: u64, inside: u64, parent: u32) {
        self.nodes.push([u64::from(id), data, inside, u64::from(parent)]);
    }

    fn page(&mut self, entries: &[Vec<u8>], size: u8) -> u64 {
        let mut page = entries.concat();
        page.resize(512, 0);
        page[488..492].copy_from_slice(&[entries.len() as u8, 15, size, 0]);
        let at = self.bytes.len() as u64;
        self.bytes.extend(page);
        at
    }

    fn finish(mut self) -> Vec<u8> {
        let whole = |numbers: &[u64]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        let nodes: Vec<Vec<u8>> = self.nodes.iter().map(|node| whole(node)).collect();
        let blocks: Vec<Vec<u8>> = self.blocks.iter().map(|block| whole(block)).collect();
        let (nodes, blocks) = (self.page(&nodes, 32), self.page(&blocks, 24));
        self.bytes[..4].copy_from_slice(b"!BDN");
        self.bytes[10] = 23;
        let nodes = self.root.unwrap_or(nodes);
        self.bytes[224..232].copy_from_slice(&nodes.to_le_bytes());
        self.bytes[240..248].copy_from_slice(&blocks.to_le_bytes());
        self.bytes
    }
}

fn heap(kind: u8, items: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 0xec, kind, 0x20, 0, 0, 0, 0, 0, 0, 0];
    let mut ends = vec![bytes.len() as u16];
    for item in items {
        bytes.extend(item);
        ends.push(bytes.len() as u16);
    }
    let map = bytes.len() as u16;
    bytes[..2].copy_from_slice(&map.to_le_bytes());
    bytes.extend((items.len() as u16).to_le_bytes());
    bytes.extend([0, 0]);
    ends.iter().for_each(|end| bytes.extend(end.to_le_bytes()));
    bytes
}

/// The number of an item of a heap, counted from 1.
fn item(at: usize) -> [u8; 4] {
    ((at as u32) << 5).to_le_bytes()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

enum Raw<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
    Number(u32),
    Object(u32),
}

fn props(all: &[(u16, Raw)]) -> Vec<u8> {
    let mut items = vec![[&[0xb5, 2, 6, 0][..], &item(2)].concat(), Vec::new()];
    for (id, raw) in all {
        let (kind, value) = match raw {
            Raw::Text(text) => (0x1f_u16, Some(wide(text))),
            Raw::Bytes(bytes) => (0x102, Some(bytes.to_vec())),
            Raw::Object(node) => (0x0d, Some([node.to_le_bytes(), [9, 0, 0, 0]].concat())),
            Raw::Number(_) => (0x03, None),
        };
        let place = match (raw, value) {
            (Raw::Number(number), _) => number.to_le_bytes(),
            (_, Some(value)) => {
                items.push(value);
                item(items.len())
            }
            _ => [0; 4],
        };
        let entry = [&id.to_le_bytes()[..], &kind.to_le_bytes(), &place].concat();
        items[1].extend(entry);
    }
    heap(0xbc, &items)
}

/// One recipient, with name and address.
fn recipients(name: &str, address: &str) -> Vec<u8> {
    let column = |id: u16, kind: u16, at: u16, bit: u8| {
        [&kind.to_le_bytes()[..], &id.to_le_bytes(), &at.to_le_bytes(), &[4, bit]].concat()
    };
    let head = [
        &[0x7c, 4, 16, 0, 16, 0, 16, 0, 17, 0][..],
        &item(2),
        &item(4),
        &[0; 4],
        &column(0x67f2, 3, 0, 0),
        &column(id::DISPLAY_NAME, 0x1f, 4, 1),
        &column(id::SMTP, 0x1f, 8, 2),
        &column(id::RECIPIENT_TYPE, 3, 12, 3),
    ]
    .concat();
    let row = [&[0; 4][..], &item(5), &item(6), &[1, 0, 0, 0], &[0xf0]].concat();
    let tree = [&[0xb5, 4, 4, 0][..], &item(3)].concat();
    heap(0x7c, &[head, tree, vec![0; 8], row, wide(name), wide(address)])
}

fn store(change: impl FnOnce(&mut Writer)) -> Collected {
    let mut to = Writer::new();
    let named = |to: &mut Writer, name| {
        let data = props(&[(id::DISPLAY_NAME, Raw::Text(name))]);
        to.block(&data, false)
    };
    let (top, inbox) = (named(&mut to, ""), named(&mut to, "收件箱"));
    to.node(ROOT, top, 0, ROOT);
    to.node(0x8022, inbox, 0, ROOT);
    // A message in a message, with a text of its own.
    let inner = props(&[(id::SUBJECT, Raw::Text("inner")), (id::BODY, Raw::Text("said before"))]);
    let inner = to.block(&inner, false);
    let file = props(&[
        (id::ATTACH_DATA, Raw::Bytes(b"attached bytes")),
        (id::ATTACH_METHOD, Raw::Number(1)),
        (id::ATTACH_LONG_NAME, Raw::Text("合同.txt")),
    ]);
    let file = to.block(&file, false);
    let holder = props(&[
        (id::DISPLAY_NAME, Raw::Text("inner")),
        (id::ATTACH_DATA, Raw::Object(0x64)),
        (id::ATTACH_METHOD, Raw::Number(5)),
    ]);
    let holder = to.block(&holder, false);
    let in_holder = to.inside(&[(0x64, inner, 0)]);
    let table = to.block(&recipients("林", "lin@example.org"), false);
    let inside =
        to.inside(&[(RECIPIENTS, table, 0), (0x8025, file, 0), (0x8045, holder, in_holder)]);
    let message = props(&[
        (id::SUBJECT, Raw::Text("公司 plan")),
        (id::SENDER_NAME, Raw::Text("Mara")),
        (id::BODY, Raw::Text("the body")),
    ]);
    let message = to.block(&message, false);
    to.node(0x20_0004, message, inside, 0x8022);
    change(&mut to);
    collect(&to.finish(), "mail.pst")
}

#[test]
fn messages_come_out_with_folder_recipients_and_attachments() {
    let all = store(|_| ());
    assert_eq!((all.format.as_str(), all.warnings.len()), ("pst", 0), "{:?}", all.warnings);
    let [child] = &all.children[..] else { panic!("{} children", all.children.len()) };
    assert_eq!(child.child.name, "收件箱/0001 公司 plan.eml");
    let mail = collect(&child.bytes, "x.eml");
    for said in ["Subject: 公司 plan", "From: Mara", "To: 林 <lin@example.org>", "the body"] {
        assert!(mail.text.contains(said), "{said} in {}", mail.text);
    }
    let names: Vec<_> = mail.children.iter().map(|file| file.child.name.as_str()).collect();
    assert_eq!(names, ["合同.txt", "inner.eml"]);
    assert_eq!(mail.children[0].bytes, b"attached bytes");
    assert!(collect(&mail.children[1].bytes, "inner.eml").text.contains("said before"));
}

#[test]
fn what_is_broken_or_lies_nowhere_is_listed() {
    let all = store(|to| {
        let lost = props(&[(id::SUBJECT, Raw::Text("lost"))]);
        let lost = to.block(&lost, false);
        to.node(0x20_0024, lost, 0, 0x9002);
        to.node(0x20_0044, 0x7000, 0, 0x8022);
    });
    let names: Vec<_> = all.children.iter().map(|item| item.child.name.as_str()).collect();
    assert_eq!(
        names,
        ["收件箱/0001 公司 plan.eml", "收件箱/0002.eml", "no folder 0x9002/0003 lost.eml"]
    );
    assert!(
        matches!(&all.children[1].end, Some(Err((State::Failed, why))) if why.contains("missing"))
    );
    assert_eq!(read(extract, b"!BDN and nothing").state(), State::Failed);
}

#[test]
fn circles_end() {
    // A page of the index that lists itself, and a tree in a heap that does.
    let all = store(|to| {
        let at = to.bytes.len() as u64;
        let entry: Vec<u8> = [0, 0, at].iter().flat_map(|n| n.to_le_bytes()).collect();
        to.page(&vec![entry; 20], 24);
        let level = to.bytes.len() - 512 + 491;
        to.bytes[level] = 1;
        to.root = Some(at);
    });
    assert_eq!(all.state(), State::Failed, "{}", all.reason());
    let all = store(|to| {
        let head = [&[0xb5, 2, 6, 8][..], &item(2)].concat();
        let circle = [&[0, 0][..], &item(2)].concat().repeat(50);
        let heap = to.block(&heap(0xbc, &[head, circle]), false);
        to.node(0x20_0024, heap, 0, 0x8022);
    });
    assert!(matches!(&all.children[1].end, Some(Err((_, why))) if why.contains("damaged")));
}

#[test]
fn names_hold_folder_number_and_subject() {
    assert_eq!(name("Top/Inbox", 0, "a/b\u{7}"), "Top/Inbox/0001 a_b_.eml");
    assert_eq!(name("", 9, ""), "0010.eml");
    assert_eq!(name("..", 0, "x"), "0001 x.eml");
}
