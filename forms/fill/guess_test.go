package fill

import (
	"strings"
	"testing"

	"waymark/forms/xform"
)

// Constraints as people write them have answers that are found. All is synthetic.
func TestRandomMeetsConstraints(t *testing.T) {
	binds := map[string]string{
		"share": `type="decimal" constraint=". > 0 and . < 1"`,
		"year":  `type="int" constraint=". = 2024 or . = 2025"`,
		"phone": `type="string" constraint="string-length(.) = 10 and regex(., '^0[0-9]+$')"`,
		"age":   `type="string" constraint=" /data/age  &gt; 18 and  /data/age  &lt; 100"`,
	}
	var nodes, rules, body strings.Builder
	for _, name := range []string{"share", "year", "phone", "age"} {
		nodes.WriteString("<" + name + "/>")
		rules.WriteString(`<bind nodeset="/data/` + name + `" required="true()" ` + strings.ReplaceAll(binds[name], " < ", " &lt; ") + `/>`)
		body.WriteString(`<input ref="/data/` + name + `"><label>` + name + `</label></input>`)
	}
	form, err := xform.Parse([]byte(`<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Synthetic</h:title><model><instance><data id="synthetic">` +
		nodes.String() + `</data></instance>` + rules.String() + `</model></h:head><h:body>` + body.String() + `</h:body></h:html>`))
	if err != nil {
		t.Fatal(err)
	}
	random := NewRandom(form, RandomOptions{Seed: 3, Start: start})
	for i := range 50 {
		if _, err := random.Document(i); err != nil {
			t.Errorf("document %d: %v", i, err)
		}
	}
}
