//! What a worker does to itself before it looks at the first byte of a leak.
//!
//! After [`lock_down`] the process can read the descriptors it is handed, compute, and write to
//! the socket it was born with. It cannot open or create files, start programs, talk to a network
//! or look at other processes, and it cannot get any of that back. Each layer alone would do for
//! most attacks; they are independent on purpose:
//!
//! - resource limits: address space, processor time, descriptors, no file may grow, no core dumps;
//! - no new privileges;
//! - Landlock (Linux 5.13 and later) without a single allowed path;
//! - seccomp (x86-64 and aarch64) with a short list of allowed system calls (`seccomp.rs`).

#[cfg(target_os = "linux")]
mod seccomp;
mod self_test;

pub use self_test::self_test;

use super::Limits;
use serde::{Deserialize, Serialize};

/// Which layers hold; what `status` says about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protection {
    pub limits: bool,
    pub no_new_privileges: bool,
    pub landlock: bool,
    pub seccomp: bool,
}

impl Protection {
    /// Whether files and sockets are out of reach, by one layer at least.
    pub fn confines(self) -> bool {
        self.limits && (self.seccomp || self.landlock)
    }
}

impl std::fmt::Display for Protection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let layers = [
            (self.limits, "resource limits"),
            (self.no_new_privileges, "no new privileges"),
            (self.landlock, "Landlock"),
            (self.seccomp, "seccomp"),
        ];
        for (wanted, lead) in [(true, ""), (false, "missing: ")] {
            let names: Vec<&str> =
                layers.iter().filter(|(on, _)| *on == wanted).map(|(_, name)| *name).collect();
            if names.is_empty() {
                continue;
            }
            let gap = if !wanted && layers.iter().any(|(on, _)| *on) { "; " } else { "" };
            write!(f, "{gap}{lead}{}", names.join(", "))?;
        }
        Ok(())
    }
}

/// Gives up everything that reading one open file does not need. For good, and for the whole
/// process: call it before any thread exists.
#[cfg(unix)]
pub fn lock_down(limits: &Limits) -> Protection {
    // Relative paths would mean nothing, but a folder in use cannot be unmounted by the analyst.
    let _ = rustix::process::chdir("/");
    let mut protection = Protection { limits: limit_resources(limits), ..Protection::default() };
    #[cfg(target_os = "linux")]
    {
        // Fails only on kernels older than 2.1.57; a worker that outlives its parent sees the
        // closed socket anyway.
        let _ =
            rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
        protection.no_new_privileges = rustix::thread::set_no_new_privs(true).is_ok();
        protection.landlock = forbid_paths();
        protection.seccomp = seccomp::install();
    }
    protection
}

#[cfg(not(unix))]
pub fn lock_down(_limits: &Limits) -> Protection {
    Protection::default()
}

/// A worker serves many files, and unpacking a large one takes long, so its processor time is a
/// backstop that is never reached unless the clock of the parent fails: the parent counts each
/// file, and replaces a worker that has worked for long.
#[cfg(unix)]
fn processor_seconds(limits: &Limits) -> u64 {
    limits.seconds.saturating_mul(100).saturating_add(6 * 3600)
}

#[cfg(unix)]
fn limit_resources(limits: &Limits) -> bool {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let set = |resource, most: u64| {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        setrlimit(resource, limit).is_ok()
    };
    [
        // Parsers recurse; the deepest of them gets more stack than the usual 8 MB. Counted in
        // the address space, and taken only when used.
        set(Resource::Stack, 64 << 20),
        set(Resource::As, limits.memory),
        set(Resource::Cpu, processor_seconds(limits)),
        set(Resource::Fsize, 0),
        set(Resource::Nofile, 16),
        set(Resource::Core, 0),
    ]
    .into_iter()
    // The stack may not grow beyond a hard limit that is lower: that is no hole.
    .skip(1)
    .all(|done| done)
}

/// Landlock without any rule: every access to a path that the kernel knows to forbid is forbidden.
#[cfg(target_os = "linux")]
fn forbid_paths() -> bool {
    use landlock::{
        ABI, Access, AccessFs, AccessNet, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope,
    };
    // Best effort: newer rights are dropped silently on older kernels.
    let newest = ABI::V6;
    let ruleset = Ruleset::default()
        .set_compatibility(landlock::CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(newest))
        .and_then(|set| set.handle_access(AccessNet::from_all(newest)))
        .and_then(|set| set.scope(Scope::from_all(newest)))
        .and_then(|set| set.create())
        .and_then(|set| set.restrict_self());
    ruleset.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protection_says_what_is_missing() {
        let none = Protection::default();
        assert_eq!(
            none.to_string(),
            "missing: resource limits, no new privileges, Landlock, seccomp"
        );
        assert!(!none.confines());
        let most =
            Protection { limits: true, no_new_privileges: true, landlock: true, seccomp: false };
        assert_eq!(
            most.to_string(),
            "resource limits, no new privileges, Landlock; missing: seccomp"
        );
        assert!(most.confines());
    }
}
