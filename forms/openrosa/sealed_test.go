package openrosa_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"waymark/forms/openrosa/phonetest"
	"waymark/forms/openrosa/sealed"
	"waymark/forms/openrosa/sealed/sealtest"
)

// An encrypted interview comes as a manifest with files, whatever its form asks,
// and opens from what was stored. Plain files beside it are not kept.
func TestEncrypted(t *testing.T) {
	pair, err := sealed.NewKeyPair()
	if err != nil {
		t.Fatal(err)
	}
	version := "1"
	for i, namespace := range []string{sealed.Namespace, sealed.CollectNamespace} {
		w := newWorld(t, nil)
		plain := interview("uuid:1", "", "a.jpg")
		manifest, files, err := sealtest.Seal(pair.Public, sealtest.Submission{
			Namespace: namespace, FormID: "fms", Version: &version, InstanceID: "uuid:1", XML: plain, Media: []sealtest.File{{Name: "a.jpg", Data: jpeg}},
		})
		if err != nil {
			t.Fatal(err)
		}
		sent := []sealtest.File{{Name: "xml_submission_file", Data: manifest}, {Name: "a.jpg", Data: jpeg}, {Name: "interview.xml", Data: plain}}
		sent = append(sent, files...)
		if i == 1 {
			slices.Reverse(sent) // the document last
		}
		rec := w.parts(func(mw *multipart.Writer) {
			for _, f := range sent {
				phonetest.Part(mw, f.Name, f.Name, "application/octet-stream", f.Data)
			}
		})
		s := w.get("uuid:1")
		if rec.Code != http.StatusCreated || s == nil || !s.encrypted || !slices.Equal(s.names, []string{"a.jpg.enc", "submission.xml.enc"}) || len(s.files) != 2 {
			t.Fatalf("%d %+v", rec.Code, s)
		}
		got, err := sealed.Open(pair.Private, s.xml["uuid:1"], func(name string) (io.ReadCloser, error) {
			return w.OpenFile(t.Context(), w.round.ID, s.files[name].Address)
		}, func(m sealed.Medium, r io.Reader) error {
			b, err := io.ReadAll(r)
			if !bytes.Equal(b, jpeg) {
				t.Error("the picture is another")
			}
			return err
		})
		if err != nil || !bytes.Equal(got.XML, plain) || !got.Signed {
			t.Fatalf("%v %+v", err, got)
		}
		if i == 0 && len(w.contents) != 2 {
			t.Errorf("%d contents: plain ones were stored", len(w.contents))
		}
	}
}

// The manifest may come before its files, as in posts of a large set.
func TestEncryptedInSeveralPosts(t *testing.T) {
	pair, err := sealed.NewKeyPair()
	if err != nil {
		t.Fatal(err)
	}
	version := "1"
	manifest, files, err := sealtest.Seal(pair.Public, sealtest.Submission{Namespace: sealed.CollectNamespace, FormID: "fms", Version: &version, InstanceID: "uuid:1", XML: interview("uuid:1", "")})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, nil)
	w.sends(w.phone, http.StatusAccepted, manifest, nil)
	w.sends(w.phone, http.StatusCreated, manifest, map[string][]byte{files[0].Name: files[0].Data})
	w.sends(w.phone, http.StatusConflict, []byte(strings.Replace(string(manifest), "uuid:1<", "uuid:1 <", 1)), nil)
}
