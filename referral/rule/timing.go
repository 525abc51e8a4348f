package rule

import "waymark/internal/fault"

// Clock is a rule of time. Events are named by the pathway's clocks and set
// by the case: the day on which each happened.
type Clock struct {
	Rule `rule:",inline"`
	// Clock groups the versions of one rule over time; the version in force on
	// the day of the first event counts. Default: the id.
	Clock string `rule:"clock"`
	Title Text   `rule:"title,required"`
	Text  Text   `rule:"text,required"`
	// Sort is deadline (missed is a fault), target (an aim), or minimum (not
	// before).
	Sort ClockSort `rule:"sort,required"`
	// Trigger is the event that starts it. The first one that happened.
	Trigger []string `rule:"trigger,required"`
	Unit    Unit     `rule:"unit,required"`
	Count   int      `rule:"count"`
	// Setting names the local policy's number that replaces Count.
	Setting string `rule:"setting"`
	// DayOne says whether the trigger's day is day 1 (inclusive) or day 0
	// (exclusive, the default).
	DayOne DayOne `rule:"dayOne"`
	// LaterOf are events: the clock runs until the later of its count and each
	// of these. While one has not happened, the end is open and the count is
	// the least.
	LaterOf []string `rule:"laterOf"`
	// Met are events that meet the clock, End are events that end it without.
	Met []string `rule:"met"`
	End []string `rule:"end"`
	// Pause lets the days of a pause count for nothing.
	Pause bool `rule:"pause"`
	// Open says that there is no number in law: the clock shows days gone only.
	Open bool `rule:"open"`
}

// ClockSort says what it means when a clock runs out.
type ClockSort string

// The sorts of clock.
const (
	Deadline ClockSort = "deadline"
	Target   ClockSort = "target"
	Minimum  ClockSort = "minimum"
)

// Unit is what a clock counts.
type Unit string

// The units of a clock. Service minutes run in opening hours on working days.
const (
	WorkingDays    Unit = "working-days"
	CalendarDays   Unit = "calendar-days"
	Years          Unit = "years"
	ServiceMinutes Unit = "service-minutes"
)

// DayOne says where counting begins.
type DayOne string

// The two ways of counting.
const (
	Exclusive DayOne = "exclusive"
	Inclusive DayOne = "inclusive"
)

// Event is something that happens to a case and that clocks look at.
type Event struct {
	ID    string `rule:"id,required"`
	Title Text   `rule:"title,required"`
	// On says what sets it: an act of the program, or by default a person who
	// writes down that it happened.
	On On `rule:"on"`
	// Outcomes of which a hand-over sets it. Required with OnHandover.
	Outcomes []string `rule:"outcomes"`
	// Question of the referral whose answer, a whole date, sets it. Required with
	// OnAnswer.
	Question string      `rule:"question"`
	At       fault.Place `json:"-"`
}

// On is an act that sets an event.
type On string

// The acts that set events.
const (
	OnHandover   On = "handover"   // a package is with the authority
	OnAnswer     On = "answer"     // a question of the referral
	OnWithdrawal On = "withdrawal" // the person took consent back
	OnClose      On = "close"      // the case was closed
	OnDesk       On = "desk"       // an act of a concern or a partner, which has a row of its own
)

// ByHand says whether people write the event down.
func (e *Event) ByHand() bool { return e.On == "" }

// Event returns an event by id, or nil.
func (p *Pathway) Event(id string) *Event {
	for _, e := range p.Events {
		if e.ID == id {
			return e
		}
	}
	return nil
}

// events checks what sets events.
func (b *builder) events() {
	for _, e := range b.p.Events {
		at := e.At
		switch e.On {
		case "", OnWithdrawal, OnClose, OnDesk:
			if len(e.Outcomes) > 0 || e.Question != "" {
				b.faultf(at, "leave outcomes and question out, or say on", "nothing of the event %s looks at an outcome or a question", clip(e.ID))
			}
		case OnHandover:
			if len(e.Outcomes) == 0 {
				b.faultf(at, "list outcomes", "the event %s does not say of which outcome", clip(e.ID))
			}
			for _, o := range e.Outcomes {
				if b.p.OutcomeByID(o) == nil {
					b.faultf(at, "", "the event %s names an outcome %s, which there is not", clip(e.ID), clip(o))
				}
			}
		case OnAnswer:
			if q := b.p.Referral.Question(e.Question); q == nil || q.Kind != DateKind {
				b.faultf(at, "name a question that asks for a date", "the event %s names no such question", clip(e.ID))
			}
		default:
			b.faultf(at, "one of handover, answer, withdrawal, close, desk", "the event %s is set by nothing known", clip(e.ID))
		}
	}
}

// Retention says how long something is kept.
type Retention struct {
	Rule  `rule:",inline"`
	Title Text   `rule:"title,required"`
	About Text   `rule:"about"`
	Kind  string `rule:"kind,required"` // what is kept: concern-closed, case-closed ...
	// One of these is set.
	Hours  int `rule:"hours"`
	Days   int `rule:"days"`
	Months int `rule:"months"`
	Years  int `rule:"years"`
	// FromAge counts from the day on which the person reaches the age, if that
	// is later and the date of birth is known. Default: 0, not at all.
	FromAge int `rule:"fromAge"`
	// Warn is how many days before the end a person is warned. Default: 0.
	Warn int `rule:"warn"`
}

// Holidays are the bank holidays of one nation. A day outside From to Until,
// both inclusive, is not known.
type Holidays struct {
	Rule  `rule:",inline"`
	Years []*HolidayYear `rule:"years,required"`
}

// HolidayYear is the bank holidays of one year. A year that has entries is
// complete.
type HolidayYear struct {
	Year     int    `rule:"year,required"`
	Verified Date   `rule:"verified"`
	Days     []Date `rule:"days,required"`
}
