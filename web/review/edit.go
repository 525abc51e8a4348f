package review

import (
	"slices"
	"strconv"
	"strings"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/collection/record"
	"waymark/web/page"
)

// editPage is the form on which answers are changed.
type editPage struct {
	*seen
	Form     *page.Form
	Sections []editSection
	Etag     int64
	// From is the revision that the form began from, Remark the last remark seen.
	From      int
	Remark    ids.ID
	Lang, Dir string
	// Meanwhile is set if someone changed the submission since, Theirs what they
	// changed, and Clashes the questions that both changed.
	Meanwhile *meanwhile
	Theirs    []pairView
	Clashes   []clash
	// Was is the revision that the first form began from, while there are clashes.
	Was int
}

// editSection is the questions of a group.
type editSection struct {
	Title  string
	Fields []editField
}

// editField is one question as the partials show it.
type editField struct {
	*page.Field
	Input record.Input
	Code  string // the question's name
}

// clash is a question that two people changed.
type clash struct {
	Label                string
	Before, Theirs, Mine answerView
	Pick                 *page.Field
	// Name and Values send what was typed along.
	Name   string
	Values []string
}

// edit shows the answers as a form. That they were read is in the audit.
func (a *area) edit(r *page.Request) error {
	s, err := a.open(r, false)
	if err != nil {
		return err
	}
	if s.Unreadable {
		return fault.New(fault.Unavailable, fault.Place{}, "the answers are encrypted and could not be opened", "")
	}
	d, _, err := a.draft(r, s)
	if err != nil {
		return err
	}
	return a.showEdit(r, s, d, r.NewForm("review.edit"), &editPage{}, 200)
}

// draft reads the current answers for a change.
func (a *area) draft(r *page.Request, s *seen) (*record.Draft, *collection.Revision, error) {
	rev, err := a.house.Collection.ReadAnswers(r.Context(), r.By, s.ID, 0)
	if err != nil {
		return nil, nil, err
	}
	d, err := a.begin(r, s, rev)
	return d, rev, err
}

func (a *area) begin(r *page.Request, s *seen, rev *collection.Revision) (*record.Draft, error) {
	version := rev.Version
	if version == 0 {
		version = s.Version
	}
	reader, err := a.readers.of(r.Context(), r.Round, version)
	if err != nil {
		return nil, err
	}
	return reader.Edit(rev.XML, labelLanguage(r), s.Received)
}

// showEdit renders the form. What stands in the draft is what was typed, as far as
// the form takes it; v holds what is known of a conflict.
func (a *area) showEdit(r *page.Request, s *seen, d *record.Draft, form *page.Form, v *editPage, status int) error {
	v.seen, v.Form, v.Etag, v.From = s, form, s.Etag, s.Revision
	reader, err := a.readers.of(r.Context(), r.Round, s.Version)
	if err != nil {
		return err
	}
	v.Lang, v.Dir = reader.Labels(labelLanguage(r))
	remarks, err := a.house.Collection.Remarks(r.Context(), s.ID)
	if err != nil {
		return err
	}
	for _, m := range remarks {
		v.Remark = max(v.Remark, m.ID)
	}
	clashing := map[string]bool{}
	for _, c := range v.Clashes {
		clashing[c.Name] = true
	}
	for _, f := range d.Fields() {
		if f.Section != "" || len(v.Sections) == 0 {
			title := f.Section
			if f.Number > 0 {
				title = r.Text("review.record.instance-of", "label", f.Section, "n", f.Number)
			}
			v.Sections = append(v.Sections, editSection{Title: title})
		}
		if clashing[f.Anchor] {
			continue
		}
		one, err := fieldOf(r, form, f)
		if err != nil {
			return err
		}
		at := &v.Sections[len(v.Sections)-1]
		at.Fields = append(at.Fields, *one)
	}
	r.Crumb(r.Text("review.record.title", "id", s.ID), s.base)
	return r.Render(status, "review/edit", v)
}

// fieldOf makes the kit's field of a question. A value that was typed and not taken
// stands as it was typed.
func fieldOf(r *page.Request, form *page.Form, f record.Field) (*editField, error) {
	if len(form.Values(f.Anchor)) == 0 && !slices.Contains(form.Values("q"), f.Anchor) {
		form.Set(f.Anchor, valuesOf(f)...)
	}
	label := f.Label
	var options []page.Option
	if f.Input == record.Radios || f.Input == record.Menu {
		options = append(options, page.Option{Value: "", Text: r.Text("review.edit.none")})
		if len(form.Values(f.Anchor)) == 0 {
			form.Set(f.Anchor, "")
		}
	}
	for _, c := range f.Choices {
		options = append(options, page.Option{Value: c.Value, Text: c.Label})
	}
	attributes := []any{"label", label, "optional", !f.Required && f.Input != record.Fixed, "sensitive", true, "options", options}
	hint := f.Hint
	switch f.Input {
	case record.Number:
		attributes = append(attributes, "inputmode", "decimal", "width", "10")
	case record.Date:
		attributes = append(attributes, "type", "date", "width", "10")
	case record.Lines:
		attributes = append(attributes, "rows", rowsFor(f.Value))
	case record.Line:
		if f.Type != "text" {
			hint = strings.TrimSpace(hint + " " + r.Text("review.edit.type."+lineHint(f.Type)))
		}
	}
	if hint != "" {
		attributes = append(attributes, "hint", hint)
	}
	field, err := form.Field(f.Anchor, attributes...)
	if err != nil {
		return nil, err
	}
	return &editField{Field: field, Input: f.Input, Code: f.Name}, nil
}

// lineHint says how a value that is typed on one line is written.
func lineHint(kind string) string {
	switch kind {
	case "geopoint", "geotrace", "geoshape", "time", "dateTime":
		return strings.ToLower(kind)
	case "select_one", "select_multiple", "rank":
		return "codes"
	}
	return "other"
}

func rowsFor(value string) int {
	return min(8, 1+strings.Count(value, "\n")+len([]rune(value))/60)
}

func valuesOf(f record.Field) []string {
	if f.Input == record.Checks {
		return strings.Fields(f.Value)
	}
	return []string{f.Value}
}

// typedValue is what the form holds for a question, as a document would.
func typedValue(form *page.Form, f record.Field) string {
	values := form.Values(f.Anchor)
	if f.Input == record.Checks {
		return strings.Join(values, " ")
	}
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// editPost keeps changed answers as a new revision.
func (a *area) editPost(r *page.Request) error {
	form, err := r.ReadForm("review.edit")
	if err != nil {
		return err
	}
	s, err := a.open(r, false)
	if err != nil {
		return err
	}
	etag, err1 := strconv.ParseInt(form.Raw("etag"), 10, 64)
	base, err2 := strconv.Atoi(form.Raw("base"))
	if err1 != nil || err2 != nil || base < 1 || base > s.Revision {
		return fault.New(fault.Usage, fault.Place{}, "what was sent is not a form of this page", "go back to the page and send it again")
	}
	remark, _ := ids.Parse(form.Raw("remark")) // none seen shows all
	reason := form.Text("reason", page.Required, page.Max(maxComment), page.Lines)
	d, rev, err := a.draft(r, s)
	if err != nil {
		return err
	}
	if was, ok := unpicked(form); ok && was >= 1 && was <= base {
		base = was
	}
	if base != s.Revision {
		return a.merge(r, s, d, rev, form, base, remark)
	}
	a.take(d, form)
	a.tell(d, form)
	if form.Bad() {
		return a.showEdit(r, s, d, form, &editPage{}, 422)
	}
	if etag != s.Etag {
		return a.changedMeanwhile(r, s, d, form, base, remark)
	}
	edited, err := d.Save()
	if err != nil {
		form.Wrong("", "review.edit.nothing")
		return a.showEdit(r, s, d, form, &editPage{}, 422)
	}
	err = a.house.Collection.Edit(r.Context(), r.By, s.ID, etag, &collection.Revision{Submission: s.ID, InstanceID: edited.InstanceID,
		At: a.house.Now(), Account: r.Account.ID, Version: rev.Version, XML: edited.XML, Reason: reason}, edited.Names)
	if fault.KindOf(err) == fault.Conflict && err != nil {
		return a.overtaken(r, s, form, base, remark)
	}
	if err != nil {
		return err
	}
	r.Flash("review.edit.done", "n", len(edited.Paths))
	return r.Redirect(s.base + "/revisions?from=" + strconv.Itoa(base) + "&to=" + strconv.Itoa(base+1))
}

// unpicked tells whether the person left a clash open, and the revision from which
// it is shown again.
func unpicked(form *page.Form) (was int, open bool) {
	for _, anchor := range form.Values("clash") {
		if p := form.Raw("pick." + anchor); p != "theirs" && p != "mine" {
			was, err := strconv.Atoi(form.Raw("was"))
			return was, err == nil
		}
	}
	return 0, false
}

// overtaken begins again where someone changed the submission between our reading
// and our writing.
func (a *area) overtaken(r *page.Request, s *seen, form *page.Form, base int, remark ids.ID) error {
	var err error
	if s.Submission, err = a.house.Collection.Submission(r.Context(), s.ID); err != nil {
		return err
	}
	d, rev, err := a.draft(r, s)
	if err != nil {
		return err
	}
	if base != s.Revision {
		return a.merge(r, s, d, rev, form, base, remark)
	}
	a.take(d, form)
	return a.changedMeanwhile(r, s, d, form, base, remark)
}

// changedMeanwhile shows that the state moved or someone remarked; the answers are
// as they were.
func (a *area) changedMeanwhile(r *page.Request, s *seen, d *record.Draft, form *page.Form, base int, remark ids.ID) error {
	m, err := a.since(r, s, remark, base)
	if err != nil {
		return err
	}
	return a.showEdit(r, s, d, form, &editPage{Meanwhile: m}, 409)
}

// take sets what was typed. A question that is asked only because of another answer
// is there once that one is set.
func (a *area) take(d *record.Draft, form *page.Form) {
	done := map[string]bool{}
	for range 20 {
		values := map[string]string{}
		for _, f := range d.Fields() {
			if done[f.Anchor] || f.Input == record.Fixed || !slices.Contains(form.Values("q"), f.Anchor) {
				continue
			}
			done[f.Anchor] = true
			if form.Raw("pick."+f.Anchor) == "theirs" {
				continue
			}
			values[f.Path] = typedValue(form, f)
		}
		if len(values) == 0 {
			return
		}
		d.Set(values)
	}
}

// tell marks the fields that the form's rules are against.
func (a *area) tell(d *record.Draft, form *page.Form) {
	at := map[string]record.Field{}
	for _, f := range d.Fields() {
		at[f.Path] = f
	}
	for _, one := range d.Faults().Faults {
		f, ok := at[one.Place.Field]
		if !ok {
			form.Wrong("", "review.edit.fault", "label", one.Place.Field, "message", one.Message)
			continue
		}
		form.Wrong(f.Anchor, "review.edit.fault", "label", f.Label, "message", one.Message)
	}
	here := map[string]bool{}
	for _, f := range at {
		here[f.Anchor] = true
	}
	for _, anchor := range form.Values("clash") {
		if form.Raw("pick."+anchor) == "mine" && !here[anchor] {
			form.Wrong("", "review.edit.gone")
		}
	}
}

// merge puts what was typed beside what someone else saved since. What only one of
// the two changed is kept; where both did, the person chooses.
func (a *area) merge(r *page.Request, s *seen, current *record.Draft, rev *collection.Revision, form *page.Form, base int, remark ids.ID) error {
	old, err := a.house.Collection.ReadAnswers(r.Context(), r.By, s.ID, base)
	if err != nil {
		return err
	}
	was, err := a.begin(r, s, old)
	if err != nil {
		return err
	}
	mine, err := a.begin(r, s, old)
	if err != nil {
		return err
	}
	a.take(mine, form)
	v := &editPage{Was: base}
	if v.Meanwhile, err = a.since(r, s, remark, base); err != nil {
		return err
	}
	before, err := a.layOut(r, s, old, record.View{})
	if err != nil {
		return err
	}
	after, err := a.layOut(r, s, rev, record.View{})
	if err != nil {
		return err
	}
	v.Theirs = pairViews(r, record.Differences(record.Compare(before, after, false)), after.Lang)
	keep := map[string]string{}
	fresh := r.NewForm("review.edit")
	for _, f := range mine.Fields() {
		if f.Input == record.Fixed || !slices.Contains(form.Values("q"), f.Anchor) {
			continue
		}
		a0, _ := was.Value(f.Path)
		theirs, there := current.Value(f.Path)
		switch {
		case f.Value == a0 || f.Value == theirs: // not mine to change, or the same change
		case theirs == a0 && there:
			keep[f.Path] = f.Value
		default:
			if slices.Contains(form.Values("clash"), f.Anchor) && form.Raw("pick."+f.Anchor) == "" {
				fresh.Wrong("pick."+f.Anchor, "review.edit.pick.missing", "label", f.Label)
			}
			c, err := clashOf(r, fresh, form, f, a0, theirs)
			if err != nil {
				return err
			}
			v.Clashes = append(v.Clashes, *c)
		}
	}
	current.Set(keep)
	fresh.Set("reason", form.Raw("reason"))
	return a.showEdit(r, s, current, fresh, v, 409)
}

// clashOf shows a question's three answers with a choice between the two new ones.
func clashOf(r *page.Request, form, old *page.Form, f record.Field, before, theirs string) (*clash, error) {
	if was := old.Raw("pick." + f.Anchor); was != "" {
		form.Set("pick."+f.Anchor, was)
	}
	c := &clash{Label: f.Label, Name: f.Anchor, Values: valuesOf(f), Before: labelled(f, before), Theirs: labelled(f, theirs), Mine: labelled(f, f.Value)}
	options := []page.Option{{Value: "theirs", Text: r.Text("review.edit.pick.theirs")}, {Value: "mine", Text: r.Text("review.edit.pick.mine")}}
	field, err := form.Field("pick."+f.Anchor, "label", r.Text("review.edit.pick", "label", f.Label), "options", options)
	if err != nil {
		return nil, err
	}
	c.Pick = field
	return c, nil
}

// labelled shows a value with the labels of a field's choices.
func labelled(f record.Field, value string) answerView {
	if value == "" {
		return answerView{None: true}
	}
	v := answerView{Text: value}
	if len(f.Choices) == 0 {
		return v
	}
	for code := range strings.FieldsSeq(value) {
		label := code
		for _, c := range f.Choices {
			if c.Value == code {
				label = c.Label
			}
		}
		v.Codes = append(v.Codes, record.Code{Value: code, Label: label})
	}
	return v
}
