-- Messages whose platform was settled after they were written: the journal may still name them as
-- they were named before (see settle.rs).
CREATE TABLE former_digest (
    digest  INTEGER NOT NULL,            -- as message.digest was
    message INTEGER NOT NULL REFERENCES message,
    PRIMARY KEY (digest, message)
) STRICT, WITHOUT ROWID;
