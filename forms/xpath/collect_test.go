package xpath

import (
	"strings"
	"testing"
)

func TestBeyondCollect(t *testing.T) {
	for src, words := range map[string]string{
		"/data/a[position() = 1]/b + instance('x')/root/item[name = current()/../y]/label": "",
		"../a/@b = ./c or count(/data/*) > 1":                                              "",
		"/a[b = current()]":                                                                "current()/.",
		"/a[b = current()/.]":                                                              "",
		"/a | /b":                                                                          "union",
		"//a":                                                                              `"//"`,
		"/data/r[1]/a":                                                                     "[position() = 1]",
		"(/data/r)[2]":                                                                     "condition on a value",
		"indexed-repeat(/a/b, /a, 1)/c":                                                    "starts at this value",
		"instance(/a/b)/root/item":                                                         "starts at this value",
		"floor(1.5)":                                                                       "use int()",
		"/a/ancestor::b":                                                                   "ancestor::",
		"/a/self::b":                                                                       "axis self",
		"/a/x:*":                                                                           "x:*",
	} {
		e, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Compile(Options{}); err != nil {
			t.Fatal(err)
		}
		faults := e.BeyondCollect()
		if words == "" {
			if len(faults) > 0 {
				t.Errorf("%s: %v", src, faults[0])
			}
			continue
		}
		if len(faults) != 1 || !strings.Contains(faults[0].Error(), words) || OffsetOf(faults[0]) < 0 {
			t.Errorf("%s: %v, want one fault with %q", src, faults, words)
		}
	}
}
