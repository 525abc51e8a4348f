package referral

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/trust/audit"
)

// Verb is one thing that is done to a matter.
type Verb string

// The verbs.
const (
	Begin    Verb = "begin"
	HandIn   Verb = "hand-in" // the frontline worker gives the concern to the desk
	Take     Verb = "take"    // somebody answers for it from now on
	AskBack  Verb = "ask"     // a question to the worker
	Reply    Verb = "reply"   // the worker's answer
	Decide   Verb = "decide"  // with a Result
	Freeze   Verb = "freeze"  // the referral was checked; its package is made
	Thaw     Verb = "thaw"    // something is changed before it is handed over
	HandOver Verb = "hand-over"
	Close    Verb = "close" // with a Result
	Reopen   Verb = "reopen"
	Assign   Verb = "assign" // by somebody who need not read it
	Restrict Verb = "restrict"
	Lift     Verb = "lift" // of a restriction
	Propose  Verb = "propose-erasure"
	Refuse   Verb = "refuse-erasure"
)

// Move is one line of the state machine.
type Move struct {
	Kind Kind
	Verb Verb
	From []State
	// To is the state after it; "" keeps the state. Reopen of a case goes back to
	// where it was.
	To State
	// Reason says that the person must write why.
	Reason bool
	// Results are those that may be given; none for a verb that gives none.
	Results []Result
}

var (
	openConcern = []State{Received, Seen, Asked}
	openCase    = []State{Draft, Ready, Sent}
)

// Moves is the state machine: what is not in it cannot be done.
var Moves = []Move{
	{Concern, HandIn, []State{Begun}, Received, false, nil},
	{Concern, Take, openConcern, Seen, false, nil},
	{Concern, AskBack, []State{Seen, Asked}, Asked, false, nil},
	{Concern, Reply, []State{Asked}, Seen, false, nil},
	{Concern, Decide, []State{Seen, Asked}, Decided, true, Results},
	{Concern, Reopen, []State{Decided}, Seen, true, nil},
	{Concern, Assign, openConcern, "", true, nil},
	{Case, Freeze, []State{Draft}, Ready, false, nil},
	{Case, Thaw, []State{Ready}, Draft, true, nil},
	{Case, HandOver, []State{Ready}, Sent, false, nil},
	{Case, Close, openCase, Closed, true, Closings},
	{Case, Reopen, []State{Closed}, "", true, nil},
	{Case, Assign, openCase, "", true, nil},
	{Case, Restrict, openCase, "", true, nil},
	{Case, Lift, openCase, "", true, nil},
	{Case, Propose, []State{Draft, Ready, Sent, Closed}, "", true, nil},
	{Case, Refuse, []State{Draft, Ready, Sent, Closed}, "", true, nil},
	{Concern, Propose, []State{Decided}, "", true, nil},
	{Concern, Refuse, []State{Decided}, "", true, nil},
}

// Can says whether a verb is open to a matter in its state.
func (m *Matter) Can(v Verb) bool {
	mv := m.move(v)
	if mv == nil {
		return false
	}
	if m.Restricted {
		return v == Lift || v == Propose || v == Refuse || v == Assign
	}
	switch v {
	case Lift:
		return false
	case Propose:
		return m.EraseAsked == 0
	case Refuse:
		return m.EraseAsked != 0
	}
	return true
}

func (m *Matter) move(v Verb) *Move {
	for i := range Moves {
		mv := &Moves[i]
		if mv.Kind == m.Kind && mv.Verb == v && slices.Contains(mv.From, m.State) {
			return mv
		}
	}
	return nil
}

// mostReason bounds a reason, in characters.
const mostReason = 4000

// step moves a matter and returns the change with its record: every change of state
// has an actor and, where the move asks for it, a reason.
func (m *Matter) step(w Who, v Verb, result Result, reason string) (*Change, error) {
	reason = strings.TrimSpace(reason)
	if !m.Can(v) {
		return nil, fault.New(fault.Conflict, fault.Place{}, fmt.Sprintf("%q cannot be done now: it is %q", v, m.State), "look at it as it is now")
	}
	mv := m.move(v)
	faults := fault.NewList(4)
	switch {
	case mv.Reason && reason == "":
		faults.Addf(fault.Invalid, fault.Place{Field: "reason"}, "write why, so that others can follow it later", "there is no reason")
	case utf8.RuneCountInString(reason) > mostReason:
		faults.Addf(fault.Invalid, fault.Place{Field: "reason"}, "shorten it, or put it in a note", "the reason is longer than %d characters", mostReason)
	}
	if len(mv.Results) > 0 && !slices.Contains(mv.Results, result) || len(mv.Results) == 0 && result != "" {
		faults.Addf(fault.Invalid, fault.Place{Field: "result"}, "choose one of the list", "there is no such result")
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	c := &Change{Matter: *m, Row: true}
	to := mv.To
	if to == "" {
		to = m.State
	}
	c.Matter.State, c.Matter.Changed = to, w.At
	if len(mv.Results) > 0 {
		c.Matter.Result = result
	}
	p := &Part{Matter: m.ID, Kind: PartStep, Agency: w.Agency, By: w.By.ID, Purpose: Coordination}
	if err := p.Encode(Step{Verb: v, From: m.State, To: to, Result: result, Reason: reason, At: w.At}); err != nil {
		return nil, err
	}
	if reason != "" {
		// A reason may tell of the person: it stays with those who work on the file.
		p.Purpose = ""
	}
	c.Put = append(c.Put, p)
	c.note(w, string(m.Kind)+"."+string(v), map[string]string{"from": string(m.State), "to": string(to), "result": string(result)})
	return c, nil
}

// note adds an entry for the audit. Values that are "" are left out.
func (c *Change) note(w Who, action string, detail map[string]string) {
	for k, v := range detail {
		if v == "" {
			delete(detail, k)
		}
	}
	c.Entries = append(c.Entries, audit.Entry{At: w.At, Actor: w.By, Action: action, Detail: detail})
}

// part is a new part of a matter by somebody.
func (w Who) part(matter ids.ID, kind PartKind, purpose Purpose, content any) (*Part, error) {
	p := &Part{Matter: matter, Kind: kind, Agency: w.Agency, Purpose: purpose, By: w.By.ID, Made: w.At, Changed: w.At}
	return p, p.Encode(content)
}

// Gone is the fault of a matter that was erased.
func Gone(at time.Time) error {
	return fault.New(fault.NotFound, fault.Place{}, "it was erased on "+at.UTC().Format("2 January 2006"), "")
}
