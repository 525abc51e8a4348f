package openrosa_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"image/png"
	"io"
	"maps"
	"strings"
	"testing"

	"waymark/forms/openrosa"
)

// unpack reads settings as Collect's CompressionUtils does.
func unpack(t *testing.T, text string) map[string]map[string]any {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]map[string]any
	if err := json.Unmarshal(plain, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSettings(t *testing.T) {
	token, _ := openrosa.NewToken()
	text, err := openrosa.Settings("https://data.example.org/", token, openrosa.Phone{Name: "Synthetic round", Code: "E07", Lang: "fr"})
	if err != nil {
		t.Fatal(err)
	}
	got := unpack(t, text)
	want := map[string]any{
		"server_url": "https://data.example.org/key/" + token, "form_update_mode": "match_exactly", "autosend": "wifi_and_cellular",
		"analytics": false, "delete_send": true, "metadata_username": "E07", "app_language": "fr",
	}
	if !maps.Equal(got["general"], want) || got["admin"] == nil || got["project"]["name"] != "Synthetic round" {
		t.Errorf("%v", got)
	}
	text, err = openrosa.Settings("http://127.0.0.1:8080", token, openrosa.Phone{Name: "x", Draft: true, KeepSent: true})
	if err != nil {
		t.Fatal(err)
	}
	got = unpack(t, text)
	if got["general"]["server_url"] != "http://127.0.0.1:8080/test/"+token || got["general"]["delete_send"] != nil {
		t.Errorf("%v", got)
	}
	for _, p := range []openrosa.Phone{{}, {Name: "x"}} {
		if _, err := openrosa.Settings("http://127.0.0.1", token[1:], p); err == nil {
			t.Error("half a token makes settings")
		}
	}
}

// The picture has its quiet zone, and both pictures have the same modules. That a
// reader finds the text in them is tested in qr_read_test.go.
func TestQR(t *testing.T) {
	token, _ := openrosa.NewToken()
	text, err := openrosa.Settings("https://data.example.org", token, openrosa.Phone{Name: "Synthetic round", Code: "E07"})
	if err != nil {
		t.Fatal(err)
	}
	var p, s bytes.Buffer
	if err := openrosa.QRPNG(&p, text); err != nil {
		t.Fatal(err)
	}
	if err := openrosa.QR(&s, text, `Settings <of> "E07" & more`); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&p)
	if err != nil {
		t.Fatal(err)
	}
	const scale, quiet = 8, 4
	modules := img.Bounds().Dx()/scale - 2*quiet
	grid := make([][]bool, modules)
	for y := range grid {
		grid[y] = make([]bool, modules)
		for x := range grid[y] {
			r, _, _, _ := img.At((x+quiet)*scale+1, (y+quiet)*scale+1).RGBA()
			grid[y][x] = r == 0
		}
	}
	for i := range img.Bounds().Dx() {
		for _, at := range [][2]int{{i, quiet*scale - 1}, {quiet*scale - 1, i}} {
			if r, _, _, _ := img.At(at[0], at[1]).RGBA(); r == 0 {
				t.Fatalf("the quiet zone is black at %v", at)
			}
		}
	}
	var svg struct {
		Label string `xml:"aria-label,attr"`
		Box   string `xml:"viewBox,attr"`
		Paths []struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal(s.Bytes(), &svg); err != nil {
		t.Fatal(err)
	}
	if svg.Label != `Settings <of> "E07" & more` || len(svg.Paths) != 2 {
		t.Fatalf("%+v", svg)
	}
	drawn := drawnBy(t, svg.Paths[1].D, quiet)
	for y := range grid {
		for x := range grid[y] {
			if grid[y][x] != drawn[[2]int{x, y}] {
				t.Fatalf("module %d,%d differs", x, y)
			}
		}
	}
	if err := openrosa.QR(io.Discard, strings.Repeat("x", 4000), ""); err == nil {
		t.Error("a text beyond every QR code was drawn")
	}
}
