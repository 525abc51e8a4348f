package main

import (
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// The JSON form of an instrument.
type (
	instrumentView struct {
		ID         string                     `json:"id"`
		Title      instrument.Text            `json:"title"`
		Version    string                     `json:"version"`
		Date       string                     `json:"date,omitempty"`
		Citation   *citationView              `json:"citation,omitempty"`
		SHA256     string                     `json:"sha256"`
		Languages  []string                   `json:"languages"`
		Questions  []questionView             `json:"questions"`
		Lists      map[string][]choiceView    `json:"lists"`
		Missing    map[string]string          `json:"missing,omitempty"`
		Roles      map[instrument.Role]string `json:"roles"`
		Groups     []groupView                `json:"groups"`
		Indicators []indicatorView            `json:"indicators"`
		Exclusions []exclusionView            `json:"exclusions"`
	}
	citationView struct {
		Authority string `json:"authority"`
		Source    string `json:"source"`
		Date      string `json:"date"`
	}
	questionView struct {
		Name        string          `json:"name"`
		Type        string          `json:"type"`
		List        string          `json:"list,omitempty"`
		Kind        string          `json:"kind"`
		Group       string          `json:"group,omitempty"`
		Repeat      string          `json:"repeat,omitempty"`
		Label       instrument.Text `json:"label,omitempty"`
		Hint        instrument.Text `json:"hint,omitempty"`
		Relevant    string          `json:"relevant,omitempty"`
		Constraint  string          `json:"constraint,omitempty"`
		Calculation string          `json:"calculation,omitempty"`
		Required    bool            `json:"required,omitempty"`
		Ordered     bool            `json:"ordered,omitempty"`
		Identifying bool            `json:"identifying,omitempty"`
		Min         *float64        `json:"min,omitempty"`
		Max         *float64        `json:"max,omitempty"`
	}
	choiceView struct {
		Code    string          `json:"code"`
		Label   instrument.Text `json:"label,omitempty"`
		Missing string          `json:"missing,omitempty"`
	}
	levelView struct {
		Code  string          `json:"code"`
		Label instrument.Text `json:"label"`
		From  *float64        `json:"from,omitempty"`
		To    *float64        `json:"to,omitempty"`
		Of    []string        `json:"of,omitempty"`
	}
	groupView struct {
		ID      string          `json:"id"`
		Label   instrument.Text `json:"label"`
		From    string          `json:"from"`
		Ordered bool            `json:"ordered,omitempty"`
		Levels  []levelView     `json:"levels,omitempty"`
	}
	indicatorView struct {
		ID         string          `json:"id"`
		Label      instrument.Text `json:"label"`
		Sentence   instrument.Text `json:"sentence"`
		Experience string          `json:"experience"`
		Question   string          `json:"question,omitempty"`
		Yes        []string        `json:"yes,omitempty"`
		Place      string          `json:"place,omitempty"`
		Of         []string        `json:"of,omitempty"`
		AtLeast    int             `json:"at_least,omitempty"`
		UnlessAny  []string        `json:"unless_any,omitempty"`
		Citation   citationView    `json:"citation"`
	}
	exclusionView struct {
		ID       string          `json:"id"`
		Label    instrument.Text `json:"label"`
		Question string          `json:"question"`
		Levels   []string        `json:"levels,omitempty"`
		Below    *float64        `json:"below,omitempty"`
		Missing  string          `json:"missing"`
		Why      instrument.Text `json:"why"`
		Citation citationView    `json:"citation"`
	}
)

func viewInstrument(in *instrument.Instrument) instrumentView {
	v := instrumentView{ID: in.ID, Title: in.Title, Version: in.Version, Date: in.Date, SHA256: in.SHA256, Languages: in.Languages,
		Lists: map[string][]choiceView{}, Roles: in.Roles, Questions: []questionView{}, Groups: []groupView{}, Indicators: []indicatorView{}, Exclusions: []exclusionView{}}
	if in.Citation.Authority != "" {
		c := citationView(in.Citation)
		v.Citation = &c
	}
	for _, q := range in.Questions {
		v.Questions = append(v.Questions, questionView{q.Name, q.Type, q.List, q.Kind.String(), q.Group, q.Repeat, q.Label, q.Hint, q.Relevant,
			q.Constraint, q.Calculation, q.Required, q.Ordered, q.Identifying, q.Min, q.Max})
	}
	for name, list := range in.Lists {
		choices := []choiceView{}
		for _, c := range list {
			choices = append(choices, choiceView{c.Name, c.Label, reasonWord(c.Missing)})
		}
		v.Lists[name] = choices
	}
	for code, reason := range in.MissingCodes {
		if v.Missing == nil {
			v.Missing = map[string]string{}
		}
		v.Missing[code] = reasonWord(reason)
	}
	for _, g := range in.Groups {
		view := groupView{ID: g.ID, Label: g.Label, From: g.From, Ordered: g.Ordered}
		for _, b := range g.Bands {
			view.Levels = append(view.Levels, levelView{Code: b.Code, Label: b.Label, From: b.From, To: b.To})
		}
		for _, m := range g.Merge {
			view.Levels = append(view.Levels, levelView{Code: m.Code, Label: m.Label, Of: m.Of})
		}
		v.Groups = append(v.Groups, view)
	}
	for _, i := range in.Indicators {
		v.Indicators = append(v.Indicators, indicatorView{i.ID, i.Label, i.Sentence, string(i.Experience), i.Question, i.Yes, i.Place, i.Of, i.AtLeast,
			i.UnlessAny, citationView(i.Citation)})
	}
	for _, e := range in.Exclusions {
		v.Exclusions = append(v.Exclusions, exclusionView{e.ID, e.Label, e.Question, e.Levels, e.Below, e.Missing, e.Why, citationView(e.Citation)})
	}
	return v
}

// reasonWord is the reason for a missing answer, or "" for a present one.
func reasonWord(m table.Missing) string {
	if m == table.Present {
		return ""
	}
	return m.String()
}
