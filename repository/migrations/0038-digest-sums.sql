-- The sums of hashes that the digest of a change set is made of. The digest of a draft is made of the sums of its parts: with
-- these, only the smaller parts are summed. {resource: {a, b}, link: {a, b}}, whole numbers as text.
alter table syncline.sync add column digest_sums jsonb;
