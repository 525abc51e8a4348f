package xlsform

import (
	"testing"

	"waymark/forms/xlsform/definition"
)

// element makes an element of a hand-made tree.
func element(kind definition.Kind, name string, children ...*definition.Element) *definition.Element {
	e := &definition.Element{Kind: kind, Name: name, Type: "text", Tag: "input", Children: children}
	for _, child := range children {
		child.Parent = e
	}
	return e
}

// planted is a form with repeats in groups and repeats, and its compiler.
func planted(t *testing.T) *compiler {
	t.Helper()
	q, g, r := definition.Question, definition.Group, definition.Repeat
	root := element(g, "data",
		element(q, "top"),
		element(r, "r1",
			element(q, "a"),
			element(g, "g1", element(q, "b")),
			element(r, "r2", element(q, "c"), element(q, "d"))),
		element(r, "r3", element(q, "e")))
	form := &definition.Form{Name: "data", Root: root}
	c := newCompiler(form)
	c.plant(root)
	return c
}

// Expected values: pyxform 4.5.0, survey.insert_xpaths on the same form.
func TestReferencesBecomePaths(t *testing.T) {
	c := planted(t)
	for _, test := range []struct {
		at, text string
		s        scope
		want     string
	}{
		{at: "a", text: "1 + 2", want: "1 + 2"},
		{at: "a", text: "${top} > 1", want: " /data/top  > 1"},
		{at: "top", text: "${a}", want: " /data/r1/a "},
		{at: "a", text: "${b}", want: " ../g1/b "},
		{at: "b", text: "${a}", want: " ../../a "},
		{at: "c", text: "${a} + ${d}", want: " ../../a  +  ../d "},
		{at: "a", text: "${c}", want: " ../r2/c "},
		{at: "a", text: "${e}", want: " /data/r3/e "},
		{at: "e", text: "${last-saved#e}", want: " instance('__last-saved')/data/r3/e "},
		{at: "a", text: "instance('l')/root/item[name = ${b}]/label + ${b}", want: "instance('l')/root/item[name =  current()/../g1/b ]/label +  ../g1/b "},
		{at: "a", text: "name = ${b}", s: scope{current: true}, want: "name =  current()/../g1/b "},
		{at: "b", text: "${r1}", want: " /data/r1 "},
		{at: "c", text: "${r2}", want: " ../../r2 "},
		{at: "a", text: "${b}", s: scope{parent: true}, want: " ../../r1/g1/b "},
		{at: "c", text: "${a}", s: scope{parent: true}, want: " ../../../r1/a "},
		{at: "a", text: "indexed-repeat(${a}, ${r1}, ${b})", want: "indexed-repeat( /data/r1/a ,  /data/r1 ,  ../g1/b )"},
		{at: "a", text: "indexed-repeat(${a}, ${r1}, 1) + ${b}", want: "indexed-repeat( /data/r1/a ,  /data/r1 , 1) +  ../g1/b "},
		{at: "a", text: "${not a name} ${", want: "${not a name} ${"},
	} {
		test.s.at = c.byName[test.at]
		if got := c.expanded(test.text, test.s); got != test.want {
			t.Errorf("in %s: %s\ngot  %q\nwant %q", test.at, test.text, got, test.want)
		}
	}
}

func TestCutFindsWordsAnswersAndLookups(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string // w: words, a: answer, l: lookup
	}{
		{"Hello", []string{"w:Hello"}},
		{"Hello ${name}, ${b}", []string{"w:Hello ", "a:${name}", "w:, ", "a:${b}"}},
		{"${a}${b}", []string{"a:${a}", "a:${b}"}},
		{"any instance(s) of it", []string{"w:any instance(s) of it"}},
		{"it's instance('l')/root/item[name = 'a b']/label and more",
			[]string{"w:it's ", "l:instance('l')/root/item[name = 'a b']/label", "w: and more"}},
		{"instance('l')/root/item[x = instance('m')/root/item[y]/z].", []string{"l:instance('l')/root/item[x = instance('m')/root/item[y]/z]", "w:."}},
		{"(see instance('l')/root/item[x]/label): instance('l')/root/item.", []string{"w:(see ", "l:instance('l')/root/item[x]/label", "w:): ", "l:instance('l')/root/item", "w:."}},
		{"instance('l')/root/item[1]/text(), and instance('l')/root/..", []string{"l:instance('l')/root/item[1]/text()", "w:, and ", "l:instance('l')/root/.."}},
		{"my-instance('l')/root", []string{"w:my-instance('l')/root"}},
	} {
		pieces, _ := cut(test.text)
		var got []string
		for _, p := range pieces {
			got = append(got, string("wal"[p.kind])+":"+test.text[p.start:p.end])
		}
		if len(got) != len(test.want) {
			t.Errorf("%s: got %q, want %q", test.text, got, test.want)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%s: got %q, want %q", test.text, got, test.want)
			}
		}
	}
}
