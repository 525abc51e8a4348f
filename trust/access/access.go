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
	Administrator Role = "administrator"           // runs the system; cannot read answers
	Coordinator   Role = "coordinator"             // decides: rounds, people of the programme, deletion
	DataOfficer   Role = "data-officer"            // forms, enumerators, submissions, edits, exports
	Reviewer      Role = "reviewer"                // reads and reviews submissions
	Analyst       Role = "analyst"                 // pseudonymous answers only
	Enumerator    Role = "enumerator"              // collects
	Publisher     Role = "publisher"               // totals and what is published; no answers
	Contact       Role = "single-point-of-contact" // of an agency: takes concerns in and decides about them
	Responder     Role = "first-responder"         // writes referrals
	Caseworker    Role = "caseworker"              // keeps the cases that they are assigned
	Partner       Role = "partner"                 // of an agency that parts of cases are shared with
	Auditor       Role = "auditor"                 // the audit only
	Tour          Role = "tour"                    // looks at a demonstration programme, changes nothing
)

// Roles lists the roles in the order of pages, without Tour, which nobody is
// given.
var Roles = []Role{Administrator, Coordinator, DataOfficer, Reviewer, Analyst, Enumerator, Publisher,
	Contact, Responder, Caseworker, Partner, Auditor}

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

// The actions of referral. The programme is the network. Those of a list
// (concern.list, case.list) show states, times and agencies, and no content.
const (
	NetworkView    Action = "network.view"   // agencies, pathway, hours
	NetworkSet     Action = "network.change" // the same, and organisations' links
	ConcernSend    Action = "concern.send"   // a frontline worker hands one in
	ConcernList    Action = "concern.list"
	ConcernRead    Action = "concern.read"
	ConcernDecide  Action = "concern.decide"  // decide with reasons, ask the worker back
	ReferralWrite  Action = "referral.write"  // start and fill in a draft
	ReferralSubmit Action = "referral.submit" // hand it over, fetch its package
	CaseList       Action = "case.list"
	CaseRead       Action = "case.read"
	CaseWrite      Action = "case.write"
	CaseShare      Action = "case.share"       // give another agency or person a part, or take it back
	CaseAssign     Action = "case.assign"      // say who keeps the case; opens nothing
	CaseBreakGlass Action = "case.break-glass" // read in an emergency, with a reason, for two hours
	CaseRights     Action = "case.rights"      // copy, correction, restriction, withdrawal of consent
	CaseHistory    Action = "case.history"     // who read and changed it
	GlassReview    Action = "glass.review"     // look at what was broken open
	ErasePropose   Action = "erase.propose"
	EraseApprove   Action = "erase.approve" // a second person destroys the case's key
)

// Actions lists every action.
var Actions = []Action{Public, Home, OwnAccount, SystemView, SystemSet, PeopleView, PeopleSet,
	ProgrammeAdd, ProgrammeView, ProgrammeSet, RoundView, RoundSet, FormView, FormSet, FormTest,
	EnumeratorView, EnumeratorSet, EnumeratorCode, ProgressView, SubmissionList, SubmissionRead,
	SubmissionReadPseudonymous, SubmissionReview, SubmissionEdit, SubmissionAdd,
	ExportFull, ExportPseudonymous, RetentionView, RetentionPropose, RetentionApprove,
	AuditRead, AuditExport, RecordHistory,
	NetworkView, NetworkSet, ConcernSend, ConcernList, ConcernRead, ConcernDecide,
	ReferralWrite, ReferralSubmit, CaseList, CaseRead, CaseWrite, CaseShare, CaseAssign,
	CaseBreakGlass, CaseRights, CaseHistory, GlassReview, ErasePropose, EraseApprove}

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
	// Proposer of a deletion or of an erasure, who may not approve it; for the
	// review of a break-glass, who broke it. Zero is not known: then nobody
	// approves.
	Proposer ids.ID

	// The rest are facts about a matter (a concern or a case) and the person who
	// asks. For a matter that is about to be made, they are what they will be. What
	// is not known is false, which opens nothing.

	// Assigned says that the person is the matter's owner or in its team.
	Assigned bool
	// Agency says that the person's agency holds the matter.
	Agency bool
	// Shared says that a grant to the person or their agency is in force now.
	Shared bool
	// Glass says that their break-glass is in force now.
	Glass bool
	// Restricted says that the survivor restricted what is done with it.
	Restricted bool
	// Link says that the request came with an organisation's link that is valid now.
	Link bool
}
