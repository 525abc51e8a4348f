package record

import (
	"strings"
	"sync"
	"time"

	"waymark/forms/outline"
	"waymark/forms/xform"
	"waymark/forms/xpath"
	"waymark/monitoring/instrument"
)

// Reader reads and edits the documents of one version of a form. It may be used
// by many goroutines, and is worth keeping: making one parses nothing, but lays
// the whole form out.
type Reader struct {
	form  *xform.Form
	mask  Mask
	files map[string]*xform.File

	mu      sync.Mutex // the outline looks things up when first asked
	outline *outline.Outline
	called  map[*outline.List]map[string]string // labels of choices in files
}

// NewReader makes a reader. in may be nil; it decides what identifies. files are
// the version's own, from xform.ReadFile, by name; the choices of one that is not
// there are shown by their codes, and what looks up in it is not judged.
func NewReader(f *xform.Form, in *instrument.Instrument, files map[string]*xform.File) *Reader {
	return &Reader{form: f, mask: Identifying(f, in), files: files, outline: outline.Of(f), called: map[*outline.List]map[string]string{}}
}

// Mask is what pseudonymous readers do not see.
func (r *Reader) Mask() Mask { return r.mask }

// Languages are those of the form.
func (r *Reader) Languages() []outline.Language {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.outline.Languages()
}

// Labels are the language of labels that a reader of a language gets: a BCP 47
// code or "", and "ltr" or "rtl".
func (r *Reader) Labels(code string) (lang, dir string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, l := r.language(code)
	return l.Tag, l.Dir()
}

// language is the index of a language by code, or of the form's own default.
func (r *Reader) language(code string) (int, outline.Language) {
	n, err := r.outline.Language(code)
	if err != nil {
		n = r.form.Default
	}
	all := r.outline.Languages()
	if n >= 0 && n < len(all) {
		return n, all[n]
	}
	return n, all[0]
}

// choiceLabel is what a code is called, and whether the list has it.
func (r *Reader) choiceLabel(i *outline.Item, code string, language int) (string, bool) {
	if i.List == nil {
		return "", false
	}
	if c := i.List.Choice(code); c != nil {
		return r.outline.Plain(c.Label, language, i), true
	}
	if i.List.Source == "" || i.Control.Itemset == nil {
		return "", false
	}
	labels, ok := r.called[i.List]
	if !ok {
		labels = fileLabels(r.files[i.List.Source], i.Control.Itemset)
		r.called[i.List] = labels
	}
	label, ok := labels[code]
	return outline.Strip(label), ok
}

// fileLabels reads the codes and labels of a file's rows.
func fileLabels(f *xform.File, set *xform.Itemset) map[string]string {
	labels := map[string]string{}
	if f == nil || f.Root == nil {
		return labels
	}
	var rows func(n *xpath.Node)
	rows = func(n *xpath.Node) {
		value := cell(n, set.ValueRef)
		if value == nil {
			for _, c := range n.Children {
				rows(c)
			}
			return
		}
		if _, twice := labels[value.Value]; twice {
			return
		}
		labels[value.Value] = value.Value
		if label := cell(n, set.LabelRef); label != nil {
			labels[value.Value] = label.Value
		}
	}
	rows(f.Root)
	return labels
}

func cell(n *xpath.Node, name string) *xpath.Node {
	for _, c := range n.Children {
		if c.Name == name && len(c.Children) == 0 {
			return c
		}
	}
	return nil
}

// clock is when a document was filled: its end, else its start, else otherwise.
func (r *Reader) clock(d *document, otherwise time.Time) func() time.Time {
	for _, want := range []string{"end", "start"} {
		for _, def := range r.form.Nodes {
			if def.Preload != "timestamp" || def.PreloadParams != want || d.at[def.Path] == nil {
				continue
			}
			if t, ok := moment(strings.TrimSpace(d.at[def.Path].value())); ok {
				return func() time.Time { return t }
			}
		}
	}
	return func() time.Time { return otherwise }
}

// moment reads a date and time as phones write it.
func moment(s string) (time.Time, bool) {
	for _, layout := range momentLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

var momentLayouts = []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z07", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04"}
