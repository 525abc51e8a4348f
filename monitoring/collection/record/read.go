package record

import (
	"fmt"
	"slices"
	"strings"

	"waymark/forms/outline"
	"waymark/forms/xform"
	"waymark/monitoring/collection"
)

// View says who reads.
type View struct {
	// Language of labels: a code such as "fr". Default: the form's.
	Language string
	// Pseudonymous readers do not see what the mask hides.
	Pseudonymous bool
	// Findings of the submission, and its files. Default: none.
	Findings []collection.Finding
	Files    []collection.Attachment
}

// Read lays a submission out. It fails for what is no document of the form.
func (r *Reader) Read(xml []byte, v View) (*Record, error) {
	doc, err := parseDocument(xml)
	if err != nil {
		return nil, err
	}
	if err := doc.match(r.form); err != nil {
		return nil, err
	}
	report, err := r.form.Check(doc.fit(), xform.CheckOptions{Files: r.files})
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	w := &writer{Reader: r, doc: doc, view: v, rec: &Record{}, relevant: map[string]bool{}, doubtful: map[string]bool{}, prefix: map[string]string{}}
	lang := outline.Language{}
	w.language, lang = r.language(v.Language)
	w.rec.Lang, w.rec.Dir = lang.Tag, lang.Dir()
	for _, s := range report.Snapshot() {
		w.relevant[s.Path] = s.Relevant
	}
	for _, p := range report.Problems {
		if p.Kind == xform.Calculation {
			w.doubtful[p.Path] = true
		}
	}
	w.items(r.outline.Items, 1)
	w.last()
	w.strays()
	w.place()
	if !v.Pseudonymous {
		w.rec.Name = doc.metaValue("instanceName")
	}
	return w.rec, nil
}

// writer lays out one record.
type writer struct {
	*Reader
	doc      *document
	view     View
	rec      *Record
	language int
	relevant map[string]bool
	// doubtful are calculated values that are not what the answers give.
	doubtful map[string]bool
	// prefix is where the open instances are: "/data/trip" is at "/data/trip[2]".
	prefix  map[string]string
	section *Section
	record  []*Answer // about the record and the device
	count   int
}

// items writes what stands in one group, or in the form itself.
func (w *writer) items(items []*outline.Item, level int) {
	for _, i := range items {
		switch i.Kind {
		case outline.Repeat:
			w.repeat(i, level)
		case outline.Group:
			label := w.outline.Plain(i.Label(), w.language, i)
			if label == "" {
				w.items(i.Children, level)
				continue
			}
			w.open(&Section{Label: label, Level: level, Anchor: w.anchor(i)})
			w.items(i.Children, level+1)
			w.section = nil
		default:
			w.answer(i, level)
		}
	}
}

func (w *writer) open(s *Section) {
	w.section = s
	w.rec.Sections = append(w.rec.Sections, s)
}

// repeat writes each instance as a section of its own.
func (w *writer) repeat(i *outline.Item, level int) {
	base := w.at(i)
	total := 0
	for w.doc.at[fmt.Sprintf("%s[%d]", base, total+1)] != nil {
		total++
	}
	label := w.outline.Plain(i.Label(), w.language, i)
	if label == "" {
		label = i.Name()
	}
	for n := 1; n <= total; n++ {
		w.prefix[i.Path()] = fmt.Sprintf("%s[%d]", base, n)
		w.open(&Section{Label: label, Level: level, Number: n, Of: total, Anchor: w.anchor(i)})
		w.items(i.Children, level+1)
	}
	delete(w.prefix, i.Path())
	w.section = nil
}

// at is the path of an item inside the open instances. A repeat's own path has no
// position.
func (w *writer) at(i *outline.Item) string {
	for r := i.Within(); r != nil; r = r.Within() {
		if open, ok := w.prefix[r.Path()]; ok {
			return open + strings.TrimPrefix(i.Path(), r.Path())
		}
	}
	return i.Path()
}

// anchor is the item's own, with the positions of the open instances.
func (w *writer) anchor(i *outline.Item) string {
	at := w.at(i)
	if open, ok := w.prefix[i.Path()]; ok {
		at = open
	}
	return anchorOf(i.Anchor, at)
}

// answer writes one question or quiet value.
func (w *writer) answer(i *outline.Item, level int) {
	if i.Definition == nil {
		return
	}
	a := &Answer{Path: w.at(i), Anchor: w.anchor(i), Name: i.Name(), Type: i.Type, Quiet: i.Kind == outline.Quiet}
	if e := w.doc.at[a.Path]; e != nil {
		a.raw = strings.TrimSpace(e.value())
	}
	a.Blank, a.Asked = a.raw == "", w.relevant[a.Path] && !a.Quiet
	switch {
	case i.Type == "note" && a.Blank, a.Blank && !a.Asked:
		return // nothing to see, and nothing was due
	}
	if w.count++; w.count > MaxAnswers {
		w.rec.Cut++
		return
	}
	if a.Label = w.outline.Plain(i.Label(), w.language, i); a.Label == "" {
		a.Label = a.Name
	}
	if a.Asked {
		w.rec.Asked++
		if !a.Blank {
			w.rec.Answered++
		}
	}
	w.value(a, i)
	if i.AboutRecord() {
		w.record = append(w.record, a)
		return
	}
	if w.section == nil {
		w.open(&Section{Level: level, Anchor: "s." + fmt.Sprint(len(w.rec.Sections)+1)})
	}
	w.section.Answers = append(w.section.Answers, a)
}

// value fills in what was answered, as far as this reader may see it.
func (w *writer) value(a *Answer, i *outline.Item) {
	if w.view.Pseudonymous {
		if why, hidden := w.mask.Hides(a.Path); hidden {
			a.Hidden = why
		} else if why := Withheld(i); why != "" {
			a.Hidden = why
		} else if !w.mask.Shows(i, a.raw) || w.doubtful[a.Path] || !w.known(i, a.raw) || a.Type == "calculate" && !w.relevant[a.Path] {
			a.Hidden = Unfit
		}
		if a.Hidden != "" {
			if !a.Blank {
				w.rec.Hidden++
			}
			return
		}
	}
	a.Value = a.raw
	if i.List != nil {
		for code := range strings.FieldsSeq(a.raw) {
			label, ok := w.choiceLabel(i, code, w.language)
			unknown := !ok && (len(i.List.Choices) > 0 || i.List.Source != "" && w.files[i.List.Source] != nil)
			a.Codes = append(a.Codes, Code{Value: code, Label: label, Unknown: unknown})
		}
	}
	if i.Definition.Type == "binary" && a.raw != "" {
		for n, f := range w.view.Files {
			if f.Name == a.raw {
				a.File = &w.view.Files[n]
			}
		}
	}
}

// known tells whether the codes of a list in a file are in it, where the file is
// there.
func (w *writer) known(i *outline.Item, value string) bool {
	if i.List == nil || i.List.Source == "" || w.files[i.List.Source] == nil || len(i.List.Choices) > 0 {
		return true
	}
	for code := range strings.FieldsSeq(value) {
		if _, ok := w.choiceLabel(i, code, w.language); !ok {
			return false
		}
	}
	return true
}

// last adds the section about the record.
func (w *writer) last() {
	if len(w.record) > 0 {
		w.rec.Sections = append(w.rec.Sections, &Section{Anchor: "s.record", Level: 1, Record: true, Answers: w.record})
	}
	// A group that nothing was answered or asked in says nothing.
	w.rec.Sections = slices.DeleteFunc(w.rec.Sections, func(s *Section) bool { return len(s.Answers) == 0 && s.Number == 0 && !w.around(s) })
}

// around tells whether a section is the heading of deeper ones that have answers.
func (w *writer) around(s *Section) bool {
	at := slices.Index(w.rec.Sections, s)
	for _, next := range w.rec.Sections[at+1:] {
		if next.Level <= s.Level {
			return false
		}
		if len(next.Answers) > 0 {
			return true
		}
	}
	return false
}

// strays adds what the form does not know.
func (w *writer) strays() {
	for _, e := range w.doc.strays {
		e.leaves(func(path, value string) {
			name := path[strings.LastIndexByte(path, '/')+1:]
			switch value = strings.TrimSpace(value); {
			case value == "" || addedToMeta[local(name)]:
			case w.view.Pseudonymous:
				w.rec.Hidden++
			case len(w.rec.Extra) >= MaxAnswers:
				w.rec.Cut++
			default:
				w.rec.Extra = append(w.rec.Extra, &Answer{Path: path, Name: name, Label: name, Value: value, raw: value, Type: "text", Quiet: true})
			}
		})
	}
}

// place puts each finding beside its question: by path, else by the path without
// positions or the name, at the first such question.
func (w *writer) place() {
	byPath, loose := map[string]*Answer{}, map[string]*Answer{}
	for _, s := range w.rec.Sections {
		for _, a := range s.Answers {
			byPath[a.Path] = a
			for _, key := range []string{Bare(a.Path), a.Name} {
				if loose[key] == nil {
					loose[key] = a
				}
			}
		}
	}
	for _, f := range w.view.Findings {
		p := Placed{Finding: f}
		a := byPath[f.Question]
		if a == nil {
			a = loose[Bare(f.Question)]
		}
		if a != nil && f.Question != "" {
			a.Findings = append(a.Findings, f)
			p.Anchor, p.Label = a.Anchor, a.Label
		} else if i := w.outline.At(Bare(f.Question)); i != nil {
			p.Label = w.outline.Name(i, w.language)
		}
		w.rec.Findings = append(w.rec.Findings, p)
	}
	slices.SortStableFunc(w.rec.Findings, func(a, b Placed) int { return gravity(a.Severity) - gravity(b.Severity) })
}

func gravity(s collection.Severity) int {
	return slices.Index([]collection.Severity{collection.SeverityError, collection.SeverityWarning, collection.SeverityNote}, s)
}
