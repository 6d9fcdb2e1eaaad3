-- Every row of the audit log is a job, and its number is what people name it by. How far one is that takes longer, and
-- until when: nobody waits for one whose function died.
alter table audit
    add column percent   smallint check (percent between 0 and 100),
    add column good_till timestamptz;  -- asked: until then it may be begun, null: some seconds; doing: by then it is over, or broke off
create index audit_open on audit (state) where state in ('asked', 'doing');

-- Where the answer is of a job that goes on while nobody waits: Discord takes edits of it for a quarter of an hour.
create table job_answer (
    audit_id       bigint primary key,  -- the job's
    application_id text not null,
    token          text not null,
    locale         text not null
);
