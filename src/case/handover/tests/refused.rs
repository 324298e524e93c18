//! What is not taken in, and what is said of it.

use super::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is done to a bundle on its way: it is refused and nothing changes.
    #[test]
    fn a_bundle_that_was_tampered_with_is_refused(at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let from = Copy::new(&[1, 2], ("lin", 7));
        for kind in [1, 4, 5, 7, 10] {
            from.act(kind, 3);
        }
        let to = Copy::new(&[1, 2], ("mara", 8));
        let good = from.bundle("");
        let at = at.index(good.len());
        let mut bad = good.clone();
        bad[at] ^= 1 << bit;
        prop_assert!(to.case.read_bundle(bad.as_slice()).is_err(), "byte {at} bit {bit}");
        prop_assert!(to.case.read_bundle(&good[..at]).is_err(), "cut at {at}");
        prop_assert_eq!(to.take(&good).new, 5);
    }
}

/// Lines of a bundle, changed and put together again by somebody without the key of its maker.
fn forged(bundle: &[u8], change: impl FnOnce(&mut Vec<String>)) -> Vec<u8> {
    let text = String::from_utf8(bundle.to_vec()).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    (lines.join("\n") + "\n").into_bytes()
}

#[track_caller]
fn check_refused(to: &Copy, bundle: &[u8], expected: &str) {
    let before = to.dump();
    let error = to.case.read_bundle(bundle).and_then(|bundle| to.case.merge(&bundle)).unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
    assert_eq!(to.dump(), before, "nothing was changed");
}

#[test]
fn a_refusal_names_the_line() {
    let from = Copy::new(&[1, 2], ("lin", 7));
    from.act(1, 3);
    from.act(4, 1);
    let to = Copy::new(&[1, 2], ("mara", 8));
    let good = from.bundle("");
    check_refused(&to, b"%PDF-1.7", "not a bundle");
    check_refused(&to, b"", "not a bundle");
    let check = |change: &dyn Fn(&mut Vec<String>), expected: &str| {
        check_refused(&to, &forged(&good, |lines| change(lines)), expected);
    };
    check(
        &|lines| lines[1] = lines[1].replace("\"on\":true", "\"on\":false"),
        "line 2: its text was changed",
    );
    check(
        &|lines| lines[2] = lines[2].replacen("\"signature\":\"", "\"signature\":\"00", 1),
        "line 3: its signature",
    );
    check(&|lines| lines[2] = "{}".to_owned(), "line 3: it is not what stands in a bundle");
    check(&|lines| lines[2] = lines[1].clone(), "line 3: the operation stands there twice");
    check(&|lines| drop(lines.remove(1)), "line 2: what it follows was taken out before it");
    check(&|lines| drop(lines.remove(2)), "line 3: the header says 2 operations, here are 1");
    check(&|lines| lines.swap(1, 2), "line 2: it stands in another order");
    check(
        &|lines| lines[0] = lines[0].replace("\"case\":\"a\"", "\"case\":\"b\""),
        "line 1: the header is not what was",
    );
    check(&|lines| lines.push("{}".to_owned()), "line 5: something stands after");
    check(&|lines| drop(lines.pop()), "line 3: it ends here");
    check(
        &|lines| lines[0] = lines[0].replace("\"casebook_bundle\":1", "\"casebook_bundle\":2"),
        "format 2, which this program does not know",
    );
}

/// A bundle of these bodies as the owner of a key can make it: everything fits but what they say.
fn made(bodies: &[String]) -> Vec<u8> {
    use ed25519_dalek::{Signer, SigningKey};
    let key = SigningKey::from_bytes(&[9; 32]);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let public = hex(key.verifying_key().as_bytes());
    let count = bodies.len();
    let mut text = format!(
        "{{\"casebook_bundle\":1,\"case\":\"x\",\"author\":\"eve\",\"key\":\"{public}\",\"made\":\"\",\
         \"operations\":{count},\"heads\":[],\"since\":null,\"needs\":[]}}\n"
    );
    for body in bodies {
        let id = Sha256::of(body.as_bytes());
        let signature = hex(&key.sign(&id.0).to_bytes());
        text += &format!("{{\"id\":\"{id}\",\"signature\":\"{signature}\",\"body\":{body}}}\n");
    }
    let sum = Sha256::of(text.as_bytes());
    let signature = hex(&key.sign(&sum.0).to_bytes());
    text += &format!("{{\"end\":{count},\"sha256\":\"{sum}\",\"signature\":\"{signature}\"}}\n");
    text.into_bytes()
}

/// The body of an operation by the same hand.
fn body(lamport: u64, parents: &[Sha256], action: &str) -> String {
    let key = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let key: String =
        key.verifying_key().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let parents: Vec<String> = parents.iter().map(|id| format!("\"{id}\"")).collect();
    format!(
        "{{\"v\":1,\"writer\":\"{}\",\"parents\":[{}],\"lamport\":{lamport},\"wall\":5,\
         \"author\":\"eve\",\"key\":\"{key}\",\"action\":{action}}}",
        "01".repeat(16),
        parents.join(",")
    )
}

#[test]
fn what_no_casebook_writes_is_refused_whoever_signed_it() {
    let to = Copy::new(&[1, 2], ("mara", 8));
    to.act(1, 3);
    let drop_search = format!("{{\"do\":\"search_drop\",\"search\":\"{}\"}}", Sha256([1; 32]));
    let save = |name: &str| format!("{{\"do\":\"search_save\",\"name\":{name:?},\"query\":\"x\"}}");
    let first = body(1, &[], &save("a"));
    let id = Sha256::of(first.as_bytes());
    let check = |bodies: &[String], expected: &str| check_refused(&to, &made(bodies), expected);
    // It would be the last word for ever, and leave no number for the next one.
    check(&[body(u64::MAX, &[], &save("a"))], "its place in the order");
    check(&[first.clone(), body(1, &[id], &save("b"))], "line");
    check(&[first.clone(), body(3, &[id], &save("b"))], "line 3: its place in the order");
    check(&[body(2, &[Sha256([5; 32])], &save("a"))], "it builds on 1 operation (05050505…) that");
    // What a newer Casebook will write is no damage: it is refused as a whole, and says so.
    let newer = "line 2: something in it is not known to this program: a newer Casebook wrote it";
    let launch = body(1, &[], "{\"do\":\"launch\",\"what\":1}");
    check(std::slice::from_ref(&launch), newer);
    check(&[first.replace("\"wall\":5", "\"wall\":5,\"new\":1")], newer);
    check(&[first.replace("\"query\":\"x\"", "\"query\":\"x\",\"new\":{\"a\":[1]}")], newer);
    let error = to.case.read_bundle(made(std::slice::from_ref(&launch)).as_slice()).err();
    assert_eq!(error.and_then(|error| error.hint()).as_deref(), Some("use a newer Casebook"));
    // Nobody signed it so: no version of the program is to blame.
    let forged = launch.replace("\"eve\"", "\"eva\"");
    let (good, bad) = (made(&[launch]), made(std::slice::from_ref(&forged)));
    let text = |bundle: &[u8]| String::from_utf8(bundle.to_vec()).unwrap();
    let signature = |bundle: &[u8]| {
        text(bundle).split("\"signature\":\"").nth(1).unwrap().get(..128).unwrap().to_owned()
    };
    let forged = text(&bad).replace(&signature(&bad), &signature(&good));
    check_refused(&to, forged.as_bytes(), "line 2: its signature does not fit");
    check(&[first.replace("\"v\":1", "\"v\":2")], "line 2: it has the version 2");
    check(&[first.replace("\"wall\":5", "\"wall\": 5")], "line 2: something stands in it");
    check(&[first.replace("\"wall\":5", "\"wall\":-5")], "line 2: its time");
    check(
        &[first.replace("\"eve\"", &format!("\"{}\"", "e".repeat(1001)))],
        "line 2: the author's name",
    );
    let undo = format!("{{\"do\":\"revoke\",\"operation\":\"{}\"}}", Sha256([1; 32]));
    check(&[body(1, &[], &undo)], "line 2: it names an operation that it cannot have known");
    check(&[body(1, &[], &drop_search)], "line 2: it names an operation that it cannot have known");
    // Nobody undoes what somebody else did.
    let mut done = None;
    let each = |entry: crate::model::handover::Entry| {
        done = Some(entry.id);
        Ok::<_, CaseError>(())
    };
    to.case.each_entry(each).unwrap();
    let done = done.unwrap();
    let undo = format!("{{\"do\":\"revoke\",\"operation\":\"{done}\"}}");
    check(&[body(2, &[done], &undo)], "line 2: it undoes what somebody else did");
    // The order of the lines says nothing.
    let second = body(2, &[Sha256::of(first.as_bytes())], &save("b"));
    assert_eq!(to.take(&made(&[second, first])).new, 2);
    to.whole();
}

#[test]
fn what_undoes_what_somebody_else_did_has_no_effect() {
    let copy = Copy::new(&[1, 2], ("mara", 8));
    copy.case.mark(&copy.documents(1), "read", true).unwrap();
    copy.write(None, "hers");
    let before = copy.state();
    let mut done = Vec::new();
    let each = |entry: crate::model::handover::Entry| {
        done.push(entry.id);
        Ok::<_, CaseError>(())
    };
    copy.case.each_entry(each).unwrap();
    let eve = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    for (lamport, operation) in (3..).zip(&done) {
        let action = crate::journal::Action::Revoke {
            operation: *operation,
            made: Vec::new(),
            knew: None,
            cited: false,
        };
        let parents = vec![done[1]];
        let body =
            crate::journal::operation::Body::new([5; 16], parents, lamport, 0, "eve", &eve, action);
        copy.case.store.append_operation(&body.sign(&eve).unwrap()).unwrap();
    }
    crate::journal::project(&copy.case.store).unwrap();
    assert_eq!(copy.state(), before);
    assert_eq!(copy.case.check_journal().unwrap().1, Vec::new());
    let mut in_force = Vec::new();
    let each = |entry: crate::model::handover::Entry| {
        in_force.push(entry.in_force);
        Ok::<_, CaseError>(())
    };
    copy.case.each_entry(each).unwrap();
    assert_eq!(in_force, [true; 4]);
}

#[test]
fn a_bundle_may_begin_late_and_then_needs_what_came_before() {
    let from = Copy::new(&[1, 2], ("lin", 7));
    from.act(1, 1);
    let to = Copy::new(&[1, 2], ("mara", 8));
    to.take(&from.bundle(""));
    let mut ids = Vec::new();
    from.case
        .each_entry(|entry| {
            ids.push(entry.id.to_string());
            Ok::<_, CaseError>(())
        })
        .unwrap();
    from.act(1, 2);
    from.act(4, 2);
    let rest = from.bundle(&ids[0][..8]);
    let merged = to.take(&rest);
    assert_eq!((merged.new, merged.known), (2, 0));
    assert_eq!(to.take(&from.bundle("1970-01-02")).known, 3);
    assert_eq!(to.take(&from.bundle("2999-01-01T10:00")).known, 0);
    let third = Copy::new(&[1, 2], ("tom", 1));
    check_refused(&third, &rest, "was cut off before");
    // What lies between it and what is lacking names that too.
    from.act(1, 3);
    from.write(from.note(0), "changed");
    let late = from.bundle("2999-01-01").len();
    let mut last = String::new();
    from.case
        .each_entry(|entry| {
            if entry.words == "wrote a note" {
                last = entry.id.to_string();
            }
            Ok::<_, CaseError>(())
        })
        .unwrap();
    let rest = from.bundle(&last);
    assert!(rest.len() > late);
    check_refused(&third, &rest, &format!("it builds on 1 operation ({}…) that", &last[..8]));
    let none = Copy::new(&[], ("tom", 1));
    for bad in ["yesterday", "2026-13-01", "abc", &"0".repeat(64)] {
        let error = none.case.write_bundle(bad, &mut Vec::new()).unwrap_err();
        assert!(matches!(error, CaseError::Since(_)), "{bad}");
    }
}
