package outline

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMarkup(t *testing.T) {
	for _, c := range []struct{ in, plain, html string }{
		{"Your age", "Your age", "Your age"},
		{"# Part one\nAsk **everyone**", "Part one Ask everyone", "<strong>Part one</strong><br>Ask <strong>everyone</strong>"},
		{"*Read aloud*", "Read aloud", "<em>Read aloud</em>"},
		{"_Read aloud_, please", "Read aloud, please", "<em>Read aloud</em>, please"},
		{"name_of_place and other_name", "name_of_place and other_name", "name_of_place and other_name"},
		{"5 * 3 * 2", "5 * 3 * 2", "5 * 3 * 2"},
		{`<span style="color:red">Stop</span> here`, "Stop here", "Stop here"},
		{"one<br>two", "one two", "one<br>two"},
		{"age < 5 and > 3", "age < 5 and > 3", "age &lt; 5 and &gt; 3"},
		{"<script>alert(1)</script>", "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"[the map](https://example.org/a)", "the map", `the map <span class="address">(https://example.org/a)</span>`},
		{`\*not so\*`, "*not so*", "*not so*"},
	} {
		if got := Strip(c.in); got != c.plain {
			t.Errorf("Strip(%q) = %q, want %q", c.in, got, c.plain)
		}
		if got := HTML(c.in); got != c.html {
			t.Errorf("HTML(%q) = %q, want %q", c.in, got, c.html)
		}
	}
}

// TestNoTagsFromOutside: whatever the text, only our own tags come out.
func TestNoTagsFromOutside(t *testing.T) {
	own := strings.NewReplacer("<strong>", "", "</strong>", "", "<em>", "", "</em>", "", "<br>", "", `<span class="address">`, "", "</span>", "")
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("<>&\"'*_#[]()\\/ \nabp=script"))).Draw(t, "text")
		if out := own.Replace(HTML(s)); strings.ContainsAny(out, `<>"`) {
			t.Fatalf("HTML(%q) = %q", s, HTML(s))
		}
	})
}
