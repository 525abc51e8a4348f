package openrosa_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"waymark/forms/openrosa"
	"waymark/forms/openrosa/phonetest"
)

// FuzzPost holds that any body gives an answer that a phone understands; that
// what is refused stores nothing; and that what is stored came in one piece in
// the body, which had its closing boundary.
func FuzzPost(f *testing.F) {
	const boundary = "b"
	seed := func(document []byte, files map[string][]byte, incomplete bool) []byte {
		body, was := phonetest.Body(document, files, incomplete)
		return bytes.ReplaceAll(body, []byte(was), []byte(boundary))
	}
	whole := seed(interview("uuid:1", "", "a.jpg"), map[string][]byte{"a.jpg": []byte("x\r\n--bb")}, true)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(seed([]byte(`<data xmlns="http://opendatakit.org/submissions" id="fms" version="1" encrypted="yes"><base64EncryptedKey>AAAA</base64EncryptedKey><encryptedXmlFile>a</encryptedXmlFile><meta><instanceID>1</instanceID></meta></data>`), map[string][]byte{"a": nil, "b": nil}, false))
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=xml_submission_file\r\n\r\n<data id='fms' version='1'><meta><instanceID>1</instanceID></meta></data>\r\n--b--"))
	f.Add([]byte("--b\nContent-Disposition: form-data; name=\"a\"; filename*=utf-8''%c3%a9\n\n\n--b\n\n--b--"))
	w := newWorld(f, small)
	f.Fuzz(func(t *testing.T, body []byte) {
		w.stored, w.contents = map[string]*stored{}, map[string][]byte{}
		rec := w.posts(body, "multipart/form-data; boundary="+boundary, nil)
		stored := w.submissions()
		switch rec.Code {
		case http.StatusCreated, http.StatusAccepted:
			if stored != 1 {
				t.Fatalf("answered %d, %d stored", rec.Code, stored)
			}
		case http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
			if stored != 0 {
				t.Fatalf("answered %d, %d stored", rec.Code, stored)
			}
		default:
			t.Fatalf("answered %d %s", rec.Code, rec.Body)
		}
		if !strings.Contains(rec.Body.String(), "<message") {
			t.Fatalf("answered %d without a message", rec.Code)
		}
		for instance, s := range w.stored {
			if !bytes.Contains(body, []byte("--"+boundary+"--")) {
				t.Fatal("stored without the closing boundary")
			}
			if !bytes.Contains(body, s.xml[instance]) {
				t.Fatal("the document was not in the body")
			}
			for name, a := range s.files {
				if !bytes.Contains(body, w.contents[a.Address]) {
					t.Fatalf("the content of %q was not in the body", name)
				}
				if strings.ContainsAny(name, "/\\\x00\n") || name == ".." || name == "" {
					t.Fatalf("a file has the name %q", name)
				}
			}
		}
	})
}

// FuzzRedact holds that no token passes, whatever stands around it.
func FuzzRedact(f *testing.F) {
	token, _ := openrosa.NewToken()
	f.Add("/key/", "/formList")
	f.Add("/KEY//", "?token=")
	f.Add("/key%2F", "%2F")
	f.Fuzz(func(t *testing.T, before, after string) {
		if strings.Contains(before+after, token) {
			return
		}
		if got := openrosa.Redact(before + token + after); strings.Contains(got, token) {
			t.Fatalf("%q", got)
		}
	})
}
