package monitoring

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"waymark/internal/fault"
	"waymark/monitoring/instrument"
	"waymark/stats/table"
)

// Pool puts the interviews of several rounds together. Rounds of one
// instrument keep it; rounds of two are pooled over the items common to both
// and nothing else, and the result says so: "at least one" of five items and
// of four are different measures.
func Pool(rounds []*Round) (*Round, error) {
	if len(rounds) == 0 {
		return nil, fault.New(fault.Usage, fault.Place{}, "there are no rounds to pool", "name at least one file")
	}
	out := *rounds[0]
	out.Parts = rounds
	if len(rounds) == 1 {
		return &out, nil
	}
	instruments := make([]*instrument.Instrument, len(rounds))
	seen := map[string]string{}
	for i, r := range rounds {
		instruments[i] = r.Instrument
		if first, twice := seen[r.Source.SHA256]; twice {
			return nil, fault.New(fault.Invalid, fault.Place{File: r.Source.Name}, "the same file is given twice, as "+first+" before", "name each file once: counted twice, the intervals would be too short")
		}
		seen[r.Source.SHA256] = r.Source.Name
	}
	var err error
	if out.Instrument, out.Pooling, err = CommonInstrument(instruments...); err != nil {
		return nil, err
	}
	for _, r := range rounds[1:] {
		if out.Table, err = poolTables(out.Table, r.Table, out.Instrument); err != nil {
			return nil, err
		}
		out.Source = poolSources(out.Source, r.Source)
		out.Synthetic = out.Synthetic || r.Synthetic
		warnings := fault.NewList(100)
		warnings.Merge(out.Warnings)
		warnings.Merge(r.Warnings)
		out.Warnings = warnings
	}
	return &out, nil
}

func poolSources(a, b table.Source) table.Source {
	sum := sha256.Sum256([]byte(a.SHA256 + b.SHA256))
	return table.Source{Name: a.Name + " + " + b.Name, Format: "pooled", SHA256: hex.EncodeToString(sum[:]), Bytes: a.Bytes + b.Bytes, Rows: a.Rows + b.Rows}
}

// CommonInstrument returns the instrument of rounds of the given instruments
// when they are pooled, and in words over what; no words where all are the same.
func CommonInstrument(instruments ...*instrument.Instrument) (*instrument.Instrument, instrument.Text, error) {
	common := instruments[0]
	var note instrument.Text
	for _, next := range instruments[1:] {
		in, words, err := poolInstruments(common, next)
		if err != nil {
			return nil, nil, err
		}
		if common = in; words != nil {
			note = words
		}
	}
	return common, note, nil
}

// poolInstruments returns the instrument that two rounds share: the same one,
// or one of their common questions, with counts over their common items.
func poolInstruments(a, b *instrument.Instrument) (*instrument.Instrument, instrument.Text, error) {
	if a.ID == b.ID && a.SHA256 == b.SHA256 {
		return a, nil, nil
	}
	p := instrument.Common(a, b)
	note := instrument.Text{}
	for _, lang := range Languages {
		note[lang] = p.Sentence(lang)
	}
	if len(p.Items) == 0 {
		return nil, nil, fault.New(fault.Invalid, fault.Place{}, note["en"], "analyse the rounds one by one")
	}
	sum := sha256.Sum256([]byte(a.SHA256 + b.SHA256))
	in := &instrument.Instrument{
		ID: a.ID + "+" + b.ID, Version: a.Version + " + " + b.Version, Date: b.Date, Citation: a.Citation,
		SHA256: hex.EncodeToString(sum[:]), Lists: map[string][]instrument.Choice{}, Roles: map[instrument.Role]string{}, Title: instrument.Text{},
	}
	for _, lang := range Languages {
		in.Title[lang] = a.Title.In(lang) + " + " + b.Title.In(lang)
		if slices.Contains(a.Languages, lang) && slices.Contains(b.Languages, lang) {
			in.Languages = append(in.Languages, lang)
		}
	}
	for _, q := range a.Questions {
		if o := b.Question(q.Name); o != nil && o.Kind == q.Kind {
			in.Questions = append(in.Questions, q)
			in.Lists[q.List] = unionChoices(a.Lists[q.List], b.Lists[o.List])
		}
	}
	for role, name := range a.Roles {
		if b.Roles[role] == name {
			in.Roles[role] = name
		}
	}
	for _, g := range a.Groups {
		if o := b.Group(g.ID); o != nil && in.Question(g.From) != nil && o.From == g.From && reflect.DeepEqual(o.Bands, g.Bands) && reflect.DeepEqual(o.Merge, g.Merge) {
			in.Groups = append(in.Groups, g)
		}
	}
	in.Indicators = commonIndicators(a, b, p)
	var err error
	in.Exclusions, err = commonExclusions(a, b)
	return in, note, err
}

// commonIndicators are the common items, the counts over them, and measures
// that mean the same in both.
func commonIndicators(a, b *instrument.Instrument, p *instrument.Pooling) []instrument.Indicator {
	var out []instrument.Indicator
	for _, id := range p.Items {
		out = append(out, *a.Indicator(id))
	}
	for _, k := range []int{1, 2} {
		if i := p.AtLeast(k); i != nil {
			out = append(out, *i)
		}
	}
	for _, c := range instrument.Diff(a, b).Indicators {
		if i := a.Indicator(c.ID); i != nil && c.Verdict == instrument.Comparable && i.Question != "" && len(i.UnlessAny) == 0 && !slices.Contains(p.Items, c.ID) {
			out = append(out, *i)
		}
	}
	return out
}

// commonExclusions are the rules of both, which must be the same: people left
// out of one round and not of the other are no common sample.
func commonExclusions(a, b *instrument.Instrument) ([]instrument.Exclusion, error) {
	same := func(x, y instrument.Exclusion) bool {
		return x.ID == y.ID && x.Question == y.Question && x.Missing == y.Missing && slices.Equal(x.Levels, y.Levels) && reflect.DeepEqual(x.Below, y.Below)
	}
	if !slices.EqualFunc(a.Exclusions, b.Exclusions, same) {
		return nil, fault.New(fault.Invalid, fault.Place{Field: "exclusions"},
			fmt.Sprintf("%s and %s do not leave out the same people", a.ID, b.ID), "analyse the rounds one by one, or give both instruments the same rules")
	}
	return a.Exclusions, nil
}

func unionChoices(a, b []instrument.Choice) []instrument.Choice {
	out := slices.Clone(a)
	for _, c := range b {
		if !slices.ContainsFunc(a, func(x instrument.Choice) bool { return x.Name == c.Name }) {
			out = append(out, c)
		}
	}
	return out
}

// poolTables keeps the columns that both tables have and the instrument knows.
func poolTables(a, b *table.Table, in *instrument.Instrument) (*table.Table, error) {
	var columns []table.Column
	faults := fault.NewList(planFaults)
	for _, c := range a.Columns() {
		other := b.Column(c.Name())
		if other == nil || in.Question(c.Name()) == nil {
			continue
		}
		joined, err := table.Concat(c, other)
		if err != nil {
			faults.Add(fault.Wrap(fault.Invalid, fault.Place{Field: c.Name()}, strings.TrimPrefix(err.Error(), "table: "), "export both rounds in the same way", err))
			continue
		}
		columns = append(columns, joined)
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return table.New(columns...)
}
