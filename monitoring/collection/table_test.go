package collection

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"waymark/internal/ids"
)

var tableRound = &Round{ID: 5, Routes: []Route{{"CMR", "Central"}, {"EMR", "Eastern"}}}

func pointsAs(list []*Point) string {
	var b strings.Builder
	for _, p := range list {
		fmt.Fprintf(&b, "%d %s/%s/%s", p.ID, p.Code, p.Name, p.Route)
		if p.Lat != nil {
			fmt.Fprintf(&b, "/%g,%g", *p.Lat, *p.Lon)
		}
		b.WriteString("; ")
	}
	return b.String()
}

func TestReadPoints(t *testing.T) {
	const want = "0 P1/Harbour/CMR/36.8,10.2; 0 P2/Bus station//; "
	plain := strings.Replace(want, "//; ", "/; ", 1)
	for name, raw := range map[string]string{
		"commas with header":    "code,name,route,lat,lon\nP1,Harbour,CMR,36.8,10.2\nP2,Bus station,,,\n",
		"no header":             "P1,Harbour,CMR,36.8,10.2\nP2,Bus station",
		"semicolons":            "Code;Name;Route;Latitude;Longitude\r\nP1;Harbour;CMR;36,8;10,2\r\nP2;Bus station;;;\r\n",
		"tabs, other order":     "lon\tlat\troute\tname\tcode\n10.2\t36.8\tCMR\tHarbour\tP1\n\t\t\tBus  station \tP2",
		"French":                "code;nom;itinéraire;latitude;longitude\nP1;Harbour;CMR;36,8;10,2\nP2;Bus station;;;",
		"mark and empty lines":  "\xEF\xBB\xBFcode,name,route,lat,lon\n\n,,,,\nP1,Harbour,CMR,36.8°,10.2\n\n\"P2\",\"Bus\nstation\",,,",
		"old Macintosh":         "code,name,route,lat,lon\rP1,Harbour,CMR,36.8,10.2\rP2,Bus station,,,\r",
		"with other columns":    "country,code,name,route,lat,lon\nTUN,P1,Harbour,CMR,36.8,10.2\nTUN,P2,Bus station,,,",
		"UTF-16 from a program": utf16LE("code\tname\troute\tlat\tlon\nP1\tHarbour\tCMR\t36.8\t10.2\nP2\tBus station\t\t\t"),
	} {
		got, err := ReadPoints([]byte(raw), tableRound, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s := pointsAs(got.Points); s != plain || got.Added != 2 {
			t.Errorf("%s: got %q, want %q", name, s, plain)
		}
		if name == "with other columns" && strings.Join(got.Ignored, " ") != "country" {
			t.Errorf("ignored %q", got.Ignored)
		}
	}
}

func utf16LE(s string) string {
	out := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

func TestReadPointsAgain(t *testing.T) {
	present := []*Point{
		{ID: 1, Code: "P1", Name: "Harbour", Route: "CMR", Lat: degrees(36.8), Lon: degrees(10.2), Etag: 4},
		{ID: 2, Code: "P2", Name: "Bus station", Etag: 9},
	}
	got, err := ReadPoints([]byte("code,name\nP1,Old harbour\nP2,Bus station\nP3,Market\n"), tableRound, present)
	if err != nil {
		t.Fatal(err)
	}
	if s := pointsAs(got.Points); s != "1 P1/Old harbour/CMR/36.8,10.2; 0 P3/Market/; " || got.Points[0].Etag != 4 {
		t.Errorf("got %q", s)
	}
	if got.Added != 1 || got.Changed != 1 || got.Same != 1 {
		t.Errorf("%+v", got)
	}
}

func TestReadPointsSaysEverythingAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		want []string
	}{
		"rows": {"code,name,route,lat,lon\nP1,A,CMR,36.8,10.2\n\nP1,,WBR,95,ten\np1,B,,1,\nP 5,C,,0,0,extra\n",
			[]string{"4 lon longitude", "4 code duplicate", "4 name missing", "4 route route.unknown",
				"5 code duplicate.case", "5 lon position.half", "6 table.cells", "6 code code", "6 lat position.zero"}},
		"formula":      {"=cmd|' /C calc'!A0,A", []string{"1 code code"}},
		"empty":        {" \n\n", []string{"table.empty"}},
		"header alone": {"code,name", []string{"table.empty"}},
		"no name":      {"code,route\nP1,CMR", []string{"1 table.column", "2 name missing"}},
		"two columns":  {"code,name,Name\nP1,A,B", []string{"1 table.twice"}},
		"quote":        {"code,name\nP1,\"A\nP2,B", []string{"3 table.quote"}},
		"Latin-1":      {"P1,Caf\xe9", []string{"table.encoding"}},
		"large":        {strings.Repeat("x", MostTableBytes+1), []string{"table.large"}},
		"rows beyond":  {strings.Repeat("P,\n", mostTableRows+1), nil},
	} {
		_, err := ReadPoints([]byte(c.raw), tableRound, nil)
		got := codes(t, err)
		if name == "rows beyond" {
			if len(got) != mostBreaches {
				t.Errorf("%d faults of too many rows", len(got))
			}
			continue
		}
		same(t, name, got, c.want...)
	}
}

func TestReadEnumerators(t *testing.T) {
	points := []*Point{{ID: 1, Code: "P1"}, {ID: 2, Code: "P2"}}
	present := []*FieldEnumerator{{ID: 9, Code: "E09"}}
	got, err := ReadEnumerators([]byte("E01\tSynthetic One\tP1 P2\nE02\n"), 5, points, present)
	if err != nil {
		t.Fatal(err)
	}
	e := got.Enumerators
	if len(e) != 2 || e[0].Code != "E01" || e[0].Name != "Synthetic One" || len(e[0].Points) != 2 || e[1].Code != "E02" || e[1].Round != ids.ID(5) {
		t.Errorf("%+v", e)
	}
	_, err = ReadEnumerators([]byte("code,points\nE01,P1;P9\ne09,\nE01,\n-1,P3\n"), 5, points, present)
	same(t, "bad", codes(t, err), "2 points point.unknown", "3 code taken", "4 code duplicate", "5 code code", "5 points point.unknown")
}

func TestDegrees(t *testing.T) {
	for s, want := range map[string]bool{"36.8": true, "-5.8137": true, "+5": true, "−5°": true, "1e5": false, "NaN": false, "Inf": false, "0x10": false, "36,8": false, "": false, "1_0": false} {
		if _, ok := Degrees(s); ok != want {
			t.Errorf("Degrees(%q) is %v", s, ok)
		}
	}
}

// FuzzReadPoints: whatever is pasted, what is accepted passes the check of one
// point, and reading it again as the list of a file gives the same.
func FuzzReadPoints(f *testing.F) {
	for _, s := range []string{"code,name\nP1,A", "P1;A;CMR;36,8;10,2", "\xff\xfeP\x001\x00", "a\tb\n\"c\td", "code,lat,name\nP,−1°,x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := ReadPoints([]byte(raw), tableRound, nil)
		if err != nil {
			return
		}
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Write(PointColumns)
		for _, p := range got.Points {
			if err := p.Check(tableRound, nil); err != nil {
				t.Fatalf("accepted %+v: %v", p, err)
			}
			lat, lon := "", ""
			if p.Lat != nil {
				lat, lon = fmt.Sprintf("%f", *p.Lat), fmt.Sprintf("%f", *p.Lon)
			}
			w.Write([]string{p.Code, p.Name, p.Route, lat, lon})
		}
		w.Flush()
		again, err := ReadPoints([]byte(b.String()), tableRound, nil)
		if err != nil {
			if len(got.Points) > 0 && !strings.Contains(err.Error(), "0, 0") && !strings.Contains(err.Error(), "larger") {
				t.Fatalf("%q: %v", b.String(), err)
			}
			return
		}
		if len(again.Points) != len(got.Points) {
			t.Fatalf("%d points, then %d", len(got.Points), len(again.Points))
		}
	})
}
