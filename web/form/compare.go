package form

import (
	"waymark/forms/compare"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/draft"
	"waymark/web/page"
)

func comparePath(f *collection.Form, old, new ids.ID) string {
	return page.Path("/forms/{form}/compare", "form", f.ID, "old", old, "new", new)
}

// level is the changes of one level.
type level struct {
	Tag     page.Tag
	Why     string
	Changes []compare.Change
}

var levelColours = map[compare.Level]string{compare.Breaks: "red", compare.Meaning: "orange", compare.Adds: "blue", compare.Wording: "grey"}

// levels are all, the gravest first.
var levels = []compare.Level{compare.Breaks, compare.Meaning, compare.Adds, compare.Wording}

// changeTags count the changes from one version to another by level.
func changeTags(r *page.Request, old, new *collection.Version) ([]page.Tag, error) {
	report, err := draft.Compare(old, new)
	if err != nil {
		return nil, err
	}
	var tags []page.Tag
	for _, l := range levels {
		if n := report.Count(l); n > 0 {
			tags = append(tags, page.Tag{Text: r.Text("form.changes."+l.String(), "n", n), Colour: levelColours[l]})
		}
	}
	return tags, nil
}

// differences shows what differs between any two versions.
func differences(r *page.Request) error {
	f, err := find(r)
	if err != nil {
		return err
	}
	versions, err := r.House.Collection.ListVersions(r.Context(), f.ID)
	if err != nil {
		return err
	}
	q, err := r.ReadQuery("form.compare")
	if err != nil {
		return err
	}
	var options []page.Option
	for _, v := range versions {
		options = append(options, page.Option{Value: v.ID.String(), Text: versionName(r, f, v)})
	}
	q.SetOptions("old", options)
	q.SetOptions("new", options)
	p := struct {
		Form   *collection.Form
		Query  *page.Form
		Report *compare.Report
		Levels []level
		Empty  *page.Empty
	}{Form: f, Query: q}
	crumbs(r, f)
	if len(versions) < 2 {
		p.Empty = &page.Empty{Title: r.Text("form.compare.empty.title"), Text: r.Text("form.compare.empty.text"),
			Actions: []page.Link{{Text: r.Text("form.back"), Href: pathOf(f)}}}
		return r.Render(200, "form/compare", p)
	}
	if q.Raw("old") == "" || q.Raw("new") == "" {
		q.Set("old", versions[1].ID.String())
		q.Set("new", versions[0].ID.String())
	}
	old, err := chosen(r, q, "old", versions)
	if err != nil {
		return err
	}
	new, err := chosen(r, q, "new", versions)
	if err != nil {
		return err
	}
	if p.Report, err = draft.Compare(old, new); err != nil {
		return err
	}
	for _, l := range levels {
		one := level{Tag: page.Tag{Text: r.Text("form.level." + l.String()), Colour: levelColours[l]}, Why: r.Text("form.level." + l.String() + ".why")}
		for _, c := range p.Report.Changes {
			if c.Level == l {
				one.Changes = append(one.Changes, c)
			}
		}
		if len(one.Changes) > 0 {
			p.Levels = append(p.Levels, one)
		}
	}
	return r.Render(200, "form/compare", p)
}

// chosen reads the version that a field of the query names, if it is one of the form's.
func chosen(r *page.Request, q *page.Form, name string, versions []*collection.Version) (*collection.Version, error) {
	for _, v := range versions {
		if v.ID.String() == q.Raw(name) {
			return r.House.Collection.Version(r.Context(), v.ID)
		}
	}
	return nil, page.NotFound()
}
