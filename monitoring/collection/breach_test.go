package collection

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"waymark/internal/fault"
)

// codes returns "row field code" of every fault in err, in order.
func codes(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	list := []*fault.Fault{}
	switch e := err.(type) {
	case *fault.List:
		list = e.Faults
	case *fault.Fault:
		list = append(list, e)
	default:
		t.Fatalf("%T is no fault", err)
	}
	var out []string
	for _, f := range list {
		b := BreachOf(f)
		if b == nil {
			t.Fatalf("fault %v has no breach", f)
		}
		if strings.ContainsAny(f.Message+f.Remedy, "{}") {
			t.Errorf("%s: a variable is not filled: %v", b.Code, f)
		}
		s := b.Code
		if f.Place.Field != "" {
			s = f.Place.Field + " " + s
		}
		if f.Place.Row > 0 {
			s = string(rune('0'+f.Place.Row)) + " " + s
		}
		out = append(out, s)
	}
	return out
}

func same(t *testing.T, name string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s: got %q, want %q", name, got, want)
	}
}

// TestBreachesAreUsed finds sentences that nothing says.
func TestBreachesAreUsed(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err, len(files))
	}
	var code strings.Builder
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") || f == "breach.go" {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(b)
	}
	for c, s := range Breaches {
		if !strings.Contains(code.String(), `"`+c+`"`) {
			t.Errorf("nothing says %q", c)
		}
		if s.Message == "" || strings.HasSuffix(s.Message, ".") || strings.HasSuffix(s.Remedy, ".") {
			t.Errorf("%s: %q is no sentence without a full stop", c, s)
		}
		if !regexp.MustCompile(`^[a-z][a-z.]+$`).MatchString(c) {
			t.Errorf("%q is no code", c)
		}
	}
}

func TestBreachWithoutSentencePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an unknown code made a fault")
		}
	}()
	NewBreach(fault.Invalid, "name", "nothing.like.it")
}
