package compare

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
	"sync"
)

//go:embed page.html.tmpl
var pageTemplate string

//go:embed page.css
var pageStyle string

var parsed = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("compare").Funcs(template.FuncMap{"lastName": Change.Name}).Parse(pageTemplate))
})

// Name is the name of the question or group, or "(form)".
func (c Change) Name() string {
	if name := c.Path[strings.LastIndexByte(c.Path, '/')+1:]; name != "" {
		return name
	}
	return "(form)"
}

// Title says a level for people, as the heading of its changes.
func (l Level) Title() string {
	return [...]string{"Wording and order only", "Adds columns", "Changes meaning", "Breaks data"}[l]
}

// Why says what a level means for data.
func (l Level) Why() string {
	return [...]string{
		"What people read changed, not what is stored or meant.",
		"New columns, which old records lack.",
		"Columns and codes stay, but old and new answers do not say the same. Say so where both are shown together.",
		"Columns, types or codes changed: old and new data do not fit together as they are.",
	}[l]
}

type pageLevel struct {
	Level   Level
	Anchor  string
	Changes []Change
}

// HTML writes the report as one page that works from disk and prints.
func (r *Report) HTML(w io.Writer, program string) error {
	var levels []pageLevel
	for l := Breaks; ; l-- {
		p := pageLevel{Level: l, Anchor: l.String()}
		for _, c := range r.Changes {
			if c.Level == l {
				p.Changes = append(p.Changes, c)
			}
		}
		levels = append(levels, p)
		if l == Wording {
			break
		}
	}
	return parsed().Execute(w, map[string]any{"R": r, "Levels": levels, "Style": template.CSS(pageStyle), "Program": program})
}
