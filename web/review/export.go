package review

import (
	"io"
	"net/http"
	"net/url"
	"slices"

	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/web/page"
)

// Export is what a person asked to take away.
type Export struct {
	Round  *collection.Round
	Filter collection.Filter
	// Pseudonymous leaves out what identifies people.
	Pseudonymous bool
	// Format is "csv", "xlsx", "dta" or "sav".
	Format string
	// Language of labels and headings, as the form writes it; "" for the form's own.
	Language string
	// Labels writes what choices are called instead of their codes.
	Labels bool
	// Start says which ending and media type the file has, and returns where to
	// write it. It is called once, when nothing can be found wrong any more: an
	// error before it becomes a page, one after it breaks the download off.
	Start func(ending, mediaType string) io.Writer
}

// Formats of an export.
var formats = []string{"csv", "xlsx", "dta", "sav"}

// exportView is the page on which an export is asked for.
type exportView struct {
	Form         *page.Form
	Pseudonymous bool
	// Facts say what the list is narrowed to; Count how many there are.
	Facts  page.Summary
	Count  string
	Query  string
	Action string
	// Other leads to the export of the other kind.
	Other *page.Link
	Back  string
	None  bool // there is no export, or nothing to export
	Forms []page.Option
	// Languages of the forms, empty where there is no choice.
	Languages []page.Option
}

// export shows the page of one kind of export.
func (a *area) export(pseudonymous bool) func(*page.Request) error {
	return func(r *page.Request) error {
		form := r.NewForm("review.export")
		form.Set("format", "csv")
		return a.showExport(r, form, pseudonymous, 200)
	}
}

func exportPath(r *page.Request, pseudonymous bool) string {
	if pseudonymous {
		return page.Path("/rounds/{round}/export", "round", r.Round.ID)
	}
	return page.Path("/rounds/{round}/export/full", "round", r.Round.ID)
}

func (a *area) showExport(r *page.Request, form *page.Form, pseudonymous bool, status int) error {
	f, k, err := a.filtered(r)
	if err != nil {
		return err
	}
	v := &exportView{Form: form, Pseudonymous: pseudonymous, Query: f.query.Encode(), Action: exportPath(r, pseudonymous),
		Back: f.path(page.Path("/rounds/{round}/submissions", "round", r.Round.ID)), None: a.opt.Export == nil}
	if may := access.ExportFull; pseudonymous && r.May(may) {
		v.Other = &page.Link{Text: r.Text("review.export.to-full"), Href: f.path(exportPath(r, false))}
	} else if !pseudonymous {
		v.Other = &page.Link{Text: r.Text("review.export.to-pseudonymous"), Href: f.path(exportPath(r, true))}
	}
	v.Facts = a.filterFacts(r, f, k)
	f.Limit = 1
	got, err := a.house.Collection.ListSubmissions(r.Context(), f.Filter)
	if err != nil {
		return err
	}
	if got.Total >= 0 {
		v.Count = r.Text("review.list.total", "n", got.Total)
	}
	if len(got.Rows) == 0 {
		v.None = true
		v.Count = r.Text("review.list.total", "n", 0)
	}
	form.Choices("format", formats...)
	form.Choices("values", "codes", "labels")
	if len(form.Values("values")) == 0 {
		form.Set("values", "codes")
	}
	for _, one := range k.forms {
		v.Forms = append(v.Forms, page.Option{Value: one.ID.String(), Text: one.Title})
	}
	form.SetOptions("form", v.Forms)
	if len(form.Values("form")) == 0 && len(v.Forms) > 0 {
		form.Set("form", v.Forms[0].Value)
	}
	languages, own := a.exportLanguages(r, k)
	if len(languages) > 1 {
		for _, name := range languages {
			v.Languages = append(v.Languages, page.Option{Value: name, Text: name})
		}
		form.SetOptions("language", v.Languages)
		if len(form.Values("language")) == 0 {
			form.Set("language", own)
		}
	}
	return r.Render(status, "review/export", v)
}

// exportLanguages are those of the round's forms on phones, and which of them is
// the page's, or else the first. A form that cannot be read has none.
func (a *area) exportLanguages(r *page.Request, k *looked) (names []string, own string) {
	for _, f := range k.forms {
		if f.Current == 0 {
			continue
		}
		reader, err := a.readers.of(r.Context(), r.Round, f.Current)
		if err != nil {
			continue
		}
		for _, l := range reader.Languages() {
			if l.Name == "" || slices.Contains(names, l.Name) {
				continue
			}
			names = append(names, l.Name)
			if own == "" && l.Tag == r.Lang {
				own = l.Name
			}
		}
	}
	if own == "" && len(names) > 0 {
		own = names[0]
	}
	return names, own
}

// filterFacts say in words what a list is narrowed to.
func (a *area) filterFacts(r *page.Request, f *filter, k *looked) page.Summary {
	var s page.Summary
	add := func(name, text string) {
		if text != "" {
			s.Rows = append(s.Rows, page.SummaryRow{Key: r.Text("review.filter." + name), Value: page.Cell{Text: text}})
		}
	}
	var states []string
	for _, st := range f.States {
		states = append(states, r.Text("review.state."+string(st)))
	}
	add("state", r.Words().List(states))
	for _, p := range f.Points {
		add("point", k.pointName(p))
	}
	for _, p := range f.Routes {
		add("route", k.routeName(p))
	}
	for _, e := range f.Enumerators {
		add("enumerator", k.enumeratorName(e, r.May(access.EnumeratorView)))
	}
	for _, id := range f.Versions {
		add("version", k.versionName(id))
	}
	if f.From != "" {
		add("from", r.Words().Date(f.From))
	}
	if f.To != "" {
		add("to", r.Words().Date(f.To))
	}
	if f.Worst != "" {
		add("worst", r.Text("review.filter.worst."+string(f.Worst)))
	}
	add("rule", f.Rule)
	if f.Alike {
		add("alike", r.Text("review.yes"))
	}
	add("text", f.Text)
	return s
}

// exportPost sends the file as it is written.
func (a *area) exportPost(pseudonymous bool) func(*page.Request) error {
	return func(r *page.Request) error {
		form, err := r.ReadForm("review.export")
		if err != nil {
			return err
		}
		// The filter travels in a field, so that the page's address keeps it too.
		at := *r.URL
		at.RawQuery = form.Raw("query")
		if _, err := url.ParseQuery(at.RawQuery); err != nil {
			at.RawQuery = ""
		}
		r.URL = &at
		f, k, err := a.filtered(r)
		if err != nil {
			return err
		}
		var offered []string
		for _, one := range k.forms {
			offered = append(offered, one.ID.String())
		}
		e := Export{Round: r.Round, Pseudonymous: pseudonymous, Format: form.Choice("format", formats, page.Required),
			Labels: form.Choice("values", []string{"codes", "labels"}) == "labels"}
		chosen := form.Choice("form", offered, page.Required)
		if names, _ := a.exportLanguages(r, k); len(names) > 1 {
			e.Language = form.Choice("language", names)
		}
		if form.Bad() || f.Form.Bad() || a.opt.Export == nil {
			return a.showExport(r, form, pseudonymous, 422)
		}
		if id := f.identified(chosen); len(id) == 1 {
			f.Filter.Form = id[0]
		}
		e.Filter = f.Filter
		name := "submissions-" + a.house.Now().UTC().Format("2006-01-02")
		if pseudonymous {
			name += "-pseudonymous"
		}
		started := false
		e.Start = func(ending, mediaType string) io.Writer {
			started = true
			return &steady{w: r.Download(name+ending, mediaType, -1), c: http.NewResponseController(r.W)}
		}
		if err := a.opt.Export(r.Context(), r.By, e); err != nil {
			if !started {
				return err
			}
			a.house.Log.Error("export", "error", err.Error())
			// The browser must not take a part for the whole.
			panic(http.ErrAbortHandler)
		}
		return nil
	}
}
