-- What the program notes for itself, and which number was given to what, each with a checksum (see
-- seals.rs): `verify` finds a value that is another one, and numbers that were swapped.
ALTER TABLE setting ADD COLUMN checksum INTEGER;
ALTER TABLE note    ADD COLUMN checksum INTEGER; -- NULL: not sealed
ALTER TABLE anchor  ADD COLUMN checksum INTEGER;
ALTER TABLE entity  ADD COLUMN checksum INTEGER;
UPDATE setting SET checksum = checksum(key, value);
UPDATE note    SET checksum = checksum(id, operation);
UPDATE anchor  SET checksum = checksum(id, operation);
UPDATE entity  SET checksum = checksum(id, operation);
