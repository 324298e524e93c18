-- What each further export says of the files of a message: one has them, another left them out.
-- JSON of a list as in message.extra; NULL: written by an older version, as the message has it.
ALTER TABLE message_place ADD COLUMN media TEXT;
DELETE FROM seal WHERE name = 'message_place';
