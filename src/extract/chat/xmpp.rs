//! Addresses of XMPP (Jabber) as logs have them: with a blank or a bracket that was copied along,
//! with the resource of a device, and those of rooms, which are no accounts.

/// What the host of a service for rooms begins with, by habit of the servers.
const ROOMS: &[&str] = &["conference.", "muc.", "rooms."];

/// `user@host.example`.
pub(super) fn is_address(handle: &str) -> bool {
    handle.split_once('@').is_some_and(|(_, host)| host.contains('.'))
}

/// The account that a log names. The resource of a device is none of it; in a room it is the name
/// that somebody goes by there.
pub(super) fn account(handle: &str) -> &str {
    let bare = bare(handle);
    match bare.split_once('/') {
        Some((address, _)) if is_address(address) && room(address).is_none() => address,
        _ => bare,
    }
}

/// The room that an address is of.
pub(super) fn room(handle: &str) -> Option<&str> {
    let bare = bare(handle);
    let address = bare.split_once('/').map_or(bare, |(address, _)| address);
    let (_, host) = address.split_once('@')?;
    ROOMS.iter().any(|service| host.starts_with(service)).then_some(address)
}

fn bare(handle: &str) -> &str {
    handle.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_and_rooms() {
        let check = |handle: &str, found: (&str, Option<&str>)| {
            assert_eq!((account(handle), room(handle)), found, "{handle:?}");
        };
        let lin = "lin@host.example";
        for handle in [lin, "lin@host.example ", "<lin@host.example>", "lin@host.example/Psi+"] {
            check(handle, (lin, None));
        }
        let room = "basalt@conference.host.example";
        check(room, (room, Some(room)));
        check(
            "basalt@conference.host.example/mara",
            ("basalt@conference.host.example/mara", Some(room)),
        );
        check("linhost.example", ("linhost.example", None));
        check("conference.host.example", ("conference.host.example", None));
        check("a/b", ("a/b", None));
        check("", ("", None));
        assert!(is_address(lin) && !is_address("lin@localhost") && !is_address("lin"));
    }
}
