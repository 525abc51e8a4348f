-- Networks, concerns and cases. In clear stand codes, times and identifiers;
-- what was said about anyone is sealed under the key of its matter, which is kept
-- outside of the database.

-- +goose Up
CREATE TABLE referral_network (
  programme     BIGINT NOT NULL PRIMARY KEY REFERENCES programme (id),
  pathway       TEXT NOT NULL,
  nation        TEXT NOT NULL,
  version       TEXT NOT NULL,
  accept_within BIGINT NOT NULL, -- working days
  etag          BIGINT NOT NULL
);

CREATE TABLE referral_agency (
  id           {ID},
  network      BIGINT NOT NULL REFERENCES referral_network (programme),
  name         TEXT NOT NULL,
  kind         TEXT NOT NULL,
  desk         SMALLINT NOT NULL,
  contact      BIGINT NOT NULL,
  deputy       BIGINT NOT NULL,
  away         SMALLINT NOT NULL,
  deputy_after BIGINT NOT NULL, -- minutes
  see_within   BIGINT NOT NULL, -- minutes
  hours_from   BIGINT NOT NULL, -- minutes of the day
  hours_to     BIGINT NOT NULL,
  every_day    SMALLINT NOT NULL,
  closed       SMALLINT NOT NULL,
  etag         BIGINT NOT NULL
);
CREATE INDEX referral_agency_network ON referral_agency (network, name);

CREATE TABLE referral_member (
  network BIGINT NOT NULL REFERENCES referral_network (programme),
  account BIGINT NOT NULL,
  agency  BIGINT NOT NULL REFERENCES referral_agency (id),
  PRIMARY KEY (network, account)
) {CLUSTERED};

CREATE TABLE referral_link (
  id      {ID},
  network BIGINT NOT NULL REFERENCES referral_network (programme),
  desk    BIGINT NOT NULL REFERENCES referral_agency (id),
  name    TEXT NOT NULL,
  kind    TEXT NOT NULL,
  lang    TEXT NOT NULL,
  digest  {BYTES} NOT NULL, -- of the token
  made    BIGINT NOT NULL,
  revoked BIGINT NOT NULL
);
CREATE UNIQUE INDEX referral_link_digest ON referral_link (digest);
CREATE INDEX referral_link_network ON referral_link (network, id);

CREATE TABLE referral_rules (
  version TEXT NOT NULL PRIMARY KEY,
  bundle  {BYTES} NOT NULL
);

CREATE TABLE matter (
  id          {ID},
  network     BIGINT NOT NULL REFERENCES referral_network (programme),
  kind        TEXT NOT NULL,
  state       TEXT NOT NULL,
  result      TEXT NOT NULL,
  outcome     TEXT NOT NULL,
  agency      BIGINT NOT NULL,
  owner       BIGINT NOT NULL, -- 0 while nobody has taken it on
  origin      BIGINT NOT NULL,
  link        BIGINT NOT NULL,
  urgent      SMALLINT NOT NULL,
  child       SMALLINT NOT NULL,
  opened      BIGINT NOT NULL,
  changed     BIGINT NOT NULL,
  due         BIGINT NOT NULL, -- the end of the year 9999 for none, so that it sorts last
  due_rule    TEXT NOT NULL,
  rules       TEXT NOT NULL,
  restricted  SMALLINT NOT NULL,
  keep_until  BIGINT NOT NULL,
  erase_asked BIGINT NOT NULL,
  erased_at   BIGINT NOT NULL,
  print       TEXT NOT NULL, -- fingerprint of the key
  etag        BIGINT NOT NULL
);
-- A list reads as many of each state as its page has, in the order of one of these,
-- and no rows that are not on the page.
CREATE INDEX matter_state ON matter (network, kind, state, id);
CREATE INDEX matter_state_due ON matter (network, kind, state, due, id DESC);
CREATE INDEX matter_agency ON matter (network, kind, agency, state, id);
CREATE INDEX matter_agency_due ON matter (network, kind, agency, state, due, id DESC);
CREATE INDEX matter_owner ON matter (owner, network, kind, state, id, agency, due);
CREATE INDEX matter_urgent ON matter (network, kind, state, id, agency, due) WHERE urgent = 1;
CREATE INDEX matter_origin ON matter (origin) WHERE origin <> 0;
CREATE INDEX matter_keep ON matter (keep_until) WHERE keep_until > 0;
CREATE INDEX matter_erase_asked ON matter (network, id) WHERE erase_asked <> 0;

-- How many there are, so that no page counts them.
CREATE TABLE matter_tally (
  network BIGINT NOT NULL,
  kind    TEXT NOT NULL,
  agency  BIGINT NOT NULL,
  state   TEXT NOT NULL,
  n       BIGINT NOT NULL,
  PRIMARY KEY (network, kind, agency, state)
) {CLUSTERED};

CREATE TABLE matter_part (
  id          {ID},
  matter      BIGINT NOT NULL REFERENCES matter (id),
  kind        TEXT NOT NULL,
  agency      BIGINT NOT NULL,
  purpose     TEXT NOT NULL,
  private     SMALLINT NOT NULL,
  due         BIGINT NOT NULL,
  for_account BIGINT NOT NULL, -- 0 for the matter's owner
  reminds     BIGINT NOT NULL, -- for_account, or who the owner is now
  done        SMALLINT NOT NULL,
  made        BIGINT NOT NULL,
  changed     BIGINT NOT NULL,
  by_account  BIGINT NOT NULL,
  etag        BIGINT NOT NULL,
  body        {BYTES} NOT NULL -- sealed
) {INLINE};
CREATE INDEX matter_part_matter ON matter_part (matter, id);
CREATE INDEX matter_part_reminds ON matter_part (reminds, due, id) WHERE due > 0 AND done = 0 AND reminds <> 0;

CREATE TABLE matter_grant (
  id         {ID},
  matter     BIGINT NOT NULL REFERENCES matter (id),
  network    BIGINT NOT NULL,
  kind       TEXT NOT NULL,
  account    BIGINT NOT NULL,
  agency     BIGINT NOT NULL,
  purposes   TEXT NOT NULL, -- parted by spaces
  by_account BIGINT NOT NULL,
  from_at    BIGINT NOT NULL,
  until_at   BIGINT NOT NULL, -- 0 for as long as the matter is open
  ended      BIGINT NOT NULL,
  reviewed   BIGINT NOT NULL,
  reviewer   BIGINT NOT NULL,
  of_kind    TEXT NOT NULL, -- of the matter, as is its state: so that lists of what is
  of_state   TEXT NOT NULL -- shared are found, and counted, without it
);
CREATE INDEX matter_grant_matter ON matter_grant (matter, id);
CREATE INDEX matter_grant_agency ON matter_grant (agency, kind, network, of_kind, of_state, matter, from_at, until_at, ended) WHERE agency <> 0;
CREATE INDEX matter_grant_account ON matter_grant (account, kind, network, of_kind, of_state, matter, from_at, until_at, ended) WHERE account <> 0;
CREATE INDEX matter_grant_glass ON matter_grant (network, id) WHERE kind = 'glass';

CREATE TABLE matter_code (
  kind   TEXT NOT NULL,
  digest {BYTES} NOT NULL,
  matter BIGINT NOT NULL REFERENCES matter (id),
  PRIMARY KEY (kind, digest)
) {CLUSTERED};
CREATE INDEX matter_code_matter ON matter_code (matter);

CREATE TABLE matter_message (
  id      {ID},
  matter  BIGINT NOT NULL REFERENCES matter (id),
  package BIGINT NOT NULL,
  mark    TEXT NOT NULL, -- the same at every attempt
  state   TEXT NOT NULL,
  tries   BIGINT NOT NULL,
  code    TEXT NOT NULL,
  next    BIGINT NOT NULL,
  lent    BIGINT NOT NULL,
  body    {BYTES} NOT NULL -- sealed; empty once it was delivered or recalled
);
CREATE INDEX matter_message_matter ON matter_message (matter, id);
CREATE INDEX matter_message_waiting ON matter_message (id) WHERE state = 'waiting';

-- Contents of files that belong to a matter, sealed under its key.
CREATE TABLE matter_content (
  matter  BIGINT NOT NULL REFERENCES matter (id),
  address TEXT NOT NULL,
  size    BIGINT NOT NULL,
  made    BIGINT NOT NULL,
  PRIMARY KEY (matter, address)
) {CLUSTERED};

-- +goose Down
DROP TABLE matter_content;
DROP TABLE matter_message;
DROP TABLE matter_code;
DROP TABLE matter_grant;
DROP TABLE matter_part;
DROP TABLE matter_tally;
DROP TABLE matter;
DROP TABLE referral_rules;
DROP TABLE referral_link;
DROP TABLE referral_member;
DROP TABLE referral_agency;
DROP TABLE referral_network;
