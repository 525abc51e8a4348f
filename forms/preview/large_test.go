package preview

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"waymark/forms/xform"
)

// BenchmarkLarge shows 5,000 questions with logic and a list of 20,000 choices.
func BenchmarkLarge(b *testing.B) {
	var nodes, binds, body, items strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&nodes, "<q%d/>", i)
		fmt.Fprintf(&binds, `<bind nodeset="/data/q%d" type="int" relevant="/data/s = 'v%d' or /data/s = 'v3'" constraint=". &gt;= 0 and . &lt; 100"/>`, i, i)
		fmt.Fprintf(&body, `<input ref="/data/q%d"><label>Question number %d</label></input>`, i, i)
	}
	for i := range 20000 {
		fmt.Fprintf(&items, "<item><name>v%d</name><label>Value %d</label></item>", i, i)
	}
	form, err := xform.Parse([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Large</h:title><model><instance><data id="large"><s/>` + nodes.String() +
		`</data></instance><instance id="l"><root>` + items.String() + `</root></instance>` + binds.String() + `</model></h:head><h:body><select1 ref="/data/s"><label>S</label><itemset nodeset="instance('l')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>` + body.String() + `</h:body></h:html>`))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var out bytes.Buffer
		if err := Write(&out, form, Options{}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(out.Len())/1e6, "MB")
	}
}
