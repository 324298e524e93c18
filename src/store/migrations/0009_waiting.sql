-- Operations that name documents, messages or exports that the case has not, and how many: they take
-- effect when these arrive. Made again from the journal at any time.
CREATE TABLE waiting (
    act     INTEGER PRIMARY KEY REFERENCES act,
    targets INTEGER NOT NULL
) STRICT;
