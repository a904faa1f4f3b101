-- Where people find a row of a source that has no lines: `row 7`, or a distinguished name. Then line is its number in the read.
alter table syncline.sync_error add column position text;
alter table syncline.open_error add column position text;
