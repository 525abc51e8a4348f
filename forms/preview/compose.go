package preview

import (
	"html"
	"html/template"
	"strconv"
	"strings"

	"waymark/forms/outline"
	"waymark/forms/xform"
)

// composer turns an outline into a page.
type composer struct {
	o         *outline.Outline
	languages []outline.Language
	// order is the languages with the first to show in front.
	first   int
	missing []int
	number  int
	shown   map[*outline.List]string // anchor of the question that lists it all
}

func newComposer(o *outline.Outline, first int) *composer {
	c := &composer{o: o, languages: o.Languages(), first: first, shown: map[*outline.List]string{}}
	c.missing = make([]int, len(c.languages))
	return c
}

func (c *composer) page(opt Options) *page {
	f := c.o.Form
	p := &page{Title: f.Title, ID: f.ID, Version: f.Version, Style: template.CSS(pageStyle + languageStyle(c.languages)), Program: opt.Program}
	for _, i := range c.o.Items {
		if v := c.item(i, 2); v != nil {
			p.Items = append(p.Items, v)
		}
	}
	p.Contents = c.contents(c.o.Items, 0)
	for i := range c.o.All() {
		if i.AboutRecord() {
			p.Recorded = append(p.Recorded, c.recorded(i))
		}
	}
	if p.Title == "" {
		p.Title = f.ID
	}
	p.Facts = c.facts()
	if len(c.languages) > 1 {
		for n, l := range c.languages {
			p.Languages = append(p.Languages, languageView{ID: class(n), Name: l.Name, Tag: l.Tag, Dir: l.Dir(), First: n == c.first, Missing: c.missing[n]})
		}
	}
	return p
}

func (c *composer) facts() []fact {
	questions, groups, repeats := 0, 0, 0
	for i := range c.o.All() {
		switch {
		case i.Kind == outline.Question && i.Type != "note":
			questions++
		case i.Kind == outline.Group && i.Control != nil:
			groups++
		case i.Kind == outline.Repeat:
			repeats++
		}
	}
	f := []fact{{"Form", c.o.Form.ID}}
	if c.o.Form.Version != "" {
		f = append(f, fact{"Version", c.o.Form.Version})
	}
	f = append(f, fact{"Questions", strconv.Itoa(questions)})
	if groups > 0 {
		f = append(f, fact{"Groups", strconv.Itoa(groups)})
	}
	if repeats > 0 {
		f = append(f, fact{"Repeats", strconv.Itoa(repeats)})
	}
	if c.o.Form.Submission["base64RsaPublicKey"] != "" {
		f = append(f, fact{"Answers", "encrypted on the device"})
	}
	return f
}

func class(n int) string { return "l" + strconv.Itoa(n) }

// languageStyle hides every language but the chosen one, and turns the form
// round for a language that is written from right to left.
func languageStyle(languages []outline.Language) string {
	var b strings.Builder
	if len(languages) == 1 && languages[0].RTL {
		b.WriteString(".body{direction:rtl}\n")
	}
	if len(languages) < 2 {
		return b.String()
	}
	for i, l := range languages {
		id := class(i)
		if l.RTL {
			b.WriteString("#" + id + ":checked~.body{direction:rtl}\n")
		}
		b.WriteString("#" + id + ":checked~* .l:not(." + id + "){display:none}\n")
		b.WriteString("#" + id + ":checked~header label[for=" + id + "]{background:var(--link);border-color:var(--link);color:var(--paper)}\n")
		b.WriteString("#" + id + ":focus-visible~header label[for=" + id + "]{outline:3px solid var(--link);outline-offset:2px}\n")
	}
	return b.String()
}

// text makes the runs of a text: one a language, or one in all where they say
// the same. Texts count as missing where the default language has them.
func (c *composer) text(t xform.Text, at *outline.Item) runs {
	return c.each(func(n int) (template.HTML, bool) {
		w := c.o.In(t, c.index(n))
		if w.Borrowed {
			c.missing[n]++
		}
		return c.html(w, n, at), w.Borrowed
	})
}

// name makes the runs of what an item or a choice is called in a sentence.
func (c *composer) name(call func(language int) string) runs {
	return c.each(func(n int) (template.HTML, bool) {
		return template.HTML(html.EscapeString(call(c.index(n)))), false
	})
}

// index turns the n-th language into the outline's index, -1 for none.
func (c *composer) index(n int) int {
	if len(c.o.Form.Languages) == 0 {
		return -1
	}
	return n
}

func (c *composer) each(say func(n int) (template.HTML, bool)) runs {
	all := make(runs, len(c.languages))
	equal, empty := true, true
	for n, l := range c.languages {
		words, borrowed := say(n)
		all[n] = run{Class: "l " + class(n), Lang: l.Tag, Dir: l.Dir(), HTML: words, Borrowed: borrowed}
		equal = equal && words == all[0].HTML && !borrowed
		empty = empty && words == ""
	}
	switch {
	case empty:
		return nil
	case equal:
		return runs{{HTML: all[0].HTML, Dir: "auto"}}
	}
	return all
}

// html renders a text with its outputs as boxes that name what they show.
func (c *composer) html(w outline.Written, n int, at *outline.Item) template.HTML {
	var b strings.Builder
	var outputs []string
	for _, p := range w.Parts {
		if p.Output == "" {
			b.WriteString(strings.Map(func(r rune) rune {
				if r == mark {
					return -1
				}
				return r
			}, p.Plain))
			continue
		}
		b.WriteString(string(mark) + strconv.Itoa(len(outputs)) + string(mark))
		outputs = append(outputs, `<span class="output">`+html.EscapeString(c.o.Shown(p.Output, at, c.index(n)))+`</span>`)
	}
	s := outline.HTML(b.String())
	for i, out := range outputs {
		s = strings.Replace(s, string(mark)+strconv.Itoa(i)+string(mark), out, 1)
	}
	return template.HTML(s)
}

// mark stands where an output goes; it is a character for private use.
const mark = '\uE000'

// says turns a sentence into phrases for the page.
func (c *composer) says(s outline.Sentence) sentence {
	var out sentence
	for _, p := range s {
		switch {
		case p.Item != nil:
			anchor := p.Item.Anchor
			if p.Item.Control == nil && p.Item.Kind != outline.Quiet {
				anchor = "" // a holder that may not be on the page
			}
			out = append(out, phrase{Anchor: anchor, Quoted: true, Runs: c.name(func(l int) string { return c.o.Name(p.Item, l) })})
		case p.Choice != nil:
			out = append(out, phrase{Quoted: true, Runs: c.name(func(l int) string { return c.o.Called(p.Choice, l) })})
		case p.Value != "":
			out = append(out, phrase{Text: "“" + p.Value + "”"})
		case p.Text != "":
			out = append(out, phrase{Text: p.Text})
		default:
			out = append(out, phrase{Code: p.Name + p.Code})
		}
	}
	return out
}

// contents lists the groups and repeats, and the questions that stand outside
// of them while they are few.
func (c *composer) contents(items []*outline.Item, depth int) []*entry {
	var list []*entry
	for _, i := range items {
		switch {
		case i.Kind == outline.Quiet:
			continue
		case i.Control == nil || i.Kind != outline.Question && i.Label().Empty():
			list = append(list, c.contents(i.Children, depth)...)
			continue
		case i.Kind == outline.Question && (depth > 0 || len(items) > mostContents):
			continue
		}
		e := &entry{Anchor: i.Anchor, Label: c.name(func(l int) string { return c.o.Name(i, l) })}
		if i.Kind != outline.Question {
			e.Count = questions(i)
			if depth < 2 {
				e.Under = c.contents(i.Children, depth+1)
			}
		}
		list = append(list, e)
	}
	return list
}

// mostContents is how many items a form without groups may list in its contents.
const mostContents = 60

func questions(i *outline.Item) int {
	n := 0
	for _, child := range i.Children {
		if child.Kind == outline.Question && child.Type != "note" {
			n++
		}
		n += questions(child)
	}
	return n
}
