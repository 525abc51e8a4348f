package xpath

import (
	"strings"
	"testing"
)

func TestParseAndPrint(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"1+2*3", "1 + 2 * 3"},
		{"(1+2)*3", "(1 + 2) * 3"},
		{"1-(2-3)", "1 - (2 - 3)"},
		{"1-2-3", "1 - 2 - 3"},
		{"a or b and c = d < e", "a or b and c = d < e"},
		{"(a or b) and c", "(a or b) and c"},
		{"- - 5", "--5"},
		{"-(a+b)", "-(a + b)"},
		{"-a|b", "-a | b"},
		{".5", "0.5"},
		{"5.", "5"},
		{"1230000000000000000000", "1230000000000000000000"},
		{"div div div", "div div div"},
		{"* * *", "* * *"},
		{"5mod 3.1", "5 mod 3.1"},
		{"1and1", "1 and 1"},
		{"a orb", "a or b"},
		{"/", "/"},
		{"/data/a", "/data/a"},
		{"//a", "//a"},
		{"a//b[1][c]/@d", "a//b[1][c]/@d"},
		{"child::a/parent::node()/self::node()/attribute::b", "a/../././@b"},
		{"./..", "./.."},
		{"../rep[position()=last()]/x", "../rep[position() = last()]/x"},
		{"instance('a')/root/item[name=current()/../x]/label", "instance('a')/root/item[name = current()/../x]/label"},
		{"(a)[1]/b", "(a)[1]/b"},
		{"(a|b)/c", "(a | b)/c"},
		{"jr:itext('x')", "jr:itext('x')"},
		{"jr:*/x:y", "jr:*/x:y"},
		{"${age} > 5", "${age} > 5"},
		{"${ last-saved#age }", "${last-saved#age}"},
		{"${rep}[1]/x", "${rep}[1]/x"},
		{"\"it's\"", "\"it's\""},
		{"text()", "text()"},
		{"a-b", "a-b"},
		{"a -b", "a - b"},
		{"following-sibling::*", "following-sibling::*"},
		{"count(a)-1", "count(a) - 1"},
		{"اسم = 'x'", "اسم = 'x'"},
		{"descendant-or-self::node()/a", "descendant-or-self::node()/a"},
	} {
		// self::node() prints as "."; the two dots of the table are one step each.
		want := strings.ReplaceAll(c.out, "/././", "/./")
		e, err := Parse(c.in)
		if err != nil {
			t.Errorf("Parse(%q): %v", c.in, err)
			continue
		}
		if got := e.String(); got != want {
			t.Errorf("Parse(%q) prints %q, want %q", c.in, got, want)
		}
		again, err := Parse(e.String())
		if err != nil || !sameTree(e.Root, again.Root) {
			t.Errorf("%q does not survive printing: %v", c.in, err)
		}
	}
}

func TestParseFaults(t *testing.T) {
	for _, c := range []struct {
		in     string
		offset int
		words  string
	}{
		{"", 0, "empty"},
		{"  ", 0, "empty"},
		{"1 +", 3, "end of the expression it stops where a value should be"},
		{"a == b", 3, `write one "="`},
		{"a <> b", 3, `"!="`},
		{"a => b", 3, `write ">="`},
		{"a =< b", 3, `write "<="`},
		{"a && b", 2, `write "and"`},
		{"a || b", 3, `write "or"`},
		{"‘x’ = a", 0, "straight quotes"},
		{"'abc", 0, "no closing '"},
		{"selected(a, 'b'", 15, `a "(" is not closed`},
		{"a)", 1, "every bracket"},
		{"a[1", 3, `a "[" is not closed`},
		{"a AND b", 2, "small letters"},
		{"${a b}", 0, "not the name of a question"},
		{"${a", 0, "no closing }"},
		{"$a", 0, "variables do not exist"},
		{"chld::a", 0, `did you mean "child::"?`},
		{"a b", 2, "an operator or the end"},
		{"f(,)", 2, "a value should be"},
		{"a/", 2, "the name of a node"},
		{"*(1)", 0, "a value should be"},
		{"a\u00a0= b", 1, "U+00A0"},
		{"a = b;", 5, "commas"},
		{"\xff", 0, "UTF-8"},
		{strings.Repeat("(", 300) + "1" + strings.Repeat(")", 300), 200, "nested more than 200 deep"},
		{strings.Repeat("-", 300) + "1", 200, "nested more than 200 deep"},
		{strings.Repeat("9", 400), 0, "too large"},
		{strings.Repeat(" ", MaxSource) + "1", -1, "more than 65536"},
	} {
		_, err := Parse(c.in)
		if err == nil {
			t.Errorf("Parse(%.20q) gives no fault", c.in)
			continue
		}
		if got := OffsetOf(err); got != c.offset || !strings.Contains(err.Error(), c.words) {
			t.Errorf("Parse(%.20q): offset %d, %v; want offset %d and %q", c.in, got, err, c.offset, c.words)
		}
	}
}

func TestParseTellsSeveralStrays(t *testing.T) {
	_, err := Parse("“a” = ‘b’ && c")
	if err == nil || strings.Count(err.Error(), "\n") < 4 {
		t.Fatalf("want every stray character told: %v", err)
	}
}

// sameTree compares trees without their spans.
func sameTree(a, b AST) bool {
	switch a := a.(type) {
	case *Binary:
		b, ok := b.(*Binary)
		return ok && a.Op == b.Op && sameTree(a.Left, b.Left) && sameTree(a.Right, b.Right)
	case *Union:
		b, ok := b.(*Union)
		return ok && sameTree(a.Left, b.Left) && sameTree(a.Right, b.Right)
	case *Negate:
		b, ok := b.(*Negate)
		return ok && sameTree(a.Operand, b.Operand)
	case *Literal:
		b, ok := b.(*Literal)
		return ok && a.Value == b.Value
	case *Number:
		b, ok := b.(*Number)
		return ok && a.Value == b.Value
	case *Reference:
		b, ok := b.(*Reference)
		return ok && a.Name == b.Name && a.LastSaved == b.LastSaved
	case *Call:
		b, ok := b.(*Call)
		return ok && a.Name == b.Name && sameTrees(a.Args, b.Args)
	case *Filtered:
		b, ok := b.(*Filtered)
		return ok && sameTree(a.Base, b.Base) && sameTrees(a.Predicates, b.Predicates)
	case *Path:
		b, ok := b.(*Path)
		if !ok || a.Absolute != b.Absolute || (a.Filter == nil) != (b.Filter == nil) || len(a.Steps) != len(b.Steps) {
			return false
		}
		for i, s := range a.Steps {
			if s.Axis != b.Steps[i].Axis || s.Test != b.Steps[i].Test || !sameTrees(s.Predicates, b.Steps[i].Predicates) {
				return false
			}
		}
		return a.Filter == nil || sameTree(a.Filter, b.Filter)
	}
	return false
}

func sameTrees(a, b []AST) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !sameTree(a[i], b[i]) {
			return false
		}
	}
	return true
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1+2", "/data/a[b='x']/..", "${a} and selected(${b}, 'c')", "-(a|b)[1]//c", "instance('x')/root/item[name=current()/../a]/label", "'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		e, err := Parse(src)
		if err != nil {
			return
		}
		printed := e.String()
		if len(printed) > MaxSource {
			return
		}
		again, err := Parse(printed)
		if err != nil {
			t.Fatalf("%q prints as %q, which does not parse: %v", src, printed, err)
		}
		if !sameTree(e.Root, again.Root) || again.String() != printed {
			t.Fatalf("%q prints as %q, another tree", src, printed)
		}
		e.Paths("/data/a")
	})
}
