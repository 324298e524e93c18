-- What the desk counts without reading every message, and notes and saved searches.

-- Messages of a conversation by day. Kept with the messages: by an export as it is written, and
-- counted again for a conversation that lost some.
CREATE TABLE conversation_day (
    conversation INTEGER NOT NULL REFERENCES conversation,
    day          INTEGER NOT NULL,       -- days since 1970 on the clock; -2147483648: undated
    messages     INTEGER NOT NULL,
    PRIMARY KEY (conversation, day)
) STRICT, WITHOUT ROWID;
-- The timeline.
CREATE INDEX conversation_day_day ON conversation_day (day, conversation, messages);

-- What an account said in a conversation, by month. Kept in the same way.
CREATE TABLE voice (
    conversation INTEGER NOT NULL REFERENCES conversation,
    participant  INTEGER NOT NULL REFERENCES participant,
    month        INTEGER NOT NULL,       -- year * 12 + month from 0; -2147483648: undated
    messages     INTEGER NOT NULL,
    first        INTEGER,                -- clock
    last         INTEGER,                -- clock
    PRIMARY KEY (conversation, participant, month)
) STRICT, WITHOUT ROWID;
-- The dossier of an account.
CREATE INDEX voice_participant ON voice (participant, conversation, month);

INSERT INTO conversation_day
    SELECT conversation, iif(clock IS NULL, -2147483648,
            (clock - (clock % 86400 + 86400) % 86400) / 86400), count(*)
    FROM message GROUP BY 1, 2;
INSERT INTO voice
    SELECT conversation, sender, iif(clock IS NULL, -2147483648,
            coalesce(strftime('%Y', clock, 'unixepoch') * 12
                + strftime('%m', clock, 'unixepoch') - 1, -2147483648)),
        count(*), min(clock), max(clock)
    FROM message WHERE sender IS NOT NULL GROUP BY 1, 2, 3;

-- The timeline and lists by date.
CREATE INDEX document_clock ON document (clock, id);

-- Projection of the journal. A note keeps its number when it is deleted, for an undo.
CREATE TABLE note (
    id        INTEGER PRIMARY KEY AUTOINCREMENT, -- the N number
    operation BLOB NOT NULL UNIQUE               -- that made it
) STRICT;
-- What a note says; several rows where two people wrote at the same time, none when deleted.
CREATE TABLE note_text (
    operation BLOB PRIMARY KEY,          -- that wrote it
    note      INTEGER NOT NULL REFERENCES note,
    text      TEXT NOT NULL,             -- with the numbers of this case
    author    TEXT NOT NULL,             -- a claim
    wall      INTEGER NOT NULL           -- a claim
) STRICT, WITHOUT ROWID;
CREATE INDEX note_text_note ON note_text (note);

-- Projection of the journal.
CREATE TABLE saved_search (
    operation BLOB PRIMARY KEY,
    name      TEXT NOT NULL,
    query     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What is being written and not yet an operation: a register of its owner, one for each sitting
-- and note.
CREATE TABLE draft (
    owner   BLOB NOT NULL,               -- public key of the author
    sitting INTEGER NOT NULL,            -- a random number
    note    INTEGER NOT NULL,            -- 0: a new one
    over    TEXT NOT NULL,               -- JSON list of the operations it will replace
    text    TEXT NOT NULL,
    saved   INTEGER NOT NULL,
    PRIMARY KEY (owner, sitting, note)
) STRICT, WITHOUT ROWID;
