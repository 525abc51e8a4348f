package brief

import (
	"embed"
	"sync"

	"waymark/internal/lang"
)

// wordFiles holds all words of the brief, one file a language. A test keeps
// them equal.
//
//go:embed lang/*.yaml
var wordFiles embed.FS

// wordCache keeps catalogues that were read, by language: *lang.Catalogue.
var wordCache sync.Map

// Languages lists the languages that a brief can be written in, sorted by code.
func Languages() []string { return lang.Languages(wordFiles, "lang") }

// catalogue returns the words of a language, or a fault that names those there
// are.
func catalogue(code string) (*lang.Catalogue, error) {
	if c, ok := wordCache.Load(code); ok {
		return c.(*lang.Catalogue), nil
	}
	c, err := lang.Load(wordFiles, "lang", code)
	if err != nil {
		return nil, err
	}
	wordCache.Store(code, c)
	return c, nil
}

// text is a message as plain text.
func (c *composer) text(key string, args ...lang.Arg) string { return c.say.Text(key, args...) }

// para is a message as a paragraph; marked variables become numbers with keys.
func (c *composer) para(key string, args ...lang.Arg) Paragraph {
	parts := c.say.Parts(key, args...)
	p := make(Paragraph, len(parts))
	for i, part := range parts {
		p[i] = Inline{Text: part.Text, Key: part.Mark}
	}
	return p
}

// records picks the message for this sort of data: about people, or, for a
// survey of anything else, about records.
func (c *composer) records(key string) string {
	if c.people {
		return key
	}
	return key + ".records"
}

// join puts sentences into one paragraph.
func join(sentences ...Paragraph) Paragraph {
	var p Paragraph
	for _, s := range sentences {
		if len(s) == 0 {
			continue
		}
		if len(p) > 0 {
			p = append(p, Inline{Text: " "})
		}
		p = append(p, s...)
	}
	return p
}

// strong sets the numbers of a paragraph in bold.
func strong(p Paragraph) Paragraph {
	for i := range p {
		if p[i].Key != "" {
			p[i].Bold = true
		}
	}
	return p
}
