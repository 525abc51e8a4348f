// Package lang holds what a language needs: message catalogues from YAML files
// with variables and plural forms, and the printing of numbers, percentages,
// dates and lists.
//
// It knows no message of its own and nothing of surveys. Numbers are printed
// with Western digits in every language.
package lang

import (
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"

	"waymark/internal/fault"
)

// Catalogue is the messages of one language.
type Catalogue struct {
	Lang     string
	File     string
	messages map[string]*message
}

// Load reads the catalogue dir/<lang>.yaml: a map from dotted keys to a text,
// or to a map from plural forms to texts. It reports every bad message at once.
func Load(fsys fs.FS, dir, lang string) (*Catalogue, error) {
	name := path.Join(dir, lang+".yaml")
	at := fault.Place{File: name}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, at, "there is no catalogue for the language "+lang,
			"choose one of "+strings.Join(Languages(fsys, dir), ", "), err)
	}
	var raw map[string]any
	if err := yaml.Unmarshal(data, &raw); err != nil {
		return nil, fault.Wrap(fault.Invalid, at, "the catalogue is not valid YAML", err.Error(), err)
	}
	c := &Catalogue{Lang: lang, File: name, messages: make(map[string]*message, len(raw))}
	faults := fault.NewList(100)
	for key, v := range raw {
		m, why := parseMessage(v)
		if why != "" {
			faults.Addf(fault.Invalid, fault.Place{File: name, Field: key}, "", "%s", why)
			continue
		}
		c.messages[key] = m
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Languages lists the catalogues in a folder, sorted by code.
func Languages(fsys fs.FS, dir string) []string {
	names, _ := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	for i, n := range names {
		names[i] = strings.TrimSuffix(path.Base(n), ".yaml")
	}
	sort.Strings(names)
	return names
}

// Keys returns the keys, sorted.
func (c *Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.messages))
	for k := range c.messages {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Has says whether there is a message with this key.
func (c *Catalogue) Has(key string) bool { return c.messages[key] != nil }

// Variables returns the variables of a message, sorted; nil for an unknown key.
func (c *Catalogue) Variables(key string) []string {
	m := c.messages[key]
	if m == nil {
		return nil
	}
	return m.variables()
}

// Plural says whether a message has plural forms, and on which variable.
func (c *Catalogue) Plural(key string) (variable string, ok bool) {
	m := c.messages[key]
	if m == nil || m.count == "" {
		return "", false
	}
	return m.count, true
}

// Source returns a message as its file has it, with {variables}, by plural form; a
// plain text is under "other". It is for printers that are not ours, such as a script
// in a browser. Nil for an unknown key.
func (c *Catalogue) Source(key string) map[string]string {
	m := c.messages[key]
	if m == nil {
		return nil
	}
	source := make(map[string]string, len(m.forms))
	for form, t := range m.forms {
		var b strings.Builder
		for _, p := range t {
			if p.name != "" {
				b.WriteString("{" + p.name + "}")
			} else {
				b.WriteString(p.text)
			}
		}
		source[form] = b.String()
	}
	return source
}
