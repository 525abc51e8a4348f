package brief

import (
	"bytes"
	"image/png"
	"maps"
	"slices"
	"testing"
)

func TestRender(t *testing.T) {
	files := render(t, sample("en"), sample("ar"))
	want := []string{
		"brief.ar.docx", "brief.ar.html", "brief.docx", "brief.html",
		"figures/by-nationality.ar.png", "figures/by-nationality.ar.svg", "figures/by-nationality.png", "figures/by-nationality.svg",
		"figures/indicators-by-route.ar.png", "figures/indicators-by-route.ar.svg", "figures/indicators-by-route.png", "figures/indicators-by-route.svg",
		"receipts.html",
		"tables.ar.xlsx", "tables.xlsx",
		"tables/by-nationality.csv", "tables/counts.csv", "tables/indicators-by-nationality.csv", "tables/indicators-by-route.csv",
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("files\n%q\nwant\n%q", got, want)
	}
	if img, err := png.Decode(bytes.NewReader(files["figures/by-nationality.png"])); err != nil || img.Bounds().Dx() != 720*pictureScale {
		t.Errorf("PNG: %v", err)
	}
	for name, lang := range map[string]string{"brief.html": "brief.ar.html", "brief.ar.html": "brief.html"} {
		links := 0
		for _, a := range parsePage(t, files[name]).all("a") {
			if attr(a, "hreflang") != "" {
				links++
				if attr(a, "href") != lang {
					t.Errorf("%s leads to %q for another language", name, attr(a, "href"))
				}
			}
		}
		if links != 1 {
			t.Errorf("%s has %d links to other languages", name, links)
		}
	}
}

func TestRenderIsDeterministic(t *testing.T) {
	first, second := render(t, sample("en"), sample("ar")), render(t, sample("en"), sample("ar"))
	for name, data := range first {
		if !bytes.Equal(data, second[name]) {
			t.Errorf("%s differs from one time to the next", name)
		}
	}
}

func TestRenderFailsOnABadDocument(t *testing.T) {
	if _, err := Render(nil, RenderOptions{}); err == nil {
		t.Error("nothing renders")
	}
	for name, spoil := range map[string]func(*Document){
		"figure without a drawing": func(d *Document) { d.Sections[1].Blocks[2].(*Figure).Drawing = nil },
		"figure id":                func(d *Document) { d.Sections[1].Blocks[2].(*Figure).ID = "../x" },
		"table id":                 func(d *Document) { d.Sections[1].Blocks[3].(*Table).ID = "a/b" },
	} {
		doc := sample("en")
		spoil(doc)
		if _, err := Render([]*Document{doc}, RenderOptions{Now: sampleNow}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	other := sample("en")
	other.Lang = "../x"
	if _, err := Render([]*Document{sample("en"), other}, RenderOptions{Now: sampleNow}); err == nil {
		t.Error("a language that is no file name passes")
	}
}

// BenchmarkRender makes the whole set for one language.
func BenchmarkRender(b *testing.B) {
	doc := sample("en")
	for b.Loop() {
		render(b, doc)
	}
}
