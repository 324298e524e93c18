-- Messages that say something else since their export was read anew (see again.rs): the journal
-- names them as they were.
ALTER TABLE former_digest ADD COLUMN whole BLOB; -- of which `digest` is the beginning; NULL: as
                                                 -- it is, but of a table that was not settled
