package review

import (
	"slices"
	"strconv"

	"waymark/monitoring/collection"
	"waymark/monitoring/collection/record"
	"waymark/web/page"
)

// revisionsView lists the revisions of a submission and shows what one changed.
type revisionsView struct {
	*seen
	Edits    []editView // newest first
	From, To int
	Pairs    []pairView
}

// pairView is one question in two documents.
type pairView struct {
	Label   string
	Lang    string // of Label; "" is the page's
	Section string
	Kind    record.Kind
	Word    string // the kind in the page's language
	A, B    answerView
	// NewSection tells that the pair before stood in another section.
	NewSection bool
}

// answerView is an answer in a comparison.
type answerView struct {
	Text   string
	Codes  []record.Code
	Hidden bool
	None   bool
}

func viewOf(a *record.Answer) answerView {
	switch {
	case a == nil || a.Blank:
		return answerView{None: true}
	case a.Hidden != "":
		return answerView{Hidden: true}
	}
	return answerView{Text: a.Value, Codes: a.Codes}
}

func pairViews(r *page.Request, pairs []record.Pair, lang string) []pairView {
	var list []pairView
	section := ""
	for _, p := range pairs {
		v := pairView{Label: p.Label, Lang: lang, Section: p.Section, Kind: p.Kind, Word: r.Text("review.pair." + string(p.Kind)), A: viewOf(p.A), B: viewOf(p.B)}
		if p.Number > 0 {
			v.Section = r.Text("review.record.instance-of", "label", p.Section, "n", p.Number)
		}
		v.NewSection = v.Section != section
		section = v.Section
		list = append(list, v)
	}
	return list
}

// revisions lists the revisions and the difference of two: those asked for, else
// the first and the current one.
func (a *area) revisions(r *page.Request, s *seen) error {
	all, err := a.house.Collection.Revisions(r.Context(), s.ID)
	if err != nil {
		return err
	}
	v := &revisionsView{seen: s, From: 1, To: s.Revision}
	has := func(n int) bool {
		return slices.ContainsFunc(all, func(x *collection.Revision) bool { return x.Number == n })
	}
	q := r.URL.Query()
	for name, into := range map[string]*int{"from": &v.From, "to": &v.To} {
		if text := q.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || !has(n) {
				return page.NotFound()
			}
			*into = n
		}
	}
	for _, rev := range slices.Backward(all) {
		v.Edits = append(v.Edits, a.editOf(r, s, rev))
	}
	r.Crumb(r.Text("review.record.title", "id", s.ID), s.base)
	if v.From == v.To || s.Unreadable {
		return r.Render(200, "review/revisions", v)
	}
	before, _, err := a.readAs(r, s, v.From, record.View{})
	if err != nil {
		return err
	}
	after, _, err := a.readAs(r, s, v.To, record.View{})
	if err != nil {
		return err
	}
	v.Pairs = pairViews(r, record.Differences(record.Compare(before, after, false)), after.Lang)
	return r.Render(200, "review/revisions", v)
}

// similarView puts two submissions side by side.
type similarView struct {
	*seen
	Other           *seen
	Left, Right     side
	Pairs           []pairView
	Same, Different int
	// All shows answers that are the same too.
	All    bool
	Toggle string
}

// Sides are both, for templates.
func (v *similarView) Sides() []side { return []side{v.Left, v.Right} }

// side is one of the two.
type side struct {
	ID   string
	Href string
	Tag  page.Tag
}

// factPairs are what is known of two submissions beside their answers: where, when
// and by whom.
func (a *area) factPairs(r *page.Request, s, o *seen) []pairView {
	first, second := a.facts(r, s).Rows, a.facts(r, o).Rows
	text := func(c page.Cell) string { return c.Text + c.Time.Text }
	var list []pairView
	for _, row := range first {
		v := pairView{Label: row.Key, Kind: record.Changed, A: answerView{Text: text(row.Value)}, B: answerView{None: true}, Section: r.Text("review.record.facts"), NewSection: len(list) == 0}
		for _, other := range second {
			if other.Key == row.Key {
				v.B = answerView{Text: text(other.Value)}
			}
		}
		if v.A.Text == v.B.Text {
			v.Kind = record.Same
		}
		v.Word = r.Text("review.pair." + string(v.Kind))
		list = append(list, v)
	}
	return list
}

// similar compares a submission with a near-duplicate. Both are read, which the
// audit says of both.
func (a *area) similar(r *page.Request, s *seen) error {
	o, err := a.other(r, s)
	if err != nil {
		return err
	}
	o.base = a.recordPath(r, o.ID, "")
	first, _, err := a.readAs(r, s, 0, record.View{})
	if err != nil {
		return err
	}
	second, _, err := a.readAs(r, o, 0, record.View{})
	if err != nil {
		return err
	}
	v := &similarView{seen: s, Other: o, All: r.URL.Query().Get("show") != "different"}
	v.Left = side{s.ID.String(), s.base, stateTag(r, s.State)}
	v.Right = side{o.ID.String(), o.base, stateTag(r, o.State)}
	pairs := record.Compare(first, second, false)
	v.Different = len(record.Differences(pairs))
	v.Same = len(pairs) - v.Different
	if !v.All {
		pairs = record.Differences(pairs)
	}
	v.Pairs = append(a.factPairs(r, s, o), pairViews(r, pairs, first.Lang)...)
	v.Toggle = s.base + "/similar/" + o.ID.String()
	if v.All {
		v.Toggle += "?show=different"
	}
	r.Crumb(r.Text("review.record.title", "id", s.ID), s.base)
	return r.Render(200, "review/similar", v)
}
