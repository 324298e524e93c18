-- What stood on a screen long enough to be read, by person and text. Registers that are filled in
-- as somebody reads, not operations: nobody undoes having seen something. Evidence is named by
-- content, so that it survives being added anew.

CREATE TABLE author (
    id   INTEGER PRIMARY KEY,
    key  BLOB NOT NULL UNIQUE,           -- public key
    name TEXT NOT NULL                   -- as it was when the row was made
) STRICT;

CREATE TABLE seen_message (
    digest  INTEGER NOT NULL,            -- first 8 bytes of the message's SHA-256
    variant TEXT NOT NULL,
    author  INTEGER NOT NULL REFERENCES author,
    PRIMARY KEY (digest, variant, author)
) STRICT, WITHOUT ROWID;

CREATE TABLE seen_text (
    key     BLOB NOT NULL,               -- of the document
    variant TEXT NOT NULL,
    author  INTEGER NOT NULL REFERENCES author,
    ranges  TEXT NOT NULL,               -- JSON: sorted [start, end) in bytes of the text
    bytes   INTEGER NOT NULL,            -- in these ranges
    total   INTEGER NOT NULL,            -- of the text
    PRIMARY KEY (key, variant, author)
) STRICT, WITHOUT ROWID;
