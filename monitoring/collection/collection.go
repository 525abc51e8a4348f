// Package collection holds what people collect in the field and how it is
// looked after: programmes, rounds with points and targets, forms and their
// versions, enumerators, submissions with their revisions, reviews and findings.
//
// It is values and rules. It knows no database, no protocol and no page: it
// declares the store that it needs, and edges call it.
package collection

import (
	"time"

	"waymark/internal/ids"
)

// Programme is what an organisation runs: rounds and people belong to one.
type Programme struct {
	ID      ids.ID
	Name    string // 1 to 200 characters
	About   string // at most 2,000
	Demo    bool   // synthetic data for the tour
	Created time.Time
	// Etag grows with every change; a change against an old one is a conflict.
	Etag int64
}

// RoundState is how far a round is.
type RoundState string

// The states of a round. A closed round takes no submissions; of a deleted one
// only its name, dates, totals and the proof of deletion are left.
const (
	Preparing RoundState = "preparing"
	Open      RoundState = "open"
	Closed    RoundState = "closed"
	Deleted   RoundState = "deleted"
)

// Round is one period of collection in a programme.
type Round struct {
	ID         ids.ID
	Programme  ids.ID
	Name       string
	Instrument string // of monitoring/instrument, for quality rules; "" for none
	From, To   string // civil dates "2016-10-06", inclusive; "" for open
	State      RoundState
	Routes     []Route
	Created    time.Time
	Etag       int64
	// Retain is the civil date after which answers are to be deleted; "" for not
	// set. WarnedAt and the rest are in Deletion.
	Retain string
}

// Route is one way that people travel; points lie on one.
type Route struct {
	Code string // as in the data: "CMR"
	Name string
}

// Point is a flow monitoring point of a round.
type Point struct {
	ID       ids.ID
	Round    ids.ID
	Code     string // as in the data
	Name     string
	Route    string   // code, or ""
	Lat, Lon *float64 // degrees, WGS 84; nil if not known
	Etag     int64
}

// Period is a part of a round that targets are set for.
type Period struct {
	ID       ids.ID
	Round    ids.ID
	Name     string
	From, To string // civil dates, inclusive
}

// Target is how many submissions are wanted at a point in a period.
type Target struct {
	Point, Period ids.ID
	Count         int
}

// FormState says whether phones may fetch a form and send to it.
type FormState string

// The states of a form. Closing: phones may send what they have, and fetch no
// more. Closed: nothing.
const (
	FormDraft   FormState = "draft" // never published
	FormOpen    FormState = "open"
	FormClosing FormState = "closing"
	FormClosed  FormState = "closed"
)

// Form is a questionnaire of a round, with its versions.
type Form struct {
	ID     ids.ID
	Round  ids.ID
	FormID string // the XForm's own id, unique in the round
	Title  string
	State  FormState
	// Current is the published version, zero before; Draft the one being made.
	Current, Draft ids.ID
	// Managed says that phones encrypt submissions to a key of ours.
	Managed bool
	Created time.Time
	Etag    int64
}

// Version is one state of a form that was or may be published.
type Version struct {
	ID      ids.ID
	Form    ids.ID
	Version string // the XForm's own, "" allowed; unique among published ones
	// Hash is the hex MD5 of XForm, which OpenRosa wants.
	Hash  string
	XForm []byte // what phones get
	// Source is the workbook that was uploaded, with its file name; nil for an XForm.
	Source     []byte
	SourceName string
	Files      []FormFile
	Created    time.Time
	Published  time.Time // zero for a draft
	By         ids.ID    // account
	// PrivateKey opens managed encrypted submissions: PKCS #8, sealed at rest; nil
	// if not managed.
	PrivateKey []byte
}

// FormFile is a file that a form needs: pictures, CSV lists. Missing while
// Address is "".
type FormFile struct {
	Name    string
	Type    string // media type, by content
	Size    int64
	Hash    string // hex MD5 of the content, which OpenRosa wants
	Address string // in the file store
}

// FieldEnumerator is a person with a phone, known by the token in its QR code.
// Only the token's SHA-256 is stored. Name is sealed at rest.
type FieldEnumerator struct {
	ID      ids.ID
	Round   ids.ID
	Code    string // as in the data: "E07"
	Name    string
	Points  []ids.ID // where they work; empty for anywhere
	Created time.Time
	Coded   time.Time // when the present QR code was made; zero for none yet
	Revoked time.Time // zero while the token works
	Used    time.Time // last request of the phone, to the hour
	Etag    int64
}

// State of a submission.
type State string

// The states of a submission.
const (
	Received  State = "received"
	HasIssues State = "has-issues"
	Approved  State = "approved"
	Rejected  State = "rejected"
)

// States lists the states in the order of pages.
var States = []State{Received, HasIssues, Approved, Rejected}

// Submission is one interview as it came, with everything that was decided about
// it. Answers are in its revisions.
type Submission struct {
	ID         ids.ID // grows with arrival
	Round      ids.ID
	Form       ids.ID
	Version    ids.ID
	InstanceID string // of the current revision
	Received   time.Time
	Enumerator ids.ID // zero if sent by an account or by nobody known
	Sender     ids.ID // account, if sent from the form page
	Point      string // code, from the answers; "" if not said
	Route      string
	Day        string // civil date of the interview, from the answers; else of arrival
	State      State
	// Complete says that every file that the answers name has arrived.
	Complete bool
	// Unreadable says that it came encrypted and could not be opened; why is a
	// finding. One that is Unreadable and not Checked waits for its round's keys.
	Unreadable bool
	Revision   int // number of the current revision, from 1
	// Checked is false until rules and quality checks have looked at the current
	// revision. Errors, Warnings and Notes count its findings.
	Checked                 bool
	Errors, Warnings, Notes int
	// Similar is another submission of the round with nearly the same answers, or zero.
	Similar ids.ID
	Etag    int64
}

// Revision is one state of a submission's answers. The first is what the phone
// sent; none is ever changed.
type Revision struct {
	Submission ids.ID
	Number     int
	InstanceID string
	At         time.Time
	Enumerator ids.ID // who sent it, if a phone
	Account    ids.ID // who edited it, if a person in the browser
	Version    ids.ID
	XML        []byte // sealed at rest; for encrypted submissions, what was opened
	Reason     string // why it was edited, sealed at rest
}

// Attachment is a file of a submission. Address is "" until it has arrived.
type Attachment struct {
	Submission ids.ID
	Name       string
	Type       string // media type, by content
	Size       int64
	Address    string
	At         time.Time
}

// Remark is one event in a submission's review: a comment, a change of state, or both.
type Remark struct {
	ID         ids.ID
	Submission ids.ID
	At         time.Time
	Account    ids.ID
	Text       string // sealed at rest; "" for none
	From, To   State  // equal if the state did not change
}

// Severity of a finding.
type Severity string

// The severities from the gravest.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
	SeverityNote    Severity = "note"
)

// Finding is something to look at in a submission. It holds no answer.
type Finding struct {
	Rule     string // "form.constraint", "quality.length.short"
	Severity Severity
	Question string // path or name, or ""
	Message  string
	Remedy   string
}
