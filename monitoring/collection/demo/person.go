package demo

import (
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/stats/table"
)

// person is one row of the example round as the form's answers.
type person struct {
	answer     map[string]string // by question; blank ones are not in it
	start, end time.Time
	sent       time.Time
	dice       *rand.Rand
	planted    string
}

// reasonCodes are the choices that stand for a missing answer.
var reasonCodes = map[table.Missing]string{table.Refused: "refused", table.DontKnow: "dk"}

func newPerson(columns []table.Column, row int) *person {
	p := &person{answer: make(map[string]string, len(columns))}
	for _, c := range columns {
		if t, ok := c.(*table.TimeColumn); ok && c.Missing(row) == table.Present {
			switch c.Name() {
			case "start":
				p.start = t.At(row)
			case "end":
				p.end = t.At(row)
			default:
				p.sent = t.At(row)
			}
			continue
		}
		value := reasonCodes[c.Missing(row)]
		if c.Missing(row) == table.Present {
			value = c.Text(row)
			if _, set := c.(*table.SetColumn); set && value == "" {
				value = "none" // asked, and there is none
			}
		}
		if value != "" {
			p.answer[c.Name()] = value
		}
	}
	return p
}

// shuffle prepares what the example round does not have: it is drawn from the
// other answers, so that it does not change with what else is taken, and the
// round's own near-duplicates, which differ in the age, stay what they are.
func (p *person) shuffle() {
	h := fnv.New64a()
	for _, name := range slices.Sorted(maps.Keys(p.answer)) {
		if name != "age" && name != "_uuid" && name != "deviceid" {
			h.Write([]byte(name + "=" + p.answer[name] + ";"))
		}
	}
	p.dice = rand.New(rand.NewPCG(h.Sum64(), 2016))
}

// pick draws one of the codes.
func (p *person) pick(codes ...string) string { return codes[p.dice.IntN(len(codes))] }

// is tells whether an answer is a code.
func (p *person) is(question, code string) bool { return p.answer[question] == code }

// eligible follows the form: consent, not before, 14 or older.
func (p *person) eligible() bool {
	age := p.answer["age"]
	return p.is("consent", "yes") && !p.is("previous", "yes") && age != "" && (len(age) > 1 && age >= "14" || len(age) > 2)
}

// plants are the faults of the tour, by the number of the interview modulo a
// prime, so that they lie all over the round.
var plants = []struct {
	at   int
	name string
	do   func(p, before *person) bool
}{
	{11, "copied", copied},
	{37, "departure after the interview", func(p, _ *person) bool { return p.set("departure_date", p.end.AddDate(0, 1, 0).Format(time.DateOnly)) }},
	{59, "a place without a yes", func(p, _ *person) bool {
		if !p.is("held", "no") {
			return false
		}
		p.answer["held_where"] = "LBY"
		return true
	}},
	{83, "a code that is no choice", func(p, _ *person) bool { return p.set("education", "synthetic_code") }},
	{101, "too short", func(p, _ *person) bool {
		if p.end.Sub(p.start) < 6*time.Minute {
			return false
		}
		p.end = p.start.Add(3 * time.Minute)
		return true
	}},
	{127, "a point of another route", func(p, _ *person) bool {
		other := map[string]string{"CMR": "EMR", "EMR": "CMR"}[p.answer["route"]]
		return other != "" && p.set("route", other)
	}},
	{149, "a required answer is missing", func(p, _ *person) bool { return p.set("sex", "") }},
	{167, "far from the point", func(p, _ *person) bool { return p.set("point_location", "48.85 2.35 0 0") }},
}

// plantEvery is how many interviews there are for each round of faults.
const plantEvery = 181

func (p *person) plant(row int, before *person) {
	for _, f := range plants {
		if row%plantEvery == f.at && p.eligible() && f.do(p, before) {
			p.planted = f.name
		}
	}
}

// set changes an answer that was given.
func (p *person) set(question, value string) bool {
	if p.answer[question] == "" {
		return false
	}
	p.answer[question] = value
	return true
}

// copied takes the answers of the interview before over, but for one, as an
// enumerator would who fills forms in from the last one.
func copied(p, before *person) bool {
	if before == nil || !before.eligible() || before.planted != "" {
		return false
	}
	age, err := strconv.Atoi(before.answer["age"])
	if err != nil {
		return false
	}
	answers := maps.Clone(before.answer)
	for _, own := range []string{"_uuid", "deviceid"} {
		answers[own] = p.answer[own]
	}
	p.answer = answers
	p.answer["age"] = strconv.Itoa(age + 1)
	p.start = before.end.Add(time.Minute)
	p.end = p.start.Add(6 * time.Minute)
	p.sent = before.sent.Add(10 * time.Minute)
	return true
}

// countries are the codes of a select-multiple answer.
func countries(value string) []string {
	if value == "none" || value == "dk" || value == "refused" {
		return nil
	}
	return strings.Fields(value)
}
