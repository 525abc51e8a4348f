package openrosa

import (
	"encoding/xml"
	"strings"
	"testing"

	"waymark/internal/lang"
)

// The catalogues say the same things, and nothing besides what is said.
func TestCataloguesAgree(t *testing.T) {
	var all []*lang.Catalogue
	for _, code := range lang.Languages(catalogues, "lang") {
		c, err := lang.Load(catalogues, "lang", code)
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Keys()) != int(messages) {
			t.Errorf("%s has %d messages, %d are said", code, len(c.Keys()), messages)
		}
		all = append(all, c)
	}
	if len(all) != 3 {
		t.Fatalf("%d languages", len(all))
	}
	if faults := lang.Compare(all...); faults.Len() > 0 {
		t.Error(faults)
	}
}

// Every message is XML that Collect reads, with its limits filled in.
func TestMessages(t *testing.T) {
	w := speak("fr", DefaultLimits)
	for _, code := range []string{"en", "fr", "ar", ""} {
		for m := range messages {
			var r struct {
				XMLName xml.Name `xml:"http://openrosa.org/http/response OpenRosaResponse"`
				Message string   `xml:"message"`
			}
			if err := xml.Unmarshal(w.body(code, m), &r); err != nil || r.Message == "" || strings.Contains(r.Message, "{") {
				t.Errorf("%s %s: %v %q", code, keys[m], err, r.Message)
			}
		}
	}
	if !strings.Contains(string(w.body("", sayFileTooLarge)), "100 Mo") {
		t.Errorf("%s", w.body("", sayFileTooLarge))
	}
	if speak("xx", DefaultLimits).fallback != "en" {
		t.Error("an unknown language is kept")
	}
}
