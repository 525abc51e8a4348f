package fault

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

func TestFaultSaysPlaceMessageAndRemedy(t *testing.T) {
	f := New(Invalid, Place{File: "plan.yaml", Row: 3, Column: 7, Field: "sexx"}, "no such group", "write sex")
	if got, want := f.Error(), `plan.yaml, row 3, column 7, "sexx": no such group (write sex)`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestListIsBoundedAndCounts(t *testing.T) {
	l := NewList(2)
	if l.Err() != nil {
		t.Fatal("an empty list is an error")
	}
	for range 5 {
		l.Addf(Invalid, Place{}, "", "bad")
	}
	if l.Len() != 5 || len(l.Faults) != 2 || l.Dropped != 3 {
		t.Errorf("got %d kept and %d dropped", len(l.Faults), l.Dropped)
	}
	if !strings.Contains(l.Error(), "and 3 more") {
		t.Errorf("the count of dropped faults is not said: %s", l)
	}
	other := NewList(0)
	other.Merge(l)
	if other.Len() != 5 {
		t.Errorf("merging lost faults: %d of 5", other.Len())
	}
}

func TestInFileNamesTheFileWhereNoneIsNamed(t *testing.T) {
	list := NewList(0)
	list.Addf(Invalid, Place{Row: 1}, "", "a")
	list.Addf(Invalid, Place{File: "plan.yaml"}, "", "b")
	if err := InFile(list, "data.csv"); !strings.Contains(err.Error(), "data.csv, row 1: a") || !strings.Contains(err.Error(), "plan.yaml: b") {
		t.Errorf("got %v", err)
	}
	if err := InFile(New(Invalid, Place{}, "c", ""), "data.csv"); err.Error() != "data.csv: c" {
		t.Errorf("got %v", err)
	}
	if InFile(nil, "data.csv") != nil {
		t.Error("no error became one")
	}
}

func TestKindAndExitCode(t *testing.T) {
	wrapped := Wrap(NotFound, Place{File: "a.csv"}, "there is no such file", "", fs.ErrNotExist)
	if !errors.Is(wrapped, fs.ErrNotExist) || KindOf(wrapped) != NotFound {
		t.Error("the cause or the kind is lost")
	}
	list := NewList(0)
	list.Add(wrapped)
	for _, c := range []struct {
		err  error
		want int
	}{{nil, 0}, {wrapped, 1}, {list, 1}, {errors.New("x"), 1}, {New(Usage, Place{}, "x", ""), 2}} {
		if got := ExitCode(c.err); got != c.want {
			t.Errorf("exit code of %v: %d, want %d", c.err, got, c.want)
		}
	}
	if KindOf(errors.New("x")) != Internal || Denied.String() != "denied" || Kind(99).String() != "internal" {
		t.Error("an unknown error is not internal")
	}
}

func TestNearest(t *testing.T) {
	names := []string{"route", "sex", "nationality", "age_group"}
	for word, want := range map[string]string{"Route": "route", "natonality": "nationality", "sx": "sex", "age_grop": "age_group", "height": "", "zzz": ""} {
		if got := Nearest(word, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
