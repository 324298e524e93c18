-- What was written of the evidence, four bytes a row or sixteen rows (see seals.rs): `verify` finds a row that is not
-- what an `add` wrote, also where the original is not at hand. Made at the end of an `add`.
CREATE TABLE seal (
    name TEXT PRIMARY KEY,               -- of the table
    seq  INTEGER NOT NULL,               -- last change of evidence that it knows of
    sums BLOB NOT NULL                   -- in the order of the rows, little-endian
) STRICT, WITHOUT ROWID;
