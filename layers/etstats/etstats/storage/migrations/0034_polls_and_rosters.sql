-- The message a poll stands in, once somebody has pressed one of its buttons: it is edited when the poll closes.
alter table poll add column message_id text;

-- What the chances to win were told from: domain/closeness.py. Null: from too little to tell any.
alter table roster
    add column steepness double precision,
    add column maps      integer;
