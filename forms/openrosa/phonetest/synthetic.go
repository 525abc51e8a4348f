package phonetest

import (
	"bytes"
	"fmt"
	"html"
)

// Form is a synthetic XForm that asks for a point, a photo and recordings.
func Form(id, title, version string) []byte {
	return []byte(`<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">
<h:head><h:title>` + html.EscapeString(title) + `</h:title><model>
<instance><data id="` + id + `" version="` + version + `"><point/><photo/><voice jr:template=""><clip/></voice><orx:meta><orx:audit/><orx:instanceID/></orx:meta></data></instance>
<bind nodeset="/data/point" type="string"/><bind nodeset="/data/photo" type="binary"/><bind nodeset="/data/voice/clip" type="binary"/><bind nodeset="/data/meta/audit" type="binary"/>
</model></h:head>
<h:body><input ref="/data/point"><label>Point</label></input><upload ref="/data/photo" mediatype="image/*"><label>Photo</label></upload>
<group ref="/data/voice"><label>Voice</label><repeat nodeset="/data/voice"><upload ref="/data/voice/clip" mediatype="audio/*"><label>Clip</label></upload></repeat></group></h:body></h:html>`)
}

// Interview is a synthetic submission of version 1 of a Form at point P1. The first
// file is its photo, the others are recordings; extra stands behind the instanceID.
func Interview(form, instance, extra string, files ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<?xml version='1.0' ?><data id="%s" version="1" xmlns:orx="http://openrosa.org/xforms"><point>P1</point>`, form)
	for i, f := range files {
		if i == 0 {
			fmt.Fprintf(&b, "<photo>%s</photo>", f)
		} else {
			fmt.Fprintf(&b, "<voice><clip>%s</clip></voice>", f)
		}
	}
	fmt.Fprintf(&b, "<orx:meta><orx:instanceID>%s</orx:instanceID>%s</orx:meta></data>", instance, extra)
	return b.Bytes()
}
