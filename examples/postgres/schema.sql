-- A small HR schema, and a user who may only read it.
create table department (
  code text primary key,
  name text not null,
  parent text references department
);

create table employee (
  number integer primary key,
  first_name text not null,
  last_name text not null,
  mail text,
  department text not null references department,
  manager integer references employee,
  hired date not null,
  weekly_hours numeric(5, 2),
  active boolean not null default true,
  -- set by a trigger, so that no writer forgets it
  changed_at timestamptz not null default now()
);
create index on employee (changed_at);

-- Who is gone, for incremental syncs.
create table employee_gone (
  number integer not null,
  gone_at timestamptz not null default now()
);

create table team_member (
  team text not null,
  employee integer not null references employee on delete cascade,
  primary key (team, employee)
);

create function employee_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into employee_gone (number) values (old.number);
    return old;
  end if;
  new.changed_at := now();
  return new;
end $$;
create trigger changed before insert or update or delete on employee for each row execute function employee_changed();

insert into department values ('D1', 'Direction', null), ('D2', 'Sales', 'D1');
insert into employee (number, first_name, last_name, mail, department, manager, hired, weekly_hours) values
  (1, 'Ada', 'Lovelace', 'ada@example.org', 'D1', null, '2015-03-01', 40),
  (2, 'Grace', 'Hopper', 'grace@example.org', 'D2', 1, '2019-07-15', 37.5),
  (3, 'Alan', 'Turing', null, 'D2', 1, '2021-01-04', 20);
insert into team_member values ('analytics', 1), ('analytics', 3), ('compilers', 2);

create role syncline_reader login;
grant usage on schema public to syncline_reader;
grant select on all tables in schema public to syncline_reader;
