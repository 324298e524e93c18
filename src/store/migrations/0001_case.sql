-- The case as it was first released. Never edited after that: a change is a new file.
-- Times are UTC milliseconds unless a column says "clock" (seconds on the clock of the evidence).

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    id       INTEGER PRIMARY KEY,
    path     BLOB NOT NULL,              -- absolute, bytes of the operating system
    is_file  INTEGER NOT NULL,
    origin   TEXT NOT NULL DEFAULT '',   -- who gave it, when, how
    excludes TEXT NOT NULL DEFAULT '[]', -- JSON list of globs
    copied   INTEGER NOT NULL DEFAULT 0, -- originals are kept in originals/
    added    INTEGER NOT NULL,
    finished INTEGER                     -- NULL: the last add did not come to its end
) STRICT;

CREATE TABLE document (
    id          INTEGER PRIMARY KEY,     -- the D number, in walk order
    key         BLOB NOT NULL UNIQUE,    -- SHA-256, or a stand-in for members without bytes
    has_bytes   INTEGER NOT NULL,
    size        INTEGER NOT NULL,        -- bytes
    format      TEXT NOT NULL,
    extractor   INTEGER NOT NULL,        -- version
    state       TEXT NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    language    TEXT NOT NULL DEFAULT '',
    clock       INTEGER,                 -- best date
    zone        INTEGER,                 -- its offset in seconds where stated
    date_source TEXT NOT NULL DEFAULT '',
    blank_pages TEXT NOT NULL DEFAULT '',-- JSON list of labels of pages without text
    warnings    TEXT NOT NULL DEFAULT '',-- JSON list
    metadata    TEXT NOT NULL DEFAULT '' -- JSON list of [key, value]
) STRICT;
-- The list of what could not be read, and `is:` queries.
CREATE INDEX document_state ON document (state) WHERE state <> 'read';

CREATE TABLE place (
    id       INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document,
    source   INTEGER NOT NULL REFERENCES source,
    parent   INTEGER REFERENCES place,   -- place of the container
    ordinal  INTEGER NOT NULL DEFAULT 0, -- position in the container
    path     TEXT NOT NULL,              -- relative to the source; members as a/b.zip!c.txt
    raw      BLOB,                       -- name as bytes where path is not exactly that
    role     TEXT NOT NULL DEFAULT '',
    modified TEXT,                       -- as the container states it
    mtime    INTEGER,                    -- nanoseconds; files only
    missing  INTEGER NOT NULL DEFAULT 0, -- not found, or with other bytes, at the last add
    claim    TEXT                        -- JSON, for parts of a chat package
) STRICT;
-- Places of a document; the first one is its path.
CREATE INDEX place_document ON place (document);
-- What came out of a container.
CREATE INDEX place_parent ON place (parent, ordinal) WHERE parent IS NOT NULL;
-- What an `add` knows already.
CREATE INDEX place_file ON place (source, path) WHERE parent IS NULL;

-- Entries of folders and archives that are no files and were left alone.
CREATE TABLE skipped (
    source INTEGER NOT NULL REFERENCES source,
    path   TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (source, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE variant (
    id       INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document,
    kind     TEXT NOT NULL,
    language TEXT NOT NULL DEFAULT '',
    tool     TEXT NOT NULL,
    encoding TEXT NOT NULL DEFAULT '',
    bytes    INTEGER NOT NULL,
    lines    INTEGER NOT NULL,
    sha256   BLOB NOT NULL,
    parts    BLOB NOT NULL               -- zstd of postcard: list of parts
) STRICT;
-- Texts of a document.
CREATE INDEX variant_document ON variant (document);

CREATE TABLE chunk (
    id      INTEGER PRIMARY KEY,
    variant INTEGER NOT NULL REFERENCES variant,
    start   INTEGER NOT NULL,            -- byte offset in the variant
    line    INTEGER NOT NULL,            -- line ends before it
    data    BLOB NOT NULL                -- zstd
) STRICT;
-- The chunk that holds an offset.
CREATE INDEX chunk_variant ON chunk (variant, start);

CREATE TABLE export (
    id          INTEGER PRIMARY KEY,
    document    INTEGER NOT NULL UNIQUE REFERENCES document,
    platform    TEXT NOT NULL,
    importer    TEXT NOT NULL,
    package     TEXT,
    zone        INTEGER NOT NULL,        -- offset in seconds for naive stamps
    zone_status TEXT NOT NULL,           -- stated, inferred, assumed, set
    zone_why    TEXT NOT NULL DEFAULT '',
    found_zone  INTEGER NOT NULL,        -- zone and status as the importer found them
    found_status TEXT NOT NULL,
    assumptions TEXT NOT NULL DEFAULT '[]',
    messages    INTEGER NOT NULL         -- records in this file
) STRICT;

CREATE TABLE participant (
    id         INTEGER PRIMARY KEY,
    platform   TEXT NOT NULL,
    handle     TEXT NOT NULL,
    name       TEXT NOT NULL DEFAULT '',
    is_bot     INTEGER NOT NULL DEFAULT 0,
    attributes TEXT NOT NULL DEFAULT '[]',
    UNIQUE (platform, handle)
) STRICT;

CREATE TABLE conversation (
    id       INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    key      TEXT NOT NULL,
    scope    TEXT NOT NULL DEFAULT '',   -- where its package lies, when keys are unique only inside one
    kind     TEXT NOT NULL,
    title    TEXT NOT NULL DEFAULT '',
    UNIQUE (platform, key, scope)
) STRICT;

CREATE TABLE member (
    conversation INTEGER NOT NULL REFERENCES conversation,
    participant  INTEGER NOT NULL REFERENCES participant,
    PRIMARY KEY (conversation, participant)
) STRICT, WITHOUT ROWID;

CREATE TABLE block (
    export       INTEGER NOT NULL REFERENCES export,
    conversation INTEGER NOT NULL REFERENCES conversation,
    first        INTEGER,                -- clock
    last         INTEGER,                -- clock
    messages     INTEGER NOT NULL,
    PRIMARY KEY (conversation, export)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    id           INTEGER PRIMARY KEY,    -- the M number
    digest       INTEGER NOT NULL,       -- first 8 bytes of the message's SHA-256
    conversation INTEGER NOT NULL REFERENCES conversation,
    export       INTEGER NOT NULL REFERENCES export, -- its first place
    ordinal      INTEGER NOT NULL,
    span_start   INTEGER,
    span_len     INTEGER,
    sender       INTEGER REFERENCES participant,
    kind         INTEGER NOT NULL,       -- index in MessageKind::ALL
    clock        INTEGER,
    zone         INTEGER,                -- offset in seconds where the stamp states one
    sort         INTEGER NOT NULL,       -- instant, or that of the message before
    rank         INTEGER NOT NULL,       -- order among equals
    raw_time     TEXT NOT NULL,
    text         TEXT NOT NULL,
    native       TEXT,
    extra        TEXT                    -- JSON of what few messages have
) STRICT;
-- The same message in several exports is kept once.
CREATE INDEX message_digest ON message (digest);
-- A conversation in order.
CREATE INDEX message_conversation ON message (conversation, sort, rank);
-- Replies and threads.
CREATE INDEX message_native ON message (conversation, native) WHERE native IS NOT NULL;

-- Further places of messages that several exports hold.
CREATE TABLE message_place (
    message    INTEGER NOT NULL REFERENCES message,
    export     INTEGER NOT NULL REFERENCES export,
    ordinal    INTEGER NOT NULL,
    span_start INTEGER,
    span_len   INTEGER,
    PRIMARY KEY (message, export, ordinal)
) STRICT, WITHOUT ROWID;

-- What the index has to follow. Units are document id * 2 and message id * 2 + 1; a row stands
-- for all units of one kind from first to last.
CREATE TABLE change (
    seq   INTEGER PRIMARY KEY AUTOINCREMENT,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL
) STRICT;

-- The journal: what people decided. Appended to, never changed.
CREATE TABLE operation (
    id        BLOB PRIMARY KEY,          -- SHA-256 of body
    lamport   INTEGER NOT NULL,
    writer    BLOB NOT NULL,
    body      TEXT NOT NULL,             -- canonical JSON, what is hashed and signed
    signature BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_order ON operation (lamport, writer, id);

-- Projections of the journal: made again from it at any time.
CREATE TABLE mark (
    unit  INTEGER NOT NULL,
    name  TEXT NOT NULL,                 -- read, irrelevant, starred, tag:NAME
    PRIMARY KEY (name, unit)
) STRICT, WITHOUT ROWID;
-- The marks of what is on the screen.
CREATE INDEX mark_unit ON mark (unit);
