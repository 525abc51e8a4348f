package compare

import (
	"bytes"
	"strings"
	"testing"
)

func TestHTML(t *testing.T) {
	f := household(t)
	r := compared(t, f, strings.NewReplacer("<label>Truck</label>", "<label>&lt;b&gt;Plane&lt;/b&gt; &lt;script&gt;</label>", `nodeset="/data/cost" type="decimal"`, `nodeset="/data/cost" type="int"`).Replace(f))
	var b bytes.Buffer
	if err := r.HTML(&b, "waymark test"); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{"<strong>1</strong> Breaks data", "<strong>1</strong> Changes meaning", "<strong>0</strong> Adds columns", "Warning:", "old values may not fit", "<bdi>whole number</bdi>", "household 3"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, bad := range []string{"<script", "<link", "<img", "url(", "ZgotmplZ"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
}
