// Package codebook is the dictionary of a form's data for those who analyse
// them: every variable with its column, meaning, values, who is asked, and what
// an answer must be. It is written as HTML, XLSX or CSV.
//
// It knows the outline of a form; it must not know answers.
package codebook

import (
	"strings"

	"waymark/forms/outline"
	"waymark/forms/xform"
)

// Codebook is the dictionary in one language.
type Codebook struct {
	Title, ID, Version string
	// Language is the language of the labels, as the form names it.
	Language  outline.Language
	Languages []outline.Language
	Variables []*Variable
	Lists     []*List
	// Tables are the main table and one for each repeat.
	Tables []Table

	outline *outline.Outline
}

// Table is a table of the exported data. Name is empty for the main table, else
// the repeat's columns joined as exports do: "household-member".
type Table struct {
	Name  string
	Label string
	// Variables counts them.
	Variables int
}

// Variable is one value of a record.
type Variable struct {
	// Name and Path are the node's; Column is the column of an export with the
	// groups' names before it: "journey-departure_date". Columns are several for
	// a place on a map and the like.
	Name, Path, Column string
	Columns            []string
	// Table is the Name of the table that holds it.
	Table string
	// Section is the labels of the groups around it, outermost first.
	Section []string
	Label   string
	Hint    string
	// Type is XLSForm's name of the type, TypeWords the same in words.
	Type, TypeWords string
	// List is the list of its values, or nil.
	List *List
	// Unit is the unit that label or hint name for a number, or empty.
	Unit string
	// Asked says who is asked, with the conditions of the groups around it;
	// empty is everyone. AskedCode are the expressions, outermost first.
	Asked     string
	AskedCode []string
	// Must says what an answer must be, MustCode is the expression, Message what
	// a person is told.
	Must, MustCode, Message string
	// Offered says which values of the list are offered, or empty for all.
	Offered string
	// Required is "yes", a condition in words, or empty.
	Required string
	// Calculated says how the value comes about, CalculatedCode the expression.
	Calculated, CalculatedCode string
	// Default is the value that a record starts with.
	Default string
	// Entity is the property that it is saved to.
	Entity string

	item *outline.Item
}

// Asks tells whether a person is asked for the variable.
func (v *Variable) Asks() bool { return v.item.Kind == outline.Question && v.Type != "note" }

// List is one list of values.
type List struct {
	Name string
	// Source is the file that holds them, or empty.
	Source string
	Values []Value
	// Users are the variables that take their values from the list.
	Users []*Variable

	list *outline.List
}

// Value is one code and its label.
type Value struct {
	Code, Label string
	// Missing is what kind of missing answer it stands for, or empty. It is
	// judged by the code and the English label.
	Missing string
}

// Of makes the codebook of a form in a language, given by name or code; empty
// is the form's default language.
func Of(form *xform.Form, language string) (*Codebook, error) {
	o := outline.Of(form)
	n, err := o.Language(language)
	if err != nil {
		return nil, err
	}
	b := &builder{o: o, lang: n, lists: map[*outline.List]*List{}, asked: map[*xform.Definition]asked{},
		book: &Codebook{outline: o, Title: form.Title, ID: form.ID, Version: form.Version}}
	if len(form.Languages) > 0 {
		b.book.Languages = o.Languages()
		b.book.Language = b.book.Languages[max(n, 0)]
	}
	b.book.Tables = []Table{{}}
	at := map[string]int{"": 0}
	for i := range o.All() {
		if d := i.Definition; d != nil && d.Attribute { // of the record's own data, no column
			continue
		}
		if i.Kind != outline.Question && i.Kind != outline.Quiet || i.Definition == nil {
			if i.Kind == outline.Repeat && i.Definition != nil {
				name := tableName(i)
				at[name] = len(b.book.Tables)
				b.book.Tables = append(b.book.Tables, Table{Name: name, Label: o.Name(i, n)})
			}
			continue
		}
		v := b.variable(i)
		b.book.Variables = append(b.book.Variables, v)
		b.book.Tables[at[v.Table]].Variables++
	}
	return b.book, nil
}

// tableName is the name of a repeat's table: the names of the groups and
// repeats down to it. Source: ODK Central, "Downloading submissions as CSVs".
func tableName(i *outline.Item) string {
	return strings.Join(strings.Split(strings.Trim(i.Path(), "/"), "/")[1:], "-")
}

// columnName is the column of an export: the names of the groups since the
// nearest repeat, and its own, joined by hyphens.
func columnName(i *outline.Item) string {
	path := i.Path()
	if r := i.Within(); r != nil && r.Definition != nil {
		path = strings.TrimPrefix(path, r.Path()+"/")
	} else if parts := strings.SplitN(strings.Trim(path, "/"), "/", 2); len(parts) == 2 {
		path = parts[1]
	}
	return strings.ReplaceAll(path, "/", "-")
}

// columnNames are the columns of a value that an export splits.
func columnNames(i *outline.Item, column string) []string {
	if i.Type == "geopoint" || i.Type == "start-geopoint" {
		return []string{column + "-Latitude", column + "-Longitude", column + "-Altitude", column + "-Accuracy"}
	}
	return []string{column}
}
