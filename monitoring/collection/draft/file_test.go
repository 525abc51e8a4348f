package draft

import (
	"strings"
	"testing"
)

func TestCheckFile(t *testing.T) {
	list := Need{Name: "places.csv", Kind: CSV, Columns: []string{"label", "name", "region"}}
	good := "name,label,region\np1,\"Point, one\",north\n"
	f, err := CheckFile(&list, []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if f.Name != "places.csv" || f.Type != "text/csv" || f.Size != int64(len(good)) || f.Hash != hash([]byte(good)) || f.Address != "" {
		t.Errorf("file %+v", f)
	}
	for _, bad := range []struct{ name, content, says string }{
		{"a column is missing", "name,labels,region\np1,a,b\n", `did you mean "labels"?`},
		{"a long row", "name,label,region\np1,Point, one,north\n", "row 2"},
		{"an open quote", "name,label,region\np1,\"Point,north\n", "not CSV here"},
		{"two columns of one name", "name,label,region,name\na,b,c,d\n", "columns 1 and 4"},
		{"a name with a space", "name,label,region,my column\na,b,c,d\n", "leave out the spaces"},
		{"no rows", "name,label,region\n", "no rows"},
		{"Latin-1", "name,label,region\np1,caf\xe9,x\n", "UTF-8"},
		{"a workbook", "PK\x03\x04aaa", "not a CSV file"},
		{"nothing", "", "empty"},
	} {
		if _, err := CheckFile(&list, []byte(bad.content)); err == nil || !strings.Contains(err.Error(), bad.says) || !strings.Contains(err.Error(), "places.csv") {
			t.Errorf("%s: %v", bad.name, err)
		}
	}
	png := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00"
	if f, err := CheckFile(&Need{Name: "a.png", Kind: Image}, []byte(png)); err != nil || f.Type != "image/png" {
		t.Errorf("a picture: %+v, %v", f, err)
	}
	for _, lie := range []string{"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "<html><script>1</script></html>", "MZ\x90\x00", "%PDF-1.7\n", good} {
		if _, err := CheckFile(&Need{Name: "a.png", Kind: Image}, []byte(lie)); err == nil {
			t.Errorf("%q was taken for a picture", lie)
		}
		if _, err := CheckFile(&Need{Name: "a.mp3", Kind: Audio}, []byte(lie)); err == nil {
			t.Errorf("%q was taken for a sound", lie)
		}
	}
	geo := `{"type":"FeatureCollection","features":[{"type":"Feature","id":"1","geometry":{"type":"Point","coordinates":[14.5,36.1]},"properties":{"title":"A"}}]}`
	if _, err := CheckFile(&Need{Name: "p.geojson", Kind: GeoJSON, Columns: []string{"id", "title"}}, []byte(geo)); err != nil {
		t.Error(err)
	}
	if _, err := CheckFile(&Need{Name: "p.geojson", Kind: GeoJSON, Columns: []string{"name"}}, []byte(geo)); err == nil {
		t.Error("a property that is not there was not missed")
	}
	if _, err := CheckFile(&Need{Name: "l.xml", Kind: XML}, []byte(`<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><root><item><name>&e;</name></item></root>`)); err == nil {
		t.Error("an entity was read")
	}
	if _, err := CheckFile(&Need{Name: "l.xml", Kind: XML, Columns: []string{"name"}}, []byte(`<root><item><name>a</name></item><item/></root>`)); err != nil {
		t.Error(err)
	}
}

func TestCheckName(t *testing.T) {
	for _, bad := range []string{"", ".", "..", "../a.csv", `a\b.csv`, "a/b.csv", "a\x00.csv", ".htaccess", " a.csv", "a:b", strings.Repeat("a", 121)} {
		if CheckName(bad) == nil {
			t.Errorf("%q is taken for a file's name", bad)
		}
	}
	for _, good := range []string{"places.csv", "Photo 1.png", "نقطة.png"} {
		if err := CheckName(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}
