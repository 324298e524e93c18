//! Looks by meaning. Colour only supports what the characters already say: without any, bold,
//! reverse and underline carry it.

use crate::app::line::Role;
use crate::app::settings::ThemeName;
use ratatui::style::{Color, Modifier, Style};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// 256 colours on a dark ground. Indexed, because true colour costs a third more bytes.
    Dark,
    /// 256 colours on a light ground.
    Light,
    Sixteen,
    Monochrome,
}

impl Theme {
    pub const ALL: [Theme; 4] = [Theme::Dark, Theme::Light, Theme::Sixteen, Theme::Monochrome];

    /// What suits the terminal: `NO_COLOR` before all, then `CASEBOOK_THEME`, what is set in
    /// `config.toml`, and what `TERM`, `COLORTERM` and `COLORFGBG` say of the terminal.
    pub fn choose(set: ThemeName, get: impl Fn(&str) -> Option<String>) -> Theme {
        if get("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            return Theme::Monochrome;
        }
        let named = get("CASEBOOK_THEME").and_then(|name| ThemeName::from_name(&name));
        match named.filter(|name| *name != ThemeName::Auto).unwrap_or(set) {
            ThemeName::Dark => return Theme::Dark,
            ThemeName::Light => return Theme::Light,
            ThemeName::Sixteen => return Theme::Sixteen,
            ThemeName::Monochrome => return Theme::Monochrome,
            ThemeName::Auto => {}
        }
        let term = get("TERM").unwrap_or_default();
        if term.is_empty() || term == "dumb" || term.starts_with("vt") {
            return Theme::Monochrome;
        }
        let has_many = term.contains("256")
            || term.contains("kitty")
            || term.contains("alacritty")
            || get("COLORTERM").is_some_and(|value| !value.is_empty());
        if !has_many {
            return Theme::Sixteen;
        }
        // `foreground;background`, as some terminals say it.
        let ground =
            get("COLORFGBG").and_then(|value| value.rsplit(';').next()?.parse::<u8>().ok());
        match ground {
            Some(7 | 9..=15) => Theme::Light,
            _ => Theme::Dark,
        }
    }

    pub fn style(self, role: Role) -> Style {
        match self {
            Theme::Dark => indexed(role, &DARK),
            Theme::Light => indexed(role, &LIGHT),
            Theme::Sixteen => sixteen(role),
            Theme::Monochrome => monochrome(role),
        }
    }

    /// Lines of the frame.
    pub fn frame(self) -> Style {
        self.style(Role::Rule)
    }

    /// The row that the cursor is on.
    pub fn cursor(self, has_focus: bool) -> Style {
        match (self, has_focus) {
            (Theme::Dark, true) => Style::new().bg(Color::Indexed(238)),
            (Theme::Dark, false) => Style::new().bg(Color::Indexed(235)),
            (Theme::Light, true) => Style::new().bg(Color::Indexed(253)),
            (Theme::Light, false) => Style::new().bg(Color::Indexed(255)),
            (Theme::Sixteen | Theme::Monochrome, true) => {
                Style::new().add_modifier(Modifier::REVERSED)
            }
            (Theme::Sixteen | Theme::Monochrome, false) => Style::new(),
        }
    }
}

struct Colours {
    dim: u8,
    rule: u8,
    link: u8,
    hit: (u8, u8),
    here: (u8, u8),
    highlight: u8,
    watched: u8,
    mark: u8,
    key: u8,
    warn: u8,
    bad: u8,
    bar: u8,
    selected: u8,
    senders: [u8; 6],
}

const DARK: Colours = Colours {
    dim: 245,
    rule: 240,
    link: 110,
    hit: (234, 179),
    here: (234, 215),
    highlight: 150,
    watched: 219,
    mark: 209,
    key: 150,
    warn: 179,
    bad: 203,
    bar: 67,
    selected: 24,
    senders: [110, 150, 180, 176, 116, 210],
};

const LIGHT: Colours = Colours {
    dim: 242,
    rule: 249,
    link: 25,
    hit: (234, 222),
    here: (234, 214),
    highlight: 22,
    watched: 127,
    mark: 160,
    key: 28,
    warn: 130,
    bad: 160,
    bar: 67,
    selected: 153,
    senders: [25, 28, 94, 90, 30, 124],
};

fn indexed(role: Role, colours: &Colours) -> Style {
    let fg = |colour| Style::new().fg(Color::Indexed(colour));
    match role {
        Role::Text => Style::new(),
        Role::Caret => Style::new().add_modifier(Modifier::REVERSED),
        Role::Selected => Style::new().bg(Color::Indexed(colours.selected)),
        Role::Dim | Role::Count => fg(colours.dim),
        Role::Head => Style::new().add_modifier(Modifier::BOLD),
        Role::Rule => fg(colours.rule),
        Role::Between => Style::new().add_modifier(Modifier::DIM),
        Role::Link => fg(colours.link),
        Role::Hit => fg(colours.hit.0).bg(Color::Indexed(colours.hit.1)),
        Role::HitHere => {
            fg(colours.here.0).bg(Color::Indexed(colours.here.1)).add_modifier(Modifier::BOLD)
        }
        Role::Highlight => fg(colours.highlight).add_modifier(Modifier::UNDERLINED),
        Role::HighlightHit => {
            fg(colours.hit.0).bg(Color::Indexed(colours.hit.1)).add_modifier(Modifier::UNDERLINED)
        }
        Role::Watched => fg(colours.watched).add_modifier(Modifier::BOLD),
        Role::Mark => fg(colours.mark),
        Role::Key => fg(colours.key),
        Role::Warn => fg(colours.warn),
        Role::Bad => fg(colours.bad),
        Role::Bar => fg(colours.bar),
        Role::Sender(tone) => fg(colours.senders[usize::from(tone) % colours.senders.len()]),
        Role::Here => fg(colours.key).add_modifier(Modifier::BOLD),
    }
}

fn sixteen(role: Role) -> Style {
    let fg = |colour| Style::new().fg(colour);
    match role {
        Role::Text => Style::new(),
        Role::Caret => Style::new().add_modifier(Modifier::REVERSED),
        Role::Selected => Style::new().fg(Color::Black).bg(Color::Cyan),
        Role::Dim | Role::Rule | Role::Between | Role::Count => fg(Color::DarkGray),
        Role::Head => Style::new().add_modifier(Modifier::BOLD),
        Role::Link | Role::Bar => fg(Color::Cyan),
        Role::Hit => fg(Color::Black).bg(Color::Yellow),
        Role::HitHere => fg(Color::Black).bg(Color::Yellow).add_modifier(Modifier::UNDERLINED),
        Role::Highlight => fg(Color::Green).add_modifier(Modifier::UNDERLINED),
        Role::HighlightHit => {
            fg(Color::Black).bg(Color::Yellow).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
        }
        Role::Watched => fg(Color::Magenta).add_modifier(Modifier::BOLD),
        Role::Mark | Role::Bad => fg(Color::Red),
        Role::Key | Role::Here => fg(Color::Green),
        Role::Warn => fg(Color::Yellow),
        Role::Sender(tone) => {
            let tones =
                [Color::Cyan, Color::Green, Color::Magenta, Color::Yellow, Color::Blue, Color::Red];
            fg(tones[usize::from(tone) % tones.len()])
        }
    }
}

fn monochrome(role: Role) -> Style {
    let with = |modifier| Style::new().add_modifier(modifier);
    match role {
        Role::Text
        | Role::Dim
        | Role::Rule
        | Role::Between
        | Role::Count
        | Role::Bar
        | Role::Sender(_) => Style::new(),
        Role::Link | Role::Hit => with(Modifier::UNDERLINED),
        Role::HitHere => with(Modifier::UNDERLINED | Modifier::REVERSED),
        Role::Highlight | Role::Watched => with(Modifier::BOLD),
        Role::HighlightHit => with(Modifier::BOLD | Modifier::UNDERLINED),
        Role::Mark | Role::Caret => with(Modifier::REVERSED),
        Role::Selected => with(Modifier::REVERSED | Modifier::UNDERLINED),
        Role::Head | Role::Key | Role::Warn | Role::Bad | Role::Here => with(Modifier::BOLD),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(env: &[(&str, &str)], expected: Theme) {
        let get = |name: &str| {
            env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(Theme::choose(ThemeName::Auto, get), expected);
    }

    #[test]
    fn what_is_set_counts_unless_there_shall_be_no_colour() {
        let choose = |env: &[(&str, &str)]| {
            Theme::choose(ThemeName::Light, |name| {
                env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(choose(&[("TERM", "vt100")]), Theme::Light);
        assert_eq!(choose(&[("NO_COLOR", "1")]), Theme::Monochrome);
        assert_eq!(choose(&[("CASEBOOK_THEME", "16")]), Theme::Sixteen);
    }

    #[test]
    fn themes_by_environment() {
        check(&[("TERM", "xterm-256color")], Theme::Dark);
        check(&[("TERM", "xterm-256color"), ("COLORFGBG", "0;15")], Theme::Light);
        check(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")], Theme::Monochrome);
        check(&[("TERM", "xterm-256color"), ("CASEBOOK_THEME", "light")], Theme::Light);
        check(&[("TERM", "screen")], Theme::Sixteen);
        check(&[("TERM", "linux")], Theme::Sixteen);
        check(&[("TERM", "vt100")], Theme::Monochrome);
        check(&[], Theme::Monochrome);
    }

    #[test]
    fn no_colour_means_none() {
        let roles = [Role::Hit, Role::HitHere, Role::Mark, Role::Warn, Role::Bad, Role::Sender(3)];
        for role in roles {
            let style = Theme::Monochrome.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
        assert_ne!(Theme::Monochrome.style(Role::Hit), Theme::Monochrome.style(Role::HitHere));
        for theme in Theme::ALL {
            let looks = [Role::Text, Role::Hit, Role::HitHere, Role::Highlight, Role::HighlightHit];
            for (number, role) in looks.into_iter().enumerate() {
                for other in &looks[number + 1..] {
                    assert_ne!(
                        theme.style(role),
                        theme.style(*other),
                        "{theme:?} {role:?} {other:?}"
                    );
                }
            }
        }
    }
}
