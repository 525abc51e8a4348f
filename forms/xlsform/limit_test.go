package xlsform

import (
	"strings"
	"testing"

	"waymark/forms/xlsform/definition"
)

// written writes a hand-made form with at most so many bytes.
func written(root *definition.Element, most int) *compiler {
	c := newCompiler(&definition.Form{Name: "data", Root: root, DefaultLanguage: "default"})
	c.most = most
	c.write()
	return c
}

func TestLimits(t *testing.T) {
	nested := func(depth int, name string) *definition.Element {
		leaf := element(definition.Question, "leaf")
		leaf.Label.Plain = strings.Repeat("${leaf}", 1000)
		e := leaf
		for range depth {
			e = element(definition.Group, name, e)
		}
		return element(definition.Group, "data", e)
	}
	if c := written(nested(maxDepth-1, "g"), maxDocument); c.faults.Len() != 0 || c.n == 0 {
		t.Errorf("a form at the limit of depth is not written: %v", c.faults)
	}
	for _, test := range []struct {
		name string
		c    *compiler
		want string
	}{
		{"depth", written(nested(maxDepth+1, "g"), maxDocument), "nested more than 500 deep"},
		{"size", written(nested(100, "a_rather_long_name_of_a_group"), 1<<20), "more than 256 MB"},
		{"paths", written(wide(nested(400, strings.Repeat("n", 100)), 2000), maxDocument), "paths of all questions"},
		{"languages", written(spoken(maxLanguages+1), maxDocument), "501 languages"},
	} {
		if test.c.faults.Len() != 1 || !strings.Contains(test.c.faults.Error(), test.want) {
			t.Errorf("%s: got %v, want one fault: %s", test.name, test.c.faults, test.want)
		}
	}
}

// wide adds questions to the innermost group of a form.
func wide(root *definition.Element, questions int) *definition.Element {
	e := root
	for e.Children[0].Kind == definition.Group {
		e = e.Children[0]
	}
	for range questions {
		e.Children = append(e.Children, &definition.Element{Name: "q", Parent: e})
	}
	return root
}

// spoken is a form of one question in many languages.
func spoken(languages int) *definition.Element {
	q := element(definition.Question, "q")
	for i := range languages {
		q.Label.ByLanguage = append(q.Label.ByLanguage, definition.Translation{Language: strings.Repeat("l", i+1), Text: "Q"})
	}
	return element(definition.Group, "data", q)
}
