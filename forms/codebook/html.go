package codebook

import (
	_ "embed"
	"html/template"
	"io"
	"strconv"
	"strings"
	"sync"
)

//go:embed page.html.tmpl
var pageTemplate string

//go:embed page.css
var pageStyle string

var parsed = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("codebook").Parse(pageTemplate))
})

// page is what the template shows; all decisions are made before.
type page struct {
	*Codebook
	Style    template.CSS
	Dir      string
	Sections []section
	Values   []valueTable
	Notes    [][]string
	Program  string
}

// section is the variables of one table under one heading.
type section struct {
	Anchor, Title, Table string
	Rows                 []row
}

type row struct {
	*Variable
	Everyone  bool
	ShownList []Value
	More      int
	ListID    string
}

type valueTable struct {
	*List
	ID     string
	Shown  []Value
	Beyond int
}

// shownValues are written beside a variable, mostValues are in the page's list
// of values; a workbook has them all.
const (
	shownValues = 12
	mostValues  = 1000
)

// HTML writes the codebook as one page that works from disk and prints.
func (b *Codebook) HTML(w io.Writer, program string) error {
	p := page{Codebook: b, Style: template.CSS(pageStyle), Dir: b.Language.Dir(), Notes: notes, Program: program}
	ids := map[*List]string{}
	for n, l := range b.Lists {
		ids[l] = "list-" + strconv.Itoa(n+1)
		if l.Source == "" && len(l.Values) <= shownValues {
			continue
		}
		v := valueTable{List: l, ID: ids[l], Shown: l.Values}
		if len(v.Shown) > mostValues {
			v.Shown, v.Beyond = v.Shown[:mostValues], len(l.Values)-mostValues
		}
		p.Values = append(p.Values, v)
	}
	about := section{Anchor: "about-the-record", Title: "About the record"}
	for _, v := range b.Variables {
		title := strings.Join(v.Section, " / ")
		if v.item.AboutRecord() {
			about.Rows = append(about.Rows, row{Variable: v})
			continue
		}
		last := len(p.Sections) - 1
		if last < 0 || p.Sections[last].Title != title || p.Sections[last].Table != v.Table {
			p.Sections = append(p.Sections, section{Anchor: "section-" + strconv.Itoa(len(p.Sections)+1), Title: title, Table: v.Table})
			last++
		}
		r := row{Variable: v, Everyone: v.Asked == "" && v.Asks()}
		if v.List != nil {
			r.ShownList = v.List.Values
			if n := len(r.ShownList); n > shownValues {
				r.ShownList, r.More = r.ShownList[:shownValues], n-shownValues
				r.ListID = ids[v.List]
			}
		}
		p.Sections[last].Rows = append(p.Sections[last].Rows, r)
	}
	if len(about.Rows) > 0 {
		p.Sections = append(p.Sections, about)
	}
	return parsed().Execute(w, p)
}
