-- What analysts make: anchors, findings, entities. Projections of the journal, made again from it
-- at any time; numbers stay with what they were given to, for an undo.

-- Which operations have a part in which thing, so that a thing is folded again by looking at nothing
-- else. A thing is named by the operation that made it; an export, whose zone is set, by content.
CREATE TABLE hand (
    thing BLOB NOT NULL,
    act   INTEGER NOT NULL REFERENCES act,
    PRIMARY KEY (thing, act)
) STRICT, WITHOUT ROWID;

-- JSON of model::finding::NoteFields; empty for a note that is not there.
ALTER TABLE note ADD COLUMN fields TEXT NOT NULL DEFAULT '';
ALTER TABLE note ADD COLUMN kind TEXT NOT NULL DEFAULT 'note';
ALTER TABLE draft ADD COLUMN kind TEXT NOT NULL DEFAULT 'note';

-- What a note names, by the numbers of this case.
CREATE TABLE link (
    note INTEGER NOT NULL REFERENCES note,
    item TEXT NOT NULL,
    PRIMARY KEY (note, item)
) STRICT, WITHOUT ROWID;
-- What names this?
CREATE INDEX link_item ON link (item, note);

CREATE TABLE anchor (
    id        INTEGER PRIMARY KEY AUTOINCREMENT, -- the A number
    operation BLOB NOT NULL UNIQUE,
    body      TEXT NOT NULL DEFAULT '',  -- JSON of journal::row::AnchorRow; empty when it is not there
    author    TEXT NOT NULL DEFAULT '',
    wall      INTEGER NOT NULL DEFAULT 0,
    unit      INTEGER,                   -- where it stands in this case, when it does
    variant   INTEGER,                   -- row id of the document's text
    first     INTEGER,                   -- byte range in that text
    last      INTEGER
) STRICT;
-- What is marked in what is on the screen.
CREATE INDEX anchor_unit ON anchor (unit, first) WHERE unit IS NOT NULL;

CREATE TABLE entity (
    id        INTEGER PRIMARY KEY AUTOINCREMENT, -- the E number
    operation BLOB NOT NULL UNIQUE,
    fields    TEXT NOT NULL DEFAULT '',  -- JSON of model::entity::EntityFields; empty when it is not there
    author    TEXT NOT NULL DEFAULT '',
    wall      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Operations of before have no hands yet: the next act makes the projection anew.
DELETE FROM setting
    WHERE key = 'journal_is_projected' AND EXISTS (SELECT 1 FROM operation);
