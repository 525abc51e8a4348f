package table

import (
	"context"
)

// statTexts makes a column of a string variable through the builder of its field.
type statTexts struct {
	to      builder
	from    origin
	why     string
	missing *statMissing
	rows    int
}

func (b *statTexts) numbers([]float64, []uint8) {} // it is fed texts

func (b *statTexts) reserve(rows int) { b.to.reserve(rows) }

func (b *statTexts) text(cell []byte) {
	if b.missing.v.absent != nil {
		if reason, ok := b.missing.text(cell, b.rows); ok {
			addReason(b.to, reason)
			b.rows++
			return
		}
	}
	b.to.add(keepEscape(cell))
	b.rows++
}

func (b *statTexts) finish(rep *report) (Column, Inference) {
	b.missing.report(rep)
	c := b.to.finish(rep)
	why := b.why
	if found := b.missing.found(); found != "" {
		why += "; missing: " + found
	}
	return c, Inference{Column: b.from.name, Kind: c.Kind(), Why: why}
}

// inferTexts looks through all string variables for categories and sets, and
// makes what reads them. The other entries are nil.
func (f *statFile) inferTexts(ctx context.Context, h Header) ([]statColumn, error) {
	made := make([]statColumn, len(f.variables))
	profiles := make([]*profile, len(f.variables))
	look := false
	for i := range f.variables {
		v := &f.variables[i]
		if !v.text {
			continue
		}
		if field, why, ok := v.ownField(h.Names[i]); ok {
			made[i] = v.column(&field, origin{i + 1, h.Names[i]}, why)
			continue
		}
		profiles[i] = newProfile(h.Names[i])
		profiles[i].textOnly = true
		look = true
	}
	if !look {
		f.passes = 1
		return made, nil
	}
	before := 0
	_, err := f.pass(ctx, false, func(b statBlock) error {
		for i, p := range profiles {
			if p == nil {
				continue
			}
			for row := range b.rows() {
				text, err := f.cell(b, i, row, before)
				if err != nil {
					return err
				}
				if f.variables[i].absent[string(text)] {
					p.add(nil)
				} else {
					p.add(keepEscape(text))
				}
			}
		}
		before += b.rows()
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, p := range profiles {
		if p != nil {
			field, why := p.infer(f.rep)
			v := &f.variables[i]
			v.labelLevels(&field)
			made[i] = v.column(&field, origin{i + 1, h.Names[i]}, why)
		}
	}
	return made, nil
}

func (v *statVariable) column(field *Field, from origin, why string) *statTexts {
	return &statTexts{to: newBuilder(field, from), from: from, why: why, missing: newStatMissing(v, from)}
}

// labelLevels gives a category's levels the labels that SPSS keeps for texts.
func (v *statVariable) labelLevels(field *Field) {
	for i := range field.Levels {
		if label, ok := v.words[field.Levels[i].Code]; ok {
			field.Levels[i].Label = label
		}
	}
	field.Ordered = v.ordered && field.Kind == Category
}

// ownField is the field of a variable that the writers here say the kind of.
func (v *statVariable) ownField(name string) (Field, string, bool) {
	switch v.own[ownKind] {
	case Text.String():
		return Field{Name: name, Kind: Text}, "it was written as text", true
	case Set.String():
		if codes := splitCodes(v.own[ownCodes]); codes != nil {
			f := Field{Name: name, Kind: Set, Open: true}
			for _, c := range codes {
				f.Levels = append(f.Levels, Level{Code: c, Label: c})
			}
			return f, "it was written as a set", true
		}
	case Category.String():
		return Field{Name: name, Kind: Category, Open: true}, "it was written as a category", true
	}
	return Field{}, "", false
}
