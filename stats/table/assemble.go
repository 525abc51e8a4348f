package table

import (
	"waymark/internal/fault"
)

// builder makes one column of the table from one column of the file.
type builder interface {
	cellAdder
	finish(rep *report) Column
}

// assembly is the columns being built.
type assembly struct {
	adders   []cellAdder // one per column of the file; nil to skip it
	builders []builder   // in the order of the schema's fields
}

// origin is where a column's cells come from, for messages.
type origin struct {
	column int // in the file, from 1
	name   string
}

// assemble turns a schema into builders. A schema that contradicts itself is a
// mistake of the program that made it, and reported as such.
func assemble(schema *Schema, h Header, rep *report) (*assembly, error) {
	if schema == nil || len(schema.Targets) != len(h.Names) {
		return nil, fault.New(fault.Internal, rep.at(0, 0, ""), "the schema does not fit the file's columns", "")
	}
	rep.warnings.Add(schema.Notes...)
	a := &assembly{adders: make([]cellAdder, len(h.Names))}
	made := make([]builder, len(schema.Fields))
	for i, target := range schema.Targets {
		if target.Field < 0 {
			continue
		}
		if target.Field >= len(schema.Fields) {
			return nil, fault.New(fault.Internal, rep.at(0, i+1, h.Names[i]), "the schema sends the column to a field that it does not have", "")
		}
		field := &schema.Fields[target.Field]
		from := origin{column: i + 1, name: h.Names[i]}
		if (target.Option >= 0 || target.Missing != Present) && field.Kind == Set {
			split, ok := made[target.Field].(*splitSetBuilder)
			if made[target.Field] == nil {
				split, ok = newSplitSet(field, from), true
				made[target.Field] = split
			}
			if !ok || target.Option >= len(field.Levels) || target.Option >= 0 && split.has[target.Option] {
				rep.fail(rep.at(0, i+1, h.Names[i]), "leave out one of the columns", "two columns answer %q", field.Name)
				continue
			}
			a.adders[i] = split.option(target.Option, target.Missing, from)
			continue
		}
		if made[target.Field] != nil {
			rep.fail(rep.at(0, i+1, h.Names[i]), "leave out one of the columns", "two columns answer %q", field.Name)
			continue
		}
		b := newBuilder(field, from)
		if b == nil {
			return nil, fault.New(fault.Internal, rep.at(0, i+1, h.Names[i]), "the schema gives the column no kind", "")
		}
		made[target.Field] = b
		a.adders[i] = b
	}
	for _, b := range made {
		if b != nil {
			a.builders = append(a.builders, b)
		}
	}
	return a, nil
}

func newBuilder(f *Field, from origin) builder {
	switch f.Kind {
	case Category:
		return newCategoryBuilder(f, from)
	case Number:
		return newNumberBuilder(f, from)
	case Date:
		return newDateBuilder(f, from)
	case Time:
		return newTimeBuilder(f, from)
	case Bool:
		return newBoolBuilder(f, from)
	case Set:
		return newSetBuilder(f, from)
	case Text:
		return newTextBuilder(f, from)
	}
	return nil
}

// table finishes all columns.
func (a *assembly) table(rep *report) (*Table, error) {
	columns := make([]Column, len(a.builders))
	for i, b := range a.builders {
		columns[i] = b.finish(rep)
	}
	if err := rep.end(nil); err != nil {
		return nil, err
	}
	t, err := New(columns...)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, rep.at(0, 0, ""), "the columns do not make a table", "", err)
	}
	return t, nil
}

// trim gives back the room that appending left over, where it is worth a copy.
func trim[T any](s []T) []T {
	if cap(s)-len(s) > len(s)/8+1024 {
		return append(make([]T, 0, len(s)), s...)
	}
	return s
}

// grow makes room for rows in all.
func grow[T any](s []T, rows int) []T {
	if rows <= cap(s) {
		return s
	}
	return append(make([]T, 0, rows), s...)
}
