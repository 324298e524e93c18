-- Who wrote in the journal, so that nobody reads all of it to tell names apart: the public key in
-- hexadecimal digits, and each name that it signed with.
CREATE TABLE signer (key TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (key, name)) WITHOUT ROWID;
INSERT OR IGNORE INTO signer
    SELECT body ->> '$.key', body ->> '$.author' FROM operation WHERE json_valid(body);
