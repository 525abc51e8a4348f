package xpath

import (
	"strings"
	"testing"
	"time"

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

// What would take quadratic or exponential time is stopped, or is not so.
func TestLargeAndDeep(t *testing.T) {
	root := bigList(20_000)
	c := world(t, "<d>"+strings.Repeat("<a/>", 5000)+"</d>", "d", nil)
	c.Instance = func(string) *Node { return root }
	c.Budget = 2_000_000
	nested := "name = 'v1'"
	for range 60 {
		nested = "name = instance('l')/root/item[" + nested + "]/name"
	}
	for _, src := range []string{
		strings.Repeat("1+", 20_000) + "1",
		strings.TrimSuffix(strings.Repeat("/d/a = 'x' or ", 400), " or "),
		"count(instance('l')//item//name)", "count(instance('l')/root/item/name/../..)", "count(instance('l')/root/item | instance('l')/root/item/name)",
		"count(/d/a[position(.) > 1])", "count(/d/a[position(.) > position(/d/a[2])])", "count(/d/a[count(following-sibling::a) = 3])",
		"instance('l')/root/item[" + nested + "]/label", "count(/d/a[string-length(uuid(9999)) > 1])", "join('', randomize(/d/a[count(randomize(/d/a)) > 1]))",
	} {
		e, err := Parse(src)
		if err != nil {
			t.Fatalf("%.40s: %v", src, err)
		}
		p, err := e.Compile(Options{})
		if err != nil {
			t.Fatalf("%.40s: %v", src, err)
		}
		e.Paths("/d")
		e.BeyondCollect()
		if _, err := Parse(e.String()); err != nil && len(e.String()) <= MaxSource {
			t.Errorf("%.40s: %v", src, err)
		}
		c.Err = nil
		start := time.Now()
		p.Value(c)
		p.Text(c)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%.40s took %v", src, took)
		}
	}
}
