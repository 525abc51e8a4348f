package referral

import (
	"context"
	"io"
	"time"

	"waymark/internal/ids"
	"waymark/trust/audit"
)

// Store is what keeps matters. What is not there is a fault of kind NotFound; a
// change against an old Etag is a Conflict and changes nothing; the database's
// trouble is Unavailable. Every change is in the audit in the same transaction.
type Store interface {
	Networks
	Matters
	Documents
	Outbox
}

// Networks are the settings of local pathways.
type Networks interface {
	// Network reads the settings of a programme; NotFound if it is no network.
	Network(ctx context.Context, programme ids.ID) (*Network, error)
	ListNetworks(ctx context.Context) ([]*Network, error)
	// PutNetwork makes (Etag 0) or changes.
	PutNetwork(ctx context.Context, by audit.Actor, n *Network) error

	// Agencies lists those of a network by name, closed ones too.
	Agencies(ctx context.Context, network ids.ID) ([]*Agency, error)
	Agency(ctx context.Context, id ids.ID) (*Agency, error)
	// PutAgency makes (ID 0) or changes.
	PutAgency(ctx context.Context, by audit.Actor, a *Agency) error

	// Members lists who belongs to which agency of a network.
	Members(ctx context.Context, network ids.ID) ([]Member, error)
	// SetMember puts an account into an agency of the network, or with agency zero
	// out of all.
	SetMember(ctx context.Context, by audit.Actor, network, account, agency ids.ID) error
	// AgencyOf is the agency of an account in a network, zero if none.
	AgencyOf(ctx context.Context, network, account ids.ID) (ids.ID, error)

	// Links lists those of a network, the newest first.
	Links(ctx context.Context, network ids.ID) ([]*Link, error)
	// PutLink makes (ID 0; digest Required) or changes.
	PutLink(ctx context.Context, by audit.Actor, l *Link, digest []byte) error
	// LinkByToken finds one that is not revoked by the digest of its token. It
	// reads the database at every call.
	LinkByToken(ctx context.Context, digest []byte) (*Link, error)
	Link(ctx context.Context, id ids.ID) (*Link, error)

	// KeepRules keeps the text of a version of the rules; Rules reads it.
	KeepRules(ctx context.Context, version string, text []byte) error
	Rules(ctx context.Context, version string) ([]byte, error)
}

// Matters are concerns and cases.
type Matters interface {
	// Matter reads the row alone. It decrypts nothing.
	Matter(ctx context.Context, id ids.ID) (*Matter, error)
	// ListMatters answers a page of rows. It decrypts nothing.
	ListMatters(ctx context.Context, f Filter) (*Page, error)
	// CountMatters counts rows by state. It decrypts nothing.
	CountMatters(ctx context.Context, f Filter) (map[State]int, error)
	// MatterByCode finds one by the digest of a code that is in force.
	MatterByCode(ctx context.Context, kind CodeKind, digest []byte) (*Matter, error)

	// Open reads a matter with all its parts, and records in the audit that who
	// read it, as action. Only that matter is decrypted. One that was erased is
	// Gone: a fault of kind NotFound. The caller keeps what the reader may see
	// (File.Show).
	Open(ctx context.Context, by audit.Actor, id ids.ID, action string) (*File, error)
	// Do carries out a change and returns the matter's ID.
	Do(ctx context.Context, c *Change) (ids.ID, error)

	Grants(ctx context.Context, matter ids.ID) ([]*Grant, error)
	// Glasses lists broken glasses of a network that nobody reviewed, and the
	// reviewed ones behind them, newest first, at most limit.
	Glasses(ctx context.Context, network ids.ID, limit int) ([]*Grant, error)
	// Standing is how an account stands to a matter at a time: the matter's row,
	// its grants and the account's agency in one question.
	Standing(ctx context.Context, m *Matter, account ids.ID, at time.Time) (Standing, error)

	// Reminders lists open parts with a date that are an account's, up to a date,
	// the earliest first.
	Reminders(ctx context.Context, account ids.ID, until time.Time, limit int) ([]*Reminder, error)

	// MatterHistory is what the audit says of one matter, oldest first.
	MatterHistory(ctx context.Context, id ids.ID) ([]audit.Sequenced, error)

	// Erase destroys the key of a matter, then its parts, documents and messages;
	// the row stays with Erased, ErasedAt and Print. It may be called again.
	Erase(ctx context.Context, by audit.Actor, id ids.ID) error
	// Expired lists matters whose KeepUntil has passed, oldest first.
	Expired(ctx context.Context, at time.Time, limit int) ([]*Matter, error)
	// RotateKeys wraps the keys of all matters anew while everything goes on.
	// progress may be nil.
	RotateKeys(ctx context.Context, by audit.Actor, progress func(done, all int)) error
}

// Documents are the contents of files, sealed under their matter's key.
type Documents interface {
	// PutContent seals a content and returns its name for Document.Ref. size is in
	// bytes. More than most bytes is a fault of kind Invalid, and nothing is kept.
	PutContent(ctx context.Context, matter ids.ID, r io.Reader, most int64) (ref string, size int64, err error)
	// Content opens one; Close it. What was altered fails while reading.
	Content(ctx context.Context, matter ids.ID, ref string) (io.ReadCloser, error)
}

// Outbox holds what is on its way.
type Outbox interface {
	// Claim lends messages that wait, oldest first, to one process for lease; after
	// that another may take them.
	Claim(ctx context.Context, at time.Time, lease time.Duration, limit int) ([]*Message, error)
	// Settle says what an attempt came to: Delivered and Refused are final, Waiting
	// tries again from next on. A delivered message leaves its body. With a final
	// state the change c, which may be nil, is carried out in the same transaction.
	Settle(ctx context.Context, id ids.ID, state MessageState, code string, next time.Time, c *Change) error
	// Messages lists those of a matter, without their bodies.
	Messages(ctx context.Context, matter ids.ID) ([]*Message, error)
}

// Filter chooses matters. Zero fields do not restrict.
type Filter struct {
	Network ids.ID // Required
	Kind    Kind   // Required
	States  []State
	// Agency that holds it.
	Agency ids.ID
	// Owner, or with Unowned those that nobody has taken on.
	Owner   ids.ID
	Unowned bool
	// SharedWith lists cases of which an agency or an account has a share in force
	// at At, instead of those that Agency holds.
	SharedWith ids.ID // agency
	At         time.Time
	Urgent     bool
	// EraseAsked lists those whose erasure was proposed and not decided.
	EraseAsked bool
	// KeepBefore lists those that are to be erased before this.
	KeepBefore time.Time
	Overdue    time.Time // Due before this
	Origin     ids.ID
	// ByDue sorts by Due, the earliest first, those without last; else by ID, the
	// newest first.
	ByDue bool
	// After is where the page before ended: Page.Next.
	After string
	Limit int // default 50, at most 200
}

// Page is one page of matters.
type Page struct {
	Matters []*Matter
	Next    string // "" at the end
}

// Reminder is what a list of tasks shows: codes and dates alone.
type Reminder struct {
	Matter Matter
	Part   Part // without Body
}
