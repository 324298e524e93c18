-- What makes the journal quick: who touched what, so that an act is undone by looking at nothing
-- but what it touched. All of it is made again from the journal at any time.

-- Every operation by a short number, with what it revokes.
CREATE TABLE act (
    seq     INTEGER PRIMARY KEY,
    id      BLOB NOT NULL UNIQUE,        -- of the operation
    lamport INTEGER NOT NULL,
    writer  BLOB NOT NULL,
    revokes BLOB                         -- id of the operation that it revokes
) STRICT;
-- Is an operation still in force?
CREATE INDEX act_revokes ON act (revokes) WHERE revokes IS NOT NULL;

-- Marks that operations set or took off.
CREATE TABLE touch (
    unit  INTEGER NOT NULL,
    name  TEXT NOT NULL,
    act   INTEGER NOT NULL REFERENCES act,
    is_on INTEGER NOT NULL,
    PRIMARY KEY (unit, name, act)
) STRICT, WITHOUT ROWID;
-- What an operation touched.
CREATE INDEX touch_act ON touch (act);

-- Messages of a conversation of which something is so, counted: nobody counts a million marks to
-- show a list. 'done' is read or irrelevant.
CREATE TABLE tally (
    what         TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    count        INTEGER NOT NULL,
    PRIMARY KEY (what, conversation)
) STRICT, WITHOUT ROWID;

INSERT INTO tally (what, conversation, count)
    SELECT 'done', m.conversation, count(DISTINCT k.unit)
    FROM mark k JOIN message m ON k.unit = m.id * 2 + 1
    WHERE k.name IN ('read', 'irrelevant') GROUP BY m.conversation;

-- With operations of before, the tables above are filled at the first undoing.
INSERT INTO setting (key, value)
    SELECT 'journal_is_projected', '1' WHERE NOT EXISTS (SELECT 1 FROM operation);
