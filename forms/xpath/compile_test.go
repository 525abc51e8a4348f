package xpath

import (
	"strings"
	"testing"

	"waymark/internal/fault"
)

func TestCompileTellsAllAtOnce(t *testing.T) {
	e, err := Parse("slected(${a}, 'x') and round() and count('x') and regex(., '(?<=a)b') and digest('a', 'MD6')")
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Compile(Options{Place: fault.Place{Sheet: "survey", Row: 7}})
	if err == nil {
		t.Fatal("no fault")
	}
	for _, words := range []string{"did you mean selected()?", "${a}", "round() with no argument", "1 or 2 arguments", "path of nodes", "cannot be used", "SHA-512", `sheet "survey", row 7`} {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("the faults do not say %q:\n%v", words, err)
		}
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != 6 {
		t.Errorf("%d faults, want 6:\n%v", n, err)
	}
	if at := OffsetOf(err); at != 8 && at != 0 {
		t.Errorf("offset %d", at)
	}
}

func TestCompileFaults(t *testing.T) {
	for _, c := range []struct{ src, words string }{
		{"true(5)", "takes no argument"}, {"number(1, 2)", "takes no argument or one"}, {"string('too', 'many', 'args')", "3 arguments"},
		{"not-a-function()", "does not exist"}, {"len(.)", "string-length()"}, {"sum(1)", "path of nodes"}, {"indexed-repeat(1, /a, 2)", "argument 1"},
		{"indexed-repeat(/a/b, /a)", "3 to 11"}, {"indexed-repeat(/a/b, /a, 1, /c)", "pairs"}, {"format-date(., '%Q')", `%Q`}, {"text()", "as a node"},
		{"weighted-checklist(1, 2, 3)", "no weight"}, {"digest('a', 'MD5', 'b32')", "encoding"}, {"randomize('a')", "path of nodes"}, {"(1)[1]", "path of nodes"},
		{"1 | /a", "path of nodes"}, {"regex(., '(')", "missing closing"}, {"regex(., '(a)\\1')", "refers back"}, {"regex(., 'a++')", "gives nothing back"},
		{"regex(., '[a&&b]')", "overlap"}, {"'x'/a", "path of nodes"},
	} {
		e, err := Parse(c.src)
		if err == nil {
			_, err = e.Compile(Options{})
		}
		if err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v; want %q", c.src, err, c.words)
		}
	}
}

func TestEveryFunctionIsTested(t *testing.T) {
	if len(FunctionNames()) < 80 {
		t.Errorf("%d functions", len(FunctionNames()))
	}
	if known, collect := Known("floor"); !known || collect {
		t.Error("floor is of XPath 1.0, not of ODK Collect")
	}
}

func TestBudget(t *testing.T) {
	c := world(t, "<d>"+strings.Repeat("<a><b>1</b></a>", 300)+"</d>", "d", nil)
	c.Budget = 20000
	p := compiled(t, "count(/d/a[count(/d/a[b = 1]) > 1])")
	p.Value(c)
	if c.Err == nil || fault.KindOf(c.Err) != fault.Unavailable {
		t.Errorf("a quadratic expression is not stopped: %v", c.Err)
	}
	c.Err = nil
	if got := compiled(t, "count(/d/a)").Number(c); got != 300 || c.Err != nil {
		t.Errorf("the next evaluation is stopped too: %v %v", got, c.Err)
	}
}
