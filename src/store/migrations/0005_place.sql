-- Where everybody left off: a register of each person, no operation.
CREATE TABLE place_left (
    owner BLOB PRIMARY KEY,              -- public key of the author
    place TEXT NOT NULL                  -- JSON, as the desk understands it
) STRICT, WITHOUT ROWID;
