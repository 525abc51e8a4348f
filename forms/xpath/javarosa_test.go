package xpath

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// readForm reads the main instance of an XForm, with the types of its binds, and
// its list "l".
func readForm(t *testing.T, file string) (main, list *Node) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := string(b)
	between := func(from, to string) string {
		i := strings.Index(s, from)
		j := strings.Index(s, to)
		if i < 0 || j < i {
			t.Fatalf("%s has no %s", file, from)
		}
		return s[i : j+len(to)]
	}
	main = readTree(t, strings.ReplaceAll(between(`<data id`, `</data>`), "\n", ""))
	list = readTree(t, between("<root>", "</root>")).Children[0]
	types := map[string]string{}
	for d := xml.NewDecoder(strings.NewReader(s)); ; {
		token, err := d.RawToken()
		if err != nil {
			break
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "bind" {
			at := map[string]string{}
			for _, a := range e.Attr {
				at[a.Name.Local] = a.Value
			}
			types[at["nodeset"]] = at["type"]
		}
	}
	var visit func(n *Node, gone bool)
	visit = func(n *Node, gone bool) {
		n.Type = types[pathOf(n)]
		n.Irrelevant = gone || n.Name == "gone"
		for _, kid := range n.Children {
			visit(kid, n.Irrelevant)
		}
	}
	visit(main.Children[0], false)
	// The form computes it when it starts.
	find(t, main, "data/calc").Value = "3"
	return main, list
}

// TestAsJavaRosa holds the engine to what JavaRosa, the engine of ODK Collect,
// gives for the expressions of testdata/javarosa/expressions.tsv on form.xml of
// the same folder. JavaRosa 5.2.0-SNAPSHOT was built from its source, with
// testdata/javarosa/Answers.java, and run in UTC. A line has the context node,
// the expression, and the value as text, number and truth; E is an error. The
// expressions are random; those of a kind that docs/divergences.md lists are left
// out.
func TestAsJavaRosa(t *testing.T) {
	main, list := readForm(t, "testdata/javarosa/form.xml")
	file, err := os.Open("testdata/javarosa/expressions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := 0
	for scan := bufio.NewScanner(file); scan.Scan(); lines++ {
		parts := strings.Split(scan.Text(), "\t")
		c := &Context{
			Main: main, Node: find(t, main, parts[0]),
			Now:      func() time.Time { return fixedNow.UTC() },
			Instance: func(string) *Node { return list },
		}
		if wrong := differs(c, parts[1], parts[2:]); wrong != "" {
			t.Errorf("%s: %s: %s", parts[0], parts[1], wrong)
		}
	}
	if lines < 2000 {
		t.Errorf("only %d expressions", lines)
	}
}

// differs says how an expression gives something else than want, or "".
func differs(c *Context, src string, want []string) string {
	e, err := Parse(src)
	if err != nil {
		return err.Error()
	}
	p, err := e.Compile(Options{})
	if err == nil {
		p.Text(c)
		err = c.Err
	}
	switch {
	case want[0] == "E" && len(want) == 1:
		if err == nil {
			return fmt.Sprintf("gives %q, JavaRosa an error", p.Text(c))
		}
		return ""
	case err != nil:
		return err.Error()
	}
	s, f, b := p.Text(c), p.Number(c), fmt.Sprint(p.Truth(c))
	number, err := strconv.ParseFloat(want[1], 64)
	if err != nil {
		return err.Error()
	}
	alike := math.IsNaN(f) && math.IsNaN(number) || f == number || math.Abs(f-number) <= 1e-12*math.Abs(number)
	if s != want[0] || !alike || b != want[2] {
		return fmt.Sprintf("%q %v %s, JavaRosa %q %v %s", s, f, b, want[0], number, want[2])
	}
	return ""
}
