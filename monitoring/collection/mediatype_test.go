package collection

import (
	"archive/zip"
	"bytes"
	"image"
	"image/png"
	"testing"
)

func TestMediaTypeIsWhatTheContentSays(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	zipped := func(names ...string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, n := range names {
			w, err := z.Create(n)
			if err != nil {
				t.Fatal(err)
			}
			w.Write([]byte("<x/>"))
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"picture":     {picture.Bytes(), "image/png"},
		"jpeg":        {[]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), "image/jpeg"},
		"pdf":         {[]byte("%PDF-1.7\n"), "application/pdf"},
		"table":       {[]byte("a,b\n1,2\n3,4\n"), "text/csv"},
		"text":        {[]byte("a synthetic note"), "text/plain"},
		"json":        {[]byte(`{"a":1}`), "application/json"},
		"geojson":     {[]byte(`{"type":"FeatureCollection","features":[]}`), "application/geo+json"},
		"xml":         {[]byte(`<?xml version="1.0"?><data/>`), "text/xml"},
		"amr":         {[]byte("#!AMR\n"), "audio/amr"},
		"3gp":         {[]byte("\x00\x00\x00\x18ftyp3gp4\x00\x00\x00\x00"), "video/3gpp"},
		"docx":        {zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		"archive":     {zipped("a.txt"), Unknown},
		"page":        {[]byte("<!DOCTYPE html><html><script>1</script></html>"), Unknown},
		"drawing":     {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`), Unknown},
		"program":     {[]byte("MZ\x90\x00\x03\x00\x00\x00"), Unknown},
		"script":      {[]byte("#!/bin/sh\nrm -rf /\n"), Unknown},
		"noise":       {[]byte{0xde, 0xad, 0xbe, 0xef, 0}, Unknown},
		"nothing":     {nil, "text/plain"},
		"xml, hidden": {[]byte("  <html><body onload=x>"), Unknown},
	} {
		if got := MediaType(c.content); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
