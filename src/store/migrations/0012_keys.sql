-- Notes say by which keys they were written, and reviews by which they were taken in: what was
-- projected before is made anew when the case is opened.
DELETE FROM setting
    WHERE key = 'journal_is_projected' AND EXISTS (SELECT 1 FROM operation);
