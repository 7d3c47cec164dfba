-- What is wrong with the tokens of an installation, as its object said last; both null: nothing.
ALTER TABLE installation ADD COLUMN problem_code TEXT;
ALTER TABLE installation ADD COLUMN problem_at_ms INTEGER;
