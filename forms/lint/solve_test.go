package lint

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xlsform/workbook"
	"waymark/forms/xpath"
)

// condition draws a formula over three questions: a, one of x and y; m, any of
// x and y; n, a whole number.
func condition(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		kinds := 3
		if depth > 0 {
			kinds = 6
		}
		compare := func(left string, ops, rights []string) string {
			l, op, r := left, rapid.SampledFrom(ops).Draw(t, "op"), rapid.SampledFrom(rights).Draw(t, "right")
			if rapid.Bool().Draw(t, "turned") {
				l, r, op = r, l, mirrored[op]
			}
			return l + " " + op + " " + r
		}
		equality := []string{"=", "!="}
		order := []string{"=", "!=", "<", "<=", ">", ">="}
		switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
		case 0:
			return compare("${a}", equality, []string{"'x'", "'y'", "''"})
		case 1:
			return compare("${n}", order, []string{"0", "1", "2", "3", "-1", "'2'"})
		case 2:
			q := rapid.SampledFrom([]string{"${m}", "${a}"}).Draw(t, "question")
			return "selected(" + q + ", " + rapid.SampledFrom([]string{"'x'", "'y'"}).Draw(t, "choice") + ")"
		case 3:
			return "not(" + condition(depth-1).Draw(t, "inner") + ")"
		default:
			op := rapid.SampledFrom([]string{" and ", " or "}).Draw(t, "and or")
			return "(" + condition(depth-1).Draw(t, "left") + op + condition(depth-1).Draw(t, "right") + ")"
		}
	})
}

// holdsSomewhere tries every answer to the three questions.
func holdsSomewhere(t *rapid.T, text string) bool {
	parsed, err := xpath.Parse(strings.NewReplacer("${a}", "/data/a", "${m}", "/data/m", "${n}", "/data/n").Replace(text))
	if err != nil {
		t.Fatal(err)
	}
	program, err := parsed.Compile(xpath.Options{})
	if err != nil {
		t.Fatal(err)
	}
	document := &xpath.Node{Kind: xpath.Document}
	data := &xpath.Node{Name: "data", Parent: document}
	document.Children = []*xpath.Node{data}
	for _, name := range []string{"a", "m", "n"} {
		data.Children = append(data.Children, &xpath.Node{Name: name, Parent: data})
	}
	data.Children[2].Type = "int"
	for _, a := range []string{"", "x", "y"} {
		for _, m := range []string{"", "x", "y", "x y"} {
			for _, n := range []string{"", "-2", "-1", "0", "1", "2", "3", "4"} {
				data.Children[0].Value, data.Children[1].Value, data.Children[2].Value = a, m, n
				if program.Truth(&xpath.Context{Node: data, Current: data, Main: document}) {
					return true
				}
			}
		}
	}
	return false
}

// A condition is said never to hold exactly if no answers meet it. Every number
// within and around the limits drawn is tried, so trying proves it.
func TestNeverMeansNever(t *testing.T) {
	book, err := workbook.Read([]byte(`
| survey |
| | type | name | label |
| | select_one l | a | A |
| | select_multiple l | m | M |
| | integer | n | N |
| | text | z | Z |
| choices |
| | list_name | name | label |
| | l | x | X |
| | l | y | Y |
`))
	if err != nil {
		t.Fatal(err)
	}
	form, err := definition.Read(book, definition.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := newQuestionnaire(book, form)
	rapid.Check(t, func(t *rapid.T) {
		text := condition(3).Draw(t, "condition")
		parsed, err := xpath.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		e := &expression{row: q.byName["z"], column: "relevant", text: text, tree: parsed.Root}
		cases, ok := q.terms(e, e.tree, false)
		if !ok {
			return // too many cases: nothing is said
		}
		never := len(stillMet(cases)) == 0
		if holds := holdsSomewhere(t, text); holds == never {
			t.Fatal(fmt.Sprintf("%s: said to never hold: %v, but some answers meet it: %v", text, never, holds))
		}
	})
}
