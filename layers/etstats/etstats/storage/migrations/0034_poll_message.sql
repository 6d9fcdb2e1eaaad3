-- The message a poll stands in, once somebody has pressed one of its buttons: it is edited when the poll closes.
alter table poll add column message_id text;
