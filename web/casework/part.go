package casework

import (
	"slices"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/referral"
	"waymark/web/page"
)

// partPage is the page on which a part is written.
type partPage struct {
	Form      *page.Form
	Fields    []shownField
	Heading   string
	Reference string
	Back      string
	Action    string
	// Clash is set where somebody else changed the part meanwhile.
	Clash *page.Clash
	// Rows are of the actions of a conference.
	Actions []int
}

// shownField is a field with the partial that shows it.
type shownField struct {
	As    string
	Field *page.Field
}

// writer is a part being written: new, or one that is there.
type writer struct {
	*seen
	k    *kind
	part *referral.Part
	need ids.ID // that a new service is for
}

func (a *area) writer(r *page.Request) (*writer, error) {
	s, err := a.open(r)
	if err != nil {
		return nil, err
	}
	w := &writer{seen: s}
	if name := r.PathValue("kind"); name != "" {
		w.k = kindOf(name)
		if need := r.URL.Query().Get("need"); need != "" {
			w.need, _ = ids.Parse(need)
		}
	} else {
		id, err := r.PathID("part")
		if err != nil {
			return nil, err
		}
		if w.part = s.Part(id); w.part != nil {
			w.k = kindOf(string(w.part.Kind))
		}
	}
	if w.k == nil || !s.standing.Assigned && !w.k.partner || w.part != nil && (w.k.of == referral.PartConsent || w.k.of == referral.PartConference) {
		return nil, page.NotFound()
	}
	return w, nil
}

func (a *area) add(r *page.Request) error {
	w, err := a.writer(r)
	if err != nil {
		return err
	}
	f := r.NewForm(w.k.words())
	for _, fd := range w.k.fields {
		if fd.as == day && fd.name == "date" {
			f.SetDate("date", w.today.String())
		}
	}
	if w.k.of == referral.PartNeed {
		f.Set("state", "open")
	}
	if w.need != 0 {
		f.Set("need", w.need.String())
	}
	return a.renderPart(r, 200, w, f, nil)
}

func (a *area) addPost(r *page.Request) error {
	w, err := a.writer(r)
	if err != nil {
		return err
	}
	f, err := r.ReadForm(w.k.words())
	if err != nil {
		return err
	}
	body := map[string]any{}
	w.k.read(f, body)
	about := w.about(f, body)
	if w.k.of == referral.PartService {
		body["course"] = []referral.Mark{{State: "offered", Date: w.today.String()}}
		if need, err := ids.Parse(f.Raw("need")); err == nil && need != 0 {
			if n := w.Part(need); n == nil || n.Kind != referral.PartNeed {
				return page.NotFound()
			}
			body["need"] = need
		}
	}
	content := w.k.blank()
	if !f.Bad() {
		if err := strict(body, content); err != nil {
			return err
		}
		if c, err := w.change(f, content, about); err != nil || !f.Bad() {
			if _, err := a.do(r, f, c, err); err != nil {
				return err
			}
		}
	}
	if f.Bad() {
		return a.renderPart(r, 422, w, f, nil)
	}
	r.Flash("casework.saved")
	return r.Redirect(page.Path(path(w.ID), "view", w.k.view))
}

// change is what a new part comes to.
func (w *writer) change(f *page.Form, content referral.Content, about referral.About) (*referral.Change, error) {
	if m, ok := content.(*referral.Conference); ok {
		readMeeting(f, m)
		if f.Bad() {
			return nil, nil // the form says what is wrong
		}
		return w.Hold(m, about, w.who)
	}
	if about.Purpose == "" && !w.k.purpose {
		if of := referral.PurposeOf(w.k.of, content); slices.Contains(w.purposes(), string(of)) {
			about.Purpose = of
		}
	}
	return w.Add(w.k.of, content, about, w.who)
}

// about reads what stands in clear about the part.
func (w *writer) about(f *page.Form, body map[string]any) referral.About {
	var b referral.About
	if w.k.purpose {
		b.Purpose = referral.Purpose(f.Choice("purpose", w.purposes()))
	} else if w.part != nil {
		b.Purpose = w.part.Purpose
	}
	if w.k.private {
		b.Private = f.Checked("private")
	}
	switch w.k.of {
	case referral.PartTask:
		b.Due = midnight(f.Date("due", page.Required))
		b.For = w.Owner
		if w.part != nil {
			b.For, b.Done = w.part.For, w.part.Done
		}
	case referral.PartRisk, referral.PartPlan:
		if review, _ := body["review"].(string); review != "" {
			b.Due, b.For = midnight(review), w.Owner
		}
	}
	return b
}

// purposes are those for which somebody may let others see what they write: all for
// those who keep the case, for a partner those of its share.
func (s *seen) purposes() []string {
	if s.standing.Assigned {
		return purposes()
	}
	return slices.DeleteFunc(purposes(), func(v string) bool { return !slices.Contains(s.standing.Shared, referral.Purpose(v)) })
}

func purposes() []string {
	list := make([]string, len(referral.Purposes))
	for i, p := range referral.Purposes {
		list[i] = string(p)
	}
	return list
}

func (a *area) edit(r *page.Request) error {
	w, err := a.writer(r)
	if err != nil {
		return err
	}
	body, err := loose(w.part.Body)
	if err != nil {
		return err
	}
	f := r.NewForm(w.k.words())
	w.k.fill(f, body)
	f.Set("purpose", string(w.part.Purpose))
	if w.part.Private {
		f.Set("private", "yes")
	}
	if !w.part.Due.IsZero() {
		f.SetDate("due", w.part.Due.UTC().Format("2006-01-02"))
	}
	f.SetEtag(w.part.Etag)
	return a.renderPart(r, 200, w, f, nil)
}

func (a *area) editPost(r *page.Request) error {
	w, err := a.writer(r)
	if err != nil {
		return err
	}
	f, err := r.ReadForm(w.k.words())
	if err != nil {
		return err
	}
	stored, err := loose(w.part.Body)
	if err != nil {
		return err
	}
	// What the form does not show stays as it is: the course of a service.
	body := make(map[string]any, len(stored))
	for name, v := range stored {
		body[name] = v
	}
	w.k.read(f, body)
	about := w.about(f, body)
	if f.Etag() != w.part.Etag {
		return a.clash(r, w, f, stored)
	}
	if !f.Bad() {
		content := w.k.blank()
		if err := strict(body, content); err != nil {
			return err
		}
		c, err := w.Edit(w.part.ID, f.Etag(), content, about, w.who)
		if err == nil {
			_, err = a.Store.Do(r.Context(), c)
		}
		if fault.KindOf(err) == fault.Conflict {
			if w, err = a.writer(r); err != nil {
				return err
			}
			if stored, err = loose(w.part.Body); err != nil {
				return err
			}
			return a.clash(r, w, f, stored)
		}
		if err := f.Take(err); err != nil {
			return err
		}
	}
	if f.Bad() {
		return a.renderPart(r, 422, w, f, nil)
	}
	r.Flash("casework.saved")
	return r.Redirect(page.Path(path(w.ID), "view", w.k.view))
}

// clash shows what somebody else stored meanwhile beside what was typed. Nothing was
// saved; saving again keeps what was typed.
func (a *area) clash(r *page.Request, w *writer, f *page.Form, stored map[string]any) error {
	now := r.NewForm(w.k.words())
	w.k.fill(now, stored)
	c := &page.Clash{}
	for _, fd := range w.k.fields {
		c.Add(r.Text(w.k.words()+"."+fd.name), w.typed(r, now, fd), w.typed(r, f, fd))
	}
	f.SetEtag(w.part.Etag)
	return a.renderPart(r, 409, w, f, c)
}

// typed is what stands in a field, as people read it.
func (w *writer) typed(r *page.Request, f *page.Form, fd field) string {
	switch fd.as {
	case day:
		return w.k.shown(r.Words(), fd, f.Date(fd.name))
	case one, many:
		var list []string
		for _, v := range fd.values {
			if slices.Contains(f.Values(fd.name), v) {
				list = append(list, w.k.shown(r.Words(), fd, v))
			}
		}
		return r.Words().List(list)
	}
	return f.Raw(fd.name)
}

// renderPart shows the page of a part.
func (a *area) renderPart(r *page.Request, status int, w *writer, f *page.Form, clash *page.Clash) error {
	p := partPage{Form: f, Reference: w.Reference(), Back: page.Path(path(w.ID), "view", w.k.view), Action: r.URL.Path, Clash: clash,
		Heading: r.Text(w.k.words() + ".new")}
	if w.part != nil {
		p.Heading = r.Text(w.k.words() + ".change")
	}
	show := func(as string, name string, attributes ...any) error {
		d, err := f.Field(name, attributes...)
		p.Fields = append(p.Fields, shownField{as, d})
		return err
	}
	for _, fd := range w.k.fields {
		var err error
		switch optional := !fd.required; fd.as {
		case line:
			err = show("text", fd.name, "optional", optional, "sensitive", true)
		case timeOfDay:
			err = show("text", fd.name, "optional", optional, "width", "5")
		case language:
			err = show("text", fd.name, "optional", optional, "width", "10")
		case area_, lines:
			err = show("textarea", fd.name, "optional", optional, "sensitive", true)
		case day:
			err = show("date", fd.name, "optional", optional)
		case one:
			f.Choices(fd.name, fd.values...)
			as := "radios"
			if len(fd.values) > 6 {
				as = "select"
			}
			err = show(as, fd.name, "optional", optional)
		case many:
			f.Choices(fd.name, fd.values...)
			err = show("checkboxes", fd.name, "optional", optional)
		case yes:
			err = show("checkbox", fd.name)
		}
		if err != nil {
			return err
		}
	}
	if w.k.of == referral.PartTask {
		if err := show("date", "due"); err != nil {
			return err
		}
	}
	if w.k.of == referral.PartConference {
		for i := range meetingActions {
			p.Actions = append(p.Actions, i+1)
		}
	}
	if w.k.purpose {
		options := []page.Option{{Value: "", Text: r.Text("casework.purpose.none")}}
		for _, v := range w.purposes() {
			options = append(options, page.Option{Value: v, Text: r.Text("casework.purpose." + v)})
		}
		if err := show("select", "purpose", "optional", true, "options", options, "label", r.Text("casework.purpose"), "hint", r.Text("casework.purpose.hint")); err != nil {
			return err
		}
	}
	if w.k.private {
		if err := show("checkbox", "private", "label", r.Text("casework.private"), "hint", r.Text("casework.private.hint")); err != nil {
			return err
		}
	}
	return r.Render(status, "casework/part", p)
}

// donePost takes a part off the list of reminders.
func (a *area) donePost(r *page.Request) error {
	s, err := a.open(r)
	if err != nil {
		return err
	}
	f, err := r.ReadForm("casework.done")
	if err != nil {
		return err
	}
	id, err := r.PathID("part")
	if err != nil {
		return err
	}
	c, err := s.Tick(id, s.who)
	if _, err := a.do(r, f, c, err); err != nil {
		return err
	}
	if f.Bad() {
		r.Flash("casework.meanwhile")
	}
	return r.Redirect(path(s.ID))
}
