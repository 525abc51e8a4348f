package xform

import (
	"bytes"
	"strings"
	"testing"
)

const amended = `<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:orx="http://openrosa.org/xforms">
  <!-- <data id="not this" version="0"/> -->
  <h:head><h:title>A form</h:title><model><instance id="list" src="jr://file-csv/list.csv"/>
    <instance><data id="f"  note='5 &lt; 6 "quoted"' version="1"><a>version="1"</a><meta><instanceID/></meta></data></instance>
    <instance id="other"><data version="1"><item><name>x</name></item></data></instance>
    <bind nodeset="/data/a" type="string"/></model></h:head>
  <h:body><input ref="/data/a"><label>version="1"</label></input></h:body>
</h:html>`

func TestAmendChangesTheTwoPlacesOnly(t *testing.T) {
	out, err := Amend([]byte(amended), Amendment{Version: `2 & "3"`, PublicKey: "TUlJ"})
	if err != nil {
		t.Fatal(err)
	}
	f := mustParse(t, string(out))
	if f.Version != `2 & "3"` || f.Submission["base64RsaPublicKey"] != "TUlJ" || f.ID != "f" {
		t.Errorf("version %q, submission %v, id %q", f.Version, f.Submission, f.ID)
	}
	if n := strings.Count(string(out), `version="1"`); n != 3 { // in a text, a label and another instance
		t.Errorf("%d places kept version=\"1\", expected 3", n)
	}
	// A second amendment replaces; nothing else moves.
	again, err := Amend(out, Amendment{Version: "9", PublicKey: "QUJD"})
	if err != nil {
		t.Fatal(err)
	}
	g := mustParse(t, string(again))
	if g.Version != "9" || g.Submission["base64RsaPublicKey"] != "QUJD" || bytes.Count(again, []byte("<submission")) != 1 {
		t.Errorf("amended again: %q, %v", g.Version, g.Submission)
	}
	undone := strings.NewReplacer(`version="9"`, `version="1"`, `<submission base64RsaPublicKey="QUJD"/>`, "",
		`<?xml version="1.0" encoding="UTF-8"?>`, `<?xml version="1.0"?>`, `id="f" note="5 &lt; 6 &quot;quoted&quot;"`, `id="f"  note='5 &lt; 6 "quoted"'`).Replace(string(again))
	if undone != amended {
		t.Errorf("more was changed:\n%s", undone)
	}
}

func TestAmendKeepsOtherSubmissionAttributesAndPrefixes(t *testing.T) {
	form := strings.NewReplacer("<model>", `<model><submission method="post" orx:auto-send="true"></submission>`).Replace(amended)
	out, err := Amend([]byte(form), Amendment{PublicKey: "TUlJ"})
	if err != nil {
		t.Fatal(err)
	}
	f := mustParse(t, string(out))
	if f.Version != "1" || f.Submission["base64RsaPublicKey"] != "TUlJ" || !strings.Contains(string(out), `orx:auto-send="true"`) {
		t.Errorf("version %q, submission %v", f.Version, f.Submission)
	}
	prefixed := `<h:html xmlns:x="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><x:model><x:instance><data id="f"><a/></data></x:instance><x:bind nodeset="/data/a"/></x:model></h:head><h:body/></h:html>`
	if out, err = Amend([]byte(prefixed), Amendment{PublicKey: "TUlJ", Version: "1"}); err != nil {
		t.Fatal(err)
	}
	if f = mustParse(t, string(out)); f.Submission["base64RsaPublicKey"] != "TUlJ" || f.Version != "1" {
		t.Errorf("with a prefix: version %q, submission %v\n%s", f.Version, f.Submission, out)
	}
}

func TestAmendRefusesWhatIsNoForm(t *testing.T) {
	for _, bad := range []string{"", "<a/>", "<html><head><model/></head></html>", "<!DOCTYPE a><a/>", "text"} {
		if _, err := Amend([]byte(bad), Amendment{Version: "1"}); err == nil {
			t.Errorf("%q was amended", bad)
		}
	}
}
