-- Notes name things in double brackets only, and reviews say who took them in: what was projected
-- before is made anew when the case is opened.
DELETE FROM setting
    WHERE key = 'journal_is_projected' AND EXISTS (SELECT 1 FROM operation);
