-- Programmes, forms, enumerators, submissions, their totals, and the audit.
-- Times are Unix milliseconds, 0 for none; truths are 0 or 1; days are civil
-- dates as text. Columns of type {BYTES} are sealed or digests, but for forms,
-- which identify nobody.

-- +goose Up
CREATE TABLE programme (
  id      {ID},
  name    TEXT NOT NULL,
  about   TEXT NOT NULL,
  demo    SMALLINT NOT NULL,
  created BIGINT NOT NULL,
  etag    BIGINT NOT NULL
);

CREATE TABLE round (
  id         {ID},
  programme  BIGINT NOT NULL REFERENCES programme (id),
  name       TEXT NOT NULL,
  instrument TEXT NOT NULL,
  from_day   TEXT NOT NULL,
  to_day     TEXT NOT NULL,
  state      TEXT NOT NULL,
  routes     TEXT NOT NULL, -- JSON
  created    BIGINT NOT NULL,
  retain     TEXT NOT NULL,
  etag       BIGINT NOT NULL
);
CREATE INDEX round_programme ON round (programme);

CREATE TABLE round_point (
  id    {ID},
  round BIGINT NOT NULL REFERENCES round (id),
  code  TEXT NOT NULL,
  name  TEXT NOT NULL,
  route TEXT NOT NULL,
  lat   DOUBLE PRECISION,
  lon   DOUBLE PRECISION,
  etag  BIGINT NOT NULL
);
CREATE UNIQUE INDEX round_point_code ON round_point (round, code);

CREATE TABLE round_period (
  id       {ID},
  round    BIGINT NOT NULL REFERENCES round (id),
  place    SMALLINT NOT NULL, -- in the order of the page
  name     TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day   TEXT NOT NULL
);
CREATE INDEX round_period_round ON round_period (round, place);

CREATE TABLE round_target (
  point  BIGINT NOT NULL REFERENCES round_point (id),
  period BIGINT NOT NULL REFERENCES round_period (id),
  round  BIGINT NOT NULL REFERENCES round (id),
  n      BIGINT NOT NULL,
  PRIMARY KEY (point, period)
);
CREATE INDEX round_target_round ON round_target (round);
CREATE INDEX round_target_period ON round_target (period);

CREATE TABLE form (
  id          {ID},
  round       BIGINT NOT NULL REFERENCES round (id),
  form_id     TEXT NOT NULL,
  title       TEXT NOT NULL,
  state       TEXT NOT NULL,
  current     BIGINT NOT NULL,
  draft       BIGINT NOT NULL,
  managed     SMALLINT NOT NULL,
  draft_token {BYTES}, -- SHA-256
  created     BIGINT NOT NULL,
  etag        BIGINT NOT NULL
);
CREATE UNIQUE INDEX form_form_id ON form (round, form_id);
CREATE UNIQUE INDEX form_draft_token ON form (draft_token);

CREATE TABLE form_version (
  id          {ID},
  form        BIGINT NOT NULL REFERENCES form (id),
  version     TEXT NOT NULL,
  hash        TEXT NOT NULL,
  xform       {BYTES} NOT NULL,
  source      {BYTES},
  source_name TEXT NOT NULL,
  created     BIGINT NOT NULL,
  published   BIGINT NOT NULL,
  account     BIGINT NOT NULL,
  private_key {BYTES} -- sealed
);
CREATE INDEX form_version_form ON form_version (form, id);
CREATE UNIQUE INDEX form_version_published ON form_version (form, version) WHERE published <> 0;

CREATE TABLE form_file (
  version BIGINT NOT NULL REFERENCES form_version (id),
  name    TEXT NOT NULL,
  type    TEXT NOT NULL,
  size    BIGINT NOT NULL,
  hash    TEXT NOT NULL,
  address TEXT NOT NULL,
  PRIMARY KEY (version, name)
);

CREATE TABLE enumerator (
  id      {ID},
  round   BIGINT NOT NULL REFERENCES round (id),
  code    TEXT NOT NULL,
  name    {BYTES} NOT NULL, -- sealed
  token   {BYTES}, -- SHA-256
  created BIGINT NOT NULL,
  coded   BIGINT NOT NULL,
  revoked BIGINT NOT NULL,
  used    BIGINT NOT NULL,
  etag    BIGINT NOT NULL
);
CREATE UNIQUE INDEX enumerator_code ON enumerator (round, code);
CREATE UNIQUE INDEX enumerator_token ON enumerator (token);

CREATE TABLE enumerator_point (
  enumerator BIGINT NOT NULL REFERENCES enumerator (id),
  point      BIGINT NOT NULL REFERENCES round_point (id),
  PRIMARY KEY (enumerator, point)
);
CREATE INDEX enumerator_point_point ON enumerator_point (point);

-- What lists and totals need of a submission. Test submissions of drafts are
-- marked, and stand in no total and in none of the long indexes.
CREATE TABLE submission (
  id         {ID},
  round      BIGINT NOT NULL REFERENCES round (id),
  form       BIGINT NOT NULL,
  version    BIGINT NOT NULL,
  draft      SMALLINT NOT NULL,
  instance   TEXT NOT NULL, -- of the current revision
  received   BIGINT NOT NULL,
  enumerator BIGINT NOT NULL,
  sender     BIGINT NOT NULL,
  point      TEXT NOT NULL,
  route      TEXT NOT NULL,
  day        TEXT NOT NULL,
  state      SMALLINT NOT NULL, -- place in collection.States
  complete   SMALLINT NOT NULL,
  unreadable SMALLINT NOT NULL,
  encrypted  SMALLINT NOT NULL,
  revision   BIGINT NOT NULL,
  checked    SMALLINT NOT NULL,
  errors     BIGINT NOT NULL,
  warnings   BIGINT NOT NULL,
  notes      BIGINT NOT NULL,
  worst      SMALLINT NOT NULL, -- gravest finding: 3 error, 2 warning, 1 note, 0 none
  twin       BIGINT NOT NULL, -- a near-duplicate
  etag       BIGINT NOT NULL
);
CREATE INDEX submission_round ON submission (round, id) WHERE draft = 0;
CREATE INDEX submission_state ON submission (round, state, id, day) WHERE draft = 0;
CREATE INDEX submission_point ON submission (round, point, id) WHERE draft = 0;
CREATE INDEX submission_enumerator ON submission (round, enumerator, day, id) WHERE draft = 0;
CREATE INDEX submission_day ON submission (round, day, id) WHERE draft = 0;
CREATE INDEX submission_version ON submission (round, version, id) WHERE draft = 0;
CREATE INDEX submission_worst ON submission (round, worst, id) WHERE draft = 0 AND worst > 0;
CREATE INDEX submission_twin ON submission (round, id) WHERE draft = 0 AND twin <> 0;
CREATE INDEX submission_draft ON submission (round, form, id) WHERE draft = 1;
CREATE INDEX submission_unchecked ON submission (id) WHERE checked = 0;

-- One instance of a form is here once, whoever sends it how often.
CREATE TABLE instance (
  form       BIGINT NOT NULL,
  draft      SMALLINT NOT NULL,
  instance   TEXT NOT NULL,
  submission BIGINT NOT NULL,
  number     BIGINT NOT NULL, -- of the revision
  digest     {BYTES} NOT NULL, -- keyed, of the XML as it came
  PRIMARY KEY (form, draft, instance)
) {CLUSTERED};

-- The answers.
CREATE TABLE revision (
  submission BIGINT NOT NULL REFERENCES submission (id),
  number     BIGINT NOT NULL,
  instance   TEXT NOT NULL,
  at         BIGINT NOT NULL,
  enumerator BIGINT NOT NULL,
  account    BIGINT NOT NULL,
  version    BIGINT NOT NULL,
  xml        {BYTES} NOT NULL, -- sealed
  reason     {BYTES} NOT NULL, -- sealed
  PRIMARY KEY (submission, number)
) {INLINE};

CREATE TABLE attachment (
  submission BIGINT NOT NULL REFERENCES submission (id),
  token      {BYTES} NOT NULL, -- keyed digest of the name
  name       {BYTES} NOT NULL, -- sealed
  type       TEXT NOT NULL,
  size       BIGINT NOT NULL,
  address    TEXT NOT NULL,
  at         BIGINT NOT NULL,
  revision   BIGINT NOT NULL, -- the last one that names it
  PRIMARY KEY (submission, token)
);

CREATE TABLE remark (
  id         {ID},
  submission BIGINT NOT NULL REFERENCES submission (id),
  at         BIGINT NOT NULL,
  account    BIGINT NOT NULL,
  words      {BYTES} NOT NULL, -- sealed
  from_state SMALLINT NOT NULL,
  to_state   SMALLINT NOT NULL
);
CREATE INDEX remark_submission ON remark (submission, id);

-- What the check of a submission found: everything, sealed, and the rules by name.
CREATE TABLE checked (
  submission {ID} REFERENCES submission (id),
  marks      {BYTES} NOT NULL, -- those in the table mark
  rules      TEXT NOT NULL, -- those in the table finding, parted by spaces
  findings   {BYTES} NOT NULL -- sealed JSON
);
CREATE TABLE finding (
  round      BIGINT NOT NULL,
  rule       TEXT NOT NULL,
  submission BIGINT NOT NULL,
  severity   SMALLINT NOT NULL,
  PRIMARY KEY (round, rule, submission)
) {CLUSTERED};
CREATE TABLE mark (
  round      BIGINT NOT NULL,
  mark       BIGINT NOT NULL,
  submission BIGINT NOT NULL,
  PRIMARY KEY (round, mark, submission)
) {CLUSTERED};

-- Totals, changed with what they count.
CREATE TABLE tally (
  round      BIGINT NOT NULL,
  point      TEXT NOT NULL,
  route      TEXT NOT NULL,
  enumerator BIGINT NOT NULL,
  day        TEXT NOT NULL,
  state      SMALLINT NOT NULL,
  n          BIGINT NOT NULL,
  PRIMARY KEY (round, point, route, enumerator, day, state)
) {CLUSTERED};
-- SQLite reads totals faster as they lie, and would use this index all the same.
{SERVER} CREATE INDEX tally_day ON tally (round, day, state);
CREATE TABLE margin (
  round BIGINT NOT NULL,
  kind  SMALLINT NOT NULL,
  value TEXT NOT NULL,
  n     BIGINT NOT NULL,
  PRIMARY KEY (round, kind, value)
) {CLUSTERED};

CREATE TABLE deletion (
  id       {ID},
  round    BIGINT NOT NULL REFERENCES round (id),
  proposed BIGINT NOT NULL,
  proposer BIGINT NOT NULL,
  reason   {BYTES} NOT NULL, -- sealed
  approver BIGINT NOT NULL,
  decided  BIGINT NOT NULL,
  approved SMALLINT NOT NULL,
  done     BIGINT NOT NULL,
  proof    {BYTES}
);
CREATE INDEX deletion_round ON deletion (round, id);

CREATE TABLE audit_entry (
  number     {ID},
  at         BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor      BIGINT NOT NULL,
  action     TEXT NOT NULL,
  programme  BIGINT NOT NULL,
  subject    TEXT NOT NULL,
  entry      {BYTES} NOT NULL -- as it stands in the tree
);
CREATE INDEX audit_entry_subject ON audit_entry (subject, number);
CREATE INDEX audit_entry_programme ON audit_entry (programme, number);
CREATE INDEX audit_entry_actor ON audit_entry (actor, number);
CREATE TABLE audit_head (
  id       {ID},
  size     BIGINT NOT NULL,
  frontier {BYTES} NOT NULL
);

-- +goose Down
DROP TABLE audit_head;
DROP TABLE audit_entry;
DROP TABLE deletion;
DROP TABLE margin;
DROP TABLE tally;
DROP TABLE mark;
DROP TABLE finding;
DROP TABLE checked;
DROP TABLE remark;
DROP TABLE attachment;
DROP TABLE revision;
DROP TABLE instance;
DROP TABLE submission;
DROP TABLE enumerator_point;
DROP TABLE enumerator;
DROP TABLE form_file;
DROP TABLE form_version;
DROP TABLE form;
DROP TABLE round_target;
DROP TABLE round_period;
DROP TABLE round_point;
DROP TABLE round;
DROP TABLE programme;
