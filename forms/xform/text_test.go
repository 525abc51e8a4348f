package xform

import "testing"

func TestText(t *testing.T) {
	f := mustParse(t, wrap(`<data id="f"><a>1</a><b/></data>`,
		`<itext><translation lang="English (en)"><text id="l"><value>Label <output value="/data/a"/></value><value form="guidance">Guide</value><value form="image">jr://images/a.png</value></text><text id="only"><value form="long">Long</value></text></translation>
		<translation lang="Français (fr)"><text id="l"><value>Titre <output value="/data/a + 1"/></value></text></translation></itext>`,
		`<input ref="/data/a"><label ref="jr:itext('l')"/><hint ref="jr:itext('l')"/></input>
		<input ref="/data/b"><label>
			Plain &lt;b&gt; <output value="concat('[', /data/a, ']')"/> and <output ref="../a"/>
		</label><hint ref="/data/a"/></input>`))
	s, err := f.NewSession(fixed())
	if err != nil {
		t.Fatal(err)
	}
	a, b := f.Body[0], f.Body[1]
	node := s.Find("/data/b")[0]
	for _, c := range []struct {
		name     string
		text     Text
		language string
		session  *Session
		want     string
	}{
		{"default", a.Label, "", s, "Label 1"},
		{"by code", a.Label, "fr", s, "Titre 2"},
		{"by name", a.Label, "Français (fr)", s, "Titre 2"},
		{"unknown language", a.Label, "xx", s, "Label 1"},
		{"without a session", a.Label, "en", nil, "Label ${a}"},
		{"more than a path", a.Label, "fr", nil, "Titre ${...}"},
		{"guidance", a.Guidance, "en", s, "Guide"},
		{"guidance in another language", a.Guidance, "fr", s, "Guide"},
		{"long form", Text{ID: "only"}, "fr", s, "Long"},
		{"in place", b.Label, "fr", s, "Plain <b> [1] and 1"},
		{"by a node", b.Hint, "", s, "1"},
		{"no such text", Text{ID: "none"}, "", s, ""},
	} {
		if got := f.Text(c.text, c.language, c.session, node); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := f.Media(a.Label, "image", "fr"); got != "jr://images/a.png" {
		t.Error(got)
	}
	if got := s.Label(s.Find("/data/a")[0]); got != "Label 1" {
		t.Error(got)
	}
}
