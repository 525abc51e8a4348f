package xpath

import (
	"encoding/xml"
	"io"
	"math"
	"strings"
	"testing"
	"time"
)

// readTree reads XML into a tree as forms/xform would: text in elements without
// children only. The attributes "type" and "irrelevant" set the node's fields.
func readTree(t testing.TB, s string) *Node {
	t.Helper()
	doc := &Node{Kind: Document}
	at := doc
	d := xml.NewDecoder(strings.NewReader(s))
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return doc
		}
		if err != nil {
			t.Fatalf("the test's tree: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := &Node{Name: name(token.Name), Parent: at}
			for _, a := range token.Attr {
				switch a.Name.Local {
				case "type":
					n.Type = a.Value
				case "irrelevant":
					n.Irrelevant = true
				default:
					n.Attrs = append(n.Attrs, &Node{Kind: Attribute, Name: name(a.Name), Value: a.Value, Parent: n})
				}
			}
			at.Children = append(at.Children, n)
			at = n
		case xml.EndElement:
			if len(at.Children) > 0 {
				at.Value = ""
			}
			at = at.Parent
		case xml.CharData:
			if len(at.Children) == 0 {
				at.Value += string(token)
			}
		}
	}
}

func name(n xml.Name) string {
	if n.Space != "" {
		return n.Space + ":" + n.Local
	}
	return n.Local
}

// find returns the node at a path of names, with [n] for the n-th of a name.
func find(t testing.TB, doc *Node, path string) *Node {
	t.Helper()
	n := doc
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		part, index, _ := strings.Cut(part, "[")
		want := 1
		if index != "" {
			want = int(index[0] - '0')
		}
		var next *Node
		for _, kid := range n.Children {
			if kid.Name == part {
				if want--; want == 0 {
					next = kid
					break
				}
			}
		}
		if next == nil {
			t.Fatalf("no %s in the test's tree", path)
		}
		n = next
	}
	return n
}

// fixedNow is the clock of every test.
var fixedNow = time.Date(2026, 3, 14, 15, 9, 26, 535e6, time.FixedZone("", 2*3600))

// world is a context with its main instance and others by id.
func world(t testing.TB, main, at string, others map[string]string) *Context {
	t.Helper()
	doc := readTree(t, main)
	roots := map[string]*Node{}
	for id, s := range others {
		roots[id] = readTree(t, s).Children[0]
	}
	c := &Context{
		Main:     doc,
		Now:      func() time.Time { return fixedNow },
		Random:   func() float64 { return 0.25 },
		Instance: func(id string) *Node { return roots[id] },
	}
	if at != "" {
		c.Node = find(t, doc, at)
	}
	return c
}

// compiled compiles or fails the test.
func compiled(t testing.TB, src string) *Program {
	t.Helper()
	e, err := Parse(src)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	p, err := e.Compile(Options{})
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return p
}

// fails stands for an expression that sets Err.
type fails struct{}

// row is one expression and what it gives: string, float64, int, bool, or fails.
type row struct {
	src  string
	want any
}

// check evaluates every row in one context.
func check(t *testing.T, c *Context, rows []row) {
	t.Helper()
	for _, r := range rows {
		p := compiled(t, r.src)
		c.Err = nil
		v := p.Value(c)
		if _, bad := r.want.(fails); bad {
			p.Text(c)
			if c.Err == nil {
				t.Errorf("%s gives %q, want a fault", r.src, v)
			}
			continue
		}
		if c.Err != nil {
			t.Errorf("%s: %v", r.src, c.Err)
			continue
		}
		switch want := r.want.(type) {
		case string:
			if got := p.Text(c); got != want {
				t.Errorf("%s = %q, want %q", r.src, got, want)
			}
		case bool:
			if got := p.Truth(c); got != want {
				t.Errorf("%s = %v, want %v", r.src, got, want)
			}
		case int:
			checkNumber(t, r.src, p.Number(c), float64(want))
		case float64:
			checkNumber(t, r.src, p.Number(c), want)
		}
		if s, n, b := v.String(), v.Number(), v.Bool(); s != p.Text(c) || b != p.Truth(c) || n != p.Number(c) && !math.IsNaN(n) {
			if !strings.Contains(r.src, "random") && !strings.Contains(r.src, "uuid") {
				t.Errorf("%s: Value gives %q %v %v, the typed ways %q %v %v", r.src, s, n, b, p.Text(c), p.Number(c), p.Truth(c))
			}
		}
	}
}

func checkNumber(t *testing.T, src string, got, want float64) {
	t.Helper()
	if math.IsNaN(want) && math.IsNaN(got) || got == want {
		return
	}
	if !(math.Abs(got-want) <= 1e-12*math.Max(1, math.Abs(want))) {
		t.Errorf("%s = %v, want %v", src, got, want)
	}
}
