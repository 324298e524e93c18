//! What a verdict says: it affirms, or somebody must read it.

use super::same_name;

/// What stands for a verdict where somebody left a comment alone.
pub const COMMENT: &str = "comment";

/// Verdicts that affirm a sentence. Whatever says anything else, or more, is an objection that
/// somebody must read.
pub const AFFIRMING: &[&str] = &[
    "ok",
    "okay",
    "yes",
    "y",
    "agree",
    "agreed",
    "correct",
    "right",
    "true",
    "holds",
    "confirm",
    "confirmed",
    "verified",
    "checked",
    "accurate",
    "approved",
    "accepted",
    "✓",
    "✔",
    "☑",
    "√",
    "是",
    "是的",
    "对",
    "对的",
    "對",
    "對的",
    "正确",
    "正確",
    "无误",
    "無誤",
    "属实",
    "屬實",
    "同意",
    "确认",
    "確認",
    "核实",
    "核實",
    "没问题",
    "沒問題",
    "可以",
    "通过",
];

/// Whether a verdict affirms: all its words do (`OK!`, `yes, correct`, `正确，无误。`).
pub fn affirms(verdict: &str) -> bool {
    let is_break = |c: char| c.is_whitespace() || ",.;:!，。；：！、".contains(c);
    let mut words = verdict.split(is_break).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| AFFIRMING.iter().any(|known| same_name(known, word)))
}
