-- Queries that were typed in this case, for the search line to bring back. A register, no
-- operation: nobody undoes having asked.
CREATE TABLE asked (
    query TEXT PRIMARY KEY,
    used  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where an account takes part.
CREATE INDEX member_participant ON member (participant, conversation);
