// Package preview shows a whole form on one page of HTML: every question as a
// person would see it, in every language, with its logic in words.
//
// The page works from disk and prints. It asks the network for nothing, and
// has no script: the languages are switched by radio buttons and style rules.
//
// It knows the outline of a form; it must not know how a form is filled in.
package preview

import (
	_ "embed"
	"html/template"
	"io"
	"sync"

	"waymark/forms/outline"
	"waymark/forms/xform"
)

//go:embed page.html.tmpl
var pageTemplate string

//go:embed page.css
var pageStyle string

var parsed = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("page").Parse(pageTemplate))
})

// Options are what a reader may choose.
type Options struct {
	// Language is the language shown first, by name or code. Default: the form's.
	Language string
	// Program is named at the foot of the page. Default: nothing.
	Program string
}

// Write writes the page.
func Write(w io.Writer, form *xform.Form, opt Options) error {
	o := outline.Of(form)
	first, err := o.Language(opt.Language)
	if err != nil {
		return err
	}
	return parsed().Execute(w, newComposer(o, max(first, 0)).page(opt))
}
