package page

import (
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	texttemplate "text/template"
	"text/template/parse"
	"time"

	"waymark/internal/fault"
	"waymark/web/assets"
)

// Suffixes of an area's template files.
const (
	pageSuffix = ".html.tmpl"
	partSuffix = ".part.tmpl"
)

// templates holds every page parsed once. A page in a language is put together
// when it is first asked for: its own trees, its area's partials, the layout's.
type templates struct {
	words tongues
	base  []*parse.Tree
	parts map[string][]*parse.Tree // by area
	uses  map[string][]string      // areas by area
	pages map[string][]*parse.Tree // by "area/name"
	ready sync.Map                 // "lang area/name" to *htmltemplate.Template
}

// parseTemplates parses the layout and all areas, and returns every fault at once.
func parseTemplates(words tongues, layout fs.FS, areas []Area) (*templates, error) {
	ts := &templates{words: words, parts: map[string][]*parse.Tree{}, uses: map[string][]string{}, pages: map[string][]*parse.Tree{}}
	faults := fault.NewList(50)
	names, _ := fs.Glob(layout, "layout/*.tmpl")
	for _, file := range names {
		trees, err := parseFile(layout, file)
		if err != nil {
			faults.Addf(fault.Internal, fault.Place{File: file}, "", "%v", err)
		}
		if name, isPage := strings.CutSuffix(path.Base(file), pageSuffix); isPage {
			ts.pages["page/"+name] = trees
			continue
		}
		ts.base = append(ts.base, trees...)
	}
	for _, a := range areas {
		ts.uses[a.Name] = a.Uses
		for _, other := range a.Uses {
			if !slices.ContainsFunc(areas, func(b Area) bool { return b.Name == other }) {
				faults.Addf(fault.Internal, fault.Place{Field: a.Name}, "", "the area uses %q, which is not in the site", other)
			}
		}
		files, _ := fs.Glob(a.Files, "*.tmpl")
		for _, file := range files {
			trees, err := parseFile(a.Files, file)
			if err != nil {
				faults.Addf(fault.Internal, fault.Place{File: a.Name + "/" + file}, "", "%v", err)
				continue
			}
			if name, isPage := strings.CutSuffix(file, pageSuffix); isPage {
				ts.pages[a.Name+"/"+name] = trees
			} else if strings.HasSuffix(file, partSuffix) {
				ts.parts[a.Name] = append(ts.parts[a.Name], trees...)
			} else {
				faults.Addf(fault.Internal, fault.Place{File: a.Name + "/" + file}, "end it in "+pageSuffix+" or "+partSuffix, "a template is neither a page nor a partial")
			}
		}
	}
	return ts, faults.Err()
}

// parseFile returns the trees of a file's definitions.
func parseFile(fsys fs.FS, file string) ([]*parse.Tree, error) {
	text, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	t, err := texttemplate.New(path.Base(file)).Funcs(texttemplate.FuncMap(funcs(nil))).Parse(string(text))
	if err != nil {
		return nil, err
	}
	var trees []*parse.Tree
	for _, d := range t.Templates() {
		if d.Tree != nil && d.Name() != path.Base(file) {
			trees = append(trees, d.Tree)
		}
	}
	return trees, nil
}

// page puts a page together in a language.
func (ts *templates) page(lang, name string) (*htmltemplate.Template, error) {
	key := lang + " " + name
	if t, ok := ts.ready.Load(key); ok {
		return t.(*htmltemplate.Template), nil
	}
	own := ts.pages[name]
	if own == nil {
		return nil, fmt.Errorf("there is no template %q", name)
	}
	area, _, _ := strings.Cut(name, "/")
	t := htmltemplate.New(name).Funcs(funcs(ts.words[lang]())).Option("missingkey=error")
	all := [][]*parse.Tree{ts.base}
	for _, other := range ts.uses[area] {
		all = append(all, ts.parts[other])
	}
	for _, trees := range append(all, ts.parts[area], own) {
		for _, tree := range trees {
			if _, err := t.AddParseTree(tree.Name, tree.Copy()); err != nil {
				return nil, err
			}
		}
	}
	ready, _ := ts.ready.LoadOrStore(key, t)
	return ready.(*htmltemplate.Template), nil
}

// funcs are what templates may call. They are bound to a language; w is nil while
// parsing.
func funcs(w *Words) htmltemplate.FuncMap {
	return htmltemplate.FuncMap{
		// t "key" "variable" value ...: a text in the page's language.
		"t": func(key string, args ...any) string { return w.Text(key, args...) },
		// has "key": whether there is such a text.
		"has": func(key string) bool { return w.Has(key) },
		// date: the day of a time, or of a text like 2016-10-06.
		"date": func(v any) string {
			switch v := v.(type) {
			case time.Time:
				return w.Day(v)
			case string:
				if v == "" {
					return "–"
				}
				return w.Date(v)
			}
			return fmt.Sprint(v)
		},
		// moment: day and time of day; clock: time of day; iso: for datetime="".
		"moment": func(t time.Time) string { return w.Moment(t) },
		"clock":  func(t time.Time) string { return w.Clock(t) },
		"iso":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		// number 12345, decimal 1.25 1, percent 0.46 0, bytes 52428800.
		"number":  func(v any) string { return w.Decimal(float(v), 0) },
		"decimal": func(v any, decimals int) string { return w.Decimal(float(v), decimals) },
		"percent": func(v any, decimals int) string { return w.Percent(float(v), decimals) },
		"bytes":   func(v any) string { return w.Bytes(int64(float(v))) },
		// list: "a, b and c".
		"list": func(items []string) string { return w.List(items) },
		// path "/rounds/{round}" "round" .ID: see Path.
		"path": Path,
		// asset "waymark.css": the address of a file of web/assets.
		"asset": assets.Path,
		// languages and languageName: for the switch.
		"languages":    func() []string { return Languages },
		"languageName": func(code string) string { return LanguageNames[code] },
		// dict "name" value ...: a map, for partials with more than one value.
		"dict": dict,
		// texts "a" "b": a slice of texts.
		"texts": func(s ...string) []string { return s },
		// link "text" "/path": a Link.
		"link": func(text, href string) Link { return Link{Text: text, Href: href} },
		// tag "text" "colour" is a Tag.
		"tag": func(text, colour string) Tag { return Tag{Text: text, Colour: colour} },
		// crumb "text" "/path" is a Crumb.
		"crumb": func(text, href string) Crumb { return Crumb{Text: text, Href: href} },
		"rtl":   func() bool { return w.RTL },
		"lang":  func() string { return w.Lang },
	}
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict needs pairs")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

func float(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case float64:
		return v
	case *float64:
		if v != nil {
			return *v
		}
	}
	return 0
}

// Bytes prints a size: "52 MB", in thousands as discs are sold.
func (w *Words) Bytes(n int64) string {
	for _, u := range []struct {
		size int64
		key  string
	}{{1e9, "page.size.gb"}, {1e6, "page.size.mb"}, {1e3, "page.size.kb"}} {
		if n >= u.size {
			decimals := 0
			if n < 10*u.size && n%u.size != 0 {
				decimals = 1
			}
			return w.Text(u.key, "n", w.Decimal(float64(n)/float64(u.size), decimals))
		}
	}
	return w.Text("page.size.b", "n", w.Whole(int(n)))
}
