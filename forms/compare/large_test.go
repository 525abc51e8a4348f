package compare

import (
	"fmt"
	"strings"
	"testing"

	"waymark/forms/xform"
)

// large is a form of n questions whose names start with a prefix.
func large(b *testing.B, n int, prefix string) *xform.Form {
	b.Helper()
	var nodes, binds, body strings.Builder
	for i := range n {
		fmt.Fprintf(&nodes, "<%s%d/>", prefix, i)
		fmt.Fprintf(&binds, `<bind nodeset="/data/%s%d" type="int" relevant="/data/s = %d" constraint=". &gt;= 0 and . &lt; 100"/>`, prefix, i, i)
		fmt.Fprintf(&body, `<input ref="/data/%s%d"><label>Question %s number %d</label></input>`, prefix, i, prefix, i)
	}
	form, err := xform.Parse([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Large</h:title><model><instance><data id="large"><s/>` + nodes.String() +
		`</data></instance>` + binds.String() + `</model></h:head><h:body><input ref="/data/s"><label>S</label></input>` + body.String() + `</h:body></h:html>`))
	if err != nil {
		b.Fatal(err)
	}
	return form
}

// BenchmarkSame compares 5,000 questions with themselves, BenchmarkOther with
// 5,000 that are all new.
func BenchmarkSame(b *testing.B) {
	form := large(b, 5000, "q")
	for b.Loop() {
		if r, err := Forms(form, form, ""); err != nil || len(r.Changes) != 0 {
			b.Fatal(r, err)
		}
	}
}

func BenchmarkOther(b *testing.B) {
	old, new := large(b, 5000, "q"), large(b, 5000, "other")
	for b.Loop() {
		if _, err := Forms(old, new, ""); err != nil {
			b.Fatal(err)
		}
	}
}
