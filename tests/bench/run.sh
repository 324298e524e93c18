#!/bin/sh
# The whole benchmark: mixed and Han corpus, Casebook beside recollindex. About 20 minutes on two cores.
#   tests/bench/run.sh [WORK]      WORK: a folder with 5 GB of room (default: a temporary one)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=${1:-$(mktemp -d)}
cargo build --release --manifest-path "$here/../../Cargo.toml"
binary="$here/../../target/release/casebook"
code=0
python3 "$here/bench.py" --casebook "$binary" --work "$work" || code=1
python3 "$here/bench.py" --casebook "$binary" --work "$work" --han 0.9 || code=1
exit $code
