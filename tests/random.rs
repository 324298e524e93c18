//! Chance for tests. Each of them says its seed, and is repeated with it:
//! `CASEBOOK_TEST_SEED=123 cargo test --test casebook NAME`. Properties (proptest) take theirs from
//! `PROPTEST_RNG_SEED` in the same way.

use std::time::{SystemTime, UNIX_EPOCH};

const SEED: &str = "CASEBOOK_TEST_SEED";

/// A small generator.
pub struct Random {
    state: u64,
}

impl Random {
    /// Another one each time, unless a seed is given: what it was stands in the output of a test
    /// that fails.
    pub fn new() -> Random {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos();
        let given = std::env::var(SEED).ok();
        let seed = given.map_or(u64::from(now), |seed| seed.parse().expect(SEED));
        println!("to repeat this: {SEED}={seed}");
        Random::with(seed)
    }

    /// The same each time.
    pub fn with(seed: u64) -> Random {
        Random { state: seed }
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % n
    }
}

/// A seed that is given is the one that is used, also by the next test.
#[test]
fn a_seed_that_is_given_decides() {
    let program = std::env::current_exe().unwrap();
    let drawn = |seed: &str| {
        let mut command = std::process::Command::new(&program);
        command.args(["--exact", "random::what_is_drawn", "--nocapture"]).env(SEED, seed);
        let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let line = output.lines().find(|line| line.contains("drawn")).map(str::to_owned);
        line.expect("the test prints it")
    };
    assert_eq!(drawn("123"), drawn("123"));
    assert_ne!(drawn("123"), drawn("124"));
}

#[test]
fn what_is_drawn() {
    let mut random = Random::new();
    let drawn: Vec<u64> = (0..9).map(|_| random.below(1000)).collect();
    println!("drawn {drawn:?}");
    assert!(drawn.iter().all(|number| *number < 1000));
}
