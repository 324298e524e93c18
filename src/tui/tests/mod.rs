//! The production loop on a screen in memory: keys in, snapshots out.

mod fake;
mod stage;

use super::theme::Theme;
use stage::play;

#[test]
fn look() {
    for (w, h, keys) in [
        (160, 50, ""),
        (120, 40, "1"),
        (120, 40, "2 enter"),
        (120, 40, "/ \"青河\""),
        (80, 24, "2 enter j"),
        (80, 24, "1 j enter"),
        (80, 24, "?"),
        (80, 24, ": \"ne\""),
    ] {
        let played = play(w, h, Theme::Dark, keys);
        println!(
            "{w}x{h} {keys} frames {} cursor {:?} styles {}\n{}",
            played.frames, played.cursor, played.styles, played.screen
        );
    }
}
