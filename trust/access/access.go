// Package access decides who may do what: roles, actions, and the Cedar policies
// that join them. What no policy permits is denied.
//
// It knows no pages, no store and no answers; whoever asks says who the
// principal is and what the thing belongs to. Policies are the files of the folder
// policy, one a role or a concern; testdata/table.txt shows what they come to.
package access

import "waymark/internal/ids"

// Role is what a person is in a programme. Administrators and auditors may also be
// so for the whole system (programme zero); nobody else may.
type Role string

// The roles.
const (
	Administrator Role = "administrator" // runs the system; cannot read answers
	Coordinator   Role = "coordinator"   // decides: rounds, people of the programme, deletion
	DataOfficer   Role = "data-officer"  // forms, enumerators, submissions, edits, exports
	Reviewer      Role = "reviewer"      // reads and reviews submissions
	Analyst       Role = "analyst"       // pseudonymous answers only
	Enumerator    Role = "enumerator"    // collects
	Publisher     Role = "publisher"     // totals and what is published; no answers
	Auditor       Role = "auditor"       // the audit only
	Tour          Role = "tour"          // looks at a demonstration programme, changes nothing
)

// Roles lists the roles in the order of pages, without Tour, which nobody is
// given.
var Roles = []Role{Administrator, Coordinator, DataOfficer, Reviewer, Analyst, Enumerator, Publisher, Auditor}

// Action is one thing that can be done. Its text is "area.verb".
type Action string

// The actions. Routes of the web and of OpenRosa each name one.
const (
	Public                     Action = "public.view"   // pages without sign-in: sign in, set-up, help, assets
	Home                       Action = "home.view"     // any signed-in person: own start page
	OwnAccount                 Action = "account.own"   // own passwords, passkeys, sessions, language
	SystemView                 Action = "system.view"   // health, jobs, keys' states, settings
	SystemSet                  Action = "system.change" // settings, single sign-on
	PeopleView                 Action = "people.view"   // accounts and roles (of the programme, or all)
	PeopleSet                  Action = "people.change" // invite, change roles, suspend
	ProgrammeAdd               Action = "programme.add"
	ProgrammeView              Action = "programme.view"
	ProgrammeSet               Action = "programme.change"
	RoundView                  Action = "round.view" // round, points, routes, periods, targets
	RoundSet                   Action = "round.change"
	FormView                   Action = "form.view"   // forms, versions, differences, preview
	FormSet                    Action = "form.change" // upload, publish, close, files
	FormTest                   Action = "form.test"   // drafts' test submissions
	EnumeratorView             Action = "enumerator.view"
	EnumeratorSet              Action = "enumerator.change"            // add, change, revoke
	EnumeratorCode             Action = "enumerator.code"              // make and show the QR code that lets a phone in
	ProgressView               Action = "progress.view"                // counts by point, enumerator, day, state
	SubmissionList             Action = "submission.list"              // the table of submissions: states, times, points, findings, no answers
	SubmissionRead             Action = "submission.read"              // all answers and attachments of one submission
	SubmissionReadPseudonymous Action = "submission.read-pseudonymous" // answers without what identifies
	SubmissionReview           Action = "submission.review"            // state and comments
	SubmissionEdit             Action = "submission.edit"
	SubmissionAdd              Action = "submission.add" // send one: a phone, or the form page
	ExportFull                 Action = "export.full"
	ExportPseudonymous         Action = "export.pseudonymous"
	RetentionView              Action = "retention.view"
	RetentionPropose           Action = "retention.propose" // set a date, ask for deletion
	RetentionApprove           Action = "retention.approve" // a second person approves
	AuditRead                  Action = "audit.read"
	AuditExport                Action = "audit.export"   // entries and checkpoints to keep outside
	RecordHistory              Action = "record.history" // the history of one submission in its page
)

// Actions lists every action.
var Actions = []Action{Public, Home, OwnAccount, SystemView, SystemSet, PeopleView, PeopleSet,
	ProgrammeAdd, ProgrammeView, ProgrammeSet, RoundView, RoundSet, FormView, FormSet, FormTest,
	EnumeratorView, EnumeratorSet, EnumeratorCode, ProgressView, SubmissionList, SubmissionRead,
	SubmissionReadPseudonymous, SubmissionReview, SubmissionEdit, SubmissionAdd,
	ExportFull, ExportPseudonymous, RetentionView, RetentionPropose, RetentionApprove,
	AuditRead, AuditExport, RecordHistory}

// Membership is a role in a programme; programme zero is the whole system.
type Membership struct {
	Programme ids.ID
	Role      Role
}

// Principal is who asks.
type Principal struct {
	// Account is zero for visitors and for phones.
	Account ids.ID
	// Enumerator is set for a phone with an enumerator's token.
	Enumerator ids.ID
	Members    []Membership
	// Strong says that this session was signed in with a passkey or a second
	// factor, or by a provider that vouches for one.
	Strong bool
	// Fresh says that the person proved who they are in the last ten minutes
	// (step-up). Dangerous changes need it.
	Fresh bool
}

// Resource is what the action is on.
type Resource struct {
	// Programme that the thing belongs to; zero for the system's own.
	Programme ids.ID
	// Demo says that the programme holds synthetic data for the tour.
	Demo bool
	// Enumerator whose submission it is, for submissions.
	Enumerator ids.ID
	// Proposer of a deletion, who may not approve it.
	Proposer ids.ID
}
