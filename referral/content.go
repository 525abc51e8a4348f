package referral

import (
	"time"

	"waymark/internal/ids"
)

// Answers are what was answered to a form of the rules.
type Answers struct {
	Form string `json:"form"` // "concern" or "referral"
	// Values by question; only of questions that may be asked (rule.Form.Prune).
	Values map[string][]string `json:"values"`
	// Done are the questions that were seen and saved, also where left blank.
	Done []string `json:"done,omitempty"`
}

// Ask is a question of the single point of contact to the frontline worker.
type Ask struct {
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
	Reply   string    `json:"reply,omitempty"`
	Replied time.Time `json:"replied,omitzero"`
}

// Step records a change of state, or a decision: who, when, why.
type Step struct {
	Verb   Verb      `json:"verb"`
	From   State     `json:"from"`
	To     State     `json:"to"`
	Result Result    `json:"result,omitempty"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

// Consent is a record of what was asked of the person, and how.
type Consent struct {
	Scope string `json:"scope"` // "referral", "support", "share"
	Given string `json:"given"` // "yes", "no", "withdrawn"
	Date  string `json:"date"`  // 2006-01-02
	// Language in which it was explained (BCP 47), and who interpreted:
	// "none", "professional", "staff". Never a companion.
	Language    string `json:"language"`
	Interpreter string `json:"interpreter"`
	// How it was explained: codes of ConsentWays.
	How  []string `json:"how"`
	Text string   `json:"text,omitempty"` // in the worker's own words
	// Capacity says that the person understood what was asked, as far as the
	// worker can tell.
	Capacity bool `json:"capacity"`
}

// ConsentWays are the ways of explaining, in the order of pages.
var ConsentWays = []string{"spoken", "written", "easy-read", "pictures", "sign-language", "what-happens", "who-sees", "may-withdraw"}

// Package is what was made to be sent, frozen: no later answer changes it.
type Package struct {
	Outcome string    `json:"outcome"`
	Rules   string    `json:"rules"`
	Made    time.Time `json:"made"`
	// Values are exactly what is sent, by question (rule.Pathway.Carry).
	Values map[string][]string `json:"values"`
	// Key makes a second delivery of the same package recognisable.
	Key    string `json:"key"`
	Digest string `json:"digest"` // SHA-256 of the machine-readable form, in hex
}

// Handover says that the authority has the package, and how.
type Handover struct {
	Package ids.ID    `json:"package"`
	At      time.Time `json:"at"`
	How     string    `json:"how"` // "service", "upload", "e-mail", "post", "in-person"
	Receipt string    `json:"receipt,omitempty"`
}

// Person is somebody in a case.
type Person struct {
	Role      string `json:"role"` // codes of Roles
	Name      string `json:"name"`
	Born      string `json:"born,omitempty"` // 2006-01-02, or a year
	Contact   string `json:"contact,omitempty"`
	SafeHours string `json:"safe,omitempty"` // when and how it is safe to make contact
	Text      string `json:"text,omitempty"`
}

// Roles of people in a case, in the order of pages.
var Roles = []string{"person", "child", "relative", "companion", "professional", "interpreter", "witness", "alleged-exploiter", "other"}

// Risk is one assessment of one risk.
type Risk struct {
	Area       string `json:"area"`  // codes of RiskAreas
	Level      string `json:"level"` // "low", "medium", "high", "immediate"
	Date       string `json:"date"`
	What       string `json:"what"`
	Mitigation string `json:"mitigation,omitempty"`
	Review     string `json:"review,omitempty"` // date
}

// Risk areas and levels, in the order of pages.
var (
	RiskAreas  = []string{"exploiters", "re-trafficking", "self-harm", "health", "debt", "immigration", "homelessness", "family", "going-missing", "other"}
	RiskLevels = []string{"low", "medium", "high", "immediate"}
)

// Plan is the safety plan, made with the person.
type Plan struct {
	Date     string `json:"date"`
	Signs    string `json:"signs,omitempty"`    // of danger
	Do       string `json:"do,omitempty"`       // what the person does then
	Contacts string `json:"contacts,omitempty"` // whom to call
	Word     string `json:"word,omitempty"`     // safe word
	Leave    string `json:"leave,omitempty"`    // where to go
	Review   string `json:"review,omitempty"`
}

// Need is something that the person needs.
type Need struct {
	Type    string `json:"type"`    // codes of NeedTypes
	Urgency string `json:"urgency"` // "now", "week", "later"
	State   string `json:"state"`   // "open", "met", "declined", "unmet"
	Text    string `json:"text,omitempty"`
}

// NeedTypes with the purpose that each is shared for.
var NeedTypes = []struct {
	Type    string
	Purpose Purpose
}{
	{"accommodation", Accommodation}, {"subsistence", Accommodation},
	{"health", Health}, {"mental-health", Health},
	{"legal-counselling", Legal}, {"immigration-advice", Legal},
	{"interpreter", Language}, {"translation", Language},
	{"family-tracing", Family}, {"safe-return", Return},
	{"protection", Safety}, {"education", Coordination}, {"work", Coordination}, {"other", ""},
}

// Service is help that was offered for a need.
type Service struct {
	Need     ids.ID `json:"need,omitempty"`
	Provider string `json:"provider"`
	// Course is what became of it, in order: "offered", then "accepted" or
	// "refused"; "delivered", "ended".
	Course []Mark `json:"course"`
	Text   string `json:"text,omitempty"`
}

// Mark is a state that something came to on a date.
type Mark struct {
	State string `json:"state"`
	Date  string `json:"date"`
	Why   string `json:"why,omitempty"`
}

// PartnerReferral asks another agency of the network to take something on.
type PartnerReferral struct {
	Agency  ids.ID    `json:"agency"`
	Purpose Purpose   `json:"purpose"`
	Text    string    `json:"text"`
	Sent    time.Time `json:"sent"`
	// Course: "sent", then "accepted" or "declined"; "completed". One that was not
	// answered in time is overdue by the date of its part.
	Course []Mark `json:"course"`
	Grant  ids.ID `json:"grant,omitempty"`
}

// Document is a file of the case. Ref names its sealed content in the store.
type Document struct {
	Title string `json:"title"`
	Name  string `json:"name"`
	Type  string `json:"type"` // media type, as found in the content
	Size  int64  `json:"size"`
	Ref   string `json:"ref"`
	// SHA256 of the content in hex, so that whoever gets it can see that it is the
	// same; "" where nobody sends it on.
	SHA256 string `json:"sha256,omitempty"`
}

// Note is a note; whether it is private stands on its part.
type Note struct {
	Text string `json:"text"`
}

// Event is something that the clocks know by a name of the rules, on a day.
type Event struct {
	Name string `json:"name"` // "reasonable-grounds-positive"
	Date string `json:"date"` // civil date in the nation's zone
	Text string `json:"text,omitempty"`
}

// Task is something to do. Its date and its account stand on the part.
type Task struct {
	Text string `json:"text"`
	Kind string `json:"kind"` // codes of TaskKinds: all that a reminder tells
}

// TaskKinds in the order of pages.
var TaskKinds = []string{"contact", "visit", "document", "decision", "review", "refer", "meeting", "other"}

// taskGlass is the kind of the task that tells of a broken glass.
const taskGlass = "glass"

// Conference is a meeting of agencies about a case.
type Conference struct {
	Date      string             `json:"date"`
	Time      string             `json:"time,omitempty"` // 15:04
	Place     string             `json:"place,omitempty"`
	Agenda    []string           `json:"agenda,omitempty"`
	Present   []Attendance       `json:"present,omitempty"`
	Decisions []string           `json:"decisions,omitempty"`
	Actions   []ConferenceAction `json:"actions,omitempty"`
	Held      bool               `json:"held"`
}

// Attendance of a conference.
type Attendance struct {
	Agency ids.ID `json:"agency,omitempty"`
	Name   string `json:"name"`
	Came   bool   `json:"came"`
}

// ConferenceAction is what somebody undertook.
type ConferenceAction struct {
	What string `json:"what"`
	Who  string `json:"who"`
	Due  string `json:"due,omitempty"`
	Task ids.ID `json:"task,omitempty"` // the part that reminds of it
}

// Right is a request of the person about what is held.
type Right struct {
	Kind     string `json:"kind"` // codes of RightKinds
	Asked    string `json:"asked"`
	Language string `json:"language"` // of the answer
	Text     string `json:"text,omitempty"`
	Answer   string `json:"answer,omitempty"`
	Answered string `json:"answered,omitempty"` // date
	Granted  bool   `json:"granted,omitempty"`
}

// RightKinds in the order of pages.
var RightKinds = []string{"access", "correction", "restriction", "lift-restriction", "withdrawal", "erasure"}
