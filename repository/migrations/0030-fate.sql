-- What became of a change row, if it was not simply done with its sync: one column with one meaning, in place of `overtaken`.
-- See docs/decisions/0032-decisions-in-part.md. Null: nothing special; o overtaken, r refused, d deferred, s suppressed,
-- w withheld.

alter table syncline.change add column fate "char";
alter table syncline.link_change add column fate "char";

-- the rows that were overtaken are few: nothing else is rewritten
update syncline.change set fate = 'o' where overtaken;
update syncline.link_change set fate = 'o' where overtaken;

alter table syncline.change drop column overtaken;
alter table syncline.link_change drop column overtaken;
