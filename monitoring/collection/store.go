package collection

import (
	"context"
	"io"
	"time"

	"waymark/internal/ids"
	"waymark/trust/audit"
)

// Store is what collection needs of the store. Look-ups that find nothing return
// a fault of kind NotFound; changes against an old Etag a fault of kind Conflict.
// Every change writes its audit entry in the same transaction, and so does every
// read of answers. A change returns when it is durable.
type Store interface {
	Programmes
	Forms
	Enumerators
	Submissions
	Reviews
	Deletions
	Files
}

// Programmes keeps programmes and rounds. Put inserts where the ID is zero, and
// sets it; Etag is checked and raised otherwise.
type Programmes interface {
	Programme(ctx context.Context, id ids.ID) (*Programme, error)
	ListProgrammes(ctx context.Context) ([]*Programme, error)
	PutProgramme(ctx context.Context, by audit.Actor, p *Programme) error
	Round(ctx context.Context, id ids.ID) (*Round, error)
	ListRounds(ctx context.Context, programme ids.ID) ([]*Round, error)
	PutRound(ctx context.Context, by audit.Actor, r *Round) error
	ListPoints(ctx context.Context, round ids.ID) ([]*Point, error)
	PutPoint(ctx context.Context, by audit.Actor, p *Point) error
	// PutPoints does what PutPoint does for all points of one round, or for none.
	PutPoints(ctx context.Context, by audit.Actor, round ids.ID, points []*Point) error
	RemovePoint(ctx context.Context, by audit.Actor, round, point ids.ID) error
	ListPeriods(ctx context.Context, round ids.ID) ([]*Period, error)
	// SetTargets replaces the round's periods and targets if the round's Etag is
	// still etag, and raises it. Targets of periods that are new name them by the
	// IDs that the caller gave them.
	SetTargets(ctx context.Context, by audit.Actor, round ids.ID, etag int64, periods []*Period, targets []Target) error
	ListTargets(ctx context.Context, round ids.ID) ([]Target, error)
}

// Forms keeps forms and versions.
type Forms interface {
	Form(ctx context.Context, id ids.ID) (*Form, error)
	FormByFormID(ctx context.Context, round ids.ID, formID string) (*Form, error)
	ListForms(ctx context.Context, round ids.ID) ([]*Form, error)
	PutForm(ctx context.Context, by audit.Actor, f *Form) error
	// Version with its XForm, Source and files; ListVersions without XForm and Source.
	Version(ctx context.Context, id ids.ID) (*Version, error)
	VersionByName(ctx context.Context, form ids.ID, version string) (*Version, error)
	ListVersions(ctx context.Context, form ids.ID) ([]*Version, error)
	// PutDraft makes v the form's draft, in place of the draft instead (zero for
	// none). Conflict if another one is the draft by now.
	PutDraft(ctx context.Context, by audit.Actor, v *Version, instead ids.ID) error
	// DropDraft throws a draft away, with its test submissions and the token for
	// tests. Conflict if it is not the form's draft any more.
	DropDraft(ctx context.Context, by audit.Actor, form, draft ids.ID) error
	// PutFormFile sets one file of a draft.
	PutFormFile(ctx context.Context, by audit.Actor, version ids.ID, f FormFile) error
	// Publish makes a draft current. Conflict if it is not the form's draft any
	// more or its version name was published before.
	Publish(ctx context.Context, by audit.Actor, form, draft ids.ID, at time.Time) (*Version, error)
	// DraftToken sets the SHA-256 of the token by which phones test the draft (nil
	// for none); FormByDraftToken finds the form.
	DraftToken(ctx context.Context, by audit.Actor, form ids.ID, hash []byte) error
	FormByDraftToken(ctx context.Context, hash []byte) (*Form, error)
}

// Enumerators keeps the people with phones.
type Enumerators interface {
	FieldEnumerator(ctx context.Context, id ids.ID) (*FieldEnumerator, error)
	ListEnumerators(ctx context.Context, round ids.ID) ([]*FieldEnumerator, error)
	// PutEnumerator inserts or changes; tokenHash nil leaves the token as it is.
	PutEnumerator(ctx context.Context, by audit.Actor, e *FieldEnumerator, tokenHash []byte) error
	// PutEnumerators does what PutEnumerator does for all people of one round, or
	// for none. tokenHashes is nil, or has an entry for each.
	PutEnumerators(ctx context.Context, by audit.Actor, round ids.ID, list []*FieldEnumerator, tokenHashes [][]byte) error
	// EnumeratorByToken finds one that is not revoked. It reads the database at
	// every call, so that revoking works at once.
	EnumeratorByToken(ctx context.Context, hash []byte) (*FieldEnumerator, error)
	RevokeEnumerator(ctx context.Context, by audit.Actor, id ids.ID, at time.Time) error
	TouchEnumerator(ctx context.Context, id ids.ID, at time.Time) error
}

// Arrival is one post of a submission, or of a part of it.
type Arrival struct {
	Form       ids.ID
	Version    ids.ID
	Round      ids.ID
	Draft      bool // a test of a draft: kept apart, and deleted with the draft
	InstanceID string
	Deprecated string // instanceID that this one replaces, or ""
	XML        []byte
	Encrypted  bool // XML is a manifest of an encrypted submission
	Enumerator ids.ID
	Sender     ids.ID
	At         time.Time
	Point      string
	Route      string
	Day        string
	// Names are all files that the answers name; Files those that came, stored already.
	Names []string
	Files []Attachment
}

// Arrived says what became of an Arrival.
type Arrived struct {
	Submission ids.ID
	New        bool // a new submission or revision
	Complete   bool // all files are there
}

// Submissions keeps submissions.
type Submissions interface {
	// Arrive stores a submission exactly once. The same instance and the same XML
	// again adds files and succeeds; other XML under the same instance is a
	// Conflict; a Deprecated that is unknown is NotFound, one that is not current a
	// Conflict. What names a Deprecated that another enumerator or account sent is a
	// submission of its own. It returns when what it says is durable.
	Arrive(ctx context.Context, by audit.Actor, a *Arrival) (*Arrived, error)
	Submission(ctx context.Context, id ids.ID) (*Submission, error)
	// ListSubmissions answers a page; it reads no answers.
	ListSubmissions(ctx context.Context, f Filter) (*Page, error)
	// Newest is the ID of the round's newest submission, for pages that wait.
	Newest(ctx context.Context, round ids.ID) (ids.ID, error)
	// Tallies counts by point, enumerator, day, route and state.
	Tallies(ctx context.Context, round ids.ID) ([]Tally, error)
	// ReadAnswers reads one revision (0 for the current one) and writes that it was
	// read into the audit.
	ReadAnswers(ctx context.Context, by audit.Actor, id ids.ID, revision int) (*Revision, error)
	// ReadPseudonymous is ReadAnswers for someone who is shown them without what
	// identifies people: the audit says so. What is shown is up to the caller.
	ReadPseudonymous(ctx context.Context, by audit.Actor, id ids.ID, revision int) (*Revision, error)
	// Revisions lists the revisions without XML.
	Revisions(ctx context.Context, id ids.ID) ([]*Revision, error)
	Attachments(ctx context.Context, id ids.ID) ([]Attachment, error)
	// ReadAttachment opens a file and writes that it was read into the audit.
	ReadAttachment(ctx context.Context, by audit.Actor, id ids.ID, name string) (*Attachment, io.ReadCloser, error)
	// EachAnswers calls use with every current revision that the filter lets
	// through, oldest first, and writes one audit entry for the whole (an export, a
	// check). purpose is a code: "export", "check". Limit and After are ignored.
	EachAnswers(ctx context.Context, by audit.Actor, purpose string, f Filter, use func(*Submission, *Revision) error) error
	// Edit adds a revision if the submission's Etag is still etag.
	Edit(ctx context.Context, by audit.Actor, id ids.ID, etag int64, r *Revision, names []string) error
	// Unchecked returns at most limit submissions whose current revision was not
	// checked yet and whose files are complete or older than patience, oldest
	// first, with their answers; no audit entry, since nobody sees them. Those of a
	// round whose keys are missing are passed over and marked Unreadable; they come
	// once the keys are back.
	Unchecked(ctx context.Context, limit int, patience time.Duration) ([]Unchecked, error)
	// SetChecked stores the findings of a revision and what was read from the
	// answers; it does nothing if another revision is current by now. State moves
	// from Received to HasIssues if there is an error.
	SetChecked(ctx context.Context, results []Checked) error
	Findings(ctx context.Context, id ids.ID) ([]Finding, error)
	// Resemble finds submissions of the round that share at least atLeast of the
	// marks, most shared first, at most limit.
	Resemble(ctx context.Context, round, except ids.ID, marks []int64, atLeast, limit int) ([]Resemblance, error)
}

// Unchecked is a submission that waits for its check.
type Unchecked struct {
	Submission *Submission
	Revision   *Revision
	Files      []Attachment
}

// Checked is the result of a check.
type Checked struct {
	Submission ids.ID
	Revision   int
	Findings   []Finding
	// Opened is the document inside an encrypted submission, nil if it was not
	// encrypted. It replaces the revision's XML.
	Opened []byte
	// Names are the files that the opened document names, and Files those that
	// were inside it, under their own names and stored already: with the manifest
	// goes the key that the encrypted ones could be opened by.
	Names      []string
	Files      []Attachment
	Unreadable bool
	Point      string
	Route      string
	Day        string
	// Marks are keyed digests of groups of answers; near-duplicates share many.
	Marks   []int64
	Similar ids.ID
}

// Resemblance is a submission that shares marks with another.
type Resemblance struct {
	Submission ids.ID
	Shared     int
}

// Filter says which submissions are wanted. Zero fields do not restrict.
type Filter struct {
	Round       ids.ID // Required
	Form        ids.ID
	Versions    []ids.ID
	States      []State
	Points      []string
	Routes      []string
	Enumerators []ids.ID
	From, To    string // days of interview, inclusive
	// Worst restricts to submissions with a finding of this severity or graver.
	Worst Severity
	// Rule restricts to submissions with a finding of this rule.
	Rule string
	// Alike restricts to submissions with a near-duplicate.
	Alike bool
	// Text is the start of an instanceID or of a submission's ID.
	Text string
	// Drafts asks for test submissions of drafts instead.
	Drafts bool
	// After continues behind (Newest first) or before (Oldest first) an ID.
	After       ids.ID
	OldestFirst bool
	Limit       int // rows of a page; default 50, at most 500
}

// Page is one page of submissions.
type Page struct {
	Rows []*Submission
	More bool // there are rows behind the last
	// Total counts what the filter lets through; -1 when counting would be slow.
	Total int
}

// Tally counts submissions.
type Tally struct {
	Point, Route string
	Enumerator   ids.ID
	Day          string
	State        State
	Count        int
}

// Reviews keeps what people decide about submissions.
type Reviews interface {
	// Review adds a comment, changes the state, or both, if the Etag is still etag.
	Review(ctx context.Context, by audit.Actor, id ids.ID, etag int64, to State, text string) error
	// ReviewMany sets the state of several; what changed since is reported, not changed.
	ReviewMany(ctx context.Context, by audit.Actor, items []Reviewed, to State, text string) (changed int, conflicts []ids.ID, err error)
	Remarks(ctx context.Context, id ids.ID) ([]*Remark, error)
	// History is what the audit says of one submission.
	History(ctx context.Context, id ids.ID) ([]audit.Sequenced, error)
}

// Reviewed names a submission as it was seen.
type Reviewed struct {
	ID   ids.ID
	Etag int64
}

// Deletion is a proposal to delete a round's answers, and what became of it.
type Deletion struct {
	ID       ids.ID
	Round    ids.ID
	Proposed time.Time
	Proposer ids.ID
	Reason   string // sealed at rest
	Approver ids.ID
	Decided  time.Time
	Approved bool
	Done     time.Time
	// Proof is what can be shown afterwards: counts, the digest of the destroyed
	// key's public fingerprint, the number of the audit entry. JSON.
	Proof []byte
}

// Deletions keeps retention.
type Deletions interface {
	// Due lists rounds whose Retain lies before a civil date and that still hold answers.
	Due(ctx context.Context, before string) ([]*Round, error)
	ListDeletions(ctx context.Context, round ids.ID) ([]*Deletion, error)
	// PendingDeletions lists the proposals in a programme that wait for a decision,
	// and those that were approved and are not done.
	PendingDeletions(ctx context.Context, programme ids.ID) ([]*Deletion, error)
	ProposeDeletion(ctx context.Context, by audit.Actor, d *Deletion) error
	// DecideDeletion approves or refuses; a proposer's own decision is Denied.
	DecideDeletion(ctx context.Context, by audit.Actor, id ids.ID, approved bool, at time.Time) error
	// DeleteRound destroys the round's keys, removes its answers and files, and
	// stores the proof. Only after approval; it can be called again after a crash.
	DeleteRound(ctx context.Context, by audit.Actor, deletion ids.ID, at time.Time) (*Deletion, error)
}

// Files keeps contents sealed under their round, addressed by content. A content
// that is put twice is stored once.
type Files interface {
	// PutFile stores at most limit bytes of r durably and returns address, size and
	// the hex MD5; more is a fault of kind Invalid.
	PutFile(ctx context.Context, round ids.ID, r io.Reader, limit int64) (address string, size int64, md5 string, err error)
	OpenFile(ctx context.Context, round ids.ID, address string) (io.ReadCloser, error)
}
