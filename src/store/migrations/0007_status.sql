-- The counts of the first screen, read from here and not from the rows with all their metadata.
CREATE INDEX document_counts ON document (state, format, language, has_bytes, size);
-- How many documents came out of others.
CREATE INDEX place_child ON place (document) WHERE parent IS NOT NULL;
