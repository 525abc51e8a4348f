package referral

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/internal/fault"
)

// checks collects what is wrong with content, by field.
type checks struct{ *fault.List }

func newChecks() checks { return checks{fault.NewList(100)} }

func (c checks) wrong(field, message, remedy string) {
	c.Addf(fault.Invalid, fault.Place{Field: field}, remedy, "%s", message)
}

// text trims a text and checks its length.
func (c checks) text(field string, v *string, required bool) {
	*v = strings.TrimSpace(*v)
	switch n := utf8.RuneCountInString(*v); {
	case n == 0 && required:
		c.wrong(field, "this needs an answer", "write it")
	case n > mostText:
		c.wrong(field, "this is longer than "+strconv.Itoa(mostText)+" characters", "shorten it")
	}
}

// code checks that a value is of a list.
func (c checks) code(field, v string, of []string, required bool) {
	if v == "" && !required {
		return
	}
	if !slices.Contains(of, v) {
		c.wrong(field, "choose one of the list", "")
	}
}

// day checks a civil date, 2006-01-02.
func (c checks) day(field, v string, required bool) {
	if v == "" {
		if required {
			c.wrong(field, "this needs a date", "write day, month and year")
		}
		return
	}
	if _, err := time.Parse(time.DateOnly, v); err != nil {
		c.wrong(field, "this is no day of the calendar", "write day, month and year")
	}
}

func (c checks) list(field string, v []string, most int) []string {
	var kept []string
	for i := range v {
		s := v[i]
		c.text(field, &s, false)
		if s != "" {
			kept = append(kept, s)
		}
	}
	if len(kept) > most {
		c.wrong(field, "these are more than "+strconv.Itoa(most), "leave some out")
	}
	return kept
}

// Content is what a part may hold that somebody writes by hand: a pointer to one of the
// types of this package that PartKind names.
type Content interface{ check() *fault.List }

func (r *Consent) check() *fault.List {
	c := newChecks()
	c.code("scope", r.Scope, []string{"referral", "support", "share"}, true)
	c.code("given", r.Given, []string{"yes", "no", "withdrawn"}, true)
	c.day("date", r.Date, true)
	c.text("language", &r.Language, true)
	c.code("interpreter", r.Interpreter, Interpreters, true)
	if len(r.How) == 0 {
		c.wrong("how", "say how it was explained", "choose all that apply")
	}
	for _, h := range r.How {
		c.code("how", h, ConsentWays, true)
	}
	c.text("text", &r.Text, false)
	if r.Given == "yes" && !r.Capacity {
		c.wrong("capacity", "consent counts only from somebody who understood what was asked", "explain it again, or record that there is no consent")
	}
	return c.List
}

// Interpreters are who may have interpreted. A companion is not among them.
var Interpreters = []string{"none", "professional", "staff"}

func (p *Person) check() *fault.List {
	c := newChecks()
	c.code("role", p.Role, Roles, true)
	c.text("name", &p.Name, true)
	p.Born = strings.TrimSpace(p.Born)
	if len(p.Born) == 4 {
		if _, err := strconv.Atoi(p.Born); err != nil {
			c.wrong("born", "this is no day and no year", "write day, month and year, or the year alone")
		}
	} else {
		c.day("born", p.Born, false)
	}
	c.text("contact", &p.Contact, false)
	c.text("safe", &p.SafeHours, false)
	c.text("text", &p.Text, false)
	return c.List
}

func (r *Risk) check() *fault.List {
	c := newChecks()
	c.code("area", r.Area, RiskAreas, true)
	c.code("level", r.Level, RiskLevels, true)
	c.day("date", r.Date, true)
	c.text("what", &r.What, true)
	c.text("mitigation", &r.Mitigation, false)
	c.day("review", r.Review, false)
	return c.List
}

func (p *Plan) check() *fault.List {
	c := newChecks()
	c.day("date", p.Date, true)
	for _, f := range []struct {
		field string
		v     *string
	}{{"signs", &p.Signs}, {"do", &p.Do}, {"contacts", &p.Contacts}, {"word", &p.Word}, {"leave", &p.Leave}} {
		c.text(f.field, f.v, false)
	}
	c.day("review", p.Review, false)
	return c.List
}

// Urgencies and the states of a need, in the order of pages.
var (
	Urgencies  = []string{"now", "week", "later"}
	NeedStates = []string{"open", "met", "unmet", "declined"}
)

func (n *Need) check() *fault.List {
	c := newChecks()
	types := make([]string, len(NeedTypes))
	for i, t := range NeedTypes {
		types[i] = t.Type
	}
	c.code("type", n.Type, types, true)
	c.code("urgency", n.Urgency, Urgencies, true)
	c.code("state", n.State, NeedStates, true)
	c.text("text", &n.Text, false)
	return c.List
}

// ServiceNext says which states may follow one: help is offered, then accepted or
// refused, and what was accepted is delivered.
var ServiceNext = map[string][]string{
	"":          {"offered"},
	"offered":   {"accepted", "refused"},
	"accepted":  {"delivered", "ended"},
	"delivered": {"ended"},
	"refused":   {"offered"},
	"ended":     {},
}

// PartnerNext is the same for a referral to a partner.
var PartnerNext = map[string][]string{
	"":         {"sent"},
	"sent":     {"accepted", "declined"},
	"accepted": {"completed"},
}

// State is where a course stands.
func (s *Service) State() string { return last(s.Course) }

// State is where a course stands.
func (r *PartnerReferral) State() string { return last(r.Course) }

func last(course []Mark) string {
	if len(course) == 0 {
		return ""
	}
	return course[len(course)-1].State
}

func (c checks) course(marks []Mark, next map[string][]string) {
	state := ""
	for i := range marks {
		if !slices.Contains(next[state], marks[i].State) {
			c.wrong("state", "this cannot follow what was before", "choose one of those offered")
			return
		}
		c.day("date", marks[i].Date, true)
		c.text("why", &marks[i].Why, false)
		state = marks[i].State
	}
}

func (s *Service) check() *fault.List {
	c := newChecks()
	c.text("provider", &s.Provider, true)
	c.text("text", &s.Text, false)
	if len(s.Course) == 0 {
		c.wrong("state", "say what became of it", "")
	}
	c.course(s.Course, ServiceNext)
	return c.List
}

func (n *Note) check() *fault.List {
	c := newChecks()
	c.text("text", &n.Text, true)
	return c.List
}

func (e *Event) check() *fault.List {
	c := newChecks()
	c.text("name", &e.Name, true)
	c.day("date", e.Date, true)
	c.text("text", &e.Text, false)
	return c.List
}

func (t *Task) check() *fault.List {
	c := newChecks()
	c.text("text", &t.Text, true)
	c.code("kind", t.Kind, TaskKinds, true)
	return c.List
}

func (d *Document) check() *fault.List {
	c := newChecks()
	c.text("title", &d.Title, true)
	if d.Ref == "" || d.Size <= 0 {
		c.wrong("file", "there is no file", "choose one")
	}
	return c.List
}

func (m *Conference) check() *fault.List {
	c := newChecks()
	c.day("date", m.Date, true)
	if m.Time != "" {
		if _, err := time.Parse("15:04", m.Time); err != nil {
			c.wrong("time", "this is no time of day", "write it as 14:30")
		}
	}
	c.text("place", &m.Place, false)
	m.Agenda = c.list("agenda", m.Agenda, 50)
	m.Decisions = c.list("decisions", m.Decisions, 50)
	for i := range m.Present {
		c.text("present", &m.Present[i].Name, true)
	}
	for i := range m.Actions {
		c.text("what", &m.Actions[i].What, true)
		c.text("who", &m.Actions[i].Who, true)
		c.day("due", m.Actions[i].Due, false)
	}
	if len(m.Present) > 100 || len(m.Actions) > 100 {
		c.wrong("present", "these are more than 100", "leave some out")
	}
	return c.List
}

func (r *Right) check() *fault.List {
	c := newChecks()
	c.code("kind", r.Kind, RightKinds, true)
	c.day("asked", r.Asked, true)
	c.text("language", &r.Language, true)
	c.text("text", &r.Text, false)
	c.text("answer", &r.Answer, r.Answered != "")
	c.day("answered", r.Answered, false)
	return c.List
}
