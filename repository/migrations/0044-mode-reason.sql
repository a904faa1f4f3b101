-- Why a sync ran in another mode than was asked for: {code, message}. The message is for people.
alter table syncline.sync add column mode_reason jsonb;
