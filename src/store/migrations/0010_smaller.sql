-- Smaller on disk.

-- What the texts of the case have in common: chunks are packed with it (see dictionary.rs).
CREATE TABLE dictionary (
    id   INTEGER PRIMARY KEY,            -- the first byte of each chunk packed with it
    data BLOB NOT NULL                   -- raw content, as zstd calls it
) STRICT;

-- message.raw_time may say how the stamp is written, instead of being it (see raw_time.rs).

-- Paths were in it for nothing: what an `add` knows is read for a whole source.
DROP INDEX place_file;
CREATE INDEX place_source ON place (source) WHERE parent IS NULL;
