package programme

import (
	"waymark/internal/fault"
	"waymark/monitoring/collection"
	"waymark/web/page"
)

// programmeForm is what the page of a new or changed programme shows.
type programmeForm struct {
	Form  *page.Form
	Clash *page.Clash
	New   bool
	Back  string
}

func addProgramme(r *page.Request) error {
	return r.Render(200, "programme/form", programmeForm{Form: r.NewForm("programme.form"), New: true, Back: "/programmes"})
}

func addProgrammePost(r *page.Request) error {
	f, err := r.ReadForm("programme.form")
	if err != nil {
		return err
	}
	p := &collection.Programme{Created: r.House.Now()}
	readProgramme(f, p)
	if !f.Bad() {
		if err := r.House.Collection.PutProgramme(r.Context(), r.By, p); err != nil {
			return err
		}
		r.Flash("programme.added")
		return r.Redirect(page.Path("/programmes/{programme}", "programme", p.ID))
	}
	return r.Render(422, "programme/form", programmeForm{Form: f, New: true, Back: "/programmes"})
}

// readProgramme reads the form and marks what is wrong.
func readProgramme(f *page.Form, p *collection.Programme) {
	p.Name, p.About = collection.Clean(f.Raw("name")), collection.CleanLines(f.Raw("about"))
	_ = f.Take(p.Check()) // faults of kind Invalid alone
}

func changeProgramme(r *page.Request) error {
	f := r.NewForm("programme.form")
	f.Set("name", r.Programme.Name)
	f.Set("about", r.Programme.About)
	f.SetEtag(r.Programme.Etag)
	return r.Render(200, "programme/form", programmeForm{Form: f, Back: programmePath(r)})
}

func changeProgrammePost(r *page.Request) error {
	f, err := r.ReadForm("programme.form")
	if err != nil {
		return err
	}
	p := *r.Programme
	p.Etag = f.Etag()
	readProgramme(f, &p)
	if f.Bad() {
		return r.Render(422, "programme/form", programmeForm{Form: f, Back: programmePath(r)})
	}
	err = r.House.Collection.PutProgramme(r.Context(), r.By, &p)
	if fault.KindOf(err) == fault.Conflict && err != nil {
		return clashProgramme(r, f, &p)
	}
	if err != nil {
		return err
	}
	r.Flash("programme.changed")
	return r.Redirect(programmePath(r))
}

// clashProgramme shows what another person made of it meanwhile.
func clashProgramme(r *page.Request, f *page.Form, mine *collection.Programme) error {
	now, err := r.House.Collection.Programme(r.Context(), mine.ID)
	if err != nil {
		return err
	}
	c := &page.Clash{}
	c.Add(r.Text("programme.form.name"), now.Name, mine.Name)
	c.Add(r.Text("programme.form.about"), now.About, mine.About)
	f.SetEtag(now.Etag)
	return r.Render(409, "programme/form", programmeForm{Form: f, Clash: c, Back: programmePath(r)})
}

func programmePath(r *page.Request) string {
	return page.Path("/programmes/{programme}", "programme", r.Programme.ID)
}

func roundPath(r *page.Request) string {
	return page.Path("/rounds/{round}", "round", r.Round.ID)
}
