-- Who answers the first request of an Idempotency-Key, and when it was last heard of: a claim lives as long as its owner.
alter table syncline.idempotency add column owner uuid, add column alive_at timestamptz;
