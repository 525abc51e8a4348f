package brief

import (
	"strings"
	"testing"

	"waymark/internal/lang"
)

func catalogues(t *testing.T) []*lang.Catalogue {
	t.Helper()
	codes := Languages()
	if len(codes) < 3 {
		t.Fatalf("languages: %v", codes)
	}
	var all []*lang.Catalogue
	for _, code := range codes {
		c, err := catalogue(code)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func TestLanguagesSayTheSame(t *testing.T) {
	for _, f := range lang.Compare(catalogues(t)...).Faults {
		t.Error(f)
	}
}

func TestRendererWordsAreThere(t *testing.T) {
	for _, c := range catalogues(t) {
		for key, english := range RenderWordKeys() {
			if !c.Has("render." + key) {
				t.Errorf("%s: render.%s is missing (%q)", c.File, key, english)
			}
		}
	}
}

// TestPluralsReadRight prints every counted message at the numbers at which
// grammar turns, and looks for the slips that a machine can see.
func TestPluralsReadRight(t *testing.T) {
	for _, c := range catalogues(t) {
		for _, key := range c.Keys() {
			variable, ok := c.Plural(key)
			if !ok {
				continue
			}
			for _, n := range []int{0, 1, 2, 3, 10, 11, 30, 100, 101, 8475} {
				p, err := lang.NewPrinter(c)
				if err != nil {
					t.Fatal(err)
				}
				var args []lang.Arg
				for _, v := range c.Variables(key) {
					if v == variable || v == "n" || v == "of" {
						args = append(args, p.Count(v, n))
						continue
					}
					args = append(args, lang.Text(v, "X"))
				}
				text := lang.WithoutIsolates(p.Text(key, args...))
				if err := p.Err(); err != nil {
					t.Errorf("%s %s at %d: %v", c.Lang, key, n, err)
				}
				if c.Lang == "en" && strings.HasPrefix(text, "1 ") && (strings.HasPrefix(text, "1 people") || strings.Contains(text, "interviews") && key != "flow.description") {
					t.Errorf("%s at 1: %q", key, text)
				}
				if strings.Contains(text, "{") || strings.Contains(text, "  ") || strings.TrimSpace(text) != text {
					t.Errorf("%s %s at %d: %q", c.Lang, key, n, text)
				}
			}
		}
	}
}

func TestBasisAtNoneOneMany(t *testing.T) {
	want := map[string][3]string{
		"en": {"This brief rests on no interviews.", "This brief rests on 1 interview.", "This brief rests on 8,475 interviews."},
		"fr": {"Cette note ne repose sur aucun entretien.", "Cette note repose sur 1 entretien.", "Cette note repose sur 8\u202f475 entretiens."},
		"ar": {"لا يستند هذا الموجز إلى أي مقابلة.", "يستند هذا الموجز إلى مقابلة واحدة.", "يستند هذا الموجز إلى 8,475 مقابلة."},
	}
	for code, texts := range want {
		for i, n := range []int{0, 1, 8475} {
			a := sampleAnalysis()
			a.Counts.Eligible, a.Counts.EligibleByRoute, a.First = n, nil, ""
			c, err := newComposer(a, code)
			if err != nil {
				t.Fatal(err)
			}
			if got := lang.WithoutIsolates(PlainText(c.basis())); got != texts[i] {
				t.Errorf("%s at %d: %q, want %q", code, n, got, texts[i])
			}
		}
	}
}

// TestKeySafe holds the form that the receipts' keys have.
func TestKeySafe(t *testing.T) {
	for in, want := range map[string]string{"repeat": "repeat", "North route": "North_route", "Östlich/2": "_stlich_2", "a.b-c_d": "a.b-c_d"} {
		if got := keySafe(in); got != want {
			t.Errorf("keySafe(%q) = %q, want %q", in, got, want)
		}
	}
}
