package casework

import (
	"encoding/json"
	"strings"

	"waymark/referral"
	"waymark/web/page"
)

// as is how a field is typed in.
type as int

const (
	line  as = iota
	area_    // many lines of text
	day
	one   // of a list
	many  // of a list
	yes   // a checkbox
	lines // a list, one entry a line
	language
	timeOfDay
)

// field is one field of a part; its name is that of the content's JSON.
type field struct {
	name     string
	as       as
	required bool
	values   []string
}

// kind says how a part is written and shown.
type kind struct {
	of     referral.PartKind
	blank  func() referral.Content
	fields []field
	// purpose lets the writer choose what the part may be shared for; private lets
	// them keep it within the agency. What is neither follows PurposeOf.
	purpose, private bool
	// partner lets those write it who were only given a share.
	partner bool
	// view is the tab of the case on which it stands.
	view string
}

// needTypes are the types of need, in the order of pages.
var needTypes = func() (list []string) {
	for _, t := range referral.NeedTypes {
		list = append(list, t.Type)
	}
	return list
}()

// kinds are the parts that are written with the page of a part, in the order of
// pages. Documents, shares, decisions about the file and requests of the person have
// pages of their own.
var kinds = []*kind{
	{of: referral.PartTask, view: "now", blank: func() referral.Content { return new(referral.Task) }, fields: []field{
		{"kind", one, true, referral.TaskKinds}, {"text", area_, true, nil}}},
	{of: referral.PartNeed, partner: true, view: "now", blank: func() referral.Content { return new(referral.Need) }, fields: []field{
		{"type", one, true, needTypes}, {"urgency", one, true, referral.Urgencies}, {"state", one, true, referral.NeedStates}, {"text", area_, false, nil}}},
	{of: referral.PartService, partner: true, view: "now", blank: func() referral.Content { return new(referral.Service) }, purpose: true, fields: []field{
		{"provider", line, true, nil}, {"text", area_, false, nil}}},
	{of: referral.PartPerson, view: "people", blank: func() referral.Content { return new(referral.Person) }, purpose: true, private: true, fields: []field{
		{"role", one, true, referral.Roles}, {"name", line, true, nil}, {"born", day, false, nil}, {"contact", area_, false, nil}, {"safe", area_, false, nil}, {"text", area_, false, nil}}},
	{of: referral.PartRisk, partner: true, view: "people", blank: func() referral.Content { return new(referral.Risk) }, fields: []field{
		{"area", one, true, referral.RiskAreas}, {"level", one, true, referral.RiskLevels}, {"date", day, true, nil}, {"what", area_, true, nil}, {"mitigation", area_, false, nil}, {"review", day, false, nil}}},
	{of: referral.PartPlan, view: "people", blank: func() referral.Content { return new(referral.Plan) }, fields: []field{
		{"date", day, true, nil}, {"signs", area_, false, nil}, {"do", area_, false, nil}, {"contacts", area_, false, nil}, {"word", line, false, nil}, {"leave", area_, false, nil}, {"review", day, false, nil}}},
	{of: referral.PartConsent, view: "rights", blank: func() referral.Content { return new(referral.Consent) }, fields: []field{
		{"scope", one, true, []string{"referral", "support", "share"}}, {"given", one, true, []string{"yes", "no"}}, {"date", day, true, nil}, {"language", language, true, nil},
		{"interpreter", one, true, referral.Interpreters}, {"how", many, true, referral.ConsentWays}, {"capacity", yes, false, nil}, {"text", area_, false, nil}}},
	{of: referral.PartConference, view: "partners", blank: func() referral.Content { return new(referral.Conference) }, fields: []field{
		{"date", day, true, nil}, {"time", timeOfDay, false, nil}, {"place", line, false, nil}, {"agenda", lines, false, nil}, {"decisions", lines, false, nil}}},
	{of: referral.PartNote, partner: true, view: "notes", blank: func() referral.Content { return new(referral.Note) }, purpose: true, private: true, fields: []field{
		{"text", area_, true, nil}}},
}

func kindOf(name string) *kind {
	for _, k := range kinds {
		if string(k.of) == name {
			return k
		}
	}
	return nil
}

// words is the prefix of a kind's words.
func (k *kind) words() string { return "casework." + string(k.of) }

// read fills a body from a form, in the shape of its JSON, and returns it.
func (k *kind) read(f *page.Form, body map[string]any) {
	for _, fd := range k.fields {
		need := func(rules ...page.Rule) []page.Rule {
			if fd.required {
				rules = append(rules, page.Required)
			}
			return rules
		}
		switch fd.as {
		case line, language, timeOfDay:
			body[fd.name] = f.Text(fd.name, need(page.Max(300))...)
		case area_:
			body[fd.name] = f.Text(fd.name, need(page.Max(8000), page.Lines)...)
		case day:
			body[fd.name] = f.Date(fd.name, need()...)
		case one:
			body[fd.name] = f.Choice(fd.name, fd.values, need()...)
		case many:
			body[fd.name] = f.ChoiceMany(fd.name, fd.values, need()...)
		case yes:
			body[fd.name] = f.Checked(fd.name)
		case lines:
			list := []string{}
			for l := range strings.Lines(f.Text(fd.name, page.Max(8000), page.Lines)) {
				if l = strings.TrimSpace(l); l != "" {
					list = append(list, l)
				}
			}
			body[fd.name] = list
		}
	}
}

// fill puts a body into a form.
func (k *kind) fill(f *page.Form, body map[string]any) {
	for _, fd := range k.fields {
		switch v := body[fd.name].(type) {
		case string:
			if fd.as == day {
				f.SetDate(fd.name, v)
				continue
			}
			f.Set(fd.name, v)
		case bool:
			if v {
				f.Set(fd.name, "yes")
			}
		case []any:
			if fd.as == lines {
				f.Set(fd.name, strings.Join(texts(v), "\n"))
				continue
			}
			f.Set(fd.name, texts(v)...)
		}
	}
}

func texts(list []any) []string {
	out := make([]string, 0, len(list))
	for _, x := range list {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// loose reads a content as its JSON, and strict puts it back.
func loose(body []byte) (map[string]any, error) {
	m := map[string]any{}
	return m, json.Unmarshal(body, &m)
}

func strict(m map[string]any, into referral.Content) error {
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, into)
}

// rows are what a part says, for the page of the case and for what is handed out.
func (k *kind) rows(w *page.Words, body map[string]any) []page.SummaryRow {
	var rows []page.SummaryRow
	for _, fd := range k.fields {
		text := ""
		switch v := body[fd.name].(type) {
		case string:
			text = k.shown(w, fd, v)
		case bool:
			if v {
				text = w.Text("casework.yes")
			}
		case []any:
			list := texts(v)
			for i := range list {
				list[i] = k.shown(w, fd, list[i])
			}
			text = strings.Join(list, "\n")
			if fd.as == many {
				text = w.List(list)
			}
		}
		if text != "" {
			rows = append(rows, page.SummaryRow{Key: w.Text(k.words() + "." + fd.name), Value: page.Cell{Text: text}})
		}
	}
	return rows
}

func (k *kind) shown(w *page.Words, fd field, v string) string {
	switch {
	case v == "":
		return ""
	case fd.as == one || fd.as == many:
		return w.Text(k.words() + "." + fd.name + "." + v)
	case fd.as == day && len(v) == len("2006-01-02"):
		return w.Date(v)
	}
	return v
}
