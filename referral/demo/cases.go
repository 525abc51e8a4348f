package demo

import (
	"time"

	"waymark/referral"
	"waymark/referral/rule"
)

const dayLong = 24 * time.Hour

func (f *filling) day(ago time.Duration) string {
	return f.Rules.Today(f.n.Nation, f.Now.Add(-ago)).String()
}

// begin makes a case from a concern of the council's, or from nothing.
func (f *filling) begin(from *referral.File, ago time.Duration) *referral.File {
	if f.err != nil {
		return &referral.File{}
	}
	c, err := referral.NewCase(referral.Starter{Network: f.n, Agency: f.council, Rules: f.Rules, From: from, Keep: f.Now.Add(28 * dayLong)}, f.who(f.council, ago))
	return f.do(c, err)
}

// fill answers every question that must be answered, and those that are given.
func (f *filling) fill(file *referral.File, ago time.Duration, given rule.Answers) *referral.File {
	for range 6 { // answers lead to more questions
		if f.err != nil {
			return file
		}
		_, a, err := file.Answered()
		f.try(err)
		if f.err != nil {
			return file
		}
		next := rule.Answers{}
		for _, q := range f.Rules.Referral.Asked(a.Values) {
			switch {
			case len(a.Values[q.ID]) > 0 && given[q.ID] == nil || q.Kind == rule.Note || q.Kind == rule.Files:
			case given[q.ID] != nil:
				next[q.ID] = given[q.ID]
			case q.Required:
				next[q.ID] = plain(q, f.day(ago))
			}
		}
		c, _, err := file.SaveReferral(f.Rules, f.n.Nation, next, f.who(f.council, ago))
		file = f.do(c, err)
	}
	return file
}

// plain is an unremarkable answer.
func plain(q *rule.Question, day string) []string {
	switch q.Kind {
	case rule.Choice, rule.Choices:
		return []string{q.Options[0].Value}
	case rule.DateKind:
		return []string{day}
	case rule.Month:
		return []string{day[:7]}
	case rule.Number:
		return []string{"1"}
	case rule.Country, rule.Countries:
		return []string{"AL"}
	case rule.Language:
		return []string{"sq"}
	case rule.Phone:
		return []string{"+44 7700 900456"}
	case rule.Email:
		return []string{"synthetic@example.org"}
	}
	return []string{"Synthetic"}
}

func (f *filling) consent(file *referral.File, given string, ago time.Duration) *referral.File {
	if f.err != nil {
		return file
	}
	return f.do(file.Add(referral.PartConsent, &referral.Consent{Scope: "referral", Given: given, Date: f.day(ago), Language: "sq",
		Interpreter: "professional", How: []string{"spoken", "what-happens", "who-sees", "may-withdraw"}, Capacity: true}, referral.About{}, f.who(f.council, ago)))
}

func (f *filling) add(file *referral.File, kind referral.PartKind, body referral.Content, about referral.About, ago time.Duration) *referral.File {
	if f.err != nil {
		return file
	}
	if about.Purpose == "" {
		about.Purpose = referral.PurposeOf(kind, body)
	}
	return f.do(file.Add(kind, body, about, f.who(f.council, ago)))
}

func (f *filling) cases() {
	f.running()
	f.unnamed()
	draft := f.begin(nil, 2*time.Hour)
	f.fill(draft, 2*time.Hour, rule.Answers{"under18": {"unsure"}, "name": {"Person C (synthetic)"}})
	child := f.begin(nil, 3*dayLong)
	child = f.fill(child, 3*dayLong, rule.Answers{"under18": {"yes"}, "name": {"Person D (synthetic)"}, "birth-date": {f.day(17 * 365 * dayLong)}})
	f.send(child, 3*dayLong)
}

// send checks a referral and hands it over by hand.
func (f *filling) send(file *referral.File, ago time.Duration) *referral.File {
	if f.err != nil {
		return file
	}
	file = f.do(file.Freeze(f.Rules, f.Rules.Today(f.n.Nation, f.Now), "synthetic-"+file.ID.String(), f.who(f.council, ago)))
	if f.err != nil {
		return file
	}
	return f.do(file.HandOver(f.Rules, f.n, "upload", "SYNTHETIC", f.who(f.council, ago)))
}

// running is a case with something of everything.
func (f *filling) running() {
	c := f.begin(nil, 40*dayLong)
	c = f.fill(c, 40*dayLong, rule.Answers{"under18": {"no"}, "consent": {"yes"}, "cooperate": {"unsure"}, "name": {"Person A (synthetic)"},
		"birth-date": {"1994"}, "indicators": {"wages", "living"}, "types": {"forced-work"}, "support-wanted": {"yes"}})
	c = f.consent(c, "yes", 40*dayLong)
	c = f.send(c, 39*dayLong)
	if f.err != nil {
		return
	}
	c = f.do(c.Happened(f.Rules, f.n, &referral.Event{Name: "reasonable-positive", Date: f.day(33 * dayLong)}, f.who(f.council, 33*dayLong)))
	c = f.add(c, referral.PartPerson, &referral.Person{Role: "person", Name: "Person A (synthetic)", Contact: "Through the safe house", SafeHours: "Afternoons, never by letter"}, referral.About{}, 38*dayLong)
	c = f.add(c, referral.PartNeed, &referral.Need{Type: "accommodation", Urgency: "now", State: "met"}, referral.About{}, 38*dayLong)
	c = f.add(c, referral.PartNeed, &referral.Need{Type: "health", Urgency: "week", State: "open", Text: "Synthetic example: a hand that has not healed"}, referral.About{}, 30*dayLong)
	c = f.add(c, referral.PartNeed, &referral.Need{Type: "legal-counselling", Urgency: "week", State: "open"}, referral.About{}, 30*dayLong)
	c = f.add(c, referral.PartService, &referral.Service{Provider: "Example safe house (synthetic)", Course: []referral.Mark{
		{State: "offered", Date: f.day(38 * dayLong)}, {State: "accepted", Date: f.day(38 * dayLong)}, {State: "delivered", Date: f.day(37 * dayLong)}}}, referral.About{Purpose: referral.Accommodation}, 37*dayLong)
	c = f.add(c, referral.PartRisk, &referral.Risk{Area: "debt", Level: "high", Date: f.day(30 * dayLong), What: "Synthetic example: lenders at home call the family",
		Mitigation: "A new number; the police are told", Review: f.day(-5 * dayLong)}, referral.About{Due: f.Now.Add(5 * dayLong)}, 30*dayLong)
	c = f.add(c, referral.PartPlan, &referral.Plan{Date: f.day(30 * dayLong), Signs: "A car that waits", Do: "Go to the office and say the word", Word: "bluebird", Contacts: "The night number of the safe house"}, referral.About{}, 30*dayLong)
	c = f.add(c, referral.PartTask, &referral.Task{Kind: "contact", Text: "Synthetic example: ask the clinic for an earlier appointment"}, referral.About{Due: f.Now.Add(-dayLong)}, 4*dayLong)
	if f.err != nil {
		return
	}
	by, err := f.n.AcceptBy(f.Rules, f.Now)
	f.try(err)
	c = f.do(c.SendPartner(f.charity.ID, referral.Legal, "Synthetic example: please advise on the claim for unpaid wages.", by, f.Now.Add(60*dayLong), f.who(f.council, dayLong)))
	if f.err != nil {
		return
	}
	f.do(c.Hold(&referral.Conference{Date: f.day(10 * dayLong), Time: "10:00", Place: "Example council", Agenda: []string{"Health", "Money", "What next"},
		Present:   []referral.Attendance{{Name: "Council (synthetic)", Came: true}, {Name: "Charity (synthetic)", Came: true}, {Name: "Police (synthetic)"}},
		Decisions: []string{"The charity looks for a lawyer"}, Actions: []referral.ConferenceAction{{What: "Find a lawyer", Who: "Charity (synthetic)", Due: f.day(-3 * dayLong)}}}, referral.About{Purpose: referral.Coordination}, f.who(f.council, 10*dayLong)))
}

// unnamed is a notification of an adult who did not consent.
func (f *filling) unnamed() {
	c := f.begin(nil, 6*dayLong)
	c = f.fill(c, 6*dayLong, rule.Answers{"under18": {"no"}, "consent": {"no"}, "cooperate": {"no"}, "types": {"domestic"}, "notify-reason": {"fear-authorities"}})
	c = f.consent(c, "no", 6*dayLong)
	f.send(c, 6*dayLong)
}
