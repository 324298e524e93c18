//! A report of the case in memory: how it would read, and a disk that has some files.

use crate::app::data::{Answer, Failure, Request};
use crate::app::exporting::{Draft, Ended, Form, What};
use crate::app::pages::Page;
use crate::app::pages::export::ExportPage;
use crate::export::{Preview, Written};
use std::path::Path;

/// A file that is there already, and one whose name a profile protects.
pub const TAKEN: &str = "there.md";
pub const LEFT: &str = "沈若岚.md";

const TEXT: &str = "\
# qinghe

- case: qinghe

## Findings

### N12 青河 pays through 川江, 5% stays

- status: supported

The first 300,000 were promised in advance [^1], the rest came through 川江 [^2]. 青河那边的付款下周，30万先付，剩下的走川江。

**supports it**

- M2 lin, 2022-03-05 12:41[^1] (B2: usually reliable; probably true)

## Footnotes

[^1]: A1

    file: chats/wechat.md

    quote:
    > 青河那边的付款下周，30万先付，剩下的走川江。
";

fn written() -> Written {
    Written {
        noticed: Default::default(),
        entries: 3,
        claims: 5,
        uncited: 1,
        footnotes: 4,
        failing: 1,
        exhibits: 0,
        withheld: Vec::new(),
        unresolved: Vec::new(),
        whom: Vec::new(),
        bytes: 8_420,
        key: "ba78-16bf-8f01-cfea".to_owned(),
    }
}

fn page(form: Form) -> Page {
    let lines: Vec<String> = TEXT.lines().map(str::to_owned).collect();
    let preview = match (&form.what, &form.profile) {
        // There are none that are dated in this case.
        (What::Timeline, _) => Ok(Preview::default()),
        (_, Some(path)) if path.ends_with("wrong.toml") => {
            Err("the profile cannot be used: it protects nothing".to_owned())
        }
        (_, profile) => Ok(Preview {
            lines,
            counted: Written { bytes: 0, ..written() },
            failing: vec![("A2".to_owned(), "is 14 now".to_owned())],
            redacted: profile.as_ref().map(|_| "press".to_owned()),
        }),
    };
    let hindrance =
        (form.file == TAKEN).then(|| "it exists: whether to replace it is asked".to_owned());
    let path = Path::new("/home/ana").join(&form.file);
    let draft = Draft { form: form.clone(), path, hindrance, preview, left_out: 0 };
    let draft = Some(Box::new(draft));
    Page::Export(Box::new(ExportPage { draft, ..ExportPage::new(form) }))
}

pub fn answer(request: &Request) -> Option<Result<Answer, Failure>> {
    match request {
        Request::Preview(form) => {
            Some(Ok(Answer::Page(Box::new(page(form.clone())), Box::default())))
        }
        Request::Export { form, force } => {
            let ended = match form.file.as_str() {
                TAKEN if !force => Ended::Exists(120),
                LEFT => Ended::Failed(vec![
                    "nothing was written, because a protected name would still be in it:"
                        .to_owned(),
                    "  沈若岚.md: \"沈若岚\" in \"沈若岚.md\"".to_owned(),
                ]),
                _ => Ended::Written(written()),
            };
            let path = Path::new("/home/ana").join(&form.file);
            Some(Ok(Answer::Exported { form: form.clone(), path, ended }))
        }
        _ => None,
    }
}
