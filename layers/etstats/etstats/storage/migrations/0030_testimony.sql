-- What demos tell of the rounds they show, and what that means for those rounds' trust.

-- of the round it shows alone: who killed whom by what, who hit how often, how long it was; null: it shows none, or was
-- analysed before this was kept
alter table demo add column testimony jsonb;

alter table round_trust
    add column demo_sha256 text,             -- whose testimony is among the checks; null: no demo's
    add column demo_guilds text[];           -- the Discord servers that have a demo of it; null: none

-- As in 0008, and which demos there are of it. For a round without any the checksum is what it was.
create or replace view round_state as
select own.round_id, own.session_id, own.written_at, md5(concat_ws(' ', own.digest, own.lines_digest, own.persons,
    own_trust.digest, match, other.digest, other.lines_digest, other.persons, other_trust.digest,
    session.team_a, '|', session.team_b,
    (select string_agg(winner_team, ' ' order by position) from match as sofar
     where sofar.session_id = match.session_id and sofar.position <= match.position),
    own_trust.demo_sha256, own_trust.grade || own_trust.demo_guilds::text,
    other_trust.demo_sha256, other_trust.grade || other_trust.demo_guilds::text)) as state
from round as own join session using (session_id)
left join match on match.session_id = own.session_id and own.round_id in (round1_id, round2_id)
left join round as other on other.round_id in (round1_id, round2_id) and other.round_id <> own.round_id
left join round_trust as own_trust on own_trust.round_id = own.round_id
left join round_trust as other_trust on other_trust.round_id = other.round_id;
