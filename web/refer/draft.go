package refer

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/web/matter"
	"waymark/web/page"
)

// draft is a case with the answers of its referral, as somebody sees it.
type draft struct {
	*referral.File
	*matter.Here
	values rule.Answers
	done   map[string]bool
}

// read opens the case at hand.
func (a *area) read(r *page.Request) (*draft, error) {
	f, err := a.Open(r)
	if err != nil {
		return nil, err
	}
	r.Crumb(r.Text("refer.cases"), page.Path("/programmes/{programme}/cases", "programme", f.Network))
	r.Crumb(f.Reference(), matter.Path(&f.Matter))
	d := &draft{File: f, Here: matter.At(r), done: map[string]bool{}}
	if f.Only(referral.PartAnswers) == nil { // not theirs to see
		return nil, page.NotFound()
	}
	_, answers, err := f.Answered()
	if err != nil {
		return nil, err
	}
	d.values = answers.Values
	for _, id := range answers.Done {
		d.done[id] = true
	}
	return d, nil
}

// write is read for what needs a draft. One that was checked leads to its package: ok
// is false and the request answered.
func (a *area) write(r *page.Request) (d *draft, ok bool, err error) {
	if d, err = a.read(r); err != nil {
		return nil, false, err
	}
	if d.File.State == referral.Draft {
		return d, true, nil
	}
	if d.Only(referral.PartPackage) == nil { // closed before it was checked
		return d, false, matter.Onward(r, matter.Path(&d.File.Matter))
	}
	if r.Method != "GET" {
		r.Flash("refer.frozen")
	}
	return d, false, matter.Onward(r, below(&d.File.Matter, "/package"))
}

func (d *draft) form() *rule.Form { return d.Pathway.Referral }

// asked are the questions that a person answers, in their order.
func (d *draft) asked() []*rule.Question {
	return slices.DeleteFunc(slices.Clone(d.form().Asked(d.values)), func(q *rule.Question) bool { return q.Bound != "" })
}

// at finds a question that is asked now, or nil.
func (d *draft) at(id string) *rule.Question {
	for _, q := range d.asked() {
		if q.ID == id {
			return q
		}
	}
	return nil
}

// onwards is where to go after a question: to the next one that was not seen, to those
// before it that were passed over, or to the check of all.
func (d *draft) onwards(after string) string {
	var first, next *rule.Question
	behind := false
	for _, q := range d.asked() {
		switch {
		case q.ID == after:
			behind = true
		case d.done[q.ID]:
		case behind && next == nil:
			next = q
		case first == nil:
			first = q
		}
	}
	if next == nil {
		next = first
	}
	switch {
	case next != nil:
		return d.question(next.ID)
	case !d.recorded():
		return below(&d.File.Matter, "/record")
	}
	return below(&d.File.Matter, "/check")
}

func (d *draft) question(id string, pairs ...any) string {
	return below(&d.File.Matter, "/questions/{question}", append([]any{"question", id}, pairs...)...)
}

// recorded says that the latest record of consent says what the answer says, or that
// there is no such answer.
func (d *draft) recorded() bool {
	answer := d.values.One(referral.ConsentQuestion)
	if answer == "" || d.at(referral.ConsentQuestion) == nil {
		return true
	}
	c := d.consent()
	return c != nil && (c.Given == answer || answer == "no" && c.Given == "withdrawn")
}

// consent is the latest record of consent to the referral, or nil.
func (d *draft) consent() *referral.Consent {
	list, err := d.Consents("referral")
	if err != nil || len(list) == 0 {
		return nil
	}
	return list[len(list)-1]
}

// etagOf is the state of one answer. Two people may answer two questions at once;
// of one question, none overwrites what the other has not seen.
func etagOf(id string, values []string) int64 {
	h := sha256.New()
	for _, v := range append([]string{id}, values...) {
		h.Write([]byte(v))
		h.Write([]byte{0})
	}
	return int64(binary.BigEndian.Uint64(h.Sum(nil)) >> 1)
}

// bound are the answers that the program gives itself: who sends it. A page never
// asks for them and never takes them.
func (a *area) bound(r *page.Request, d *draft, given rule.Answers) error {
	agency, err := a.Store.Agency(r.Context(), d.File.Agency)
	if err != nil {
		return err
	}
	after := d.values.Clone()
	for id, v := range given {
		after[id] = v
	}
	for _, q := range d.form().Asked(after) {
		switch q.Bound {
		case "organisation":
			given[q.ID] = []string{agency.Name}
		case "reporter":
			given[q.ID] = []string{r.Account.Name}
		}
	}
	return nil
}

// most is how often a change is made anew where somebody else changed another answer
// in the moment between.
const most = 5

// clashed is said where that was not enough.
func clashed() error {
	return fault.New(fault.Unavailable, fault.Place{}, "this was changed in too many places at once", "close the other tabs and try again")
}
