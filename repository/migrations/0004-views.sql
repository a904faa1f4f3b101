-- The view of each entity type with typed columns, for people who query; see repository/views.ts.

alter table syncline.entity_type add column view_name text unique;
