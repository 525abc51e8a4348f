-- People who sign in, their sessions, and the checkpoints of the audit. What is
-- known of a person is one sealed document; look-ups go by keyed digests.

-- +goose Up
CREATE TABLE account (
  id      {ID},
  state   TEXT NOT NULL,
  lang    TEXT NOT NULL,
  created BIGINT NOT NULL,
  email   {BYTES}, -- keyed digest of the normalised address
  subject {BYTES}, -- keyed digest of the identity at a provider
  private {BYTES} NOT NULL, -- sealed
  step    BIGINT NOT NULL, -- last time step of a one-time code
  epoch   BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_email ON account (email);
CREATE UNIQUE INDEX account_subject ON account (subject);
CREATE INDEX account_state ON account (state);

CREATE TABLE account_member (
  account   BIGINT NOT NULL REFERENCES account (id),
  programme BIGINT NOT NULL, -- 0 for the whole system
  role      TEXT NOT NULL,
  PRIMARY KEY (account, programme, role)
) {CLUSTERED};
CREATE INDEX account_member_programme ON account_member (programme, account);

CREATE TABLE account_passkey (
  id      {ID},
  account BIGINT NOT NULL REFERENCES account (id),
  handle  {BYTES} NOT NULL, -- keyed digest
  private {BYTES} NOT NULL, -- sealed
  created BIGINT NOT NULL,
  used    BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_passkey_handle ON account_passkey (handle);
CREATE INDEX account_passkey_account ON account_passkey (account, id);

CREATE TABLE account_invitation (
  account BIGINT NOT NULL PRIMARY KEY, -- 0 for the first account
  hash    {BYTES} NOT NULL,
  purpose TEXT NOT NULL,
  expires BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_invitation_hash ON account_invitation (hash);

CREATE TABLE account_session (
  hash    {BYTES} NOT NULL PRIMARY KEY,
  account BIGINT NOT NULL, -- 0 before sign-in
  data    {BYTES} NOT NULL, -- sealed
  created BIGINT NOT NULL,
  seen    BIGINT NOT NULL,
  expires BIGINT NOT NULL
);
CREATE INDEX account_session_account ON account_session (account, created);
CREATE INDEX account_session_expires ON account_session (expires);

CREATE TABLE account_failure (
  id     {ID},
  digest TEXT NOT NULL,
  at     BIGINT NOT NULL
);
CREATE INDEX account_failure_digest ON account_failure (digest, at);
CREATE INDEX account_failure_at ON account_failure (at);

CREATE TABLE audit_checkpoint (
  size   {ID},
  at     BIGINT NOT NULL,
  signed TEXT NOT NULL
);
CREATE INDEX audit_entry_at ON audit_entry (at, number);

-- +goose Down
DROP INDEX audit_entry_at;
DROP TABLE audit_checkpoint;
DROP TABLE account_failure;
DROP TABLE account_session;
DROP TABLE account_invitation;
DROP TABLE account_passkey;
DROP TABLE account_member;
DROP TABLE account;
