package xlsform

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMarkupIndentsElementsAndLeavesTextAlone(t *testing.T) {
	m := &markup{most: 1 << 20}
	m.open("a")
	m.attr("k", `<"&'>`)
	outer := m.inside()
	m.element("b", `x < "y" & z`)
	m.open("c")
	m.close("c", m.inside())
	m.close("a", outer)
	want := `<a k="&lt;&quot;&amp;'&gt;">
  <b>x &lt; "y" &amp; z</b>
  <c/>
</a>
`
	if got := string(m.written()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestEscapeTellsWhatXMLCannotCarry(t *testing.T) {
	for text, want := range map[string]bool{
		"plain": false, "tab\tand\nline\r": false, "العربية 😀": false, "\u0085": false,
		"bell\a": true, "nul\x00": true, "broken \xff": true, "\uFFFE": true, "\uFFFF": true, "\xed\xa0\x80": true,
	} {
		told := 0
		m := &markup{bad: func(string) { told++ }}
		m.escape(text, false)
		if (told == 1) != want || told > 1 {
			t.Errorf("%q: told %d times, want fault %v", text, told, want)
		}
	}
}

// Whatever a text holds, a reader of XML gets it back, except that line ends
// become line feeds and, in attributes, spaces: XML 1.0, sections 2.11 and 3.3.3.
func TestEscapeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		bad := false
		m := &markup{most: 1 << 20, bad: func(string) { bad = true }}
		m.open("a")
		m.attr("k", text)
		m.content("a", text)
		if bad {
			return
		}
		d := xml.NewDecoder(strings.NewReader(string(m.written())))
		var content, value string
		inside := false
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%q: %v", m.buf, err)
			}
			switch token := token.(type) {
			case xml.StartElement:
				value, inside = token.Attr[0].Value, true
			case xml.EndElement:
				inside = false
			case xml.CharData:
				if inside {
					content += string(token)
				}
			}
		}
		normal := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
		if content != normal {
			t.Fatalf("content %q came back as %q", normal, content)
		}
		if strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(value) != normal {
			t.Fatalf("value %q came back as %q", normal, value)
		}
	})
}
