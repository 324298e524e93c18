//! The system calls of a worker: a list of what is allowed; everything else fails with EPERM.
//!
//! Failing instead of killing: a library that asks for something harmless that is not here (the
//! number of processors, say) gets an error and goes on.

use seccompiler::SeccompCmpArgLen::Qword;
use seccompiler::SeccompCmpOp::{Eq, MaskedEq};
use seccompiler::{BpfProgram, SeccompAction, SeccompCondition, SeccompFilter, SeccompRule};
use std::collections::BTreeMap;

/// Allowed whatever their arguments are: they work on descriptors that the process already has,
/// on its own memory, or on time.
const ALLOWED: &[libc::c_long] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_close,
    // The only way in for a file: the parent sends it over the socket.
    libc::SYS_recvmsg,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Installs the filter; false where there is none for this machine.
pub(super) fn install() -> bool {
    filter().is_some_and(|program| seccompiler::apply_filter(&program).is_ok())
}

fn filter() -> Option<BpfProgram> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    let no_code = || when(&[(2, MaskedEq(libc::PROT_EXEC as u64), 0)]);
    rules.insert(libc::SYS_mmap, vec![no_code()?]);
    rules.insert(libc::SYS_mprotect, vec![no_code()?]);
    // abort() sends itself a signal; no other process may get one.
    let own = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![when(&[(0, Eq, own)])?]);
    rules.insert(
        libc::SYS_fcntl,
        [libc::F_GETFD, libc::F_GETFL, libc::F_DUPFD_CLOEXEC]
            .into_iter()
            .map(|command| when(&[(1, Eq, command as u64)]))
            .collect::<Option<_>>()?,
    );
    let arch = std::env::consts::ARCH.try_into().ok()?;
    let refused = SeccompAction::Errno(libc::EPERM as u32);
    let filter = SeccompFilter::new(rules, refused, SeccompAction::Allow, arch).ok()?;
    filter.try_into().ok()
}

/// A rule that holds when all these arguments compare: (position, comparison, value).
fn when(conditions: &[(u8, seccompiler::SeccompCmpOp, u64)]) -> Option<SeccompRule> {
    let conditions = conditions
        .iter()
        .map(|(position, op, value)| {
            SeccompCondition::new(*position, Qword, op.clone(), *value).ok()
        })
        .collect::<Option<Vec<_>>>()?;
    SeccompRule::new(conditions).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_compiles_and_leaves_out_what_opens_or_starts_or_connects() {
        assert!(filter().is_some());
        for call in [
            libc::SYS_openat,
            libc::SYS_execve,
            libc::SYS_socket,
            libc::SYS_connect,
            libc::SYS_clone,
            libc::SYS_kill,
            libc::SYS_ptrace,
            libc::SYS_memfd_create,
        ] {
            assert!(!ALLOWED.contains(&call), "{call}");
        }
    }
}
