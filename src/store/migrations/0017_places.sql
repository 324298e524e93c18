-- What each further export says of a message beside its text: one has the files that another left
-- out, a later one has more reactions.
-- JSON as message.extra; NULL: written by an older version, as the message has it.
ALTER TABLE message_place ADD COLUMN extra TEXT;
DELETE FROM seal WHERE name = 'message_place';
